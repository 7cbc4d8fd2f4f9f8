"""What lifecycle management would do to a bucket, as a confirmation shows it; nothing is changed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot import lifecycle, replies_lifecycle, storage_prices
from bot.aws import aws_errors
from bot.errors import AwsRefused
from bot.models import Value
from bot.operations import Call
from bot.previews import Shown, needs
from bot.what_if import WhatIf, what_if

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SECONDS = 5.0
"""How long files are counted: a person waits."""


@needs("s3:GetBucketVersioning", "s3:GetLifecycleConfiguration", "s3:ListBucket")
def preview(call: Call, **parameters: Value) -> Shown:
    """The rules that are there, and what would become of the files. It stands for the rules as they are now."""
    bucket = str(parameters["bucket"])
    s3 = call.aws.s3(bucket)
    before = lifecycle.read(s3, bucket)
    after, ours = lifecycle.merged(before, parameters)
    lifecycle.check_size(bucket, before, after)
    effect = replies_lifecycle.Effect(
        change=lifecycle.change(before, ours),
        replaced=before.rule(ours["ID"]),
        overlapping=lifecycle.overlapping(after.rules, ours),
        versioned=s3.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled",
    )
    found = _counted(call, s3, parameters)
    region = call.aws.bucket_region(bucket)
    blocks, text = replies_lifecycle.what_if(parameters, effect, found, storage_prices.of(region), region)
    return Shown(blocks, text, before.fingerprint())


def _counted(call: Call, s3: S3Client, parameters: Mapping[str, Value]) -> WhatIf | str:
    """What the files come to, or the sentence that says why they could not be counted: the rule can be set anyway."""
    until = time.monotonic() + min(SECONDS, call.seconds_left())
    try:
        with aws_errors(parameters):
            return what_if(
                _objects(s3, parameters), parameters, datetime.now(UTC), in_time=lambda: time.monotonic() < until
            )
    except AwsRefused as error:
        return error.sentence


def _objects(s3: S3Client, parameters: Mapping[str, Value]) -> Iterator[Mapping[str, Any]]:
    pages = s3.get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=str(parameters["bucket"]), Prefix=str(parameters["prefix"])):
        yield from page.get("Contents", ())
