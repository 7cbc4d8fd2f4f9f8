"""Every path of every workflow: its real state machine with its real steps, each path read from the state machine.

Nothing here names a workflow's steps, so a workflow that is added is tested by being there. Two things may have to be
said for it: what a parameter of a new type can be (``THINGS``), and how a run comes to a Task that the straight way
passes by (``DETOURS``). What its steps do is for tests of its own.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot import replies_workflows, workflows
from bot.aws import SERVICES
from bot.errors import BotError
from bot.executions import Execution
from bot.models import Request, Value
from bot.replies_workflows import Report
from tests.workflows.mended_moto import NEVER_IN_ALL
from tests.workflows.stage import RUN, THREAD, Stage, fault, stage, words
from tests.workflows.statemachines import MACHINES, Machine, posts, tasks
from workflow_steps.close_overdue import close_overdue

LATE_SECONDS = 331
"""A run that began so long ago is past its deadline."""
FOREVER = 100
"""More often than anything is tried."""
OWN = {"dynamodb", "secretsmanager", "stepfunctions"}
"""Services that keep the bot's own things, not those of whoever asked."""
READS = ("Get", "List", "Head", "Describe")

_numbers = itertools.count(1)


def _bucket(stage: Stage, number: int) -> str:
    stage.s3.create_bucket(Bucket=f"bucket-{number}")
    return f"bucket-{number}"


def _log_group(stage: Stage, number: int) -> str:
    stage.aws.client("logs").create_log_group(logGroupName=f"/aws/lambda/orders-{number}")
    return f"/aws/lambda/orders-{number}"


THINGS: Mapping[str, Callable[[Stage, int], Value]] = {"bucket": _bucket, "log_group": _log_group}
"""Type of a parameter to what makes one and says its value."""


def _query_of_four_minutes(stage: Stage) -> float:
    running = {"status": "Running", "results": [], "statistics": {}}
    stage.aws_answers("logs", "GetQueryResults", running)
    stage.aws_answers("logs", "StopQuery", {"success": True})
    return time.time() - 241


DETOURS: Mapping[tuple[str, str], Callable[[Stage], float]] = {
    ("log_analysis", "Stop queries"): _query_of_four_minutes,
}
"""Task to what brings a run to it; when that run began."""


@dataclass
class Path:
    """A run to be: on a stage that others were on before, with a request and things of its own."""

    stage: Stage
    values: dict[str, Value]
    began: float | None = None

    def comes_to(self, task: str) -> None:
        """Make the run come to a Task; to that which posts a failure, by letting the first one die."""
        machine = MACHINES[self.stage.entry.name]
        if posts(machine["States"][task]) and task != "Post results":
            self.stage.happens_before(machine["StartAt"], fault("Runtime.ExitError"))
        detour = DETOURS.get((self.stage.entry.name, task))
        if detour:
            self.began = detour(self.stage)

    def start(self) -> Execution:
        return self.stage.start(now=self.began, **self.values)

    def run(self) -> Execution:
        return self.stage.run(now=self.began, **self.values)

    @property
    def told(self) -> list[str]:
        """What the thread was told since the announcement."""
        return self.stage.slack.texts[1:]

    @property
    def states(self) -> list[str]:
        """The Tasks that the run came to, in the order in which it first did."""
        return list(self.stage.attempts)


@dataclass
class Shared:
    """The stage of a workflow, and what its runs have asked of AWS that is more than to read."""

    stage: Stage
    changes: list[str]


