"""The Slack app's manifest asks for what the bot uses, and for nothing else.

Slack's limits are those of https://docs.slack.dev/reference/app-manifest.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest

from bot import slack as slack_api
from bot.app import bolt_app, conversation
from bot.models import Request
from tests import slack_payloads as slack

ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = json.loads((ROOT / "manifest.json").read_text())
REQUEST_URL = "https://YOUR-API-ID.execute-api.YOUR-REGION.amazonaws.com/slack/events"

SCOPES_FOR_EVENTS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
}
SCOPES_FOR_WRITING = {"commands", "chat:write", "files:write"}
"""Posting, editing and whispering need chat:write, charts files:write; response_urls, modals and Home need no scope."""


def events() -> list[str]:
    listed: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    return listed


def test_the_scopes_are_those_that_the_events_and_the_calls_need() -> None:
    scopes = MANIFEST["oauth_config"]["scopes"]

    assert set(scopes) == {"bot"}
    assert set(scopes["bot"]) == ({SCOPES_FOR_EVENTS[event] for event in events()} | SCOPES_FOR_WRITING) - {""}


def test_no_call_of_the_bot_needs_another_scope() -> None:
    source = Path(slack_api.__file__).read_text()
    families = ("chat.", "views.", "users.", "files.")
    methods = {word for word in source.replace('"', " ").split() if word.startswith(families)}

    assert {method.strip("(),") for method in methods} == {
        "chat.postMessage",
        "chat.update",
        "chat.postEphemeral",
        "views.open",
        "views.publish",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
    }


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("app_home_opened", slack.app_home_opened()),
        ("app_mention", slack.app_mention("<@U0S3AGENT> list buckets")),
        ("message.channels", slack.reply("my-bucket")),
        ("message.groups", slack.reply("my-bucket", channel_type="group")),
        ("message.im", slack.direct_message("list buckets")),
    ],
)
def test_every_event_that_is_subscribed_to_reaches_the_queue(event: str, payload: slack.Json) -> None:
    queued: list[Request] = []

    bolt_app(queued.append).dispatch(BoltRequest(mode="socket_mode", body=payload))

    assert event in events()
    assert [conversation(request).split("#")[0] for request in queued] == ["T0LOCAL"]


def test_commands_events_and_buttons_go_to_one_address_that_the_reader_fills_in() -> None:
    settings, command = MANIFEST["settings"], MANIFEST["features"]["slash_commands"][0]

    assert {command["url"], settings["event_subscriptions"]["request_url"]} == {REQUEST_URL}
    assert settings["interactivity"] == {"is_enabled": True, "request_url": REQUEST_URL}
    assert settings["socket_mode_enabled"] is False


def test_the_command_comes_as_it_is_typed() -> None:
    command = MANIFEST["features"]["slash_commands"][0]

    assert command["command"] == "/s3agent"
    assert command["should_escape"] is False  # else a bucket named my.bucket.com arrives as a link


def test_people_can_write_to_the_bot_directly_and_look_at_its_home_tab() -> None:
    assert MANIFEST["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


def test_the_name_to_invite_is_the_bots_name() -> None:
    assert MANIFEST["features"]["bot_user"]["display_name"] == "s3agent"
    assert "/invite @s3agent" in Path(slack_api.__file__).read_text()


def test_texts_are_as_short_as_slack_wants_them() -> None:
    shown, command = MANIFEST["display_information"], MANIFEST["features"]["slash_commands"][0]

    assert MANIFEST["_metadata"]["major_version"] == 2
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
