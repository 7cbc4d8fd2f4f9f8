"""Workflows: what can be run, starting one, and how one is going.

A workflow is an entry of the knowledge base, a state machine of this stack, and the steps in ``workflow_steps``. Its
definition stands in the table WorkflowDefinitions only when the deployment has the state machine.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple, Self

from bot import replies_workflows
from bot.aws import Aws, aws_errors
from bot.display import duration
from bot.errors import AlreadyDone, AwsRefused, BadValue, BotError, Busy, NotAllowed, NotFound, WorkflowUnavailable
from bot.executions import Execution, Executions, Step
from bot.models import Entry, Reply, Request, Value

EXPRESS_SECONDS = 5 * 60
"""Step Functions ends an Express execution after five minutes, without a word to anybody."""
DEADLINE_SECONDS = EXPRESS_SECONDS + 30
LEASE_SECONDS = 190
"""Longer than the worker may take: after that, a start that was begun and not ended may be taken over."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Definition:
    """A workflow that this deployment can run."""

    name: str
    title: str
    summary: str
    state_machine: str
    steps: tuple[str, ...]
    """The names of its Tasks in the order in which they run when all goes well."""

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Self:
        """From the table."""
        data = json.loads(item["body"]["S"])
        return cls(**{**data, "steps": tuple(data["steps"])})


class Posted(NamedTuple):
    """Where a message stands."""

    thread: str
    """The root of its thread; its own timestamp where it opened one."""
    ts: str


def definition_item(entry: Entry, machine: Mapping[str, Any]) -> dict[str, Any]:
    """A workflow's item for WorkflowDefinitions, from its entry and its state machine."""
    definition = Definition(entry.name, entry.title, entry.summary, entry.state_machine, tuple(steps_of(machine)))
    return {"name": {"S": entry.name}, "body": {"S": json.dumps(asdict(definition))}}


def steps_of(machine: Mapping[str, Any]) -> Iterator[str]:
    """The Tasks of a state machine on its ways without errors, each once, in the order in which they may run."""
    states, seen, ahead = machine["States"], set[str](), [machine["StartAt"]]
    while ahead:
        name = ahead.pop()
        if name in seen:
            continue
        seen.add(name)
        state = states[name]
        if state["Type"] == "Task":
            yield name
        ways = [state.get("Next"), *(choice["Next"] for choice in state.get("Choices", ())), state.get("Default")]
        ahead += [way for way in reversed(ways) if way]


def list_definitions(aws: Aws) -> tuple[Definition, ...]:
    """The workflows of this deployment, by name."""
    pages = aws.client("dynamodb").get_paginator("scan").paginate(TableName=_definitions_table(aws))
    found = [Definition.from_item(item) for page in pages for item in page["Items"]]
    return tuple(sorted(found, key=lambda definition: definition.name))


def execution_id(request_id: str) -> str:
    """``wf-`` and eight characters that can be typed; the same for every delivery of a request."""
    digest = hashlib.sha256(request_id.encode()).digest()
    return "wf-" + base64.b32encode(digest)[:8].decode().lower()


def check(entry: Entry, values: Mapping[str, Value]) -> None:
    """Refuse values that AWS would not take together, before anybody confirms them. Raises BadValue."""
    for parameter in entry.parameters:
        value = values.get(parameter.name)
        if not isinstance(value, int):
            continue
        name = parameter.name.replace("_", " ").capitalize()
        if parameter.minimum is not None and value < parameter.minimum:
            raise BadValue(f"{name} is {value}, and the least that AWS takes is {parameter.minimum}.")
        other = values.get(parameter.above)
        if isinstance(other, int) and value <= other:
            above = parameter.above.replace("_", " ")
            raise BadValue(f"{name} is {value}, and must be more than {above}, which is {other}.")


def start(
    entry: Entry,
    values: Mapping[str, Value],
    request: Request,
    *,
    aws: Aws,
    announce: Callable[[Reply], Posted],
    now: float,
    basis: str = "",
    note: str = "",
) -> Execution:
    """Record an execution, announce it, and start its state machine: each once, however often this is called.

    ``announce`` posts a message and returns where it stands; with no thread yet, the announcement becomes the root.
    ``basis`` is what its confirmation showed, for the steps to compare; ``note`` is how the request was understood.
    Raises WorkflowUnavailable before anything is posted, or the BotError that says why Step Functions did not take it.
    """
    check(entry, values)
    executions = records(aws)
    execution = replace(_new(entry, values, request, _definition(aws, entry), now), basis=basis, note=note)
    if not executions.create(execution):
        found = executions.get(execution.id)
        if found is None or not executions.lease(execution.id, now, now + LEASE_SECONDS):
            return _started_before(found or execution)
        execution = found
    _lock(execution, entry, executions, now)
    execution = _announce(execution, announce, executions, now)
    _start_execution(execution, entry, aws, executions, now)
    return replace(execution, status="running")


def status(aws: Aws, execution: str, now: float) -> Execution:
    """How an execution is going; NotFound when there is none of that id."""
    found = records(aws).get(execution)
    if found is None:
        raise NotFound(f"There is no execution {execution}.", hint="The id was in the message that announced it.")
    return found.seen_at(now)


