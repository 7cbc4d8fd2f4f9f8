"""BotFunction: a request from Slack in, a message on the queue, an answer to Slack out, within three seconds.

A thin adapter of our own around Bolt's ``App.dispatch``: Bolt's own one for Lambda imports boto3, raises on input that
anybody can send, and does not know a slash command whose form contains the word ``payload``. The signature is checked
here as well, before anything is parsed, so that a rotated secret can be read again and no body reaches the log.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.signature import SignatureVerifier

from bot import listeners
from bot.aws import Aws, SlackSecret
from bot.config import settings
from bot.models import Request

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

log = logging.getLogger(__name__)

REPLAY_SECONDS = 300
"""A request that was signed longer ago, or that far in the future, is not accepted."""
REREAD_SECONDS = 60
"""Forged requests may make the function read the secret again, but not more often than this."""
TIMESTAMP = re.compile("[0-9]{1,12}")
SIGNATURE = re.compile("v0=[0-9a-f]{64}")
NOT_TAKEN = (
    "Something went wrong on my side while taking that in. If I do not answer within a minute, please try again."
)


def handler(event: Any, context: object) -> dict[str, Any]:
    """Lambda's entry: an event of API Gateway's HTTP API (payload format 2.0) in, its response out."""
    return border()(event)


@lru_cache(maxsize=1)
def border() -> Border:
    """The border of this process, built on the first request and kept."""
    known = settings()
    aws = Aws(known)
    return Border(aws.slack_secret, to_queue(aws.client("sqs"), known.need("queue_url")), team=known.slack_team)


def to_queue(sqs: SQSClient, url: str) -> listeners.Send:
    """Puts requests on the FIFO queue: what Slack delivers twice is there once, and a conversation stays in order."""

    def send(request: Request) -> None:
        sqs.send_message(
            QueueUrl=url,
            MessageBody=json.dumps(request.to_dict()),
            MessageGroupId=conversation(request),
            MessageDeduplicationId=hashlib.sha256(request.id.encode()).hexdigest(),
        )

    return send


def conversation(request: Request) -> str:
    """What is worked on in order: a thread, one person's commands in a channel, or what is said in a direct message."""
    outside_a_thread = request.user if request.direct else request.ts or request.user
    return f"{request.team}#{request.channel}#{request.thread or outside_a_thread}"


class Border:
    """Lets in what Slack signed, and turns the rest away without looking at it."""

    def __init__(
        self,
        secret: Callable[[bool], SlackSecret],
        send: listeners.Send,
        *,
        team: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._secret = secret
        self._clock = clock
        self._reread_at = -math.inf
        self._app = bolt_app(send, team)

    def __call__(self, event: Any) -> dict[str, Any]:
        """The response to a request of API Gateway, whatever it holds; never an exception."""
        try:
            return self._answer(event)
        except Refused as refusal:
            log.warning("refused with %d: %s", refusal.status, refusal)
            return _response(BoltResponse(status=refusal.status, body={"error": str(refusal)}))
        except Exception:  # the outermost line of the function: an answer that makes Slack deliver again is the way on
            log.exception("failed before the queue")
            return _response(BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE))

    def _answer(self, event: Any) -> dict[str, Any]:
        http = read(event)
        if is_ssl_check(http):
            return _response(BoltResponse(status=HTTPStatus.OK))
        self._verify(http)
        # A parsed body is what Bolt takes from a socket; given text, it would parse the form in its own way.
        request = BoltRequest(mode="socket_mode", body=parse(http), headers=dict(http.headers))
        return _response(self._app.dispatch(request))

    def _verify(self, http: Http) -> None:
        """Refused unless Slack signed it within the last five minutes."""
        timestamp = http.headers.get("x-slack-request-timestamp", "")
        signature = http.headers.get("x-slack-signature", "")
        if not TIMESTAMP.fullmatch(timestamp) or not SIGNATURE.fullmatch(signature):
            raise Refused(HTTPStatus.UNAUTHORIZED, "not signed")
        if abs(self._clock() - int(timestamp)) > REPLAY_SECONDS:
            raise Refused(HTTPStatus.UNAUTHORIZED, "signed at another time")

        def signed_with(secret: SlackSecret) -> bool:
            expected = SignatureVerifier(secret.signing_secret).generate_signature(timestamp=timestamp, body=http.body)
            return hmac.compare_digest(expected or "", signature)

        if not signed_with(self._secret(False)) and not (self._may_reread() and signed_with(self._secret(True))):
            raise Refused(HTTPStatus.UNAUTHORIZED, "signed with another secret")

    def _may_reread(self) -> bool:
        """The secret may have been rotated since it was read; forged requests must not make this a flood of calls."""
        now = self._clock()
        if now - self._reread_at < REREAD_SECONDS:
            return False
        self._reread_at = now
        return True


