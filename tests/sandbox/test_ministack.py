"""The emulator runs alone: on loopback, with an environment of its own, and with nothing left when it has ended.

What it does not have, S3 Inventory, is there all the same.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from sandbox.ministack import PROGRAM, RUNTIME, MiniStack

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not PROGRAM.exists(), reason="MiniStack is not installed: run “make install”"),
]


@pytest.fixture(scope="module")
def aws() -> Iterator[MiniStack]:
    with MiniStack({"SLACK_API_URL": "http://127.0.0.1:1/api/"}) as running:
        yield running


def environment(aws: MiniStack) -> dict[str, str]:
    text = Path(f"/proc/{aws.pid}/environ").read_text("utf-8")
    return dict(line.split("=", 1) for line in text.strip("\0").split("\0"))


def listening(pid: int) -> set[str]:
    """The addresses on which a process listens, in the kernel's notation."""
    sockets = {os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir() if file.is_symlink()}
    rows = [row.split() for family in ("tcp", "tcp6") for row in Path(f"/proc/net/{family}").read_text().splitlines()]
    listeners = (row for row in rows if len(row) > 9 and row[3] == "0A")
    return {row[1].split(":")[0] for row in listeners if f"socket:[{row[9]}]" in sockets}


def test_it_listens_on_loopback_only(aws: MiniStack) -> None:
    assert listening(aws.pid) == {"0100007F"}


def test_it_inherits_nothing_but_what_it_is_given(aws: MiniStack) -> None:
    seen = environment(aws)

    assert seen["SLACK_API_URL"] == "http://127.0.0.1:1/api/"
    assert seen["AUTH"] == "true"
    assert seen["PYTHONPATH"] == str(RUNTIME)
    assert not {"AWS_PROFILE", "VIRTUAL_ENV", "PYTEST_CURRENT_TEST"} & set(seen)


def test_who_has_no_key_is_not_let_in(aws: MiniStack) -> None:
    stranger = boto3.session.Session("AKIAUNKNOWN", "secret", region_name="us-east-1")
    s3 = stranger.client("s3", endpoint_url=aws.url)

    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        s3.list_buckets()


def test_functions_that_ship_the_same_share_one_copy_which_no_later_build_changes(
    aws: MiniStack, tmp_path: Path
) -> None:
    first, second = tmp_path / "FirstFunction", tmp_path / "SecondFunction"
    (first / "bot").mkdir(parents=True)
    (first / "bot" / "app.py").write_text("1")
    shutil.copytree(first, second)  # as packages are made: with the times of the files

    shared = aws.unpacked(first)
    assert aws.unpacked(second) == shared

    (first / "bot" / "app.py").write_text("2")
    assert aws.unpacked(first) != shared
    assert (shared / "bot" / "app.py").read_text() == "1"


def inventory(bucket: str) -> dict[str, Any]:
    destination = {"Bucket": f"arn:aws:s3:::{bucket}", "Format": "CSV", "Prefix": "reports"}
    return {
        "Id": "weekly",
        "IsEnabled": True,
        "IncludedObjectVersions": "Current",
        "Schedule": {"Frequency": "Weekly"},
        "Destination": {"S3BucketDestination": destination},
        "OptionalFields": ["Size", "StorageClass"],
        "Filter": {"Prefix": "logs/"},
    }


def test_an_inventory_is_kept_as_s3_keeps_it(aws: MiniStack) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="kept-bucket")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.get_bucket_inventory_configuration(Bucket="kept-bucket", Id="weekly")

    wanted = inventory("kept-bucket")
    s3.put_bucket_inventory_configuration(Bucket="kept-bucket", Id="weekly", InventoryConfiguration=wanted)

    found = s3.get_bucket_inventory_configuration(Bucket="kept-bucket", Id="weekly")["InventoryConfiguration"]
    listed = s3.list_bucket_inventory_configurations(Bucket="kept-bucket")["InventoryConfigurationList"]
    assert found == wanted
    assert listed == [wanted]


def test_an_inventory_of_a_bucket_that_is_not_there_makes_none(aws: MiniStack) -> None:
    s3, wanted = aws.client("s3"), inventory("no-such-bucket")

    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.put_bucket_inventory_configuration(Bucket="no-such-bucket", Id="weekly", InventoryConfiguration=wanted)
    assert "no-such-bucket" not in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def test_who_has_no_right_to_it_reads_no_inventory(aws: MiniStack) -> None:
    aws.client("s3").create_bucket(Bucket="guarded-bucket")
    aws.client("iam").create_user(UserName="nobody")
    key = aws.client("iam").create_access_key(UserName="nobody")["AccessKey"]
    nobody = boto3.session.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
    s3 = nobody.client("s3", endpoint_url=aws.inventory.url)

    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_bucket_inventory_configuration(
            Bucket="guarded-bucket", Id="weekly", InventoryConfiguration=inventory("guarded-bucket")
        )
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_bucket_inventory_configuration(Bucket="guarded-bucket", Id="weekly")


def test_a_report_is_delivered_once_with_what_is_in_the_bucket(aws: MiniStack) -> None:
    aws.deliver_inventories()  # those of the tests before
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="told-bucket")
    s3.put_object(Bucket="told-bucket", Key="logs/Zürich, 1.log", Body=b"12345")
    s3.put_object(Bucket="told-bucket", Key="other.txt", Body=b"1")
    s3.put_bucket_inventory_configuration(
        Bucket="told-bucket", Id="weekly", InventoryConfiguration=inventory("told-bucket")
    )

    assert (aws.deliver_inventories(), aws.deliver_inventories()) == (1, 0)

    keys = [
        item["Key"]
        for item in s3.list_objects_v2(Bucket="told-bucket", Prefix="reports/told-bucket/weekly/")["Contents"]
    ]
    (manifest,) = [
        json.loads(s3.get_object(Bucket="told-bucket", Key=key)["Body"].read())
        for key in keys
        if key.endswith("Z/manifest.json")
    ]
    (file,) = manifest["files"]
    rows = gzip.decompress(s3.get_object(Bucket="told-bucket", Key=file["key"])["Body"].read()).decode()
    assert (manifest["fileFormat"], manifest["fileSchema"]) == ("CSV", "Bucket, Key, Size, StorageClass")
    assert rows == '"told-bucket","logs/Z%C3%BCrich%2C%201.log","5","STANDARD"\n'


def test_nothing_is_left_when_it_has_ended() -> None:
    aws = MiniStack().start()
    pid, folder = aws.pid, Path(environment(aws)["TMPDIR"])
    assert folder.exists()

    aws.stop()

    assert not Path(f"/proc/{pid}").exists()
    assert not folder.exists()


def test_stopping_it_twice_is_harmless() -> None:
    aws = MiniStack().start()
    aws.stop()
    aws.stop()
