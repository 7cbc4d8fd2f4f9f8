"""The understanding holds what it has reached on the corpus; ``python -m tests.accuracy`` prints the whole picture."""

from collections import Counter
from functools import cache
from typing import Any

from bot.__main__ import understood
from bot.knowledge_base import from_seeds
from tests.accuracy import CORPUS, DIALOGUES_GOAL, GOALS, is_right, is_wrong_change, read, wrong_turns

KNOWLEDGE = from_seeds()
MESSAGES = [item for file in sorted(CORPUS.glob("messages*.jsonl")) for item in read(file)]
DIALOGUES = [item for file in sorted(CORPUS.glob("dialogues*.jsonl")) for item in read(file)]


@cache
def got(text: str) -> dict[str, Any]:
    return understood(text, KNOWLEDGE)


def test_the_goals_are_reached_for_every_kind_of_message() -> None:
    total = Counter(item["kind"] for item in MESSAGES)
    right = Counter(item["kind"] for item in MESSAGES if is_right(item, got(item["text"])))

    short = {kind: 100 * right[kind] / total[kind] for kind in total if 100 * right[kind] / total[kind] < GOALS[kind]}

    assert short == {}


def test_no_message_is_read_as_a_change_that_it_does_not_ask_for() -> None:
    wrong = [item["text"] for item in MESSAGES if is_wrong_change(item, got(item["text"]), KNOWLEDGE)]

    assert wrong == []


def test_the_goal_is_reached_for_dialogues() -> None:
    right = sum(not list(wrong_turns(dialogue, KNOWLEDGE)) for dialogue in DIALOGUES)

    assert 100 * right / len(DIALOGUES) >= DIALOGUES_GOAL
