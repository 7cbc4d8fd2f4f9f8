"""Every state machine has the one shape that makes it always report: a workflow that breaks it fails here."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from bot import workflows
from tests.workflows.stage import handler

ROOT = Path(__file__).parents[2]
MACHINES = sorted((ROOT / "statemachines").glob("*.asl.json"))
LAMBDA_FAULTS = {
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
}
NEVER_IN_ALL = {"States.DataLimitExceeded", "States.Runtime"}
"""States.ALL does not match these."""

each_machine = pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name.split(".")[0])


def read(path: Path) -> dict[str, Any]:
    machine: dict[str, Any] = json.loads(path.read_text())
    return machine


def tasks(machine: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {name: state for name, state in machine["States"].items() if state["Type"] == "Task"}


def posts(state: dict[str, Any]) -> bool:
    return bool(state["Resource"] == "${PostResultsFunction}")


def can_be_done_without(state: dict[str, Any]) -> bool:
    """A step whose failure is no failure of the workflow: it goes on as if all had gone well."""
    return bool(state["Comment"].endswith("Whatever goes wrong with it, the report is posted."))


def test_there_is_a_state_machine():
    assert MACHINES


@each_machine
def test_it_is_the_state_machine_of_a_workflow_in_the_seeds(path: Path):
    entries = json.loads((ROOT / "seeds/workflows.json").read_text())

    assert path.name.removesuffix(".asl.json") in {entry["state_machine"] for entry in entries}


@each_machine
def test_its_names_are_plain_english_that_fits_into_a_list_of_steps(path: Path):
    for name in read(path)["States"]:
        assert name[0].isupper(), name
        assert name.replace(" ", "").isalpha(), name
        assert name[1:].lower() == name[1:], name
        assert len(name) <= 40, name


@each_machine
def test_every_task_runs_a_step_function_of_its_workflow_that_exists(path: Path):
    workflow = path.name.removesuffix(".asl.json")
    for name, state in tasks(read(path)).items():
        resource = state["Resource"]
        assert resource.startswith("${"), name
        assert resource.endswith("Function}"), name

        function = handler(resource.strip("${}"), workflow)

        assert callable(function), f"{name}: write the function {resource} in workflow_steps/{workflow}.py"


@each_machine
def test_every_task_says_which_state_it_is_and_passes_the_run_on(path: Path):
    for name, state in tasks(read(path)).items():
        assert state["Parameters"] == {"state.$": "$$.State.Name", "run.$": "$"}, name
        assert state["ResultPath"].startswith("$."), f"{name}: the result would take the place of the run"


@each_machine
def test_every_task_has_a_time_limit_below_that_of_express(path: Path):
    for name, state in tasks(read(path)).items():
        assert 0 < state["TimeoutSeconds"] <= 60, name


@each_machine
def test_every_task_retries_by_name_with_jitter_and_a_bound(path: Path):
    for name, state in tasks(read(path)).items():
        retried = {error for retrier in state["Retry"] for error in retrier["ErrorEquals"]}
        assert {*LAMBDA_FAULTS, "Transient"} <= retried, name
        assert "States.ALL" not in retried, f"{name}: what cannot get better must not be repeated"
        assert "States.TaskFailed" not in retried, name
        for retrier in state["Retry"]:
            assert retrier["JitterStrategy"] == "FULL", name
            assert retrier["MaxDelaySeconds"] <= 15, name
            assert 1 <= retrier["MaxAttempts"] <= 8, name


@each_machine
def test_every_task_catches_everything_and_keeps_the_run(path: Path):
    machine = read(path)
    for name, state in tasks(machine).items():
        assert [set(catcher["ErrorEquals"]) for catcher in state["Catch"]] == [NEVER_IN_ALL, {"States.ALL"}], name
        if can_be_done_without(state):
            assert {catcher["Next"] for catcher in state["Catch"]} == {state["Next"]}, name
            assert not {"$.error", "$.report"} & {catcher["ResultPath"] for catcher in state["Catch"]}, name
            continue
        assert {catcher["ResultPath"] for catcher in state["Catch"]} == {"$.error"}, name
        expected = "Results not posted" if posts(state) else "Post failure"
        assert {catcher["Next"] for catcher in state["Catch"]} == {expected}, name


@each_machine
def test_it_ends_well_when_its_thread_was_told_and_badly_only_when_not(path: Path):
    states = read(path)["States"]

    assert {name for name, state in states.items() if state.get("End")} == {"Post results", "Post failure"}
    assert posts(states["Post results"])
    assert posts(states["Post failure"])
    assert [name for name, state in states.items() if state["Type"] == "Fail"] == ["Results not posted"]
    assert not [name for name, state in states.items() if state["Type"] == "Succeed"]
    assert list(workflows.steps_of(read(path)))[-1] == "Post results"


@each_machine
def test_the_step_before_the_post_leaves_the_report(path: Path):
    states = read(path)["States"]
    before = [name for name, state in states.items() if state.get("Next") == "Post results"]
    while can_be_done_without(states[before[0]]):
        before = [name for name, state in states.items() if state.get("Next") == before[0]]

    assert [states[name]["ResultPath"] for name in before] == ["$.report"]


@each_machine
def test_every_next_state_exists_and_every_state_is_reached(path: Path):
    machine = read(path)
    states = machine["States"]
    reached, open_ends = set[str](), [machine["StartAt"]]
    while open_ends:
        name = open_ends.pop()
        assert name in states, f"no state is named {name!r}"
        if name not in reached:
            reached.add(name)
            state = states[name]
            choices = [*state.get("Choices", ()), *state.get("Catch", ())]
            open_ends += [state[key] for key in ("Next", "Default") if key in state]
            open_ends += [choice["Next"] for choice in choices]

    assert reached == set(states)


@each_machine
def test_it_is_what_express_can_run_and_what_says_what_it_is_for(path: Path):
    machine = read(path)

    assert machine["Comment"]
    assert machine.get("QueryLanguage", "JSONPath") == "JSONPath"
    for name, state in machine["States"].items():
        assert state["Comment"], f"{name}: say what it is for"
        assert ".sync" not in state.get("Resource", ""), name
        assert ".waitForTaskToken" not in state.get("Resource", ""), name


@each_machine
def test_its_workflow_has_a_module_of_steps_with_a_docstring(path: Path):
    module = importlib.import_module(f"workflow_steps.{path.name.removesuffix('.asl.json')}")

    assert module.__doc__
