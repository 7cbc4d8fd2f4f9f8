"""Workflows are listed as they are deployed and allowed; an execution is told as it is recorded."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import NotFound
from bot.executions import Execution, Executions, Step
from bot.models import Entry, Parameter
from bot.workflows import definition_item
from tests.operations.conftest import Asker, lines
from tests.tables import create

CLEANING = Entry(
    name="lifecycle_management",
    service="s3",
    title="Lifecycle management",
    summary="Adds a lifecycle rule.",
    effect="destroy",
    access="destroy",
    state_machine="lifecycle_management",
    parameters=(
        Parameter("bucket", "bucket", required=True, description="the bucket that gets the rule"),
        Parameter("prefix", "prefix", default="logs/", description="which files"),
    ),
    confirm="Really.",
)
ANALYSIS = replace(CLEANING, name="log_analysis", title="Log analysis", access="read", effect="read", confirm="")
MACHINE = {
    "StartAt": "Read the rules",
    "States": {
        "Read the rules": {"Type": "Task", "Next": "Post the results"},
        "Post the results": {"Type": "Task", "End": True},
    },
}


@pytest.fixture
def dynamodb(ask: Asker) -> Any:
    client = ask.aws.client("dynamodb")
    create(client, "WorkflowDefinitions")
    create(client, "WorkflowExecutions")
    ask.entries = {entry.name: entry for entry in (CLEANING, ANALYSIS)}
    return client


def deploy(dynamodb: Any, *entries: Entry) -> None:
    for entry in entries:
        dynamodb.put_item(TableName="WorkflowDefinitions", Item=definition_item(entry, MACHINE))


def buttons(reply: Any) -> list[tuple[str, str]]:
    return [
        (element["action_id"], element["value"])
        for block in reply.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def test_workflows_are_listed_with_what_they_need_and_a_button_to_run_each(ask: Asker, dynamodb: Any):
    deploy(dynamodb, ANALYSIS, CLEANING)

    reply = ask("workflow.list")

    assert buttons(reply) == [("run", "lifecycle_management"), ("run", "log_analysis")]
    assert "bucket (needed) the bucket that gets the rule" in lines(reply.blocks)


def test_only_deployed_workflows_are_listed(ask: Asker, dynamodb: Any):
    deploy(dynamodb, CLEANING)

    assert buttons(ask("workflow.list")) == [("run", "lifecycle_management")]


def test_only_workflows_that_the_asker_may_run_are_listed(ask: Asker, dynamodb: Any):
    deploy(dynamodb, ANALYSIS, CLEANING)
    ask.may = lambda entry: entry.access == "read"

    assert buttons(ask("workflow.list")) == [("run", "log_analysis")]


def test_a_deployment_without_workflows_says_so(ask: Asker, dynamodb: Any):
    assert ask("workflow.list").text == "There is no workflow that you may run in this deployment."


EXECUTION = Execution(
    id="wf-k3m9x2q7",
    workflow="lifecycle_management",
    title="Lifecycle management",
    status="starting",
    parameters={"bucket": "my-bucket"},
    team="T0LOCAL",
    channel="C0OPS",
    thread="1.1",
    user="U0ALICE",
    request_id="T0LOCAL#C0OPS#1.1",
    created_at=0,
    deadline=0,
    steps=(Step("Read the rules"), Step("Post the results")),
)


def record(dynamodb: Any, execution: Execution) -> Executions:
    executions = Executions(dynamodb, "WorkflowExecutions")
    executions.create(execution)
    return executions


def test_the_status_of_an_execution_shows_its_steps(ask: Asker, dynamodb: Any):
    now = time.time()
    executions = record(dynamodb, replace(EXECUTION, created_at=now - 90, deadline=now + 240))
    executions.begin_step("wf-k3m9x2q7", "Read the rules", now - 80)

    told = lines(ask("workflow.status", execution_id="wf-k3m9x2q7").blocks)

    assert told[0].startswith("Lifecycle management wf-k3m9x2q7 is running. ")
    assert "bucket: my-bucket" in told
    assert "◐ Read the rules – running\n○ Post the results – to come" in told


def test_an_execution_past_its_deadline_did_not_end_in_time(ask: Asker, dynamodb: Any):
    now = time.time()
    record(dynamodb, replace(EXECUTION, created_at=now - 900, deadline=now - 600))

    told = ask("workflow.status", execution_id="wf-k3m9x2q7").text

    assert "did not end in time" in told


def test_an_unknown_execution_is_not_found(ask: Asker, dynamodb: Any):
    with pytest.raises(NotFound, match="There is no execution wf-aaaaaaaa"):
        ask("workflow.status", execution_id="wf-aaaaaaaa")
