"""The steps of the workflows: one module a workflow, one function a Task of its state machine, one Lambda a function.

A step takes a ``Run`` and returns plain data, which the state machine keeps under the Task's ResultPath for the steps
after it. ``@step`` makes it a Lambda handler that marks itself in the execution's record and names its failures so
that the state machine can tell them apart:

``Transient``    AWS or Slack is busy, slow or broken: Retry.
``NotYet``       what was changed cannot be seen yet: Retry.
a ``BotError``   AWS or a rule says no: Catch; its sentence is kept for the person who asked.
``NotRunning``   the execution is over: nothing may be done any more.
``Stopped``      somebody asked for the end of the run, and this step has not begun: Catch.
anything else    a fault of ours: Catch; the person gets a reference, the log the traceback.

A step may run twice: Step Functions retries it, and starts an Express execution at least once, not exactly once.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004 - botocore's own names

from bot.aws import Aws, aws_errors
from bot.config import settings
from bot.errors import BotError
from bot.executions import Executions
from bot.models import Value

log = logging.getLogger("workflow_steps")
log.setLevel(logging.INFO)

Event = Mapping[str, Any]
"""What a Task gives its function: ``state``, the state's name, and ``run``, the input with the results so far."""

_BUSY = {429, 500, 502, 503, 504}
_BUSY_CODES = {
    "Throttling",
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "LimitExceededException",
    "TooManyRequestsException",
    "SlowDown",
    "RequestTimeout",
    "OperationAborted",
    "InternalError",
}


class Transient(Exception):
    """AWS or Slack could not answer now; the state machine retries by this name."""


class NotYet(Exception):
    """A change cannot be seen yet; the state machine retries by this name."""


class NotRunning(Exception):
    """The execution is over, so its steps must not run."""


class Stopped(Exception):
    """A person stopped the execution; what was done stays, and the last step says what that is."""


@dataclass(frozen=True, slots=True)
class Run:
    """The execution that a step works for."""

    execution_id: str
    workflow: str
    parameters: Mapping[str, Value]
    team: str
    channel: str
    thread: str
    user: str
    results: Mapping[str, Any]
    """What earlier steps returned, by the names of their ResultPath; ``error`` when one failed."""
    aws: Aws
    executions: Executions

    @property
    def bucket(self) -> str:
        """The parameter ``bucket``."""
        return str(self.parameters["bucket"])

    @classmethod
    def of(cls, event: Event) -> Run:
        """From the event of a Task."""
        own = {name: event["run"][name] for name in _INPUT}
        results = {name: value for name, value in event["run"].items() if name not in own}
        aws = own_aws()
        table = aws.settings.need("workflow_executions_table")
        return cls(**own, results=results, aws=aws, executions=Executions(aws.client("dynamodb"), table))


_INPUT = ("execution_id", "workflow", "parameters", "team", "channel", "thread", "user")


@functools.cache
def own_aws() -> Aws:
    """One for the life of the process: its clients are worth keeping."""
    return Aws(settings())


def step(
    function: Callable[[Run], dict[str, Any]], *, when_stopped: Callable[[Run], None] | None = None
) -> Callable[[Event, Any], dict[str, Any]]:
    """Make a step of a workflow into a Lambda handler that marks itself running, done or failed.

    ``when_stopped`` ends what goes on outside of the run, when the run is stopped before this step.
    """

    @functools.wraps(function)
    def handler(event: Event, context: Any) -> dict[str, Any]:
        run = Run.of(event)
        name = str(event["state"])
        facts = {"execution_id": run.execution_id, "step": name, "workflow": run.workflow}
        leave = run.executions.begin_step(run.execution_id, name, time.time())
        if leave == "stop":
            _stop(run, when_stopped)
            log.info("step not begun: the execution was stopped", extra=facts)
            raise Stopped(f"{run.execution_id} was stopped")
        if leave == "over":
            log.warning("step skipped: the execution is over", extra=facts)
            raise NotRunning(f"{run.execution_id} is over")
        log.info("step begins", extra=facts)
        try:
            with aws_errors(run.parameters):
                result = function(run)
        except Exception as error:
            raise _told(error, run, name, getattr(context, "aws_request_id", "")) from error
        if result.get("finished", True):  # a step that looks whether something has ended runs until it has
            run.executions.end_step(run.execution_id, name, time.time())
        log.info("step ends", extra=facts)
        return result

    return handler


def _stop(run: Run, when_stopped: Callable[[Run], None] | None) -> None:
    """What cannot be ended is no reason to go on with the run: it ends by itself."""
    if when_stopped is None:
        return
    try:
        when_stopped(run)
    except Exception:
        log.exception("not everything could be stopped", extra={"execution_id": run.execution_id})


def _told(error: Exception, run: Run, name: str, reference: str) -> Exception:
    """The error under the name that the state machine knows, after its sentence was kept in the record."""
    facts = {"execution_id": run.execution_id, "step": name, "error": type(error).__name__}
    if isinstance(error, NotYet) or transient(error):
        problem, final = str(error), False
        error = error if isinstance(error, (NotYet, Transient)) else Transient(problem)
        log.warning("step must be repeated: %s", problem, extra=facts)
    elif isinstance(error, BotError):
        problem, final = f"{error.sentence} {error.hint}".strip(), True
        log.warning("step failed: %s", problem, extra=facts)
    else:
        problem, final = f"Something broke on my side. Reference: {reference or run.execution_id}", True
        log.error("step broke", exc_info=error, extra=facts)
    run.executions.fail_step(run.execution_id, name, problem, time.time(), final=final)
    return error


def transient(error: BaseException) -> bool:
    """Whether the same call may well succeed in a moment."""
    if isinstance(error, Transient):
        return True
    cause = error.__cause__ if isinstance(error, BotError) else error
    if isinstance(cause, (HTTPClientError, ConnectionError)):
        return True
    if not isinstance(cause, ClientError):
        return False
    http_status = cause.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return http_status in _BUSY or cause.response.get("Error", {}).get("Code") in _BUSY_CODES