class Refused(Exception):
    """Turned away with a 4xx; the reason is ours, never a piece of what was sent."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Http:
    """What is needed of an HTTP request; header names in lower case."""

    headers: Mapping[str, str]
    body: str

    @property
    def is_form(self) -> bool:
        """Commands and interactions are forms, events are JSON."""
        return not self.body.startswith("{") and "application/json" not in self.headers.get("content-type", "")


def read(event: Any) -> Http:
    """The HTTP request in an event of API Gateway, with the exact text that was signed."""
    try:
        method = event["requestContext"]["http"]["method"]
        headers = {str(name).lower(): str(value) for name, value in event["headers"].items()}
        body = event.get("body") or ""
        sent = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else str(body).encode()
        text = sent.decode()
    except (TypeError, KeyError, AttributeError, ValueError):
        raise Refused(HTTPStatus.BAD_REQUEST, "not a request of API Gateway") from None
    if method != "POST":
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "not a POST")
    return Http(headers, text)


def is_ssl_check(http: Http) -> bool:
    """Slack's look at the certificate, which is not signed and says nothing."""
    return http.is_form and len(http.body) < 1000 and dict(parse_qsl(http.body)).get("ssl_check") == "1"


def parse(http: Http) -> dict[str, Any]:
    """The payload: JSON, JSON in the form field ``payload``, or the form itself, which is a command."""
    form = dict(parse_qsl(http.body, keep_blank_values=True)) if http.is_form else {}
    if "command" in form:
        return form
    try:
        payload = json.loads(form["payload"] if http.is_form else http.body)
    except (KeyError, ValueError, RecursionError):
        raise Refused(HTTPStatus.BAD_REQUEST, "neither an event, a command nor an interaction") from None
    if not _is_payload(payload):
        raise Refused(HTTPStatus.BAD_REQUEST, "a payload without what every payload has")
    return dict(payload)


def _is_payload(payload: Any) -> bool:
    """Bolt and the listeners rely on this much."""
    if not isinstance(payload, dict) or not isinstance(payload.get("type"), str):
        return False
    if payload["type"] == "event_callback":
        event = payload.get("event")
        return isinstance(event, dict) and isinstance(event.get("type"), str)
    return True


def bolt_app(send: listeners.Send, team: str = "") -> App:
    """The Bolt app: no token, no call to Slack, and no signature check of its own, since Border has done it."""
    app = App(
        name="s3agent",  # without it Bolt reads source files to find a name
        logger=_bolt_log(),
        process_before_response=True,
        authorize=_authorize,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,  # listeners lets all bots be, this one included
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        raise_error_for_unhandled_request=True,
    )
    if team:
        app.use(_only(team))
    listeners.register(app, send)
    app.error(_not_queued)
    return app


def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Nothing here acts in Slack, so no token is needed, and none is asked for."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def _only(team: str) -> Callable[..., BoltResponse | None]:
    def served(body: dict[str, Any], next_: Callable[[], None]) -> BoltResponse | None:
        theirs = listeners.team(body)
        if theirs == team:
            next_()
            return None
        log.warning("refused with 403: the workspace %s is not served", theirs)
        # Slack would deliver an event three times more.
        return BoltResponse(status=HTTPStatus.FORBIDDEN, headers={"x-slack-no-retry": "1"})

    return served


def _not_queued(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """What Slack hears when nothing was queued: that all is well, when there was nothing to do.

    After a failure events are delivered again, buttons and modals show Slack's own sign that it did not work. To a
    command Slack would only say that it "failed with the error", so the person gets a sentence.
    """
    if isinstance(error, BoltUnhandledRequestError):
        log.info("let be: %s %s", body["type"], body["event"]["type"] if "event" in body else "")
        return BoltResponse(status=HTTPStatus.OK)
    log.error("not queued: %s", type(error).__name__, exc_info=error)
    if "command" in body:
        return BoltResponse(status=HTTPStatus.OK, body={"response_type": "ephemeral", "text": NOT_TAKEN})
    return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)


def _bolt_log() -> logging.Logger:
    """Bolt logs whole payloads at its lower levels."""
    quiet = logging.getLogger("slack_bolt")
    quiet.setLevel(logging.WARNING)
    return quiet


def _response(answer: BoltResponse) -> dict[str, Any]:
    return {"statusCode": int(answer.status), "headers": answer.first_headers(), "body": answer.body}
