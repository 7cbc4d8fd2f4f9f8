"""The story of one message: resolve → authorize → ask, confirm or execute → a Reply.

This is the one place where errors become replies.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot import replies
from bot.authorize import authorize
from bot.conversations import CONFIRM_SECONDS, Thread, ThreadKey, thread_key
from bot.errors import AlreadyDone, BotError, Expired, NotFound, NotUnderstood, NotYours
from bot.execute import Bot, execute, home, noted, preview, question, values
from bot.models import Entry, Intent, Reply, Request, Turn
from bot.near_names import with_near_names
from bot.previews import Shown
from bot.real_names import real_names
from bot.resolve import NOT_UNDERSTOOD, resolve, submitted
from bot.suggestions import restated

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 4000
"""Characters; what is longer is no command, and to read a part of it would be to guess."""
OVER_BUDGET = "I have asked the model as much as I may today; until midnight UTC I know only my own phrases."
PERHAPS = "Perhaps one of these is what you want; “help” shows all that I do."
"""After "I did not understand that.", and before what comes near."""
ACKNOWLEDGED = "All right. “help” shows what I do."
OPEN_SECONDS = 2.2
"""From the moment at which BotFunction had a click: until then a form must be on its way to Slack."""
FORM_SECONDS = 1.0
ONLY_FOR_ONE = (NotYours, AlreadyDone)
"""Problems that concern nobody but the person who pressed the button."""


@dataclass(slots=True)
class Trail:
    """What a request's story has come to so far; the audit keeps it."""

    request: Request
    reference: str
    intent: Intent | None = None
    decision: str = ""
    outcome: str = ""
    replaces: bool = False
    """The answer takes the place of the message whose button was pressed."""
    closes: tuple[str, ...] = ()
    """The timestamps of the messages whose commands were dropped with this."""


def answer(request: Request, bot: Bot) -> Reply | None:
    """The one answer to a request, or None when it is not for the bot. Raises nothing."""
    trail = Trail(request, reference=secrets.token_hex(4))
    try:
        reply = _helped(request, bot, trail)
    except BotError as error:
        trail.outcome = type(error).__name__
        reply = _aside(replies.problem(error), trail, private=isinstance(error, ONLY_FOR_ONE))
    except Exception as error:
        trail.outcome = type(error).__name__
        log.exception("request failed", extra={"reference": trail.reference, "request_id": request.id})
        reply = _aside(replies.fault(trail.reference), trail)
    if reply is None:
        return None
    bot.audit.record(trail, bot.now())
    log.info("answered", extra=_told(trail))
    return replace(reply, closes=trail.closes)


