"""Everything the seeds promise: each example reaches its own entry, as stated, and no other."""

import pytest

from bot.conversations import Thread
from bot.knowledge_base import from_seeds
from bot.matching import check
from bot.models import Entry, Example
from bot.operations import find
from bot.resolve import resolve
from bot.values import TYPES

KNOWLEDGE = from_seeds()
ENTRIES = list(KNOWLEDGE.entries.values())
EXAMPLES = [(entry, example) for entry in ENTRIES for example in entry.examples]


@pytest.mark.parametrize(("entry", "example"), EXAMPLES, ids=[example.text for _, example in EXAMPLES])
def test_an_example_reaches_its_entry_with_what_it_states(entry: Entry, example: Example) -> None:
    turn = resolve(example.text, Thread(), KNOWLEDGE)

    assert turn.intent is not None
    assert turn.intent.entry == entry.name
    assert turn.intent.parameters == {**entry.fixed, **example.parameters}
    assert turn.intent.missing == example.missing


@pytest.mark.parametrize(("entry", "example"), EXAMPLES, ids=[example.text for _, example in EXAMPLES])
def test_no_other_entry_reads_an_example(entry: Entry, example: Example) -> None:
    assert {match.entry.name for match in KNOWLEDGE.matcher.match(example.text)} == {entry.name}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_has_phrases_that_parse_and_examples(entry: Entry) -> None:
    check(entry, KNOWLEDGE.words)

    assert entry.phrases
    assert entry.examples


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_has_a_question_for_every_parameter_and_types_that_exist(entry: Entry) -> None:
    for parameter in entry.parameters:
        assert parameter.type in TYPES
        assert parameter.question.endswith((".", "?"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_that_destroys_says_what_will_happen(entry: Entry) -> None:
    assert bool(entry.confirm) == (entry.effect == "destroy")


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.is_workflow], ids=lambda entry: entry.name)
def test_every_workflow_can_be_chosen_by_the_name_that_the_question_gives_it(entry: Entry) -> None:
    asked = resolve("run a workflow", Thread(), KNOWLEDGE).intent
    assert asked is not None
    name = entry.name.replace("_", " ")

    answered = resolve(name, Thread(open=asked, expires_at=1e12), KNOWLEDGE)

    assert name in KNOWLEDGE.entries["workflow.run"].parameter("workflow").question
    assert answered.intent is not None
    assert answered.intent.parameters["workflow"] == entry.name


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.name.startswith("s3.")], ids=lambda e: e.name)
def test_an_operation_has_its_function(entry: Entry) -> None:
    assert find(entry.name).actions


def test_the_shared_lists_are_all_used() -> None:
    lists = KNOWLEDGE.words["lists"]
    answers = [form for forms in KNOWLEDGE.words["answers"].values() for form in forms]
    texts = [
        *(phrase for entry in ENTRIES for phrase in entry.phrases),
        *answers,
        *(text for texts in lists.values() for text in texts),
    ]

    unused = [name for name in lists if not any(f"<{name}>" in text for text in texts)]

    assert unused in ([], ["and"])
