"""Put together what one Lambda function ships: ``python tools/package.py GROUP FOLDER --uv FILE``.

``sam build`` calls it once a function, through the Makefile. GROUP is a dependency group of ``pyproject.toml``. What
ends up in FOLDER runs on the Lambda runtime whatever Python and machine built it: dependencies are resolved from
``uv.lock`` for that runtime, as wheels only, and cut down to what runs.

Standard library only: it also runs where nothing but Python, make and the user's own SAM CLI is there.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = "3.13"
"""The Python of the Lambda runtime, as in ``template.yaml``."""
PLATFORM = "aarch64-manylinux_2_28"
"""Wheels are resolved for this one; as none of them is compiled, the same package runs on x86_64."""

SOURCES = {
    "bot-function": ("bot",),
    "worker-function": ("bot",),
    "step-function": ("bot", "workflow_steps"),
    "seed-function": ("bot", "seeds", "statemachines"),
}
"""What of the project each kind of function ships beside its dependencies."""

NEVER_RUN = ("*.dist-info", "bin", "tests", "test", "__pycache__", "*.pyi", "py.typed", "__main__.py", ".lock")
SHARED_API_DATA = ("endpoints.json", "partitions.json", "sdk-default-configuration.json", "_retry.json")
"""Files of botocore's data that belong to no single service; each may carry a .gz."""


def main() -> None:
    """Build one package from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("group", choices=sorted(SOURCES))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--uv", required=True)
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "packages")
    chosen = parser.parse_args()
    build(chosen.group, chosen.folder, uv=chosen.uv, cache=chosen.cache)


def build(group: str, folder: Path, *, uv: str, cache: Path) -> None:
    """Fill ``folder`` with the package of that group."""
    compiler = runtime_python(uv)
    installed = dependencies(group, uv=uv, compiler=compiler, cache=cache)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(installed, folder)
    for source in SOURCES[group]:
        shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns(*NEVER_RUN))
    keep_api_data(folder, services(folder))
    compile_all([folder / source for source in SOURCES[group]], folder, compiler)


def dependencies(group: str, *, uv: str, compiler: str, cache: Path) -> Path:
    """The group's dependencies as ``uv.lock`` pins them, installed, cut down and compiled; made once and kept."""
    wanted = _run(
        [uv, "export", "--frozen", "--quiet", "--no-header", "--no-emit-project", "--only-group", group, *_python()]
    )
    key = hashlib.sha256("\n".join((wanted, compiler, Path(__file__).read_text())).encode()).hexdigest()[:16]
    folder = cache / f"{group}-{key}"
    if folder.exists():
        return folder
    for old in cache.glob(f"{group}-*"):
        shutil.rmtree(old, ignore_errors=True)
    new = cache / f".{group}-{key}-{os.getpid()}"
    new.mkdir(parents=True)
    requirements = new / "requirements.txt"
    requirements.write_text(wanted)
    target = new / "installed"
    where = ["--target", str(target), "--python-version", RUNTIME, "--python-platform", PLATFORM]
    safe = ["--only-binary", ":all:", "--require-hashes", "--no-deps", "--link-mode", "copy", "--quiet"]
    _run([uv, "pip", "install", *where, *safe, *_python(), "--requirements", str(requirements)])
    remove(target, NEVER_RUN)
    compile_all([target], target, compiler)
    with suppress(OSError):  # another build of the same group was first: its result is as good
        target.rename(folder)
    shutil.rmtree(new)
    return folder


def remove(folder: Path, patterns: Iterable[str]) -> None:
    """Delete what matches any of the patterns, at any depth."""
    for pattern in patterns:
        for path in sorted(folder.rglob(pattern), reverse=True):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def services(folder: Path) -> Collection[str]:
    """The AWS services that the packaged code says it calls."""
    answer = _run(
        [sys.executable, "-B", "-c", "from bot.aws import SERVICES; print(*SERVICES)"],
        {**os.environ, "PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1"},
    )
    return answer.split()


def keep_api_data(folder: Path, wanted: Collection[str]) -> None:
    """Drop botocore's descriptions of the services that are never called: nine tenths of its size."""
    data = folder / "botocore" / "data"
    unknown = sorted(service for service in wanted if not (data / service).is_dir())
    if unknown:
        sys.exit(f"bot/aws.py names services that botocore does not know: {', '.join(unknown)}")
    for path in data.iterdir():
        if path.is_dir() and path.name not in wanted:
            shutil.rmtree(path)
        elif path.is_file() and path.name.removesuffix(".gz") not in SHARED_API_DATA:
            path.unlink()
    shutil.rmtree(folder / "boto3" / "data", ignore_errors=True)


def runtime_python(uv: str) -> str:
    """The path of a Python of the runtime's version on this machine; empty when there is none."""
    find = [uv, "python", "find", "--no-project", "--no-python-downloads", RUNTIME]
    found = subprocess.run(find, check=False, capture_output=True, text=True)
    if found.returncode == 0:
        return found.stdout.strip()
    # pyenv's versions are on the PATH only while they are switched on
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    return next((str(path) for path in sorted(pyenv.glob(f"versions/{RUNTIME}.*/bin/python{RUNTIME}"))), "")


def compile_all(folders: Iterable[Path], root: Path, python: str) -> None:
    """Compile for the runtime, trusted unread: SAM's archives carry no true times, so times cannot be compared.

    Without bytecode a cold start takes three times as long, and works.
    """
    if not python:
        print(f"No python{RUNTIME} here: the package has no bytecode, cold starts will be slower.", file=sys.stderr)
        return
    names = ["-s", str(root), "-p", "/var/task"]
    how = ["-q", "--invalidation-mode", "unchecked-hash", *names]
    # the order of a set in bytecode hangs on the hash seed: the same sources shall make the same package
    _run([python, "-m", "compileall", *how, *map(str, folders)], {**os.environ, "PYTHONHASHSEED": "0"})


def _python() -> list[str]:
    return ["--python", sys.executable, "--no-python-downloads"]


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
