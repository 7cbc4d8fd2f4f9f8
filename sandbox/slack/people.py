"""People who type and click: each act changes the workspace as Slack would show it and is delivered to the bot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, Literal

from sandbox.slack import methods, payloads
from sandbox.slack.blocks import problems_of_options
from sandbox.slack.delivery import Bot, Delivery
from sandbox.slack.model import Json, Message, Refused, View
from sandbox.slack.workspace import ResponseUrl, Workspace

COMMAND = "/s3agent"
NOT_HERE = "You mentioned @s3agent, but they’re not in this channel. /invite @s3agent brings them in."
"""What Slack says, with a button, where the bot hears nothing."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message that a person wrote, and its way to the bot."""

    message: Message
    deliveries: tuple[Future[Delivery], ...]


class Person:
    """One person of the workspace, in front of their Slack."""

    def __init__(self, workspace: Workspace, bot: Bot, url: str, name: str) -> None:
        self.user = workspace.user(name)
        self._workspace = workspace
        self._bot = bot
        self._url = url

    def command(self, text: str, channel: str, *, name: str = COMMAND) -> Delivery:
        """Type a slash command. Others do not see it; when the bot does not take it, Slack tells the person.

        In a shared channel a guest has the commands of their own workspace, not this one's.
        """
        place = self._workspace.channel(channel)
        if self.user.team != self._workspace.team:
            self._workspace.whisper_from_slack(self.user.id, place.id, f"{name} is not a valid command.")
            return Delivery(f"{name} {text}")
        form = payloads.command(self._workspace, place, self.user, name=name, text=text, url=self._url)
        delivery = self._bot.send_form(f"{name} {text}", form)
        if not delivery.acked:
            code = "operation_timeout" if delivery.attempts[-1].reason == "http_timeout" else "dispatch_failed"
            self._workspace.whisper_from_slack(self.user.id, place.id, f"{name} failed with the error “{code}”")
        self._show(delivery.attempts[-1].body if delivery.acked else "", ResponseUrl(self.user.id, place.id, 0.0))
        return delivery

    def say(self, text: str, channel: str, *, thread: str = "") -> Said:
        """Write a message, in a thread or not. The bot hears it when it is in the channel."""
        place = self._workspace.channel(channel)
        if self.user.id not in place.members:
            raise Refused("not_in_channel")
        wire = payloads.wire_text(self._workspace, text)
        message = self._workspace.post(place.id, self.user.id, wire, thread=thread)
        mentioned = f"<@{self._workspace.bot.id}>" in wire
        if self._workspace.bot.id not in place.members:
            if mentioned:
                self._workspace.whisper_from_slack(self.user.id, place.id, NOT_HERE)
            return Said(message, ())
        kinds = ["message"]
        if mentioned and place.kind != "im":
            kinds.insert(0, "app_mention")
        told = (payloads.said(self._workspace, place, message, kind) for kind in kinds)
        return Said(message, tuple(filter(None, (self._tell(inner, shared=place.shared) for inner in told))))

    def direct(self, text: str, *, thread: str = "") -> Said:
        """Write to the bot alone."""
        return self.say(text, self._workspace.direct(self.user.id).id, thread=thread)

    def edit(self, message: Message, text: str) -> Message:
        """Change what was written; ``Echo`` tells the bot."""
        return self._workspace.update(message, payloads.wire_text(self._workspace, text), ())

    def click(self, where: Message | View, action: str, value: str | None = None, *, chosen: Any = None) -> Delivery:
        """Press a button of a message or of the Home tab, or choose in a select; ``value`` tells apart buttons of one
        ``action_id``."""
        payload = payloads.click(
            self._workspace, self.user, where, action=action, value=value, chosen=chosen, url=self._url
        )
        return self._interact(f"click {action}", payload)

    def submit(self, view: View, values: Mapping[str, Any]) -> Delivery:
        """Fill in a modal and send it. It closes, unless the bot finds something wrong with it."""
        delivery = self._interact("submit", payloads.submission(self._workspace, self.user, view, values))
        if not delivery.acked:
            return delivery
        body = delivery.attempts[-1].body
        answer: Json = json.loads(body) if body.strip() else {}
        match answer.get("response_action"):
            case "errors":
                self._workspace.keep_view(replace(view, errors=answer["errors"]))
            case "update":
                blocks = self._workspace.with_ids(answer["view"]["blocks"])
                self._workspace.keep_view(replace(view, content={**answer["view"], "blocks": blocks}, errors={}))
            case "push":
                self._workspace.push_view(self.user.id, answer["view"])
            case "clear":
                for other in self._workspace.views(self.user.id):
                    self._workspace.close_view(other)
            case _:
                self._workspace.close_view(view)
        return delivery

    def close(self, view: View) -> None:
        """Close a modal unsent; an app that asked for it is told."""
        self._workspace.close_view(view)
        if view.content.get("notify_on_close"):
            self._interact("close", payloads.view_closed(self._workspace, self.user, view))

    def suggest(self, where: View | Message, block: str, query: str) -> list[Json]:
        """The options that the bot has for what was typed into an external select."""
        payload = payloads.suggestion(self._workspace, self.user, where, block, query)
        delivery = self._interact("suggestion", payload)
        body = delivery.attempts[-1].body if delivery.acked else ""
        answer: Json = json.loads(body) if body.strip() else {}
        if problems_of_options(answer):
            return []  # Slack says that it could not load them
        groups = [group["options"] for group in answer.get("option_groups", ())]
        return [*answer.get("options", ()), *(option for options in groups for option in options)]

    def open_app(self, tab: Literal["home", "messages"]) -> Future[Delivery] | None:
        """Look at a tab of the app; None when the app does not want to know."""
        return self._tell(payloads.home_opened(self._workspace, self.user, tab))

    def _tell(self, inner: Json, *, shared: bool = False) -> Future[Delivery] | None:
        """Send an event to the bot, if it has subscribed to its kind."""
        if not payloads.is_subscribed(self._workspace, inner):
            return None
        return self._bot.send_event(inner["type"], payloads.event(self._workspace, inner, shared=shared))

    def _interact(self, what: str, payload: Json) -> Delivery:
        return self._bot.send_form(what, {"payload": json.dumps(payload)})

    def _show(self, body: str, address: ResponseUrl) -> None:
        """What the bot answered in the body of its ack is a message, to the person or to the channel."""
        if not body.strip():
            return
        try:
            answer = json.loads(body)
        except ValueError:
            answer = {"text": body}
        if isinstance(answer, dict) and (answer.get("text") or answer.get("blocks")):
            methods.answer(self._workspace, address, answer)
