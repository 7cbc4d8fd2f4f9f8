"""Workflows in the deployed stack: what the channel sees in the end."""

from __future__ import annotations

import json
import re
import time

from sandbox.cast import ALICE
from sandbox.slack import read
from tests.e2e.room import Room, actions, root

GROUP = "/aws/lambda/e2e-orders"


def test_the_errors_of_a_log_group_come_back_into_the_thread_by_kind(room: Room) -> None:
    logs = room.stage.aws.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="s")
    now = int(time.time() * 1000)
    messages = [f"ERROR order {number} refused by 10.0.0.{number}" for number in range(3)] + ["all is well"]
    events = [{"timestamp": now - 60_000 + n, "message": message} for n, message in enumerate(messages)]
    logs.put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=events)

    started = room.mention(f"run log analysis workflow for {GROUP}")
    result = room.wait_for_text("looked like errors")

    said = read(result)
    assert result.thread == started.thread
    assert f"3 lines in `{GROUP}` looked like errors in the last 24 hours, of 1 kind." in said
    assert "order <n> refused by <address>" in said
    (picture,) = [file for message in room.from_bot() for file in message.files]
    assert picture.title == f"Errors in {GROUP} by kind"
    assert picture.content.startswith(b"\x89PNG")


def test_an_inventory_is_set_and_its_first_report_is_told_in_the_same_thread(room: Room) -> None:
    bucket = room.bucket("2026/a.csv", "2026/b.csv", "c.txt")

    started = room.mention(f"run inventory report workflow for {bucket}")
    result = room.wait_for_text("holds 3 files")

    assert result.thread == started.thread
    assert "From now on AWS makes a weekly CSV inventory" in read(result)
    (configuration,) = room.s3().list_bucket_inventory_configurations(Bucket=bucket)["InventoryConfigurationList"]
    assert configuration["Schedule"] == {"Frequency": "Weekly"}
    (statement,) = json.loads(room.s3().get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}

    room.stage.deliver_inventories()

    arrived = room.wait_for_text("the first inventory of")
    assert arrived.thread == started.thread
    assert f"the first inventory of `{bucket}` is there: 3 files, 58 bytes." in read(arrived)


def test_a_bucket_is_audited_and_what_may_not_be_read_is_said_in_its_row(room: Room) -> None:
    bucket = room.bucket(versioned=True)
    denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetLifecycleConfiguration"}
    statement = {**denied, "Resource": f"arn:aws:s3:::{bucket}"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    room.s3().put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))

    started = room.mention(f"is {bucket} public?")
    result = room.wait_for_text("settings fine")

    said = read(result)
    assert result.thread == started.thread
    assert f"`{bucket}`: " in said
    assert "could not be read" in said
    assert "Allow me s3:GetLifecycleConfiguration." in said
    assert "Versioning" in said
    assert "✓ fine" in said


def test_a_log_group_that_is_not_there_is_said_so_and_nothing_starts(room: Room) -> None:
    room.stage.aws.client("logs").create_log_group(logGroupName="/aws/lambda/e2e-here")
    room.mention("run log analysis workflow for /aws/lambda/e2e-her")

    said = room.wait_for_text("There is no log group named /aws/lambda/e2e-her.")

    assert "run log analysis workflow for /aws/lambda/e2e-here" in json.dumps(said.blocks)
    assert "started" not in read(said)


def test_a_bucket_that_is_not_there_is_said_so_in_the_thread(room: Room) -> None:
    room.mention("run bucket audit workflow for e2e-nowhere")

    said = read(room.wait_for_text("failed. Check"))

    assert "Check bucket: There is no bucket named `e2e-nowhere`." in said
    assert "Read settings – not done" in said


def test_a_run_is_stopped_with_the_button_under_its_announcement(room: Room) -> None:
    room.stage.aws.client("logs").create_log_group(logGroupName="/aws/lambda/e2e-stopped")
    started = room.mention("run log analysis workflow for /aws/lambda/e2e-stopped")

    room.person(ALICE.name).click(started, "stop")

    said = read(room.wait_for_text("was stopped by"))
    assert "Group errors – not done" in said
    assert sum("was stopped by" in read(message) for message in room.from_bot()) == 1
    assert actions(room.shows(started, "Ended early after")) == []


