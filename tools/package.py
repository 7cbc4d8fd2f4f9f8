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
import tempfile
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNTIME = "3.13"
"""The Python of the Lambda runtime, as in ``template.yaml``."""
PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
"""Wheels are resolved for the first; as hardly any is compiled, such a package runs on the other as well."""
HOST = "host"
"""Instead of an architecture: for the Python and the machine that run this, which is what the sandbox needs."""
COMPILED = {"chart-function"}
"""Kinds of which the package holds compiled code, so that it is made for one architecture."""

SOURCES = {
    "bot-function": ("bot",),
    "worker-function": ("bot", "seeds"),
    "step-function": ("bot", "seeds", "workflow_steps"),
    "seed-function": ("bot", "seeds", "statemachines"),
    "chart-function": ("bot", "seeds", "workflow_steps"),
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
    parser.add_argument("--architecture", choices=[*PLATFORMS, HOST], default="arm64")
    parser.add_argument("--cache", type=Path, default=ROOT / ".cache" / "packages")
    chosen = parser.parse_args()
    build(chosen.group, chosen.folder, uv=chosen.uv, cache=chosen.cache, architecture=chosen.architecture)


def build(group: str, folder: Path, *, uv: str, cache: Path, architecture: str = "arm64") -> None:
    """Fill ``folder`` with the package of that group. Functions of one group share what was put together."""
    compiler = sys.executable if architecture == HOST else runtime_python(uv)
    tools = Tools(uv, compiler, cache, architecture if group in COMPILED else "arm64")
    made = [Path(__file__), ROOT / "uv.lock", *source_files(group)]
    key = digest(compiler, *(f"{path.relative_to(ROOT)}\n{path.read_text('utf-8')}" for path in made))
    package = kept(cache, f"{tools.name(group)}-package", key, lambda new: assemble(group, new, tools))
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(package, folder)


@dataclass(frozen=True)
class Tools:
    """With what a package is made, and for which machine."""

    uv: str
    compiler: str
    """The Python that makes the bytecode; empty when there is none."""
    cache: Path
    architecture: str

    def name(self, group: str) -> str:
        """Of a group's package in the cache."""
        return f"{group}-{self.architecture}" if group in COMPILED else group

    def target(self) -> list[str]:
        """For uv: the Python and the machine that will run the package."""
        if self.architecture == HOST:
            return []
        return ["--python-version", RUNTIME, "--python-platform", PLATFORMS[self.architecture]]


def assemble(group: str, new: Path, tools: Tools) -> None:
    """Put a group's dependencies and sources together as ``new``."""
    shutil.copytree(dependencies(group, tools), new)
    for path in source_files(group):
        copy = new / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    keep_api_data(new, services(new))
    compile_all([new / source for source in SOURCES[group]], new, tools.compiler)


def source_files(group: str) -> list[Path]:
    """The files of the project that a group ships."""
    found = (path for source in SOURCES[group] for path in sorted((ROOT / source).rglob("*")) if path.is_file())
    return [path for path in found if not any(fnmatch(part, never) for part in path.parts for never in NEVER_RUN)]


def dependencies(group: str, tools: Tools) -> Path:
    """The group's dependencies as ``uv.lock`` pins them: installed, cut down and compiled."""
    # with the address and digest of every file: no index is asked, and what was fetched before is not fetched again
    what = ["--format", "pylock.toml", "--only-group", group, "--no-emit-project"]
    wanted = _run([tools.uv, "export", "--frozen", "--quiet", "--no-header", *what, *_python()])

    def install(new: Path) -> None:
        lock = new.parent / "pylock.toml"
        lock.write_text(wanted, "utf-8")
        where = ["--target", str(new), *tools.target()]
        safe = ["--only-binary", ":all:", "--require-hashes", "--no-deps", "--link-mode", "copy", "--quiet"]
        _run([tools.uv, "pip", "install", *where, *safe, *_python(), "--requirements", str(lock)])
        remove(new, NEVER_RUN)
        compile_all([new], new, tools.compiler)

    key = digest(wanted, tools.compiler, Path(__file__).read_text("utf-8"))
    return kept(tools.cache, f"{tools.name(group)}-dependencies", key, install)


def kept(cache: Path, name: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder ``name`` of the cache as it is for this key; made when it is not there, in place of older ones."""
    folder = cache / f"{name}-{key}"
    if folder.exists():
        return folder
    for old in cache.glob(f"{name}-*"):
        shutil.rmtree(old, ignore_errors=True)
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        new = Path(scratch) / "new"
        make(new)
        with suppress(OSError):  # somebody else made the same in the meantime: theirs is as good
            new.rename(folder)
    return folder


def digest(*parts: str) -> str:
    """A short name for exactly these texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


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
    # pyenv's versions are on the PATH only while they are switched on
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for path in sorted(pyenv.glob(f"versions/{RUNTIME}.*/bin/python{RUNTIME}")):
        return str(path)
    find = [uv, "python", "find", "--no-project", "--no-python-downloads", RUNTIME]
    found = subprocess.run(find, check=False, capture_output=True, text=True)
    return found.stdout.strip() if found.returncode == 0 else ""


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
