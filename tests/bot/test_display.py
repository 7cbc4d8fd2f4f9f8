"""Names, sizes and times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.display import count, duration, human_size, moment, shown

NAMES = {
    "reports/2026/q3.csv": "reports/2026/q3.csv",
    "ä b/“c”.csv": "ä b/“c”.csv",
    "דוח.csv": "דוח.csv",
    "😀.png": "😀.png",
    "<!channel> `x` *y*": "<!channel> `x` *y*",
    "a\\b": "a\\b",
    "a\nb": r"a\nb",
    "a\\nb": r"a\\nb",
    "a\tb\x00": r"a\tb\x00",
    "invoice\u202egpj.exe": r"invoice\u202egpj.exe",
    "a\u200bb": r"a\u200bb",
    "a\u00a0b": r"a\xa0b",
    "\U000e0001": r"\U000e0001",
    " a": r"\x20a",
    "a ": r"a\x20",
    "a  b": r"a\x20\x20b",
    "": "",
}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_what_cannot_be_seen_in_a_name_is_written_out(name: str):
    assert shown(name) == NAMES[name]


@given(st.text(alphabet="a \\nx02\n\u202e\u200b"), st.text(alphabet="a \\nx02\n\u202e\u200b"))
@example("\n", "\\n")
@example("  ", "\\x20\\x20")
def test_no_two_names_ever_look_alike(one: str, other: str):
    assert (shown(one) == shown(other)) == (one == other)


SIZES = {
    0: "0 bytes",
    1: "1 byte",
    1023: "1,023 bytes",
    1024: "1 KB",
    1536: "1.5 KB",
    10 * 1024: "10 KB",
    1024**2 - 1: "1 MB",
    5 * 1024**3: "5 GB",
    int(7.2 * 1024**3): "7.2 GB",
    5 * 1024**4: "5 TB",
    5000 * 1024**4: "5,000 TB",
}


@pytest.mark.parametrize("size", SIZES)
def test_a_size_is_short(size: int):
    assert human_size(size) == SIZES[size]


def test_a_time_is_told_in_utc_wherever_it_came_from():
    there = timezone(timedelta(hours=5, minutes=30))

    assert moment(datetime(2026, 11, 22, 15, 58, 59, tzinfo=there)) == "2026-11-22 10:28"
    assert moment(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "2026-01-02 03:04"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "0 s"),
        (45.4, "45 s"),
        (119, "119 s"),
        (120, "2 min"),
        (3600, "1 h"),
        (7800, "2 h 10 min"),
        (1e7, "2,777 h 47 min"),
    ],
)
def test_a_span_of_time_is_short(seconds: float, told: str):
    assert duration(seconds) == told


def test_a_number_goes_with_its_noun():
    assert [count(n, "file") for n in (0, 1, 2, 1204)] == ["0 files", "1 file", "2 files", "1,204 files"]
    assert count(2, "entry", "entries") == "2 entries"
