"""The state of the local Slack, behind one lock: who there is, what was said, which triggers and addresses are good."""

from __future__ import annotations

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sandbox.slack.model import SLACKBOT, Change, Channel, File, Json, Message, Refused, Status, User, View

T = TypeVar("T")

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60
RESPONSE_URL_USES = 5


@dataclass(slots=True)
class Trigger:
    """A trigger_id: opens one view, for three seconds."""

    user: str
    born: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """A response_url: five answers within thirty minutes, to one channel and mostly for one person."""

    user: str
    channel: str
    born: float
    message: str = ""
    """The timestamp of the message whose button was clicked; empty for a command."""
    uses: int = 0


class Workspace:
    """One workspace with the bot installed. Every method may be called from any thread."""

    def __init__(
        self,
        users: Iterable[User],
        channels: Iterable[Channel],
        *,
        team: str,
        app: str,
        bot: User,
        bot_id: str,
        scopes: frozenset[str] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.team = team
        self.app = app
        self.bot = bot
        self.bot_id = bot_id
        self.bot_token = f"xoxb-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        self.scopes = scopes
        """The scopes that the app was granted; None grants everything."""
        self.clock = clock
        self.url = ""
        """Where the server in front of it is; it says so."""
        self.home_tab = True
        """Whether the app has a Home tab."""
        self.messages_tab = True
        """Whether people and the app may write to each other directly."""
        self.events: frozenset[str] | None = None
        """The events that the app has subscribed to; None delivers everything."""
        self.usergroups: dict[str, tuple[str, ...]] = {}
        """Groups of people that the workspace has, by id."""
        self._changed = threading.Condition(threading.RLock())
        self._users = {user.id: user for user in (*users, bot)}
        self._channels = {channel.id: channel for channel in channels}
        self._messages: dict[tuple[str, str], Message] = {}
        self._views: dict[str, View] = {}
        self._homes: dict[str, View] = {}
        self._files: dict[str, File] = {}
        self._triggers: dict[str, Trigger] = {}
        self._response_urls: dict[str, ResponseUrl] = {}
        self._changes: list[Change] = []
        self._numbers = itertools.count(1)
        self._last_ts = 0

    # Who and where -------------------------------------------------------------------------------------------

    def user(self, name: str) -> User:
        """The person of that id or name."""
        with self._changed:
            for user in self._users.values():
                if name in {user.id, user.name}:
                    return user
        raise Refused("user_not_found")

    def channel(self, name: str) -> Channel:
        """The channel of that id or name."""
        with self._changed:
            for channel in self._channels.values():
                if name in {channel.id, channel.name}:
                    return channel
        raise Refused("channel_not_found")

    def channels(self) -> list[Channel]:
        """All channels."""
        with self._changed:
            return list(self._channels.values())

    def users(self) -> list[User]:
        """Everybody, the bot too."""
        with self._changed:
            return list(self._users.values())

    def direct(self, user: str) -> Channel:
        """The direct message between a person and the bot; opened on first use."""
        with self._changed:
            person = self.user(user)
            channel = Channel("D" + person.id[1:], f"@{person.name}", "im", frozenset({person.id, self.bot.id}))
            return self._channels.setdefault(channel.id, channel)

    def add_channel(self, channel: Channel) -> Channel:
        """A new channel."""
        with self._changed:
            self._channels[channel.id] = channel
            return channel

    def join(self, user: str, channel: str) -> None:
        """Make somebody a member of a channel; ``/invite @s3agent`` is this for the bot."""
        with self._changed:
            found = self.channel(channel)
            self._channels[found.id] = replace(found, members=found.members | {self.user(user).id})

    # What was said -------------------------------------------------------------------------------------------

    def post(self, channel: str, user: str, text: str, **more: Any) -> Message:
        """Add a message. ``more``: ``blocks``, ``thread``, ``only_for``, ``files``."""
        with self._changed:
            blocks = tuple(self._with_id(block) for block in more.pop("blocks", ()))
            message = Message(channel=channel, ts=self._next_ts(), user=user, text=text, blocks=blocks, **more)
            self._messages[channel, message.ts] = message
            self._note("posted", message=message)
            return message

    def update(self, message: Message, text: str, blocks: Iterable[Json]) -> Message:
        """Replace what a message says."""
        with self._changed:
            changed = replace(
                self.message(message.channel, message.ts),
                text=text,
                blocks=tuple(self._with_id(block) for block in blocks),
                edited=self._next_ts(),
            )
            self._messages[changed.channel, changed.ts] = changed
            self._note("updated", message=changed)
            return changed

    def set_status(self, channel: str, thread: str, status: str) -> None:
        """What the bot says it is doing in a thread, until it posts there or says nothing."""
        with self._changed:
            self._note("status", status=Status(channel, thread, status))

    def delete(self, message: Message) -> None:
        """Take a message away."""
        with self._changed:
            if self._messages.pop((message.channel, message.ts), None):
                self._note("deleted", message=message)

    def whisper_from_slack(self, user: str, channel: str, text: str) -> Message:
        """What Slack itself tells a person, such as that a command failed."""
        return self.post(channel, SLACKBOT, text, only_for=user)

    def message(self, channel: str, ts: str) -> Message:
        """The message of that timestamp."""
        with self._changed:
            try:
                return self._messages[channel, ts]
            except KeyError:
                raise Refused("message_not_found") from None

    def messages(self, channel: str, *, thread: str | None = None, reader: str = "") -> list[Message]:
        """Messages of a channel in order. ``thread`` keeps one thread; ``reader`` leaves out what is not for them."""
        with self._changed:
            found = [m for (place, _), m in self._messages.items() if place == channel]
        if thread is not None:
            found = [m for m in found if thread in {m.ts, m.thread}]
        if reader:
            found = [m for m in found if m.only_for in {"", reader}]
        return found

    # Views, triggers, response addresses ---------------------------------------------------------------------

    def new_trigger(self, user: str) -> str:
        """A trigger_id for something that a person just did."""
        with self._changed:
            trigger = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
            self._triggers[trigger] = Trigger(user, self.clock())
            return trigger

    def open_view(self, trigger_id: str, content: Json) -> View:
        """Open a modal for the person who pulled the trigger; Slack's refusals when it is late or used."""
        with self._changed:
            trigger = self._good_trigger(trigger_id)
            trigger.used = True
            return self.push_view(trigger.user, content)

    def push_view(self, user: str, content: Json) -> View:
        """Lay a modal on what is open before a person."""
        with self._changed:
            blocks = self.with_ids(content.get("blocks", ()))
            view = View(f"V{secrets.token_hex(5).upper()}", user, {**content, "blocks": blocks})
            self._views[view.id] = view
            self._note("opened", view=view)
            return view

    def trigger_user(self, trigger_id: str) -> str:
        """Who pulled a trigger; Slack's refusals when it is late or used."""
        with self._changed:
            return self._good_trigger(trigger_id).user

    def keep_view(self, view: View) -> View:
        """Show a view as it is now, with errors or with other content."""
        with self._changed:
            self._views[view.id] = view
            self._note("opened", view=view)
            return view

    def close_view(self, view: View) -> None:
        """Take a modal away."""
        with self._changed:
            if self._views.pop(view.id, None):
                self._note("closed", view=view)

    def publish_home(self, user: str, content: Json) -> View:
        """Show a person's Home tab of the app."""
        with self._changed:
            view = View(f"V{user[1:]}HOME", user, {**content, "blocks": self.with_ids(content.get("blocks", ()))})
            self._homes[user] = view
            self._note("published", view=view)
            return view

    def home(self, user: str) -> View | None:
        """What the app shows a person on its Home tab; None while it showed nothing."""
        with self._changed:
            return self._homes.get(user)

    def keep_file(self, file: File) -> File:
        """A file that is being shared, or has been; its id finds it again."""
        with self._changed:
            self._files[file.id] = file
            return file

    def file(self, file_id: str) -> File | None:
        """The file of that id."""
        with self._changed:
            return self._files.get(file_id)

    def views(self, user: str) -> list[View]:
        """The modals open before a person."""
        with self._changed:
            return [view for view in self._views.values() if view.user == user]

    def new_response_url(self, user: str, channel: str, *, message: str = "") -> str:
        """The path of a new response_url."""
        with self._changed:
            kind = "actions" if message else "commands"
            path = f"/{kind}/{self.team}/{secrets.randbelow(10**12)}/{secrets.token_urlsafe(18)}"
            self._response_urls[path] = ResponseUrl(user, channel, self.clock(), message)
            return path

    def use_response_url(self, path: str) -> ResponseUrl:
        """Count one use of a response_url; Slack's refusals when it is unknown, late or used up."""
        with self._changed:
            address = self._response_urls.get(path)
            if address is None:
                raise Refused("no_service")
            if self.clock() - address.born > RESPONSE_URL_SECONDS:
                raise Refused("expired_url")
            if address.uses >= RESPONSE_URL_USES:
                raise Refused("used_url")
            address.uses += 1
            return address

    # Watching ------------------------------------------------------------------------------------------------

    def changes(self, after: int = 0, *, wait: float = 0.0) -> list[Change]:
        """What changed since the change of that number; waits up to ``wait`` seconds for the first."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._changes) > after, timeout=wait)
            return self._changes[after:]

    def last_change(self) -> int:
        """The number of the last change."""
        with self._changed:
            return len(self._changes)

    def wait_for(self, look: Callable[[], T | None], seconds: float, what: str = "") -> T:
        """The first thing that ``look`` finds; TimeoutError with everything that was said, to read in a test."""
        with self._changed:
            found: list[T] = []

            def seen() -> bool:
                value = look()
                if value:
                    found.append(value)
                return bool(value)

            if not self._changed.wait_for(seen, timeout=seconds):
                raise TimeoutError(f"waited {seconds:g} s for {what or 'a change'} and saw\n{self.transcript()}")
            return found[0]

    def transcript(self) -> str:
        """Everything that was said, a line a message, for error messages."""
        with self._changed:
            lines = (
                f"  {self._channels[m.channel].name}{' (thread)' if m.thread else ''} "
                f"{m.user}{f' → only {m.only_for}' if m.only_for else ''}: {m.text}"
                for m in self._messages.values()
            )
            return "\n".join(lines) or "  nothing"

    def with_ids(self, blocks: Iterable[Json]) -> list[Json]:
        """Blocks as Slack keeps them: it names every one that has no name."""
        with self._changed:
            return [self._with_id(block) for block in blocks]

    # Inside --------------------------------------------------------------------------------------------------

    def _good_trigger(self, trigger_id: str) -> Trigger:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.clock() - trigger.born > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        return trigger

    def _next_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def _note(self, kind: Any, **about: Any) -> None:
        self._changes.append(Change(len(self._changes) + 1, kind, **about))
        self._changed.notify_all()

    def _with_id(self, block: Json) -> Json:
        """Slack names every block that has no name."""
        return block if block.get("block_id") else {**block, "block_id": f"b{next(self._numbers):04x}"}
