"""Something to look at in an account that was made a second ago: buckets with files, and a log group with lines."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sandbox.ministack import MiniStack

REPORTS = "acme-reports"
ARCHIVE = "acme-archive"
LOGS = "acme-app-logs"
LOG_GROUP = "/aws/lambda/acme-checkout"

FILES = {
    REPORTS: {
        "2026/q3/revenue.csv": "region,revenue\neu,1200000\nus,2100000\n" * 400,
        "2026/q3/draft.csv": "region,revenue\neu,?\n",
        "2026/q3/summary – final.pdf": "%PDF-1.7\n" * 9000,
        "2026/q2/revenue.csv": "region,revenue\neu,1100000\nus,2000000\n" * 400,
        "readme.txt": "Quarterly reports. Ask #ops before you delete anything.\n",
    },
    ARCHIVE: {"2025/q4/revenue.csv": "region,revenue\neu,900000\nus,1700000\n" * 400},
    LOGS: {f"logs/2026/11/{day:02d}/checkout.log.gz": "\x1f\x8b" + "x" * 5000 * day for day in range(1, 22)},
}
"""Bucket to key to content."""

REGIONS = {ARCHIVE: "eu-west-1"}
"""Buckets outside the home region."""
VERSIONED = (ARCHIVE,)

MINUTE, HOUR = 60, 3600
LOG_HOURS = 22
"""How far back the log group's lines go."""


@dataclass(frozen=True, slots=True)
class Habit:
    """A line that an application writes again and again."""

    line: str
    """With ``{n}`` where its number stands."""
    every: int
    """Seconds."""
    begin: int = LOG_HOURS * HOUR
    """So many seconds ago it began."""
    end: int = 0
    """So many seconds ago it ended."""


HABITS = (
    Habit("INFO order {n} paid", every=6 * MINUTE),
    Habit("WARN retrying warehouse API, attempt 2", every=50 * MINUTE),
    Habit("ERROR PaymentDeclined: card expired (order {n})", every=37 * MINUTE),
    Habit(
        'Traceback (most recent call last):\n  File "/var/task/cart.py", line 88, in total\n'
        "    price = item['price']\nKeyError: 'price'",
        every=95 * MINUTE,
    ),
    Habit(
        '{"level": "ERROR", "error": {"type": "ThrottlingException", "message": "Rate exceeded for orders-{n}"}}',
        every=5 * MINUTE,
        begin=13 * HOUR,
        end=10 * HOUR,
    ),
    Habit("ERROR Timeout: warehouse API did not answer within 3000 ms", every=2 * MINUTE, begin=100 * MINUTE),
)
"""What the checkout has written until now: a bad night for its database, and a warehouse that is slow just now."""


def furnish(aws: MiniStack) -> None:
    """Make it all."""
    for bucket, files in FILES.items():
        _make_bucket(aws, bucket)
        for key, content in files.items():
            aws.client("s3").put_object(Bucket=bucket, Key=key, Body=content.encode())
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=LOG_GROUP)
    logs.create_log_stream(logGroupName=LOG_GROUP, logStreamName="today")
    logs.put_log_events(logGroupName=LOG_GROUP, logStreamName="today", logEvents=_events(time.time()))


def refurnish(aws: MiniStack) -> None:
    """Put back the files that somebody took away, and take the rules off the logs, so that it can all be done again."""
    s3 = aws.client("s3")
    for bucket, files in FILES.items():
        there = {item["Key"] for item in s3.list_objects_v2(Bucket=bucket).get("Contents", ())}
        for key, content in files.items():
            if key not in there:
                s3.put_object(Bucket=bucket, Key=key, Body=content.encode())
    s3.delete_bucket_lifecycle(Bucket=LOGS)


def _make_bucket(aws: MiniStack, bucket: str) -> None:
    region = REGIONS.get(bucket, "")
    place: dict[str, Any] = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region else {}
    s3 = aws.client("s3", region) if region else aws.client("s3")
    s3.create_bucket(Bucket=bucket, **place)
    if bucket in VERSIONED:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def _events(now: float) -> list[dict[str, Any]]:
    """The lines of some hours, oldest first, as CloudWatch wants them."""
    moments = (
        (int(now) - ago, habit.line.replace("{n}", str(48_000 + ago // MINUTE)))
        for habit in HABITS
        for ago in range(habit.begin, habit.end, -habit.every)
    )
    return [{"timestamp": at * 1000, "message": line} for at, line in sorted(moments)]
