"""What the bot hears of its own doings: Slack sends an app the events of its own posts, edits and deletions too."""

from __future__ import annotations

import threading

from sandbox.slack import payloads
from sandbox.slack.delivery import Bot
from sandbox.slack.model import Change, Json, Message
from sandbox.slack.workspace import Workspace


class Echo:
    """Follows the workspace and delivers those events in the background, until ``stop``."""

    def __init__(self, workspace: Workspace, bot: Bot) -> None:
        self._workspace = workspace
        self._bot = bot
        self._stopping = threading.Event()
        self._seen = len(workspace.changes())
        self._thread = threading.Thread(target=self._follow, name="slack-echo", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Deliver nothing more."""
        self._stopping.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._stopping.is_set():
            for change in self._workspace.changes(self._seen, wait=0.5):
                self._seen = change.number
                event = self._event(change)
                wanted = event and payloads.is_subscribed(self._workspace, event)
                if event and wanted and not self._stopping.is_set():
                    self._bot.send_event(f"echo of {change.kind}", payloads.event(self._workspace, event))

    def _event(self, change: Change) -> Json | None:
        message = change.message
        if message is None or not self._heard(message):
            return None
        place = self._workspace.channel(message.channel)
        match change.kind:
            case "updated":
                return payloads.changed(self._workspace, place, message)
            case "deleted":
                return payloads.deleted(place, message, f"{self._workspace.clock():.6f}")
            case "posted" if message.user == self._workspace.bot.id:
                return payloads.said(self._workspace, place, message)
        return None  # what people post is delivered when they say it

    def _heard(self, message: Message) -> bool:
        members = self._workspace.channel(message.channel).members
        return not message.only_for and self._workspace.bot.id in members
