"""Changes that are read by their values and the roles of these alone."""

import pytest

from bot.conversations import Thread
from bot.knowledge_base import from_seeds
from bot.models import Intent
from bot.resolve import resolve

KNOWLEDGE = from_seeds()


def read(text: str) -> Intent | None:
    intent = resolve(text, Thread(), KNOWLEDGE).intent
    return intent if intent and not intent.missing else None


@pytest.mark.parametrize(
    "text",
    [
        "to dst-1 I'd like report.csv copied, it sits in src-1",
        "report.csv: copy it to dst-1, it is in src-1",
        "dst-1 needs report.csv from src-1, copy it over",
        "into dst-1 please copy report.csv, you'll find it in src-1",
        "there's report.csv in src-1. Kindly copy it into dst-1, too",
    ],
)
def test_the_word_beside_a_bucket_says_which_it_is(text: str) -> None:
    intent = read(text)

    assert intent
    assert intent.entry == "s3.copy_file"
    assert intent.parameters == {"key": "report.csv", "source_bucket": "src-1", "destination_bucket": "dst-1"}
    assert intent.aside, "what was passed over is confirmed"


def test_a_name_in_quotes_keeps_what_looks_like_a_possessive() -> None:
    intent = read("to dst-1 I'd like \"what is bob's\" copied, it sits in src-1")

    assert intent
    assert intent.parameters == {"key": "what is bob's", "source_bucket": "src-1", "destination_bucket": "dst-1"}


def test_of_two_buckets_one_is_in_whatever_is_left() -> None:
    intent = read("in dst-1 I want old.csv from src-1, but under the name new.csv; please copy it")

    assert intent
    assert intent.parameters == {
        "key": "old.csv",
        "destination_key": "new.csv",
        "source_bucket": "src-1",
        "destination_bucket": "dst-1",
    }


@pytest.mark.parametrize(
    "text",
    [
        "I copy report.csv from src-1, it goes to dst-1",
        "I'd have report.csv copied, it sat in src-1 and went to dst-1",
        "there's report.csv in src-1, somebody copied it to dst-1",
        "to dst-1 I have copied report.csv, it sits in src-1",
        "to dst-1 I'd like report.csv copied, not the one in src-1",
        "to dst-1 I'd like *.csv copied, it sits in src-1",
        "to dst-1 I'd like report.csv copied tomorrow, it sits in src-1",
        "if it sits in src-1 I'd like report.csv copied to dst-1",
        "to dst-1 I'd like report.csv and old.csv copied, it sits in src-1",
        "report.csv sits in src-1, copy it to dst-1 and delete it",
        "create a bucket like my-bucket, please",
    ],
)
def test_what_is_told_or_conditional_or_of_two_meanings_is_not_read(text: str) -> None:
    assert read(text) is None
