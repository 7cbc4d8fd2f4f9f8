"""Every hour: has the first report of an inventory arrived? Then the thread in which it was asked for hears of it.

S3 takes up to 48 hours for it, and no function waits. A run of the inventory report leaves a watch in its table; each
hour costs one listing a watch, and after three days the watch ends with a sentence. The bucket's own notifications are
left alone: S3 keeps one configuration of them a bucket, and a second writer could lose somebody's.
"""

from __future__ import annotations

import csv
import functools
import gzip
import io
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from bot import replies_workflows
from bot.aws import Aws, aws_errors
from bot.errors import BotError, CannotPost
from bot.executions import Execution, Executions
from bot.models import Reply
from bot.slack import Slack, SlackUnavailable
from workflow_steps import own_aws
from workflow_steps.inventory_footers import FOOTERS, Counted
from workflow_steps.inventory_places import folder_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LOOK_SECONDS = 40.0
"""For all watches together; what is left is looked at in an hour."""
COUNT_SECONDS = 20.0
"""For counting one report; what takes longer is told without its numbers."""
POST_SECONDS = 90
"""Longer than this function may run: after that, a claim to post is given up."""

log = logging.getLogger("workflow_steps")


@dataclass(frozen=True, slots=True)
class Arrival:
    """The first report that S3 has made since an inventory was asked for."""

    place: str
    """Its manifest, as ``s3://…``."""
    form: str
    files: int
    objects: int | None = None
    """None when it could not be counted."""
    size: int | None = None
    """Bytes of the objects together; None when it could not be counted, or the format has no sum of them."""


def look_for_reports(_event: object, _context: object) -> dict[str, int]:
    """Look once for every report that is waited for; tell what arrived, and what never did."""
    aws = own_aws()
    executions = Executions(aws.client("dynamodb"), aws.settings.need("workflow_executions_table"))
    until = time.monotonic() + LOOK_SECONDS
    looked = told = 0
    for watch, deadline in executions.watches():
        if time.monotonic() > until:
            log.warning("not all inventories were looked for")
            break
        looked += 1
        try:
            told += _look(watch, deadline, executions, aws, until)
        except Exception:
            log.exception("inventory not looked for", extra={"watch": watch})
    return {"looked": looked, "told": told}


def _look(watch: str, deadline: float, executions: Executions, aws: Aws, until: float) -> bool:
    execution = executions.get(watch.removeprefix(executions.WATCH))
    if execution is None:
        executions.let_go(watch)
        return False
    arrival = None
    try:
        with aws_errors(execution.parameters):
            arrival = find(execution, aws, in_time=lambda: time.monotonic() < until)
    except BotError as error:
        log.warning("inventory not looked for: %s", error.sentence, extra={"watch": watch})
    now = time.time()
    if arrival:
        reply = replies_workflows.inventory_arrived(execution, **_facts(arrival))
    elif now > deadline:
        reply = replies_workflows.inventory_missing(execution, folder_of(execution.parameters))
    else:
        return False
    return _tell(watch, execution, reply, executions, aws)


def _facts(arrival: Arrival) -> dict[str, Any]:
    return {name: getattr(arrival, name) for name in Arrival.__slots__}


def _tell(watch: str, execution: Execution, reply: Reply, executions: Executions, aws: Aws) -> bool:
    now = time.time()
    if not executions.claim_post(watch, now, now + POST_SECONDS):
        return False
    try:
        _slack(aws).post(execution.channel, reply, execution.thread)
    except SlackUnavailable as error:
        executions.release_post(watch)
        log.warning("inventory not told: %s", error, extra={"watch": watch})
        return False
    except CannotPost as error:
        executions.let_go(watch)
        log.warning("inventory not told: %s", error, extra={"watch": watch})
        return False
    executions.posted(watch, time.time())
    return True


def find(execution: Execution, aws: Aws, in_time: Callable[[], bool]) -> Arrival | None:
    """The first report made since the execution was asked for; None while there is none."""
    bucket, folder = folder_of(execution.parameters)
    s3 = aws.s3(bucket)
    found = s3.list_objects_v2(Bucket=bucket, Prefix=folder, Delimiter="/")
    for name in sorted(each["Prefix"] for each in found.get("CommonPrefixes", ())):
        made = _made(name.removeprefix(folder))
        if made is None or made < execution.created_at - execution.created_at % 60:
            continue
        manifest = _manifest(s3, bucket, f"{name}manifest.json")
        if manifest is not None:
            return _arrival(s3, bucket, f"{name}manifest.json", manifest, in_time)
    return None


def _made(folder: str) -> float | None:
    """When S3 began a report, from the name of its folder; None for the folders of data."""
    try:
        return datetime.strptime(folder, "%Y-%m-%dT%H-%MZ/").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _manifest(s3: S3Client, bucket: str, key: str) -> Mapping[str, Any] | None:
    """What is written last of a report; None while it is not there."""
    try:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            return None
        raise
    found: Mapping[str, Any] = json.loads(body)
    return found


def _arrival(s3: S3Client, bucket: str, key: str, manifest: Mapping[str, Any], in_time: Callable[[], bool]) -> Arrival:
    files = [str(file["key"]) for file in manifest["files"]]
    told = Arrival(f"s3://{bucket}/{key}", str(manifest["fileFormat"]), len(files))
    until = time.monotonic() + COUNT_SECONDS
    objects, size = 0, cast("int | None", 0)
    try:
        count = _of_rows(str(manifest["fileSchema"])) if told.form == "CSV" else _of_footer(told.form)
        for file in files:
            found = count(s3, bucket, file, lambda: in_time() and time.monotonic() < until)
            objects += found.objects
            size = None if size is None or found.size is None else size + found.size
    except (ClientError, BotoCoreError, OSError, EOFError, ValueError, IndexError, KeyError, csv.Error) as error:
        log.warning("report not counted: %s", error, extra={"manifest": told.place})
        return told
    return replace(told, objects=objects, size=size)


Count = Callable[["S3Client", str, str, Callable[[], bool]], Counted]
"""Counts one file of a report, by its bucket and key; TimeoutError when that takes too long."""


def _of_rows(schema: str) -> Count:
    """Of CSV: each row is a file, and one column its size."""
    column = [name.strip() for name in schema.split(",")].index("Size")

    def count(s3: S3Client, bucket: str, key: str, in_time: Callable[[], bool]) -> Counted:
        body = s3.get_object(Bucket=bucket, Key=key)["Body"]
        lines = io.TextIOWrapper(gzip.GzipFile(fileobj=cast("Any", body)), encoding="utf-8", newline="")
        objects = size = 0
        for row in csv.reader(lines):
            objects += 1
            size += int(row[column] or 0)
            if objects % 10_000 == 0:
                _go_on(in_time)
        return Counted(objects, size)

    return count


def _of_footer(form: str) -> Count:
    """Of the other formats: what their footers say. KeyError when it is one that S3 has made up since."""
    footer = FOOTERS[form]

    def count(s3: S3Client, bucket: str, key: str, in_time: Callable[[], bool]) -> Counted:
        _go_on(in_time)
        return footer(lambda last: s3.get_object(Bucket=bucket, Key=key, Range=f"bytes=-{last}")["Body"].read())

    return count


def _go_on(in_time: Callable[[], bool]) -> None:
    if not in_time():
        raise TimeoutError("it takes too long to count")


@functools.cache
def _slack(aws: Aws) -> Slack:
    return Slack(lambda refresh: aws.slack_secret(refresh).bot_token, aws.settings.slack_api_url)
