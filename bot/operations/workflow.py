"""What can be asked about workflows. Starting one is no operation: ``execute`` hands it to ``workflows.start``."""

from __future__ import annotations

import time

from bot import replies_workflows, workflows
from bot.models import Reply
from bot.operations import Call, operation


@operation("dynamodb:Scan")
def list(call: Call) -> Reply:  # noqa: A001 - the intent is workflow.list
    """The workflows that this deployment has and the asker may run."""
    deployed = {definition.name for definition in workflows.list_definitions(call.aws)}
    entries = [entry for entry in call.entries.values() if entry.name in deployed and call.may(entry)]
    return replies_workflows.definitions(sorted(entries, key=lambda entry: entry.title))


@operation("dynamodb:GetItem")
def status(call: Call, execution_id: str) -> Reply:
    """How an execution is going."""
    now = time.time()
    return replies_workflows.status(workflows.status(call.aws, execution_id, now), now)
