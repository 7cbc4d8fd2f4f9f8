"""Every minute: close the executions that are past their deadline, and say in their threads what nobody said yet.

Step Functions ends an Express execution after five minutes without a word, a step's function may die in the one place
where no Catch helps, and Slack may be away for longer than the last step can wait. Whoever asked must hear all the
same, and once.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from bot.errors import CannotPost
from bot.executions import Execution, Executions
from workflow_steps import Transient, own_aws
from workflow_steps.post_results import post

GIVE_UP_SECONDS = 3600
"""After that Slack is no longer asked to take the message; ``workflow status`` still tells it."""
PROBLEM = "Nothing was heard of it any more. What is marked as done is done."

log = logging.getLogger("workflow_steps")


def close_overdue(_event: object, _context: object) -> dict[str, Any]:
    """Close what is overdue; what Slack would not take now is tried again in a minute."""
    aws = own_aws()
    executions = Executions(aws.client("dynamodb"), aws.settings.need("workflow_executions_table"))
    now = time.time()
    overdue = executions.overdue(now)
    told = 0
    for execution_id in overdue:
        executions.finish(execution_id, "timed_out", now, problem=PROBLEM, report={})
        execution = executions.get(execution_id)
        if execution and _tell(execution, executions, now):
            told += 1
    return {"overdue": len(overdue), "told": told}


def _tell(execution: Execution, executions: Executions, now: float) -> bool:
    facts = {"execution_id": execution.id, "status": execution.status}
    try:
        posted = post(execution, executions, own_aws())
    except (Transient, CannotPost) as error:
        log.warning("overdue execution not told: %s", error, extra=facts)
        if isinstance(error, CannotPost) or now > execution.deadline + GIVE_UP_SECONDS:
            executions.let_go(execution.id)
        return False
    log.warning("overdue execution told", extra=facts)
    return posted
