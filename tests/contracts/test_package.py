"""What each Lambda function ships, as ``make`` really builds it: all that it imports, and nothing that never runs."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cfnlint.decode import cfn_yaml

from bot.aws import SERVICES
from tools import package

ROOT = Path(__file__).resolve().parents[2]
GROUPS = {
    "BotFunction": "bot-function",
    "WorkerFunction": "worker-function",
    "SeedFunction": "seed-function",
    # The step of a workflow that nobody has written yet: it needs no line in the Makefile.
    "CostReportReadFunction": "step-function",
    "LogAnalysisDrawChartFunction": "chart-function",
}
"""A function of each kind, and the group that it is made of."""

MEGABYTES = {
    "BotFunction": 6,
    "WorkerFunction": 8,
    "SeedFunction": 4,
    "CostReportReadFunction": 5,
    "LogAnalysisDrawChartFunction": 65,
}
"""Of the zip: a quarter more than when this was written."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A package of each kind, made as ``sam build`` makes it."""
    folder = tmp_path_factory.mktemp("packages")
    for function in GROUPS:
        make(function, folder / function)
    return {function: folder / function for function in GROUPS}


def make(function: str, folder: Path, **more: str) -> None:
    """What ``sam build`` runs for a function."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")} | more
    command = ["make", "--file", str(ROOT / "Makefile"), f"build-{function}"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, "ARTIFACTS_DIR": str(folder)},
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def run(folder: Path, code: str) -> str:
    """What a Python prints that sees the package, its standard library, and nothing else of this machine."""
    prelude = f"import sys; sys.path.insert(0, {str(folder)!r})\n"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", prelude + code],
        env={},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def handlers(group: str) -> set[str]:
    """The modules that CloudFormation will ask functions of a group to load."""
    resources = cfn_yaml.load(str(ROOT / "template.yaml"))["Resources"]
    functions = {name: found for name, found in resources.items() if found["Type"] == "AWS::Serverless::Function"}
    return {
        found["Properties"]["Handler"].rpartition(".")[0]
        for name, found in functions.items()
        if GROUPS.get(name, "step-function") == group
    }


@pytest.mark.parametrize("function", GROUPS)
def test_the_handlers_of_a_package_load_from_the_package_alone(built: dict[str, Path], function: str) -> None:
    modules = sorted(handlers(GROUPS[function]))

    assert modules
    assert run(built[function], f"import {', '.join(modules)}; print('loaded')") == "loaded\n"


@pytest.mark.parametrize("function", GROUPS)
def test_a_package_has_the_sources_it_needs_and_nothing_that_never_runs(built: dict[str, Path], function: str) -> None:
    folder = built[function]
    unwanted = ("*.dist-info", "tests", "bin", "__main__.py", "*.pyi", ".*")

    assert {name for name in ("bot", "seeds", "statemachines", "workflow_steps") if (folder / name).exists()} == set(
        package.SOURCES[GROUPS[function]]
    )
    assert not {"sandbox", "tools", "benchmarks", "docs"} & {path.name for path in folder.iterdir()}
    assert [str(path) for pattern in unwanted for path in folder.rglob(pattern)] == []


@pytest.mark.parametrize("function", sorted(set(GROUPS) - {"LogAnalysisDrawChartFunction"}))
def test_a_package_has_nothing_compiled_so_it_runs_on_either_processor(built: dict[str, Path], function: str) -> None:
    machine_code = (".so", ".dylib", ".pyd", ".a")

    assert [str(path) for path in built[function].rglob("*") if path.suffix in machine_code] == []


def processors(folder: Path) -> set[int]:
    """For which processors the compiled code of a package is, as the heads of its files say."""
    libraries = [path for path in folder.rglob("*.so*") if path.is_file()]
    assert libraries
    return {int.from_bytes(path.read_bytes()[18:20], "little") for path in libraries}


def test_the_package_that_draws_is_compiled_for_the_processor_it_is_built_for(
    built: dict[str, Path], tmp_path: Path
) -> None:
    arm, intel = 183, 62
    make("LogAnalysisDrawChartFunction", tmp_path / "intel", ARCHITECTURE="x86_64")

    assert processors(built["LogAnalysisDrawChartFunction"]) == {arm}
    assert processors(tmp_path / "intel") == {intel}


def test_the_package_that_draws_is_smaller_than_lambda_takes(built: dict[str, Path]) -> None:
    files = (path for path in built["LogAnalysisDrawChartFunction"].rglob("*") if path.is_file())

    assert sum(path.stat().st_size for path in files) < 250 * 2**20


@pytest.mark.parametrize("function", GROUPS)
def test_a_package_describes_the_services_that_are_called_and_no_others(built: dict[str, Path], function: str) -> None:
    data = built[function] / "botocore" / "data"

    assert {path.name for path in data.iterdir() if path.is_dir()} == set(SERVICES)


def test_clients_and_their_pages_work_with_what_is_left_of_the_descriptions(built: dict[str, Path]) -> None:
    code = f"""
import botocore.session
session = botocore.session.Session()
for service in {SERVICES!r}:
    client = session.create_client(service, "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    print(service, client.meta.endpoint_url.startswith("https://"))
print(client.meta.partition, session.create_client("s3", "us-east-1").can_paginate("list_objects_v2"))
"""

    assert run(built["WorkerFunction"], code).splitlines() == [*(f"{name} True" for name in SERVICES), "aws True"]


@pytest.mark.parametrize("function", GROUPS)
def test_a_package_stays_small(built: dict[str, Path], function: str) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in built[function].rglob("*"):
            zipped.write(path, path.relative_to(built[function]))

    assert archive.tell() / 1e6 < MEGABYTES[function]


def test_bytecode_is_used_whatever_time_the_archive_gives_a_file(built: dict[str, Path]) -> None:
    """SAM's archives carry no times, so bytecode that is checked by time would never be used."""
    compiled = list(built["BotFunction"].rglob(f"*.cpython-{package.RUNTIME.replace('.', '')}.pyc"))
    if not compiled:
        pytest.skip(f"no python{package.RUNTIME} on this machine: packages are built without bytecode")
    sources = list(built["BotFunction"].rglob("*.py"))
    unchecked_hash = (0b01).to_bytes(4, "little")

    assert len(compiled) == len(sources)
    assert {path.read_bytes()[4:8] for path in compiled} == {unchecked_hash}


def test_the_same_sources_make_the_same_package(built: dict[str, Path], tmp_path: Path) -> None:
    """A package that changes by itself would be deployed, and seeded from, again and again."""
    make("SeedFunction", tmp_path / "again")

    assert contents(tmp_path / "again") == contents(built["SeedFunction"])


def contents(folder: Path) -> dict[str, str]:
    """Every file with the digest of what is in it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_service_that_botocore_does_not_know_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "botocore" / "data" / "s3").mkdir(parents=True)

    with pytest.raises(SystemExit, match="s33"):
        package.keep_api_data(tmp_path, ["s3", "s33"])
