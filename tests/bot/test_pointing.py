"""Names that are pointed at: "the second one" of a list that was shown."""

from __future__ import annotations

import random

import pytest

from bot.__main__ import Conversation
from bot.conversations import Thread
from bot.knowledge_base import from_seeds
from bot.models import Listed, Turn
from bot.resolve import resolve

KNOWLEDGE = from_seeds()
BUCKETS = {"bucket": ["acme-a", "acme-b", "acme-c"]}
FILES = {"key": ["x/one.csv", "two three.csv", "z.txt"]}


def after(said: str, shown: dict[str, list[str]], *texts: str) -> Turn:
    """What the last text comes to in a thread in which a list was shown."""
    conversation = Conversation(KNOWLEDGE)
    conversation.say("alice", said, shown)
    *earlier, last = texts
    for text in earlier:
        conversation.say("alice", text)
    return conversation.say("alice", last)


@pytest.mark.parametrize(
    ("text", "bucket"),
    [
        ("list files in the second one", "acme-b"),
        ("what is in the first?", "acme-a"),
        ("show me the files in the last bucket", "acme-c"),
        ("list files in number 3", "acme-c"),
        ("list files in #2", "acme-b"),
        ("list files in the second bucket of the list please", "acme-b"),
    ],
)
def test_a_bucket_of_the_list_is_named_by_its_place(text: str, bucket: str) -> None:
    turn = after("list buckets", BUCKETS, text)

    assert turn.intent is not None
    assert (turn.state, turn.intent.name, turn.intent.parameters) == ("resolved", "s3.list_files", {"bucket": bucket})
    assert turn.intent.origins["bucket"] == "inherited"


def test_two_of_the_list_may_be_named_at_once() -> None:
    turn = after("list buckets", BUCKETS, "copy x.csv from the first to the third")

    assert turn.intent is not None
    assert turn.intent.parameters == {"key": "x.csv", "source_bucket": "acme-a", "destination_bucket": "acme-c"}


def test_a_file_of_the_list_brings_the_bucket_it_was_listed_in() -> None:
    turn = after("list files in acme-b", FILES, "create bucket acme-d", "delete the second one")

    assert turn.intent is not None
    assert turn.intent.parameters == {"key": "two three.csv", "bucket": "acme-b"}
    assert turn.intent.origins == {"key": "inherited", "bucket": "inherited"}


def test_a_file_of_the_list_is_not_taken_for_one_of_another_bucket() -> None:
    turn = after("list files in acme-b", FILES, "delete the second one from acme-c")

    assert turn.intent is not None
    assert (turn.state, turn.intent.parameters) == ("ask", {"bucket": "acme-c"})
    assert turn.error == "two three.csv was in the list of acme-b, which is another bucket."


@pytest.mark.parametrize("answer", ["the second one", "second", "2", "number two", "the second bucket"])
def test_a_question_is_answered_by_the_place_in_the_list(answer: str) -> None:
    turn = after("list buckets", BUCKETS, "list files", answer)

    assert turn.intent is not None
    assert (turn.state, turn.intent.parameters) == ("resolved", {"bucket": "acme-b"})


def test_a_number_that_is_asked_for_is_no_place_in_a_list() -> None:
    turn = after("list buckets", BUCKETS, "run lifecycle management for acme-a, delete after 0 days", "2")

    assert turn.intent is not None
    assert turn.intent.parameters["expiration_days"] == 2


def test_a_follow_up_takes_the_next_of_the_list() -> None:
    turn = after("list buckets", BUCKETS, "list files in the first", "and in the second one?")

    assert turn.intent is not None
    assert (turn.intent.name, turn.intent.parameters) == ("s3.list_files", {"bucket": "acme-b"})


