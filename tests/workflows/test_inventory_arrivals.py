"""The first report of an inventory: looked for every hour, and told once in the thread in which it was asked for."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.workflows.stage import THREAD, Stage
from workflow_steps.inventory_arrivals import look_for_reports

FOLDER = "s3agent-inventory/my-bucket/s3agent-all-e3b0c442/"
SCHEMA = "Bucket, Key, Size, LastModifiedDate, StorageClass"
ROWS = [
    '"my-bucket","logs/a.txt","2048","2026-11-20T10:00:00.000Z","STANDARD"',
    '"my-bucket","logs/%22b%22%2C.txt","1024","2026-11-20T10:00:00.000Z","STANDARD"',
    '"my-bucket","empty","","2026-11-20T10:00:00.000Z","STANDARD"',
]
CSV = gzip.compress("\n".join(ROWS).encode(), mtime=0)
REPORTS = Path(__file__).parent / "reports"
"""Three rows in each, of 1, 2 and an unknown number of KB, written by pyarrow 26, compressed as S3 compresses them."""


@pytest.fixture
def asked(inventory: Stage) -> Stage:
    """A run that has ended, its report still to come."""
    inventory.run(bucket="my-bucket")
    inventory.slack.posts.clear()
    return inventory


def arrives(
    stage: Stage, *, after: float = 3600, form: str = "CSV", files: Sequence[bytes] = (CSV,), manifest: bool = True
) -> str:
    """S3 writes a report, so many seconds after it was asked for; the folder of its manifest."""
    made = datetime.fromtimestamp(stage.record().created_at + after, UTC)
    folder = f"{FOLDER}{made:%Y-%m-%dT%H-%MZ}/"
    data = [f"{FOLDER}data/{number}" for number in range(len(files))]
    for key, content in zip(data, files, strict=True):
        stage.s3.put_object(Bucket="my-bucket", Key=key, Body=content)
    if manifest:
        listed = [{"key": key, "size": 100} for key in data]
        said = {"fileFormat": form, "fileSchema": SCHEMA, "files": listed}
        stage.s3.put_object(Bucket="my-bucket", Key=f"{folder}manifest.json", Body=json.dumps(said).encode())
    return folder


def look() -> dict[str, int]:
    return look_for_reports({}, None)


def test_a_report_that_has_arrived_is_told_in_the_thread_with_its_numbers_and_its_place(asked: Stage):
    folder = arrives(asked)

    assert look() == {"looked": 1, "told": 1}

    (post,) = asked.slack.posts
    assert post["thread_ts"] == THREAD
    assert post["text"] == "<@U0ALICE> the first inventory of my-bucket is there: 3 files, 3 KB."
    assert f"s3://my-bucket/{folder}manifest.json" in asked.slack.shown()


def test_it_is_told_once(asked: Stage):
    arrives(asked)
    look()

    assert look() == {"looked": 0, "told": 0}


def test_as_long_as_nothing_has_arrived_nothing_is_said(asked: Stage):
    assert look() == {"looked": 1, "told": 0}
    assert asked.slack.posts == []


def test_a_report_without_its_manifest_has_not_arrived(asked: Stage):
    arrives(asked, manifest=False)
    asked.s3.put_object(Bucket="my-bucket", Key=f"{FOLDER}2099-01-01T00-00Z/other.txt", Body=b"")

    assert look() == {"looked": 1, "told": 0}


def test_a_report_of_an_earlier_run_is_not_the_one_that_was_asked_for(asked: Stage):
    arrives(asked, after=-86_400)

    assert look() == {"looked": 1, "told": 0}


def test_the_first_of_several_is_told(asked: Stage):
    arrives(asked, after=172_800)
    first = arrives(asked, after=86_400)

    look()

    assert first in asked.slack.shown()


@pytest.mark.parametrize(
    ("form", "name", "said"),
    [
        ("ORC", "three.orc", "there: 6 files, 6 KB."),
        ("Parquet", "three.parquet", "there: 6 files. Their size a Parquet report does not say in its summary."),
    ],
)
def test_of_other_formats_their_footers_are_counted(asked: Stage, form: str, name: str, said: str):
    arrives(asked, form=form, files=[(REPORTS / name).read_bytes()] * 2)

    look()

    assert asked.slack.texts == [f"<@U0ALICE> the first inventory of my-bucket is {said}"]


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("Parquet", b"PAR1 but not really PAR1"),
        ("ORC", b""),
        ("CSV", gzip.compress(b"not a row", mtime=0)),
        ("CSV", b"not even compressed"),
        ("Avro", b"of a later year"),
    ],
)
def test_a_report_that_cannot_be_counted_is_told_without_numbers(asked: Stage, form: str, content: bytes):
    arrives(asked, form=form, files=[content])

    look()

    assert asked.slack.texts == [
        f"<@U0ALICE> the first inventory of my-bucket is there, as 1 {form} file; I could not count its rows."
    ]


def test_after_three_days_without_a_report_the_watch_ends_with_a_sentence(asked: Stage):
    asked.dynamodb.update_item(
        TableName="WorkflowExecutions",
        Key={"execution_id": {"S": f"watch#{asked.record().id}"}},
        UpdateExpression="SET deadline = :past",
        ExpressionAttributeValues={":past": {"N": str(time.time() - 1)}},
    )

    assert look() == {"looked": 1, "told": 1}
    assert "no inventory of my-bucket has arrived within three days" in asked.slack.texts[0]
    assert look() == {"looked": 0, "told": 0}


def test_a_bucket_that_may_not_be_listed_now_is_looked_at_again(asked: Stage):
    arrives(asked)
    asked.aws_answers("s3", "ListObjectsV2", (403, "AccessDenied"))

    assert look() == {"looked": 1, "told": 0}
    assert look() == {"looked": 1, "told": 1}


def test_what_slack_does_not_take_is_told_an_hour_later(asked: Stage):
    arrives(asked)
    asked.slack.answers.append((503, {"ok": False}))

    assert look() == {"looked": 1, "told": 0}
    assert look() == {"looked": 1, "told": 1}


def test_a_channel_that_is_gone_is_given_up(asked: Stage):
    arrives(asked)
    asked.slack.answers.append((200, {"ok": False, "error": "channel_not_found"}))

    assert look() == {"looked": 1, "told": 0}
    assert look() == {"looked": 0, "told": 0}
