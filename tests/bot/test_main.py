"""The command line shows how a sentence is understood, and holds a conversation."""

import io
import json
import sys

import pytest

from bot.__main__ import explained, main, understood
from bot.knowledge_base import from_seeds

KNOWLEDGE = from_seeds()


def test_a_sentence_is_shown_as_data() -> None:
    shown = understood("list files in my-bucket", KNOWLEDGE)

    assert shown.pop("microseconds") >= 0
    assert shown == {
        "text": "list files in my-bucket",
        "intent": "s3.list_files",
        "parameters": {"bucket": "my-bucket"},
        "missing": [],
        "source": "knowledge_base",
    }


def test_what_is_not_understood_is_shown_as_nothing() -> None:
    shown = understood("delete everything in my-bucket", KNOWLEDGE)

    assert {name: shown[name] for name in ("intent", "parameters", "missing", "source")} == {
        "intent": None,
        "parameters": {},
        "missing": [],
        "source": None,
    }


def test_a_workflow_is_shown_as_run_with_its_name() -> None:
    shown = understood("run lifecycle management for my-bucket", KNOWLEDGE)

    assert shown["intent"] == "workflow.run"
    assert shown["parameters"] == {"workflow": "lifecycle_management", "bucket": "my-bucket"}


def test_a_reader_sees_what_is_missing_and_the_question() -> None:
    shown = explained("delete report.csv", KNOWLEDGE)

    assert "s3.delete_file" in shown
    assert "'report.csv' (typed)" in shown
    assert "Which bucket is the file in?" in shown
    assert "knowledge base" in shown


def test_a_reader_sees_what_was_left_out_and_that_it_would_be_confirmed() -> None:
    shown = explained("copy q2.csv, no, q3.csv from my-bucket to other-bucket", KNOWLEDGE)

    assert "left out           “q2.csv, no,”" in shown
    assert "needs              write access (operator, admin), and a confirmation" in shown


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def run(arguments: list[str], typed: str) -> list[dict[str, object]]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer := io.BytesIO()))
        assert main(arguments) == 0
        sys.stdout.flush()
        return [json.loads(line) for line in buffer.getvalue().decode().splitlines()]

    return run


def test_messages_are_read_one_a_line(said) -> None:
    shown = said(["--json"], "list buckets\n\nasdf\ndelete données.csv from my-bucket\n")

    assert [each["intent"] for each in shown] == ["s3.list_buckets", None, None, "s3.delete_file"]
    assert shown[3]["parameters"] == {"key": "données.csv", "bucket": "my-bucket"}


def test_a_conversation_is_read_one_a_line_and_an_empty_line_begins_a_new_one(said) -> None:
    lines = [
        json.dumps({"user": "alice", "text": "list files"}),
        json.dumps({"user": "bob", "text": "my-bucket"}),
        json.dumps({"user": "alice", "text": "my-bucket"}),
        "",
        json.dumps({"user": "alice", "text": "delete report.csv"}),
        json.dumps({"user": "alice", "text": "never mind"}),
    ]

    shown = said(["chat", "--json"], "\n".join(lines) + "\n")

    assert [(each["state"], each["intent"], each["missing"]) for each in shown] == [
        ("ask", "s3.list_files", ["bucket"]),
        ("unchanged", None, []),
        ("resolved", "s3.list_files", []),
        ("ask", "s3.delete_file", ["bucket"]),
        ("cancelled", None, []),
    ]
    assert set(shown[0]) == {"state", "intent", "parameters", "missing", "error"}


OBJECT = 'The line is no JSON object such as {"user": "alice", "text": "list buckets"}.'


def test_a_line_that_is_no_message_is_answered_with_what_is_wrong_and_the_conversation_goes_on(said) -> None:
    lines = [
        "not json",
        "42",
        "[1]",
        '{"text": null}',
        '{"user": "alice"}',
        '{"user": 7, "text": "x"}',
        json.dumps({"user": "alice", "text": "list buckets"}),
    ]

    *wrong, last = said(["chat", "--json"], "\n".join(lines) + "\n")

    assert [each["error"] for each in wrong] == [
        "The line is not JSON: Expecting value: line 1 column 1 (char 0).",
        OBJECT,
        OBJECT,
        "The line's “text” is no text.",
        "The line's “text” is missing.",
        "The line's “user” is no text.",
    ]
    assert {(each["state"], each["intent"]) for each in wrong} == {("not_understood", None)}
    assert (last["state"], last["intent"]) == ("resolved", "s3.list_buckets")


def test_a_line_of_no_use_is_read_as_a_message_like_any_other(said) -> None:
    shown = said(["--json"], '42\n[1]\n{"text": null}\n"\nlist buckets\n')

    assert [each["intent"] for each in shown] == [None, None, None, None, "s3.list_buckets"]


def test_a_word_that_ends_a_question_is_explained_in_words() -> None:
    assert explained("stop", KNOWLEDGE).splitlines()[0] == (
        "intent      none: it drops the question that is open, and here none is"
    )


def test_the_columns_are_as_wide_as_the_longest_name() -> None:
    shown = explained("copy report.csv from my-bucket to other-bucket", KNOWLEDGE).splitlines()

    assert shown[:4] == [
        "intent             s3.copy_file",
        "key                'report.csv' (typed)",
        "source_bucket      'my-bucket' (typed)",
        "destination_bucket 'other-bucket' (typed)",
    ]


def talk(monkeypatch: pytest.MonkeyPatch, typed: str) -> list[str]:
    """What is answered to the lines of a conversation for people."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode())))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer := io.BytesIO()))
    assert main(["chat"]) == 0
    sys.stdout.flush()
    return buffer.getvalue().decode().splitlines()


def test_a_conversation_for_people_says_what_waits_how_it_was_understood_and_that_nothing_was_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    copied = "I would do “Copy a file”: key q3.csv, source_bucket my-bucket, destination_bucket other-bucket"

    _, *answers, _ = talk(
        monkeypatch,
        "copy q2.csv, no, q3.csv from my-bucket to other-bucket\nundo\n"
        "copy q3.csv from my-bucket to other-bucket\ndelete it\n2\nnever mind\nundo\n",
    )

    assert answers == [
        f"{copied} after you confirm it.",
        "  knowledge base · left out: “q2.csv, no,”",
        "All right, I have dropped it.",
        f"{copied}.",
        "  knowledge base",
        "Which bucket is the file in?",
        "  1  my-bucket",
        "  2  other-bucket",
        "“other-bucket”",
        "I would do “Delete a file”: key q3.csv, bucket other-bucket after you confirm it.",
        "  knowledge base · from this thread: key q3.csv",
        "All right, I have dropped it.",
        "I have done nothing: here I only say what I would do.",
    ]


def test_a_conversation_for_people_says_how_to_leave_and_answers_in_whole_sentences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typed = "move a.csv from my-bucket to other-bucket\n\nlist files\nmy-bucket\nquit\nlist buckets\n"

    first, *answers = talk(monkeypatch, typed)

    assert first.endswith("An empty line begins a new conversation, “quit” ends it.")
    assert answers[0][0].isupper()
    assert "none:" not in "".join(answers)
    assert answers[-3:] == [
        "Which bucket shall I look into?",
        "I would do “List files”: bucket my-bucket.",
        "  knowledge base",
    ]
