"""What the bot says: Slack takes it, and nothing that somebody wrote notifies, links or hides anything."""

from __future__ import annotations

from typing import Any

import pytest

from bot import replies
from bot.errors import AwsRefused, Busy, NotFound, NotInChannel, NotUnderstood, NotYours
from bot.models import Entry, Intent, Parameter
from bot.replies import Bold, Code, Person
from tests.operations.conftest import lines
from tests.reply_rules import accepted, view_problems

NASTY = [
    "<!channel>",
    "<!subteam^S012>",
    "<@U0BOB>",
    "<http://evil.example|my-bucket>",
    "a & b",
    "`code` *bold* _it_ ~no~",
    "right\u202eleft",
    "line\nbreak",
    "😀" * 255,
    "ü" * 512,
]

DELETE = Entry(
    name="s3.delete_file",
    service="s3",
    title="Delete a file",
    summary="Deletes one file.",
    effect="destroy",
    access="destroy",
    parameters=(
        Parameter("key", "key", required=True, question="Which file shall I delete?"),
        Parameter("bucket", "bucket", required=True),
    ),
    confirm="Delete {key} from {bucket}.",
)
REPORT = Entry(
    name="inventory_report",
    service="s3",
    title="Inventory report for a bucket",
    summary="Says what is in it.",
    effect="write",
    access="write",
    state_machine="inventory_report",
    parameters=(
        Parameter("bucket", "bucket", required=True, description="the bucket to report on"),
        Parameter("format", "choice", choices=("CSV", "ORC"), default="CSV"),
        Parameter("days", "days", default=30),
    ),
)


def texts(blocks: Any) -> list[str]:
    """Every text in the blocks, however deep."""
    if isinstance(blocks, dict):
        return [v for k, v in blocks.items() if k == "text" and isinstance(v, str)] + texts(list(blocks.values()))
    if isinstance(blocks, (list, tuple)):
        return [text for block in blocks for text in texts(block)]
    return []


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_what_somebody_wrote_is_shown_literally_and_notifies_nobody(text: str):
    reply = replies.message("It says ", Code(text), ", ", Bold(text), " and ", text)

    accepted(reply)
    assert texts(reply.blocks).count(text) == 3


def test_only_a_person_of_slacks_own_naming_is_mentioned():
    reply = replies.message(Person("U0ALICE"), " said <@U0BOB>")

    accepted(reply)
    assert reply.text == "<@U0ALICE> said &lt;@U0BOB&gt;"


def test_escaping_is_what_slack_asks_for_and_no_more():
    assert replies.escape("a < b && \"c\" > 'd'") == "a &lt; b &amp;&amp; \"c\" &gt; 'd'"


def test_a_long_answer_is_cut_for_the_notification_only():
    reply = replies.message("x" * 5000)

    assert len(reply.text) == 3000
    assert texts(reply.blocks) == ["x" * 5000]


def test_a_list_is_read_to_those_who_only_hear_it():
    reply = replies.listed(["Two things:"], [["one"], [Code("<two>")]])

    accepted(reply)
    assert reply.text == "Two things:\n• one\n• &lt;two&gt;"
    assert lines(reply.blocks) == ["Two things:", "one", "<two>"]


def test_a_list_too_long_to_be_read_ends_between_two_items():
    reply = replies.listed(["Many:"], [["<" * 100]] * 20)

    accepted(reply)
    assert reply.text.endswith("&lt;")
    assert len(lines(reply.blocks)) == 21


def test_an_empty_piece_of_a_bullet_is_left_out():
    accepted(replies.message("x", after=[replies.bullets([["step", ""]])]))


def test_a_question_asks_for_the_first_that_is_missing_and_says_what_was_wrong():
    intent = Intent(
        "s3.delete_file",
        "s3.delete_file",
        missing=("bucket", "key"),
        problems={"bucket": "“My_Bucket” has capitals."},
    )

    reply = replies.question(intent, DELETE)

    accepted(reply)
    assert lines(reply.blocks) == ["“My_Bucket” has capitals. What is the bucket?"]
    assert reply.question is intent
    assert lines(replies.question(Intent("s3.delete_file", "s3.delete_file", missing=("key",)), DELETE).blocks) == [
        "Which file shall I delete?"
    ]


def test_a_confirmation_shows_its_target_and_what_was_seen_of_it():
    preview = [replies.bullets([["10 bytes"]])]

    reply = replies.confirmation(DELETE, {"key": "a{bucket}.csv", "bucket": "my-bucket"}, "h1", 5, preview=preview)

    accepted(reply)
    assert lines(reply.blocks) == ["Delete a file? Delete a{bucket}.csv from my-bucket.", "10 bytes"]
    [choice] = [block for block in reply.blocks if block["type"] == "actions"]
    assert [(e["action_id"], e["value"], e.get("style")) for e in choice["elements"]] == [
        ("confirm", "h1", "danger"),
        ("cancel", "h1", None),
    ]


def test_a_confirmation_hides_nothing_in_the_name_of_its_target():
    reply = replies.confirmation(DELETE, {"key": "photo\u202egpj.exe\n", "bucket": "my-bucket"}, "h1", 5)

    assert lines(reply.blocks) == [r"Delete a file? Delete photo\u202egpj.exe\n from my-bucket."]


