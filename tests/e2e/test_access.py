"""Who may do what, where the bot may speak, and whose buttons are whose."""

from __future__ import annotations

import pytest

from sandbox.cast import ALICE, BOB, CAROL
from sandbox.slack import read
from sandbox.stage import Stage
from tests.e2e.room import Room, actions, value


def test_a_viewer_may_read(room: Room) -> None:
    assert "a.txt" in read(room.command(f"list files in {room.bucket('a.txt')}", by="carol"))


def test_a_viewer_may_not_write_and_is_told_so_alone(room: Room) -> None:
    said = room.command("create bucket e2e-never-made", by="carol")

    assert said.only_for == CAROL.id
    assert "Not allowed" in read(said)
    assert "e2e-never-made" not in [found["Name"] for found in room.s3().list_buckets()["Buckets"]]


def test_an_operator_may_not_destroy(room: Room) -> None:
    bucket = room.bucket("keep.csv")

    said = room.command(f"delete keep.csv from {bucket}", by="bob")

    assert "Not allowed" in read(said)
    assert actions(said) == []


def test_an_operator_may_not_run_what_destroys(room: Room) -> None:
    said = room.mention(f"run lifecycle management workflow for {room.bucket()}", by="bob")

    assert "Not allowed" in read(said)


@pytest.mark.parametrize("text", ["create bucket e2e-by-a-guest", "delete keep.csv from {bucket}"])
def test_somebody_from_another_workspace_changes_nothing(room: Room, text: str) -> None:
    bucket = room.bucket("keep.csv")

    said = room.mention(text.format(bucket=bucket), by="mallory")

    assert "Not allowed" in read(said)
    assert actions(said) == []


def test_where_the_bot_is_no_member_the_answer_is_private_and_says_how_to_invite_it(outside: Room) -> None:
    said = outside.command("list buckets")

    assert said.only_for == ALICE.id
    assert "/invite" in read(said)


def test_somebody_elses_click_changes_nothing_and_leaves_the_button(room: Room) -> None:
    bucket = room.bucket("old.csv")
    asked = room.command(f"delete old.csv from {bucket}")

    told = room.click(asked, "confirm", by="bob")

    assert (told.only_for, room.keys(bucket)) == (BOB.id, ["old.csv"])
    assert actions(room.now(asked)) == ["confirm", "cancel"]
    room.click(asked, "confirm")
    assert room.keys(bucket) == []


def test_a_second_click_has_no_second_effect(room: Room, stage: Stage) -> None:
    bucket = room.bucket("old.csv")
    asked = room.command(f"delete old.csv from {bucket}")
    room.click(asked, "confirm")
    room.s3().put_object(Bucket=bucket, Key="old.csv", Body=b"new")

    # Somebody who has not seen the message change yet presses what stood there.
    told = room.answer(lambda: stage.person("alice").click(asked, "confirm"))

    assert told.only_for == ALICE.id
    assert room.keys(bucket) == ["old.csv"]


def test_a_click_after_cancel_does_nothing(room: Room, stage: Stage) -> None:
    bucket = room.bucket("old.csv")
    asked = room.command(f"delete old.csv from {bucket}")
    room.click(asked, "cancel")

    room.answer(lambda: stage.person("alice").click(asked, "confirm"))

    assert room.keys(bucket) == ["old.csv"]


def test_a_late_click_does_nothing_and_says_so(room: Room) -> None:
    bucket = room.bucket("old.csv")
    asked = room.command(f"delete old.csv from {bucket}")
    room.lapse_button(value(asked, "confirm"))

    said = room.click(asked, "confirm")

    assert "no longer valid" in read(said)
    assert actions(said) == []
    assert room.keys(bucket) == ["old.csv"]


def test_a_bucket_that_vanishes_before_the_confirmation_is_said_to_be_missing(room: Room) -> None:
    bucket = room.bucket("old.csv")
    asked = room.command(f"delete old.csv from {bucket}")
    room.s3().delete_object(Bucket=bucket, Key="old.csv")
    room.s3().delete_bucket(Bucket=bucket)

    assert "Not found" in read(room.click(asked, "confirm"))


def test_somebody_elses_next_button_shows_them_nothing(room: Room) -> None:
    bucket = room.bucket(*(f"file-{number:03}.txt" for number in range(60)))
    first = room.command(f"list files in {bucket}")

    told = room.click(first, "next", by="bob")

    assert told.only_for == BOB.id
    assert "file-050.txt" not in read(told)


def test_a_workflows_button_opens_its_form_or_asks_and_both_lead_on(room: Room, stage: Stage) -> None:
    bucket = room.bucket()
    shown = room.command("list workflows")
    before = len(stage.workspace.changes())
    stage.person("alice").click(shown, "run", "lifecycle_management")

    change = stage.workspace.wait_for(lambda: stage.workspace.changes(before), 20)[0]
    if change.view:
        asked = room.answer(lambda: stage.person("alice").submit(change.view, {"bucket": bucket}))
    else:
        asked = room.reply(bucket, change.message)

    assert bucket in read(asked)
    assert actions(asked) == ["confirm", "cancel"]
