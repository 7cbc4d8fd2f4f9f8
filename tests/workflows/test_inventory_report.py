"""The inventory report, from the start to the post: the real state machine with the real steps."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

from bot import workflows
from tests.workflows.stage import RUN, Stage

OURS = {
    "Sid": "S3AgentInventorya483e74c6d1d",
    "Effect": "Allow",
    "Principal": {"Service": "s3.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::my-bucket/s3agent-inventory/my-bucket/*",
    "Condition": {
        "ArnLike": {"aws:SourceArn": "arn:aws:s3:::my-bucket"},
        "StringEquals": {"aws:SourceAccount": "123456789012", "s3:x-amz-acl": "bucket-owner-full-control"},
    },
}
THEIRS = {
    "Sid": "OnlyTls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "arn:aws:s3:::my-bucket/*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def policy(stage: Stage, bucket: str = "my-bucket") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stage.s3.get_bucket_policy(Bucket=bucket)["Policy"])
    return found


def inventories(stage: Stage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stage.s3.list_bucket_inventory_configurations(Bucket="my-bucket").get(
        "InventoryConfigurationList", []
    )
    return found


def test_the_inventory_is_switched_on_and_the_thread_hears_what_is_in_the_bucket_now(inventory: Stage):
    inventory.s3.put_object(Bucket="my-bucket", Key="logs/a", Body=b"x" * 2048)
    inventory.s3.put_object(Bucket="my-bucket", Key="logs/b", Body=b"x" * 1024)
    inventory.s3.put_object(Bucket="my-bucket", Key="readme", Body=b"x", StorageClass="STANDARD_IA")

    done = inventory.run(bucket="my-bucket")

    assert done.status == "succeeded"
    assert inventory.slack.texts[-1] == (
        "<@U0ALICE> Inventory report wf-jrdb3m6n is done. my-bucket holds 3 files, 3 KB."
    )
    shown = inventory.slack.shown()
    assert "STANDARD: 2 files, 3 KB STANDARD_IA: 1 file, 1 byte" in shown.replace(":  ", ": ")
    assert "logs/ 2 3 KB" in shown
    assert "a weekly CSV inventory in s3://my-bucket/s3agent-inventory/my-bucket/s3agent-all-e3b0c442/" in shown


def test_the_configuration_says_what_was_asked_for(inventory: Stage):
    inventory.s3.create_bucket(Bucket="reports-bucket")

    inventory.run(
        bucket="my-bucket",
        destination_bucket="reports-bucket",
        format="Parquet",
        frequency="Daily",
        prefix="logs/",
    )

    (found,) = inventories(inventory)
    assert found["Id"] == "s3agent-logs-2beb4a52"
    assert found["IsEnabled"] is True
    assert found["Schedule"] == {"Frequency": "Daily"}
    assert found["Filter"] == {"Prefix": "logs/"}
    destination = found["Destination"]["S3BucketDestination"]
    assert destination["Bucket"] == "arn:aws:s3:::reports-bucket"
    assert destination["Format"] == "Parquet"
    assert destination["Prefix"] == "s3agent-inventory"


def test_s3_and_nobody_else_may_write_the_reports_for_this_bucket(inventory: Stage):
    inventory.run(bucket="my-bucket")

    assert policy(inventory) == {"Version": "2012-10-17", "Statement": [OURS]}


def test_the_statements_of_others_stay(inventory: Stage):
    before = {"Version": "2012-10-17", "Id": "theirs", "Statement": THEIRS}
    inventory.s3.put_bucket_policy(Bucket="my-bucket", Policy=json.dumps(before))

    inventory.run(bucket="my-bucket")

    assert policy(inventory) == {"Version": "2012-10-17", "Id": "theirs", "Statement": [THEIRS, OURS]}


def test_a_second_run_updates_what_the_first_one_made(inventory: Stage):
    inventory.run(bucket="my-bucket")

    later = inventory.start(replace(RUN, id="T0LOCAL#C0OPS#1700000001.000100"), bucket="my-bucket", frequency="Daily")
    inventory.wait(later.id)

    assert [found["Schedule"]["Frequency"] for found in inventories(inventory)] == ["Daily"]
    assert policy(inventory)["Statement"] == [OURS]


def test_a_destination_in_another_region_is_refused_before_anything_changes(inventory: Stage):
    where = {"LocationConstraint": "eu-west-1"}
    inventory.s3.create_bucket(Bucket="far-bucket", CreateBucketConfiguration=where)

    done = inventory.run(bucket="my-bucket", destination_bucket="far-bucket")

    assert done.status == "failed"
    assert done.problem == (
        "Check buckets: S3 delivers an inventory only within a region: my-bucket is in us-east-1, far-bucket in"
        " eu-west-1. Name a destination in us-east-1."
    )
    assert inventories(inventory) == []


def test_a_destination_that_is_not_there_is_named(inventory: Stage):
    done = inventory.run(bucket="my-bucket", destination_bucket="nowhere-bucket")

    assert done.problem.startswith("Check buckets: There is no bucket named nowhere-bucket.")


def test_a_policy_that_may_not_be_written_stops_it_before_the_inventory_is_switched_on(inventory: Stage):
    inventory.aws_answers("s3", "PutBucketPolicy", (403, "AccessDenied"))

    done = inventory.run(bucket="my-bucket")

    assert done.problem.startswith("Prepare destination: AWS does not let me do that")
    assert inventories(inventory) == []


def test_an_inventory_that_s3_does_not_show_yet_is_looked_for_again(inventory: Stage):
    inventory.aws_answers("s3", "GetBucketInventoryConfiguration", (404, "NoSuchConfiguration"), None)

    done = inventory.run(bucket="my-bucket")

    assert done.status == "succeeded"
    assert inventory.calls["verify_inventory_configuration"] == 2


def test_an_inventory_that_s3_never_shows_is_reported(inventory: Stage):
    inventory.aws_answers("s3", "GetBucketInventoryConfiguration", *[(404, "NoSuchConfiguration")] * 7)

    done = inventory.run(bucket="my-bucket")

    assert done.problem == (
        "Verify inventory configuration: S3 does not show the inventory of my-bucket yet. I tried several "
        "times and have given up. I added the statement S3AgentInventorya483e74c6d1d to the policy of "
        "my-bucket, so that S3 can write the reports there, and it stays. Remove it, and the policy is as it "
        "was. The inventory s3agent-all-e3b0c442 was set, and stays until somebody runs: aws s3api "
        "delete-bucket-inventory-configuration --bucket my-bucket --id s3agent-all-e3b0c442"
    )


def test_a_policy_that_an_earlier_run_changed_is_not_said_to_be_changed_by_this_one(inventory: Stage):
    inventory.run(bucket="my-bucket")
    inventory.aws_answers("s3", "PutBucketInventoryConfiguration", (403, "AccessDenied"))

    again = inventory.start(replace(RUN, id="T0LOCAL#C0OPS#1700000001.000100"), bucket="my-bucket")
    inventory.wait(again.id)

    done = workflows.status(inventory.aws, again.id, time.time())
    assert done.problem.startswith("Write inventory configuration: AWS does not let me do that")
    assert "policy" not in done.problem


def test_an_empty_bucket_is_reported_as_such(inventory: Stage):
    inventory.run(bucket="my-bucket")

    assert "my-bucket holds 0 files, 0 bytes." in inventory.slack.texts[-1]


def test_a_second_run_in_the_middle_of_the_first_adds_one_statement_and_one_inventory(inventory: Stage):
    inventory.happens_before("write_inventory_configuration", lambda: assert_ends(inventory))

    assert inventory.run(bucket="my-bucket").status == "succeeded"
    assert len(inventory.slack.posts) == 2
    assert len(inventories(inventory)) == 1
    assert policy(inventory)["Statement"] == [OURS]


def assert_ends(stage: Stage) -> None:
    assert stage.again(stage.record()) == "SUCCEEDED"
