"""``python -m sandbox slack``: the bot in a real Slack workspace, from this machine, with no address on the internet.

The listeners are the deployed ones, in Socket Mode: Slack's messages come through a connection that this machine opens.
Behind them is the sandbox's AWS, or with ``--stack`` a stack that was deployed to a real account.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import listeners
from bot.app import bolt_app, to_queue
from sandbox import world
from sandbox.deploy import deploy
from sandbox.ministack import ROOT, MiniStack

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}
"""What ``.env`` must have, and how it begins."""
GROUPS = {"ADMINS": "Admins", "OPERATORS": "Operators", "VIEWERS": "Viewers"}
"""What ``.env`` may have, and the template's parameter that it is."""


class NotSetUp(Exception):
    """Something is missing; the message says what to do."""


def run(stack: str = "") -> int:
    """Connect, and serve until a signal ends it."""
    try:
        env = read_env(ROOT / ".env")
        team, name = _who(env["SLACK_BOT_TOKEN"])
        with _queue(env, team, stack) as send:
            handler = connection(send, env, team)
            handler.client.connect()
            print(
                f"Connected to {name}. In a channel: /invite @s3agent, then /s3agent help. Ctrl-C ends it.", flush=True
            )
            try:
                threading.Event().wait()
            finally:
                handler.client.close()
    except NotSetUp as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


def read_env(path: Path) -> dict[str, str]:
    """The names and values of ``.env``; NotSetUp says which token is missing."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
    env = {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
    for name, start in TOKENS.items():
        if not env.get(name, "").startswith(start):
            raise NotSetUp(f"{path.name} needs a line {name}={start}…: the README says where Slack shows it.")
    return env


def connection(send: listeners.Send, env: Mapping[str, str], team: str) -> SocketModeHandler:
    """The deployed listeners behind a Socket Mode connection, which is not opened yet."""
    client = WebClient(token=env["SLACK_BOT_TOKEN"], timeout=10)
    return SocketModeHandler(bolt_app(send, team), env["SLACK_APP_TOKEN"], web_client=client)


def _who(token: str) -> tuple[str, str]:
    """The id and the name of the workspace."""
    try:
        answer = WebClient(token=token, timeout=10).auth_test()
    except SlackApiError as refused:
        raise NotSetUp(f"Slack does not take SLACK_BOT_TOKEN: {refused.response['error']}") from None
    except OSError as unreachable:
        raise NotSetUp(f"Slack cannot be reached: {unreachable}") from None
    return str(answer["team_id"]), str(answer["team"])


@contextmanager
def _queue(env: Mapping[str, str], team: str, stack: str) -> Iterator[listeners.Send]:
    """Where requests go: the queue of a stack in a real account, or of one that starts here."""
    if stack:
        session: Any = boto3.session.Session()
        found = session.client("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId="RequestsQueue"
        )
        yield to_queue(session.client("sqs"), found["StackResourceDetail"]["PhysicalResourceId"])
        return
    print("Starting the local AWS, and deploying template.yaml …", flush=True)
    with MiniStack() as aws:
        deployment = deploy(aws, _parameters(env, team))
        world.furnish(aws)
        yield to_queue(aws.client("sqs"), deployment.resources["RequestsQueue"])


def _parameters(env: Mapping[str, str], team: str) -> dict[str, str]:
    groups = {parameter: env.get(name, "") for name, parameter in GROUPS.items()}
    # Socket Mode signs nothing, and nothing else calls this stack; the bot wants a secret all the same.
    return {"BotToken": env["SLACK_BOT_TOKEN"], "SigningSecret": "socket-mode", "SlackTeam": team, **groups}
