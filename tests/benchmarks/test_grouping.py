"""The lines of the benchmark are the same for the same seed, and log analysis groups them about as well as it says."""

from __future__ import annotations

import pytest

from benchmarks.log_lines import lines
from benchmarks.log_statements import EVERYDAY, HELD_OUT, Statements
from benchmarks.scores import score
from workflow_steps.log_grouping import named


def test_the_same_seed_gives_the_same_lines():
    assert lines(EVERYDAY, 50, 1) == lines(EVERYDAY, 50, 1)
    assert lines(EVERYDAY, 50, 1) != lines(EVERYDAY, 50, 2)


def test_a_kind_that_is_split_and_kinds_that_are_joined_count_as_wrong_with_all_their_lines():
    found = score(["x", "x", "y", "z", "z", "w"], ["a", "a", "b", "b", "c", "d"])

    assert found.accuracy == pytest.approx(3 / 6)  # the lines of a and d
    assert found.f1 == pytest.approx(2 * 2 / (4 + 4))
    assert (found.groups, found.kinds) == (4, 4)
    assert found.split == [(2, 2, "b")]
    assert found.joined == [(2, 2, "z")]


@pytest.mark.parametrize(("statements", "floor"), [(EVERYDAY, 0.85), (HELD_OUT, 0.8)], ids=["everyday", "held out"])
def test_lines_come_into_the_group_of_their_kind(statements: Statements, floor: float):
    known = lines(statements, 2_000, 3)
    names = named([line.text for line in known])

    found = score([names[line.text] for line in known], [line.kind for line in known])

    assert found.accuracy >= floor, found.split
    assert not found.joined  # two kinds in one row of the report hide each other
