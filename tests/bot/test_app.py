"""BotFunction's border: signed requests in API Gateway events go in, messages on the queue and answers come out."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from bot import app
from bot.app import Border, to_queue
from bot.aws import SlackSecret
from bot.config import settings
from bot.models import Request
from tests import slack_payloads as slack
from tests.fakes import Queue

NOW = 1_700_000_000.0
QUEUE_DOWN = EndpointConnectionError(endpoint_url="https://sqs.eu-central-1.amazonaws.com/")


class Secrets:
    """Secrets Manager's part: what the secret is when it is read, and how often it was read again."""

    def __init__(self, *signing_secrets: str) -> None:
        self._to_come = list(signing_secrets or [slack.SIGNING_SECRET])
        self.rereads = 0

    def __call__(self, refresh: bool) -> SlackSecret:
        if refresh:
            self.rereads += 1
            if len(self._to_come) > 1:
                self._to_come.pop(0)
        return SlackSecret("xoxb-1", self._to_come[0])


@pytest.fixture
def queue() -> Queue:
    return Queue()


def border(queue: Queue, secrets: Secrets | None = None, team: str = "", now: float = NOW) -> Border:
    return Border(secrets or Secrets(), to_queue(queue, "https://sqs/Requests.fifo"), team=team, clock=lambda: now)


def command(text: str, **how: Any) -> slack.Json:
    return slack.signed_form(slack.command(text), at=how.pop("at", NOW), **how)


def status(response: slack.Json) -> int:
    code: int = response["statusCode"]
    return code


# --- let in ----------------------------------------------------------------------------------------------------------


def test_a_command_is_queued_and_acked_with_silence(queue: Queue) -> None:
    response = border(queue)(command("list buckets"))

    assert (status(response), response["body"]) == (200, "")
    assert [(r.kind, r.text, r.user) for r in queue.requests] == [("command", "list buckets", "U0ALICE")]


@pytest.mark.parametrize(
    "text",
    [
        "list files in payload-archive",
        "payload",
        "payload={}",
        "a=b&c=d",
        "🪣 ünïcode עברית",
        "",
        " ",
        "x" * 4000,
        "\x00",
    ],
)
def test_any_text_of_a_command_arrives_as_it_was_typed(queue: Queue, text: str) -> None:
    response = border(queue)(command(text))

    assert status(response) == 200
    assert [r.text for r in queue.requests] == [text]


def test_a_command_is_ordinary_in_a_channel_whose_name_contains_payload(queue: Queue) -> None:
    form = slack.command("list buckets", channel_name="payload-team")

    assert status(border(queue)(slack.signed_form(form, at=NOW))) == 200
    assert [r.text for r in queue.requests] == ["list buckets"]


def test_a_form_arrives_as_plain_text_or_in_base64(queue: Queue) -> None:
    encoded = command("list buckets")
    body = slack.urlencode(slack.command("list buckets"))
    plain = {**encoded, "body": body, "isBase64Encoded": False}

    assert [status(border(queue)(event)) for event in (encoded, plain)] == [200, 200]
    assert queue.calls == 2


def test_the_message_on_the_queue_is_the_request_in_its_conversation(queue: Queue) -> None:
    border(queue)(slack.signed_json(slack.reply("my-bucket"), at=NOW))

    message = next(iter(queue.messages.values()))
    assert message["QueueUrl"] == "https://sqs/Requests.fifo"
    assert message["MessageGroupId"] == "T0LOCAL#C0OPS#1700000000.000100"
    assert (
        message["MessageDeduplicationId"]
        # printf 'T0LOCAL#C0OPS#1700000000.000200' | sha256sum
        == "3a33b1c323797f9d5c98672e700e549f8fa1b11f0256b505a2e9fa3ea7c1d510"
    )
    assert json.loads(message["MessageBody"])["id"] == "T0LOCAL#C0OPS#1700000000.000200"


@pytest.mark.parametrize(
    ("request_", "group"),
    [
        (Request("1", "command", "T1", "C1", "U1"), "T1#C1#U1"),
        (Request("1", "mention", "T1", "C1", "U1", ts="5.1"), "T1#C1#5.1"),
        (Request("1", "message", "T1", "C1", "U1", ts="5.2", thread="5.1"), "T1#C1#5.1"),
        (Request("1", "click", "T1", "C1", "U1", ts="5.1"), "T1#C1#5.1"),
        (Request("1", "message", "T1", "D1", "U1", ts="5.1"), "T1#D1#U1"),
        (Request("1", "message", "T1", "D1", "U1", ts="5.2", thread="5.1"), "T1#D1#5.1"),
    ],
)
def test_a_thread_or_a_persons_commands_are_worked_on_in_order(request_: Request, group: str) -> None:
    assert app.conversation(request_) == group


