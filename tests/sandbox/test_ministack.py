"""The emulator runs alone: on loopback, with an environment of its own, and with nothing left when it has ended."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from sandbox.ministack import PROGRAM, MiniStack

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
    assert not {"AWS_PROFILE", "VIRTUAL_ENV", "PYTHONPATH", "PYTEST_CURRENT_TEST"} & set(seen)


def test_who_has_no_key_is_not_let_in(aws: MiniStack) -> None:
    stranger = boto3.session.Session("AKIAUNKNOWN", "secret", region_name="us-east-1")
    s3 = stranger.client("s3", endpoint_url=aws.url)

    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        s3.list_buckets()


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
