"""What the bot says about workflows: that one has started, how it is going, what came of it. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from bot.display import count, duration, human_size, shown
from bot.executions import OPEN, Brief, Execution, Status, Step
from bot.models import Block, Entry, Listed, Reply
from bot.replies import (
    Bold,
    Code,
    Part,
    Person,
    bullets,
    button,
    buttons,
    listed,
    marked,
    message,
    paragraph,
    small,
    stacked,
)
from bot.tables import fitting, table

_MARKS = {"to_come": "○", "running": "◐", "done": "●", "failed": "✕"}
ENDINGS = {
    "starting": "is starting",
    "running": "is running",
    "succeeded": "is done",
    "failed": "failed",
    "timed_out": "did not end in time",
    "stopped": "was stopped",
}


_OVER = {"succeeded": "Finished", "failed": "Ended badly", "timed_out": "Given up", "stopped": "Ended early"}


@dataclass(frozen=True, slots=True)
class Report:
    """A workflow's results as plain data: kept with the execution, and shown the same way wherever they are shown."""

    headline: str
    """What came of it, in one sentence."""
    facts: Sequence[tuple[str, str]] = ()
    """Label and value."""
    notes: Sequence[str] = ()
    """What the reader should know or do."""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From an execution's record."""
        return cls(**{**data, "facts": [(label, value) for label, value in data.get("facts", ())]})

    def blocks(self, names: Sequence[str] = ()) -> list[Block]:
        """The facts, the table and the notes, with the names set apart; the headline is the caller's to place."""
        found: list[Block] = []
        if self.facts:
            found.append(bullets([[f"{label}: ", *_fact(value, names)] for label, value in self.facts]))
        if self.rows:
            found.append(table(self.columns, self.rows[: fitting(self.columns, self.rows)]))
        if self.notes:
            found.append(bullets([marked(note, names) for note in self.notes]))
        return found


def announcement(execution: Execution) -> Reply:
    """What runs, on what, and how far it is; the same message from the start to the end.

    Its last step is not shown: what that posts is there for everybody to see, and this is not edited any more then.
    """
    parts: list[Part] = [Person(execution.user), " started ", Bold(execution.title), ": ", Code(execution.id)]
    after = [bullets(_values(execution.parameters))] if execution.parameters else []
    after += _steps(execution, execution.steps[:-1])
    if not execution.open:
        took = duration(execution.ended_at - execution.created_at)
        after.append(small(f"{_OVER[execution.status]} after {took}. What came of it stands in this thread."))
    elif execution.stopped_by:
        after.append(small("It ends before its next step."))
    else:
        how = f"“workflow status {execution.id}” shows how it is going."
        after.append(small(f"The results come into this thread. {how}"))
        after.append(buttons(button("Stop", "stop", execution.id)))
    return message(*parts, after=(*after, *([small(execution.note)] if execution.note else [])))


def stopping(execution: Execution) -> Reply:
    """Somebody's wish to end it was taken."""
    after = small("What is done stays as it is. What was done and what was not comes into its thread.")
    return message(
        Bold(execution.title), " ", Code(execution.id), " ends before its next step, as you asked.", after=(after,)
    )


def status(execution: Execution, now: float) -> Reply:
    """How an execution is going: its steps, and its results as soon as there are any."""
    parts: list[Part] = [
        Bold(execution.title),
        " ",
        Code(execution.id),
        f" {ENDINGS[execution.status]}. Started {duration(now - execution.created_at)} ago by ",
        Person(execution.user),
        ".",
    ]
    after = [bullets(_values(execution.parameters))] if execution.parameters else []
    after += _steps(execution, execution.steps)
    return message(*parts, after=(*after, *_outcome(execution), *([] if execution.open else _undo(execution))))


def latest(found: Sequence[Brief], now: float) -> Reply:
    """What somebody started last; each can be looked at with a click."""
    items: list[list[Part]] = [
        [Bold(one.title), " ", Code(one.id), f" {ENDINGS[one.status]}, started {duration(now - one.created_at)} ago"]
        for one in found
    ]
    rows = [buttons(button(one.id, "say", f"workflow status {one.id}")) for one in found]
    whole = listed(["The last workflows that you started:"], items, after=rows)
    return replace(whole, lists=Listed("execution_id", tuple(one.id for one in found)))


def result(execution: Execution) -> Reply:
    """What the last step posts, well or badly: with what was done and what was not."""
    title: list[Part] = [Person(execution.user), " ", Bold(execution.title), " ", Code(execution.id)]
    if execution.status == "succeeded":
        report = Report.from_dict(execution.report)
        late = [small("It was all done when you asked to stop it.")] if execution.stopped_by else []
        names = _names(execution)
        after = (*report.blocks(names), *late, *_undo(execution))
        return message(*title, f" {ENDINGS['succeeded']}. ", *marked(report.headline, names), after=after)
    if execution.status == "stopped":
        title += [f" {ENDINGS['stopped']} by ", Person(execution.stopped_by), ". What is marked as done stays."]
    else:
        title += [f" {ENDINGS[execution.status]}. ", *marked(execution.problem, _names(execution))]
    steps = _steps(execution, execution.steps[:-1])  # the last step is this message
    retry = [small(f"“workflow status {execution.id}” shows this again.")]
    return message(*title, after=(*steps, *retry, *_undo(execution)))


