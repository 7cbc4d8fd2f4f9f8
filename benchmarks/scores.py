"""How well lines were grouped, where it is known which belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """What a grouping comes to against the known kinds."""

    accuracy: float
    """Grouping accuracy, the usual measure of log parsing: the share of lines whose group has just the lines of their
    kind. A kind that is split, or joined with another, counts as wrong with all its lines."""
    f1: float
    """The same by groups instead of lines: the harmonic mean of which share of the groups is a kind, and of the kinds
    a group. Rare kinds count as much as common ones."""
    groups: int
    kinds: int
    split: Sequence[tuple[int, int, str]]
    """Kinds that stand in several groups: their lines, the groups, and the kind, the worst first."""
    joined: Sequence[tuple[int, int, str]]
    """Groups that several kinds stand in: their lines, the kinds, and the group, the worst first."""


def score(groups: Sequence[str], kinds: Sequence[str]) -> Score:
    """The score of the groups that the lines were given, in the order of the lines."""
    grouped, known = _members(groups), _members(kinds)
    same = {tuple(lines) for lines in grouped.values()} & {tuple(lines) for lines in known.values()}
    return Score(
        accuracy=sum(map(len, same)) / len(kinds),
        f1=2 * len(same) / (len(grouped) + len(known)),
        groups=len(grouped),
        kinds=len(known),
        split=_of_several(known, groups),
        joined=_of_several(grouped, kinds),
    )


def _members(names: Sequence[str]) -> dict[str, list[int]]:
    members: dict[str, list[int]] = defaultdict(list)
    for line, name in enumerate(names):
        members[name].append(line)
    return members


def _of_several(members: dict[str, list[int]], others: Sequence[str]) -> list[tuple[int, int, str]]:
    found = ((len(lines), len({others[line] for line in lines}), name) for name, lines in members.items())
    return sorted((each for each in found if each[1] > 1), reverse=True)
