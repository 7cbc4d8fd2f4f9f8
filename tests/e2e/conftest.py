"""The deployed whole, started once for the tests of a run; each test has a channel and buckets of its own."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.bedrock import Bedrock
from sandbox.cast import BOT, COLLEAGUES, MALLORY
from sandbox.ministack import ROOT
from sandbox.slack import Channel
from sandbox.stage import Stage
from tests.e2e.room import Room

MODEL = "us.amazon.nova-micro-v1:0"
HERE = Path(__file__).parent

numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in here is an end-to-end test."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.enable_socket)
            # These wait for processes on a machine that may be busy: once more, and the summary counts the reruns.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def bedrock() -> Bedrock:
    """Scripted answers of the model; without any it says that nothing fits."""
    return Bedrock()


@pytest.fixture(scope="session")
def packages() -> None:
    """The Lambda packages of this working tree, made anew when their sources changed."""
    built = subprocess.run(["make", "local"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr


@pytest.fixture(scope="session")
def stage(packages: None, bedrock: Bedrock) -> Iterator[Stage]:
    """The template of this working tree, deployed."""
    with Stage(bedrock=bedrock, parameters={"ModelId": MODEL}) as stage:
        yield stage


@pytest.fixture
def room(stage: Stage, bedrock: Bedrock) -> Iterator[Room]:
    """A public channel of this test alone, with everybody and the bot in it."""
    bedrock.answers.clear()  # of a test that failed before it asked
    number = next(numbers)
    members = COLLEAGUES | {BOT.id, MALLORY.id}
    channel = stage.workspace.add_channel(Channel(f"C{number:05}E2E", f"room-{number}", members=members))
    room = Room(stage, channel.id)
    stage.slack.refusals.clear()
    yield room
    room.settle()
    malformed = [refusal for refusal in stage.slack.refusals if refusal[1]["error"].startswith("invalid")]
    assert malformed == [], "Slack would refuse what the bot sent"


@pytest.fixture
def outside(stage: Stage) -> Room:
    """A public channel that the bot is not in."""
    number = next(numbers)
    return Room(
        stage, stage.workspace.add_channel(Channel(f"C{number:05}E2E", f"room-{number}", members=COLLEAGUES)).id
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failure comes with the logs of the functions."""
    report = yield
    stage = getattr(item, "funcargs", {}).get("stage")
    if report.failed and stage:
        report.sections.append(("Logs of the functions", stage.deployment.logs(30)))
    return report
