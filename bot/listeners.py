"""The Slack surface: ``register`` is its table of contents; below it, each payload becomes a Request, or is let be.

Nothing is understood, decided or answered here: what a person did goes on the queue, and Slack gets its ack.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App

from bot.models import Kind, Request

log = logging.getLogger(__name__)

Payload = Mapping[str, Any]
Send = Callable[[Request], None]
"""Puts a request on the queue, or raises."""

ANY = re.compile("")
WHAT_PEOPLE_WRITE: dict[str, Any] = {"type": "message", "subtype": (None, "thread_broadcast", "file_share")}
"""Edits, deletions, joins and whatever else Slack calls a message have other subtypes."""
TEXT_LIMIT = 20_000
"""Characters that travel: far more than the worker reads, and with every one escaped still below SQS's 256 KiB."""
SLACKBOT = "USLACKBOT"
CHANNEL_TYPES = {"directmessage": "im", "privategroup": "group"}
"""What commands and clicks call a channel whose name is not shown."""


def register(app: App, send: Send) -> None:
    """Everything that Slack may deliver, and what is made of it."""
    app.command(ANY)(_queued(command, send))  # whatever name the command has in the manifest
    app.event("app_mention")(_queued(message, send))
    app.event(WHAT_PEOPLE_WRITE)(_queued(message, send))
    app.event("app_home_opened")(_queued(home, send))
    app.block_action({"action_id": ANY})(_queued(click, send))
    app.view(ANY)(_queued(submission, send))


def command(body: Payload) -> Request:
    """``/s3agent …``. Slack has no command in threads, so it stands outside of any."""
    return _request(
        body,
        id=_interaction_id(body),
        kind="command",
        channel=_string(body, "channel_id"),
        channel_type=CHANNEL_TYPES.get(_string(body, "channel_name"), ""),
        user=_string(body, "user_id"),
        text=_clean(body.get("text")),
    )


def message(body: Payload) -> Request | None:
    """What a person wrote to the bot: a mention, a direct message, or a reply in a channel's thread.

    A mention arrives twice, as ``app_mention`` and as ``message``: both become the same request with the same id.
    Whether a thread is the bot's business is known to the worker only.
    """
    event: Payload = body["event"]
    bot = _bot_user(body)
    if not _by_a_person(event, bot):
        return None
    channel, ts, root = _string(event, "channel"), _string(event, "ts"), _string(event, "thread_ts")
    thread = "" if root == ts else root
    text = _clean(event.get("text"))
    mentioned = event["type"] == "app_mention" or bool(bot and re.search(_name(bot), text))
    direct = event.get("channel_type") == "im" or channel.startswith("D")
    if not mentioned and not direct and not (thread and text):
        return None
    return _request(
        body,
        id=f"{team(body)}#{channel}#{ts}",
        kind="mention" if mentioned else "message",
        channel=channel,
        channel_type=_string(event, "channel_type"),
        user=_string(event, "user"),
        text=_without_name(text, bot),
        ts=ts,
        thread=thread,
        external=_writer_is_external(body, event),
    )


def home(body: Payload) -> Request | None:
    """Somebody looks at the Home tab. The other tab is the direct message, where they say what they want."""
    event: Payload = body["event"]
    user, channel = _string(event, "user"), _string(event, "channel")
    if event.get("tab") != "home" or not user:
        return None
    return _request(
        body, id=f"{team(body)}#home#{_string(body, 'event_id')}", kind="home", channel=channel or user, user=user
    )


def click(body: Payload) -> Request | None:
    """A button or a menu of ours. One without a value, such as a link, does nothing here."""
    action: Payload = body["actions"][0]
    value = _chosen(action)
    container = _mapping(body, "container")
    channel = (
        _string(_mapping(body, "channel"), "id")
        or _string(container, "channel_id")
        or _answered_in(_mapping(body, "view"))  # on the Home tab, which is in no channel
    )
    if not value or not channel:
        return None
    shown = _mapping(body, "message")
    return _request(
        body,
        id=_interaction_id(body),
        kind="click",
        channel=channel,
        channel_type=CHANNEL_TYPES.get(_string(_mapping(body, "channel"), "name"), ""),
        user=_string(_mapping(body, "user"), "id"),
        ts=_string(container, "message_ts") or _string(shown, "ts"),
        thread=_string(container, "thread_ts") or _string(shown, "thread_ts"),
        action=_string(action, "action_id"),
        value=value,
        ephemeral=container.get("is_ephemeral") is True,
        external=_clicker_is_external(body),
    )


def submission(body: Payload) -> Request:
    """A modal that was sent off. Where it was opened from is what its ``private_metadata`` says."""
    view: Payload = body["view"]
    metadata = _string(view, "private_metadata")
    opened_in = _json_object(metadata)
    user = _string(_mapping(body, "user"), "id")
    inputs = {name: _entered(block) for name, block in _mapping(_mapping(view, "state"), "values").items()}
    return _request(
        body,
        id=_interaction_id(body),
        kind="submission",
        channel=_string(opened_in, "channel") or user,  # to a person's id, Slack posts a direct message
        user=user,
        thread=_string(opened_in, "thread"),
        action=_string(view, "callback_id"),
        value=metadata,
        fields=inputs,
        external=_clicker_is_external(body),
    )