def test_the_announcement_shows_how_far_the_run_is_and_in_the_end_how_it_ended(room: Room) -> None:
    room.stage.aws.client("logs").create_log_group(logGroupName="/aws/lambda/e2e-progress")

    started = room.mention("run log analysis workflow for /aws/lambda/e2e-progress")
    assert "Check log group – to come" in read(started)
    assert actions(started) == ["stop"]

    during = read(room.shows(started, "● Check log group"))
    assert "Group errors – to come" in during
    after = room.shows(started, "Finished after")
    assert "● Group errors" in read(after)
    assert actions(after) == []


def test_an_execution_that_was_lost_is_closed_and_told_in_the_deployed_stack(room: Room) -> None:
    started = room.mention("run bucket audit workflow for e2e-lost")
    room.wait_for_text("failed. Check")
    (execution,) = re.findall(r"wf-[a-z2-7]{8}", read(started))[:1]
    forget_the_end(room, execution)

    # The schedule may be faster than this call; whoever is first, it is told once.
    close = room.stage.deployment.resources["CloseOverdueFunction"]
    room.stage.aws.client("lambda").invoke(FunctionName=close)

    assert "Nothing was heard of it any more" in read(room.wait_for_text("did not end in time"))
    assert sum("did not end in time" in read(message) for message in room.from_bot()) == 1
    assert "did not end in time" in read(room.command(f"workflow status {execution}"))
    assert f"`{execution}` did not end in time" in read(room.mention("workflow status"))


def forget_the_end(room: Room, execution: str) -> None:
    """As if it had started six minutes ago and nothing had been heard since."""
    dynamodb = room.stage.aws.client("dynamodb")
    place = {
        "TableName": room.stage.deployment.resources["WorkflowExecutionsTable"],
        "Key": {"execution_id": {"S": execution}},
    }
    until = time.monotonic() + 20  # the end is written after it is posted
    while "posted_at" not in dynamodb.get_item(**place)["Item"] and time.monotonic() < until:
        time.sleep(0.1)
    dynamodb.update_item(
        **place,
        UpdateExpression="SET #status = :running, deadline = :past, #open = :yes REMOVE posted_at, post_until",
        ExpressionAttributeNames={"#status": "status", "#open": "open"},
        ExpressionAttributeValues={":running": {"S": "running"}, ":past": {"N": "1"}, ":yes": {"S": "yes"}},
    )


def test_what_a_lifecycle_rule_would_do_is_shown_then_done_and_taken_back(room: Room) -> None:
    bucket = room.bucket("logs/a.log", "logs/b.log", "other.txt")

    asked = room.mention(f"delete files older than 1 day in {bucket}")
    said = read(asked)
    assert f"In {bucket}, files under logs/ are deleted after 1 day." in said.replace("`", "")
    assert "2 files" in said
    assert "at list prices of us-east-1" in said

    started = room.click(asked, "confirm")
    results = room.wait_for_text("is done. From now on")
    (rule,) = room.s3().get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule["Expiration"] == {"Days": 1}
    assert "Transitions" not in rule
    assert root(results) == root(started)

    again = room.click(results, "restore")
    assert root(again) == root(started)
    back = read(room.click(again, "confirm"))

    assert f"{bucket} has the lifecycle configuration again that it had before" in back.replace("`", "")
    assert lifecycle_rules(room, bucket) == []
    assert "put back before" in read(room.click(results, "restore"))


def test_rules_that_somebody_changed_after_the_confirmation_was_shown_are_left_alone(room: Room) -> None:
    bucket = room.bucket("logs/a.log")
    asked = room.mention(f"run lifecycle management workflow for {bucket}")
    theirs = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 7}}
    room.s3().put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [theirs]})

    room.click(asked, "confirm")

    assert "since I showed you what would happen, so I changed nothing" in read(room.wait_for_text("failed"))
    assert lifecycle_rules(room, bucket) == ["theirs"]


def lifecycle_rules(room: Room, bucket: str) -> list[str]:
    """The IDs of a bucket's lifecycle rules."""
    s3 = room.s3()
    try:
        return [rule["ID"] for rule in s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]]
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchLifecycleConfiguration":
            raise
        return []
