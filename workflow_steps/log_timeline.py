"""Error lines over time by kind, counted into bins: what the chart of a log analysis shows. Pure, no drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from workflow_steps.log_kinds import Kind

MINUTE, HOUR, DAY = 60, 3600, 86_400
BINS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 7 * DAY, 30 * DAY)
"""Seconds of one bar: lengths that people count time in."""
MOST_BARS = 53
SHOWN_KINDS = 5
"""More colours than these nobody tells apart; the rest is shown as one."""
OTHERS = "other kinds"


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of error: how many lines fell into each bin."""

    name: str
    counts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bins from ``start`` on, each ``seconds`` long, and what fell into them, the most frequent kind first."""

    log_group: str
    start: int
    seconds: int
    series: Sequence[Series]
    partial: bool
    """Not all lines that matched were read."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready data: some kilobytes, however many lines there were."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From an execution's record."""
        return cls(**{**data, "series": [Series(**each) for each in data["series"]]})


def timeline(log_group: str, start: int, end: int, kinds: Sequence[Kind], *, partial: bool) -> Timeline:
    """The window from ``start`` to ``end`` in at most ``MOST_BARS`` bins, the last of which ends it."""
    seconds = next((each for each in BINS if end - start <= each * MOST_BARS), BINS[-1])
    first = start // seconds * seconds
    bins = max(-(-(end - first) // seconds), 1)
    shown, rest = kinds[:SHOWN_KINDS], kinds[SHOWN_KINDS:]
    series = [Series(kind.signature, _counted(kind.times, first, seconds, bins)) for kind in shown]
    if rest:
        times = [at for kind in rest for at in kind.times]
        series.append(Series(f"{len(rest)} {OTHERS}", _counted(times, first, seconds, bins)))
    return Timeline(log_group, first, seconds, series, partial)


def _counted(times: Sequence[float], first: int, seconds: int, bins: int) -> list[int]:
    counts = [0] * bins
    for at in times:
        place = min(int(at - first) // seconds, bins - 1)
        if place >= 0:  # else a line without a time
            counts[place] += 1
    return counts
