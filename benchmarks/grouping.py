"""Error lines into kinds: lines a second, and how many end in the right group, beside Drain on the same lines.

The code is what log analysis runs, the lines are whole events as CloudWatch keeps them, stack traces and JSON included,
and their kinds are known, for each comes of one statement of ``benchmarks/log_statements.py``. Drain is the log parser
that most others are compared with; drain3 is its implementation in Python. It is measured as it comes, and with masks
for addresses, ids and numbers, as its documentation advises.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean

from drain3 import TemplateMiner
from drain3.masking import MaskingInstruction
from drain3.template_miner_config import TemplateMinerConfig

from benchmarks.log_lines import Line, lines
from benchmarks.log_statements import EVERYDAY, HELD_OUT
from benchmarks.scores import Score, score
from workflow_steps.log_grouping import named

LINES = 10_000
SEEDS = range(5)
"""Which statements are the common ones differs from one seed to the next, and with them the accuracy."""
SHOWN = 3
MASKS = (
    ("UUID", r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"),
    ("IP", r"\b\d{1,3}(?:\.\d{1,3}){3}\b"),
    ("HEX", r"\b0x[0-9a-fA-F]+\b"),
    ("NUM", r"\b[-+]?\d+\b"),
)

Group = Callable[[Sequence[str]], list[str]]
"""Messages to the name of the group of each."""


def ours(messages: Sequence[str]) -> list[str]:
    """As log analysis does it."""
    names = named(messages)
    return [names[message] for message in messages]


def drain(messages: Sequence[str], *, masks: Sequence[tuple[str, str]] = ()) -> list[str]:
    """With drain3's own settings."""
    config = TemplateMinerConfig()
    config.masking_instructions = [MaskingInstruction(pattern, name) for name, pattern in masks]
    miner = TemplateMiner(config=config)
    return [str(miner.add_log_message(message)["cluster_id"]) for message in messages]


def masked_drain(messages: Sequence[str]) -> list[str]:
    """The same after masking what is certainly a value."""
    return drain(messages, masks=MASKS)


PROGRAMS: Mapping[str, Group] = {"s3agent": ours, "drain3": drain, "drain3, masked": masked_drain}


@dataclass(slots=True)
class Measured:
    """What came of one program in all drawings."""

    seconds: list[float] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)

    def add(self, group: Group, known: Sequence[Line]) -> None:
        """One drawing more."""
        messages = [line.text for line in known]
        started = time.process_time()
        groups = group(messages)
        self.seconds.append(time.process_time() - started)
        self.scores.append(score(groups, [line.kind for line in known]))

    @property
    def speed(self) -> float:
        """Lines a second of processor time, in the best drawing."""
        return LINES / min(self.seconds)


def main() -> None:
    """Measures, prints the tables and what was grouped worst."""
    print(f"{LINES:,} log lines into kinds (one core; mean of {len(SEEDS)} drawings, speed of the best):")
    for title, statements in (("everyday formats", EVERYDAY), ("held out", HELD_OUT)):
        found = {name: Measured() for name in PROGRAMS}
        for seed in SEEDS:
            known = lines(statements, LINES, seed)
            for name, group in PROGRAMS.items():
                found[name].add(group, known)
        print(f"\n{title:18} {'accuracy':>9} {'F1':>6} {'groups':>7} {'kinds':>6} {'lines/s':>9} {'ratio':>7}")
        for name, measured in found.items():
            accuracy, f1, groups, kinds = (
                mean(getattr(each, what) for each in measured.scores) for what in ("accuracy", "f1", "groups", "kinds")
            )
            ratio = measured.speed / found["s3agent"].speed
            print(
                f"{name:18} {accuracy:9.1%} {f1:6.2f} {groups:7.0f} {kinds:6.0f} {measured.speed:9,.0f} {ratio:6.1f}×"
            )
        _explain(found["s3agent"].scores[0])


def _explain(found: Score) -> None:
    print(f"s3agent split {len(found.split)} kinds and joined {len(found.joined)} groups of several, in the first:")
    for count, others, name in found.split[:SHOWN]:
        print(f"  {count} lines in {others} groups: {name[:88]}")
    for count, others, name in found.joined[:SHOWN]:
        print(f"  {count} lines of {others} kinds: {name[:88]}")


if __name__ == "__main__":
    main()
