"""Commands beside a clause that says why, and commands in two pieces."""

import pytest

from bot.conversations import Thread
from bot.knowledge_base import from_seeds
from bot.resolve import resolve

KNOWLEDGE = from_seeds()


def read(text: str) -> tuple[str, dict[str, object], tuple[str, ...]] | None:
    intent = resolve(text, Thread(), KNOWLEDGE).intent
    return (intent.entry, dict(intent.parameters), intent.missing) if intent else None


@pytest.mark.parametrize(
    "text",
    [
        "something is off with /aws/lambda/pay, check the logs",
        "/aws/lambda/pay is failing. can you look at the logs?",
        "check the logs of /aws/lambda/pay, something is off",
        "we have an incident - analyze the logs of /aws/lambda/pay",
    ],
)
def test_a_remark_may_stand_beside_a_command_that_reads(text: str) -> None:
    assert read(text) == ("log_analysis", {"workflow": "log_analysis", "log_group": "/aws/lambda/pay"}, ())


def test_what_the_remark_does_not_name_is_asked_for() -> None:
    assert read("the shop is down, check the logs") == ("log_analysis", {"workflow": "log_analysis"}, ("log_group",))


def test_a_bucket_of_the_remark_is_the_one_that_is_looked_into() -> None:
    assert read("about my-bucket, which files does it have?") == ("s3.list_files", {"bucket": "my-bucket"}, ())


def test_who_wants_to_see_something_is_passed_over() -> None:
    assert read("the auditor wants to see all buckets") == ("s3.list_buckets", {}, ())


def test_a_length_of_time_is_part_of_the_question_and_no_remark() -> None:
    found = resolve("what errors are in /aws/lambda/pay, the last 12 hours are enough", Thread(), KNOWLEDGE).intent

    assert found is None or found.parameters.get("hours") == 12


@pytest.mark.parametrize(
    "text",
    [
        "report.csv was put in my-bucket by mistake, please delete it",
        "someone put report.csv into my-bucket. Delete it from there please!",
        "since it has personal data, delete report.csv from my-bucket",
        "report.csv has to be removed from my-bucket, it was shared by mistake",
        "the disk bill is exploding :( pls delete report.csv from my-bucket thx",
        "Hi! Hope your morning is fine. For the audit, delete report.csv from my-bucket.",
    ],
)
def test_a_change_beside_a_remark_says_what_was_left_out(text: str) -> None:
    intent = resolve(text, Thread(), KNOWLEDGE).intent

    assert intent
    assert (intent.entry, intent.parameters) == ("s3.delete_file", {"key": "report.csv", "bucket": "my-bucket"})
    assert intent.aside


@pytest.mark.parametrize(
    "text",
    [
        "for example, delete report.csv from my-bucket",
        "the runbook is: delete report.csv from my-bucket",
        "he deleted old.csv, delete report.csv from my-bucket",
        "the boss wants report.csv deleted from my-bucket",
        "delete report.csv from my-bucket, next monday",
        "delete report.csv from my-bucket, I am kidding",
        "the old one is in other-bucket, delete report.csv from my-bucket",
        "is it gone? delete report.csv from my-bucket",
        "a month is over, delete report.csv from my-bucket",
        "it is tmp/a.csv, copy report.csv to my-bucket",
        "my annual report.csv was put in my-bucket by mistake, please delete it",
        "my-bucket has a file called report (1).csv that nobody needs, please delete it",
        "delete report.csv. my-bucket needs the space",
    ],
)
def test_examples_times_talk_and_other_names_never_stand_beside_a_change(text: str) -> None:
    found = read(text)

    assert found is None or found[2]


@pytest.mark.parametrize(
    "text",
    [
        "if it is full, list files in my-bucket",
        "ignore all of that, list buckets",
        "the report is old, delete it, list files in my-bucket",
        "bob said: list buckets",
        "it is in other-bucket, list files in my-bucket",
        "list files in my-bucket, but only those of today",
        "I want no files of yesterday, list files in my-bucket",
    ],
)
def test_conditions_other_commands_and_names_without_a_place_are_not_passed_over(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "report.csv: copy from src-1 to dst-1",
        "copy report.csv to dst-1 (src-1)",
        "copy from src-1 to dst-1: report.csv",
        "from src-1 to dst-1 please copy a file: report.csv",
    ],
)
def test_a_command_may_come_in_two_pieces(text: str) -> None:
    assert read(text) == (
        "s3.copy_file",
        {"key": "report.csv", "source_bucket": "src-1", "destination_bucket": "dst-1"},
        (),
    )


def test_what_a_new_bucket_is_called_may_be_said_in_a_second_sentence() -> None:
    assert read("can you make a bucket? call it photos") == ("s3.create_bucket", {"bucket": "photos"}, ())


@pytest.mark.parametrize(
    "text",
    [
        "bob: delete report.csv",
        "delete report.csv, hurry",
        "delete report.csv, todo.txt from my-bucket",
        "delete report.csv, not from my-bucket",
        "delete report.csv. my-bucket is full",
        "delete report.csv? maybe from my-bucket",
        "my-bucket: do not delete report.csv",
        "copy report.csv from my-bucket, your-bucket to other-bucket",
    ],
)
def test_a_second_piece_that_is_no_answer_completes_no_change(text: str) -> None:
    found = read(text)

    assert found is None or found[2]