def _helped(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    """The story, whose error says what may have been meant where something was named that there is not."""
    try:
        return _story(request, bot, trail)
    except NotFound as error:
        if trail.intent is None:
            raise
        raise with_near_names(error, trail.intent, bot.knowledge().entries[trail.intent.entry], bot.aws) from error


def _told(trail: Trail) -> dict[str, str]:
    """What the log says of every request, so that its lines are found by its reference."""
    request = trail.request
    return {
        "reference": trail.reference,
        "request_id": request.id,
        "kind": request.kind,
        "decision": trail.decision,
        "outcome": trail.outcome,
    }


def _story(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    if request.kind == "click":
        trail.decision = request.action
        press = BUTTONS.get(request.action)
        return press(request, bot, trail) if press else None
    if request.kind == "submission":
        return _submitted(request, bot, trail)
    if request.kind == "home":
        trail.decision = "home"
        return home(request, bot)
    return _said(request, bot, trail)


def _said(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    key = thread_key(request)
    thread = bot.conversations.thread(key, bot.now()) if key.thread or request.direct else Thread()
    addressed = request.kind != "message" or request.direct
    if not (addressed or thread.open or thread.lapsed or bot.conversations.owned(key)):
        return None  # people talking among themselves
    if len(request.text) > LONGEST_MESSAGE:
        raise NotUnderstood(f"Your message is too long for me: I read up to {LONGEST_MESSAGE:,} characters.")
    knowledge = bot.knowledge()
    ask_model = bot.model.ask if bot.model and (addressed or thread.open) else None
    turn = resolve(request.text.strip() or "help", thread, knowledge, ask_model, addressed=addressed)
    trail.intent = turn.intent
    _remember(key, turn, bot, addressed=addressed)
    if turn.intent and turn.state in ("ask", "resolved"):
        if turn.corrects:
            _withdraw(thread, request, bot, trail)
        reply = _still_asking(_decided(turn.intent, request, bot, trail, turn), thread, bot)
        entry = bot.knowledge().entries[turn.intent.entry]
        return _still_about(_still_undoable(reply, thread, entry), thread, entry)
    if thread.lapsed and turn.state != "cancelled":
        bot.conversations.close(key)
        raise Expired("You took longer than 15 minutes, so I dropped my question.", hint="Please ask again.")
    if turn.says:
        return replies.message(turn.says)
    if turn.state == "cancelled":
        trail.decision = "cancelled"
        bot.conversations.close(key)
        if thread.open:
            return replies.cancelled(waits=bool(thread.waiting))
        return replies.cancelled(_call_off(thread, request, bot, trail))
    if turn.state == "not_understood" and (addressed or turn.for_me or thread.open or thread.waiting):
        raise turn.problem or _not_understood(turn, bot)
    return _acknowledged(thread, bot) if request.kind != "message" else None


def _remember(key: ThreadKey, turn: Turn, bot: Bot, *, addressed: bool) -> None:
    """Who has called the bot and got nothing yet, goes on without calling it again."""
    if addressed and turn.state in ("not_understood", "cancelled") and key.thread:
        bot.conversations.meet(key, bot.now())


def _acknowledged(thread: Thread, bot: Bot) -> Reply:
    """Whoever calls the bot by its name gets a word, also for "ok"; the question again, while one is open."""
    if thread.open:
        return replies.question(replace(thread.open, problems={}), bot.knowledge().entries[thread.open.entry])
    return replies.message(ACKNOWLEDGED)


def _call_off(thread: Thread, request: Request, bot: Bot, trail: Trail) -> int:
    """How many commands are over that waited for their buttons: all, because whoever hesitates does not say which.

    Raises AlreadyDone or Expired when each was confirmed, or too late for it, a moment ago.
    """
    missed: BotError | None = None
    for waiting in thread.waiting:
        try:
            trail.intent = bot.conversations.cancel(waiting.held, request.user, bot.now(), by=request.id).intent
        except (AlreadyDone, Expired) as error:
            missed = error
        else:
            trail.closes += (waiting.at,)
    if missed and not trail.closes:
        raise missed
    return len(trail.closes)


def _withdraw(thread: Thread, request: Request, bot: Bot, trail: Trail) -> None:
    """The last command that waited for its button is over; unless it was confirmed, or too late for it, a moment
    ago."""
    last = thread.waiting[-1]
    try:
        bot.conversations.withdraw(last.held, request.user, bot.now(), by=request.id)
    except (AlreadyDone, Expired):
        return
    trail.closes = (last.at,)


def _still_asking(reply: Reply | None, thread: Thread, bot: Bot) -> Reply | None:
    """A list of what was asked for is no new subject: it is looked at for an answer, and the question stays open."""
    if reply is None or reply.lists is None or reply.question or thread.open is None:
        return reply
    asked = bot.knowledge().entries[thread.open.entry].parameter(thread.open.missing[0])
    if asked.type != reply.lists.type:
        return reply
    return replace(reply, question=thread.open, blocks=(*reply.blocks, replies.small(f"Still open: {asked.asks}")))


def _still_undoable(reply: Reply | None, thread: Thread, entry: Entry) -> Reply | None:
    """Looking at things, and a change that waits for its button, leave the last change what "undo" is about."""
    if reply is None or reply.undo or not (reply.holds or entry.effect == "read"):
        return reply
    return replace(reply, undo=thread.undo)


def _still_about(reply: Reply | None, thread: Thread, entry: Entry) -> Reply | None:
    """To have a sentence explained is no new subject: the next one is about what the thread was about before."""
    explains = entry.effect == "read" and any(parameter.type == "sentence" for parameter in entry.parameters)
    if reply is None or reply.question or not (explains and thread.settled):
        return reply
    return replace(reply, settles=thread.settled)


def _not_understood(turn: Turn, bot: Bot) -> NotUnderstood:
    over = OVER_BUDGET if turn.unknown and bot.model and bot.model.over_budget else ""
    waits = f"My question is still open: {turn.still_open} " if turn.still_open else ""
    sentence = waits + (PERHAPS if turn.error == NOT_UNDERSTOOD else turn.error)
    return NotUnderstood(sentence, hint=over, examples=turn.suggestions, offers=turn.offers)


def _decided(intent: Intent, request: Request, bot: Bot, trail: Trail, turn: Turn | None = None) -> Reply | None:
    """What is done with an intent: refuse, ask, have it confirmed, or do it. ``turn`` is what said it, if words did."""
    entry = _allowed(intent, request, bot, trail)
    if intent.missing:
        trail.decision = "asked"
        asked = question(intent, entry, request, bot, turn.offers if turn else ())
        return noted(asked, intent, bot) if intent.source == "model" else asked
    looks = entry.effect != "read" or entry.is_workflow
    shown = preview(intent, entry, request, bot) if looks else Shown()
    besides = turn.besides if turn else None
    if entry.confirms(intent) or shown.blocks or besides:
        chosen = values(intent, entry)
        held = bot.conversations.hold(replace(intent, shown=chosen, basis=shown.basis), request, bot.now())
        trail.decision = "confirmation"
        done = _told_again(bot.knowledge().entries[besides.entry], besides) if besides else ""
        asked = replies.confirmation(
            entry,
            chosen,
            held,
            CONFIRM_SECONDS // 60,
            preview=shown.blocks,
            text=shown.text,
            done=done,
            unmet=entry.unmet(intent.aside),
        )
        return replace(noted(asked, intent, bot), settles=intent, holds=held)
    return _run_it(intent, request, bot, trail)


def _told_again(entry: Entry, done: Intent) -> str:
    return restated(entry, done.parameters) or entry.title.lower()


def _run_it(
    intent: Intent, request: Request, bot: Bot, trail: Trail, *, page: Mapping[str, object] | None = None
) -> Reply | None:
    trail.decision = trail.decision or "executed"
    reply = execute(intent, bot.knowledge().entries[intent.entry], request, bot, page=page)
    trail.outcome = "done"
    if bot.learning and page is None and not request.external:
        bot.learning.note(intent, request.user)
    if reply is None:
        return None
    settled = replace(reply.settles or intent, shown=None, basis="")  # the next command asks anew
    return replace(reply, settles=settled, replace=reply.replace or trail.replaces)


def _allowed(intent: Intent, request: Request, bot: Bot, trail: Trail) -> Entry:
    trail.intent = intent
    knowledge = bot.knowledge()
    entry = knowledge.entries[intent.entry]
    trail.decision = "refused"
    authorize(entry, request, knowledge.access, bot.settings)
    trail.decision = ""
    return entry


def _confirm(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    trail.replaces = True  # whatever comes of it, the buttons have had their use
    held = bot.conversations.take(request.value, request.user, bot.now(), by=request.id)
    _allowed(held.intent, request, bot, trail)
    trail.decision = "confirmed"
    return _run_it(held.intent, request, bot, trail)


def _cancel(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    trail.replaces = True
    trail.intent = bot.conversations.cancel(request.value, request.user, bot.now(), by=request.id).intent
    return replace(replies.cancelled(), replace=True)


def _next(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    kept = bot.conversations.page(request.value, request.user, bot.now())
    _allowed(kept.intent, request, bot, trail)
    trail.replaces = True
    thread = bot.conversations.thread(thread_key(request), bot.now())
    return _still_asking(_run_it(kept.intent, request, bot, trail, page=kept.page), thread, bot)


def _run(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    """Opens the form of a workflow; where Slack will not open it any more, the question in the thread takes over."""
    known = bot.knowledge().entries
    if request.value not in known or not known[request.value].is_workflow:
        raise Expired("That workflow is not there any more.", hint="Ask me to list workflows.")
    entry = known[request.value]
    intent = Intent(
        entry=entry.name, name=entry.intent, parameters=entry.fixed, missing=entry.required, source="button"
    )
    _allowed(intent, request, bot, trail)
    trail.decision = "form"
    names = real_names(bot.aws, {p.type for p in entry.parameters}, _form_seconds(request, bot))
    where = {"workflow": entry.name, "channel": request.channel, "thread": request.thread or request.ts}
    return replace(replies.question(intent, entry), view=replies.form(entry, json.dumps(where), names))


def _form_seconds(request: Request, bot: Bot) -> float:
    """How long may be looked for what a form offers: Slack opens it for three seconds from the click on."""
    since = bot.now() - request.received_at if request.received_at else 0.0
    return min(FORM_SECONDS, OPEN_SECONDS - since)


def _stop(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    """The button under the announcement of a workflow: as if ``workflow stop`` had been typed."""
    entry = bot.knowledge().entries["workflow.stop"]
    intent = Intent(entry.name, entry.intent, {"execution_id": request.value}, source="button")
    _allowed(intent, request, bot, trail)
    return _run_it(intent, request, bot, trail)


def _restore(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    """The button under the results of a workflow: asks whether what it changed shall be put back."""
    entry = bot.knowledge().entries["lifecycle.restore"]
    intent = Intent(entry.name, entry.intent, {"execution_id": request.value}, source="button")
    return _decided(intent, request, bot, trail)


def _say(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    trail.decision = ""
    return _said(replace(request, text=request.value), bot, trail)


def _submitted(request: Request, bot: Bot, trail: Trail) -> Reply | None:
    workflow = json.loads(request.value)["workflow"]
    entry = bot.knowledge().entries[workflow]
    return _decided(submitted(entry, request.fields), request, bot, trail)


def _aside(reply: Reply, trail: Trail, *, private: bool = False) -> Reply:
    """A problem: beside the button that caused it, or for a slash command, where only the asker reads it."""
    private = private or trail.request.kind == "command"
    return replace(reply, private=private, replace=trail.replaces and not private)


BUTTONS: Mapping[str, Callable[[Request, Bot, Trail], Reply | None]] = {
    "confirm": _confirm,
    "cancel": _cancel,
    "next": _next,
    "run": _run,
    "stop": _stop,
    "restore": _restore,
    "say": _say,
}
"""What each button of ours does, by its action id."""
