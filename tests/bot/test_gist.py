"""Requests in whatever words and order, with remarks beside them and values taken back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.__main__ import Conversation
from bot.conversations import Thread
from bot.knowledge_base import from_seeds
from bot.models import Intent
from bot.resolve import resolve
from tests.office import office

KNOWLEDGE = from_seeds()


def read(text: str) -> tuple[str, dict[str, object], tuple[str, ...]] | None:
    intent = resolve(text, Thread(), KNOWLEDGE).intent
    return (intent.entry, dict(intent.parameters), intent.missing) if intent else None


def change(text: str) -> Intent | None:
    intent = resolve(text, Thread(), KNOWLEDGE).intent
    return intent if intent and not intent.missing else None


def complete(text: str) -> tuple[str, dict[str, object]] | None:
    intent = change(text)
    return (intent.entry, dict(intent.parameters)) if intent else None


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
        "delete report.csv from my-bucket, next monday",
        "delete report.csv from my-bucket, I am kidding",
        "the old one is in other-bucket, delete report.csv from my-bucket",
        "is it gone? delete report.csv from my-bucket",
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

    assert complete(text) == ("s3.copy_file", expected)


def test_regions_and_lengths_of_time_can_be_taken_back() -> None:
    assert complete("create bucket my-bucket in Ireland, sorry, London") == (
        "s3.create_bucket",
        {"bucket": "my-bucket", "region": "eu-west-2"},
    )
    assert complete("delete files in my-bucket after 30 days, no, 60 days") == (
        "lifecycle_management",
        {"workflow": "lifecycle_management", "bucket": "my-bucket", "expiration_days": 60},
    )


def test_one_choice_can_be_taken_back_for_another() -> None:
    assert complete("inventory report for my-bucket as CSV, daily, or rather weekly") == (
        "inventory_report",
        {"workflow": "inventory_report", "bucket": "my-bucket", "format": "CSV", "frequency": "Weekly"},
    )


@pytest.mark.parametrize(
    "text",
    [
        "delete q2.csv from my-bucket, no, keep it",
        "delete q2.csv from my-bucket, wait, do not",
        "do not delete q2.csv, actually q3.csv from my-bucket",
        "delete q2.csv from my-bucket, actually copy q3.csv to other-bucket",
        "delete q2.csv from my-bucket, sorry <@U0BOB>",
    ],
)
def test_where_it_is_not_clear_what_was_meant_instead_nothing_is_read(text: str) -> None:
    assert complete(text) is None


def test_a_name_is_not_taken_back_by_the_name_of_something_else() -> None:
    assert complete("delete q2.csv from my-bucket - no, q3.csv") == (
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


@pytest.mark.parametrize(
    ("text", "entry", "parameters"),
    [
        ("which s3 buckets are we running?", "s3.list_buckets", {}),
        ("I'd be interested in what is being stored in doc-store", "s3.list_files", {"bucket": "doc-store"}),
        (
            "do you see any files in doc-store under 2023/?",
            "s3.list_files",
            {"bucket": "doc-store", "prefix": "2023/"},
        ),
        (
            "what trouble has /app/web been having over the last 6 hours?",
            "log_analysis",
            {"workflow": "log_analysis", "log_group": "/app/web", "hours": 6},
        ),
        ("i started wf-12ab34cd, how is it going?", "workflow.status", {"execution_id": "wf-12ab34cd"}),
    ],
)
def test_a_question_is_read_by_its_words(text: str, entry: str, parameters: dict[str, object]) -> None:
    assert read(text) == (entry, parameters, ())


@pytest.mark.parametrize(
    "text",
    [
        "how big are the files in doc-store?",
        "which files in doc-store are not in other-store?",
        "what files in doc-store can I delete?",
        "is doc-store in there?  put a.txt in it",
    ],
)
def test_a_question_with_any_other_word_is_not(text: str) -> None:
    assert read(text) is None


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
    intent = change(text)

    assert intent
    assert intent.entry == "s3.copy_file"
    assert intent.parameters == {"key": "report.csv", "source_bucket": "src-1", "destination_bucket": "dst-1"}
    assert intent.aside, "what was passed over is confirmed"


def test_a_name_in_quotes_keeps_what_looks_like_a_possessive() -> None:
    intent = change("to dst-1 I'd like \"what is bob's\" copied, it sits in src-1")

    assert intent
    assert intent.parameters == {"key": "what is bob's", "source_bucket": "src-1", "destination_bucket": "dst-1"}


def test_of_two_buckets_one_is_in_whatever_is_left() -> None:
    intent = change("in dst-1 I want old.csv from src-1, but under the name new.csv; please copy it")

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
def test_what_is_told_or_conditional_or_of_two_meanings_is_not_change(text: str) -> None:
    assert change(text) is None


def test_two_values_that_are_taken_back_together_are_replaced_together() -> None:
    assert complete("copy q2.csv from in-1 to out-1, no, in-2 to out-2") == (
        "s3.copy_file",
        {"key": "q2.csv", "source_bucket": "in-2", "destination_bucket": "out-2"},
    )


@pytest.mark.parametrize(
    ("text", "entry", "parameters"),
    [
        ("delete q2.csv not q3.csv from my-bucket", "s3.delete_file", {"key": "q2.csv", "bucket": "my-bucket"}),
        (
            "create a bucket photos-1, but not in London, in Ireland please",
            "s3.create_bucket",
            {"bucket": "photos-1", "region": "eu-west-1"},
        ),
        (
            "run the log analysis but not for /ecs/login, for /ecs/lobby",
            "log_analysis",
            {"workflow": "log_analysis", "log_group": "/ecs/lobby"},
        ),
    ],
)
def test_a_value_that_is_not_meant_is_left_out(text: str, entry: str, parameters: dict[str, object]) -> None:
    assert complete(text) == (entry, parameters)


@pytest.mark.parametrize(
    "text",
    [
        "alice wants to delete report.csv from my-bucket",
        "should we copy report.csv from src-1 to dst-1?",
        "have you deleted report.csv from my-bucket?",
        "assuming it is backed up, delete report.csv from my-bucket",
        "delete report.csv from my-bucket... no, leave it",
        "delete the lifecycle rule from my-bucket",
        "delete report.csv from my-bucket. Not now.",
        "report.csv deleted from my-bucket",
        "> delete report.csv from my-bucket",
        "copy the permissions of report.csv from src-1 to dst-1",
        "a new bucket my-bucket was created",
    ],
)
def test_what_somebody_else_did_or_may_do_is_no_request(text: str) -> None:
    assert change(text) is None


DELETED = ("s3.delete_file", {"key": "old.csv", "bucket": "my-bucket"})
COPIED = ("s3.copy_file", {"key": "a.csv", "source_bucket": "src-1", "destination_bucket": "dst-1"})


@pytest.mark.parametrize(
    "text",
    [
        "I'd be ever so grateful if old.csv were removed from my-bucket",
        "is it possible that old.csv gets deleted from my-bucket?",
        "would you mind awfully deleting old.csv from my-bucket",
        "what has to be deleted is old.csv in my-bucket",
        "the one to delete is old.csv in my-bucket",
        "delete old.csv from my-bucket, no joke",
        "delete old.csv from my-bucket. I checked with Maria, she said it's fine",
        "delete old.csv from my-bucket, nobody knows what it was",
        "delete old.csv from my-bucket, leave new.csv alone",
        "delete, not copy: old.csv, bucket: my-bucket",
        "delete new.csv from my-bucket. Oops, old.csv I meant",
        "Deletion request: file old.csv, bucket my-bucket",
    ],
)
def test_a_deletion_is_understood_with_its_manners_reasons_and_second_thoughts(text: str) -> None:
    assert complete(text) == DELETED


@pytest.mark.parametrize(
    "text",
    [
        "the file to copy is a.csv, from src-1 to dst-1",
        "a.csv is missing in dst-1, so copy it there from src-1",
        "dst-1 lacks a.csv, please copy it over from src-1",
        "what: a.csv, source: src-1, target: dst-1, action: copy",
        "copy, not move: a.csv from src-1 to dst-1",
        "we lost everything last week so copy a.csv from src-1 to dst-1",
    ],
)
def test_a_copy_is_understood_in_whatever_order(text: str) -> None:
    assert complete(text) == COPIED


@pytest.mark.parametrize(
    "text",
    [
        "create bucket my-bucket in Ireland... no wait, legal wants it in Paris",
        "make a bucket in Ireland, no, they decided on Paris: my-bucket",
        "We wanted Ireland first, but legal says it has to be Paris: please create the bucket my-bucket",
        "our office is in Ireland but the bucket my-bucket has to be created in Paris",
        "create a bucket by the name of my-bucket in Paris",
    ],
)
def test_the_region_that_was_decided_on_counts(text: str) -> None:
    assert complete(text) == ("s3.create_bucket", {"bucket": "my-bucket", "region": "eu-west-3"})


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("delete files under tmp/ in my-bucket after 30 days, no wait, compliance insists on 60", 60),
        ("keep the tarballs under tmp/ in my-bucket for three hundred and sixty five days, then delete them", 365),
        ("our tarballs under tmp/ in my-bucket can be thrown out after 180 days", 180),
    ],
)
def test_a_rule_has_the_days_that_were_meant(text: str, days: int) -> None:
    parameters = {"workflow": "lifecycle_management", "bucket": "my-bucket", "prefix": "tmp/", "expiration_days": days}

    assert complete(text) == ("lifecycle_management", parameters)


def test_a_length_of_time_that_is_misspelt_is_one() -> None:
    assert complete("serach erorrs in /aws/ecs/pay lats 6 horus") == (
        "log_analysis",
        {"workflow": "log_analysis", "log_group": "/aws/ecs/pay", "hours": 6},
    )


def test_the_bucket_that_a_report_goes_to_is_not_the_one_that_it_is_about() -> None:
    text = "run the inventory report as CSV, output goes to the bucket my-reports"

    assert read(text) == (
        "inventory_report",
        {"workflow": "inventory_report", "destination_bucket": "my-reports", "format": "CSV"},
        ("bucket",),
    )


@pytest.mark.parametrize(
    "text",
    [
        "thanks for copying a.csv from src-1 to dst-1 so fast",
        "my-bucket moves everything to cheaper storage after 30 days and drops it after 365",
        "Kim, can you delete old.csv from my-bucket today?",
        "somebody deleted old.csv from my-bucket, please bring it back",
        "the auditors would like a.csv copied from src-1 to dst-1, we are still arguing about it",
        "the customer insists that old.csv be deleted from my-bucket; support is waiting for proof first",
        "delete old.csv from my-bucket? Over my dead body.",
        "bucket creation: my-bucket in Paris, status rejected by the board",
    ],
)
def test_what_others_do_did_or_dispute_is_no_request(text: str) -> None:
    assert change(text) is None


def test_the_last_word_of_two_corrections_counts_and_a_reason_changes_nothing() -> None:
    text = "delete new.csv from my-bucket, no hang on, old.csv, new.csv is still being written to"

    assert complete(text) in (None, DELETED)


WORDS = sorted({word for entry in KNOWLEDGE.entries.values() for word in entry.gist.get("words", ())})
VALUES = [
    "my-bucket",
    "a.csv",
    "x/y.txt",
    "logs/",
    "wf-1",
    "wf-k3m9x2q7",
    "/ecs/web",
    "s3://b-1/k.txt",
    "3 days",
    "90",
    "no,",
]


@given(st.lists(st.lists(st.sampled_from([*WORDS, *VALUES]), min_size=1, max_size=14), min_size=1, max_size=3))
@settings(max_examples=80, deadline=None)
def test_no_conversation_in_its_words_raises(messages: list[list[str]]) -> None:
    conversation = Conversation(KNOWLEDGE)

    states = [conversation.say("alice", " ".join(words)).state for words in messages]

    assert set(states) <= {"ask", "resolved", "cancelled", "unchanged", "not_understood"}


# --- names, roles and what only describes them ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "copy report.csv from source-bkt to the bucket where we keep the finals, target-bkt",
        "copy report.csv from the bucket of the finance team, source-bkt, to target-bkt",
        "copy the signed contract called report.csv from source-bkt to target-bkt",
        "copy the consent letter report.csv out of source-bkt into target-bkt",
        "I'd like report.csv, the one in source-bkt, copied so that target-bkt has it too",
        "we need the same report.csv in target-bkt that we have in source-bkt, can you copy it over?",
        "copy report.csv, it's in source-bkt and should end up in the bucket target-bkt",
        "can the data science folks get report.csv copied out of source-bkt? their bucket is target-bkt",
        "the intern can't find report.csv in target-bkt; it's in source-bkt, copy it over please",
        "report.csv: copy target-bkt <- source-bkt",
        "copy report.csv, source-bkt to target-bkt; report-old.csv is fine where it is",
    ],
)
def test_the_two_buckets_of_a_copy_are_told_apart(text: str) -> None:
    assert complete(text) == (
        "s3.copy_file",
        {"key": "report.csv", "source_bucket": "source-bkt", "destination_bucket": "target-bkt"},
    )


@pytest.mark.parametrize(
    "text",
    [
        "delete old.csv from the bucket with the scans, my-bucket",
        "don't delete new.csv, delete old.csv, they are in my-bucket",
        "I don't mean new.csv, I mean old.csv: delete that from my-bucket",
        "you know old.csv in my-bucket? please delete that one",
        "didn't we agree that old.csv goes? Delete it from my-bucket, please.",
        "the file called old.csv in my-bucket has to go, it was deprecated ages ago",
        "delete old.csv from my-bucket because it is sent every hour and then support gets 30 tickets",
        "last one for today: remove old.csv from my-bucket",
        "delete old.csv from my-bucket, otherwise the importer chokes on it",
        "please delete old.csv from my-bucket, i.e. the one from May",
        "bin old.csv in my-bucket, it was copied to other-bucket ages ago",
        "delete old.csv from my-bucket, the one in other-bucket stays",
        "privacy wants us to delete old.csv from my-bucket",
    ],
)
def test_a_deletion_is_found_among_what_is_told_of_it(text: str) -> None:
    assert complete(text) == ("s3.delete_file", {"key": "old.csv", "bucket": "my-bucket"})


@pytest.mark.parametrize("name", ["LICENSE", "README", "Makefile", "Dockerfile"])
def test_files_that_are_known_without_an_extension_are_files(name: str) -> None:
    assert complete(f"{name} in my-bucket can be deleted") == (
        "s3.delete_file",
        {"key": name, "bucket": "my-bucket"},
    )


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("a bucket is needed by the people in Zurich, its name being my-bucket and its region Milan", "eu-south-1"),
        ("our Tokyo office wants a bucket of their own, please create my-bucket there", "ap-northeast-1"),
        ("I need a bucket for the Sydney team's footage. It should live in Singapore and be called my-bucket", None),
        ("I'd be grateful for a bucket in Sydney named my-bucket", "ap-southeast-2"),
        ("can he get a bucket my-bucket in Oregon?", "us-west-2"),
        ("create a bucket (yes, another one, don't tell the CFO) called my-bucket in Stockholm", "eu-north-1"),
    ],
)
def test_a_new_bucket_is_where_it_shall_be_and_not_where_people_are(text: str, region: str | None) -> None:
    found = complete(text)

    assert found == ("s3.create_bucket", {"bucket": "my-bucket", "region": region or "ap-southeast-1"})


def test_where_somebody_is_says_nothing_of_a_bucket() -> None:
    assert complete("we're all in Sydney this week - create bucket my-bucket please") == (
        "s3.create_bucket",
        {"bucket": "my-bucket"},
    )


@pytest.mark.parametrize(
    "text",
    [
        "report.csv has to go to my-bucket",
        "report.csv in my-bucket has to go to other-bucket",
        "clean report.csv in my-bucket",
        "drop the table report.csv in my-bucket",
        "kick off report.csv in my-bucket",
        "copy report.csv from my-bucket to other-bucket: done, thanks",
        "copy report.csv from my-bucket to other-bucket, argh sorry, swap the two buckets",
        "create bucket my-bucket in Cape Town: access denied. anybody seen that before?",
        "translate to French: delete report.csv from my-bucket",
        "my plan for Monday: delete report.csv from my-bucket",
        "Kim: delete report.csv from my-bucket",
        "@kim your turn: delete report.csv from my-bucket",
        "somebody from infra needs to take down report.csv from my-bucket",
        "rumour has it that somebody will copy report.csv from my-bucket to other-bucket",
        "at my old company we'd delete files in my-bucket after 60 days",
        "is it true that files in my-bucket get deleted after 90 days?",
        "get rid of the lifecycle rule that deletes files in my-bucket after 30 days",
        "is it gone? delete report.csv from my-bucket",
        "has report.csv been copied from my-bucket to other-bucket?",
        "nobody needs a bucket called my-bucket",
        "do we need a bucket called my-bucket",
        "I wish I could create bucket my-bucket",
        "I would have liked a bucket called my-bucket",
        "run inventory report for my-bucket every 3 days",
        "run inventory report for my-bucket every two weeks",
        "add a tag to bucket my-bucket",
        "start bucket my-bucket",
    ],
)
def test_what_sounds_like_a_change_and_asks_for_none_is_none(text: str) -> None:
    assert change(text) is None


@pytest.mark.parametrize("who", ["bob", "carol", "our new colleague"])
def test_what_somebody_else_needs_is_not_created_without_a_look(who: str) -> None:
    intent = change(f"{who} needs a bucket called my-bucket")

    assert intent is not None
    assert KNOWLEDGE.entries[intent.entry].confirms(intent)


def test_two_swapped_names_are_not_taken_by_their_order_alone() -> None:
    assert complete("real quick: copy of report.csv, source-bkt to target-bkt") == (
        "s3.copy_file",
        {"key": "report.csv", "source_bucket": "source-bkt", "destination_bucket": "target-bkt"},
    )


def test_a_name_of_several_words_ends_at_a_colon() -> None:
    found = complete("one more copy job: report.csv, source-bkt => target-bkt")

    assert found is not None
    assert found[1]["key"] == "report.csv"


def test_a_choice_that_is_called_too_much_is_not_the_one() -> None:
    assert complete("make a daily inventory of my-bucket, uh, weekly rather, daily is overkill") == (
        "inventory_report",
        {"workflow": "inventory_report", "bucket": "my-bucket", "frequency": "Weekly"},
    )


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("delete files in my-bucket on day 30", {"expiration_days": 30}),
        ("delete files in my-bucket after a fortnight", {"expiration_days": 14}),
        ("lifecycle bucket=my-bucket expire=7", {"expiration_days": 7}),
        ("lifecycle my-bucket archive=30", {"transition_days": 30}),
        ("we have agreed on 40 days until transition and 90 until expiry for my-bucket, please set the rule", None),
        ("set up lifecycle for my-bucket, it's at 80 TB, delete files after 50 days", {"expiration_days": 50}),
    ],
)
def test_days_are_said_in_many_ways(text: str, parameters: dict[str, object] | None) -> None:
    expected = parameters or {"transition_days": 40, "expiration_days": 90}

    assert complete(text) == (
        "lifecycle_management",
        {"workflow": "lifecycle_management", "bucket": "my-bucket", **expected},
    )


def test_half_an_hour_is_a_length_of_time_without_its_article_too() -> None:
    said = "check the logs of /aws/lambda/pay for the past half hour"

    assert read(said) == ("log_analysis", {"workflow": "log_analysis", "log_group": "/aws/lambda/pay"}, ("hours",))


def test_where_something_ended_up_is_where_it_is() -> None:
    assert complete("by accident report.csv ended up in my-bucket, copy it to other-bucket") == (
        "s3.copy_file",
        {"key": "report.csv", "source_bucket": "my-bucket", "destination_bucket": "other-bucket"},
    )


def test_a_question_with_words_of_any_kind_gives_way_to_a_change_of_which_every_word_is_known() -> None:
    said = "we start a project and need somewhere to put our files, could you make us a bucket my-bucket"

    assert complete(said) == ("s3.create_bucket", {"bucket": "my-bucket"})
