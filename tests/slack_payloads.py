"""What Slack sends, as it sends it: payloads, signed requests, and the API Gateway events that carry them.

The people and ids are those of the sandbox: alice writes in the channel C0OPS of the team T0LOCAL.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, CHANNEL, DM = "T0LOCAL", "C0OPS", "D0ALICE"
ALICE, BOT, BOT_ID, APP = "U0ALICE", "U0S3AGENT", "B0S3AGENT", "A0S3AGENT"
TS, ROOT = "1700000000.000200", "1700000000.000100"
TRIGGER = "13345224609.738474920.8088930838d88f008e0"
RESPONSE_URL = "https://hooks.slack.com/commands/T0LOCAL/1/2"

Json = dict[str, Any]


# --- payloads --------------------------------------------------------------------------------------------------------


def command(text: str = "list buckets", **changes: str) -> dict[str, str]:
    """The form of ``/s3agent TEXT``."""
    return {
        "token": "deprecated",
        "team_id": TEAM,
        "team_domain": "local",
        "channel_id": CHANNEL,
        "channel_name": "ops",
        "user_id": ALICE,
        "user_name": "alice",
        "command": "/s3agent",
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": RESPONSE_URL,
        "trigger_id": TRIGGER,
        **changes,
    }


def event(inner: Mapping[str, Any], **changes: Any) -> Json:
    """The envelope of the Events API around an inner event."""
    installation = {
        "enterprise_id": None,
        "team_id": TEAM,
        "user_id": BOT,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "deprecated",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": dict(inner),
        "type": "event_callback",
        "event_id": "Ev0000000001",
        "event_time": 1700000000,
        "authorizations": [installation],
        "is_ext_shared_channel": False,
        "event_context": "4-eyJldCI6Im1lc3NhZ2UifQ",
        **changes,
    }


def written(text: str, **changes: Any) -> Json:
    """The inner event of what alice wrote in the channel."""
    return {
        "type": "message",
        "user": ALICE,
        "text": text,
        "ts": TS,
        "client_msg_id": "5d7a1f6e-8d1c-4f49-9b0d-6f8a0f1c2b3a",
        "team": TEAM,
        "channel": CHANNEL,
        "event_ts": TS,
        "channel_type": "channel",
        "blocks": [],
        **changes,
    }


def app_mention(text: str, **changes: Any) -> Json:
    """A mention of the bot, whose inner event does not say what kind of channel it is in."""
    inner = written(text, type="app_mention", **changes)
    del inner["channel_type"]
    return event(inner)


def message(text: str, **changes: Any) -> Json:
    """A message at the top of the channel."""
    return event(written(text, **changes))


def reply(text: str, **changes: Any) -> Json:
    """A message in the thread that began with ROOT."""
    return message(text, **{"thread_ts": ROOT, "parent_user_id": BOT, **changes})


def direct_message(text: str, **changes: Any) -> Json:
    """A message to the bot alone."""
    return message(text, **{"channel": DM, "channel_type": "im", **changes})


def app_home_opened(**changes: Any) -> Json:
    """Alice looks at the app's Home tab."""
    return event(
        {"type": "app_home_opened", "user": ALICE, "channel": DM, "tab": "home", "event_ts": "1700000009.1", **changes}
    )


def _interaction(kind: str) -> Json:
    return {
        "type": kind,
        "token": "deprecated",
        "api_app_id": APP,
        "team": {"id": TEAM, "domain": "local"},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": ALICE, "username": "alice", "name": "alice", "team_id": TEAM},
        "trigger_id": TRIGGER,
    }


def block_actions(action: str, value: str, **changes: Any) -> Json:
    """A click on a button of a message in the thread that began with ROOT."""
    pressed = {"action_id": action, "block_id": "b1", "type": "button", "value": value, "action_ts": "1700000009.1"}
    return {
        **_interaction("block_actions"),
        "container": {
            "type": "message",
            "message_ts": TS,
            "channel_id": CHANNEL,
            "is_ephemeral": False,
            "thread_ts": ROOT,
        },
        "channel": {"id": CHANNEL, "name": "ops"},
        "message": {"type": "message", "user": BOT, "bot_id": BOT_ID, "ts": TS, "thread_ts": ROOT, "text": "Sure?"},
        "state": {"values": {}},
        "response_url": RESPONSE_URL,
        "actions": [pressed],
        **changes,
    }


def view_submission(values: Mapping[str, Any], metadata: str, **changes: Any) -> Json:
    """The modal ``run``, sent off; ``values`` by block id and action id."""
    view = {
        "id": "V0000000001",
        "team_id": TEAM,
        "type": "modal",
        "callback_id": "run",
        "private_metadata": metadata,
        "state": {"values": dict(values)},
        "hash": "1700000000.abcdef",
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT_ID,
    }
    return {**_interaction("view_submission"), "view": {**view, **changes}, "response_urls": []}


def url_verification(challenge: str) -> Json:
    """What Slack sends when the request URL is set."""
    return {"token": "deprecated", "challenge": challenge, "type": "url_verification"}


def app_rate_limited() -> Json:
    """The one delivery of the Events API that has no inner event."""
    return {
        "token": "deprecated",
        "type": "app_rate_limited",
        "team_id": TEAM,
        "minute_rate_limited": 1700000000,
        "api_app_id": APP,
    }


# --- requests --------------------------------------------------------------------------------------------------------


def sign(body: str, timestamp: str, secret: str = SIGNING_SECRET) -> str:
    """Slack's signature, computed here and not by the library that checks it."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()


def http_event(body: str, headers: Mapping[str, str], *, encoded: bool = False, method: str = "POST") -> Json:
    """A request as API Gateway's HTTP API hands it over (payload format 2.0): header names in lower case."""
    path = "/slack/events"
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "application/json,*/*",
            "host": "abc123.execute-api.eu-central-1.amazonaws.com",
            "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **{name.lower(): value for name, value in headers.items()},
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": "abc123.execute-api.eu-central-1.amazonaws.com",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": f"{method} {path}",
            "stage": "$default",
            "time": "14/Nov/2023:22:13:20 +0000",
            "timeEpoch": 1700000000000,
        },
        "body": base64.b64encode(body.encode()).decode() if encoded else body,
        "isBase64Encoded": encoded,
    }


def signed(body: str, content_type: str, *, secret: str = SIGNING_SECRET, at: float | None = None, **more: str) -> Json:
    """A signed request; ``at`` is when, now if not said. Forms arrive in base64, JSON as text."""
    timestamp = str(int(time.time() if at is None else at))
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": sign(body, timestamp, secret),
        **more,
    }
    return http_event(body, headers, encoded=content_type.startswith("application/x-www-form-urlencoded"))


def signed_form(form: Mapping[str, str], **how: Any) -> Json:
    """A command, on its way."""
    return signed(urlencode(form), "application/x-www-form-urlencoded", **how)


def signed_json(payload: Any, **how: Any) -> Json:
    """An event, on its way."""
    return signed(json.dumps(payload), "application/json", **how)


def signed_interaction(payload: Mapping[str, Any], **how: Any) -> Json:
    """A click or a submission, on its way."""
    return signed_form({"payload": json.dumps(payload)}, **how)
