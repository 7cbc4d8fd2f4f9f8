"""The AWS emulator: stock MiniStack in an environment of its own, on a free loopback port, with IAM enforced.

Before its S3 stands ``sandbox.inventory``, for the one thing that workflows need and MiniStack does not have.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox.inventory import Inventory

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / ".cache" / "ministack" / "bin" / "ministack"
RUNTIME = ROOT / "sandbox" / "runtime"
"""What functions find in the emulator as they would find it in Lambda."""
REGION = "us-east-1"
START_SECONDS = 30.0
STOP_SECONDS = 5.0
"""MiniStack ends within two seconds, unless a custom resource is pending: then only KILL ends it."""


class NotInstalled(Exception):
    """Something that make installs or builds is not there; the message says what to run."""


class MiniStack:
    """One MiniStack process with its own state, gone when it is left.

    Functions that run in it inherit ``environment``, and nothing of the environment of this process.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = dict(environment or {})
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.inventory = Inventory(lambda: self.url, self._bucket_exists)

    @property
    def url(self) -> str:
        """Where all of AWS is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process, which leads a group of its own."""
        return self._process.pid if self._process else 0

    def log(self) -> str:
        """What it wrote, for the case that it does not start."""
        return (self._folder / "ministack.log").read_text("utf-8", "replace") if self._folder else ""

    def client(self, service: str, region: str = REGION) -> Any:
        """A boto3 client with the rights of the account's root."""
        return _client(self.inventory.url if service == "s3" else self.url, service, region)

    def unpacked(self, package: Path) -> Path:
        """A copy of a function's package that lasts as long as this does; the same for packages of the same files."""
        assert self._folder
        copy = self._folder / "packages" / _fingerprint(package)
        if not copy.exists():
            shutil.copytree(package, copy)
        return copy

    def deliver_inventories(self, *, after: float = 0.0) -> int:
        """Write the reports that AWS would write within 48 hours, of inventories so many seconds old; how many."""
        return self.inventory.deliver(self.client("s3"), after=after)

    def start(self) -> Self:
        """Start and wait until it answers."""
        if not PROGRAM.exists():
            raise NotInstalled(f"{PROGRAM.relative_to(ROOT)} is not there: run “make install” first")
        self._folder = Path(tempfile.mkdtemp(prefix="s3agent-ministack-"))
        self.port = _free_port()
        with (self._folder / "ministack.log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(PROGRAM)],
                env=self._clean_environment(self._folder),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.inventory.start()
        try:
            self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End it with all its workers, and remove what it left."""
        process, self._process = self._process, None
        if process is not None:
            self.inventory.stop()
            _end(process)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _clean_environment(self, folder: Path) -> dict[str, str]:
        return {
            "PATH": f"{PROGRAM.parent}:/usr/bin:/bin",
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(RUNTIME),
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "AUTH": "true",
            "AWS_DEFAULT_REGION": REGION,
            "LOG_LEVEL": "WARNING",
            "IOT_MTLS_ENABLED": "0",  # these two would listen on every address, loopback or not
            "SFTP_ENABLED": "0",
            "AWS_ENDPOINT_URL_S3": self.inventory.url,  # for the functions
            **self._environment,
        }

    def _bucket_exists(self, name: str) -> bool:
        try:
            _client(self.url, "s3", REGION).head_bucket(Bucket=name)
        except ClientError:
            return False
        return True

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=2):  # noqa: S310 - loopback
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError(f"MiniStack did not start:\n{self.log()[-2000:]}")


@lru_cache(maxsize=64)
def _client(url: str, service: str, region: str) -> Any:
    # A session a client: making clients in one session is not thread-safe, and tests make them from several.
    session: Any = boto3.session.Session(
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator's root has no secret
        region_name=region,
    )
    config = Config(
        connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 2}, s3={"addressing_style": "path"}
    )
    return session.client(service, endpoint_url=url, config=config)


def _fingerprint(folder: Path) -> str:
    """The same for folders in which files of the same names, sizes and times are: for copies of each other."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    stats = ((path.relative_to(folder), path.stat()) for path in files)
    return sha256(repr([(str(name), stat.st_size, stat.st_mtime_ns) for name, stat in stats]).encode()).hexdigest()[:16]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end(process: subprocess.Popen[bytes]) -> None:
    """TERM, then KILL, to the whole group: workers are processes too."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=STOP_SECONDS)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
