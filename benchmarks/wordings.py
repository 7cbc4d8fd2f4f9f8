"""What people say in the simulated month. The mixture is invented, and stated here, so that it can be argued with.

Most requests use words that the knowledge base knows: the examples of the seeds and the everyday messages of the
test corpus. The rest are ways of speaking that it does not know: some that a team repeats, the commonest often and
most of them seldom (Zipf), and some that nobody says twice.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from pathlib import Path
from typing import TypeVar

from bot.conversations import Thread
from bot.knowledge_base import KnowledgeBase
from bot.resolve import resolve

Wording = TypeVar("Wording")
CORPUS = Path(__file__).resolve().parents[1] / "tests" / "corpus" / "messages.jsonl"
KNOWN, REPEATED = 0.70, 0.24
"""Shares of the requests; the remaining 6 % are said once and never again."""
ZIPF = 1.0
"""The n-th commonest wording is said 1/n as often as the commonest."""
READ_BY_THE_MODEL = 0.9
"""Share of the unknown wordings that the model reads, and rightly; with the others it says that it does not know."""

BUCKETS = tuple(
    f"{team}-{what}" for team in ("acme", "ops", "data") for what in ("reports", "logs", "backups", "raw-1")
)
FILES = tuple(f"{name}-{number}.csv" for name in ("revenue", "draft", "users") for number in range(1, 9))
GROUPS = tuple(f"/aws/lambda/{name}" for name in ("checkout", "billing", "search", "mailer"))

_TAILS = ("", "before lunch", "for the standup", "like carol would", "while it rains", "and make it snappy")
_FRAMES: Mapping[str, tuple[str, ...]] = {
    "s3.list_files": (
        "roast {bucket}",
        "have {bucket} confess what it hides",
        "do a headcount over at {bucket}",
        "spill the beans regarding {bucket}",
        "unpack {bucket} onto my desk",
        "frisk {bucket}",
        "gimme the lowdown regarding {bucket}",
        "shine a torch across {bucket}",
        "eyeball {bucket}",
        "interrogate {bucket}",
    ),
    "s3.list_buckets": (
        "call the roll of our pails",
        "parade every pail",
        "who lives in storage city",
        "round up the pails",
    ),
    "s3.create_bucket": (
        "conjure {bucket}",
        "summon a pail known by {bucket}",
        "hatch {bucket}",
        "plant a pail {bucket}",
    ),
    "s3.copy_file": (
        "twin {key} of {source_bucket} over at {destination_bucket}",
        "photocopy {key} sitting at {source_bucket} towards {destination_bucket}",
        "beam {key} out of {source_bucket} onto {destination_bucket}",
        "echo {key} of {source_bucket} across {destination_bucket}",
        "let {destination_bucket} have a lookalike of {key} held by {source_bucket}",
    ),
    "s3.delete_file": (
        "vaporize {key} inside {bucket}",
        "send {key} of {bucket} to the shredder",
        "make {key} of {bucket} history",
    ),
    "inventory_report": (
        "audit the shelves of {bucket}",
        "do the stocktake at {bucket}",
        "tally the shelves of {bucket}",
    ),
    "log_analysis": ("diagnose {log_group}", "ask the doctor regarding {log_group}", "autopsy {log_group}"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the month."""

    text: str
    entry: str
    """What is meant; empty where the model will not know either."""
    parameters: Mapping[str, str]


class Month:
    """Requests one after the other, the same for the same seed."""

    def __init__(self, knowledge: KnowledgeBase, seed: int) -> None:
        self._random = random.Random(seed)
        self.known = self._known(knowledge)
        self.repeated = [(entry, frame) for entry, frame in _unknown() if not _understood(frame, knowledge)]
        self._random.shuffle(self.repeated)
        self._weights = [1 / rank**ZIPF for rank in range(1, max(len(self.known), len(self.repeated)) + 1)]
        self._sums = list(accumulate(self._weights))
        self._unread = {frame for _, frame in self.repeated if self._random.random() > READ_BY_THE_MODEL}

    def requests(self, count: int) -> Iterator[Request]:
        """So many of them."""
        for number in range(count):
            draw = self._random.random()
            if draw < KNOWN:
                yield Request(self._pick(self.known), "", {})
            elif draw < KNOWN + REPEATED:
                yield self._filled(*self._pick(self.repeated))
            else:
                entry, frame = self._random.choice(self.repeated)
                yield self._filled(entry, f"{_never_again(number)} {frame}")

    def _pick(self, wordings: Sequence[Wording]) -> Wording:
        (found,) = self._random.choices(wordings, cum_weights=self._sums[: len(wordings)])
        return found

    def _filled(self, entry: str, frame: str) -> Request:
        buckets = self._random.sample(BUCKETS, 3)
        values = {
            "bucket": buckets[0],
            "source_bucket": buckets[1],
            "destination_bucket": buckets[2],
            "key": self._random.choice(FILES),
            "log_group": self._random.choice(GROUPS),
        }
        said = {name: value for name, value in values.items() if f"{{{name}}}" in frame}
        return Request(frame.format(**values), "" if frame in self._unread else entry, said)

    def _known(self, knowledge: KnowledgeBase) -> list[str]:
        texts = [example.text for entry in knowledge.entries.values() for example in entry.examples]
        lines = CORPUS.read_text(encoding="utf-8").splitlines()
        corpus = [json.loads(line) for line in lines if line.strip()]
        texts += [item["text"] for item in corpus if item["kind"] in ("canonical", "near", "everyday")]
        found = [text for text in dict.fromkeys(texts) if resolve(text, Thread(), knowledge).state == "resolved"]
        self._random.shuffle(found)
        return found


def _unknown() -> Iterator[tuple[str, str]]:
    for entry, frames in _FRAMES.items():
        for frame, tail in product(frames, _TAILS):
            yield entry, f"{frame} {tail}".strip()


def _understood(frame: str, knowledge: KnowledgeBase) -> bool:
    values = {"bucket": BUCKETS[0], "source_bucket": BUCKETS[1], "destination_bucket": BUCKETS[2], "key": FILES[0]}
    return not resolve(frame.format(**values, log_group=GROUPS[0]), Thread(), knowledge).unknown


def _never_again(number: int) -> str:
    """A word that is said in one request only."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    word = "".join(letters[(number // 26**place) % 26] for place in range(4))
    return f"oh{word}ly"
