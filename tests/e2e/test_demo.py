"""``make demo`` as a person meets it: without a terminal, on one, and ended in the middle."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.ministack import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("packages")]

DEMO = [sys.executable, "-m", "sandbox", "demo"]
SECONDS = 180.0
"""Far more than it takes, for a machine that is busy with other tests."""


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose temporary folder tells the demo's processes from everybody else's."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path), "TERM": "dumb"}


def left_behind(folder: Path) -> list[str]:
    """Processes that still run with that temporary folder, and what they left in it."""
    running = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"TMPDIR={folder}".encode() in (process / "environ").read_bytes():
                running.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return running + [str(path) for path in folder.glob("s3agent-*")]


def test_without_a_terminal_it_ends_after_the_conversation_with_the_results(
    home: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        DEMO, cwd=ROOT, env=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "Which bucket" in done.stdout
    assert "Not allowed" in done.stdout
    assert "delete marker" in done.stdout or "gone for good" in done.stdout
    told = done.stdout.split("run lifecycle management")[1]
    for title in ("Lifecycle management", "Log analysis", "Inventory report", "Bucket audit"):
        assert re.search(rf"{title} `wf-[a-z2-7]{{8}}` is done", told)
    assert "has the lifecycle configuration again" in told
    assert "[Errors in /aws/lambda/acme-checkout by kind]" in told
    assert "the first inventory of `acme-reports` is there: " in told
    assert "\033[" not in done.stdout
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "moment"),
    [(signal.SIGHUP, "Starting"), (signal.SIGTERM, "Ready"), (signal.SIGINT, "#ops")],
    ids=["the terminal closes while it starts", "TERM", "Ctrl-C while people talk"],
)
def test_ending_it_leaves_nothing_running(
    home: dict[str, str], tmp_path: Path, number: signal.Signals, moment: str
) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(DEMO, cwd=ROOT, env=home, stdin=subprocess.DEVNULL, stdout=pipe, text=True) as demo:
        try:
            assert demo.stdout
            assert any(moment in line for line in demo.stdout)
            demo.send_signal(number)
            demo.communicate(timeout=20)
        finally:
            demo.kill()

    assert demo.returncode == 128 + number
    assert left_behind(tmp_path) == []


class Terminal:
    """A pseudo terminal with the demo on it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execve(DEMO[0], DEMO, environment)
        self._seen = ""

    def until(self, text: str, seconds: float = 30.0) -> str:
        """What stands before the text, once it is there; what comes after it is kept for the next time."""
        deadline = time.monotonic() + seconds
        while text not in self._seen:
            assert time.monotonic() < deadline, f"waited for {text!r} and saw {self._seen[-2000:]}"
            if select.select([self._file], [], [], 0.2)[0]:
                self._seen += os.read(self._file, 65536).decode("utf-8", "replace")
        before, self._seen = self._seen.split(text, 1)
        return before

    def type(self, text: str) -> None:
        os.write(self._file, text.encode())

    def exit_code(self, seconds: float = 60.0) -> int | None:
        """How the demo ended; None when it did not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):  # the terminal closes with the process
                if select.select([self._file], [], [], 0.1)[0]:
                    os.read(self._file, 65536)
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.pid = 0
                return os.waitstatus_to_exitcode(status)
        return None

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._file)


@pytest.fixture
def terminal(home: dict[str, str]) -> Iterator[Terminal]:
    opened = Terminal(home)
    yield opened
    opened.close()


def test_on_a_terminal_a_person_goes_on_typing_until_they_leave(terminal: Terminal, tmp_path: Path) -> None:
    terminal.until("Your turn.", SECONDS)
    terminal.until("alice in #ops › ")

    terminal.type("@s3agent list files\n")
    terminal.until("Which bucket")
    terminal.type("acme-reports\n")  # plain text goes into the thread of the question
    terminal.until("readme.txt")
    terminal.type("/s3agent delete readme.txt from acme-reports\n")
    terminal.until("[Cancel] !")
    terminal.type(f"!{terminal.until(chr(10)).strip()}\n")
    terminal.until("Nothing was changed")
    terminal.type("as carol\n")
    terminal.until("carol in #ops › ")
    terminal.type("in general\n/s3agent list buckets\n")
    terminal.until("/invite")
    terminal.type("\x03")
    terminal.until("stopping …")

    assert terminal.exit_code() == 128 + signal.SIGINT
    assert left_behind(tmp_path) == []
