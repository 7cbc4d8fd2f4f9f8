"""What people say on in a thread: answers with talk around them, corrections with their reasons, references to what was
named before."""

import pytest

from bot.__main__ import Conversation
from bot.knowledge_base import from_seeds
from bot.models import Turn

KNOWLEDGE = from_seeds()


def after(*texts: str) -> Turn:
    """What the last of one person's messages comes to in a thread."""
    conversation = Conversation(KNOWLEDGE)
    turns = [conversation.say("alice", text) for text in texts]
    return turns[-1]


def meant(*texts: str) -> tuple[str, str, dict[str, object]]:
    """The state, the entry and the values of the last message."""
    turn = after(*texts)
    assert turn.intent is not None
    return turn.state, turn.intent.entry, dict(turn.intent.parameters)


# --- answers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        "wf-k3m9x2q7. please hurry",
        "found: wf-k3m9x2q7",
        "ah, I copied half of it before. wf-k3m9x2q7",
        "wf-k3m9x2q7, sorry, the rest got lost",
    ],
)
def test_an_id_with_talk_around_it_answers_the_question_and_asks_for_no_status(reply: str) -> None:
    assert meant("stop the workflow", reply) == ("resolved", "workflow.stop", {"execution_id": "wf-k3m9x2q7"})


def test_half_an_id_is_asked_for_again_by_the_same_question() -> None:
    turn = after("stop the workflow", "wf-99")

    assert turn.intent is not None
    assert (turn.state, turn.intent.entry) == ("ask", "workflow.stop")


def test_whoever_asks_for_a_status_meanwhile_gets_it() -> None:
    assert meant("stop the workflow", "status of wf-k3m9x2q7")[1] == "workflow.status"


@pytest.mark.parametrize(
    "reply",
    [
        "then without the underscore: my-bucket",
        "oh ok so no spaces and no capitals. my-bucket",
        "should be in my-bucket, that's where marketing dumps everything",
        "my-bucket, of course",
    ],
)
def test_what_is_said_around_an_answer_does_not_hide_it(reply: str) -> None:
    found = {"key": "report.csv", "bucket": "my-bucket"}

    assert meant("delete report.csv", reply) == ("resolved", "s3.delete_file", found)


def test_talk_around_an_answer_to_a_change_is_shown_and_confirmed() -> None:
    turn = after("delete report.csv", "marketing dumps everything there. my-bucket")

    assert turn.intent is not None
    assert turn.intent.aside == "marketing dumps everything there."


@pytest.mark.parametrize(
    "reply",
    [
        "my-bucket, if Bob agrees",
        "my-bucket, but wait until tomorrow",
        "in my-bucket, on second thought keep it",
        "two minutes, dear Dario!",
        "morning Elise!",
    ],
)
def test_conditions_doubts_and_talk_are_no_answer(reply: str) -> None:
    turn = after("delete report.csv", reply)

    assert turn.state != "resolved"


def test_what_only_describes_is_asked_for_again() -> None:
    turn = after("list files", "the public one")

    assert (turn.state, turn.intent.missing if turn.intent else ()) == ("ask", ("bucket",))


@pytest.mark.parametrize(
    ("question", "entry"), [("run a workflow", "workflow.list"), ("list files", "s3.list_buckets")]
)
def test_which_ones_are_there_lists_what_was_asked_for(question: str, entry: str) -> None:
    assert meant(question, "which ones are there?") == ("resolved", entry, {})


@pytest.mark.parametrize(
    "reply",
    [
        "no wait, don't delete anything",
        "oh forget it, Sam has deleted old.csv from my-bucket",
        "nvm, Kim does my-bucket",
    ],
)
def test_what_is_called_off_stays_undone_whatever_is_named_with_it(reply: str) -> None:
    assert after("delete report.csv", reply).state == "cancelled"


