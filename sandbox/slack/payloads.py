"""What Slack sends to the bot: events, commands, clicks and submissions, in Slack's shapes."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

from sandbox.slack.methods import shown, view_payload
from sandbox.slack.model import Channel, Json, Message, User, View
from sandbox.slack.workspace import Workspace

LINK = re.compile(r"https?://[^\s<>|]+|(?<![\w./@:-])(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev)\b(?:/[^\s<>|]*)?")
MENTION = re.compile(r"@([a-z0-9_-]+)")
BROADCASTS = ("here", "channel", "everyone")


def wire_text(workspace: Workspace, typed: str) -> str:
    """What Slack makes of typed text: escaped, with mentions and links as references."""
    names = {user.name: user.id for user in workspace.users()}

    def mention(match: re.Match[str]) -> str:
        name = match[1]
        if name in BROADCASTS:
            return f"<!{name}>"
        return f"<@{names[name]}>" if name in names else match[0]

    def link(match: re.Match[str]) -> str:
        address = match[0]
        return f"<{address}>" if "://" in address else f"<http://{address}|{address}>"

    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return LINK.sub(link, MENTION.sub(mention, escaped))


def event(workspace: Workspace, inner: Json, *, shared: bool = False) -> Json:
    """An event of the Events API around its inner event."""
    return {
        "token": "deprecated",
        "team_id": workspace.team,
        "context_team_id": workspace.team,
        "context_enterprise_id": None,
        "api_app_id": workspace.app,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{secrets.token_urlsafe(24)}",
    }


def is_subscribed(workspace: Workspace, inner: Json) -> bool:
    """Whether the app asked for events of this kind; those of messages have a name for each kind of channel."""
    name = str(inner["type"])
    if name == "message":
        name += {"channel": ".channels", "group": ".groups", "im": ".im"}[inner["channel_type"]]
    return workspace.events is None or name in workspace.events


def said(workspace: Workspace, channel: Channel, message: Message, kind: str = "message") -> Json:
    """The inner event of a message, or its twin ``app_mention``."""
    author = workspace.user(message.user)
    inner: Json = {
        **shown(workspace, message),
        "type": kind,
        "client_msg_id": secrets.token_hex(16),
        "team": author.team,
        "channel": channel.id,
        "event_ts": message.ts,
    }
    if kind == "message":
        inner["channel_type"] = channel.kind
    if message.thread:
        inner["parent_user_id"] = workspace.message(channel.id, message.thread).user
    if author.team != workspace.team:
        inner |= {"user_team": author.team, "source_team": author.team}
    if author.is_bot:
        inner |= {"bot_profile": {"id": workspace.bot_id, "app_id": workspace.app, "name": author.name}}
        inner.pop("client_msg_id")
    return inner


def changed(workspace: Workspace, channel: Channel, message: Message) -> Json:
    """The hidden event that follows an edit."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": message.edited,
        "event_ts": message.edited,
        "message": shown(workspace, message),
    }


def deleted(channel: Channel, message: Message, ts: str) -> Json:
    """The hidden event that follows a deletion."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "deleted_ts": message.ts,
        "ts": ts,
        "event_ts": ts,
    }


def command(workspace: Workspace, channel: Channel, user: User, *, name: str, text: str, url: str) -> dict[str, str]:
    """The form of a slash command. ``url`` is the base of response addresses."""
    return {
        "token": "deprecated",
        "team_id": user.team,
        "team_domain": "local",
        "channel_id": channel.id,
        "channel_name": {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text.strip(),
        "api_app_id": workspace.app,
        "is_enterprise_install": "false",
        "response_url": url + workspace.new_response_url(user.id, channel.id),
        "trigger_id": workspace.new_trigger(user.id),
    }


def click(
    workspace: Workspace,
    user: User,
    where: Message | View,
    *,
    action: str,
    value: str | None = None,
    chosen: Any = None,
    url: str,
) -> Json:
    """The payload of a click: ``value`` tells apart buttons of one ``action_id``, ``chosen`` is what a select has."""
    place = _in_view(workspace, where) if isinstance(where, View) else _in_message(workspace, where, user, url)
    pressed = _pressed(*where.element(action, value), chosen)
    state: Json = {"state": {"values": {}}, "actions": [pressed]}
    return _interaction(workspace, "block_actions", user) | place | state


def _in_view(workspace: Workspace, view: View) -> Json:
    """Where a click was, that was in no conversation: without a channel, and without an address for answers."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view_payload(workspace, view)}


