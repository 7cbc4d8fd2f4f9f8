"""What a thread remembers: the question that is open, what was settled, commands held for a button, and pages.

A question belongs to the person who was asked: everything here is kept per person and thread. Times are epoch
seconds and are compared in code, because DynamoDB's TTL deletes up to two days late.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import AlreadyDone, BotError, Expired, NotYours
from bot.models import Intent, Listed, Request, Undo

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

QUESTION_SECONDS = 15 * 60
CONFIRM_SECONDS = 5 * 60
PAGE_SECONDS = 60 * 60
SETTLED_SECONDS = 24 * 60 * 60
"""How long "the same in staging-logs" may refer to a thread's last command, and "the second one" to its last list."""
THREAD_SECONDS = 30 * 24 * 60 * 60
"""How long the bot listens in a thread in which it spoke last."""
GRACE_SECONDS = 24 * 60 * 60
"""How long a button that is over is still known, so that pressing it is told why it does nothing."""


@dataclass(frozen=True, slots=True)
class ThreadKey:
    """One person's side of one thread. ``thread`` is the root's timestamp; a direct message may have none."""

    team: str
    channel: str
    thread: str
    user: str


def place(request: Request) -> str:
    """The root of the thread in which to answer; empty where the answer opens one, or where none is needed."""
    begins_one = request.kind in ("mention", "click") and not (request.direct or request.ephemeral)
    return request.thread or (request.ts if begins_one else "")


def thread_key(request: Request, root: str = "") -> ThreadKey:
    """Whose conversation a request belongs to; ``root`` is the message with which the bot opened a thread.

    A direct message is one conversation, in threads and outside: nobody else can mean anything there.
    """
    return ThreadKey(request.team, request.channel, "" if request.direct else place(request) or root, request.user)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A command that waits in a thread for its button."""

    held: str
    """Its id."""
    at: str = ""
    """The timestamp of the message with that button."""


@dataclass(frozen=True, slots=True)
class Thread:
    """What one person has going on in one thread."""

    open: Intent | None = None
    """The intent whose missing parameter this person was asked for."""
    settled: Intent | None = None
    """The last complete command of this person here, which the next one may refer to."""
    undo: Undo | None = None
    """How what that did is taken back."""
    expires_at: float = 0.0
    """When the open question ends; 0 without one."""
    lapsed: Intent | None = None
    """A question that nobody answered in time."""
    waiting: tuple[Waiting, ...] = ()
    """This person's commands whose button may still be pressed, the latest last."""
    was_held: str = ""
    """The id under which the last command was held; empty for one that needed no button."""
    met: bool = False
    """This person has spoken with the bot here, whatever came of it, so that what they say may well be meant for it."""
    listed: Listed | None = None
    """The last list that this person was shown here, which "the second one" may point at."""

    @property
    def waits_last(self) -> bool:
        """Whether the last command is one that waits for its button."""
        return any(waiting.held == self.was_held for waiting in self.waiting)


@dataclass(frozen=True, slots=True)
class Held:
    """A command that waits for its button."""

    id: str
    intent: Intent
    request: Request
    """What the person said, and where."""
    expires_at: float


@dataclass(frozen=True, slots=True)
class Page:
    """What a Next button goes on with."""

    intent: Intent
    page: Mapping[str, Any]


