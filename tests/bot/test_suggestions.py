"""What is not understood is answered with commands that come near; those that are complete can be pressed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.conversations import Thread
from bot.knowledge_base import from_seeds
from bot.normalise import sentence
from bot.resolve import resolve
from bot.suggestions import Suggestion, suggest
from tests.office import Office, office
from tests.operations.conftest import lines
from tests.tables import REGION

KNOWLEDGE = from_seeds()


def near(text: str) -> tuple[Suggestion, ...]:
    return suggest(sentence(text), KNOWLEDGE.entries, KNOWLEDGE.words)


@pytest.fixture
def room() -> Iterator[Office]:
    with office() as room:
        room.s3().create_bucket(Bucket="acme-reports", CreateBucketConfiguration={"LocationConstraint": REGION})
        room.s3().put_object(Bucket="acme-reports", Key="q3.csv", Body=b"x")
        yield room


def buttons(room: Office) -> list[str]:
    blocks: list[dict[str, Any]] = room.slack.calls[-1].body["blocks"]
    return [each["value"] for block in blocks if block["type"] == "actions" for each in block["elements"]]


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("roast the files of acme-reports", Suggestion("list files in acme-reports", complete=True)),
        ("roast the files of “acme reports”", Suggestion("list files in my-bucket", complete=False)),
        (
            "weirdly copy q3.csv: acme-reports, acme-archive",
            Suggestion("copy q3.csv from acme-reports to acme-archive", True),
        ),
        ("weirdly copy my-bucket other-bucket q3.csv", Suggestion("copy q3.csv from my-bucket to other-bucket", True)),
        ("weirdly copy other-bucket my-bucket q3.csv", Suggestion("copy q3.csv from other-bucket to my-bucket", True)),
        ("weirdly copy q3.csv", Suggestion("copy report.csv from my-bucket to other-bucket", complete=False)),
        ("workflow wf-k3m9x2q7 roasted?", Suggestion("workflow status wf-k3m9x2q7", complete=True)),
        ("roast buckets", Suggestion("list buckets", complete=True)),
    ],
)
def test_a_suggestion_has_the_names_of_the_sentence_in_it(text: str, suggestion: Suggestion) -> None:
    assert suggestion in near(text)


@pytest.mark.parametrize("text", ["", "sing", "<!channel>", "the a of it", '"', "🙏"])
def test_what_comes_near_to_nothing_gets_the_commonest_commands(text: str) -> None:
    assert near(text) == (
        Suggestion("list buckets", complete=True),
        Suggestion("list files in my-bucket", complete=False),
        Suggestion("help", complete=True),
    )


@pytest.mark.parametrize(
    "text",
    [
        "roast acme-reports files",
        'delete-ish "my file.txt" s3://acme-reports/logs/',
        "weirdly copy a/b/c.txt acme-reports",
        "report lifecycle workflow for acme-reports and /aws/lambda/f wf-k3m9x2q7",
        "create roast 192-168 acme-2",
    ],
)
def test_what_can_be_pressed_is_a_complete_command(text: str) -> None:
    offered = [suggestion.text for suggestion in near(text) if suggestion.complete]

    assert [resolve(each, Thread(), KNOWLEDGE).state for each in offered] == ["resolved"] * len(offered)


@pytest.mark.parametrize(
    "text",
    [
        "what happened to report.csv from my-bucket",
        "show report.csv from my-bucket upside down",
        "who forgot phrase 3",
        "weird phrase 3",
        "report.csv from my-bucket is odd",
        "management of the lifecycle, my-bucket?",
        "would you delete-ish delete report.csv roasted from my-bucket?",
    ],
)
def test_who_asks_for_something_is_not_offered_to_take_it_away(text: str) -> None:
    offered = [resolve(each.text, Thread(), KNOWLEDGE).intent for each in near(text)]

    assert offered
    entries = [KNOWLEDGE.entries[intent.entry] for intent in offered if intent]
    assert not [entry.name for entry in entries if entry.effect == "destroy" or entry.access == "teach"]
    assert "explain" not in [entry.name for entry in entries]


@pytest.mark.parametrize(
    "text",
    [
        "delete a.csv from my-bucket just kidding",
        "delete a.csv from my-bucket, maybe, someday",
        "hypothetically copy a.csv from my-bucket to other-bucket",
        "copy a.csv from my-bucket to other-bucket but weirdly",
        "weirdly create bucket acme-x instead",
        "turn off lifecycle management for acme-x",
        "remove lifecycle management from acme-x",
        "disable inventory report for acme-x",
        "stop the inventory report workflow for acme-x",
        "who deleted a.csv from my-bucket",
        "who created bucket my-bucket",
        "vaporise my-bucket",
    ],
)
def test_no_change_can_be_pressed_that_the_sentence_turns_or_doubts_or_does_not_ask_for(text: str) -> None:
    offered = [resolve(each.text, Thread(), KNOWLEDGE).intent for each in near(text) if each.complete]

    assert not [each.entry for each in offered if each and KNOWLEDGE.entries[each.entry].effect != "read"]


def test_who_wants_to_delete_is_offered_the_command_for_it() -> None:
    offered = near("quickly delete it: q3.csv acme-reports")

    assert Suggestion("delete q3.csv from acme-reports", complete=True) in offered


def test_a_message_that_is_not_understood_is_told_so_once_and_what_helps(room: Office) -> None:
    room.command("sing")

    assert lines(room.slack.calls[-1].body["blocks"])[0] == (
        "I did not understand that. Perhaps one of these is what you want; “help” shows all that I do."
    )


def test_a_press_runs_the_suggestion_as_if_typed(room: Office) -> None:
    room.mention("sing the files of acme-reports to bob's band", user="U0CAROL")
    offered = buttons(room)

    room.click(room.button("say"), user="U0CAROL", ts="1700000001.000001", thread="1799999999.000000")

    assert offered[0] == "list files in acme-reports"
    assert "q3.csv" in str(room.posts[-1]["blocks"])
    assert room.posts[-1]["thread_ts"] == "1799999999.000000"


def test_a_suggestion_that_destroys_still_waits_for_its_confirmation(room: Office) -> None:
    room.command("roast and delete-ish q3.csv of acme-reports")

    room.click({"action_id": "say", "value": "delete q3.csv from acme-reports"}, ephemeral=True)

    assert room.button("confirm")
    assert room.s3().list_objects_v2(Bucket="acme-reports")["KeyCount"] == 1


def test_a_suggestion_does_not_run_for_somebody_who_may_not(room: Office) -> None:
    room.click({"action_id": "say", "value": "delete q3.csv from acme-reports"}, user="U0CAROL")

    assert "Not allowed" in room.last


def test_what_cannot_be_run_as_it_is_stands_there_as_text(room: Office) -> None:
    room.command("sing")

    assert buttons(room) == ["list buckets", "help"]
    assert lines(room.slack.calls[-1].body["blocks"])[1:] == ["list files in my-bucket"]
    assert room.last.endswith("• list buckets\n• list files in my-bucket\n• help")


def test_a_suggestion_too_long_for_a_button_stands_there_as_text(room: Office) -> None:
    long = f"{'very-' * 11}long-bucket"

    room.command(f"roast the files of {long} and {long}")

    assert not any(long * 2 in each for each in buttons(room))
    assert all(len(each) <= 75 for each in buttons(room))
