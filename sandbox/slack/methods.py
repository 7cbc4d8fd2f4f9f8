"""The Web API methods that the bot uses, with the scopes they need and the errors that Slack has for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sandbox.slack.blocks import MARKDOWN_CHARACTERS, is_too_long, problems_of_message
from sandbox.slack.model import Channel, Json, Message, Refused, User, View
from sandbox.slack.workspace import ResponseUrl, Workspace

TEXT_LIMIT = 40_000
"""Slack cuts a longer text."""
ATTACHMENTS = 100


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Web API."""

    run: Callable[[Workspace, Json], Json]
    scope: str = ""


METHODS: dict[str, Method] = {}


def method(name: str, scope: str = "") -> Callable[[Callable[[Workspace, Json], Json]], Callable[..., Json]]:
    """Makes a function a method of the Web API."""

    def mark(function: Callable[[Workspace, Json], Json]) -> Callable[..., Json]:
        METHODS[name] = Method(function, scope)
        return function

    return mark


def call(workspace: Workspace, name: str, token: str, arguments: Json) -> Json:
    """Run a method as Slack would answer it: ``{"ok": true, …}`` or ``{"ok": false, "error": NAME, …}``."""
    try:
        found = _permitted(workspace, name, token)
        return {"ok": True, **found.run(workspace, arguments)}
    except Refused as refused:
        return {"ok": False, "error": refused.error, **refused.more}


def _permitted(workspace: Workspace, name: str, token: str) -> Method:
    if not token:
        raise Refused("not_authed")
    if token != workspace.bot_token:
        raise Refused("invalid_auth")
    found = METHODS.get(name)
    if found is None:
        raise Refused("unknown_method", req_method=name)
    if workspace.scopes is not None and found.scope and found.scope not in workspace.scopes:
        raise Refused("missing_scope", needed=found.scope, provided=",".join(sorted(workspace.scopes)))
    return found


