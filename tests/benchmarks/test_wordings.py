"""The simulated month is the same for the same seed, and what it calls unknown is unknown."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from xml.etree import ElementTree

import pytest

from benchmarks.plot import Axis, Line, chart
from benchmarks.wordings import Month
from bot.conversations import Thread
from bot.knowledge_base import from_seeds
from bot.resolve import resolve

KNOWLEDGE = from_seeds()


@pytest.fixture(scope="module")
def made() -> Month:
    return Month(KNOWLEDGE, 4)


@pytest.fixture
def month(made: Month) -> Month:
    """At its beginning: whoever asks it for requests gets the next ones."""
    return deepcopy(made)


def test_the_same_seed_gives_the_same_month(month: Month) -> None:
    requests = list(month.requests(50))

    assert list(Month(KNOWLEDGE, 4).requests(50)) == requests
    assert list(Month(KNOWLEDGE, 5).requests(50)) != requests
    assert len(month.repeated) > 100


def test_seven_in_ten_requests_are_understood_without_a_model(month: Month) -> None:
    turns = [resolve(request.text, Thread(), KNOWLEDGE) for request in month.requests(400)]
    states = Counter("unknown" if turn.unknown else turn.state for turn in turns)

    assert states["unknown"] + states["resolved"] == 400
    assert 0.65 < states["resolved"] / 400 < 0.75


def test_what_is_meant_stands_in_the_request(month: Month) -> None:
    for request in month.requests(200):
        assert all(value in request.text for value in request.parameters.values())


def test_a_chart_is_svg_with_every_line_in_it() -> None:
    lines = [Line("a < b", [(1, 10), (100, 1000)]), Line("other", [(1, 10), (100, 10)])]
    svg = chart("Title & more", Axis("across", (1, 10, 100), log=True), Axis("up", (10, 1000), log=True), lines)

    tree = ElementTree.fromstring(svg)
    drawn = [each.attrib["points"] for each in tree if each.tag.endswith("polyline")]

    assert drawn == ["74.0,348.0 696.0,46.0", "74.0,348.0 696.0,348.0"]
    assert "a < b" in [each.text for each in tree]
