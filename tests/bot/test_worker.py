"""One request, one effect, one answer: what people see when they say or press something, with the real code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.conversations import ThreadKey
from bot.models import Request
from bot.slack import SlackUnavailable
from tests.fakes import Answer
from tests.office import Office, office
from tests.tables import REGION


@pytest.fixture
def room() -> Iterator[Office]:
    with office() as room:
        yield room


def bucket(room: Office, name: str, *keys: str) -> None:
    room.s3().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    for key in keys:
        room.s3().put_object(Bucket=name, Key=key, Body=b"x")


def keys(room: Office, name: str) -> list[str]:
    return [item["Key"] for item in room.s3().list_objects_v2(Bucket=name).get("Contents", [])]


def buckets(room: Office) -> set[str]:
    return {found["Name"] for found in room.s3().list_buckets()["Buckets"]}


def test_a_command_is_answered_in_the_channel(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")

    room.command("list files in staging-logs")

    assert [post["channel"] for post in room.posts] == ["C0OPS"]
    assert "a.txt" in str(room.posts[0]["blocks"])
    assert "thread_ts" not in room.posts[0]


def test_a_mention_is_answered_in_its_thread(room: Office) -> None:
    request = room.mention("list buckets")

    assert request.ts == room.posts[0]["thread_ts"]


def test_a_command_without_words_gets_help(room: Office) -> None:
    room.command("   ")

    assert "create bucket" in str(room.slack.calls[-1].body).lower()


def test_what_is_missing_is_asked_for_in_a_thread_and_the_reply_completes_it(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")

    room.command("list files")
    room.reply("staging-logs", thread="1700000001.000001")

    assert "Which bucket" in room.posts[0]["text"]
    assert room.posts[1]["thread_ts"] == "1700000001.000001"
    assert "a.txt" in str(room.posts[1]["blocks"])


def test_what_a_list_shows_can_be_pointed_at_in_its_thread(room: Office) -> None:
    bucket(room, "staging-a")
    bucket(room, "staging-b", "a.txt", "old report.csv")
    thread = "1700000001.000001"

    room.command("list buckets")
    room.reply("list files in the second one", thread)
    listed, note = room.last, room.note
    room.reply("delete the last one", thread)

    assert "2 files in staging-b" in listed
    assert note == "knowledge base · from this thread: bucket staging-b"
    assert room.last == "Delete a file? old report.csv in staging-b."
    assert keys(room, "staging-b") == ["a.txt", "old report.csv"]

    room.click(room.button("confirm"), ts="1700000001.000003", thread=thread)

    assert keys(room, "staging-b") == ["a.txt"]


def test_a_list_of_what_was_asked_for_leaves_the_question_open(room: Office) -> None:
    bucket(room, "staging-a")
    bucket(room, "staging-b", "a.txt")
    thread = "1700000001.000001"

    room.command("list files")
    room.reply("list buckets", thread)
    note = room.note
    room.reply("the second one", thread)

    assert note == "Still open: Which bucket shall I look into?"
    assert "1 file in staging-b" in room.last


THREAD = "1700000001.000001"
SECOND = "1700000001.000002"
"""The timestamp of the second message that was posted."""


def test_a_greeting_in_a_direct_message_gets_a_line_and_one_among_people_gets_none(room: Office) -> None:
    room.reply("list buckets", "", channel="D0ALICE")
    room.reply("hello", "", channel="D0ALICE")
    answered = room.last
    room.mention("list buckets")
    room.reply("hello", "1799999999.000002")

    assert answered.startswith("Hello! Ask me for something")
    assert len(room.slack.calls) == 3


def test_undo_offers_to_delete_the_copy_and_deletes_nothing_by_itself(room: Office) -> None:
    bucket(room, "staging-a", "a b.txt")
    bucket(room, "staging-b")

    room.command('copy "a b.txt" from staging-a to staging-b')
    room.reply("undo", THREAD)
    said, offered = room.last, room.button("say")
    room.click(offered, thread=THREAD)

    assert said.startswith("Nothing was undone. Deleting the copy takes it back.")
    assert offered["value"] == 'delete "a b.txt" from staging-b'
    assert room.last == "Delete a file? a b.txt in staging-b."
    assert keys(room, "staging-b") == ["a b.txt"]

    room.reply("undo", THREAD)

    assert room.posts[-1]["text"] == "All right, I have dropped it. Nothing was changed."


def test_undo_is_about_the_last_change_whatever_was_looked_at_since(room: Office) -> None:
    bucket(room, "staging-a", "a.txt")
    bucket(room, "staging-b")
    room.command("copy a.txt from staging-a to staging-b")
    room.reply("list files in staging-b", THREAD)
    room.reply("delete a.txt from staging-a", THREAD)
    room.reply("cancel", THREAD)

    room.reply("undo", THREAD)

    assert room.last.startswith("Nothing was undone. Deleting the copy takes it back.")


@pytest.mark.parametrize(
    ("versioned", "said"),
    [
        (False, "Nothing was undone. The bucket keeps no versions: a.txt is gone for good."),
        (
            True,
            "Nothing was undone. a.txt is hidden by a delete marker. An operator can take the marker away:\n• aws",
        ),
    ],
)
def test_undo_says_what_becomes_of_a_deleted_file(room: Office, versioned: bool, said: str) -> None:
    bucket(room, "staging-a")
    if versioned:
        room.s3().put_bucket_versioning(Bucket="staging-a", VersioningConfiguration={"Status": "Enabled"})
    room.s3().put_object(Bucket="staging-a", Key="a.txt", Body=b"x")
    room.command("delete a.txt from staging-a")
    room.click(room.button("confirm"), ts=THREAD)

    room.reply("can i get it back?", THREAD)

    assert room.last.startswith(said)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("list buckets", "Nothing was undone. That only looked at things: there is nothing to take back."),
        (
            "create bucket staging-c",
            "Nothing was undone. I do not delete buckets. As long as it is empty, an operator can:",
        ),
    ],
)
def test_undo_is_honest_about_what_it_cannot(room: Office, command: str, said: str) -> None:
    room.command(command)

    room.reply("undo that", THREAD)

    assert room.last.startswith(said)


def test_to_delete_what_was_just_made_is_told_that_buckets_are_not_deleted(room: Office) -> None:
    room.command("create bucket staging-c")

    room.reply("delete it", THREAD)

    assert "I do not delete buckets. As long as it is empty, an operator can:" in room.last


def test_where_two_buckets_can_be_meant_both_are_buttons_that_answer_the_question(room: Office) -> None:
    bucket(room, "staging-a", "a.txt")
    bucket(room, "staging-b")
    room.command("copy a.txt from staging-a to staging-b")

    room.reply("delete it", THREAD)
    asked, offers = room.last, str(room.posts[-1]["blocks"])
    room.click(room.button("say"), thread=THREAD)

    assert asked == "Which bucket is the file in?"
    assert offers.index("'value': 'staging-a'") < offers.index("'value': 'staging-b'")
    assert room.last == "Delete a file? a.txt in staging-a."


def test_undo_of_somebody_else_says_nothing_to_them(room: Office) -> None:
    room.command("create bucket staging-c")

    room.reply("undo", THREAD, user="U0CAROL")

    assert len(room.slack.calls) == 1


def test_somebody_elses_reply_does_not_fill_the_question(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("list files")

    room.reply("staging-logs", thread="1700000001.000001", user="U0CAROL")

    assert len(room.slack.calls) == 1


def test_whoever_calls_the_bot_gets_an_answer_also_while_a_question_is_open(room: Office) -> None:
    room.command("list files")

    answers = []
    for said in ("how blue is acme-reports", "My Bucket", "ok"):
        room.mention(said, thread=THREAD)
        answers.append(room.posts[-1]["text"])

    assert answers[0].startswith(
        "I did not understand that. My question is still open: Which bucket shall I look into? Perhaps"
    )
    assert answers[1].startswith("“My Bucket” is not a bucket name: it must not have capital letters.")
    assert answers[2] == "Which bucket shall I look into?"


def test_who_was_not_understood_goes_on_without_calling_the_bot_again(room: Office) -> None:
    room.mention("please rename report.csv to old.csv", thread=THREAD)
    before = len(room.posts)

    room.reply("fair, but I forgot what we have put in acme-reports, can you look?", thread=THREAD, user="U0BOB")
    others = len(room.posts) - before
    room.reply("fair, but I forgot what we have put in acme-reports, can you look?", thread=THREAD)

    assert others == 0, "bob has not spoken with the bot here"
    assert "no bucket named acme-reports" in room.posts[-1]["text"]


def test_never_mind_closes_the_question(room: Office) -> None:
    room.command("list files")
    room.reply("never mind", thread="1700000001.000001")
    room.reply("staging-logs", thread="1700000001.000001")

    assert len(room.posts) == 2
    assert "dropped" in room.posts[1]["text"]


def test_a_question_is_over_after_fifteen_minutes_and_says_so_once(room: Office) -> None:
    room.command("list files")
    room.now += 15 * 60 + 1
    room.reply("staging-logs", thread="1700000001.000001")
    room.reply("staging-logs", thread="1700000001.000001")

    assert len(room.posts) == 2
    assert "15 minutes" in room.posts[1]["text"]


def test_a_new_command_in_the_thread_replaces_the_question(room: Office) -> None:
    room.command("list files")
    room.reply("list buckets", thread="1700000001.000001")

    assert "bucket" in room.posts[1]["text"]
    assert "Which" not in room.posts[1]["text"]


def test_people_who_talk_in_a_thread_are_left_alone(room: Office) -> None:
    room.command("list buckets")
    room.reply("ah, thanks, that is the one I meant", thread="1700000001.000001")
    room.reply("who made that?", thread="1700000009.000001", user="U0CAROL")

    assert len(room.slack.calls) == 1


def test_in_a_direct_message_the_reply_needs_no_thread(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.reply("list files", thread="", channel="D0ALICE")
    room.reply("staging-logs", thread="", channel="D0ALICE")

    assert "a.txt" in str(room.posts[1]["blocks"])


def test_a_viewer_may_not_create_and_is_told_so_in_private(room: Office) -> None:
    room.command("create bucket new-bucket", user="U0CAROL")

    assert room.posts == []
    assert "operator" in room.private[0]["text"]
    assert room.audit_last()["decision"]["S"] == "refused"


def test_a_viewer_is_not_even_asked_for_the_rest_of_what_is_refused(room: Office) -> None:
    room.command("delete a file", user="U0CAROL")

    assert "Not allowed" in room.private[0]["text"]


def test_a_delete_waits_for_its_button(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")

    room.command("delete a.txt from staging-logs")

    assert keys(room, "staging-logs") == ["a.txt"]
    room.click(room.button("confirm"))
    assert keys(room, "staging-logs") == []
    assert [update["ts"] for update in room.slack.sent("chat.update")] == ["1700000001.000001"]
    assert "actions" not in str(room.slack.sent("chat.update")[0]["blocks"])


def test_a_button_belongs_to_the_person_who_asked(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")

    room.click(room.button("confirm"), user="U0BOB")

    assert keys(room, "staging-logs") == ["a.txt"]
    assert "Only the person who asked" in room.private[0]["text"]
    assert "thread_ts" not in room.private[0]
    assert room.slack.sent("chat.update") == []


def test_who_presses_a_button_in_a_thread_is_told_there(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    asked = room.mention("delete a.txt from staging-logs")

    room.click(room.button("confirm"), user="U0BOB", thread=asked.ts)

    assert room.private[0]["thread_ts"] == asked.ts


def test_a_second_press_does_nothing(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")
    confirm = room.button("confirm")
    room.click(confirm)
    room.s3().put_object(Bucket="staging-logs", Key="a.txt", Body=b"again")

    room.click(confirm)

    assert keys(room, "staging-logs") == ["a.txt"]
    assert "only once" in room.private[0]["text"]


def test_a_late_press_does_nothing_and_takes_the_buttons_away(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")
    room.now += 5 * 60 + 1

    room.click(room.button("confirm"))

    assert keys(room, "staging-logs") == ["a.txt"]
    assert "no longer valid" in room.slack.sent("chat.update")[0]["text"]


def test_cancel_does_nothing_and_says_so(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")

    room.click(room.button("cancel"))

    assert keys(room, "staging-logs") == ["a.txt"]
    assert "Nothing was changed" in room.slack.sent("chat.update")[0]["text"]


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("not that one, I meant two.txt", True),
        ("delete two.txt instead", True),
        ("no, I meant three.txt", True),  # which is not there: it was not to be a.txt either
        ("and two.txt too", False),
        ("the same for two.txt", False),
    ],
)
def test_a_correction_takes_the_place_of_the_command_that_waits(room: Office, said: str, gone: bool) -> None:
    bucket(room, "staging-logs", "a.txt", "two.txt")
    room.command("delete a.txt from staging-logs")
    confirm = room.button("confirm")

    room.reply(said, THREAD)
    closed = [(update["ts"], update["text"]) for update in room.slack.sent("chat.update")]
    room.click(confirm, ts=THREAD)

    assert closed == ([(THREAD, "Dropped, as you said below. Nothing was changed.")] if gone else [])
    assert keys(room, "staging-logs") == (["a.txt", "two.txt"] if gone else ["two.txt"])
    assert ("replaced by what you said after it" in room.last) is gone


def test_a_correction_of_what_was_confirmed_leaves_its_result(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt", "two.txt")
    room.command("delete a.txt from staging-logs")
    room.s3().delete_object(Bucket="staging-logs", Key="a.txt")
    room.click(room.button("confirm"), ts=THREAD)

    room.reply("not that one, I meant two.txt", THREAD)

    assert len(room.slack.sent("chat.update")) == 1
    assert room.last == "Delete a file? two.txt in staging-logs."


def test_a_correction_of_a_change_that_is_done_says_so_and_waits_for_the_button(room: Office) -> None:
    room.command("create bucket acme-bob-1")

    room.reply("oh I meant acme-teams", THREAD)

    assert room.last == (
        "Create a bucket? bucket acme-teams. "
        "“create bucket acme-bob-1” was carried out before and stays as it is; this comes on top of it."
    )
    assert "acme-teams" not in buckets(room)
    room.click(room.button("confirm"), ts=SECOND, thread=THREAD)
    assert {"acme-bob-1", "acme-teams"} <= buckets(room)

    room.reply("create bucket acme-more", THREAD)

    assert "acme-more" in buckets(room)


def test_never_mind_is_answered_and_remembered_even_where_the_buttons_cannot_be_taken_away(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")
    room.slack.answers("chat.update", Answer(status=503), Answer(status=503))

    room.reply("never mind", THREAD)

    assert room.posts[-1]["text"] == "All right, I have dropped it. Nothing was changed."
    assert {update["ts"] for update in room.slack.sent("chat.update")} == {THREAD}
    assert not room.bot.conversations.thread(ThreadKey("T0LOCAL", "C0OPS", THREAD, "U0ALICE"), room.now).waiting


def two_cards(room: Office) -> list[dict[str, Any]]:
    """The Confirm buttons of two deletions in one thread."""
    bucket(room, "staging-logs", "a.txt", "two.txt")
    room.command("delete a.txt from staging-logs")
    older = room.button("confirm")
    room.reply("delete two.txt from staging-logs", THREAD)
    return [older, room.button("confirm")]


def test_never_mind_drops_all_that_waits_and_takes_their_buttons_away(room: Office) -> None:
    buttons = two_cards(room)

    room.reply("never mind", THREAD)

    assert room.posts[-1]["text"] == "All right, I have dropped all 2 that waited for Confirm. Nothing was changed."
    assert [update["ts"] for update in room.slack.sent("chat.update")] == [THREAD, SECOND]
    for confirm in buttons:
        room.click(confirm, ts=THREAD)
        assert "cancelled before" in room.last
    assert keys(room, "staging-logs") == ["a.txt", "two.txt"]


def test_what_was_confirmed_is_not_dropped_and_what_still_waits_is(room: Office) -> None:
    older, newer = two_cards(room)
    room.click(newer, ts=SECOND, thread=THREAD)

    room.reply("never mind", THREAD)

    assert room.posts[-1]["text"] == "All right, I have dropped it. Nothing was changed."
    room.click(older, ts=THREAD)
    assert keys(room, "staging-logs") == ["a.txt"]


def test_a_correction_replaces_the_last_of_two_commands_and_leaves_the_other(room: Office) -> None:
    older, _ = two_cards(room)

    room.reply("not that one, I meant three.txt", THREAD)
    room.click(older, ts=THREAD)

    assert keys(room, "staging-logs") == ["two.txt"]


def test_a_dropped_question_says_that_a_command_still_waits(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")
    room.reply("create a bucket", THREAD)

    room.reply("never mind", THREAD)

    assert room.last == "All right, I have dropped my question. The command above still waits for its button."


def test_undo_is_about_what_was_done_last_and_not_about_what_waited_before_it(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")
    confirm = room.button("confirm")
    room.reply("create bucket acme-teams", THREAD)

    room.reply("undo", THREAD)

    assert "acme-teams" in room.last
    room.click(confirm, ts=THREAD)
    assert keys(room, "staging-logs") == []


def test_a_bucket_that_vanished_before_the_button_was_pressed_is_said_to_be_gone(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")
    room.s3().delete_object(Bucket="staging-logs", Key="a.txt")
    room.s3().delete_bucket(Bucket="staging-logs")

    room.click(room.button("confirm"))

    assert "staging-logs" in room.slack.sent("chat.update")[0]["text"]
    assert "Not found" in room.slack.sent("chat.update")[0]["text"]


def test_next_goes_on_from_where_the_page_ended(room: Office) -> None:
    bucket(room, "staging-logs", *(f"{number:03}.txt" for number in range(70)))
    room.command("list files in staging-logs")

    room.click(room.button("next"))

    update = str(room.slack.sent("chat.update")[0]["blocks"])
    assert "000.txt" in str(room.posts[0]["blocks"])
    assert "069.txt" in update
    assert "000.txt" not in update


def test_a_request_that_is_delivered_again_is_answered_once(room: Office) -> None:
    request = room.command("create bucket new-bucket")

    room.work(request, received=2)

    assert len(room.slack.calls) == 1


def test_when_slack_is_away_only_the_posting_is_repeated(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")
    room.slack.answers("chat.update", Answer(status=500), Answer(status=500))
    with pytest.raises(SlackUnavailable):
        room.click(room.button("confirm"))
    room.s3().put_object(Bucket="staging-logs", Key="a.txt", Body=b"again")

    room.work(room.worked[-1], received=2)

    assert keys(room, "staging-logs") == ["a.txt"]
    assert "Deleted" in room.slack.sent("chat.update")[-1]["text"]


def test_on_the_last_delivery_nothing_is_begun_and_the_person_is_told(room: Office) -> None:
    lost = Request("trigger.lost", "command", "T0LOCAL", "C0OPS", "U0ALICE", "create bucket new-bucket")

    room.work(lost, received=3)

    assert "given up" in room.posts[0]["text"]
    assert room.s3().list_buckets()["Buckets"] == []


def test_where_the_bot_is_no_member_the_answer_is_private_and_says_how_to_invite(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.slack.refuses("chat.postMessage", "not_in_channel")

    room.command("list files in staging-logs")

    assert "a.txt" in str(room.private[0]["blocks"])
    assert "/invite @s3agent" in str(room.private[0]["blocks"])


def test_a_question_that_cannot_be_answered_there_is_not_asked(room: Office) -> None:
    room.slack.refuses("chat.postMessage", "channel_not_found")

    room.command("list files")

    assert "/invite @s3agent" in room.private[0]["text"]


def test_a_fault_of_ours_gets_a_reference_that_the_log_has_too(room: Office, caplog: pytest.LogCaptureFixture) -> None:
    room.dynamodb.delete_table(TableName="Conversations")

    with pytest.raises(ClientError):  # what the thread goes on from is not noted yet: the queue brings it again
        room.mention("list buckets")

    reference = room.posts[0]["text"].rsplit(" ", 1)[1]
    assert reference in [getattr(record, "reference", "") for record in caplog.records]


def test_a_message_too_long_to_read_is_refused(room: Office) -> None:
    room.command("list files in staging-logs " + "x" * 4000)

    assert "too long" in room.private[0]["text"]


def test_the_audit_says_who_asked_what_and_what_came_of_it(room: Office) -> None:
    request = room.command("create bucket new-bucket", user="U0BOB")
    item = room.audit(request)

    assert item["user"]["S"] == "U0BOB"
    assert item["text"]["S"] == "create bucket new-bucket"
    assert item["intent"]["S"] == "s3.create_bucket"
    assert item["decision"]["S"] == "executed"


def test_never_mind_in_the_thread_drops_a_delete_that_waits_for_its_button(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")
    confirm = room.button("confirm")

    room.reply("never mind", thread="1700000001.000001")
    room.click(confirm)

    assert keys(room, "staging-logs") == ["a.txt"]
    assert "Nothing was changed" in room.posts[1]["text"]
    assert "cancelled before" in room.private[0]["text"]


def test_somebody_elses_never_mind_leaves_the_delete_to_its_button(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")
    confirm = room.button("confirm")

    room.reply("never mind", thread="1700000001.000001", user="U0CAROL")
    room.click(confirm)

    assert keys(room, "staging-logs") == []


def test_saying_yes_is_no_click(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")

    room.reply("yes", thread="1700000001.000001")

    assert keys(room, "staging-logs") == ["a.txt"]
    assert "Confirm" in room.posts[1]["text"]


def test_a_copy_that_would_replace_a_file_is_shown_first(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    bucket(room, "archive-logs")
    room.s3().put_object(Bucket="archive-logs", Key="a.txt", Body=b"older")

    room.command("copy a.txt from staging-logs to archive-logs", user="U0BOB")

    assert room.s3().get_object(Bucket="archive-logs", Key="a.txt")["Body"].read() == b"older"
    room.click(room.button("confirm"), user="U0BOB")
    assert room.s3().get_object(Bucket="archive-logs", Key="a.txt")["Body"].read() == b"x"


def test_a_copy_to_a_free_name_is_done_at_once(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    bucket(room, "archive-logs")

    room.command("copy a.txt from staging-logs to archive-logs", user="U0BOB")

    assert keys(room, "archive-logs") == ["a.txt"]


def test_an_answer_that_breaks_the_rules_is_told_which_and_asked_again(room: Office) -> None:
    room.command("create bucket", user="U0BOB")
    room.reply("A", thread="1700000001.000001", user="U0BOB")
    room.reply("good-name", thread="1700000001.000001", user="U0BOB")

    assert "3 to 63 characters" in room.posts[1]["text"]
    assert [found["Name"] for found in room.s3().list_buckets()["Buckets"]] == ["good-name"]


def test_when_the_message_of_the_button_is_gone_the_answer_stands_by_itself(room: Office) -> None:
    bucket(room, "staging-logs", "a.txt")
    room.command("delete a.txt from staging-logs")
    room.slack.refuses("chat.update", "message_not_found")

    room.click(room.button("confirm"))

    assert keys(room, "staging-logs") == []
    assert "Deleted" in room.posts[1]["text"]