def test_a_no_before_another_value_drops_nothing() -> None:
    turn = after("create a bucket in Ireland", "no, in London, sorry")

    assert (turn.state, turn.intent.parameters if turn.intent else {}) == ("ask", {"region": "eu-west-2"})


def test_the_same_bucket_answers_where_something_goes() -> None:
    copy = {"key": "a.csv", "source_bucket": "my-bucket", "destination_bucket": "my-bucket", "destination_key": "b.csv"}

    assert meant("copy a.csv from my-bucket", "into the same bucket, but as b.csv") == (
        "resolved",
        "s3.copy_file",
        copy,
    )


def test_an_id_that_somebody_else_says_to_whomever_is_no_request() -> None:
    conversation = Conversation(KNOWLEDGE)
    conversation.say("alice", "stop the workflow")

    assert conversation.say("bob", "wf-k3m9x2q7 I think").state == "unchanged"


# --- corrections --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "hm wrong target, I meant other-bucket-2",
        "argh no, not other-bucket, I meant other-bucket-2",
        "wrong destination bucket, I meant other-bucket-2",
        "*other-bucket-2",
    ],
)
def test_a_correction_says_why_and_changes_what_is_most_alike(text: str) -> None:
    copy = {"key": "a.csv", "source_bucket": "my-bucket", "destination_bucket": "other-bucket-2"}

    assert meant("copy a.csv from my-bucket to other-bucket", text) == ("resolved", "s3.copy_file", copy)


def test_a_correction_changes_what_was_said_and_adds_nothing() -> None:
    rule = {"workflow": "lifecycle_management", "bucket": "my-bucket", "transition_days": 90}

    assert meant("move files in my-bucket to cheaper storage after a year", "make that a quarter instead")[2] == rule


def test_a_corrected_id_is_for_the_same_command() -> None:
    assert meant("kill wf-k3m9x2q7", "sorry, I meant wf-k3m9x2q8")[1:] == (
        "workflow.stop",
        {"execution_id": "wf-k3m9x2q8"},
    )


@pytest.mark.parametrize("text", ["make it private", "and rename it to b.csv"])
def test_how_something_shall_be_is_no_value_of_the_last_command(text: str) -> None:
    for first in ("audit my-bucket", "copy a.csv from my-bucket to other-bucket"):
        turn = after(first, text)

        assert turn.intent is None


# --- what was named before ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bucket"),
    [
        ("list the files in the second bucket", "other-bucket"),
        ("who can read the destination bucket?", "other-bucket"),
        ("list the source bucket", "my-bucket"),
    ],
)
def test_the_buckets_of_a_copy_can_be_told_apart_without_their_names(text: str, bucket: str) -> None:
    turn = after("copy a.csv from my-bucket to other-bucket", text)

    assert turn.intent is not None
    assert turn.intent.parameters["bucket"] == bucket
    assert turn.intent.origins["bucket"] == "inherited"


def test_what_was_named_one_after_another_can_be_counted() -> None:
    said = ("list files in acme-a", "now acme-b")

    assert meant(*said, "delete x.csv from the first one")[2] == {"key": "x.csv", "bucket": "acme-a"}
    assert meant(*said, "list the other bucket")[2] == {"bucket": "acme-a"}
    assert meant("is wf-aaaaaaaa done?", "and wf-bbbbbbbb?", "stop the second one")[1:] == (
        "workflow.stop",
        {"execution_id": "wf-bbbbbbbb"},
    )


def test_a_bucket_that_was_created_is_the_new_one() -> None:
    copy = {"key": "a.csv", "source_bucket": "my-bucket", "destination_bucket": "fresh-bucket"}

    assert meant("create bucket fresh-bucket", "copy a.csv from my-bucket to the new bucket")[2] == copy


@pytest.mark.parametrize("noun", ["new", "destination", "different", "certain", "other"])
def test_what_tells_a_bucket_apart_is_no_name_of_one(noun: str) -> None:
    turn = after(
        f"delete a.csv from a {noun} bucket"
        if noun in ("different", "certain")
        else f"delete a.csv from the {noun} bucket"
    )

    assert turn.intent is None or "bucket" not in turn.intent.parameters