class Conversations(Protocol):
    """What the pipeline remembers between messages."""

    def thread(self, key: ThreadKey, now: float) -> Thread:
        """What this person has going on in this thread; an empty Thread for a new one."""
        ...

    def ask(self, key: ThreadKey, intent: Intent, now: float) -> None:
        """Remember that this person was asked for what the intent misses; replaces the question that was open."""
        ...

    def settle(
        self,
        key: ThreadKey,
        intent: Intent,
        now: float,
        waiting: Waiting | None = None,
        undo: Undo | None = None,
    ) -> None:
        """Remember a complete command, how it waits for its button, and how it is undone; closes the open question.
        What waited before goes on waiting."""
        ...

    def show(self, key: ThreadKey, listed: Listed, now: float) -> None:
        """Remember which list this person was shown; replaces the former one."""
        ...

    def close(self, key: ThreadKey) -> None:
        """Forget the open question; what was settled, and what waits for a button, stays."""
        ...

    def meet(self, key: ThreadKey, now: float) -> None:
        """Remember that this person has spoken with the bot in this thread, though nothing came of it."""
        ...

    def own(self, key: ThreadKey, now: float) -> None:
        """Remember that the bot has spoken in this thread, to whomever; ``ask`` and ``settle`` say so too."""
        ...

    def owned(self, key: ThreadKey) -> bool:
        """Whether the bot has spoken in this thread, to whomever, so that it listens to replies there."""
        ...

    def hold(self, intent: Intent, request: Request, now: float, seconds: float = CONFIRM_SECONDS) -> str:
        """Keep a command until its asker presses the button; the id to put on the button.

        The same request and intent give the same id and change nothing, so that a redelivery cannot re-arm a
        button that was pressed.
        """
        ...

    def take(self, held: str, user: str, now: float, by: str = "") -> Held:
        """The held command, once. Raises NotYours, Expired or AlreadyDone.

        ``by`` is the id of the click's request: a redelivery of the very click that took it gets it again.
        """
        ...

    def cancel(self, held: str, user: str, now: float, by: str = "") -> Held:
        """As ``take``, and the command is over without having run."""
        ...

    def withdraw(self, held: str, user: str, now: float, by: str = "") -> Held:
        """As ``cancel``, because the person has said what they meant instead."""
        ...

    def keep_page(self, intent: Intent, page: Mapping[str, Any], user: str, now: float) -> str:
        """Keep what the next page needs; the id to put on the button."""
        ...

    def page(self, page: str, user: str, now: float) -> Page:
        """What was kept; may be read again. Raises NotYours or Expired."""
        ...


