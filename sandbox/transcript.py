"""A conversation on a terminal: messages as they come, threads indented, buttons numbered."""

from __future__ import annotations

import itertools
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO, TypeVar

from sandbox.slack import Message, User, Workspace, read
from sandbox.slack.model import SLACKBOT, Change, Refused

T = TypeVar("T")

NAME_WIDTH = 8
BOLD, DIM, GREEN, CYAN = "1", "2", "32", "36"


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be pressed by its number."""

    message: Message
    action: str
    value: str | None
    label: str


class Transcript:
    """Prints what the workspace shows. Coloured on a terminal, unless that is dumb or NO_COLOR is set."""

    def __init__(self, workspace: Workspace, out: TextIO = sys.stdout) -> None:
        self._workspace = workspace
        self._out = out
        self.prompt: Callable[[], str] = str
        """What stands on the last line while a person types; drawn again after a message."""
        self._colour = out.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self._lock = threading.RLock()
        self._seen = 0
        self._shown: dict[str, str] = {}
        """The timestamp of a message to what it said when it was last printed."""
        self._channel = ""
        self.buttons: dict[int, Button] = {}
        """Those that can be pressed, by numbers that are never given twice: one typed late must not press another."""
        self._numbers = itertools.count(1)
        self.last_from_bot: Message | None = None

    def note(self, text: str) -> None:
        """A line of the demo's own."""
        self._print(self._paint(DIM, text))

    def typed(self, user: User, channel: str, text: str) -> None:
        """What a person typed that Slack does not show, such as a command."""
        with self._lock:
            self._place(channel)
            self._say(user.name, text, "")

    def show(self, wait: float = 0.0) -> None:
        """Print what is new; waits up to ``wait`` seconds for something."""
        changes = self._workspace.changes(self._seen, wait=wait)
        with self._lock:
            for change in changes:
                if change.number > self._seen:
                    self._seen = change.number
                    self._show(change)

    def show_until(self, look: Callable[[], T | None], seconds: float) -> T | None:
        """Print what is new until ``look`` finds something; None when it does not in time."""
        deadline = time.monotonic() + seconds
        while True:
            self.show(wait=0.1)
            found = look()
            if found or time.monotonic() > deadline:
                self.show()
                return found

    def names(self, user: str) -> str:
        """The name of a person by id."""
        if user == SLACKBOT:
            return "Slackbot"
        try:
            return self._workspace.user(user).name
        except Refused:
            return user

    def _show(self, change: Change) -> None:
        if change.kind == "opened" and change.view and not change.view.errors:
            title = change.view.content["title"]["text"]
            self._print(self._paint(DIM, f"  (a form opens for {self.names(change.view.user)}: {title})"))
        message = change.message
        if message is None or change.kind not in {"posted", "updated"}:
            return
        if message.user == self._workspace.bot.id:
            self.last_from_bot = message
        said, buttons = read(message, self.names), self._numbered(message)
        marks = []
        before, self._shown[message.ts] = self._shown.get(message.ts, ""), said
        if change.kind == "updated":
            said, about = _changed(before, said)
            marks.append(f"edited {about}".strip())
        if not (said or buttons or change.kind == "posted"):
            return
        if message.only_for:
            marks.append(f"only visible to {self.names(message.only_for)}")
        self._place(message.channel)
        self._say(self.names(message.user), said, message.thread, marks, buttons)

    def _numbered(self, message: Message) -> list[Button]:
        """The message's buttons, to be numbered anew; none when they stand there as before."""
        there = [button for button in self.buttons.values() if button.message.ts == message.ts]
        now = [
            Button(message, str(element["action_id"]), element.get("value"), str(element["text"]["text"]))
            for _, element in message.elements
            if element["type"] == "button"
        ]
        if [(b.action, b.value) for b in now] == [(b.action, b.value) for b in there]:
            return []
        self.buttons = {n: b for n, b in self.buttons.items() if b.message.ts != message.ts}
        return now

    def _say(
        self, name: str, text: str, thread: str, marks: list[str] | None = None, buttons: list[Button] | None = None
    ) -> None:
        margin = "  ↳ " if thread else "  "
        speaker = self._paint(GREEN if name == self._workspace.bot.name else BOLD, name.ljust(NAME_WIDTH))
        lines = text.split("\n") or [""]
        aside = self._paint(DIM, f"  ({', '.join(marks)})") if marks else ""
        self._print(f"{self._paint(DIM, margin)}{speaker} {lines[0]}{aside}")
        below = " " * (len(margin) + NAME_WIDTH + 1)
        for line in lines[1:]:
            self._print(below + line)
        if buttons:
            self._print(below + "  ".join(self._button(button) for button in buttons))

    def _button(self, button: Button) -> str:
        number = next(self._numbers)
        self.buttons[number] = button
        return self._paint(CYAN, f"[{button.label}]") + self._paint(DIM, f" !{number}")

    def _place(self, channel: str) -> None:
        """A heading when the conversation goes on elsewhere."""
        place = self._workspace.channel(channel)
        if place.id != self._channel:
            self._channel = place.id
            title = f"direct message with {place.name}" if place.kind == "im" else f"#{place.name}"
            self._print("\n" + self._paint(BOLD, title))

    def _print(self, line: str) -> None:
        with self._lock:
            prompt = self.prompt()
            erase = "\r\033[K" if prompt else ""
            self._out.write(f"{erase}{line}\n{prompt}")
            self._out.flush()

    def _paint(self, colour: str, text: str) -> str:
        return f"\033[{colour}m{text}\033[0m" if self._colour and text else text


def _changed(before: str, after: str) -> tuple[str, str]:
    """The lines of an edited message that are new, and what it is about; all of them when it says something else."""
    known, lines = before.split("\n"), after.split("\n")
    if lines[0] != known[0]:
        return after, ""
    about = re.search("`([^`]+)`", lines[0])
    return "\n".join(line for line in lines if line not in known), about[1] if about else ""
