"""The understanding holds what it has reached on the corpus; ``python -m tests.accuracy`` prints the whole picture."""

from collections import Counter
from pathlib import Path

import pytest

from bot.__main__ import understood
from bot.knowledge_base import from_seeds
from tests.accuracy import CORPUS, DIALOGUES_GOAL, GOALS, is_right, is_wrong_change, read, wrong_turns

KNOWLEDGE = from_seeds()
MESSAGES = sorted(CORPUS.glob("messages*.jsonl"))
DIALOGUES = sorted(CORPUS.glob("dialogues*.jsonl"))


@pytest.mark.parametrize("file", MESSAGES, ids=lambda file: file.stem)
def test_the_goals_are_reached_for_every_kind_of_message(file: Path) -> None:
    items = read(file)
    total = Counter(item["kind"] for item in items)
    right = Counter(item["kind"] for item in items if is_right(item, understood(item["text"], KNOWLEDGE)))

    short = {kind: 100 * right[kind] / total[kind] for kind in total if 100 * right[kind] / total[kind] < GOALS[kind]}

    assert short == {}


@pytest.mark.parametrize("file", MESSAGES, ids=lambda file: file.stem)
def test_no_message_is_read_as_a_change_that_it_does_not_ask_for(file: Path) -> None:
    wrong = [
        item["text"] for item in read(file) if is_wrong_change(item, understood(item["text"], KNOWLEDGE), KNOWLEDGE)
    ]

    assert wrong == []


@pytest.mark.parametrize("file", DIALOGUES, ids=lambda file: file.stem)
def test_the_goal_is_reached_for_dialogues(file: Path) -> None:
    dialogues = read(file)
    right = sum(not list(wrong_turns(dialogue, KNOWLEDGE)) for dialogue in dialogues)

    assert 100 * right / len(dialogues) >= DIALOGUES_GOAL