def inventory_arrived(
    execution: Execution, *, place: str, form: str, files: int, objects: int | None, size: int | None
) -> Reply:
    """S3's first report is there: what it counts, and where it lies."""
    parts: list[Part] = [Person(execution.user), " the first inventory of ", Code(str(execution.parameters["bucket"]))]
    if objects is None:
        counted = f" is there, as {count(files, f'{form} file')}; I could not count its rows."
    elif size is None:
        counted = f" is there: {count(objects, 'file')}. Their size a {form} report does not say in its summary."
    else:
        counted = f" is there: {count(objects, 'file')}, {human_size(size)}."
    return message(*parts, counted, after=(bullets([["Manifest: ", Code(place)], ["Of ", Code(execution.id)]]),))


def inventory_missing(execution: Execution, place: tuple[str, str]) -> Reply:
    """It did not come in three days: what to look at."""
    bucket, folder = place
    parts: list[Part] = [
        Person(execution.user),
        " no inventory of ",
        Code(str(execution.parameters["bucket"])),
        " has arrived within three days, and I look no further. S3 says nothing of why; look whether the policy of ",
        Code(bucket),
        " lets S3 write, and whether it asks for a key that S3 may not use.",
    ]
    return message(
        *parts, after=(bullets([["Expected in: ", Code(f"s3://{bucket}/{folder}")], ["Of ", Code(execution.id)]]),)
    )


def definitions(entries: Sequence[Entry]) -> Reply:
    """The workflows that the asker can run in this deployment, each with what it needs."""
    if not entries:
        return message("There is no workflow that you may run in this deployment.")
    blocks: list[Block] = []
    for entry in entries:
        needs: list[list[Part]] = [
            [Bold(p.name.replace("_", " ")), f" {_need(p.required, p.default)} {p.description}"]
            for p in entry.parameters
        ]
        blocks.append(paragraph(Bold(entry.title), f" – {entry.summary}"))
        blocks += [bullets(needs)] if needs else []
        blocks.append(buttons(button(f"Run {entry.title.lower()}", "run", entry.name)))
    count = f"{len(entries)} workflows" if len(entries) > 1 else "1 workflow"
    lists = Listed("workflow", tuple(entry.name for entry in entries))
    return message(f"There are {count} that you can run:", after=blocks, lists=lists)


def _need(required: bool, default: Any) -> str:
    if required:
        return "(needed)"
    return f"({default} unless you say otherwise)" if default is not None else "(optional)"


def _values(parameters: Mapping[str, Any]) -> list[list[Part]]:
    return [[f"{name.replace('_', ' ')}: ", *_fact(str(value), [str(value)])] for name, value in parameters.items()]


def _names(execution: Execution) -> list[str]:
    """What may stand in its sentences as a name: a bucket, a prefix, a log group."""
    return [value for value in execution.parameters.values() if isinstance(value, str)]


def _fact(value: str, names: Sequence[str]) -> list[Part]:
    """A name stands apart; a number, a date or a sentence does not."""
    one_word = not re.search(r"\s", value) and re.search(r"[^\W\d]", value)
    return [Code(shown(value))] if one_word else marked(value, names)


def _undo(execution: Execution) -> list[Block]:
    """The way back, as long as there is one."""
    if not execution.restorable or execution.restored_at:
        return []
    return [buttons(button("Restore previous", "restore", execution.id))]


def _outcome(execution: Execution) -> list[Block]:
    if execution.problem:
        return [paragraph(*marked(execution.problem, _names(execution)))]
    if not execution.report:
        return []
    report, names = Report.from_dict(execution.report), _names(execution)
    by = execution.restored_by
    undone = [paragraph("It was put back as it was by ", Person(by), ".")] if by else []
    return [paragraph(*marked(report.headline, names)), *report.blocks(names), *undone]


def _steps(execution: Execution, steps: Sequence[Step]) -> list[Block]:
    return [stacked([_step(step, execution.status) for step in steps])] if steps else []


def _step(step: Step, status: Status) -> list[Part]:
    if step.state == "done":
        seconds = max(step.ended_at - step.started_at, 0) if step.started_at else 0
        return [f"{_MARKS['done']} {step.name}", f" – {seconds:.1f} s" if seconds else ""]
    return [f"{_MARKS[step.state]} {step.name} – {_state(step, status)}"]


def _state(step: Step, status: Status) -> str:
    """What a step that is not done is: an execution that is over has nothing to come."""
    if status in OPEN or step.state == "failed":
        return step.state.replace("_", " ")
    if status == "succeeded":
        return "not needed"
    return "not finished" if step.state == "running" else "not done"
