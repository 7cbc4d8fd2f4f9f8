"""Lifecycle management as people meet it: the what-if, what is bound by the confirmation, and taking it back."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends

from bot.execute import values
from bot.executions import Execution, Executions
from bot.lifecycle import Configuration
from bot.models import Request
from bot.previews import lifecycle_management
from bot.resolve import submitted
from bot.workflows import definition_item, execution_id
from tests.office import ACCOUNT, KNOWLEDGE, Office, office

ENTRY = KNOWLEDGE.entries["lifecycle_management"]
ALICE, BOB, CAROL = "U0ALICE", "U0BOB", "U0CAROL"
MB = 1024**2
USUAL = "move to Standard-IA after 30 days and are deleted after 365 days"
PRICED = "at list prices of eu-west-1 (2025-10-28)"
THEIRS = {"ID": "keep-tmp-short", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 7}}
ALL_LOGS = {"ID": "all-logs", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 900}}
OURS = {
    "ID": "s3agent-logs-2beb4a52",
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
    "Expiration": {"Days": 365},
}


@pytest.fixture
def room() -> Iterator[Office]:
    """An office with the workflow, whose executions begin and never end, and with the bucket my-bucket."""
    with office() as room:
        item = definition_item(ENTRY, {"StartAt": "Read", "States": {"Read": {"Type": "Task", "End": True}}})
        room.dynamodb.put_item(TableName="WorkflowDefinitions", Item=item)
        room.bot.aws.client("stepfunctions").create_state_machine(
            name="s3agent-lifecycle_management",
            definition=json.dumps(
                {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
            ),
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/state-machine",
        )
        room.s3().create_bucket(Bucket="my-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        room.now = time.time()
        yield room


def file(room: Office, key: str, days: float, size: int = 100) -> None:
    """A file that was written so many days ago."""
    room.s3().put_object(Bucket="my-bucket", Key=key, Body=b"x" * size)
    kept = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets["my-bucket"].keys[key]
    kept.last_modified = (datetime.now(UTC) - timedelta(days=days)).replace(tzinfo=None)


def put(room: Office, *rules: dict[str, Any], bucket: str = "my-bucket") -> None:
    room.s3().put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": list(rules)})


def rules(room: Office) -> list[dict[str, Any]] | None:
    """What the bucket has; None for no configuration."""
    try:
        found: list[dict[str, Any]] = room.s3().get_bucket_lifecycle_configuration(Bucket="my-bucket")["Rules"]
    except room.s3().exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchLifecycleConfiguration":
            raise
        return None
    return found


# --- the what-if ------------------------------------------------------------------------------------------------------


def test_the_confirmation_says_what_would_become_of_the_files(room: Office):
    put(room, THEIRS, ALL_LOGS)
    file(room, "logs/new.gz", 1, MB)
    file(room, "logs/old.gz", 40, 3 * MB)
    file(room, "logs/old-and-small.gz", 40)
    file(room, "logs/ancient.gz", 400, 2 * MB)
    file(room, "other/old.gz", 400, MB)

    room.mention("run lifecycle management workflow for my-bucket")

    assert room.last.split("\n") == [
        f"Lifecycle management? In my-bucket, files under logs/ {USUAL}.",
        "• 4 files, 6 MB under logs/ today",
        "• Move to Standard-IA at once: 1 file, 3 MB; 1 file below 128 KB would stay",
        "• Deleted within 7 days: 1 file, 2 MB",
        f"• Moving them costs less than a cent once and saves less than a cent a month, {PRICED}",
        f"• Deleting them saves less than a cent a month, {PRICED}",
        "• Deleted soon, for example: logs/ancient.gz",
        "• Other rules reach some of the same files, and the earlier date wins: all-logs",
    ]


def test_files_older_than_a_week_are_deleted_and_not_moved(room: Office):
    file(room, "logs/old.gz", 40, MB)

    room.mention("delete files older than 7 days in my-bucket")

    first, *shown = room.last.split("\n")
    assert first == "Lifecycle management? In my-bucket, files under logs/ are deleted after 7 days."
    assert "• Deleted within 7 days: 1 file, 1 MB" in shown
    assert not any("Move" in line for line in shown)


def test_what_was_said_and_aws_refuses_is_refused_before_anybody_confirms(room: Office):
    room.mention("move files in my-bucket to IA after 60 days and delete them after 50 days")

    assert room.last == (
        "That value will not do. Expiration days is 50, and must be more than transition days, which is 60."
    )


def test_an_empty_prefix_costs_nothing_and_says_so(room: Office):
    room.mention("run lifecycle management workflow for my-bucket")

    assert room.last.split("\n")[1:] == [
        "• no files under logs/ today",
        "• Move to Standard-IA at once: no files",
        "• Deleted within 7 days: no files",
    ]


def test_a_region_without_prices_is_said_so(room: Office):
    where = {"LocationConstraint": "eu-south-2"}
    room.s3("eu-south-2").create_bucket(Bucket="far-bucket", CreateBucketConfiguration=where)
    room.s3("eu-south-2").put_object(Bucket="far-bucket", Key="logs/a", Body=b"x")
    kept = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets["far-bucket"].keys["logs/a"]
    kept.last_modified = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=400)

    room.mention("run lifecycle management workflow for far-bucket")

    assert "• What that costs and saves I cannot say: I have no prices for eu-south-2" in room.last


def test_a_rule_of_ours_that_would_be_replaced_is_shown(room: Office):
    put(room, {**OURS, "Transitions": [{"Days": 60, "StorageClass": "STANDARD_IA"}], "Expiration": {"Days": 90}})

    room.mention("run lifecycle management workflow for my-bucket")

    assert room.last.endswith(
        "• It takes the place of my rule s3agent-logs-2beb4a52: files move to Standard-IA after 60 days and are deleted"
        " after 90 days"
    )


def test_a_rule_that_is_there_already_is_said_so(room: Office):
    put(room, OURS)

    room.mention("run lifecycle management workflow for my-bucket")

    assert room.last.endswith("• The bucket has just this rule already: nothing would change")


def test_a_bucket_that_keeps_versions_saves_nothing_by_deleting(room: Office):
    file(room, "logs/ancient.gz", 400, MB)
    room.s3().put_bucket_versioning(Bucket="my-bucket", VersioningConfiguration={"Status": "Enabled"})

    room.mention("run lifecycle management workflow for my-bucket")

    assert "saves" not in room.last
    assert "a file that expires is hidden, and its old versions stay and cost" in room.last


def test_counting_stops_in_time_and_says_so(room: Office, monkeypatch: pytest.MonkeyPatch):
    file(room, "logs/ancient.gz", 400, MB)
    monkeypatch.setattr(lifecycle_management, "SECONDS", 0.0)

    room.mention("run lifecycle management workflow for my-bucket")

    assert "none of those counted" in room.last
    assert "I stopped counting there" in json.dumps(room.posts[-1]["blocks"])


def test_files_that_cannot_be_listed_do_not_keep_the_rule_from_being_set(room: Office):
    def denied(**_: Any) -> tuple[Any, dict[str, Any]]:
        error = {"Error": {"Code": "AccessDenied", "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
        return type("Answer", (), {"status_code": 403})(), error

    room.s3().meta.events.register("before-call.s3.ListObjectsV2", denied)

    room.mention("run lifecycle management workflow for my-bucket")

    assert "• The files could not be counted: AWS does not let me do that in my-bucket." in room.last
    assert room.button("confirm")


def test_a_bucket_that_is_not_there_is_said_before_anybody_confirms(room: Office):
    room.mention("run lifecycle management workflow for no-such-bucket")

    assert room.last.startswith("Not found. There is no bucket named no-such-bucket")


def test_a_key_that_looks_like_a_mention_notifies_nobody(room: Office):
    file(room, "logs/<!channel>", 400)

    room.mention("run lifecycle management workflow for my-bucket")

    assert "&lt;!channel&gt;" in room.last
    assert "<!channel>" not in room.last


# --- what was shown is what runs --------------------------------------------------------------------------------------


def test_what_was_shown_goes_with_the_execution(room: Office):
    put(room, THEIRS)
    room.mention("delete files older than 7 days in my-bucket")

    clicked = room.click(room.button("confirm"))

    found = Executions(room.dynamodb, "WorkflowExecutions").get(execution_id(clicked.id))
    assert found is not None
    assert found.parameters == {"bucket": "my-bucket", "prefix": "logs/", "expiration_days": 7}
    assert found.basis == Configuration((THEIRS,)).fingerprint()


@pytest.mark.parametrize(
    ("said", "done"),
    [
        ("move files under logs/ in my-bucket to cheaper storage after 90 days", "move to Standard-IA after 90 days"),
        ("delete files under logs/ in my-bucket after 90 days", "are deleted after 90 days"),
        ("run lifecycle management for my-bucket", USUAL),
    ],
)
def test_who_names_one_time_gets_no_rule_for_the_other(room: Office, said: str, done: str):
    room.mention(said)

    assert room.posts[-1]["text"].startswith(f"Lifecycle management? In my-bucket, files under logs/ {done}.")


def test_another_storage_class_than_the_one_that_is_used_is_said_to_be_left_out(room: Office):
    room.mention("move files under logs/ in my-bucket to glacier after 90 days")

    said = "You also said “glacier”: that cannot be chosen here, and counts for nothing."
    assert f"move to Standard-IA after 90 days. {said}" in room.posts[-1]["text"]
    assert room.note == "knowledge base · left out: “glacier”"


@pytest.mark.parametrize(
    ("said", "done"),
    [
        (
            "move files under logs/ in my-bucket to cheaper storage after 60 days and never delete them",
            "move to Standard-IA after 60 days",
        ),
        ("archive logs/ in my-bucket after 60 days, don't delete anything", "move to Standard-IA after 60 days"),
        (
            "never delete anything in my-bucket, only move logs/ to IA after 60 days",
            "move to Standard-IA after 60 days",
        ),
        ("delete files under logs/ in my-bucket after 60 days but never move them", "are deleted after 60 days"),
        ("delete logs/ in my-bucket after 60 days without archiving them", "are deleted after 60 days"),
    ],
)
def test_one_of_the_two_can_be_excluded_in_words(room: Office, said: str, done: str):
    room.mention(said)

    assert room.posts[-1]["text"].startswith(f"Lifecycle management? In my-bucket, files under logs/ {done}.")


@pytest.mark.parametrize(
    "said",
    [
        "never delete files under logs/ in my-bucket after 60 days",
        "lifecycle for my-bucket, don't delete them after 60 days",
        "create a lifecycle rule for my-bucket which will not delete anything",
        "lifecycle for my-bucket without moving anything",
        "run lifecycle management for my-bucket, expiry off",
        "run lifecycle management for my-bucket and keep everything forever",
        "run lifecycle management for my-bucket, but nothing may ever be deleted",
        "run lifecycle management for my-bucket, I want the files to stay",
        "run lifecycle management for my-bucket, zero deletions please",
        "run lifecycle management for my-bucket, indefinite retention",
        "run lifecycle management for my-bucket, only move to IA",
        "keep logs/ in my-bucket at least 7 years",
        "delete files in my-bucket after a year or two",
        "delete files in my-bucket after two or three years",
        "archive logs/ in my-bucket after 30 days, don't delete them after 400 days",
        "expire logs/ in my-bucket after 30 days, never delete them",
    ],
)
def test_what_is_excluded_is_never_set_nor_a_default(room: Office, said: str):
    room.mention(said)

    assert "Lifecycle management?" not in room.posts[-1]["text"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("run lifecycle management for my-bucket, expiry off", "for which no time is said deletes in the end"),
        ("run lifecycle management for my-bucket and keep everything forever", "something shall stay"),
        ("keep logs/ in my-bucket at least 7 years", "this leaves open which"),
        ("delete files in my-bucket after a year or two", "this leaves open which"),
    ],
)
def test_why_there_is_no_rule_is_said(room: Office, said: str, why: str):
    room.mention(said)

    assert why in room.posts[-1]["text"]


def test_a_word_drops_a_rule_that_would_delete(room: Office):
    asked = room.mention("run lifecycle management for my-bucket")

    room.reply("never delete anything", asked.ts)

    assert room.posts[-1]["text"] == "All right, I have dropped it. Nothing was changed."


def test_defaults_that_change_in_between_change_nothing_of_what_was_shown(room: Office):
    room.mention("run lifecycle management workflow for my-bucket")
    parameters = tuple(replace(p, default=40) if p.name == "expiration_days" else p for p in ENTRY.parameters)
    entries = {**KNOWLEDGE.entries, ENTRY.name: replace(ENTRY, parameters=parameters)}
    object.__setattr__(room.worker._bot, "knowledge", lambda: replace(KNOWLEDGE, entries=entries))

    clicked = room.click(room.button("confirm"))

    found = Executions(room.dynamodb, "WorkflowExecutions").get(execution_id(clicked.id))
    assert found is not None
    assert found.parameters["expiration_days"] == 365


def test_the_next_command_of_the_thread_is_not_bound_by_what_this_one_showed(room: Office):
    asked = room.mention("delete files older than 7 days in my-bucket")
    room.click(room.button("confirm"), thread=asked.ts)
    room.s3().create_bucket(Bucket="staging-logs", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    room.reply("and in staging-logs?", asked.ts)

    assert room.last.startswith("Lifecycle management? In staging-logs, files under logs/ are deleted after 7 days.")


# --- taking it back ---------------------------------------------------------------------------------------------------

RUN = "wf-k3m9x2q7"


def ran(room: Office, before: Configuration, after: Configuration, **more: Any) -> Executions:
    """An execution that is over, in a bucket that has what it left."""
    executions = Executions(room.dynamodb, "WorkflowExecutions")
    execution = Execution(
        RUN, ENTRY.name, ENTRY.title, "starting", {"bucket": "my-bucket", "prefix": "logs/"}, "T0LOCAL", "C0OPS",
        "1700000000.000100", ALICE, "r1", room.now - 60, room.now + 270, **more,
    )  # fmt: skip
    executions.create(execution)
    executions.keep_first(RUN, "before", asdict(before))
    executions.keep_first(RUN, "after", asdict(after))
    executions.finish(RUN, "succeeded", room.now, problem="", report={"headline": "Done."})
    if after.rules:
        put(room, *after.rules)
    return executions


def press(room: Office, user: str = ALICE, **more: Any) -> Request:
    """Restore previous, under the results in the thread."""
    button = {"action_id": "restore", "value": RUN}
    return room.click(button, user, ts="1700000001.000001", thread="1700000000.000100", **more)


def test_the_button_asks_first_in_the_thread_and_then_puts_the_former_rules_back(room: Office):
    ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))

    press(room)

    assert room.last == f"Restore previous? What {RUN} did to the lifecycle rules is taken back."
    assert room.posts[-1]["thread_ts"] == "1700000000.000100"
    shown = json.dumps(room.posts[-1]["blocks"])
    assert "s3agent-logs-2beb4a52" in shown
    assert rules(room) == [THEIRS, OURS]

    room.click(room.button("confirm"), thread="1700000000.000100")

    assert rules(room) == [THEIRS]
    assert room.last == (
        f"my-bucket has the lifecycle configuration again that it had before {RUN}: 1 rule: keep-tmp-short."
    )
    assert room.slack.calls[-1].method == "chat.update"


def test_undo_in_the_thread_of_the_run_asks_the_same_as_the_button(room: Office):
    room.command("run lifecycle management workflow for my-bucket")
    room.click(room.button("confirm"))
    started = re.findall(r"wf-[0-9a-z]{8}", room.last)[0]
    thread = room.slack.calls[-1].body["ts"]

    room.reply("undo", thread)
    too_early = room.last
    executions = Executions(room.dynamodb, "WorkflowExecutions")
    executions.keep_first(started, "before", asdict(Configuration()))
    executions.keep_first(started, "after", asdict(Configuration((OURS,))))
    executions.finish(started, "succeeded", room.now, problem="", report={"headline": "Done."})
    put(room, OURS)
    room.reply("undo that please", thread)

    assert too_early == f"That did not work. {started} is still at work. Ask again when it is over."
    assert room.last.startswith(f"Restore previous? What {started} did to the lifecycle rules is taken back.")
    assert room.note == f"knowledge base · from this thread: execution id {started}"
    assert rules(room) == [OURS]


def test_a_run_is_asked_about_and_stopped_in_its_thread_without_its_id(room: Office):
    room.command("run lifecycle management workflow for my-bucket")
    room.click(room.button("confirm"))
    thread = room.slack.calls[-1].body["ts"]

    room.reply("how is it going?", thread)
    going = room.last
    room.reply("stop it", thread)

    assert going.startswith("Lifecycle management wf-")
    assert room.last.endswith("ends before its next step, as you asked.")


def test_where_there_was_no_configuration_there_is_none_again(room: Office):
    ran(room, Configuration(), Configuration((OURS,)))

    room.command(f"undo {RUN}")
    room.click(room.button("confirm"))

    assert rules(room) is None
    assert room.last.endswith(f"before {RUN}: none.")


def test_the_minimum_size_comes_back_with_the_rules(room: Office):
    sent: list[Any] = []
    room.s3().meta.events.register(
        "provide-client-params.s3.PutBucketLifecycleConfiguration", lambda params, **_: sent.append(params)
    )
    before = Configuration((THEIRS,), "varies_by_storage_class")
    ran(room, before, replace(before, rules=(THEIRS, OURS)))
    whole = {"Rules": [THEIRS, OURS], "TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
    answer = (type("Answer", (), {"status_code": 200})(), {**whole, "ResponseMetadata": {"HTTPStatusCode": 200}})
    room.s3().meta.events.register("before-call.s3.GetBucketLifecycleConfiguration", lambda **_: answer)

    press(room)
    room.click(room.button("confirm"))

    assert sent[-1] == {
        "Bucket": "my-bucket",
        "LifecycleConfiguration": {"Rules": [THEIRS]},
        "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
    }


@pytest.mark.parametrize("moment", ["before it is asked for", "before it is confirmed"])
def test_what_somebody_changed_since_is_left_alone(room: Office, moment: str):
    ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))
    if moment == "before it is confirmed":
        press(room)
    put(room, OURS)

    if moment == "before it is confirmed":
        room.click(room.button("confirm"))
    else:
        press(room)

    assert rules(room) == [OURS]
    assert room.last.startswith(
        f"AWS refused. Somebody changed the lifecycle rules of my-bucket since {RUN}, so I put nothing back."
    )


def test_it_is_put_back_once(room: Office):
    ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))
    press(room)
    first = room.button("confirm")
    press(room, trigger_id="another")
    second = room.button("confirm")
    assert first["value"] != second["value"]

    room.click(first)
    put(room, THEIRS, OURS)  # somebody wants it after all
    room.click(second)
    press(room)

    assert rules(room) == [THEIRS, OURS]
    assert [call.body["text"] for call in room.slack.calls[-2:]] == [
        f"Already done. What {RUN} changed was put back before; that goes only once."
    ] * 2


def test_a_second_delivery_after_a_crash_finds_it_done_and_says_the_same(room: Office):
    executions = ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))
    press(room)
    button = room.button("confirm")
    click = Request(
        "trigger.crash", "click", "T0LOCAL", "C0OPS", ALICE, action="confirm", value=button["value"], ts="1.1"
    )
    room.bot.conversations.take(button["value"], ALICE, room.now, by=click.id)
    executions.claim_restore(RUN, click.id, room.now, room.now + 190)
    put(room, THEIRS)

    room.work(click)

    assert room.last.startswith("my-bucket has the lifecycle configuration again")


def test_what_somebody_is_just_putting_back_is_left_to_them(room: Office):
    executions = ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))
    executions.claim_restore(RUN, "somebody", time.time(), time.time() + 100)

    press(room)
    room.click(room.button("confirm"))

    assert f"Somebody is putting back what {RUN} changed just now." in room.last
    assert rules(room) == [THEIRS, OURS]


def test_a_claim_of_somebody_who_never_came_to_an_end_is_taken_over(room: Office):
    executions = ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))
    executions.claim_restore(RUN, "somebody", time.time() - 200, time.time() - 10)

    press(room)
    room.click(room.button("confirm"))

    assert rules(room) == [THEIRS]
    assert executions.get(RUN).restored_by == ALICE  # type: ignore[union-attr]


def test_what_failed_may_be_tried_again(room: Office):
    ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))
    error = {"Error": {"Code": "AccessDenied", "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    answers = [(type("Answer", (), {"status_code": 403})(), error)]
    room.s3().meta.events.register(
        "before-call.s3.PutBucketLifecycleConfiguration", lambda **_: answers.pop() if answers else None
    )
    press(room)
    room.click(room.button("confirm"))
    assert room.last.startswith("AWS refused.")
    assert rules(room) == [THEIRS, OURS]

    press(room)
    room.click(room.button("confirm"))

    assert rules(room) == [THEIRS]


@pytest.mark.parametrize("user", [BOB, CAROL])
def test_the_button_belongs_to_people_who_may_destroy(room: Office, user: str):
    ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))

    press(room, user)

    assert room.last.startswith("Not allowed. “Restore previous” needs destroy access, which the group admin has.")
    assert rules(room) == [THEIRS, OURS]


def test_a_workflow_at_work_on_the_bucket_is_not_disturbed(room: Office):
    executions = ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))
    press(room)
    room.mention("run lifecycle management workflow for my-bucket")
    confirms = [
        element
        for call in room.slack.calls
        for block in call.body.get("blocks", ())
        for element in block.get("elements", ())
        if element.get("action_id") == "confirm"
    ]
    room.click(confirms[1], thread="1.1")

    room.click(confirms[0])

    assert "is at work on my-bucket." in room.last
    assert rules(room) == [THEIRS, OURS]
    assert executions.get(RUN).restored_at == 0  # type: ignore[union-attr]


def test_an_execution_that_still_runs_has_nothing_to_take_back_yet(room: Office):
    room.mention("run lifecycle management workflow for my-bucket")
    clicked = room.click(room.button("confirm"))

    room.command(f"undo {execution_id(clicked.id)}")

    assert room.last == (f"That did not work. {execution_id(clicked.id)} is still at work. Ask again when it is over.")


def test_an_execution_that_changed_nothing_has_nothing_to_take_back(room: Office):
    ran(room, Configuration((OURS,)), Configuration((OURS,)))

    room.command(f"undo {RUN}")

    assert room.last == f"Not found. {RUN} changed nothing: my-bucket had its rule already."


def test_what_somebody_put_back_by_hand_is_not_put_back_again(room: Office):
    ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))
    put(room, THEIRS)

    press(room)

    assert room.last == f"Already done. my-bucket has the lifecycle configuration from before {RUN} already."


def test_an_execution_that_nobody_knows_is_said_so(room: Office):
    room.command("restore previous lifecycle of wf-aaaaaaaa")

    assert room.last.startswith("Not found. There is no execution wf-aaaaaaaa.")


def test_the_status_of_an_execution_says_that_it_was_taken_back(room: Office):
    ran(room, Configuration((THEIRS,)), Configuration((THEIRS, OURS)))
    press(room)
    room.click(room.button("confirm"))

    room.command(f"workflow status {RUN}")

    assert "It was put back as it was by " in json.dumps(room.posts[-1]["blocks"])


def test_a_field_of_the_form_that_was_left_at_its_default_gives_way_to_what_was_entered():
    left = {"bucket": "my-bucket", "prefix": "logs/", "transition_days": "30", "expiration_days": "7"}

    filled = submitted(ENTRY, left)

    assert values(filled, ENTRY) == {"bucket": "my-bucket", "prefix": "logs/", "expiration_days": 7}

    fitting = submitted(ENTRY, {**left, "expiration_days": "365", "transition_days": "60"})

    assert values(fitting, ENTRY) == {
        "bucket": "my-bucket",
        "prefix": "logs/",
        "transition_days": 60,
        "expiration_days": 365,
    }