def test_from_there_is_no_reason_to_copy_a_file_to_where_it_is() -> None:
    turn = after("is my-bucket encrypted?", "copy a.csv from there")

    assert (turn.state, turn.intent.missing if turn.intent else ()) == ("ask", ("destination_bucket",))


# --- further wishes ------------------------------------------------------------------------------------------------


def test_one_more_of_what_was_made_needs_a_name_of_its_own() -> None:
    said = ("create bucket acme-a in London",)

    assert meant(*said, "create another one in Paris") == ("ask", "s3.create_bucket", {"region": "eu-west-3"})
    assert meant(*said, "and a second one, acme-b")[2] == {"bucket": "acme-b", "region": "eu-west-2"}
    assert meant(*said, "I meant in Paris")[2] == {"bucket": "acme-a", "region": "eu-west-3"}


@pytest.mark.parametrize("text", ["and expire them after 700 days", "also delete them after 700 days please"])
def test_what_is_wanted_as_well_is_added_to_the_last_command(text: str) -> None:
    turn = after("move files in my-bucket to cheaper storage after 60 days", text)

    assert turn.intent is not None
    assert turn.intent.parameters == {
        "workflow": "lifecycle_management",
        "bucket": "my-bucket",
        "transition_days": 60,
        "expiration_days": 700,
    }


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("weekly is enough btw", {"frequency": "Weekly"}),
        ("same thing but weekly, and in Parquet", {"frequency": "Weekly", "format": "Parquet"}),
        ("put the report in report-bucket", {"destination_bucket": "report-bucket"}),
    ],
)
def test_a_report_is_ordered_more_exactly_without_its_bucket(text: str, added: dict[str, object]) -> None:
    report = {"workflow": "inventory_report", "bucket": "my-bucket"}

    assert meant("inventory report of my-bucket", text)[2] == {**report, **added}


def test_the_copy_gets_a_name_afterwards() -> None:
    copied = "copy a.csv from my-bucket to other-bucket"

    assert meant(copied, "the copy should be called b.csv")[2]["destination_key"] == "b.csv"


@pytest.mark.parametrize("text", ["email them all to the printer", "can you also launch an EC2 instance for me?"])
def test_what_is_out_of_reach_is_said_so_where_it_is_ordered(text: str) -> None:
    turn = after("list files in my-bucket", text)

    assert (turn.state, turn.error.startswith("That is nothing that I can reach")) == ("not_understood", True)


@pytest.mark.parametrize("text", ["start the car, I'm coming", "can you ask Bob about that?"])
def test_what_people_ask_each_other_is_left_to_them(text: str) -> None:
    assert after("list files in my-bucket", text).state == "unchanged"


# --- what waits for its button ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "wait",
        "hold on",
        "actually, leave it alone",
        "oh no, that's the wrong file",
        "sorry, wrong bucket",
        "better not",
    ],
)
def test_whoever_hesitates_drops_what_waits_for_its_button(text: str) -> None:
    assert after("delete report.csv from my-bucket", text).state == "cancelled"


def test_what_waits_can_be_dropped_after_another_look() -> None:
    assert after("delete report.csv from my-bucket", "list files in other-bucket", "cancel").state == "cancelled"


def test_a_name_for_a_file_creates_no_bucket() -> None:
    assert after("create bucket fresh-bucket", "actually call it q3.csv").state == "unchanged"


@pytest.mark.parametrize("text", ["hmm no thats wrong", "why is it failing?"])
def test_a_complaint_without_any_logs_is_no_log_analysis(text: str) -> None:
    assert after("create bucket fresh-bucket", text).state == "unchanged"


