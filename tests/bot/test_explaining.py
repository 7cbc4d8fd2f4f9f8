"""How a message was understood is said under its answer, and of any sentence when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot import prices
from sandbox.bedrock import Bedrock, chooses
from tests.fake_model import model
from tests.office import Office, office
from tests.operations.conftest import lines
from tests.tables import REGION


@pytest.fixture
def bedrock() -> Iterator[Bedrock]:
    with Bedrock() as server:
        yield server


@pytest.fixture
def room(bedrock: Bedrock) -> Iterator[Office]:
    with office(model(bedrock)) as room:
        room.s3().create_bucket(Bucket="staging-logs", CreateBucketConfiguration={"LocationConstraint": REGION})
        yield room


def shown(room: Office) -> list[str]:
    return lines(room.slack.calls[-1].body["blocks"])


# --- under an answer --------------------------------------------------------------------------------------------


def test_an_answer_says_that_the_knowledge_base_understood(room: Office) -> None:
    room.command("list files in staging-logs")

    assert room.note == "knowledge base"


def test_an_answer_says_which_model_understood_and_what_it_cost(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))

    room.command("have staging-logs confess what it hides")

    assert room.note == "Nova Micro · 640+48 tokens · $0.00003"


def test_an_answer_says_what_it_took_from_the_thread(room: Office) -> None:
    room.command("list files in staging-logs")

    room.reply("list files", thread="1700000001.000001")

    assert room.note == "knowledge base · from this thread: bucket staging-logs"


def test_what_is_asked_again_is_not_said_to_cost_again(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))
    room.mention("have staging-logs confess what it hides")

    room.reply("again", thread=room.worked[0].ts)

    assert room.note == "Nova Micro, asked before · from this thread: bucket staging-logs"


def test_a_confirmation_says_that_a_model_proposes_it(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-create_bucket", bucket="fresh-one"))

    room.command("summon the bucket fresh-one")

    assert room.button("confirm")
    assert room.note == "Nova Micro · 640+48 tokens · $0.00003"


@pytest.mark.parametrize(
    ("model_id", "usage", "cost"),
    [
        ("amazon.nova-micro-v1:0", {"input": 1_000_000, "output": 0}, 0.035),
        ("us.amazon.nova-micro-v1:0", {"input": 0, "output": 1_000_000}, 0.14),
        ("eu.amazon.nova-lite-v1:0", {"input": 1_000_000, "output": 1_000_000}, 0.30),
        ("anthropic.claude-3-haiku-20240307-v1:0", {"input": 1, "output": 1}, None),
        ("amazon.nova-microscope-v1:0", {"input": 1, "output": 1}, None),
    ],
)
def test_tokens_have_the_price_of_their_model(model_id: str, usage: dict[str, int], cost: float | None) -> None:
    assert prices.cost(model_id, usage) == (None if cost is None else pytest.approx(cost))


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "$0.00"), (0.0000049, "under $0.00001"), (0.000029, "$0.00003"), (0.5, "$0.50000"), (1234.5, "$1,234.50")],
)
def test_an_amount_is_shown_as_precisely_as_it_is_small(amount: float, text: str) -> None:
    assert prices.dollars(amount) == text


# --- explain ----------------------------------------------------------------------------------------------------


def test_explain_shows_the_reading_and_does_nothing(room: Office, bedrock: Bedrock) -> None:
    room.s3().put_object(Bucket="staging-logs", Key="a.txt", Body=b"x")

    room.command("explain delete a.txt from staging-logs")

    assert shown(room) == [
        "I read delete a.txt from staging-logs as delete a file:",
        "phrase: <delete> ([(<file>|<no_file>)];[<from_bucket>])",
        "key = a.txt – as typed",
        "bucket = staging-logs – as typed",
        "It needs destroy access, which you have.",
    ]
    assert "wait for your confirmation. Now nothing was done." in str(room.slack.calls[-1].body["blocks"])
    assert room.s3().list_objects_v2(Bucket="staging-logs")["KeyCount"] == 1
    assert bedrock.history == []


def test_explain_says_what_would_be_left_out_and_that_a_change_would_wait_for_it(room: Office) -> None:
    room.command("explain copy q2.csv, no, q3.csv from staging-logs to other-logs")

    assert "left out: q2.csv, no," in shown(room)
    assert "wait for your confirmation" in str(room.slack.calls[-1].body["blocks"])

    room.command("explain copy q3.csv from staging-logs to other-logs")

    assert "It would run at once, as soon as nothing is missing" in str(room.slack.calls[-1].body["blocks"])


def test_explain_reads_a_sentence_as_its_thread_would_and_leaves_the_thread_as_it_was(room: Office) -> None:
    for key in ("a.txt", "old report.csv"):
        room.s3().put_object(Bucket="staging-logs", Key=key, Body=b"x")
    thread = room.mention("list files in staging-logs").ts

    room.mention("explain copy the second one to other-logs", thread=thread)
    explained = shown(room)
    room.mention("explain list files", thread=thread)

    assert explained[2:5] == [
        "key = old report.csv – from this thread",
        "destination bucket = other-logs – as typed",
        "source bucket = staging-logs – from this thread",
    ]
    assert "bucket = staging-logs – from this thread" in shown(room)


def test_explain_tells_a_viewer_who_may(room: Office) -> None:
    room.command("explain delete a.txt from staging-logs", user="U0CAROL")

    assert shown(room)[-1] == (
        "“Delete a file” needs destroy access, which the group admin has. You are in the group viewer. "
        "Ask an admin to do it, or whoever runs me to put you into that group."
    )


def test_explain_names_what_is_missing_what_is_wrong_and_what_is_taken_for_granted(room: Office) -> None:
    room.command("explain run inventory report workflow for My_Bucket")

    assert shown(room)[2].startswith("format = CSV – unless you say otherwise")
    assert any(line.startswith("bucket is missing: “My_Bucket”") for line in shown(room))
    assert shown(room)[-2].endswith("I would ask: Which bucket shall I report on?")


def test_explain_says_that_a_model_would_be_asked_and_does_not_ask_it(room: Office, bedrock: Bedrock) -> None:
    room.command("explain have staging-logs confess what it hides")

    assert shown(room)[0] == (
        "The knowledge base does not know have staging-logs confess what it hides. "
        "I would ask Nova Micro what it means."
    )
    assert bedrock.history == []


def test_explain_without_a_model_shows_what_comes_near() -> None:
    with office() as room:
        room.command("explain have staging-logs confess what it hides")

        assert shown(room)[0].endswith("and would answer: I do not know what to do with that.")
        assert "list buckets" in shown(room)


def test_explain_says_what_is_not_offered_and_what_is_instead(room: Office) -> None:
    room.command("explain move a.txt from staging-logs to other-logs")

    assert shown(room)[0] == (
        "I read move a.txt from staging-logs to other-logs, and would refuse: I do not move or rename files. "
        "I can copy a file, and then delete the old one."
    )


def test_explain_alone_asks_which_sentence_and_a_command_as_the_reply_is_only_explained(room: Office) -> None:
    room.command("explain")
    room.reply("create bucket never-made", thread="1700000001.000001")

    assert "Which sentence" in room.posts[0]["text"]
    assert shown(room)[0] == "I read create bucket never-made as create a bucket:"
    assert [bucket["Name"] for bucket in room.s3().list_buckets()["Buckets"]] == ["staging-logs"]


@pytest.mark.parametrize(
    "sentence",
    [
        "explain",
        "never mind",
        "<!channel> list buckets",
        "list files in \u202egnp.exe",
        "help",
        "explain explain list buckets",
        "x" * 3000,
        "list files in my-bucket and then some, and delete a.txt from b-b-b",
        "{bucket} <show> (|)",
    ],
)
def test_explain_answers_whatever_it_is_given(room: Office, sentence: str) -> None:
    room.command(f"explain {sentence}")

    assert len(room.slack.calls) == 1
    assert "Something broke" not in room.last
    assert "<!channel>" not in room.last
