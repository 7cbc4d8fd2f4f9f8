"""A local Slack of its own for each test, the real Slack SDK to call it, and a bot that records what reaches it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from sandbox.cast import new_workspace
from sandbox.slack import LocalSlack, Workspace
from tests.sandbox.recording_bot import RecordingBot


@pytest.fixture
def workspace() -> Workspace:
    return new_workspace()


@pytest.fixture
def slack(workspace: Workspace) -> Iterator[LocalSlack]:
    with LocalSlack(workspace) as server:
        yield server


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return WebClient(token=slack.workspace.bot_token, base_url=slack.api_url, timeout=5)


@pytest.fixture
def recording_bot() -> Iterator[RecordingBot]:
    bot = RecordingBot()
    yield bot
    bot.close()