def test_a_problem_says_what_to_do_and_what_would_work():
    error = NotUnderstood("I know no “frobnicate”.", hint="Did you mean:", examples=["list buckets", "help <!here>"])

    reply = replies.problem(error, private=True)

    accepted(reply)
    assert lines(reply.blocks) == [
        "I did not understand that. I know no “frobnicate”. Did you mean:",
        "list buckets",
        "help <!here>",
    ]
    assert reply.text.endswith("\n• list buckets\n• help &lt;!here&gt;")
    assert reply.private


@pytest.mark.parametrize("text", NASTY, ids=ascii)
def test_a_problem_may_quote_anything(text: str):
    accepted(replies.problem(NotFound(f"There is no file named {text}.", examples=[f"delete {text} from b"])))


def test_a_fault_gives_a_reference_and_no_detail():
    reply = replies.fault("ab12cd34")

    accepted(reply)
    assert reply.text.endswith("Reference: ab12cd34")


def test_an_answer_that_cannot_stand_in_the_channel_says_why_to_its_asker():
    error = NotInChannel("I am not a member here.", hint="Invite me with /invite @s3agent.")

    reply = replies.instead(replies.message("2 buckets"), error)

    accepted(reply)
    assert reply.private
    assert reply.blocks[-1]["elements"][0]["text"] == (
        "Only you see this. I am not a member here. Invite me with /invite @s3agent."
    )


def test_a_form_has_an_input_for_each_parameter_with_its_default():
    view = replies.form(REPORT, '{"workflow": "inventory_report"}', {})

    assert view_problems(view) == []
    inputs = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    assert {name: block["optional"] for name, block in inputs.items()} == {
        "bucket": False,
        "format": True,
        "days": True,
    }
    assert inputs["format"]["element"]["initial_option"]["value"] == "CSV"
    assert inputs["days"]["element"]["initial_value"] == "30"


def test_a_refusal_of_aws_is_told_without_its_code():
    reply = replies.problem(AwsRefused("AWS is being asked too much at once.", code="SlowDown", hint="Try again."))

    assert lines(reply.blocks) == ["AWS refused. AWS is being asked too much at once. Try again."]


def test_commands_that_can_be_run_are_buttons_that_slack_takes_and_the_others_text():
    offers = ["list buckets", "list files in acme-reports", "help"]
    reply = replies.problem(
        NotUnderstood("What?", examples=[*offers, "delete report.csv from my-bucket"], offers=offers)
    )

    accepted(reply)
    assert lines(reply.blocks)[1:] == ["delete report.csv from my-bucket"]
    assert [block["elements"][0]["value"] for block in reply.blocks if block["type"] == "actions"] == offers
    assert all(offer in reply.text for offer in offers)


def test_a_change_without_words_of_its_own_is_confirmed_with_its_values():
    entry = Entry("s3.create_bucket", "s3", "Create a bucket", "Makes one.", "write", "write")
    reply = replies.confirmation(entry, {"bucket": "acme-fresh", "region": "eu-west-1"}, "id", 5)

    accepted(reply)
    assert lines(reply.blocks) == ["Create a bucket? bucket acme-fresh, region eu-west-1."]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"bucket": "b-1", "moved": 30, "gone": 365}, "In b-1, files move after 30 days and go after 365 days."),
        ({"bucket": "b-1", "gone": 1}, "In b-1, files go after 1 day."),
        ({"bucket": "b-1", "moved": 400}, "In b-1, files move after 400 days."),
        ({"bucket": "[x|{gone}]", "gone": 7}, "In [x|{gone}], files go after 7 days."),
    ],
)
def test_a_confirmation_says_only_what_will_be_done(values: dict[str, Any], said: str):
    ways = "move after {moved} days and go after {gone} days|go after {gone} days|move after {moved} days"

    parts = replies.filled(f"In {{bucket}}, files [{ways}].", values)

    assert replies.spoken(*parts) == said


def codes(blocks: Any) -> list[str]:
    parts = [part for block in blocks for each in block["elements"] for part in each["elements"]]
    return [part["text"] for part in parts if part.get("style", {}).get("code")]


@pytest.mark.parametrize(
    ("text", "names", "apart"),
    [
        ("acme-logs under logs/ holds 3 files.", ["acme-logs", "logs/"], ["acme-logs", "logs/"]),
        ("acme-logs-old is not acme-logs.", ["acme-logs"], ["acme-logs"]),
        ("files holds 3 files.", ["files"], []),
        ("a+b.csv, (a+b.csv)", ["a+b.csv"], ["a+b.csv", "a+b.csv"]),
        ("Nothing to say.", [], []),
    ],
)
def test_names_stand_apart_in_a_sentence(text: str, names: list[str], apart: list[str]):
    parts = replies.marked(text, names)

    assert codes([replies.paragraph(*parts)]) == apart
    assert replies.spoken(*parts) == text


def test_a_number_in_a_confirmation_is_a_word_of_the_sentence():
    parts = replies.filled("In {bucket} after {days} days.", {"bucket": "my-bucket", "days": 30})

    assert codes([replies.paragraph(*parts)]) == ["my-bucket"]


def test_somebody_elses_button_is_refused_in_one_sentence():
    reply = replies.problem(NotYours("Only the person who asked can answer this."), private=True)

    assert reply.text == "Only the person who asked can answer this."


def test_who_has_what_is_wanted_is_named() -> None:
    busy = Busy("It is at work on my-bucket.", hint="Ask again.", holder="U0BOB")

    assert replies.problem(busy).text == (
        "That did not work. It is at work on my-bucket. Ask again. It was <@U0BOB> who started it."
    )