class Stages:
    """One stage at a time, for all the paths of a workflow: as a Lambda that is warm keeps its clients."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._shared: Shared | None = None

    def of(self, workflow: str) -> Shared:
        if self._shared is None or self._shared.stage.entry.name != workflow:
            self._open.close()
            ready = self._open.enter_context(stage(workflow))
            self._shared = Shared(ready, _changes(ready))
        return self._shared

    def close(self) -> None:
        self._open.close()


@pytest.fixture(scope="module")
def stages() -> Iterator[Stages]:
    ready = Stages()
    yield ready
    ready.close()


@pytest.fixture
def shared(stages: Stages, workflow: str) -> Shared:
    return stages.of(workflow)


def _changes(stage: Stage) -> list[str]:
    asked: list[str] = []

    def note(model: Any, params: Mapping[str, Any], **_: Any) -> None:
        if not model.name.startswith(READS):
            asked.append(f"{model.name} {params['url_path']} {params['query_string']} {params['body']!r}")

    for service in set(SERVICES) - OWN:
        stage.aws.client(service).meta.events.register("before-call", note)
    return asked


@pytest.fixture
def changes(shared: Shared) -> list[str]:
    return shared.changes


@pytest.fixture
def path(shared: Shared) -> Path:
    """The straight way of a workflow, from the beginning."""
    number, stage = next(_numbers), shared.stage
    shared.changes.clear()
    stage.fresh(request_of(number))
    needed = [parameter for parameter in stage.entry.parameters if parameter.required]
    unknown = {parameter.type for parameter in needed} - set(THINGS)
    assert not unknown, f"say in THINGS what a parameter of the type {unknown} can be"
    return Path(stage, {parameter.name: THINGS[parameter.type](stage, number) for parameter in needed})


def request_of(number: int, user: str = RUN.user) -> Request:
    return replace(RUN, id=f"T0LOCAL#C0OPS#18000{number:05}.000100", user=user)


def of_each_workflow(names: str = "", cases: Callable[[Mapping[str, Any]], list[tuple[Any, ...]]] | None = None) -> Any:
    """Run a test for each workflow, or for each of the cases that its state machine has."""
    arguments = ["workflow", *names.split()]
    found = [(name, *case) for name, machine in MACHINES.items() for case in (cases(machine) if cases else [()])]
    shown = ["-".join(str(part) for part in case) for case in found]
    return pytest.mark.parametrize(arguments, found, ids=shown)


def steps(machine: Machine) -> list[tuple[str]]:
    """The Tasks that do the work and post it: all but that which posts a failure."""
    return [(name,) for name in workflows.steps_of(machine)]


def retried_names(machine: Machine) -> list[tuple[str]]:
    """Every name of an error for which some Task is repeated."""
    names = [error for task in tasks(machine).values() for retrier in task["Retry"] for error in retrier["ErrorEquals"]]
    return [(error,) for error in dict.fromkeys(names)]


def retriers(machine: Machine) -> list[tuple[str, int]]:
    """Every retrier of every Task, by its position."""
    return [(name, position) for name, task in tasks(machine).items() for position in range(len(task["Retry"]))]


def caught_names(machine: Machine) -> list[tuple[str, str]]:
    """Every error that a Task must catch, or does, by its name; States.ALL catches what was given up."""
    listed = {
        name: [error for catcher in task["Catch"] for error in catcher["ErrorEquals"] if error != "States.ALL"]
        for name, task in tasks(machine).items()
    }
    return [(name, error) for name, errors in listed.items() for error in dict.fromkeys([*NEVER_IN_ALL, *errors])]


def postings(machine: Machine) -> list[tuple[str]]:
    return [(name,) for name, task in tasks(machine).items() if posts(task)]


def attempts_for(task: Mapping[str, Any], error: str) -> int:
    """How often a Task is tried in all when it always fails with this error."""
    found = [retrier["MaxAttempts"] for retrier in task["Retry"] if error in retrier["ErrorEquals"]]
    return 1 + (found[0] if found else 0)


def is_needed(task: Mapping[str, Any]) -> bool:
    """Whether the workflow fails with it; else it goes on as if all had gone well."""
    return any(catcher["Next"] != task.get("Next") for catcher in task["Catch"])


def assert_failed(path: Path, name: str) -> None:
    """What is known everywhere of a run of which one Task failed for good."""
    task = tasks(MACHINES[path.stage.entry.name])[name]
    record, ended = path.stage.record(), path.stage.wait()
    if posts(task):
        assert (ended, record.status, path.told) == ("FAILED", "running", [])  # the schedule will close and tell it
    else:
        status = "failed" if is_needed(task) else "succeeded"
        assert (ended, record.status, len(path.told)) == ("SUCCEEDED", status, 1)
        assert path.states[-2:] == [name, "Post failure" if is_needed(task) else "Post results"]


# --- the straight way, and the detours --------------------------------------------------------------------------------


@of_each_workflow("name", lambda machine: [(name,) for name in tasks(machine)])
def test_a_run_comes_to_every_task_and_tells_its_thread_once(path: Path, name: str):
    path.comes_to(name)

    done = path.run()

    assert path.stage.attempts[name] == 1, f"say in DETOURS how a run comes to {name}"
    assert path.stage.wait() == "SUCCEEDED"
    assert done.status == ("failed" if name == "Post failure" else "succeeded")
    assert done.posted_at
    assert len(path.told) == 1
    assert path.stage.slack.posts[-1]["thread_ts"] == THREAD


# --- a step fails -----------------------------------------------------------------------------------------------------


@of_each_workflow("name error", caught_names)
def test_a_task_that_fails_ends_the_run_and_the_thread_is_told(path: Path, name: str, error: str):
    path.comes_to(name)
    path.stage.happens_before(name, fault(error))

    path.run()

    assert path.stage.attempts[name] == 1
    assert_failed(path, name)


@of_each_workflow("error", retried_names)
def test_a_passing_fault_is_sat_out_by_every_task_that_is_repeated_for_it(path: Path, error: str):
    machine = tasks(MACHINES[path.stage.entry.name])
    repeated = {name for name, task in machine.items() if attempts_for(task, error) > 1 and name != "Post failure"}
    for name in repeated:
        path.comes_to(name)
        path.stage.happens_before(name, fault(error))

    done = path.run()

    assert done.status == "succeeded"
    assert {name for name, attempts in path.stage.attempts.items() if attempts == 2} == repeated
    assert len(path.told) == 1


@of_each_workflow("name position", retriers)
def test_a_fault_that_does_not_pass_is_given_up_after_the_attempts_that_were_promised(
    path: Path, name: str, position: int
):
    machine = tasks(MACHINES[path.stage.entry.name])
    retrier = machine[name]["Retry"][position]
    errors = itertools.cycle(retrier["ErrorEquals"])
    path.comes_to(name)
    path.stage.happens_before(name, *[fault(next(errors)) for _ in range(retrier["MaxAttempts"] + 1)])
    if name != "Post failure":  # it has the same trouble, and sits it out
        error = next(errors)
        again = attempts_for(machine["Post failure"], error)
        path.stage.happens_before("Post failure", *[fault(error)] * (again - 1))

    path.run()

    assert path.stage.attempts[name] == retrier["MaxAttempts"] + 1
    assert_failed(path, name)


# --- somebody stops it ------------------------------------------------------------------------------------------------


@of_each_workflow("name", steps)
def test_a_run_that_is_stopped_ends_before_its_next_step(path: Path, changes: list[str], name: str):
    before: list[str] = []

    def stop() -> None:
        workflows.stop(path.stage.aws, path.stage.execution_id, "U0BOB", time.time(), may=lambda _: True)
        before.extend(changes)

    path.comes_to(name)
    path.stage.happens_before(name, stop)

    done = path.run()

    machine = tasks(MACHINES[path.stage.entry.name])
    assert path.stage.wait() == "SUCCEEDED"
    assert len(path.told) == 1
    if posts(machine[name]) or not is_needed(machine[name]):
        assert done.status == "succeeded"
        assert "when you asked to stop it" in path.stage.slack.shown()
        return
    assert (done.status, done.stopped_by) == ("stopped", "U0BOB")
    assert path.states[-2:] == [name, "Post failure"]
    assert [change for change in changes[len(before) :] if not change.startswith("StopQuery")] == []
    states = {step.name: step.state for step in done.steps}
    assert states[name] == "to_come"
    assert {state: states[state] for state in path.states[:-2]} == dict.fromkeys(path.states[:-2], "done")
    assert "was stopped by <@U0BOB>" in path.told[0]
    assert f"{name} – not done" in path.stage.slack.shown()


# --- it is late -------------------------------------------------------------------------------------------------------


@of_each_workflow("name", postings)
def test_a_run_that_dies_without_a_word_is_closed_after_its_deadline_and_told_once(path: Path, name: str):
    path.comes_to(name)
    path.began = time.time() - LATE_SECONDS
    path.stage.happens_before(name, fault("Runtime.ExitError"))
    path.run()
    assert path.told == []

    assert close_overdue({}, None) == {"overdue": 1, "told": 1}
    assert close_overdue({}, None) == {"overdue": 0, "told": 0}

    assert path.stage.record().status == "timed_out"
    assert len(path.told) == 1
    assert "did not end in time" in path.told[0]


@of_each_workflow("name", steps)
def test_a_run_that_goes_on_after_it_was_closed_does_nothing_more_and_tells_nothing_more(
    path: Path, changes: list[str], name: str
):
    before: list[str] = []

    def close() -> None:
        assert close_overdue({}, None) == {"overdue": 1, "told": 1}
        before.extend(changes)

    path.comes_to(name)
    path.began = time.time() - LATE_SECONDS
    path.stage.happens_before(name, close)

    done = path.run()

    assert done.status == "timed_out"
    assert changes == before
    assert len(path.told) == 1
    assert "did not end in time" in path.told[0]


# --- Step Functions runs it twice -------------------------------------------------------------------------------------


@of_each_workflow("name", steps)
def test_a_second_run_in_the_middle_of_the_first_changes_and_posts_once(path: Path, changes: list[str], name: str):
    twin: list[str] = []

    def run_again() -> None:
        twin.append(path.stage.again(path.stage.record()))
        twin.extend(changes)

    path.comes_to(name)
    path.stage.happens_before(name, run_again)

    done = path.run()

    assert twin[0] == "SUCCEEDED"
    assert done.status == "succeeded"
    assert set(changes) == set(twin[1:]), "the first run changed what the second had left"
    assert len(path.told) == 1
    assert len(path.stage.slack.pictures) <= 1


@of_each_workflow()
def test_a_second_run_after_the_end_changes_and_posts_nothing(path: Path, changes: list[str]):
    done = path.run()
    before = list(changes)

    path.stage.again(done)

    assert changes == before
    assert len(path.told) == 1
    assert path.stage.record() == done


# --- Slack will not ---------------------------------------------------------------------------------------------------

BUSY = (429, {"ok": False, "error": "ratelimited"})
BROKEN = (500, {})


@pytest.mark.parametrize("answer", [BUSY, BROKEN], ids=["429", "500"])
@of_each_workflow("name", postings)
def test_a_post_that_slack_does_not_take_is_posted_once_it_does(path: Path, name: str, answer: tuple[int, Any]):
    path.comes_to(name)
    path.stage.slack.answers.extend([answer] * 3)

    done = path.run()

    assert path.stage.slack.attempts == 4
    assert path.stage.attempts[name] > 1
    assert path.stage.wait() == "SUCCEEDED"
    assert done.posted_at
    assert len(path.told) == 1


@pytest.mark.parametrize("answer", [BUSY, BROKEN], ids=["429", "500"])
@of_each_workflow("name", postings)
def test_a_post_that_slack_never_takes_rings_an_alarm_and_workflow_status_tells_it_all(
    path: Path, name: str, answer: tuple[int, Any]
):
    path.comes_to(name)
    path.stage.slack.answers.extend([answer] * FOREVER)

    done = path.run()

    assert path.stage.wait() == "FAILED"  # what Step Functions counts in ExecutionsFailed, which has an alarm
    tries = attempts_for(tasks(MACHINES[path.stage.entry.name])[name], "Transient")
    assert path.stage.function_errors["PostResultsFunction"] == tries
    assert path.told == []
    assert not done.posted_at
    shown = "".join(words(list(replies_workflows.status(done, done.created_at + 60).blocks)))
    if name == "Post results":
        assert done.status == "succeeded"
        assert Report.from_dict(done.report).headline in shown
    else:
        assert done.status == "failed"
        assert "Something broke on my side" in shown


# --- two at once ------------------------------------------------------------------------------------------------------


@of_each_workflow()
def test_a_second_one_is_told_who_is_at_work_on_the_bucket_and_since_when(path: Path):
    path.stage.aws_answers("stepfunctions", "StartExecution", *[{"executionArn": "arn:none", "startDate": 0}] * 2)
    now = time.time()
    first = path.stage.start(now=now - 65, **path.values)
    second = request_of(next(_numbers), user="U0BOB")

    if path.stage.entry.effect == "read":
        assert path.stage.start(second, now=now, **path.values).status == "running"
        return
    with pytest.raises(BotError) as refused:
        path.stage.start(second, now=now, **path.values)

    assert refused.value.sentence == (
        f"{first.title} {first.id}, which somebody else started 65 s ago, is at work on {path.values['bucket']}."
    )
    assert path.told == []
