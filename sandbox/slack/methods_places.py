"""The Web API methods that tell about channels and groups of people."""

from __future__ import annotations

from sandbox.slack.methods import method, named_user, parsed, shown, visible_channel, writable_channel
from sandbox.slack.model import Channel, Json, Refused
from sandbox.slack.workspace import Workspace

LOADING_MESSAGES = 10
PAGE = 100
"""Messages of a page, where the bot asks for no other number."""


@method("conversations.info", "channels:read")
def _info(workspace: Workspace, arguments: Json) -> Json:
    return {"channel": _channel(workspace, visible_channel(workspace, arguments))}


@method("conversations.list", "channels:read")
def _list(workspace: Workspace, _arguments: Json) -> Json:
    seen = [c for c in workspace.channels() if c.kind == "channel" or workspace.bot.id in c.members]
    return {"channels": [_channel(workspace, channel) for channel in seen if channel.kind != "im"]}


@method("conversations.members", "channels:read")
def _members(workspace: Workspace, arguments: Json) -> Json:
    return {"members": sorted(visible_channel(workspace, arguments).members)}


@method("conversations.open", "im:write")
def _open(workspace: Workspace, arguments: Json) -> Json:
    person = named_user(workspace, {"user": arguments.get("users")})
    return {"channel": {"id": workspace.direct(person.id).id}}


@method("conversations.history", "channels:history")
def _history(workspace: Workspace, arguments: Json) -> Json:
    channel = writable_channel(workspace, arguments)
    found = [m for m in workspace.messages(channel.id, reader=workspace.bot.id) if not m.thread]
    limit = int(arguments.get("limit") or PAGE)
    return {"messages": [shown(workspace, m) for m in reversed(found[-limit:])], "has_more": len(found) > limit}


@method("conversations.replies", "channels:history")
def _replies(workspace: Workspace, arguments: Json) -> Json:
    channel = writable_channel(workspace, arguments)
    root = str(arguments.get("ts") or "")
    found = workspace.messages(channel.id, thread=root, reader=workspace.bot.id)
    if not found:
        raise Refused("thread_not_found")
    limit = int(arguments.get("limit") or PAGE)
    return {"messages": [shown(workspace, m) for m in found[:limit]], "has_more": len(found) > limit}


@method("usergroups.users.list", "usergroups:read")
def _usergroup(workspace: Workspace, arguments: Json) -> Json:
    try:
        return {"users": list(workspace.usergroups[str(arguments.get("usergroup") or "")])}
    except KeyError:
        raise Refused("no_such_subteam") from None


@method("assistant.threads.setStatus", "chat:write")
def _status(workspace: Workspace, arguments: Json) -> Json:
    channel = writable_channel(workspace, arguments)
    if len(parsed(arguments, "loading_messages") or ()) > LOADING_MESSAGES:
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] too many loading_messages"]})
    workspace.set_status(channel.id, str(arguments.get("thread_ts") or ""), str(arguments.get("status") or ""))
    return {}


def _channel(workspace: Workspace, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_private": channel.kind != "channel",
        "is_archived": False,
        "is_member": workspace.bot.id in channel.members,
        "is_ext_shared": channel.shared,
    }
