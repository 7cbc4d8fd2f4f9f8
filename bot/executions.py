"""The record of every workflow execution: who started what, how far it is, what came of it.

Express executions cannot be described, stopped or waited on, and run at least once. So this record, in the table
WorkflowExecutions, is the truth about an execution: it is written before Step Functions is asked, every step marks
itself in it, and each change that must happen once is one conditional update.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from bot.models import Value

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Status = Literal["starting", "running", "succeeded", "failed", "timed_out", "stopped"]
Leave = Literal["begin", "stop", "over"]
"""What a step hears that wants to begin: go on; end the run here, as somebody asked for; nothing may be done."""
StepState = Literal["to_come", "running", "done", "failed"]

BY_DEADLINE = "by-deadline"
"""The index on ``open`` and ``deadline``."""
BY_USER = "by-user"
"""The index on ``user`` and ``created_at``, with what ``Brief`` holds."""
OVERDUE_PAGE = 25
OPEN: tuple[Status, ...] = ("starting", "running")
"""An execution of which something is still to be expected."""


@dataclass(frozen=True, slots=True)
class Step:
    """One Task of the state machine, as far as it is."""

    name: str
    state: StepState = "to_come"
    started_at: float = 0.0
    ended_at: float = 0.0
    problem: str = ""
    """The sentence that says what went wrong in it."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of a workflow. Times are epoch seconds; 0 means not yet."""

    id: str
    workflow: str
    title: str
    status: Status
    parameters: Mapping[str, Value]
    team: str
    channel: str
    thread: str
    """The root of the Slack thread in which it reports; empty until the announcement is posted."""
    user: str
    request_id: str
    created_at: float
    deadline: float
    """When nothing more can come of it: Step Functions ends an Express execution after five minutes."""
    steps: tuple[Step, ...] = ()
    ended_at: float = 0.0
    problem: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)
    """The results, as ``replies_workflows.Report`` writes them."""
    posted_at: float = 0.0
    lease_until: float = 0.0
    """Until then the worker that began to start it is taken to be at it still."""
    basis: str = ""
    """What its confirmation showed, as a fingerprint; its steps stop when that is no longer so."""
    restorable: bool = False
    """It changed something that can be put back as it was, whatever became of the run afterwards."""
    restored_at: float = 0.0
    """When what it changed was put back."""
    restored_by: str = ""
    """The Slack user who put it back."""
    announcement: str = ""
    """The timestamp of the message that announced it, which shows how far it is; empty until it is posted."""
    note: str = ""
    """How the request for it was understood, for the small line under the announcement."""
    stopped_by: str = ""
    """Who asked for its end; it ends before its next step."""

    @property
    def given(self) -> dict[str, Any]:
        """The input of its state machine, as Step Functions gets it."""
        names = ("workflow", "team", "channel", "thread", "user")
        return {
            "execution_id": self.id,
            "parameters": dict(self.parameters),
            **{name: getattr(self, name) for name in names},
        }

    @property
    def open(self) -> bool:
        """Whether something is still to be expected."""
        return self.status in OPEN

    def seen_at(self, now: float) -> Execution:
        """As it must be told at a moment: what is open past its deadline has timed out, whatever was recorded."""
        if self.open and now > self.deadline:
            return replace(self, status="timed_out", problem=self.problem or "It did not end in time.")
        return self


@dataclass(frozen=True, slots=True)
class Brief:
    """An execution as a list shows it."""

    id: str
    title: str
    status: Status
    created_at: float


