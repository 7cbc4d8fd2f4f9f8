"""Running workflows from Slack: what is announced, and what its buttons do. State machines play elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.executions import Execution, Executions
from bot.workflows import definition_item
from tests.office import ACCOUNT, KNOWLEDGE, Office, office

CAROL, DAVE, BOB = "U0CAROL", "U0DAVE", "U0BOB"


@pytest.fixture
def room() -> Iterator[Office]:
    """An office whose deployment has the workflow log analysis; its executions begin and never end."""
    with office() as room:
        machine = {"StartAt": "Check", "States": {"Check": {"Type": "Task", "Resource": "x", "End": True}}}
        item = definition_item(KNOWLEDGE.entries["log_analysis"], machine)
        room.dynamodb.put_item(TableName="WorkflowDefinitions", Item=item)
        room.bot.aws.client("stepfunctions").create_state_machine(
            name="s3agent-log_analysis",
            definition=json.dumps(machine),
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/state-machine",
        )
        room.bot.aws.client("logs").create_log_group(logGroupName="/aws/lambda/orders")
        room.now = 1_800_000_000.0
        yield room


def started(room: Office, user: str = CAROL) -> str:
    """Carol, who may only look, has started a log analysis; its execution id."""
    room.mention("run log analysis workflow for /aws/lambda/orders", user)
    found = re.search(r"wf-[a-z2-7]{8}", room.last)
    assert found
    return found[0]


def record(room: Office, execution_id: str) -> Execution:
    found = Executions(room.dynamodb, "WorkflowExecutions").get(execution_id)
    assert found
    return found


def test_the_announcement_has_a_button_that_stops_the_run(room: Office):
    execution_id = started(room)

    assert room.button("stop")["value"] == execution_id


def test_whoever_started_it_may_stop_it(room: Office):
    execution_id = started(room)

    room.click(room.button("stop"), CAROL)

    assert room.last == f"Log analysis {execution_id} ends before its next step, as you asked."
    assert record(room, execution_id).stopped_by == CAROL


def test_somebody_with_write_access_may_stop_it(room: Office):
    execution_id = started(room)

    room.command(f"workflow stop {execution_id}", BOB)

    assert record(room, execution_id).stopped_by == BOB


def test_undo_of_a_run_that_only_looks_says_so(room: Office):
    started(room)

    room.reply("undo", room.worked[0].ts, CAROL)

    assert room.last == "Nothing was undone. That only looked at things: there is nothing to take back."


def test_nobody_else_may_stop_it(room: Office):
    execution_id = started(room)

    room.click(room.button("stop"), DAVE)

    assert room.last.startswith(f"Not allowed. Somebody else started {execution_id}; to stop it needs write access.")
    assert record(room, execution_id).stopped_by == ""


def test_a_second_press_is_told_to_the_one_who_pressed(room: Office):
    started(room)
    button: dict[str, Any] = room.button("stop")
    room.click(button, CAROL)

    room.click(button, BOB)

    assert room.private[-1]["text"].startswith("Already done.")


def test_to_stop_without_an_id_asks_for_it_and_goes_on_from_the_answer(room: Office):
    execution_id = started(room)

    asked = room.mention("stop the workflow", CAROL)
    room.reply(execution_id, asked.ts, CAROL)

    assert record(room, execution_id).stopped_by == CAROL


def test_status_without_an_id_shows_what_the_asker_started_last_and_asks_which_one(room: Office):
    mine = []
    for minute in range(6):
        room.now = 1_800_000_000.0 + 60 * minute
        mine.append(started(room))
    started(room, DAVE)

    room.mention("workflow status", CAROL)

    said = room.last
    assert said.startswith("The last workflows that you started:\n• Log analysis " + mine[5] + " is running, started ")
    assert [one for one in mine if one in said] == mine[1:]
    assert said.endswith("Which execution? Its id looks like wf-k3m9x2q7.")


def test_the_answer_to_which_one_is_the_status(room: Office):
    execution_id = started(room)
    asked = room.mention("workflow status", CAROL)

    room.reply(execution_id, asked.ts, CAROL)

    assert room.last.startswith(f"Log analysis {execution_id} is running.")


def test_a_click_on_one_of_them_is_the_status(room: Office):
    execution_id = started(room)
    room.mention("workflow status", CAROL)

    room.click(room.button("say"), CAROL)

    assert room.last.startswith(f"Log analysis {execution_id} is running.")


def test_who_started_nothing_is_just_asked(room: Office):
    room.mention("workflow status", DAVE)

    assert room.last == "Which execution? Its id looks like wf-k3m9x2q7."


def test_a_list_that_cannot_be_read_leaves_the_question(room: Office):
    room.mention("workflow status", CAROL)  # without the index DynamoDB refuses

    assert room.last == "Which execution? Its id looks like wf-k3m9x2q7."
