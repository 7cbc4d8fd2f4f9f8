"""The bucket audit, from the start to the post: the real state machine with the real steps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.workflows.stage import Stage
from workflow_steps.bucket_audit import SETTINGS

READS = [
    ("GetPublicAccessBlock", "Public access", "s3:GetBucketPublicAccessBlock"),
    ("GetBucketPolicyStatus", "Bucket policy", "s3:GetBucketPolicyStatus"),
    ("GetBucketEncryption", "Encryption", "s3:GetEncryptionConfiguration"),
    ("GetBucketOwnershipControls", "Object ownership", "s3:GetBucketOwnershipControls"),
    ("GetBucketVersioning", "Versioning", "s3:GetBucketVersioning"),
    ("GetBucketLifecycleConfiguration", "Lifecycle", "s3:GetLifecycleConfiguration"),
    ("GetBucketLogging", "Access logging", "s3:GetBucketLogging"),
    ("GetBucketReplication", "Replication", "s3:GetReplicationConfiguration"),
]
BLOCKED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
WEBSITE = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::my-bucket/*",
    },
}


def shown(stage: Stage) -> dict[str, list[str]]:
    """The rows of the table that was posted, by setting: state, as it is, what to do."""
    (table,) = [block for block in blocks(stage) if block["type"] == "table"]
    rows = [[cell["text"] for cell in row] for row in table["rows"]]
    assert rows[0] == ["Setting", "State", "As it is", "What to do"]
    return {row[0]: row[1:] for row in rows[1:]}


def blocks(stage: Stage) -> list[dict[str, Any]]:
    found = stage.slack.posts[-1]["blocks"]
    listed: list[dict[str, Any]] = json.loads(found) if isinstance(found, str) else found
    return listed


def well_kept(stage: Stage) -> None:
    """A bucket that leaves nothing to wish for."""
    s3 = stage.s3
    s3.create_bucket(Bucket="log-bucket")
    s3.create_bucket(Bucket="far-bucket")
    for bucket in ("my-bucket", "far-bucket"):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_public_access_block(Bucket="my-bucket", PublicAccessBlockConfiguration=BLOCKED)
    encrypted = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket="my-bucket", ServerSideEncryptionConfiguration={"Rules": [encrypted]})
    owned = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    s3.put_bucket_ownership_controls(Bucket="my-bucket", OwnershipControls=owned)
    rule = {"Status": "Enabled", "Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
    s3.put_bucket_lifecycle_configuration(Bucket="my-bucket", LifecycleConfiguration={"Rules": [rule]})
    stage.aws_answers("s3", "GetBucketLogging", {"LoggingEnabled": {"TargetBucket": "log-bucket", "TargetPrefix": ""}})
    there = {"ID": "all", "Status": "Enabled", "Priority": 1, "Destination": {"Bucket": "arn:aws:s3:::far-bucket"}}
    replication = {"Role": "arn:aws:iam::123456789012:role/replication", "Rules": [there]}
    stage.aws_answers("s3", "GetBucketReplication", {"ReplicationConfiguration": replication})


def test_a_bucket_as_it_was_made_is_told_what_to_mend_and_what_to_improve(audit: Stage):
    done = audit.run(bucket="my-bucket")

    assert done.status == "succeeded"
    assert audit.slack.texts[-1] == (
        "<@U0ALICE> Bucket audit wf-jrdb3m6n is done. my-bucket: 2 of 8 settings fine, 2 to fix, 4 to improve."
    )
    assert shown(audit) == {
        "Public access": [
            "✗ fix",
            "nothing is blocked for this bucket",
            "Switch on all four blocks of Block Public Access, unless this bucket serves a public website.",
        ],
        "Encryption": [
            "✗ fix",
            "no encryption by default",
            "Set default encryption to SSE-S3, or to SSE-KMS with a key of yours.",
        ],
        "Object ownership": [
            "△ improve",
            "ObjectWriter: ACLs count",
            "Set it to BucketOwnerEnforced, so that policies alone decide who may.",
        ],
        "Versioning": [
            "△ improve",
            "never switched on",
            "Switch it on: what is overwritten or deleted can then be brought back.",
        ],
        "Lifecycle": [
            "△ improve",
            "no rule is on",
            "Add rules: clear away unfinished uploads after 7 days, and move or delete what gets old.",
        ],
        "Access logging": [
            "△ improve",
            "off",
            "Switch on server access logging, or data events in CloudTrail, to know who read and changed what.",
        ],
        "Bucket policy": ["✓ fine", "no bucket policy", "–"],
        "Replication": ["✓ fine", "none: needed only where files must outlive their region", "–"],
    }


def test_what_must_be_mended_stands_first(audit: Stage):
    audit.run(bucket="my-bucket")

    assert [state for state, *_ in shown(audit).values()] == ["✗ fix"] * 2 + ["△ improve"] * 4 + ["✓ fine"] * 2


def test_a_well_kept_bucket_is_fine_in_every_setting(audit: Stage):
    well_kept(audit)

    audit.run(bucket="my-bucket")

    assert audit.slack.texts[-1].endswith("my-bucket: 8 of 8 settings fine.")
    assert {setting: row[1] for setting, row in shown(audit).items()} == {
        "Public access": "all public access is blocked",
        "Bucket policy": "no bucket policy",
        "Encryption": "aws:kms, with a bucket key",
        "Object ownership": "the bucket owns its files, ACLs are off",
        "Versioning": "on",
        "Lifecycle": "1 rule",
        "Access logging": "into log-bucket",
        "Replication": "1 rule, to far-bucket",
    }


def test_a_policy_that_lets_everybody_in_must_be_mended(audit: Stage):
    audit.s3.put_bucket_policy(Bucket="my-bucket", Policy=json.dumps(WEBSITE))

    audit.run(bucket="my-bucket")

    assert shown(audit)["Bucket policy"] == [
        "✗ fix",
        "the bucket policy makes it public",
        "Name in its policy who may, instead of everybody (*).",
    ]


@pytest.mark.parametrize(
    ("operation", "answer", "row"),
    [
        (
            "GetPublicAccessBlock",
            {"PublicAccessBlockConfiguration": {**BLOCKED, "BlockPublicPolicy": False}},
            ["Public access", "✗ fix", "not on: BlockPublicPolicy"],
        ),
        (
            "GetBucketPolicyStatus",
            {"PolicyStatus": {}},
            ["Bucket policy", "? not read", "S3 does not say whether its policy makes it public"],
        ),
        (
            "GetBucketPolicyStatus",
            {"PolicyStatus": {"IsPublic": False}},
            ["Bucket policy", "✓ fine", "the bucket policy is not public"],
        ),
        (
            "GetBucketEncryption",
            {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                }
            },
            ["Encryption", "✓ fine", "SSE-S3, with keys of S3"],
        ),
        (
            "GetBucketEncryption",
            {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]
                }
            },
            ["Encryption", "△ improve", "aws:kms, without a bucket key"],
        ),
        ("GetBucketVersioning", {"Status": "Suspended"}, ["Versioning", "△ improve", "suspended"]),
        (
            "GetBucketLifecycleConfiguration",
            {"Rules": [{"Status": "Enabled", "Expiration": {"Days": 9}}]},
            ["Lifecycle", "△ improve", "1 rule, none for unfinished uploads"],
        ),
        (
            "GetBucketLifecycleConfiguration",
            {"Rules": [{"Status": "Disabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]},
            ["Lifecycle", "△ improve", "no rule is on"],
        ),
        (
            "GetBucketReplication",
            {"ReplicationConfiguration": {"Rules": [{"Status": "Disabled"}]}},
            ["Replication", "△ improve", "its rules are switched off"],
        ),
        (
            "GetBucketOwnershipControls",
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}},
            ["Object ownership", "△ improve", "BucketOwnerPreferred: ACLs count"],
        ),
    ],
)
def test_a_setting_is_judged_as_it_is(audit: Stage, operation: str, answer: dict[str, Any], row: list[str]):
    audit.aws_answers("s3", operation, answer)

    audit.run(bucket="my-bucket")

    assert [row[0], *shown(audit)[row[0]][:2]] == row


@pytest.mark.parametrize(("operation", "setting", "permission"), READS)
def test_a_setting_that_may_not_be_read_says_so_in_its_row_and_the_others_are_told(
    audit: Stage, operation: str, setting: str, permission: str
):
    audit.aws_answers("s3", operation, (403, "AccessDenied"))

    done = audit.run(bucket="my-bucket")

    assert done.status == "succeeded"
    assert shown(audit)[setting] == ["? not read", "AWS does not let me read it", f"Allow me {permission}."]
    assert len(shown(audit)) == len(READS) == len(SETTINGS)
    assert "1 could not be read" in audit.slack.texts[-1]


def test_a_setting_that_this_kind_of_bucket_does_not_have_says_so_in_its_row(audit: Stage):
    audit.aws_answers("s3", "GetBucketReplication", (501, "NotImplemented"))

    audit.run(bucket="my-bucket")

    assert shown(audit)["Replication"] == ["? not read", "S3 does not offer it for this bucket", "–"]


def test_every_read_names_the_account_that_must_own_the_bucket(audit: Stage):
    owners: list[str] = []
    audit.aws.client("s3").meta.events.register(
        "before-call.s3", lambda params, **_: owners.append(params["headers"].get("x-amz-expected-bucket-owner", ""))
    )

    audit.run(bucket="my-bucket")

    assert len(owners) == 1 + len(READS)
    assert set(owners) == {"123456789012"}


def test_nothing_is_changed(audit: Stage):
    called: list[str] = []
    audit.aws.client("s3").meta.events.register("before-call.s3", lambda model, **_: called.append(model.name))

    audit.run(bucket="my-bucket")

    assert [name for name in called if not name.startswith(("Get", "Head"))] == []


def test_a_bucket_that_is_not_there_is_named(audit: Stage):
    done = audit.run(bucket="nowhere-bucket")

    assert done.status == "failed"
    assert done.problem.startswith("Check bucket: There is no bucket named nowhere-bucket.")


def test_a_bucket_of_somebody_else_is_not_looked_at(audit: Stage):
    audit.aws_answers("s3", "HeadBucket", (403, "403"))

    done = audit.run(bucket="my-bucket")

    assert "belongs to another account or is closed to me" in done.problem
    assert audit.calls["read_settings"] == 0


def test_a_bucket_that_goes_away_in_between_is_reported(audit: Stage):
    audit.happens_before("read_settings", lambda: audit.s3.delete_bucket(Bucket="my-bucket"))

    done = audit.run(bucket="my-bucket")

    assert done.problem.startswith("Read settings: There is no bucket named my-bucket.")


def test_a_busy_s3_is_asked_again(audit: Stage):
    audit.aws_answers("s3", "GetBucketVersioning", (503, "SlowDown"))

    done = audit.run(bucket="my-bucket")

    assert done.status == "succeeded"
    assert audit.calls["read_settings"] == 2
