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