def test_a_bucket_of_the_list_is_no_file_to_delete() -> None:
    turn = after("list buckets", BUCKETS, "delete the second one")

    assert turn.intent is not None
    assert (turn.state, turn.intent.parameters, turn.intent.missing) == ("ask", {}, ("key", "bucket"))
    assert turn.error == "“the second one” of my list is the bucket acme-b."


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        (BUCKETS, "I do not know which “the fourth one” is: my list had 3."),
        ({}, "I do not know which “the fourth one” is: I have shown you no such list here."),
    ],
)
def test_a_place_that_no_list_has_is_asked_about(shown: dict[str, list[str]], problem: str) -> None:
    turn = after("list buckets", shown, "list files in the fourth one")

    assert turn.intent is not None
    assert (turn.state, turn.intent.missing, turn.error) == ("ask", ("bucket",), problem)


def test_a_bucket_is_not_pointed_at_in_a_list_of_files() -> None:
    turn = after("list files in acme-b", FILES, "list files in the third bucket")

    assert turn.intent is not None
    assert (turn.state, turn.intent.parameters) == ("ask", {})
    assert turn.error == "I do not know which “the third bucket” is: I have shown you no such list here."


def test_what_is_pointed_at_and_nothing_else_is_put_into_what_comes_near() -> None:
    shown = Thread(listed=Listed("bucket", ("acme-a", "acme-b")))

    assert "list files in acme-b" in resolve("the second one", shown, KNOWLEDGE).offers


def test_a_list_belongs_to_the_person_who_was_shown_it() -> None:
    conversation = Conversation(KNOWLEDGE)
    conversation.say("alice", "list buckets", BUCKETS)

    turn = conversation.say("bob", "list files in the second one")

    assert turn.intent is not None
    assert turn.intent.parameters == {}


def test_the_last_execution_is_the_newest_and_not_the_last_of_the_list() -> None:
    turn = after("workflow status wf-k3m9x2q7", {"execution_id": ["wf-aaaaaaaa", "wf-bbbbbbbb"]}, "stop the second run")
    newest = after("workflow status wf-k3m9x2q7", {"execution_id": ["wf-aaaaaaaa", "wf-bbbbbbbb"]}, "stop the last one")

    assert turn.intent is not None
    assert turn.intent.parameters == {"execution_id": "wf-bbbbbbbb"}
    assert newest.intent is None or newest.intent.parameters.get("execution_id") != "wf-bbbbbbbb"


def test_a_workflow_of_the_list_is_run_by_its_place() -> None:
    turn = after("list workflows", {"workflow": ["bucket_audit", "inventory_report"]}, "run the second one")

    assert turn.intent is not None
    assert (turn.state, turn.intent.entry, turn.intent.missing) == ("ask", "inventory_report", ("bucket",))


@pytest.mark.parametrize("text", ["forget phrase number 9", "forget the second phrase"])
def test_phrases_have_numbers_of_their_own(text: str) -> None:
    turn = after("phrases", {"number": ["4", "9", "11"]}, text)

    assert turn.intent is not None
    assert turn.intent.parameters == {"number": 9}


@pytest.mark.parametrize("text", ["run log analysis for /aws/lambda/f for the last 3 days", "first, list buckets"])
def test_an_ordinal_that_says_something_else_points_at_nothing(text: str) -> None:
    turn = after("list buckets", BUCKETS, text)

    assert turn.state == "resolved"


def test_no_list_and_nothing_that_points_into_it_raises() -> None:
    draw = random.Random(7)
    words = "the second last one file 2 #1 number of them in to list delete copy run workflow and no ,"
    names = ["a b.txt", 'he said "x".txt', "*.csv", "x\ny", "list", "s3://a/b", "日本.txt", "a/", "acme-b", ""]
    asked = [
        None,
        *(resolve(text, Thread(), KNOWLEDGE).intent for text in ("list files", "copy a.csv", "run a workflow")),
    ]

    for _ in range(200):
        listed = Listed(
            draw.choice(("bucket", "key", "workflow", "number")), tuple(draw.sample(names, 4)), {"bucket": "b-b"}
        )
        thread = Thread(open=draw.choice(asked), settled=draw.choice(asked), listed=listed)

        assert resolve(" ".join(draw.choices(words.split(), k=5)), thread, KNOWLEDGE).state
