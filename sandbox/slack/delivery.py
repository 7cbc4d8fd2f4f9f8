"""The way from Slack to the bot: signed requests, the ack in time, and the retries of events."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode, urlsplit

from sandbox.slack.model import Json

ACK_SECONDS = 3.0
RETRY_SECONDS = (0.0, 60.0, 300.0)
"""Slack sends an event again nearly at once, after one minute and after five."""

Reason = Literal["", "http_timeout", "connection_failed", "http_error"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to the bot, and how it went."""

    status: int
    seconds: float
    body: str = ""
    reason: Reason = ""
    """Why Slack counts it as failed, in its words; empty when it was acknowledged."""
    no_retry: bool = False


@dataclass(slots=True)
class Delivery:
    """Something that was sent to the bot. Complete once it was acknowledged or given up."""

    what: str
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def acked(self) -> bool:
        """Whether the bot took it in time."""
        return bool(self.attempts) and not self.attempts[-1].reason

    @property
    def ack_seconds(self) -> float:
        """How long the last attempt took."""
        return self.attempts[-1].seconds


class Bot:
    """The bot as Slack sees it: one request URL and a shared secret.

    ``host`` is sent as the Host header, since the emulator finds an API by it. ``haste`` divides the waits between
    retries, ``ack_seconds`` is how long an ack may take.
    """

    def __init__(
        self, url: str, signing_secret: str, *, host: str = "", haste: float = 60.0, ack_seconds: float = ACK_SECONDS
    ) -> None:
        address = urlsplit(url)
        self._netloc = address.netloc
        self._path = address.path or "/"
        self._host = host or address.netloc
        self._secret = signing_secret
        self._haste = haste
        self._ack_seconds = ack_seconds
        self._closing = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="slack-delivery")

    def close(self) -> None:
        """Give up what is still to be retried."""
        self._closing.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def send_form(self, what: str, form: Mapping[str, str]) -> Delivery:
        """Deliver a command or an interaction: once, the person is waiting."""
        delivery = Delivery(what)
        body = urlencode(form).encode()
        delivery.attempts.append(self.request(body, "application/x-www-form-urlencoded"))
        return delivery

    def send_event(self, what: str, event: Json) -> Future[Delivery]:
        """Deliver an event in the background, again when it is not acknowledged."""
        return self._pool.submit(self._deliver, what, json.dumps(event).encode())

    def request(
        self, body: bytes, content_type: str, headers: Mapping[str, str] | None = None, *, at: float | None = None
    ) -> Attempt:
        """One signed request. ``headers`` and ``at`` win over the right headers and time, to play a forger."""
        stamp = str(int(time.time() if at is None else at))
        sent = {
            "Host": self._host,
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(self._secret, stamp, body),
            **(headers or {}),
        }
        began = time.monotonic()
        connection = http.client.HTTPConnection(self._netloc, timeout=self._ack_seconds)
        try:
            connection.request("POST", self._path, body, sent)
            response = connection.getresponse()
            answer = response.read().decode("utf-8", "replace")
            no_retry = response.getheader("X-Slack-No-Retry") == "1"
        except TimeoutError:
            return Attempt(0, time.monotonic() - began, reason="http_timeout")
        except (OSError, http.client.HTTPException):
            return Attempt(0, time.monotonic() - began, reason="connection_failed")
        finally:
            connection.close()
        failed: Reason = "" if 200 <= response.status < 300 else "http_error"
        return Attempt(response.status, time.monotonic() - began, answer, failed, no_retry)

    def _deliver(self, what: str, body: bytes) -> Delivery:
        delivery = Delivery(what)
        delivery.attempts.append(self.request(body, "application/json"))
        for number, wait in enumerate(RETRY_SECONDS, start=1):
            last = delivery.attempts[-1]
            if delivery.acked or last.no_retry or self._closing.wait(wait / self._haste):
                break
            again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": last.reason}
            delivery.attempts.append(self.request(body, "application/json", again))
        return delivery


def sign(secret: str, stamp: str, body: bytes) -> str:
    """Slack's signature of a request."""
    base = b"v0:" + stamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
