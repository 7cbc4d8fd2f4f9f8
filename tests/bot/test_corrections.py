"""Sentences whose author takes something back while writing."""

import pytest

from bot.conversations import Thread
from bot.knowledge_base import from_seeds
from bot.resolve import resolve
from tests.office import office

KNOWLEDGE = from_seeds()


def read(text: str) -> tuple[str, dict[str, object]] | None:
    intent = resolve(text, Thread(), KNOWLEDGE).intent
    return (intent.entry, dict(intent.parameters)) if intent and not intent.missing else None


@pytest.mark.parametrize(
    "text",
    [
        "copy q2.csv, no, q3.csv from my-bucket to other-bucket",
        "copy q2.csv (sorry, I mean q3.csv) from my-bucket to other-bucket",
        "copy q3.csv from old-bucket, wait, from my-bucket to other-bucket",
        "copy q3.csv from my-bucket to old-bucket, actually to other-bucket",
        'copy "q2 old.csv" - no, q3.csv from my-bucket to other-bucket',
        "copy q3.csv from my-bucket to old-bucket no wait other-bucket",
    ],
)
def test_the_value_that_was_meant_takes_the_place_of_the_one_taken_back(text: str) -> None:
    expected = {"key": "q3.csv", "source_bucket": "my-bucket", "destination_bucket": "other-bucket"}

    assert read(text) == ("s3.copy_file", expected)


def test_regions_and_lengths_of_time_can_be_taken_back() -> None:
    assert read("create bucket my-bucket in Ireland, sorry, London") == (
        "s3.create_bucket",
        {"bucket": "my-bucket", "region": "eu-west-2"},
    )
    assert read("delete files in my-bucket after 30 days, no, 60 days") == (
        "lifecycle_management",
        {"workflow": "lifecycle_management", "bucket": "my-bucket", "expiration_days": 60},
    )


def test_one_choice_can_be_taken_back_for_another() -> None:
    assert read("inventory report for my-bucket as CSV, daily, or rather weekly") == (
        "inventory_report",
        {"workflow": "inventory_report", "bucket": "my-bucket", "format": "CSV", "frequency": "Weekly"},
    )


@pytest.mark.parametrize(
    "text",
    [
        "delete q2.csv from my-bucket, no, keep it",
        "delete q2.csv from my-bucket, wait, do not",
        "delete q2.csv not q3.csv from my-bucket",
        "copy q2.csv from in-1 to out-1, no, in-2 to out-2",
        "do not delete q2.csv, actually q3.csv from my-bucket",
        "delete q2.csv from my-bucket, actually copy q3.csv to other-bucket",
        "delete q2.csv from my-bucket, sorry <@U0BOB>",
    ],
)
def test_where_it_is_not_clear_what_was_meant_instead_nothing_is_read(text: str) -> None:
    assert read(text) is None


def test_a_name_is_not_taken_back_by_the_name_of_something_else() -> None:
    assert read("delete q2.csv from my-bucket - no, q3.csv") == (
        "s3.delete_file",
        {"key": "q3.csv", "bucket": "my-bucket"},
    )


def test_a_change_that_was_corrected_is_confirmed_and_shows_what_was_left_out() -> None:
    with office() as room:
        room.s3().create_bucket(Bucket="old-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

        room.mention("create bucket team-photos, no, team-photos-2")

        assert room.button("confirm")
        assert "team-photos-2" in room.last
        assert "left out: “team-photos, no,”" in room.note
        assert [bucket["Name"] for bucket in room.s3().list_buckets()["Buckets"]] == ["old-bucket"]