def held_id(intent: Intent, request: Request) -> str:
    """The same for every delivery of a request, whatever the thread remembers by then."""
    text = json.dumps([request.id, replace(intent, named={}).to_dict()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def page_id() -> str:
    """Not to be guessed: a page may show what only its asker should see."""
    return secrets.token_urlsafe(16)


def over() -> Expired:
    """The sentence for a button whose time has passed."""
    return Expired("This button is no longer valid and nothing was done.", hint="Please ask again.")


def refusal(*, owner: str, user: str, state: str) -> BotError:
    """Why a held command cannot be taken."""
    if owner != user:
        return NotYours("Only the person who asked can answer this.")
    if state == "cancelled":
        return AlreadyDone("This was cancelled before; nothing was done.")
    if state == "done":
        return AlreadyDone("This was confirmed before; it runs only once.")
    if state == "withdrawn":
        return Expired("This was replaced by what you said after it, and nothing was done.")
    return over()


@dataclass(frozen=True, slots=True)
class _Kept:
    held: Held
    state: str = "waiting"
    by: str = ""


class InMemoryConversations:
    """For ``python -m bot chat`` and tests: the same rules, forgotten when the process ends."""

    def __init__(self) -> None:
        self._threads: dict[ThreadKey, Thread] = {}
        self._settled_until: dict[ThreadKey, float] = {}
        self._waiting: dict[ThreadKey, list[_Remembered]] = {}
        self._shown: dict[ThreadKey, tuple[Listed | None, float]] = {}
        self._met: dict[ThreadKey, float] = {}
        self._owned: set[tuple[str, str, str]] = set()
        self._held: dict[str, _Kept] = {}
        self._pages: dict[str, tuple[str, float, Page]] = {}
        self._lock = threading.Lock()

    def thread(self, key: ThreadKey, now: float) -> Thread:
        """See Conversations."""
        found = self._threads.get(key, Thread())
        settled = found.settled if self._settled_until.get(key, 0.0) > now else None
        waiting = tuple(each.waiting for each in self._waiting.get(key, ()) if each.until > now)
        listed, shown_until = self._shown.get(key, (None, 0.0))
        return replace(
            timed(found.open, found.expires_at, settled, now),
            undo=found.undo if settled else None,
            was_held=found.was_held if settled else "",
            waiting=tuple(each for each in waiting if self._may_be_pressed(each)),
            listed=listed if shown_until > now else None,
            met=self._met.get(key, 0.0) > now,
        )

    def ask(self, key: ThreadKey, intent: Intent, now: float) -> None:
        """See Conversations."""
        before = self._threads.get(key, Thread())
        self._threads[key] = replace(before, open=intent, expires_at=now + QUESTION_SECONDS)
        self.own(key, now)

    def settle(
        self,
        key: ThreadKey,
        intent: Intent,
        now: float,
        waiting: Waiting | None = None,
        undo: Undo | None = None,
    ) -> None:
        """See Conversations."""
        self._threads[key] = Thread(settled=intent, undo=undo, was_held=waiting.held if waiting else "")
        if waiting:
            self._waiting[key] = _joined(self._waiting.get(key, ()), waiting, now)
        self._settled_until[key] = now + SETTLED_SECONDS
        self.own(key, now)

    def show(self, key: ThreadKey, listed: Listed, now: float) -> None:
        """See Conversations."""
        self._shown[key] = (listed, now + SETTLED_SECONDS)
        self.own(key, now)

    def close(self, key: ThreadKey) -> None:
        """See Conversations."""
        before = self._threads.get(key, Thread())
        self._threads[key] = replace(before, open=None, expires_at=0.0)

    def meet(self, key: ThreadKey, now: float) -> None:
        """See Conversations."""
        self._met[key] = now + SETTLED_SECONDS
        self.own(key, now)

    def own(self, key: ThreadKey, now: float) -> None:
        """See Conversations."""
        self._owned.add((key.team, key.channel, key.thread))

    def owned(self, key: ThreadKey) -> bool:
        """See Conversations."""
        return (key.team, key.channel, key.thread) in self._owned

    def hold(self, intent: Intent, request: Request, now: float, seconds: float = CONFIRM_SECONDS) -> str:
        """See Conversations."""
        held = Held(held_id(intent, request), intent, request, now + seconds)
        with self._lock:
            self._held.setdefault(held.id, _Kept(held))
        return held.id

    def take(self, held: str, user: str, now: float, by: str = "") -> Held:
        """See Conversations."""
        return self._answer(held, user, now, "done", by)

    def cancel(self, held: str, user: str, now: float, by: str = "") -> Held:
        """See Conversations."""
        return self._answer(held, user, now, "cancelled", by)

    def withdraw(self, held: str, user: str, now: float, by: str = "") -> Held:
        """See Conversations."""
        return self._answer(held, user, now, "withdrawn", by)

    def _may_be_pressed(self, waiting: Waiting) -> bool:
        kept = self._held.get(waiting.held)
        return kept is not None and kept.state == "waiting"

    def _answer(self, held: str, user: str, now: float, state: str, by: str) -> Held:
        with self._lock:
            kept = self._held.get(held)
            if kept is None:
                raise over()
            owner, valid = kept.held.request.user, kept.held.expires_at > now
            again = by != "" and (kept.state, kept.by) == (state, by)
            if owner != user or not (again or (kept.state == "waiting" and valid)):
                raise refusal(owner=owner, user=user, state=kept.state)
            self._held[held] = _Kept(kept.held, state, by)
            return kept.held

    def keep_page(self, intent: Intent, page: Mapping[str, Any], user: str, now: float) -> str:
        """See Conversations."""
        kept = page_id()
        self._pages[kept] = (user, now + PAGE_SECONDS, Page(intent, dict(page)))
        return kept

    def page(self, page: str, user: str, now: float) -> Page:
        """See Conversations."""
        owner, expires_at, found = self._pages.get(page, (user, 0.0, None))
        return checked_page(found, owner=owner, user=user, valid=expires_at > now)


@dataclass(frozen=True, slots=True)
class _Remembered:
    waiting: Waiting
    until: float


def _joined(before: Iterable[_Remembered], waiting: Waiting, now: float) -> list[_Remembered]:
    """What waits in a thread, with one more; a redelivery adds none."""
    others = [each for each in before if each.until > now and each.waiting != waiting]
    return [*others, _Remembered(waiting, now + CONFIRM_SECONDS)]


def timed(intent: Intent | None, expires_at: float, settled: Intent | None, now: float) -> Thread:
    """A Thread whose question is open or lapsed, by the time."""
    if intent is None:
        return Thread(settled=settled)
    if expires_at > now:
        return Thread(open=intent, settled=settled, expires_at=expires_at)
    return Thread(settled=settled, lapsed=intent)


def checked_page(found: Page | None, *, owner: str, user: str, valid: bool) -> Page:
    """The page, if it is this person's and in time."""
    if owner != user:
        raise NotYours("Only the person who asked can turn this page.", hint="Ask for the list yourself.")
    if found is None or not valid:
        raise Expired("This list is too old to go on with.", hint="Please ask for it again.")
    return found


class DynamoConversations:
    """In the Conversations table (key ``id``).

    ``thread#TEAM#CHANNEL#TS`` is one item a thread, with the attributes ``open#USER``, ``settled#USER``,
    ``waiting#USER``, ``listed#USER`` and ``met#USER``, so that every change is one unconditional update (the requests
    of a thread come one after the other, see MessageGroupId in app.py); that it exists says that the bot has spoken
    there; ``held#ID`` and ``page#ID`` are the buttons. Values that only the code reads are JSON text.
    """

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def thread(self, key: ThreadKey, now: float) -> Thread:
        """See Conversations."""
        item = self._get(_thread_id(key), *_names(key), names=_names(key))
        question, expires_at = _dated(item.get(f"open#{key.user}", ""))
        last = item.get(f"settled#{key.user}", "")
        settled, settled_until = _dated(last)
        thread = timed(question, expires_at, settled if settled_until > now else None, now)
        shown = json.loads(item.get(f"listed#{key.user}", "{}"))
        return replace(
            thread,
            undo=_undo(last) if thread.settled else None,
            was_held=json.loads(last).get("held", "") if thread.settled else "",
            waiting=self._pressable(each.waiting for each in _remembered(item, key) if each.until > now),
            listed=Listed.from_dict(shown["list"]) if shown.get("until", 0) > now else None,
            met=float(item.get(f"met#{key.user}", "0")) > now,
        )

    def ask(self, key: ThreadKey, intent: Intent, now: float) -> None:
        """See Conversations."""
        self._update(key, "SET #open = :intent, #ttl = :ttl", now, intent=_undated(intent, now + QUESTION_SECONDS))

    def settle(
        self,
        key: ThreadKey,
        intent: Intent,
        now: float,
        waiting: Waiting | None = None,
        undo: Undo | None = None,
    ) -> None:
        """See Conversations."""
        held = waiting.held if waiting else ""
        texts = {"intent": _undated(intent, now + SETTLED_SECONDS, undo, held)}
        change = "SET #settled = :intent, #ttl = :ttl"
        if waiting:
            names = {"#waiting": f"waiting#{key.user}"}
            before = _remembered(self._get(_thread_id(key), "#waiting", names=names), key)
            texts["waiting"] = json.dumps([asdict(each) for each in _joined(before, waiting, now)])
            change += ", #waiting = :waiting"
        self._update(key, f"{change} REMOVE #open", now, **texts)

    def show(self, key: ThreadKey, listed: Listed, now: float) -> None:
        """See Conversations."""
        kept = json.dumps({"until": now + SETTLED_SECONDS, "list": asdict(listed)})
        self._update(key, "SET #listed = :listed, #ttl = :ttl", now, listed=kept)

    def close(self, key: ThreadKey) -> None:
        """See Conversations."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"id": {"S": _thread_id(key)}},
                UpdateExpression="REMOVE #open",
                ConditionExpression="attribute_exists(#open)",  # else it would make a thread that never expires
                ExpressionAttributeNames={"#open": f"open#{key.user}"},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def meet(self, key: ThreadKey, now: float) -> None:
        """See Conversations."""
        self._update(key, "SET #met = :until, #ttl = :ttl", now, until=str(now + SETTLED_SECONDS))

    def own(self, key: ThreadKey, now: float) -> None:
        """See Conversations."""
        self._update(key, "SET #ttl = :ttl", now)

    def owned(self, key: ThreadKey) -> bool:
        """See Conversations."""
        return bool(self._get(_thread_id(key), "id"))

    def hold(self, intent: Intent, request: Request, now: float, seconds: float = CONFIRM_SECONDS) -> str:
        """See Conversations."""
        held = held_id(intent, request)
        item = {
            "id": {"S": f"held#{held}"},
            "user": {"S": request.user},
            "state": {"S": "waiting"},
            "body": {"S": json.dumps({"intent": intent.to_dict(), "request": request.to_dict()})},
            **_until(now + seconds),
        }
        try:
            self._client.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(id)")
        except self._client.exceptions.ConditionalCheckFailedException:
            return held  # an earlier delivery of the same request held it
        return held

    def take(self, held: str, user: str, now: float, by: str = "") -> Held:
        """See Conversations."""
        return self._answer(held, user, now, "done", by)

    def cancel(self, held: str, user: str, now: float, by: str = "") -> Held:
        """See Conversations."""
        return self._answer(held, user, now, "cancelled", by)

    def withdraw(self, held: str, user: str, now: float, by: str = "") -> Held:
        """See Conversations."""
        return self._answer(held, user, now, "withdrawn", by)

    def _pressable(self, waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
        """Those whose button was not pressed, which only the record of the button knows."""
        names = {"#state": "state"}
        return tuple(
            each for each in waiting if self._get(f"held#{each.held}", "#state", names=names).get("state") == "waiting"
        )

    def _answer(self, held: str, user: str, now: float, state: str, by: str) -> Held:
        values = {
            ":user": {"S": user},
            ":waiting": {"S": "waiting"},
            ":state": {"S": state},
            ":now": {"N": _number(now)},
            ":by": {"S": by},
            ":nobody": {"S": ""},
        }
        first = "(#state = :waiting AND valid_until > :now)"
        again = "(#state = :state AND answered_by = :by AND answered_by <> :nobody)"
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key={"id": {"S": f"held#{held}"}},
                UpdateExpression="SET #state = :state, answered_by = :by",
                ConditionExpression=f"#user = :user AND ({first} OR {again})",
                ExpressionAttributeNames={"#user": "user", "#state": "state"},
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            item = self._get(f"held#{held}", "#user", "#state", names={"#user": "user", "#state": "state"})
            raise refusal(owner=item.get("user", user), user=user, state=item.get("state", "")) from None
        item = _plain(answer["Attributes"])
        body = json.loads(item["body"])
        return Held(
            held, Intent.from_dict(body["intent"]), Request.from_dict(body["request"]), float(item["valid_until"])
        )

    def keep_page(self, intent: Intent, page: Mapping[str, Any], user: str, now: float) -> str:
        """See Conversations."""
        kept = page_id()
        body = json.dumps({"intent": intent.to_dict(), "page": dict(page)})
        item = {"id": {"S": f"page#{kept}"}, "user": {"S": user}, "body": {"S": body}, **_until(now + PAGE_SECONDS)}
        self._client.put_item(TableName=self._table, Item=item)
        return kept

    def page(self, page: str, user: str, now: float) -> Page:
        """See Conversations."""
        item = self._get(f"page#{page}")
        body = json.loads(item.get("body", "null"))
        found = Page(Intent.from_dict(body["intent"]), body["page"]) if body else None
        valid = float(item.get("valid_until", 0)) > now
        return checked_page(found, owner=item.get("user", user), user=user, valid=valid)

    def _get(self, key: str, *wanted: str, names: Mapping[str, str] | None = None) -> dict[str, str]:
        options: dict[str, Any] = {"ProjectionExpression": ", ".join(wanted)} if wanted else {}
        if names:
            options["ExpressionAttributeNames"] = names
        # Consistent: the answer to a question may come before a replica has heard of the question.
        found = self._client.get_item(TableName=self._table, Key={"id": {"S": key}}, ConsistentRead=True, **options)
        return _plain(found.get("Item", {}))

    def _update(self, key: ThreadKey, update: str, now: float, **texts: str) -> None:
        names = {name: value for name, value in _names(key).items() if name in update}
        values: dict[str, Any] = {":ttl": {"N": str(int(now + THREAD_SECONDS))}}
        values |= {f":{name}": {"S": text} for name, text in texts.items()}
        self._client.update_item(
            TableName=self._table,
            Key={"id": {"S": _thread_id(key)}},
            UpdateExpression=update,
            ExpressionAttributeNames={**names, "#ttl": "expires_at"},
            ExpressionAttributeValues=values,
        )


def _thread_id(key: ThreadKey) -> str:
    return f"thread#{key.team}#{key.channel}#{key.thread}"


def _names(key: ThreadKey) -> dict[str, str]:
    return {f"#{name}": f"{name}#{key.user}" for name in ("open", "settled", "waiting", "listed", "met")}


def _remembered(item: Mapping[str, str], key: ThreadKey) -> list[_Remembered]:
    kept = json.loads(item.get(f"waiting#{key.user}", "[]"))
    return [_Remembered(Waiting(**each["waiting"]), each["until"]) for each in kept]


def _undated(intent: Intent, until: float, undo: Undo | None = None, held: str = "") -> str:
    kept = {"until": until, "intent": intent.to_dict(), "undo": asdict(undo) if undo else None, "held": held}
    return json.dumps(kept)


def _undo(text: str) -> Undo | None:
    kept = json.loads(text).get("undo")
    return Undo(**kept) if kept else None


def _dated(text: str) -> tuple[Intent | None, float]:
    if not text:
        return None, 0.0
    data = json.loads(text)
    return Intent.from_dict(data["intent"]), data["until"]


def _until(moment: float) -> dict[str, Any]:
    """``valid_until`` is what the code compares; ``expires_at`` is for DynamoDB's TTL, which takes whole seconds."""
    return {"valid_until": {"N": _number(moment)}, "expires_at": {"N": str(int(moment + GRACE_SECONDS))}}


def _number(moment: float) -> str:
    return format(moment, ".3f")


def _plain(item: Mapping[str, Any]) -> dict[str, str]:
    """An item of strings and numbers, each as text."""
    return {name: next(iter(value.values())) for name, value in item.items()}
