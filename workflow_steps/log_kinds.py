"""Error lines grouped by kind, compared with the window before, and what a person can do about them. Pure: no AWS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from bot.display import count, human_size, moment
from bot.replies_workflows import Report
from workflow_steps.log_grouping import named

CAUSES = Path(__file__).parent.parent / "seeds" / "log_causes.json"
SHOWN_KINDS = 10
EXPLAINED_KINDS = 3
SAMPLE_CHARACTERS = 200
SIGNATURE_CHARACTERS = 160
MUCH = 2.0
"""Twice as many is rising, half as many is falling."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a query."""

    at: float
    """Epoch seconds."""
    message: str


@dataclass(slots=True)
class Kind:
    """All error lines of one kind."""

    signature: str
    """What they have in common, shortened where it is too long to be shown."""
    lines: int = 0
    first: float = 0.0
    last: float = 0.0
    sample: str = ""
    """The newest of them."""
    before: int | None = None
    """How many there were in the window before; None when there is none to compare with."""
    times: list[float] = field(default_factory=list)
    """When each of them was written."""

    def add(self, line: Line) -> None:
        """Count one more."""
        self.lines += 1
        self.times.append(line.at)
        if not self.first or line.at < self.first:
            self.first = line.at
        if line.at >= self.last:
            self.last, self.sample = line.at, line.message

    @property
    def trend(self) -> str:
        """Against the window before."""
        if self.before is None:
            return "–"
        if not self.before:
            return "new"
        if self.lines >= MUCH * self.before:
            return "rising"
        return "falling" if self.lines * MUCH <= self.before else "steady"


@dataclass(frozen=True, slots=True)
class Window:
    """What one query found."""

    lines: Sequence[Line]
    matched: int
    """How many lines matched in all: a query returns the newest of them only."""
    scanned: int
    """Bytes."""


def kinds(now: Window, before: Window | None) -> list[Kind]:
    """The kinds of this window, the most frequent first, each with its count in the window before."""
    names = named(line.message for window in (now, before) if window for line in window.lines)
    found = _grouped(now.lines, names)
    earlier = _grouped(before.lines, names) if before else {}
    for name, kind in found.items():
        known = earlier.get(name)
        kind.before = (known.lines if known else 0) if before else None
    return sorted(found.values(), key=lambda kind: (-kind.lines, -kind.last))


def _grouped(lines: Iterable[Line], names: Mapping[str, str]) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for line in lines:
        name = names[line.message]
        if name not in found:
            found[name] = Kind(_shortened(name))
        found[name].add(line)
    return found


def _shortened(name: str) -> str:
    return name if len(name) <= SIGNATURE_CHARACTERS else name[: SIGNATURE_CHARACTERS - 1] + "…"


def rows_of(results: Iterable[Iterable[Mapping[str, str]]]) -> list[Line]:
    """The rows of GetQueryResults, which are lists of field and value."""
    rows = ({cell["field"]: cell["value"] for cell in row} for row in results)
    return [Line(_epoch(row.get("@timestamp", "")), row.get("@message", "")) for row in rows]


def _epoch(text: str) -> float:
    """Insights writes ``2026-11-22 10:00:01.123`` in UTC; emulators write epoch milliseconds."""
    if text.isdigit():
        return int(text) / 1000
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def report(
    log_group: str, hours: int, now: Window, before: Window | None, found: Sequence[Kind], *, partial: bool
) -> Report:
    """What came of it, for the thread; ``found`` are the kinds of the two windows."""
    return Report(
        headline=_headline(log_group, hours, now, before, len(found)),
        facts=[("Looked through", human_size(now.scanned + (before.scanned if before else 0)))],
        notes=[*_limits(now, before, partial), *_advice(found)],
        columns=("Kind of error", "Lines", "Before", "Trend", "First seen", "Last seen"),
        rows=[_row(kind) for kind in found[:SHOWN_KINDS]],
    )


def _headline(log_group: str, hours: int, now: Window, before: Window | None, found: int) -> str:
    span = count(hours, "hour")
    if not now.matched:
        return f"No line in {log_group} looked like an error in the last {span}."
    against = f", against {before.matched:,} in the {span} before" if before else ""
    lines = count(now.matched, "line")
    return f"{lines} in {log_group} looked like errors in the last {span}{against}, of {count(found, 'kind')}."


def _limits(now: Window, before: Window | None, partial: bool) -> list[str]:
    notes = []
    if partial:
        notes.append("The query took too long and was stopped: these are the lines it had found until then.")
    cut = [window for window in (now, before) if window and window.matched > len(window.lines)]
    if cut:
        read = " and ".join(f"{len(window.lines):,} of {window.matched:,}" for window in cut)
        notes.append(f"Only the newest lines were read and grouped ({read}), so the counts by kind are too low.")
    return notes


def _advice(found: Sequence[Kind]) -> list[str]:
    """The most frequent kinds, and the newest, each with a sample and what to look at."""
    fresh = [kind for kind in found[EXPLAINED_KINDS:] if kind.trend == "new"]
    newest = sorted(fresh, key=lambda kind: -kind.first)[:1]
    return [_explained(kind) for kind in (*found[:EXPLAINED_KINDS], *newest)]


def _explained(kind: Kind) -> str:
    sample = " ".join(kind.sample.split())[:SAMPLE_CHARACTERS].rstrip(".")
    known = _cause(f"{kind.signature} {sample}")
    advice = f" Usually: {known['cause']} Look at {known['look']}" if known else ""
    lines = count(kind.lines, "line") if kind.before is None else f"{count(kind.lines, 'line')}, {kind.trend}"
    return f"{kind.signature} ({lines}), as in: {sample}.{advice}"


def _cause(text: str) -> Mapping[str, str] | None:
    return next((cause for pattern, cause in _causes() if pattern.search(text)), None)


@cache
def _causes() -> list[tuple[re.Pattern[str], Mapping[str, Any]]]:
    return [(re.compile(each["match"], re.IGNORECASE), each) for each in json.loads(CAUSES.read_text("utf-8"))]


def _row(kind: Kind) -> list[str]:
    before = "–" if kind.before is None else f"{kind.before:,}"
    seen = [moment(datetime.fromtimestamp(at, UTC)) for at in (kind.first, kind.last)]
    return [kind.signature, f"{kind.lines:,}", before, kind.trend, *seen]
