"""Errors over time: what is counted into which bar, and the picture of it."""

from __future__ import annotations

import json
import struct

import pytest

from workflow_steps.log_chart import png
from workflow_steps.log_kinds import Kind, Line
from workflow_steps.log_timeline import Series, Timeline, timeline

NOON = 1_795_348_800
HOUR = 3600


def kind(name: str, *times: float) -> Kind:
    found = Kind(name)
    for at in times:
        found.add(Line(at, name))
    return found


def test_lines_are_counted_by_the_hour_of_a_day():
    found = timeline(
        "/g", NOON - 24 * HOUR, NOON, [kind("disk full", NOON - 1, NOON - 2, NOON - 24 * HOUR)], partial=False
    )

    assert (found.start, found.seconds) == (NOON - 24 * HOUR, HOUR)
    assert found.series == [Series("disk full", [1, *[0] * 22, 2])]


@pytest.mark.parametrize(
    ("hours", "seconds", "bars"),
    [
        (1, 300, 12),
        (3, 300, 36),
        (12, 900, 48),
        (24, HOUR, 24),
        (48, HOUR, 48),
        (7 * 24, 6 * HOUR, 28),
        (8760, 7 * 86_400, 53),
    ],
)
def test_bars_are_of_a_length_that_people_count_in(hours: int, seconds: int, bars: int):
    found = timeline("/g", NOON - hours * HOUR, NOON, [kind("disk full", NOON)], partial=False)

    assert found.seconds == seconds
    assert len(found.series[0].counts) == bars


def test_a_window_that_begins_within_an_hour_has_that_whole_hour():
    found = timeline("/g", NOON - 24 * HOUR + 1800, NOON + 1800, [kind("x", NOON + 1799)], partial=False)

    assert found.start == NOON - 24 * HOUR
    assert found.series[0].counts == [*[0] * 24, 1]


def test_a_line_of_the_very_last_moment_counts_and_one_without_a_time_does_not():
    found = timeline("/g", NOON - HOUR, NOON, [kind("x", NOON, 0.0)], partial=False)

    assert sum(found.series[0].counts) == 1


def test_only_the_five_most_frequent_kinds_have_a_colour_of_their_own():
    kinds = [kind(f"kind {number}", *[NOON - 60] * (9 - number)) for number in range(8)]

    found = timeline("/g", NOON - HOUR, NOON, kinds, partial=False)

    assert [series.name for series in found.series] == [*(f"kind {n}" for n in range(5)), "3 other kinds"]
    assert sum(found.series[5].counts) == 4 + 3 + 2


def test_it_stays_small_however_many_lines_there_are():
    kinds = [kind("k" * 160, *[NOON - at % HOUR for at in range(2_000)]) for _ in range(20)]

    assert len(json.dumps(timeline("/g", NOON - 48 * HOUR, NOON, kinds, partial=True).to_dict())) < 5_000


def test_it_comes_back_from_the_record_as_it_was():
    found = timeline("/g", NOON - HOUR, NOON, [kind("disk full", NOON - 1)], partial=True)

    assert Timeline.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@pytest.mark.parametrize(
    "name",
    ["disk full", "_hidden", "cost of $x$ and \\\\frac{", "日本語のエラー", "a\nb", "<!channel>", "x" * 500, "%s{0}"],
)
def test_a_kind_of_any_name_is_drawn(name: str):
    found = timeline(f"/aws/{name}", NOON - 24 * HOUR, NOON, [kind(name, NOON - 60, NOON - 7200)], partial=True)

    assert size(png(found)) == (1440, 806)


def test_one_bar_is_drawn():
    assert size(png(timeline("/g", NOON - 30, NOON, [kind("x", NOON - 1)], partial=False))) == (1440, 806)


def test_the_same_errors_make_the_same_picture():
    found = timeline("/g", NOON - HOUR, NOON, [kind("disk full", NOON - 1)], partial=False)

    assert png(found) == png(found)


def size(picture: bytes) -> tuple[int, int]:
    """Width and height, as the head of a PNG says."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height