@method("auth.test")
def _auth_test(workspace: Workspace, _arguments: Json) -> Json:
    return {
        "url": "https://local.slack.com/",
        "team": "Local",
        "user": workspace.bot.name,
        "team_id": workspace.team,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


@method("chat.postMessage", "chat:write")
def _post_message(workspace: Workspace, arguments: Json) -> Json:
    channel = _postable_channel(workspace, arguments)
    text, blocks = _content(arguments)
    thread = thread_root(workspace, channel, arguments)
    message = workspace.post(channel.id, workspace.bot.id, text, blocks=blocks, thread=thread)
    return {"channel": channel.id, "ts": message.ts, "message": shown(workspace, message)}


@method("chat.postEphemeral", "chat:write")
def _post_ephemeral(workspace: Workspace, arguments: Json) -> Json:
    channel = writable_channel(workspace, arguments)
    reader = named_user(workspace, arguments)
    if reader.id not in channel.members:
        raise Refused("user_not_in_channel")
    text, blocks = _content(arguments)
    thread = thread_root(workspace, channel, arguments)
    message = workspace.post(channel.id, workspace.bot.id, text, blocks=blocks, thread=thread, only_for=reader.id)
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def _update(workspace: Workspace, arguments: Json) -> Json:
    message = _own(workspace, arguments, "cant_update_message")
    text, blocks = _content(arguments)
    message = workspace.update(message, text, blocks)
    return {"channel": message.channel, "ts": message.ts, "text": text, "message": shown(workspace, message)}


@method("chat.delete", "chat:write")
def _delete(workspace: Workspace, arguments: Json) -> Json:
    message = _own(workspace, arguments, "cant_delete_message")
    workspace.delete(message)
    return {"channel": message.channel, "ts": message.ts}


@method("users.info", "users:read")
def _users_info(workspace: Workspace, arguments: Json) -> Json:
    user = named_user(workspace, arguments)
    return {
        "user": {
            "id": user.id,
            "team_id": user.team,
            "name": user.name,
            "real_name": user.name.title(),
            "is_bot": user.is_bot,
            "is_stranger": user.team != workspace.team,
            "tz_offset": 0,
        }
    }


def respond(workspace: Workspace, path: str, payload: Json) -> None:
    """What is posted to a response_url; Refused when the address or the message will not do."""
    address = workspace.use_response_url(path)
    if payload.get("delete_original"):
        if address.message:
            workspace.delete(workspace.message(address.channel, address.message))
        return
    text, blocks = _content(payload)
    if payload.get("replace_original") and address.message:
        workspace.update(workspace.message(address.channel, address.message), text, blocks)
        return
    answer(workspace, address, payload)


def answer(workspace: Workspace, address: ResponseUrl, payload: Json) -> Message:
    """A new message through a response_url or in the body of an ack: the asker's alone unless ``in_channel``."""
    text, blocks = _content(payload)
    return workspace.post(
        address.channel,
        workspace.bot.id,
        text,
        blocks=blocks,
        thread=str(payload.get("thread_ts") or ""),  # even of a click in a thread, Slack wants it named
        only_for="" if payload.get("response_type") == "in_channel" else address.user,
    )


def shown(workspace: Workspace, message: Message) -> Json:
    """A message as payloads carry it."""
    author: Json = {"user": message.user, "type": "message", "ts": message.ts, "text": message.text}
    if message.user == workspace.bot.id:
        author |= {"bot_id": workspace.bot_id, "app_id": workspace.app, "team": workspace.team}
    if message.thread:
        author |= {"thread_ts": message.thread}
    if message.edited:
        author |= {"edited": {"user": message.user, "ts": message.edited}}
    return {**author, "blocks": list(message.blocks)}


def view_hash(view: View) -> str:
    """Changes with what a view shows, so that a late update can be told from a timely one."""
    return sha256(json.dumps(view.content, sort_keys=True).encode()).hexdigest()[:20]


def view_payload(workspace: Workspace, view: View) -> Json:
    """A modal as payloads carry it."""
    return {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "submit": None,
        "close": None,
        **view.content,
        "id": view.id,
        "team_id": workspace.team,
        "state": {"values": {}},
        "hash": view_hash(view),
        "root_view_id": view.id,
        "previous_view_id": None,
        "app_id": workspace.app,
        "app_installed_team_id": workspace.team,
        "bot_id": workspace.bot_id,
    }


def visible_channel(workspace: Workspace, arguments: Json) -> Channel:
    """The channel, if the bot may know of it. A user's id stands for the direct message with them."""
    name = str(arguments.get("channel") or arguments.get("channel_id") or "")
    if not name:
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: channel"]})
    channel = workspace.direct(name) if name.startswith("U") else workspace.channel(name)
    hidden = channel.kind != "channel" and workspace.bot.id not in channel.members
    if hidden or name not in {channel.id, *channel.members}:  # people may say a channel's name, the API its id
        raise Refused("channel_not_found")
    return channel


def writable_channel(workspace: Workspace, arguments: Json) -> Channel:
    """The channel, if the bot may write there."""
    channel = visible_channel(workspace, arguments)
    if channel.archived:
        raise Refused("is_archived")
    if channel.kind == "im" and not workspace.messages_tab:
        raise Refused("messages_tab_disabled")
    if workspace.bot.id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _postable_channel(workspace: Workspace, arguments: Json) -> Channel:
    """The channel, if the bot may write there, or may post into every public channel."""
    channel = visible_channel(workspace, arguments)
    anywhere = workspace.scopes is not None and "chat:write.public" in workspace.scopes
    if anywhere and channel.kind == "channel" and not channel.archived:
        return channel
    return writable_channel(workspace, arguments)


def named_user(workspace: Workspace, arguments: Json) -> User:
    """The person that is named by id."""
    name = str(arguments.get("user") or "")
    user = workspace.user(name)
    if user.id != name:
        raise Refused("user_not_found")
    return user


def _own(workspace: Workspace, arguments: Json, refusal: str) -> Message:
    message = workspace.message(writable_channel(workspace, arguments).id, str(arguments.get("ts") or ""))
    if message.only_for:
        raise Refused("message_not_found")  # an ephemeral message changes through its response_url alone
    if message.user != workspace.bot.id:
        raise Refused(refusal)
    return message


def thread_root(workspace: Workspace, channel: Channel, arguments: Json) -> str:
    """The thread to post into. Slack wants the root's timestamp, and takes no reply to what is not there."""
    ts = str(arguments.get("thread_ts") or "")
    if not ts:
        return ""
    try:
        root = workspace.message(channel.id, ts)
    except Refused:
        raise Refused("cannot_reply_to_message") from None
    if root.thread or root.only_for:
        raise Refused("cannot_reply_to_message")
    return ts


def _content(arguments: Json) -> tuple[str, list[Json]]:
    """Text and blocks of a message; Slack's refusals when there is neither, or what it does not take."""
    text = str(arguments.get("text") or "")
    blocks = parsed(arguments, "blocks")
    markdown = _markdown(arguments)
    if markdown:
        blocks = [{"type": "markdown", "text": markdown}]
    if len(parsed(arguments, "attachments") or ()) > ATTACHMENTS:
        raise Refused("too_many_attachments")
    if not text.strip() and not blocks:
        raise Refused("no_text")
    problems = problems_of_message(blocks) if blocks is not None else []
    if problems:
        messages = [f"[ERROR] {problem}" for problem in problems]
        raise Refused("invalid_blocks", errors=problems, response_metadata={"messages": messages})
    if is_too_long(blocks or ()):
        raise Refused("msg_blocks_too_long")
    return text[:TEXT_LIMIT], list(blocks or ())


def _markdown(arguments: Json) -> str:
    """The argument ``markdown_text``, which takes the place of text and blocks."""
    markdown = str(arguments.get("markdown_text") or "")
    if markdown and (arguments.get("text") or arguments.get("blocks")):
        raise Refused("markdown_text_conflict")
    if len(markdown) > MARKDOWN_CHARACTERS:
        raise Refused("msg_too_long")
    return markdown


def parsed(arguments: Json, name: str) -> Any:
    """An argument that is JSON: data already, or text of a form."""
    value = arguments.get(name)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refused(f"invalid_{name}_format" if name == "blocks" else "invalid_arguments") from None
