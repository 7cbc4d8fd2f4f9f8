"""What one person sees of the workspace, as JSON for the page."""

from __future__ import annotations

from typing import Any

from sandbox.slack.model import SLACKBOT, Change, Channel, Json, Message, User, View
from sandbox.slack.workspace import Workspace


def people(workspace: Workspace, groups: dict[str, str]) -> list[Json]:
    """Everybody, with the group that the bot knows them by; ``groups`` is by user id."""
    shown = [_person(user, workspace, groups) for user in workspace.users()]
    return [*shown, {"id": SLACKBOT, "name": "Slackbot", "group": "", "bot": True, "guest": False}]


def snapshot(workspace: Workspace, reader: User, groups: dict[str, str]) -> Json:
    """All that a person sees now. ``number`` is the last change in it, to follow on from."""
    number = workspace.last_change()
    channels = [channel for channel in workspace.channels() if _open_to(channel, reader)]
    messages = [m for channel in channels for m in workspace.messages(channel.id, reader=reader.id)]
    home = workspace.home(reader.id)
    return {
        "number": number,
        "me": reader.id,
        "bot": workspace.bot.id,
        "people": people(workspace, groups),
        "channels": [_channel(channel, workspace) for channel in channels],
        "messages": [_message(message) for message in messages],
        "views": [_view(view) for view in workspace.views(reader.id)],
        "home_tab": workspace.home_tab,
        "home": home.content if home else None,
    }


def change(workspace: Workspace, reader: User, seen: Change) -> Json | None:
    """What a change shows to a person; None when it shows them nothing."""
    message, view = seen.message, seen.view
    if view is not None:
        return {"kind": seen.kind, "view": _view(view)} if view.user == reader.id else None
    if seen.status is not None:
        status = seen.status
        if not _open_to(workspace.channel(status.channel), reader):
            return None
        return {"kind": "status", "status": {"channel": status.channel, "thread": status.thread, "text": status.text}}
    if message is None:
        return None
    place = workspace.channel(message.channel)
    if not _open_to(place, reader) or message.only_for not in {"", reader.id}:
        return None
    return {"kind": seen.kind, "message": _message(message), "channel": _channel(place, workspace)}


def _open_to(channel: Channel, reader: User) -> bool:
    return reader.id in channel.members


def _person(user: User, workspace: Workspace, groups: dict[str, str]) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "group": groups.get(user.id, ""),
        "bot": user.is_bot,
        "guest": user.team != workspace.team,
    }


def _channel(channel: Channel, workspace: Workspace) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "shared": channel.shared,
        "members": sorted(channel.members),
        "bot": workspace.bot.id in channel.members,
    }


def _message(message: Message) -> Json:
    return {
        "channel": message.channel,
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": list(message.blocks),
        "thread": message.thread,
        "only_for": message.only_for,
        "edited": message.edited,
        "files": [_file(file) for file in message.files],
    }


def _file(file: Any) -> Json:
    return {"id": file.id, "name": file.name, "title": file.title, "type": file.type, "size": len(file.content)}


def _view(view: View) -> Json:
    return {"id": view.id, "user": view.user, "content": view.content, "errors": view.errors}
