"""What is missing or wrong is asked for in the thread, and the answer goes on from there."""

from __future__ import annotations

from sandbox.cast import ALICE
from sandbox.slack import read
from tests.e2e.room import Room, actions, root


def test_a_mention_is_asked_in_its_own_thread_and_goes_on_from_the_bare_value(room: Room) -> None:
    bucket = room.bucket("a.txt")
    asked = room.mention("list files")
    assert "Which bucket" in read(asked)
    assert asked.thread

    answer = room.reply(bucket, asked)

    assert "a.txt" in read(answer)
    assert root(answer) == root(asked)


def test_a_command_has_no_thread_so_the_bot_opens_one(room: Room) -> None:
    bucket = room.bucket("a.txt")
    asked = room.command("list files")
    assert (asked.thread, asked.only_for) == ("", "")

    answer = room.reply(bucket, asked)

    assert "a.txt" in read(answer)
    assert answer.thread == asked.ts


def test_the_answer_may_be_a_sentence(room: Room) -> None:
    bucket = room.bucket("a.txt")

    assert "a.txt" in read(room.reply(f"in {bucket} please", room.mention("list files")))


def test_the_answer_may_hold_several_values_at_once(room: Room) -> None:
    source, destination = room.bucket("report.csv"), room.bucket()
    asked = room.mention("copy report.csv", by="bob")

    room.reply(f"from {source} to {destination}", asked, by="bob")

    assert room.keys(destination) == ["report.csv"]


def test_several_missing_values_are_asked_for_one_after_the_other(room: Room) -> None:
    source, destination = room.bucket("report.csv"), room.bucket()
    first = room.mention("copy report.csv", by="bob")

    second = room.reply(source, first, by="bob")
    assert room.keys(destination) == []
    room.reply(destination, second, by="bob")

    assert room.keys(destination) == ["report.csv"]


def test_a_value_that_breaks_a_rule_is_asked_for_again_with_the_rule(room: Room) -> None:
    bucket = room.bucket("a.txt")
    asked = room.mention("list files in My_Bucket")
    assert "My_Bucket" in read(asked)

    assert "a.txt" in read(room.reply(bucket, asked))


def test_never_mind_closes_the_question(room: Room) -> None:
    bucket = room.bucket("a.txt")
    asked = room.mention("list files")
    room.reply("never mind", asked)

    room.no_answer(lambda: room.person("alice").say(f"it was {bucket}", room.channel, thread=root(asked)))


def test_a_new_command_replaces_the_question(room: Room) -> None:
    asked = room.mention("list files")

    assert "Lifecycle management" in read(room.reply("list workflows", asked))
    room.no_answer(lambda: room.person("alice").say("acme-reports", room.channel, thread=root(asked)))


def test_a_list_of_what_was_asked_for_leaves_the_question_open(room: Room) -> None:
    bucket = room.bucket("a.txt", name="a-first-bucket")
    asked = room.mention("list files")

    listed = room.reply("list buckets", asked)
    answer = room.reply("the first one", asked)

    assert "Still open: Which bucket" in read(listed)
    assert f"1 file in `{bucket}`" in read(answer)


def test_the_second_of_a_list_is_deleted_after_its_full_name_was_confirmed(room: Room) -> None:
    bucket = room.bucket("a.txt", "b c.txt", "d.txt", versioned=True)
    listed = room.mention(f"list files in {bucket}")

    asked = room.reply("delete the second one", listed)
    assert f"`b c.txt` in `{bucket}`" in read(asked)
    assert f"from this thread: key b c.txt, bucket {bucket}" in read(asked)
    assert room.keys(bucket) == ["a.txt", "b c.txt", "d.txt"]
    room.click(asked, "confirm")

    assert room.keys(bucket) == ["a.txt", "d.txt"]
    assert "is hidden by a delete marker" in read(room.reply("undo", listed))


def test_a_correction_takes_the_buttons_off_the_message_that_it_corrects(room: Room) -> None:
    bucket = room.bucket("a.txt", "b.txt")
    first = room.mention(f"delete a.txt from {bucket}")

    second = room.reply("not that one, I meant b.txt", first)
    dropped = room.shows(first, "Dropped, as you said below.")
    room.click(second, "confirm")

    assert actions(dropped) == []
    assert room.keys(bucket) == ["a.txt"]


def test_somebody_elses_message_does_not_fill_the_question(room: Room) -> None:
    bucket = room.bucket("a.txt")
    asked = room.mention("list files")

    room.no_answer(lambda: room.person("bob").say(bucket, room.channel, thread=root(asked)))

    assert "a.txt" in read(room.reply(bucket, asked))


def test_a_question_that_is_over_is_not_filled(room: Room) -> None:
    bucket = room.bucket("a.txt")
    asked = room.mention("list files")
    room.lapse_question(root(asked), ALICE.id)

    said = read(room.reply(bucket, asked))

    assert "a.txt" not in said
    assert "15 minutes" in said


def test_what_a_thread_has_settled_can_be_referred_to(room: Room) -> None:
    first, second = room.bucket("a.txt"), room.bucket("b.txt")
    answer = room.mention(f"list files in {first}")

    assert "b.txt" in read(room.reply(f"and in {second}?", answer))


def test_a_bucket_that_vanishes_between_question_and_answer_is_said_to_be_missing(room: Room) -> None:
    bucket = room.bucket()
    asked = room.mention("list files")
    room.s3().delete_bucket(Bucket=bucket)

    said = read(room.reply(bucket, asked))

    assert bucket in said
    assert "Not found" in said


def test_people_who_talk_among_themselves_are_let_be(room: Room) -> None:
    def chatter() -> None:
        root_ts = room.person("alice").say("did you list buckets?", room.channel).message.ts
        room.person("bob").say("I did. list buckets works", room.channel, thread=root_ts)

    room.no_answer(chatter)


def test_an_edited_message_is_not_a_new_one(room: Room) -> None:
    said = room.person("alice").say("hello", room.channel)

    room.no_answer(lambda: room.person("alice").edit(said.message, "@s3agent list buckets"))