def test_the_challenge_of_the_request_url_is_answered(queue: Queue) -> None:
    response = border(queue)(slack.signed_json(slack.url_verification("3eZbrw1a"), at=NOW))

    assert (status(response), json.loads(response["body"])) == (200, {"challenge": "3eZbrw1a"})
    assert queue.calls == 0


def test_the_certificate_check_is_answered_though_it_is_not_signed(queue: Queue) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = border(queue)(slack.http_event("ssl_check=1&token=deprecated", headers, encoded=True))

    assert (status(response), response["body"], queue.calls) == (200, "", 0)


def test_an_unsigned_command_does_not_pass_as_a_certificate_check(queue: Queue) -> None:
    body = slack.urlencode({**slack.command("list buckets"), "ssl_check": "1"})

    response = border(queue)(slack.http_event(body, {"content-type": "application/x-www-form-urlencoded"}))

    assert (status(response), response["body"], queue.calls) == (200, "", 0)


@pytest.mark.parametrize(
    "payload",
    [
        slack.app_rate_limited(),
        slack.event({"type": "app_home_opened", "user": "U0ALICE", "tab": "messages"}),
        slack.event({"type": "some_event_of_the_future"}),
        slack.message("x", subtype="message_changed", hidden=True),
        slack.message("x", subtype="channel_join"),
    ],
)
def test_what_is_not_for_the_bot_is_acked_and_let_be(queue: Queue, payload: slack.Json) -> None:
    assert status(border(queue)(slack.signed_json(payload, at=NOW))) == 200
    assert queue.calls == 0


@pytest.mark.parametrize("kind", ["view_closed", "shortcut", "message_action", "block_suggestion"])
def test_an_interaction_that_is_not_for_the_bot_is_acked_and_let_be(queue: Queue, kind: str) -> None:
    payload = {"type": kind, "team": {"id": "T0LOCAL"}, "user": {"id": "U0ALICE"}, "view": {}, "callback_id": "x"}

    assert status(border(queue)(slack.signed_interaction(payload, at=NOW))) == 200
    assert queue.calls == 0


@pytest.mark.usefixtures("socket_disabled")
@pytest.mark.parametrize(
    "event",
    [
        command("list buckets"),
        slack.signed_json(slack.app_mention("<@U0S3AGENT> list buckets"), at=NOW),
        slack.signed_json(slack.direct_message("list buckets"), at=NOW),
        slack.signed_json(slack.reply("my-bucket"), at=NOW),
        slack.signed_interaction(slack.block_actions("confirm", "h1"), at=NOW),
        slack.signed_interaction(slack.view_submission({}, "{}"), at=NOW),
    ],
    ids=["command", "mention", "direct message", "reply", "click", "submission"],
)
def test_the_way_to_the_ack_calls_the_queue_once_and_nothing_else(queue: Queue, event: slack.Json) -> None:
    response = border(queue)(event)

    assert (status(response), response["body"], queue.calls) == (200, "", 1)


# --- turned away -----------------------------------------------------------------------------------------------------


def unsigned(**headers: str) -> slack.Json:
    event = command("list buckets")
    kept = {name: value for name, value in event["headers"].items() if not name.startswith("x-slack-")}
    return {**event, "headers": {**kept, **headers}}


def stamped(timestamp: str) -> slack.Json:
    body = slack.urlencode(slack.command("list buckets"))
    headers = {"x-slack-request-timestamp": timestamp, "x-slack-signature": slack.sign(body, timestamp)}
    return slack.http_event(body, headers, encoded=True)


FORGED = {
    "another secret": command("list buckets", secret="not-the-secret"),
    "no signature": unsigned(**{"x-slack-request-timestamp": "1700000000"}),
    "no timestamp": unsigned(**{"x-slack-signature": "v0=" + "0" * 64}),
    "no headers of Slack's": unsigned(),
    "signature that is not ASCII": unsigned(
        **{"x-slack-request-timestamp": "1700000000", "x-slack-signature": "v0=" + "é" * 64}
    ),
    "signature too short": unsigned(**{"x-slack-request-timestamp": "1700000000", "x-slack-signature": "v0=ab"}),
    "five minutes and a second old": command("list buckets", at=NOW - 301),
    "five minutes and a second ahead": command("list buckets", at=NOW + 301),
    "timestamp that is no number": stamped("yesterday"),
    "negative timestamp": stamped("-1700000000"),
    "timestamp in other digits": stamped("１７００００００００"),
    "timestamp without end": stamped("1" * 5000),
    "no timestamp at all": stamped(""),
    "changed after signing": {**command("list buckets"), "body": "Y29tbWFuZD0lMkZzM2FnZW50"},
    "empty body": slack.http_event("", {}),
}


