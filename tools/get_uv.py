"""Put uv, which installs everything else, into the project: ``python tools/get_uv.py VERSION FILE``.

Runs before anything is installed, on whatever Python the machine has, with the standard library alone. uv comes from
the package index that pip is set up for. Debian ships Python without pip; there, pip itself is borrowed from Debian's
own package, unpacked into a temporary folder, with no right to change the system needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HELP = """uv could not be installed. If this Python has no pip, then on Debian or Ubuntu this helps:
    sudo apt-get install python3-venv
With uv on this machine already, so does: make UV=$(command -v uv) …"""


def pips(scratch: Path) -> Iterator[list[str]]:
    """Ways to call pip, the likeliest first; each is made when it is asked for."""
    if _succeeds([sys.executable, "-m", "venv", str(scratch / "venv")]):
        yield [str(scratch / "venv" / "bin" / "python"), "-m", "pip"]
    yield [sys.executable, "-m", "pip"]
    if _succeeds(["apt-get", "download", "python3-pip-whl"], scratch):
        for package in scratch.glob("python3-pip-whl*.deb"):
            _succeeds(["dpkg-deb", "--extract", str(package), str(scratch / "debian")])
        for wheel in scratch.glob("debian/usr/share/python-wheels/pip-*.whl"):
            yield [sys.executable, str(wheel / "pip")]


def get(version: str, file: Path) -> None:
    """Install that version of uv as ``file``; the last step is a rename, so that two may run at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    problems = []
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        scratch = Path(folder)
        target = scratch / "uv"
        for pip in pips(scratch):
            done = _run([*pip, "install", "--quiet", "--target", str(target), f"uv=={version}"])
            if done.returncode == 0:
                (target / "bin" / "uv").replace(file)
                return
            problems.append(done.stderr.strip())
    sys.exit("\n".join([*problems, HELP]))


def _succeeds(command: list[str], folder: Path | None = None) -> bool:
    return _run(command, folder).returncode == 0


def _run(command: list[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    except FileNotFoundError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


if __name__ == "__main__":
    os.environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    get(sys.argv[1], Path(sys.argv[2]))
