"""What can be asked about workflows. Starting one is no operation: ``execute`` hands it to ``workflows.start``."""

from __future__ import annotations

import time
from dataclasses import replace

from bot import replies_workflows, workflows
from bot.executions import Execution
from bot.models import Reply
from bot.operations import Call, operation

LATEST = 5
"""Of the asker's executions, when they ask for the status of none in particular."""


@operation("dynamodb:Scan")
def list(call: Call) -> Reply:  # noqa: A001 - the intent is workflow.list
    """The workflows that this deployment has and the asker may run."""
    deployed = {definition.name for definition in workflows.list_definitions(call.aws)}
    entries = [entry for entry in call.entries.values() if entry.name in deployed and call.may(entry)]
    return replies_workflows.definitions(sorted(entries, key=lambda entry: entry.title))


@operation("dynamodb:GetItem", "dynamodb:UpdateItem")
def stop(call: Call, execution_id: str) -> Reply:
    """End an execution before its next step: for whoever started it, and for everybody with write access."""
    writes = replace(call.entries["workflow.stop"], access="write")

    def may(execution: Execution) -> bool:
        return call.request.user == execution.user or call.may(writes)

    execution = workflows.stop(call.aws, execution_id, call.request.user, time.time(), may=may)
    return replies_workflows.stopping(execution)


def _latest(call: Call) -> Reply | None:
    now = time.time()
    found = workflows.records(call.aws).latest(call.request.user, now, LATEST)
    return replies_workflows.latest(found, now) if found else None


@operation("dynamodb:GetItem", "dynamodb:Query", recall=_latest)
def status(call: Call, execution_id: str) -> Reply:
    """How an execution is going."""
    now = time.time()
    return replies_workflows.status(workflows.status(call.aws, execution_id, now), now)