@pytest.mark.parametrize("event", FORGED.values(), ids=FORGED.keys())
def test_what_slack_did_not_sign_just_now_is_refused_with_401(queue: Queue, event: slack.Json) -> None:
    assert status(border(queue)(event)) == 401
    assert queue.calls == 0


@pytest.mark.parametrize("seconds", [-299, 0, 299])
def test_what_was_signed_within_five_minutes_is_let_in(queue: Queue, seconds: int) -> None:
    assert status(border(queue)(command("list buckets", at=NOW + seconds))) == 200


GOOD = command("list buckets")
MALFORMED = {
    "nothing": (None, 400),
    "no event of API Gateway": ({"Records": [{"body": "x"}]}, 400),
    "a list": ([], 400),
    "no headers": ({**GOOD, "headers": None}, 400),
    "no body": ({**GOOD, "body": None}, 401),
    "base64 that is none": ({**GOOD, "body": "%%%"}, 400),
    "bytes that are no UTF-8": ({**GOOD, "body": "/////w=="}, 400),
    "half a character": ({**GOOD, "body": "\ud800", "isBase64Encoded": False}, 400),
    "GET": (slack.http_event("", {}, method="GET"), 405),
    "broken JSON": (slack.signed('{"type": "event_callback"', "application/json", at=NOW), 400),
    "JSON without end": (slack.signed("[" * 200_000, "application/json", at=NOW), 400),
    "a JSON list": (slack.signed_json([1, 2], at=NOW), 400),
    "a JSON text": (slack.signed_json("hello", at=NOW), 400),
    "an empty object": (slack.signed_json({}, at=NOW), 400),
    "a type that is no word": (slack.signed_json({"type": 5}, at=NOW), 400),
    "an event without its event": (slack.signed_json({"type": "event_callback"}, at=NOW), 400),
    "an event that is a word": (slack.signed_json({"type": "event_callback", "event": "x"}, at=NOW), 400),
    "an empty form": (slack.signed("", "application/x-www-form-urlencoded", at=NOW), 400),
    "a form of something else": (slack.signed_form({"a": "b"}, at=NOW), 400),
    "a broken payload": (slack.signed_form({"payload": "{"}, at=NOW), 400),
}


