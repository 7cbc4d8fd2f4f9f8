"""The way from a real workspace: what Socket Mode delivers goes through the deployed listeners onto the queue."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.models import Request
from sandbox.real import NotSetUp, connection, read_env

ENV = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


class RecordingClient:
    """Stands where the connection to Slack does, and keeps what is acknowledged."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.logger = logging.getLogger(__name__)

    def send_socket_mode_response(self, response: Any) -> None:
        self.acknowledged.append(response.envelope_id)


def command(team: str) -> SocketModeRequest:
    payload = {
        "command": "/s3agent",
        "text": "list files in payload-archive",
        "team_id": team,
        "channel_id": "C1",
        "channel_name": "ops",
        "user_id": "U1",
        "trigger_id": "1.2.abc",
        "response_url": "https://hooks.slack.com/commands/1/2/3",
        "api_app_id": "A1",
    }
    return SocketModeRequest(type="slash_commands", envelope_id="e1", payload=payload)


def test_a_command_is_queued_and_acknowledged() -> None:
    sent: list[Request] = []
    client = RecordingClient()

    connection(sent.append, ENV, "T1").handle(client, command("T1"))  # type: ignore[arg-type]

    assert [(request.text, request.team, request.user) for request in sent] == [
        ("list files in payload-archive", "T1", "U1")
    ]
    assert client.acknowledged == ["e1"]


def test_another_workspace_is_not_served() -> None:
    sent: list[Request] = []
    client = RecordingClient()

    connection(sent.append, ENV, "T1").handle(client, command("T2"))  # type: ignore[arg-type]

    assert sent == []
    assert client.acknowledged == []


def test_env_may_have_comments_quotes_and_spaces(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("# tokens\nSLACK_BOT_TOKEN = 'xoxb-1'\nSLACK_APP_TOKEN=\"xapp-1\"\nADMINS=U1,U2\n")

    assert read_env(env) == {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "ADMINS": "U1,U2"}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", "SLACK_BOT_TOKEN=xoxb-"),
        ("SLACK_BOT_TOKEN=xapp-1\nSLACK_APP_TOKEN=xapp-1", "SLACK_BOT_TOKEN=xoxb-"),
        ("SLACK_BOT_TOKEN=xoxb-1", "SLACK_APP_TOKEN=xapp-"),
    ],
)
def test_a_missing_token_is_named(tmp_path: Path, text: str, missing: str) -> None:
    (tmp_path / ".env").write_text(text)

    with pytest.raises(NotSetUp, match=missing):
        read_env(tmp_path / ".env")
