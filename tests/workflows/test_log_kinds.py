"""Grouping error lines by kind, and what is said about them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.replies_workflows import Report
from tests.reply_rules import message_problems
from workflow_steps.log_kinds import Line, Window, kinds, report, rows_of

NOON = 1_800_000_000.0
"""2027-01-15 08:00 UTC"""


def lines(message: str, count: int, start: float = NOON) -> list[Line]:
    return [Line(start + 60 * n, message.replace("#", str(n))) for n in range(count)]


def window(*found: list[Line], matched: int = 0, scanned: int = 0) -> Window:
    together = [line for each in found for line in each]
    return Window(together, matched or len(together), scanned)


def test_lines_are_grouped_by_kind_the_most_frequent_first():
    found = kinds(window(lines("ERROR user # not found", 2), lines("ERROR disk full", 5)), None)

    assert [(kind.signature, kind.lines) for kind in found] == [("disk full", 5), ("user <n> not found", 2)]


def test_a_kind_knows_when_it_was_seen_and_its_newest_line():
    (kind,) = kinds(window(lines("user # not found", 3)), None)

    assert (kind.first, kind.last) == (NOON, NOON + 120)
    assert kind.sample == "user 2 not found"


@pytest.mark.parametrize(
    ("now", "before", "trend"), [(4, 2, "rising"), (2, 4, "falling"), (3, 2, "steady"), (1, 0, "new")]
)
def test_the_trend_compares_with_the_window_before(now: int, before: int, trend: str):
    (kind,) = kinds(window(lines("disk full", now)), window(lines("disk full", before)))

    assert (kind.before, kind.trend) == (before, trend)


def test_without_a_window_before_there_is_no_trend():
    (kind,) = kinds(window(lines("disk full", 1)), None)

    assert (kind.before, kind.trend) == (None, "–")


def test_the_report_counts_compares_and_says_what_to_look_at():
    now = window(lines("ERROR connect ECONNREFUSED 10.0.0.#:5432", 8), scanned=3 * 1024**2)
    before = window(lines("ERROR connect ECONNREFUSED 10.0.0.#:5432", 2, NOON - 86_400), scanned=1024**2)

    found = report("/aws/lambda/orders", 24, now, before, kinds(now, before), partial=False)

    assert found.headline == (
        "8 lines in /aws/lambda/orders looked like errors in the last 24 hours, against 2 in the 24 hours before,"
        " of 1 kind."
    )
    assert found.facts == [("Looked through", "4 MB")]
    assert found.rows == [
        ["connect ECONNREFUSED <address>", "8", "2", "rising", "2027-01-15 08:00", "2027-01-15 08:07"]
    ]
    (note,) = found.notes
    assert note == (
        "connect ECONNREFUSED <address> (8 lines, rising), as in: ERROR connect ECONNREFUSED 10.0.0.7:5432. Usually:"
        " Nothing listens at that address: the service is down, or the port is wrong. Look at whether the other side"
        " was restarted or deployed at that time."
    )


def test_no_errors_is_good_news():
    found = report("/aws/lambda/orders", 1, window(), window(), [], partial=False)

    assert found.headline == "No line in /aws/lambda/orders looked like an error in the last 1 hour."
    assert found.rows == []
    assert found.notes == []


def test_what_was_not_read_is_said_and_the_total_is_exact():
    now = window(lines("disk full", 3), matched=12_345)

    found = report("/g", 24, now, None, kinds(now, None), partial=False)

    assert found.headline.startswith("12,345 lines in /g looked like errors")
    assert found.notes[0] == (
        "Only the newest lines were read and grouped (3 of 12,345), so the counts by kind are too low."
    )


def test_a_query_that_was_stopped_says_that_it_is_partial():
    now = window(lines("disk full", 3))

    found = report("/g", 24, now, None, kinds(now, None), partial=True)

    assert found.notes[0].startswith("The query took too long and was stopped")


def test_the_newest_kind_is_explained_even_when_it_is_rare():
    often = [lines(f"kind {'abc'[n]} happened", 9 - n) for n in range(3)]
    now = window(*often, lines("disk full", 1, NOON + 9_000))

    found = report("/g", 24, now, window(*often), kinds(now, window(*often)), partial=False)

    assert found.notes[-1].startswith("disk full (1 line, new)")


def test_the_largest_report_is_one_that_slack_takes_and_that_is_far_below_the_limit_of_a_state():
    many = [lines(f"{'x' * 150}{chr(65 + n // 26)}{chr(65 + n % 26)} <!channel> {'y' * 5_000}", 1) for n in range(500)]

    found = report("/g" * 256, 24, window(*many), window(), kinds(window(*many), window()), partial=True)

    assert len(json.dumps(found.to_dict())) < 10_000
    assert message_problems("x", Report.from_dict(found.to_dict()).blocks()) == []


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [("2027-01-15 08:00:00.500", NOON + 0.5), ("1800000000500", NOON + 0.5), ("", 0.0), ("soon", 0.0)],
)
def test_rows_are_read_as_cloudwatch_and_as_emulators_write_them(timestamp: str, at: float):
    rows = [[{"field": "@timestamp", "value": timestamp}, {"field": "@message", "value": "x"}]]

    assert rows_of(rows) == [Line(at, "x")]


def test_every_cause_in_the_seeds_is_a_pattern_with_advice():
    causes = json.loads((Path(__file__).parents[2] / "seeds/log_causes.json").read_text("utf-8"))

    for each in causes:
        assert set(each) == {"match", "cause", "look"}
        assert re.compile(each["match"])
        assert each["cause"].endswith(".")
        assert each["look"].endswith(".")