@pytest.mark.parametrize(("event", "expected"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_requests_are_refused_without_an_exception(queue: Queue, event: Any, expected: int) -> None:
    assert status(border(queue)(event)) == expected
    assert queue.calls == 0


def test_no_refusal_writes_what_was_sent_into_the_log(queue: Queue, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    refusing = border(queue, team="T0LOCAL")

    refusing(command("hush-hush", secret="not-the-secret"))
    refusing(slack.signed('{"text": "hush-hush"', "application/json", at=NOW))
    refusing(slack.signed_json({"text": "hush-hush"}, at=NOW))
    refusing(slack.signed_form({**slack.command("hush-hush"), "team_id": "T0OTHER"}, at=NOW))
    refusing(slack.signed_json(slack.message("hush-hush", subtype="message_changed"), at=NOW))

    refused = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(refused) == 4
    assert all(record.exc_info is None for record in caplog.records)
    assert "hush-hush" not in caplog.text


def test_another_workspace_is_refused_when_one_is_named(queue: Queue) -> None:
    named = border(queue, team="T0LOCAL")
    form = {**slack.command("list buckets"), "team_id": "T0OTHER"}
    message = slack.direct_message("list buckets")
    message["authorizations"][0]["team_id"] = message["team_id"] = "T0OTHER"
    click = {**slack.block_actions("confirm", "h1"), "team": {"id": "T0OTHER"}}

    responses = [
        named(event)
        for event in (
            slack.signed_form(form, at=NOW),
            slack.signed_json(message, at=NOW),
            slack.signed_interaction(click, at=NOW),
        )
    ]

    assert [status(response) for response in responses] == [403, 403, 403]
    assert {response["headers"]["x-slack-no-retry"] for response in responses} == {"1"}
    assert queue.calls == 0
    assert status(named(command("list buckets"))) == 200


# --- the secret ------------------------------------------------------------------------------------------------------


def test_a_rotated_secret_is_read_again_when_a_signature_fails(queue: Queue) -> None:
    secrets = Secrets("the-old-one", slack.SIGNING_SECRET)

    assert status(border(queue, secrets)(command("list buckets"))) == 200
    assert secrets.rereads == 1


def test_forged_requests_make_the_secret_be_read_once_a_minute_at_most(queue: Queue) -> None:
    secrets, now = Secrets(), [NOW]
    guarded = Border(secrets, to_queue(queue, "q"), clock=lambda: now[0])

    for second in range(120):
        now[0] = NOW + second
        guarded(command("list buckets", secret="not-the-secret", at=now[0]))

    assert secrets.rereads == 2


def test_requests_that_are_not_even_signed_never_make_the_secret_be_read_again(queue: Queue) -> None:
    secrets = Secrets()
    guarded = border(queue, secrets)

    for event in (unsigned(), stamped("yesterday"), command("x", at=NOW - 301), None):
        guarded(event)

    assert secrets.rereads == 0


def test_a_secret_that_cannot_be_read_asks_slack_to_come_again(queue: Queue) -> None:
    def unreadable(refresh: bool) -> SlackSecret:
        raise EndpointConnectionError(endpoint_url="https://secretsmanager/")

    response = Border(unreadable, to_queue(queue, "q"), clock=lambda: NOW)(command("list buckets"))

    assert (status(response), queue.calls) == (503, 0)


# --- the queue does not answer ---------------------------------------------------------------------------------------


def test_an_event_that_was_not_queued_is_delivered_again(caplog: pytest.LogCaptureFixture) -> None:
    response = border(Queue(refuses=QUEUE_DOWN))(slack.signed_json(slack.direct_message("hush-hush"), at=NOW))

    assert status(response) == 503
    assert "x-slack-no-retry" not in response["headers"]
    assert "not queued: EndpointConnectionError" in caplog.text
    assert "hush-hush" not in caplog.text


def test_a_person_whose_command_was_not_queued_is_told_so_privately() -> None:
    response = border(Queue(refuses=QUEUE_DOWN))(command("list buckets"))

    assert status(response) == 200
    assert json.loads(response["body"]) == {
        "response_type": "ephemeral",
        "text": "Something went wrong on my side while taking that in. "
        "If I do not answer within a minute, please try again.",
    }


@pytest.mark.parametrize("payload", [slack.block_actions("confirm", "h1"), slack.view_submission({}, "{}")])
def test_a_button_or_form_that_was_not_queued_shows_slacks_own_sign(payload: slack.Json) -> None:
    assert status(border(Queue(refuses=QUEUE_DOWN))(slack.signed_interaction(payload, at=NOW))) == 503


# --- the whole handler, against a FIFO queue -------------------------------------------------------------------------


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The queue and the secret in AWS, and the environment of the function."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "eu-central-1",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        sqs = boto3.client("sqs", region_name="eu-central-1")
        attributes = {"FifoQueue": "true"}
        url = sqs.create_queue(QueueName="Requests.fifo", Attributes=attributes)["QueueUrl"]
        secret = boto3.client("secretsmanager", region_name="eu-central-1").create_secret(
            Name="slack", SecretString=json.dumps({"bot_token": "xoxb-1", "signing_secret": slack.SIGNING_SECRET})
        )
        monkeypatch.setenv("QUEUE_URL", url)
        monkeypatch.setenv("SECRET_ARN", secret["ARN"])
        settings.cache_clear()
        app.border.cache_clear()
        yield lambda: sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    settings.cache_clear()
    app.border.cache_clear()


def test_the_handler_puts_a_command_on_the_fifo_queue(deployed: Any) -> None:
    response = app.handler(slack.signed_form(slack.command("list buckets")), None)

    assert status(response) == 200
    request = Request.from_dict(json.loads(deployed()[0]["Body"]))
    assert (request.kind, request.text) == ("command", "list buckets")
    assert abs(request.received_at - time.time()) < 60


def test_the_same_request_delivered_five_times_at_once_is_queued_once(deployed: Any) -> None:
    event = slack.signed_form(slack.command("delete a.txt from my-bucket"))

    with ThreadPoolExecutor(5) as pool:
        responses = list(pool.map(lambda _: app.handler(event, None), range(5)))

    assert [status(response) for response in responses] == [200] * 5
    assert len(deployed()) == 1


def test_a_mention_and_its_twin_are_queued_once(deployed: Any) -> None:
    text = "<@U0S3AGENT> list buckets"

    for payload in (slack.app_mention(text), slack.message(text)):
        assert status(app.handler(slack.signed_json(payload), None)) == 200

    assert [json.loads(message["Body"])["text"] for message in deployed()] == ["list buckets"]


def test_the_handler_refuses_a_forged_request(deployed: Any) -> None:
    response = app.handler(slack.signed_form(slack.command("list buckets"), secret="not-the-secret"), None)

    assert (status(response), deployed()) == (401, [])
