"""Inventory report: switches on S3 Inventory for a bucket, and says what is in it now.

AWS's own first report takes up to 48 hours, so a listing with a bound gives the answer of today.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bot.display import count, human_size, shown
from bot.errors import AwsRefused
from bot.replies_workflows import Report
from workflow_steps import NotYet, Run, step
from workflow_steps.inventory_places import FOLDER, configuration_id, destination_of
from workflow_steps.listing import Summary, summarize

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FIELDS = (
    "Size",
    "LastModifiedDate",
    "StorageClass",
    "ETag",
    "IsMultipartUploaded",
    "ReplicationStatus",
    "EncryptionStatus",
)
WATCH_SECONDS = 3 * 24 * 3600
"""How long the first report is waited for; AWS says that it comes within 48 hours."""
LIST_SECONDS = 35.0
"""A listing that takes longer is cut off, and the report says so."""


@step
def check_buckets(run: Run) -> dict[str, Any]:
    """Both buckets are ours and in one region, as S3 Inventory demands."""
    destination = destination_of(run.parameters)
    region, other = run.aws.bucket_region(run.bucket), run.aws.bucket_region(destination)
    if region != other:
        raise AwsRefused(
            f"S3 delivers an inventory only within a region: {run.bucket} is in {region}, {destination} in {other}.",
            code="RegionsDiffer",
            hint=f"Name a destination in {region}.",
        )
    return {"region": region}


@step
def prepare_destination(run: Run) -> dict[str, Any]:
    """Let S3 write the reports: one statement of ours in the destination's policy, all others as they are."""
    destination = destination_of(run.parameters)
    s3 = run.aws.s3(destination)
    ours = statement(run.bucket, destination, run.aws.partition, run.aws.account_id)
    before = _policy(s3, destination)
    after = merged_policy(before, ours)
    if after != before:
        run.executions.keep_first(run.execution_id, "policy", before)
        s3.put_bucket_policy(Bucket=destination, Policy=json.dumps(after))
    elif run.executions.kept(run.execution_id, "policy") is None:
        return {"changed": False}  # an earlier execution changed it; a former try of this one would have kept it
    return {
        "changed": True,
        "stays": f"I added the statement {ours['Sid']} to the policy of {destination}, so that S3 can write the "
        "reports there, and it stays. Remove it, and the policy is as it was.",
    }


@step
def write_inventory_configuration(run: Run) -> dict[str, Any]:
    """Switch the inventory on. S3 keeps configurations by Id, so only ours is written over."""
    wanted = configuration(run.parameters, run.aws.partition, run.aws.account_id)
    s3 = run.aws.s3(run.bucket)
    s3.put_bucket_inventory_configuration(
        Bucket=run.bucket,
        Id=wanted["Id"],
        InventoryConfiguration=wanted,  # type: ignore[arg-type]  # plain data
    )
    undo = f"aws s3api delete-bucket-inventory-configuration --bucket {run.bucket} --id {wanted['Id']}"
    return {"id": wanted["Id"], "stays": f"The inventory {wanted['Id']} was set, and stays until somebody runs: {undo}"}