def _in_message(workspace: Workspace, message: Message, user: User, url: str) -> Json:
    channel = workspace.channel(message.channel)
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.only_for),
    }
    if message.thread:
        container["thread_ts"] = message.thread
    place = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "response_url": url + workspace.new_response_url(user.id, channel.id, message=message.ts),
    }
    return place if message.only_for else place | {"message": shown(workspace, message)}


def _pressed(block_id: str, element: Json, chosen: Any) -> Json:
    return {
        "action_id": element["action_id"],
        "block_id": block_id,
        "type": element["type"],
        "action_ts": f"{time.time():.6f}",
        **{name: element[name] for name in ("text", "value", "style") if name in element},
        **({} if element["type"] == "button" else _entered(element, chosen)),
    }


def view_closed(workspace: Workspace, user: User, view: View) -> Json:
    """The payload of a modal that was closed unsent, for an app that asked to be told."""
    payload = _interaction(workspace, "view_closed", user)
    payload.pop("trigger_id")
    return payload | {"view": view_payload(workspace, view), "is_cleared": False}


def suggestion(workspace: Workspace, user: User, where: View | Message, block: str, query: str) -> Json:
    """The payload that asks for the options of an external select, in a modal or a message."""
    payload = _interaction(workspace, "block_suggestion", user)
    payload.pop("trigger_id")
    if isinstance(where, View):
        elements = {b["block_id"]: b["element"] for b in where.content["blocks"] if b["type"] == "input"}
        container: Json = {"type": "view", "view_id": where.id}
        payload |= {"view": view_payload(workspace, where)}
        element = elements[block]
    else:
        place = workspace.channel(where.channel)
        container = {"type": "message", "message_ts": where.ts, "channel_id": place.id}
        payload |= {"channel": {"id": place.id, "name": place.name}, "message": shown(workspace, where)}
        element = next(element for block_id, element in where.elements if block_id == block)
    return payload | {"container": container, "block_id": block, "action_id": element["action_id"], "value": query}


def home_opened(workspace: Workspace, user: User, tab: str) -> Json:
    """The inner event of somebody looking at a tab of the app: with what they see on Home, once the app showed it."""
    inner: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": workspace.direct(user.id).id,
        "tab": tab,
        "event_ts": f"{time.time():.6f}",
    }
    home = workspace.home(user.id)
    return inner | {"view": view_payload(workspace, home)} if tab == "home" and home else inner


def submission(workspace: Workspace, user: User, view: View, values: Mapping[str, Any]) -> Json:
    """The payload of a modal that was filled in: ``values`` by block id."""
    state: Json = {}
    for block in view.content["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            entered = _entered(element, values.get(block["block_id"]))
            state[block["block_id"]] = {element.get("action_id", "value"): entered}
    payload = _interaction(workspace, "view_submission", user)
    shape = view_payload(workspace, view) | {"state": {"values": state}}
    return payload | {"view": shape, "response_urls": []}


def _entered(element: Json, value: Any) -> Json:
    """What stands in an element: as its state has it in a payload. ``value`` may be an option's own value."""
    kind = str(element["type"])
    name = next((name for ending, name in CHOSEN if kind.endswith(ending)), "value")
    multiple = kind.startswith("multi_") or kind == "checkboxes"
    if multiple:
        name += "s"
    if value is None:
        value = element.get(name.replace("selected", "initial") if name != "value" else "initial_value")
    elif isinstance(value, str) and name == "selected_option":
        value = _options(element)[value]
    elif name not in {"selected_option", "selected_options", "value"}:
        value = [_bare(item) for item in value] if multiple else _bare(value)
    return {"type": kind, name: value}


CHOSEN = (
    ("users_select", "selected_user"),
    ("conversations_select", "selected_conversation"),
    ("channels_select", "selected_channel"),
    ("select", "selected_option"),
    ("radio_buttons", "selected_option"),
    ("checkboxes", "selected_option"),
    ("overflow", "selected_option"),
    ("datepicker", "selected_date"),
    ("timepicker", "selected_time"),
)
"""How what was chosen is called, by how the type of the element ends."""


def _options(element: Json) -> dict[str, Json]:
    groups = [group["options"] for group in element.get("option_groups", ())]
    options = [*element.get("options", ()), *(option for options in groups for option in options)]
    return {option["value"]: option for option in options}


def _bare(item: Any) -> Any:
    """An option's value, where Slack sends an id or a date and no option."""
    return item["value"] if isinstance(item, dict) else item


def _interaction(workspace: Workspace, kind: str, user: User) -> dict[str, Any]:
    return {
        "type": kind,
        "token": "deprecated",
        "api_app_id": workspace.app,
        "team": {"id": workspace.team, "domain": "local"},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team},
        "trigger_id": workspace.new_trigger(user.id),
    }
