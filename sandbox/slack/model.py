"""What a workspace is made of: people, channels, messages, views. Frozen; ``workspace`` replaces, never mutates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]

SLACKBOT = "USLACKBOT"
"""Who tells a person that a command failed."""


class Refused(Exception):
    """The Web API says no: ``error`` is Slack's own name for it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass(frozen=True, slots=True)
class User:
    """Somebody in the workspace, or a guest of another one."""

    id: str
    name: str
    team: str
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A public channel, a private one (``group``) or a direct message (``im``)."""

    id: str
    name: str
    kind: Literal["channel", "group", "im"] = "channel"
    members: frozenset[str] = frozenset()
    shared: bool = False
    """Shared with another workspace (Slack Connect)."""
    archived: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file that was uploaded."""

    id: str
    name: str
    title: str = ""
    type: str = "application/octet-stream"
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the channel shows it."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    thread: str = ""
    """The root's timestamp when it is a reply."""
    only_for: str = ""
    """The one person who sees it, of an ephemeral message."""
    edited: str = ""
    files: tuple[File, ...] = ()

    @property
    def elements(self) -> Iterator[tuple[str, Json]]:
        """Everything that can be clicked, with the id of its block."""
        return _clickable(self.blocks)

    def element(self, action: str, value: str | None = None) -> tuple[str, Json]:
        """The first clickable of that ``action_id``, and that value if one is given; LookupError names those there."""
        return _clicked(self.blocks, action, value)


@dataclass(frozen=True, slots=True)
class View:
    """A modal that is open before somebody, or what the app shows them on its Home tab."""

    id: str
    user: str
    content: Json
    errors: Json = field(default_factory=dict)
    """Block id to what the bot found wrong with it."""

    @property
    def callback_id(self) -> str:
        """What the bot knows the modal by."""
        return str(self.content.get("callback_id", ""))

    def element(self, action: str, value: str | None = None) -> tuple[str, Json]:
        """As that of a message."""
        return _clicked(self.content["blocks"], action, value)


def _clickable(blocks: Iterable[Json]) -> Iterator[tuple[str, Json]]:
    for block in blocks:
        for element in (*block.get("elements", ()), block.get("accessory")):
            if isinstance(element, dict) and "action_id" in element:
                yield str(block.get("block_id", "")), element


def _clicked(blocks: Iterable[Json], action: str, value: str | None) -> tuple[str, Json]:
    there = list(_clickable(blocks))
    for block_id, element in there:
        if element["action_id"] == action and value in {None, element.get("value")}:
            return block_id, element
    raise LookupError(f"no button {action!r} is here, only {[element['action_id'] for _, element in there]}")


@dataclass(frozen=True, slots=True)
class Status:
    """What the bot says it is doing in a thread; empty when it says nothing any more."""

    channel: str
    thread: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that the workspace shows differently now; numbered, so that a watcher can go on where it was."""

    number: int
    kind: Literal["posted", "updated", "deleted", "opened", "closed", "published", "status"]
    message: Message | None = None
    view: View | None = None
    status: Status | None = None