@step
def verify_inventory_configuration(run: Run) -> dict[str, Any]:
    """Read the configuration back; NotYet while S3 shows the former one, or none."""
    wanted = configuration(run.parameters, run.aws.partition, run.aws.account_id)
    try:
        found = run.aws.s3(run.bucket).get_bucket_inventory_configuration(Bucket=run.bucket, Id=wanted["Id"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchConfiguration":
            raise
        raise NotYet(f"S3 does not show the inventory of {run.bucket} yet.") from error
    if _essence(found.get("InventoryConfiguration", {})) != _essence(wanted):
        raise NotYet(f"S3 does not show the inventory of {run.bucket} as it was set yet.")
    run.executions.watch(run.execution_id, time.time() + WATCH_SECONDS)
    return {"verified": True}


@step
def summarize_bucket(run: Run) -> dict[str, Any]:
    """List the bucket as it is now, up to a bound; the results."""
    prefix = str(run.parameters.get("prefix") or "")
    until = time.monotonic() + LIST_SECONDS
    objects = objects_of(run.aws.s3(run.bucket), run.bucket, prefix)
    summary = summarize(objects, prefix=prefix, in_time=lambda: time.monotonic() < until)
    return report(run.parameters, summary, run.results["written"]["id"]).to_dict()


# --- the destination's policy and the configuration ------------------------------------------------------------------


def statement(bucket: str, destination: str, partition: str, account: str) -> dict[str, Any]:
    """S3 may write this bucket's reports into the destination: only S3, only for this bucket of this account."""
    return {
        "Sid": "S3AgentInventory" + hashlib.sha256(bucket.encode()).hexdigest()[:12],
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:{partition}:s3:::{destination}/{FOLDER}/{bucket}/*",
        "Condition": {
            "ArnLike": {"aws:SourceArn": f"arn:{partition}:s3:::{bucket}"},
            "StringEquals": {"aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control"},
        },
    }


def merged_policy(before: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
    """The policy with our statement: in the place of its forerunner, else behind the others."""
    there = before.get("Statement", [])
    statements = [there] if isinstance(there, Mapping) else list(there)
    if any(each.get("Sid") == ours["Sid"] for each in statements):
        merged = [ours if each.get("Sid") == ours["Sid"] else each for each in statements]
    else:
        merged = [*statements, ours]
    return {"Version": "2012-10-17", **before, "Statement": merged}


def configuration(parameters: Mapping[str, Any], partition: str, account: str) -> dict[str, Any]:
    """What PutBucketInventoryConfiguration is given."""
    prefix = str(parameters.get("prefix") or "")
    destination = {
        "AccountId": account,
        "Bucket": f"arn:{partition}:s3:::{destination_of(parameters)}",
        "Format": str(parameters["format"]),
        "Prefix": FOLDER,
        "Encryption": {"SSES3": {}},
    }
    return {
        "Id": configuration_id(prefix),
        "IsEnabled": True,
        "IncludedObjectVersions": "Current",
        "Schedule": {"Frequency": str(parameters["frequency"])},
        "Destination": {"S3BucketDestination": destination},
        "OptionalFields": list(FIELDS),
        **({"Filter": {"Prefix": prefix}} if prefix else {}),
    }


def _essence(each: Mapping[str, Any]) -> tuple[Any, ...]:
    destination = each.get("Destination", {}).get("S3BucketDestination", {})
    return (
        each.get("Id"),
        each.get("IsEnabled"),
        each.get("Schedule", {}).get("Frequency"),
        each.get("Filter", {}).get("Prefix", ""),
        destination.get("Bucket"),
        destination.get("Format"),
        destination.get("Prefix"),
    )


def _policy(s3: S3Client, bucket: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucketPolicy":
            return {}
        raise
    return found


# --- the report -----------------------------------------------------------------------------------------------------


def objects_of(s3: S3Client, bucket: str, prefix: str) -> Iterator[Mapping[str, Any]]:
    """The objects of a bucket, a page at a time, in the order of their keys."""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from page.get("Contents", ())


def report(parameters: Mapping[str, Any], summary: Summary, configuration_id: str) -> Report:
    """What came of it, for the thread."""
    bucket, prefix = parameters["bucket"], parameters.get("prefix")
    where = f"{bucket} under {prefix}" if prefix else str(bucket)
    more = "" if summary.complete else "at least "
    facts = [(name, _amount(*counted)) for name, counted in sorted(summary.classes.items())]
    if summary.oldest and summary.newest:
        facts += [("Oldest", f"{summary.oldest:%Y-%m-%d}"), ("Newest", f"{summary.newest:%Y-%m-%d}")]
    frequency, form = str(parameters["frequency"]).lower(), parameters["format"]
    place = f"s3://{destination_of(parameters)}/{FOLDER}/{bucket}/{configuration_id}/"
    notes = [
        f"From now on AWS makes a {frequency} {form} inventory in {place}, the first within 48 hours.",
        "When it has arrived, I say so here.",
    ]
    if not summary.complete:
        notes.append("The bucket is too large to list whole in this time: the numbers are of its first files.")
    return Report(
        headline=f"{where} holds {more}{_amount(summary.objects, summary.size)}.",
        facts=facts,
        notes=notes,
        columns=("Largest folders", "Files", "Size"),
        rows=[(shown(name), f"{objects:,}", human_size(total)) for total, objects, name in summary.largest],
    )


def _amount(objects: int, total: int) -> str:
    return f"{count(objects, 'file')}, {human_size(total)}"