def team(body: Payload) -> str:
    """The workspace for which a payload was sent, which in a shared channel need not be the person's own."""
    return (
        _string(_mapping(body, "view"), "app_installed_team_id")  # a modal that was opened in a shared channel
        or _string(_mapping(body, "team"), "id")
        or _string(_authorization(body), "team_id")
        or _string(body, "team_id")
        or _string(_mapping(body, "user"), "team_id")
    )


def _queued(read: Callable[[Payload], Request | None], send: Send) -> Callable[[Ack, dict[str, Any]], None]:
    """The listener that queues what ``read`` makes of a payload. The ack comes after: what was acked is never lost."""

    def listener(ack: Ack, body: dict[str, Any]) -> None:
        request = read(body)
        if request:
            send(request)
            log.info("queued kind=%s id=%s team=%s channel=%s", request.kind, request.id, request.team, request.channel)
        ack()

    return listener


def _request(body: Payload, *, id: str, kind: Kind, channel: str, user: str, **more: Any) -> Request:  # noqa: A002
    return Request(
        id,
        kind,
        team(body),
        channel,
        user,
        response_url=_string(body, "response_url"),
        trigger_id=_string(body, "trigger_id"),
        received_at=time.time(),
        **more,
    )


def _interaction_id(body: Payload) -> str:
    """The trigger id, unique to what a person did once; an empty id would make all requests one."""
    return _string(body, "trigger_id") or hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _answered_in(view: Payload) -> str:
    """The direct message of the person whose Home tab it is."""
    metadata = _string(view, "private_metadata") if view.get("type") == "home" else ""
    return _string(_json_object(metadata), "channel")


# --- Who, and whether it is anybody ----------------------------------------------------------------------------------


def _by_a_person(event: Payload, bot: str) -> bool:
    """Not by this bot or another, not Slack's own, and written now rather than edited."""
    user = _string(event, "user")
    named = user and _string(event, "channel") and _string(event, "ts")
    return bool(named) and user not in (bot, SLACKBOT) and not event.get("bot_id") and not event.get("edited")


def _bot_user(body: Payload) -> str:
    """The bot's own user id, as every event names it: nothing has to be asked of Slack."""
    ours = _authorization(body)
    return _string(ours, "user_id") if ours.get("is_bot") else ""


def _writer_is_external(body: Payload, event: Payload) -> bool:
    """From another workspace, or in a shared channel from nobody knows where."""
    theirs = _string(event, "user_team") or _string(event, "source_team") or _string(event, "team")
    if not theirs:
        return body.get("is_ext_shared_channel") is True
    return theirs not in (team(body), _string(_authorization(body), "enterprise_id"))


def _clicker_is_external(body: Payload) -> bool:
    theirs = _string(_mapping(body, "user"), "team_id")
    return bool(theirs) and theirs not in (team(body), _string(_mapping(body, "enterprise"), "id"))


# --- What was said ---------------------------------------------------------------------------------------------------


def _name(bot: str) -> str:
    """The pattern of a mention of the bot; of anybody, should Slack not say who the bot is."""
    return rf"<@{re.escape(bot) if bot else '[A-Z0-9]+'}(?:\|[^<>]*)?>"


def _without_name(text: str, bot: str) -> str:
    """The text without the bot's name: in front with what sets it apart from the sentence, elsewhere alone."""
    text = re.sub(rf"^\s*(?:{_name(bot)}[\s,:]*)+", "", text)
    return re.sub(rf"\s*{_name(bot)}", "", text) if bot else text


def _clean(text: object) -> str:
    """A text that can travel: not endless, and without the halves of characters that JSON lets through."""
    return text[:TEXT_LIMIT].encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else ""


def _chosen(action: Payload) -> str:
    """What a button carries, or what was picked in a menu."""
    return _clean(action.get("value")) or _string(_mapping(action, "selected_option"), "value")


def _entered(block: Payload) -> str:
    """What was entered in the one element of an input block; several choices are joined with commas."""
    element: Payload = next(iter(block.values()), {})
    several = element.get("selected_options")
    if isinstance(several, list):
        return ",".join(_string(option, "value") for option in several)
    return _chosen(element)


def _authorization(body: Payload) -> Payload:
    """The installation for which an event was sent; Slack lists at most one."""
    first: object = next(iter(body.get("authorizations") or ()), None)
    return first if isinstance(first, Mapping) else {}


def _string(data: Payload, name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


def _mapping(data: Payload, name: str) -> Payload:
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def _json_object(text: str) -> Payload:
    try:
        data = json.loads(text or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, Mapping) else {}
