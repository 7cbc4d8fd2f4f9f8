"""The Web API methods of modals and of the Home tab."""

from __future__ import annotations

from dataclasses import replace

from sandbox.slack.blocks import problems_of_view
from sandbox.slack.methods import method, parsed, view_hash, view_payload
from sandbox.slack.model import Json, Refused, View
from sandbox.slack.workspace import Workspace

STACK = 3
"""Modals that may lie on each other."""


@method("views.open")
def _open(workspace: Workspace, arguments: Json) -> Json:
    content = _content(arguments, "modal")
    return _shown(workspace, workspace.open_view(str(arguments.get("trigger_id", "")), content))


@method("views.push")
def _push(workspace: Workspace, arguments: Json) -> Json:
    content = _content(arguments, "modal")
    user = workspace.trigger_user(str(arguments.get("trigger_id", "")))
    if len(workspace.views(user)) >= STACK:
        raise Refused("push_limit_reached")
    return _shown(workspace, workspace.open_view(str(arguments.get("trigger_id", "")), content))


@method("views.update")
def _update(workspace: Workspace, arguments: Json) -> Json:
    content = _content(arguments, "modal")
    view = _named(workspace, arguments)
    if arguments.get("hash") not in {None, "", view_hash(view)}:
        raise Refused("hash_conflict")
    blocks = workspace.with_ids(content["blocks"])
    return _shown(workspace, workspace.keep_view(replace(view, content={**content, "blocks": blocks}, errors={})))


@method("views.publish")
def _publish(workspace: Workspace, arguments: Json) -> Json:
    content = _content(arguments, "home")
    if not workspace.home_tab:
        raise Refused("not_enabled")
    reader = workspace.user(str(arguments.get("user_id", "")))
    return _shown(workspace, workspace.publish_home(reader.id, content))


def _named(workspace: Workspace, arguments: Json) -> View:
    view_id, external_id = arguments.get("view_id"), arguments.get("external_id")
    for user in workspace.users():
        for view in workspace.views(user.id):
            if view_id == view.id or (external_id and external_id == view.content.get("external_id")):
                return view
    raise Refused("not_found")


def _content(arguments: Json, kind: str) -> Json:
    content = parsed(arguments, "view")
    if not isinstance(content, dict):
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]})
    problems = problems_of_view(content, kind)
    if problems:
        raise Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {p}" for p in problems]})
    return content


def _shown(workspace: Workspace, view: View) -> Json:
    return {"view": view_payload(workspace, view)}