class Executions:
    """The table WorkflowExecutions (key ``execution_id``).

    ``open`` is there until the end of an execution has been told, so that an index on it holds just those that may
    be overdue.
    """

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def create(self, execution: Execution) -> bool:
        """Write a new record; False when there is one of that id already."""
        try:
            self._client.put_item(
                TableName=self._table, Item=_item(execution), ConditionExpression="attribute_not_exists(execution_id)"
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def get(self, execution_id: str) -> Execution | None:
        """The record as it is now, or None."""
        found = self._client.get_item(
            TableName=self._table, Key={"execution_id": {"S": execution_id}}, ConsistentRead=True
        )
        return _execution(found["Item"]) if "Item" in found else None

    def lease(self, execution_id: str, now: float, until: float) -> bool:
        """Take over a start that somebody began and did not end; False while they may still be at it."""
        return self._update(
            execution_id,
            "SET lease_until = :until",
            "#status = :starting AND lease_until < :now",
            {":until": _n(until), ":now": _n(now), ":starting": _s("starting")},
        )

    def give_back(self, execution_id: str) -> None:
        """The start got nowhere yet: a retry need not wait until the lease is over."""
        self._update(
            execution_id,
            "SET lease_until = :zero",
            "#status = :starting",
            {":zero": _n(0), ":starting": _s("starting")},
        )

    def lock(self, thing: str, execution_id: str, now: float) -> Execution | None:
        """Hold a thing for an execution; None when it does, else the execution that holds it.

        A lock is worth as much as its holder: it ends with the holder's execution and needs no giving back.
        """
        key, me = f"lock#{thing}", _s(execution_id)
        if self._update(key, "SET holder = :me", "attribute_not_exists(holder) OR holder = :me", {":me": me}):
            return None
        found = self._client.get_item(TableName=self._table, Key={"execution_id": {"S": key}}, ConsistentRead=True)
        holder = found["Item"]["holder"]["S"]
        other = self.get(holder)
        if other and other.seen_at(now).open:
            return other
        if self._update(key, "SET holder = :me", "holder = :gone", {":me": me, ":gone": _s(holder)}):
            return None
        return self.lock(thing, execution_id, now)  # somebody was faster: it is theirs to be told of

    def announced(self, execution_id: str, thread: str, ts: str) -> None:
        """The start was announced in this thread, by the message of this timestamp."""
        values = {":thread": _s(thread), ":ts": _s(ts)}
        update = "SET #thread = :thread, announcement = :ts"
        self._update(execution_id, update, "attribute_exists(execution_id)", values)

    def started(self, execution_id: str) -> None:
        """Step Functions has taken it; its first step may have said so before us."""
        values = {":running": _s("running"), ":starting": _s("starting")}
        self._update(execution_id, "SET #status = :running", "#status = :starting", values)

    def ask_to_stop(self, execution_id: str, user: str) -> bool:
        """Have the execution end before its next step; False when it is over or somebody asked before."""
        condition = "#status IN (:is_starting, :is_running) AND attribute_not_exists(stopped_by)"
        return self._update(execution_id, "SET stopped_by = :user", condition, {":user": _s(user), **_OPEN_VALUES})

    def begin_step(self, execution_id: str, step: str, now: float) -> Leave:
        """Mark a step as running, unless the execution is over or shall stop.

        A step that is done stays done when Step Functions runs it a second time.
        """
        values = {":running": _s("running"), ":done": _s("done"), ":now": _n(now)}
        begun = self._update_step(
            execution_id,
            step,
            "SET #status = :running, steps.#step.#state = :running,"
            " steps.#step.started_at = if_not_exists(steps.#step.started_at, :now)",
            "steps.#step.#state <> :done AND attribute_not_exists(stopped_by)",
            values,
        )
        if begun:
            return "begin"
        found = self.get(execution_id)
        if found is None or not found.open:
            return "over"
        return "stop" if found.stopped_by else "begin"

    def end_step(self, execution_id: str, step: str, now: float) -> None:
        """Mark a step as done; an earlier problem of it is over with that."""
        values = {":done": _s("done"), ":now": _n(now)}
        update = "SET steps.#step.#state = :done, steps.#step.ended_at = :now REMOVE steps.#step.problem"
        self._update_step(execution_id, step, update, "steps.#step.#state <> :done", values)

    def fail_step(self, execution_id: str, step: str, problem: str, now: float, *, final: bool) -> None:
        """Keep what went wrong in a step. Unless it is ``final`` the step counts as running: it will be retried."""
        values = {
            ":state": _s("failed" if final else "running"),
            ":problem": _s(problem),
            ":done": _s("done"),
            ":now": _n(now),
        }
        update = "SET steps.#step.#state = :state, steps.#step.problem = :problem, steps.#step.ended_at = :now"
        self._update_step(execution_id, step, update, "steps.#step.#state <> :done", values)

    def finish(self, execution_id: str, status: Status, now: float, *, problem: str, report: Mapping[str, Any]) -> bool:
        """Close an execution with its results; False when it is closed already."""
        values = {
            ":to": _s(status),
            ":now": _n(now),
            ":problem": _s(problem),
            ":report": _s(json.dumps(report)),
            **_OPEN_VALUES,
        }
        update = "SET #status = :to, ended_at = :now, problem = :problem, report = :report"
        return self._update(execution_id, update, "#status IN (:is_starting, :is_running)", values)

    def overdue(self, now: float) -> list[str]:
        """Executions whose end was not told though their deadline has passed, the oldest first, a page of them."""
        found = self._client.query(
            TableName=self._table,
            IndexName=BY_DEADLINE,
            KeyConditionExpression="#open = :yes AND deadline < :now",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":yes": {"S": "yes"}, ":now": {"N": format(now, ".3f")}},
            Limit=OVERDUE_PAGE,
        )
        return [item["execution_id"]["S"] for item in found["Items"]]

    def latest(self, user: str, now: float, limit: int) -> list[Brief]:
        """What somebody started last, the newest first, each as it must be told at that moment."""
        found = self._client.query(
            TableName=self._table,
            IndexName=BY_USER,
            KeyConditionExpression="#user = :user",
            ExpressionAttributeNames={"#user": "user"},
            ExpressionAttributeValues={":user": {"S": user}},
            ScanIndexForward=False,
            Limit=limit,
        )
        return [_brief(item, now) for item in found["Items"]]

    WATCH = "watch#"
    """Before an execution's id: the key of what is waited for after its end."""

    def watch(self, execution_id: str, until: float) -> None:
        """Have it looked, until a moment, whether what the execution set going has come."""
        self._update(
            f"{self.WATCH}{execution_id}",
            "SET #open = :watch, deadline = :until",
            "attribute_not_exists(execution_id)",
            {":watch": _s("watch"), ":until": _n(until)},
        )

    def watches(self) -> Iterator[tuple[str, float]]:
        """What is waited for, by its key, and until when."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=BY_DEADLINE,
            KeyConditionExpression="#open = :watch",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues={":watch": {"S": "watch"}},
        )
        for page in pages:
            for item in page["Items"]:
                yield item["execution_id"]["S"], float(item["deadline"]["N"])

    def let_go(self, execution_id: str) -> None:
        """Nobody can be told of it any more: it is no longer among the overdue."""
        self._update(execution_id, "REMOVE #open", "attribute_exists(execution_id)", {})

    def claim_post(self, execution_id: str, now: float, until: float) -> bool:
        """Be the one who posts the results, until a moment; False when it was done or somebody else is at it."""
        condition = "attribute_not_exists(posted_at) AND (attribute_not_exists(post_until) OR post_until < :now)"
        return self._update(execution_id, "SET post_until = :until", condition, {":now": _n(now), ":until": _n(until)})

    def release_post(self, execution_id: str) -> None:
        """Slack did not take the post: let the retry try at once."""
        self._update(execution_id, "REMOVE post_until", "attribute_not_exists(posted_at)", {})

    def posted(self, execution_id: str, now: float, step: str = "") -> None:
        """The results stand in the thread; ``step`` is the one that put them there."""
        values = {":now": _n(now)}
        if not step:
            self._update(execution_id, "SET posted_at = :now REMOVE #open", "attribute_exists(execution_id)", values)
            return
        update = "SET posted_at = :now, steps.#step.#state = :done, steps.#step.ended_at = :now REMOVE #open"
        self._update(execution_id, update, "attribute_exists(steps.#step)", {**values, ":done": _s("done")}, step=step)

    def can_be_restored(self, execution_id: str) -> None:
        """It has changed something, and what was there before is kept."""
        values = {":yes": {"BOOL": True}}
        self._update(execution_id, "SET restorable = :yes", "attribute_exists(execution_id)", values)

    def claim_restore(self, execution_id: str, request_id: str, now: float, until: float) -> bool:
        """Be the one who puts back what it changed, until a moment; False when it was done or somebody is at it.

        The same request may claim it again at any time, and find out that it has done it.
        """
        mine = "restoring_for = :request OR restored_for = :request"
        free = "attribute_not_exists(restored_for)"
        idle = "attribute_not_exists(restoring_for) OR restoring_until < :now"
        return self._update(
            execution_id,
            "SET restoring_for = :request, restoring_until = :until",
            f"attribute_exists(execution_id) AND ({mine} OR ({free} AND ({idle})))",
            {":request": _s(request_id), ":now": _n(now), ":until": _n(until)},
        )

    def restored(self, execution_id: str, user: str, request_id: str, now: float) -> None:
        """What it changed is as it was before."""
        self._update(
            execution_id,
            "SET restored_at = if_not_exists(restored_at, :now), restored_by = :user, restored_for = :request"
            " REMOVE restoring_for, restoring_until",
            "restoring_for = :request",
            {":now": _n(now), ":user": _s(user), ":request": _s(request_id)},
        )

    def release_restore(self, execution_id: str, request_id: str) -> None:
        """It could not be put back: somebody may try again."""
        update = "REMOVE restoring_for, restoring_until"
        self._update(execution_id, update, "restoring_for = :request", {":request": _s(request_id)})

    def keep_first(self, execution_id: str, name: str, data: Any) -> Any:
        """Keep JSON data with the execution, compressed, unless it was kept before; what is kept now.

        The first run of an execution decides: a second one, which AWS may start, reads a world that the first has
        changed already.
        """
        packed = gzip.compress(json.dumps(data).encode(), mtime=0)
        attribute = f"kept_{name}"
        self._update(
            execution_id,
            "SET #kept = :data",
            "attribute_exists(execution_id) AND attribute_not_exists(#kept)",
            {":data": {"B": packed}},
            kept=attribute,
        )
        return self.kept(execution_id, name)

    def kept(self, execution_id: str, name: str) -> Any:
        """What ``keep_first`` kept; None when there is nothing."""
        attribute = f"kept_{name}"
        found = self._client.get_item(
            TableName=self._table,
            Key={"execution_id": {"S": execution_id}},
            ConsistentRead=True,
            ProjectionExpression="#kept",
            ExpressionAttributeNames={"#kept": attribute},
        ).get("Item", {})
        return json.loads(gzip.decompress(found[attribute]["B"])) if attribute in found else None

    def _update_step(
        self, execution_id: str, step: str, update: str, condition: str, values: Mapping[str, Any]
    ) -> bool:
        open_and = f"#status IN (:is_starting, :is_running) AND {condition}"
        return self._update(execution_id, update, open_and, {**values, **_OPEN_VALUES}, step=step)

    def _update(self, execution_id: str, update: str, condition: str, values: Mapping[str, Any], **names: str) -> bool:
        """One conditional update; False when the condition does not hold."""
        known = {"status": "status", "state": "state", "thread": "thread", "open": "open", **names}
        used = {f"#{name}": attribute for name, attribute in known.items() if f"#{name}" in f"{update} {condition}"}
        options: dict[str, Any] = {"ExpressionAttributeNames": used} if used else {}
        if values:
            options["ExpressionAttributeValues"] = dict(values)
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"execution_id": {"S": execution_id}},
                UpdateExpression=update,
                ConditionExpression=condition,
                **options,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


def _s(text: str) -> dict[str, str]:
    return {"S": text}


def _n(moment: float) -> dict[str, str]:
    return {"N": format(moment, ".3f")}


_OPEN_VALUES = {":is_starting": _s("starting"), ":is_running": _s("running")}


def _item(execution: Execution) -> dict[str, Any]:
    texts = (
        "workflow",
        "title",
        "status",
        "team",
        "channel",
        "thread",
        "user",
        "request_id",
        "problem",
        "basis",
        "note",
    )
    return {
        "execution_id": _s(execution.id),
        **{name: _s(getattr(execution, name)) for name in texts},
        "parameters": _s(json.dumps(dict(execution.parameters))),
        "created_at": _n(execution.created_at),
        "deadline": _n(execution.deadline),
        "lease_until": _n(execution.lease_until),
        "open": _s("yes"),
        "steps": {"M": {step.name: _step_item(position, step) for position, step in enumerate(execution.steps)}},
    }


def _step_item(position: int, step: Step) -> dict[str, Any]:
    return {"M": {"position": {"N": str(position)}, "state": _s(step.state)}}


def _brief(item: Mapping[str, Any], now: float) -> Brief:
    status: Status = item["status"]["S"]
    late = status in OPEN and now > float(item["deadline"]["N"])
    return Brief(
        id=item["execution_id"]["S"],
        title=item["title"]["S"],
        status="timed_out" if late else status,
        created_at=float(item["created_at"]["N"]),
    )


def _execution(item: Mapping[str, Any]) -> Execution:
    def text(name: str) -> str:
        return str(item.get(name, {}).get("S", ""))

    def number(name: str) -> float:
        return float(item.get(name, {}).get("N", 0))

    return Execution(
        id=text("execution_id"),
        workflow=text("workflow"),
        title=text("title"),
        status=text("status"),  # type: ignore[arg-type]  # only this module writes it
        parameters=json.loads(text("parameters")),
        team=text("team"),
        channel=text("channel"),
        thread=text("thread"),
        user=text("user"),
        request_id=text("request_id"),
        created_at=number("created_at"),
        deadline=number("deadline"),
        steps=_steps(item["steps"]["M"]),
        ended_at=number("ended_at"),
        problem=text("problem"),
        report=json.loads(text("report") or "{}"),
        posted_at=number("posted_at"),
        lease_until=number("lease_until"),
        basis=text("basis"),
        restorable=bool(item.get("restorable", {}).get("BOOL")),
        restored_at=number("restored_at"),
        restored_by=text("restored_by"),
        announcement=text("announcement"),
        note=text("note"),
        stopped_by=text("stopped_by"),
    )


def _steps(items: Mapping[str, Any]) -> tuple[Step, ...]:
    ordered: Sequence[tuple[str, Any]] = sorted(items.items(), key=lambda pair: int(pair[1]["M"]["position"]["N"]))
    return tuple(_step(name, item["M"]) for name, item in ordered)


def _step(name: str, item: Mapping[str, Any]) -> Step:
    return Step(
        name=name,
        state=item["state"]["S"],
        started_at=float(item.get("started_at", {}).get("N", 0)),
        ended_at=float(item.get("ended_at", {}).get("N", 0)),
        problem=str(item.get("problem", {}).get("S", "")),
    )
