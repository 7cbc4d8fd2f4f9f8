"""The last step of every workflow: close the execution's record and post what came of it, well or badly."""

from __future__ import annotations

import functools
import json
import logging
import time
from collections.abc import Mapping
from typing import Any

from bot import replies_workflows
from bot.aws import Aws, aws_errors
from bot.errors import BotError
from bot.executions import Execution, Executions
from bot.slack import Slack, SlackUnavailable
from workflow_steps import Event, Run, Transient, transient

POST_SECONDS = 45
"""Longer than this function may run: after that, a claim to post is given up for the retry."""

GAVE_UP = "I tried several times and have given up."
"""What ends a problem that each retry hoped to see go away."""

log = logging.getLogger("workflow_steps")


def post_results(event: Event, _context: Any) -> dict[str, Any]:
    """Close the record with the results or the problem, then post them into the thread, once.

    The record has the results before Slack is asked, so ``workflow status`` shows them even when Slack will not.
    """
    run = Run.of(event)
    try:
        with aws_errors(run.parameters):
            execution = _close(run)
            return {"posted": post(execution, run.executions, run.aws), "status": execution.status}
    except BotError as error:
        if transient(error):
            raise Transient(error.sentence) from error
        log.exception("results not posted", extra={"execution_id": run.execution_id})
        raise


def _close(run: Run) -> Execution:
    """The record, closed by this run or by another one of the same execution."""
    before = _record(run)
    if not before.open:
        return before
    error, now = run.results.get("error"), time.time()
    if error and before.stopped_by and all(step.state != "failed" for step in before.steps):
        run.executions.finish(run.execution_id, "stopped", now, problem="", report={})
    elif error:
        problem = " ".join([_problem(before, error), *_stays(run.results)])
        run.executions.finish(run.execution_id, "failed", now, problem=problem, report={})
    else:
        run.executions.finish(run.execution_id, "succeeded", now, problem="", report=run.results["report"])
    return _record(run)


def _record(run: Run) -> Execution:
    found = run.executions.get(run.execution_id)
    if found is None:
        raise LookupError(f"no record of {run.execution_id}")
    return found


def post(execution: Execution, executions: Executions, aws: Aws) -> bool:
    """Post what came of an execution into its thread, unless that was done; raises Transient to be called again."""
    now = time.time()
    if execution.posted_at:
        return False
    if not executions.claim_post(execution.id, now, now + POST_SECONDS):
        raise Transient("another run of this execution is posting")
    try:
        slack(aws).post(execution.channel, replies_workflows.result(execution), execution.thread)
    except SlackUnavailable as error:
        # Also when the answer was lost and the message may stand there: results twice are better than none.
        executions.release_post(execution.id)
        raise Transient(str(error)) from error
    executions.posted(execution.id, time.time(), execution.steps[-1].name)
    log.info("results posted", extra={"execution_id": execution.id, "status": execution.status})
    return True


def _stays(results: Mapping[str, Any]) -> list[str]:
    """What the steps before the failed one changed and left, each with the way to take it back."""
    return [str(result["stays"]) for result in results.values() if isinstance(result, dict) and result.get("stays")]


def _problem(execution: Execution, error: Mapping[str, Any]) -> str:
    """The sentence that the failed step left; one made from the error's name when it died without a word."""
    name = str(error.get("Error", ""))
    for step in execution.steps:
        if step.state == "failed" or step.problem:
            tried = f" {GAVE_UP}" if name in ("NotYet", "Transient") else ""
            return f"{step.name}: {step.problem}{tried}"
    log.error("a step died: %s", _cause(error), extra={"execution_id": execution.id, "error": name})
    at = next((step.name for step in execution.steps if step.state == "running"), "")
    where = f"{at}: " if at else ""
    if name in ("States.Timeout", "Sandbox.Timedout"):
        return f"{where}It took longer than it may."
    return f"{where}Something broke on my side. Reference: {execution.id}"


def _cause(error: Mapping[str, Any]) -> str:
    try:
        return str(json.loads(error["Cause"])["errorMessage"])
    except (KeyError, TypeError, ValueError):
        return str(error.get("Cause", ""))[:500]


@functools.cache
def slack(aws: Aws) -> Slack:
    """The workspace; made once for the life of the process."""
    return Slack(lambda refresh: aws.slack_secret(refresh).bot_token, aws.settings.slack_api_url)
