"""The three steps in which a file gets into a channel: ask for an address, send the bytes there, share them."""

from __future__ import annotations

import mimetypes
import secrets
from dataclasses import replace

from sandbox.slack.methods import method, parsed, thread_root, writable_channel
from sandbox.slack.model import File, Json, Refused
from sandbox.slack.workspace import Workspace

UPLOADS = "/upload/v1/"
LIMIT = 1_000_000_000


@method("files.getUploadURLExternal", "files:write")
def _get_url(workspace: Workspace, arguments: Json) -> Json:
    name = str(arguments.get("filename") or "")
    length = int(arguments.get("length") or 0)
    if not name or length <= 0:
        raise Refused("missing_argument")
    if length > LIMIT:
        raise Refused("file_upload_size_restricted")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = workspace.keep_file(File(f"F{secrets.token_hex(5).upper()}", name, type=kind))
    return {"upload_url": f"{workspace.url}{UPLOADS}{file.id}", "file_id": file.id}


def receive(workspace: Workspace, path: str, content: bytes) -> int:
    """The bytes of a file, at the address that was given for it; Refused when it was not."""
    file = workspace.file(path.removeprefix(UPLOADS))
    if file is None or not content:
        raise Refused("file_not_found")
    workspace.keep_file(replace(file, content=content))
    return len(content)


@method("files.completeUploadExternal", "files:write")
def _complete(workspace: Workspace, arguments: Json) -> Json:
    listed = parsed(arguments, "files")
    if not isinstance(listed, list) or not listed:
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: files"]})
    files = tuple(_titled(workspace, item) for item in listed)
    if arguments.get("channel_id"):
        channel = writable_channel(workspace, arguments)
        thread = thread_root(workspace, channel, arguments)
        text = str(arguments.get("initial_comment") or "")
        workspace.post(channel.id, workspace.bot.id, text, thread=thread, files=files)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _titled(workspace: Workspace, item: Json) -> File:
    file = workspace.file(str(item.get("id") or ""))
    if file is None or not file.content:
        raise Refused("file_not_found")
    return workspace.keep_file(replace(file, title=str(item.get("title") or file.name)))
