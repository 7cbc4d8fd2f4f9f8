"""An authorised, complete intent → its Reply: runs an operation, or starts a workflow."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import previews, replies, replies_workflows, workflows
from bot.audit import Audit
from bot.authorize import may, refusal
from bot.aws import Aws, aws_errors
from bot.config import Settings
from bot.conversations import Conversations, Thread, thread_key
from bot.errors import BotError
from bot.knowledge_base import KnowledgeBase
from bot.learning import Learning
from bot.model import Model
from bot.models import Entry, Intent, Reply, Request, Turn, Undo, Value
from bot.operations import Call, find
from bot.previews import Shown
from bot.prices import model_name
from bot.resolve import resolve
from bot.slack import Slack

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """What requests are worked on with; built once a process, the same for every request."""

    settings: Settings
    aws: Aws
    slack: Slack
    knowledge: Callable[[], KnowledgeBase]
    conversations: Conversations
    audit: Audit
    model: Model | None = None
    learning: Learning | None = None
    seconds_left: Callable[[], float] = lambda: 60.0
    now: Callable[[], float] = time.time


def values(intent: Intent, entry: Entry) -> dict[str, Value]:
    """The parameters to run with: what a confirmation showed; else what was said, and the entry's defaults."""
    if intent.shown is not None:
        return dict(intent.shown)
    return entry.with_defaults({name: value for name, value in intent.parameters.items() if name not in entry.fixed})


def preview(intent: Intent, entry: Entry, request: Request, bot: Bot) -> Shown:
    """What a confirmation shows beside its sentence; raises the BotError that running it would certainly meet."""
    chosen = values(intent, entry)
    with aws_errors(chosen):
        if entry.is_workflow:
            workflows.check(entry, chosen)
            ask = previews.find(entry.name)
            return ask(_call(request, bot), **chosen) if ask else Shown()
        look = find(entry.name).preview
        return Shown(tuple(look(_call(request, bot), **chosen))) if look else Shown()


def question(intent: Intent, entry: Entry, request: Request, bot: Bot, answers: Sequence[str] = ()) -> Reply:
    """Asks for what is missing; where nothing was said yet, below what the operation recalls."""
    asked = replies.question(intent, entry, answers)
    says_nothing = not (entry.is_workflow or intent.parameters or intent.problems)
    return replies.below(_recalled(entry.name, request, bot) if says_nothing else None, asked)


def home(request: Request, bot: Bot) -> Reply:
    """What the Home tab shows: the workflows that its reader started last, and what they may ask for."""
    return replies.below(_recalled("workflow.status", request, bot), find("help")(_call(request, bot)))


def execute(
    intent: Intent, entry: Entry, request: Request, bot: Bot, *, page: Mapping[str, Any] | None = None
) -> Reply | None:
    """Run it. None when another delivery of the request is at it.

    Raises a BotError that says what stood in the way, with AWS's own errors translated.
    """
    chosen = values(intent, entry)
    with aws_errors(chosen):
        if entry.is_workflow:
            return _start(intent, entry, chosen, request, bot)
        reply = find(entry.name)(_call(request, bot, page), **chosen)
    return noted(_with_next(reply, intent, request, bot), intent, bot)


def noted(reply: Reply, intent: Intent, bot: Bot) -> Reply:
    """The reply with the small line under it that says how the message was understood."""
    line = replies.small(replies.understood(intent, bot.settings.model_id))
    return replace(reply, blocks=(*reply.blocks, line))


def _recalled(name: str, request: Request, bot: Bot) -> Reply | None:
    """What an operation recalls before anything was said; None also where AWS does not tell: it can be done without."""
    recall = find(name).recall
    if recall is None:
        return None
    try:
        with aws_errors({}):
            return recall(_call(request, bot))
    except BotError as error:
        log.warning("nothing recalled: %s", error.sentence, extra={"request_id": request.id})
        return None


def _start(intent: Intent, entry: Entry, chosen: Mapping[str, Value], request: Request, bot: Bot) -> Reply | None:
    """Start a workflow. Its announcement goes out first, because the results need a thread to come back to.

    After a click the announcement takes the place of the button's message, which is in that thread already.
    """
    clicked = request.kind == "click" and not request.ephemeral
    begins_one = clicked or request.kind == "mention"
    thread = request.thread or (request.ts if begins_one else "")

    def announce(reply: Reply) -> workflows.Posted:
        if clicked:  # at once: from the start on, the announcement is changed by how the run goes
            bot.slack.update(request.channel, request.ts, reply)
            return workflows.Posted(thread, request.ts)
        ts = bot.slack.post(request.channel, reply, thread)
        return workflows.Posted(thread or ts, ts)

    execution = workflows.start(
        entry,
        chosen,
        request,
        aws=bot.aws,
        announce=announce,
        now=bot.now(),
        basis=intent.basis,
        note=replies.understood(intent, bot.settings.model_id),
    )
    if not execution.thread:
        return None
    undo = Undo(command=f"undo {execution.id}") if entry.effect == "destroy" else None
    settles = replace(intent, made={"execution_id": execution.id})
    announced = replies_workflows.announcement(execution)
    return replace(announced, stands_in=execution.thread, settles=settles, undo=undo)


def _call(request: Request, bot: Bot, page: Mapping[str, Any] | None = None) -> Call:
    knowledge = bot.knowledge()
    return Call(
        aws=bot.aws,
        request=request,
        entries=knowledge.entries,
        may=lambda entry: may(entry, request, knowledge.access, bot.settings),
        refusal=lambda entry: refusal(entry, request, knowledge.access, bot.settings),
        understand=lambda text: _understood(text, request, bot),
        model=lambda: model_name(bot.settings.model_id) if bot.model and not bot.model.spent() else "",
        lessons=bot.learning,
        seconds_left=bot.seconds_left,
        page=page,
    )


def _understood(text: str, request: Request, bot: Bot) -> Turn:
    """How a sentence would be read here, as a command of its own."""
    key = thread_key(request)
    thread = bot.conversations.thread(key, bot.now()) if key.thread or request.direct else Thread()
    return resolve(text, replace(thread, open=None), bot.knowledge())


def _with_next(reply: Reply, intent: Intent, request: Request, bot: Bot) -> Reply:
    if reply.next_page is None:
        return reply
    page = bot.conversations.keep_page(intent, reply.next_page, request.user, bot.now())
    return replace(reply, blocks=(*reply.blocks, replies.buttons(replies.button("Next", "next", page))), next_page=None)
