"""What a message costs to understand with 100, 1,000 and 10,000 phrases, beside hassil on the same phrases.

The phrases are as alike as those of a real bot: every one is a verb, a noun, a place and names between them; the words
are combined until there are enough. Half of the messages are read by a phrase, somewhere among them; of the others, one
half has words of the phrases in it, and one has none. hassil is Home Assistant's library for such templates.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import islice, product
from pathlib import Path
from typing import Any

from hassil import Intents, WildcardSlotList, recognize_best

from benchmarks.plot import Axis, Line, chart, save
from bot.knowledge_base import read_seeds
from bot.matching import Matcher
from bot.models import Entry, Parameter

SIZES = (100, 1_000, 10_000)
MESSAGES = 40
ROUNDS = 3
SEED = 7
DOCS = Path(__file__).resolve().parents[1] / "docs"

_VERBS = """
    list show copy delete start stop create scan audit rotate resize attach detach tag untag encrypt share pause resume
    drain patch backup restore verify export import archive expire replicate throttle
"""
_NOUNS = """
    instance cluster database snapshot volume queue topic table stream function layer alarm dashboard metric role
    policy key secret certificate domain record bucket file rule schedule pipeline build image registry gateway route
"""
_PLACES = ("in", "from", "of", "inside", "behind", "across", "at", "near", "under", "beside", "above", "within")

Read = Callable[[str], object]


def phrases(count: int) -> list[tuple[str, str, str]]:
    """So many different phrases, as verb, noun and place; the same for the same count."""
    combined = list(product(_VERBS.split(), _NOUNS.split(), _PLACES))
    random.Random(SEED).shuffle(combined)
    return list(islice(combined, count))


def messages(known: Sequence[tuple[str, str, str]]) -> list[str]:
    """What is said: read by a phrase, close to one, and far from all."""
    choose = random.Random(SEED)
    found = []
    for number in range(MESSAGES // 2):
        verb, noun, place = choose.choice(known)
        found.append(f"{verb} the {noun} prod-{number} {place} team-{number}")
    for number in range(MESSAGES // 4):
        verb, noun, place = choose.choice(known)
        found.append(f"{verb} every {noun} that was made {place} team-{number} last week")
        found.append(f"what will the weather be on day {number}")
    return found


def ours(known: Sequence[tuple[str, str, str]]) -> Read:
    """The bot's matcher, with the word lists of the seeds."""
    entry = Entry(
        name="bench.run",
        service="bench",
        title="Bench",
        summary="Bench.",
        effect="read",
        access="read",
        phrases=tuple(f"{verb} [the] {noun} {{name}} {place} {{bucket}}" for verb, noun, place in known),
        parameters=(Parameter("name", "bucket", required=True), Parameter("bucket", "bucket", required=True)),
    )
    words = {name: value for name, value in read_seeds().words.items() if name != "lists"}
    return Matcher([entry], words).match


def hassil(known: Sequence[tuple[str, str, str]]) -> Read:
    """The same phrases as sentence templates of hassil, with wildcards for the names."""
    data = [{"sentences": [f"{verb} [the] {noun} {{name}} {place} {{bucket}}"]} for verb, noun, place in known]
    intents = Intents.from_dict({"language": "en", "intents": {"BenchRun": {"data": data}}})
    names: dict[str, Any] = {"name": WildcardSlotList("name"), "bucket": WildcardSlotList("bucket")}
    return lambda text: recognize_best(text, intents, slot_lists=names)


def milliseconds(read: Read, texts: Sequence[str]) -> float:
    """The mean cost of a message, of the best of the rounds, once everything is compiled."""
    for text in texts:
        read(text)
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for text in texts:
            read(text)
        rounds.append((time.process_time() - started) * 1000 / len(texts))
    return min(rounds)


def main() -> None:
    """Measures, prints the table, plots it."""
    print(f"Milliseconds of processor time for a message (mean of {MESSAGES}, best of {ROUNDS} rounds):\n")
    print(f"{'phrases':>9} {'s3agent':>9} {'hassil':>9} {'ratio':>7} {'built in':>9}")
    points: dict[str, list[tuple[float, float]]] = {"s3agent": [], "hassil 3.12": []}
    for size in SIZES:
        known = phrases(size)
        texts = messages(known)
        started = time.process_time()
        mine = ours(known)
        built = time.process_time() - started
        theirs = hassil(known)
        _same(mine, theirs, texts[: MESSAGES // 2])
        a, b = milliseconds(mine, texts), milliseconds(theirs, texts)
        points["s3agent"].append((size, a))
        points["hassil 3.12"].append((size, b))
        print(f"{size:9,} {a:9.3f} {b:9.3f} {b / a:6.0f}× {built:8.2f}s")
    print()
    for name, line in points.items():
        print(f"{name}: {line[-1][1] / line[0][1]:.1f} times the cost for {SIZES[-1] // SIZES[0]} times the phrases")
    svg = chart(
        "Understanding a message, by the number of phrases",
        Axis("phrases", SIZES, log=True),
        Axis("processor time for a message", (0.01, 0.1, 1, 10, 100, 1000), log=True, unit=" ms"),
        [Line(name, line) for name, line in points.items()],
    )
    save(DOCS / "matching.svg", svg)


def _same(mine: Read, theirs: Read, texts: Sequence[str]) -> None:
    """Both must read what the phrases say, or the comparison is of different work."""
    read = statistics.mean(bool(mine(text)) for text in texts), statistics.mean(bool(theirs(text)) for text in texts)
    if read != (1.0, 1.0):
        raise SystemExit(f"not the same work: read {read[0]:.0%} and {read[1]:.0%} of the messages of the phrases")


if __name__ == "__main__":
    main()