def test_a_corrected_answer_is_for_what_was_asked_and_for_nothing_else() -> None:
    turn = after("copy reel.mov", "studio-a, no, studio-c")

    assert turn.state == "ask"
    assert turn.intent is not None
    assert turn.intent.parameters == {"key": "reel.mov", "source_bucket": "studio-c"}


def test_one_more_file_goes_the_way_of_the_last() -> None:
    assert meant("list files in my-bucket", "delete a.txt", "and junk.log as well please") == (
        "resolved",
        "s3.delete_file",
        {"key": "junk.log", "bucket": "my-bucket"},
    )


def test_a_later_time_is_added_to_the_rule_that_was_asked_for() -> None:
    assert meant(
        "move files under tmp/ in my-bucket to cheaper storage after 90 days", "expire after 700 days instead"
    )[2] == {
        "workflow": "lifecycle_management",
        "bucket": "my-bucket",
        "prefix": "tmp/",
        "transition_days": 90,
        "expiration_days": 700,
    }


@pytest.mark.parametrize(
    "text", ["no, the committee has the signed copy", "ok I'll get a coffee then", "it's only a file"]
)
def test_what_is_said_to_others_leaves_the_question_open(text: str) -> None:
    assert after("delete draft.txt", text).state == "unchanged"


@pytest.mark.parametrize(
    "text",
    [
        "forget it, bob still needs it",
        "never mind the first one",
        "never mind a.csv",
        "not the first one",
        "keep a.csv",
        "drop the last one",
        "cancel both",
        "hmm, not sure about that",
    ],
)
def test_whoever_takes_something_back_drops_what_waits(text: str) -> None:
    assert after("delete a.csv from my-bucket", "delete b.csv from my-bucket", text).state == "cancelled"


def test_what_follows_on_a_dropped_command_is_done() -> None:
    assert meant("delete a.csv from my-bucket", "forget it, list buckets") == ("resolved", "s3.list_buckets", {})


@pytest.mark.parametrize(
    ("text", "added"), [("prefix=tmp/", {"prefix": "tmp/"}), ("let us say 60", {"expiration_days": 60})]
)
def test_a_value_alone_sets_anew_what_waits(text: str, added: dict[str, object]) -> None:
    turn = after("run lifecycle management for my-bucket", text)

    assert turn.intent is not None
    assert turn.corrects
    assert turn.intent.parameters == {"workflow": "lifecycle_management", "bucket": "my-bucket", **added}


def test_a_change_of_what_waits_that_is_not_understood_is_said_to_be_none() -> None:
    turn = after("run lifecycle management for my-bucket", "glacier after 90 days, never delete")

    assert turn.state == "not_understood"
    assert turn.for_me
    assert turn.error.startswith("The command above waits as it was")


def test_talk_among_people_leaves_what_waits() -> None:
    assert after("delete a.csv from my-bucket", "thanks bob, see you at three").state == "unchanged"


# --- what is no answer, and which value "I meant" is about ------------------------------------------------------------


@pytest.mark.parametrize("text", ["hold on, need to ask Jonas", "wait, calling Jonas", "hold on, asking Jonas"])
def test_who_asks_somebody_first_names_neither_file_nor_bucket(text: str) -> None:
    turn = after("delete report.csv", text)

    assert (turn.state, turn.intent) == ("unchanged", None)


def test_i_meant_is_about_what_was_said_and_not_about_what_is_asked_for() -> None:
    assert meant("copy report.csv", "my-scans", "sorry, I meant my-scans-2025") == (
        "ask",
        "s3.copy_file",
        {"key": "report.csv", "source_bucket": "my-scans-2025"},
    )


def test_i_meant_with_the_role_of_what_is_asked_for_answers_it() -> None:
    assert meant("copy report.csv from my-scans", "I meant to my-archive") == (
        "resolved",
        "s3.copy_file",
        {"key": "report.csv", "source_bucket": "my-scans", "destination_bucket": "my-archive"},
    )