def stop(aws: Aws, execution_id: str, user: str, now: float, *, may: Callable[[Execution], bool]) -> Execution:
    """Have an execution end before its next step. ``may`` says whether the asker may stop it.

    Raises AlreadyDone when it is over, or somebody asked before.
    """
    execution = status(aws, execution_id, now)
    if not may(execution):
        raise NotAllowed(
            f"Somebody else started {execution.id}; to stop it needs write access.",
            hint="Ask whoever started it, or an operator.",
        )
    if execution.open and records(aws).ask_to_stop(execution.id, user):
        return replace(execution, stopped_by=user)
    execution = status(aws, execution_id, now)
    if execution.open:
        raise AlreadyDone(f"{execution.id} was asked to stop before, and ends before its next step.")
    raise AlreadyDone(
        f"{execution.id} is over: it {replies_workflows.ENDINGS[execution.status]}.",
        hint=f"“workflow status {execution.id}” shows what came of it.",
    )


def busy(other: Execution, bucket: str, user: str, now: float) -> BotError:
    """The sentence for somebody who wants a bucket that another execution is at work on."""
    who = "you" if other.user == user else "somebody else"
    since = duration(now - other.created_at)
    return Busy(
        f"{other.title} {other.id}, which {who} started {since} ago, is at work on {bucket}.",
        hint=f"“workflow status {other.id}” shows how far it is. Ask again when it is over.",
        holder="" if other.user == user else other.user,
    )


def records(aws: Aws) -> Executions:
    """The records of all executions."""
    return Executions(aws.client("dynamodb"), aws.settings.need("workflow_executions_table"))


def _definitions_table(aws: Aws) -> str:
    return aws.settings.need("workflow_definitions_table")


def _definition(aws: Aws, entry: Entry) -> Definition:
    key = {"name": {"S": entry.name}}
    found = aws.client("dynamodb").get_item(TableName=_definitions_table(aws), Key=key)
    if "Item" not in found:
        raise WorkflowUnavailable(
            f"{entry.title} is not set up in this deployment.", hint="“list workflows” shows those that are."
        )
    return Definition.from_item(found["Item"])


def _new(entry: Entry, values: Mapping[str, Value], request: Request, definition: Definition, now: float) -> Execution:
    return Execution(
        id=execution_id(request.id),
        workflow=entry.name,
        title=entry.title,
        status="starting",
        parameters={p.name: values[p.name] for p in entry.parameters if p.name in values},
        team=request.team,
        channel=request.channel,
        thread="",
        user=request.user,
        request_id=request.id,
        created_at=now,
        deadline=now + DEADLINE_SECONDS,
        steps=tuple(Step(name) for name in definition.steps),
        lease_until=now + LEASE_SECONDS,
    )


def _lock(execution: Execution, entry: Entry, executions: Executions, now: float) -> None:
    """A workflow that changes a bucket has it to itself. Raises a BotError that says who else is at it."""
    if entry.effect == "read":
        return
    kinds = {parameter.name: parameter.type for parameter in entry.parameters}
    for bucket in sorted({str(value) for name, value in execution.parameters.items() if kinds.get(name) == "bucket"}):
        other = executions.lock(f"bucket#{bucket}", execution.id, now)
        if other:
            error = busy(other, bucket, execution.user, now)
            _not_started(execution, error, executions, now)
            raise error


def _started_before(execution: Execution) -> Execution:
    """What another delivery of the request made of it; the error again when it could not even be started."""
    if execution.status == "failed" and all(step.state == "to_come" for step in execution.steps):
        raise AwsRefused(execution.problem)
    return execution


def _announce(
    execution: Execution, announce: Callable[[Reply], Posted], executions: Executions, now: float
) -> Execution:
    if execution.thread:
        return execution  # announced by a delivery that did not get further
    try:
        posted = announce(replies_workflows.announcement(execution))
    except BotError as error:
        _not_started(execution, error, executions, now)
        raise
    except Exception:
        executions.give_back(execution.id)
        raise
    executions.announced(execution.id, posted.thread, posted.ts)
    return replace(execution, thread=posted.thread, announcement=posted.ts)


def _not_started(execution: Execution, error: BotError, executions: Executions, now: float) -> None:
    executions.finish(execution.id, "failed", now, problem=f"It could not be started. {error.sentence}", report={})
    executions.posted(execution.id, now)  # the error itself is the answer
    log.warning("execution not started", extra={"execution_id": execution.id, "problem": error.sentence})


def _start_execution(execution: Execution, entry: Entry, aws: Aws, executions: Executions, now: float) -> None:
    machine = f"{aws.settings.need('stack_name')}-{entry.state_machine}"
    try:
        with aws_errors({"workflow": execution.workflow}):
            aws.client("stepfunctions").start_execution(
                stateMachineArn=f"arn:{aws.partition}:states:{aws.region}:{aws.account_id}:stateMachine:{machine}",
                name=execution.id,
                input=json.dumps(execution.given),
            )
    except BotError as error:
        # Should it have been taken after all (an answer that got lost), its first step finds the record closed and
        # does nothing: what the person is told now stays true.
        _not_started(execution, error, executions, now)
        raise
    executions.started(execution.id)
    log.info("execution started", extra={"execution_id": execution.id, "workflow": execution.workflow})
