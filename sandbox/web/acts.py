"""What a person does on the page, done as the terminal and the tests do it: through ``Person``, in signed requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox import world
from sandbox.slack.delivery import Delivery
from sandbox.slack.model import Json, Message, Refused, View
from sandbox.slack.people import COMMAND, Person
from sandbox.slack.rates import Rates
from sandbox.slack.server import Fault
from sandbox.stage import Stage

Act = Callable[[Stage, Person, Json], Json]


def perform(stage: Stage, act: Json) -> Json:
    """Do what ``act`` says; ``{"ok": false, "error": …}`` when Slack would not let the person."""
    try:
        person = stage.person(str(act.get("as", "")))
        run = ACTS.get(str(act.get("act", "")))
        if run is None:
            return {"ok": False, "error": "unknown_act"}
        return {"ok": True, **run(stage, person, act)}
    except Refused as refused:
        return {"ok": False, "error": refused.error}
    except LookupError as gone:
        return {"ok": False, "error": str(gone)}


def _say(_stage: Stage, person: Person, act: Json) -> Json:
    said = person.say(str(act["text"]), str(act["channel"]), thread=str(act.get("thread", "")))
    return {"ts": said.message.ts}


def _command(_stage: Stage, person: Person, act: Json) -> Json:
    text = str(act["text"])
    return _sent(person.command(text.removeprefix(COMMAND).strip(), str(act["channel"])))


def _invite(stage: Stage, person: Person, act: Json) -> Json:
    """``/invite @s3agent``: Slack's own command, which the bot does not hear."""
    workspace = stage.workspace
    channel = workspace.channel(str(act["channel"]))
    if person.user.id not in channel.members or channel.kind == "im":
        raise Refused("not_in_channel")
    if workspace.bot.id not in channel.members:
        workspace.join(workspace.bot.id, channel.id)
        workspace.post(channel.id, workspace.bot.id, f"was added to #{channel.name} by <@{person.user.id}>.")
    return {}


def _click(stage: Stage, person: Person, act: Json) -> Json:
    where = _home(stage, person) if act.get("home") else _message(stage, person, act)
    return _sent(person.click(where, str(act["action"]), act.get("value"), chosen=act.get("chosen")))


def _submit(stage: Stage, person: Person, act: Json) -> Json:
    return _sent(person.submit(_view(stage, person, act), dict(act.get("values", {}))))


def _close(stage: Stage, person: Person, act: Json) -> Json:
    person.close(_view(stage, person, act))
    return {}


def _suggest(stage: Stage, person: Person, act: Json) -> Json:
    """The options of an external select for what was typed into it."""
    where: dict[str, Any] = {"block": str(act["block"]), "query": str(act.get("query", ""))}
    if act.get("view"):
        return {"options": person.suggest(_view(stage, person, act), **where)}
    return {"options": person.suggest(_message(stage, person, act), **where)}


def _open_app(_stage: Stage, person: Person, act: Json) -> Json:
    """Look at a tab of the app, which is told."""
    person.open_app("home" if act.get("tab") == "home" else "messages")
    return {}


def _limit_rates(stage: Stage, _person: Person, act: Json) -> Json:
    """Let the local Slack refuse what comes too fast, or take it all."""
    stage.slack.rates = Rates() if act.get("on") else None
    return {}


def _misbehave(stage: Stage, _person: Person, act: Json) -> Json:
    """Let the local Slack fail the bot's next call, to see what the bot makes of it."""
    fault = FAULTS.get(str(act.get("fault", "")))
    if fault is None:
        raise Refused("unknown_fault")
    stage.slack.faults.append(fault)
    return {}


def _furnish(stage: Stage, _person: Person, _act: Json) -> Json:
    """Put back what the tour wants to find; what else was changed stays as it is."""
    world.refurnish(stage.aws)
    return {}


def _message(stage: Stage, person: Person, act: Json) -> Message:
    """A message that the person can see."""
    message = stage.workspace.message(str(act["channel"]), str(act["ts"]))
    if person.user.id not in stage.workspace.channel(message.channel).members:
        raise Refused("not_in_channel")
    if message.only_for not in {"", person.user.id}:
        raise Refused("message_not_found")
    return message


def _home(stage: Stage, person: Person) -> View:
    shown = stage.workspace.home(person.user.id)
    if shown is None:
        raise Refused("view_not_found")
    return shown


def _view(stage: Stage, person: Person, act: Json) -> View:
    for view in stage.workspace.views(person.user.id):
        if view.id == act.get("view"):
            return view
    raise Refused("view_not_found")


def _sent(delivery: Delivery) -> Json:
    """How a request that a person waits for went."""
    reason = "" if delivery.acked or not delivery.attempts else delivery.attempts[-1].reason
    return {"problem": reason, "ack_ms": round(delivery.ack_seconds * 1000) if delivery.attempts else 0}


FAULTS = {
    "rate limit": Fault(429, 2.0),
    "error 500": Fault(500),
    "slow": Fault(seconds=5.0),
    "dropped": Fault(drop=True),
}
"""How Slack may fail, by the name that the page has for it."""

ACTS: dict[str, Act] = {
    "say": _say,
    "command": _command,
    "invite": _invite,
    "click": _click,
    "submit": _submit,
    "close": _close,
    "suggest": _suggest,
    "open_app": _open_app,
    "limit_rates": _limit_rates,
    "misbehave": _misbehave,
    "furnish": _furnish,
}
"""What may be asked for, by name."""
