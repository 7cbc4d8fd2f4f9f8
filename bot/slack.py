"""The only caller of Slack's Web API.

A call is repeated only when that can do no harm. Slack did not do it (no connection, 429, a token that is refused): it
is repeated once, after the time Slack asks for if that is short. Slack may have done it (no answer, 5xx): editing is
repeated, posting is not, since a message would stand there twice; ``SlackUnavailable.maybe_sent`` tells the caller.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient
from slack_sdk.webhook import WebhookClient

from bot.errors import CannotPost, NotInChannel
from bot.models import Reply

log = logging.getLogger(__name__)

T = TypeVar("T")

TIMEOUT_SECONDS = 5
LONGEST_WAIT_SECONDS = 3
"""The longest Retry-After that is slept through; beyond it the queue does the waiting."""
ATTEMPTS = 2
TEXT_LIMIT = 4000
"""Characters of a message that is only text, as Slack recommends."""


class SlackUnavailable(Exception):
    """Slack did not do it, or did not say whether it did. Not the asker's problem: the queue tries again."""

    def __init__(self, reason: str, *, maybe_sent: bool = False, retry_after: float = 0) -> None:
        super().__init__(reason)
        self.maybe_sent = maybe_sent
        """The answer was lost: the message may stand in the channel."""
        self.retry_after = retry_after
        """Seconds that Slack asked to wait."""


class Slack:
    """The workspace, as the bot writes into it."""

    def __init__(
        self,
        secret: Callable[[bool], str],
        base_url: str = WebClient.BASE_URL,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``secret`` gives the bot token; called with True, it reads the token again."""
        self._token = secret
        self._base_url = base_url
        self._sleep = sleep

    def post(self, channel: str, reply: Reply, thread: str = "") -> str:
        """Posts a message, in a thread if one is named, and returns its timestamp."""
        place = {"channel": channel, "link_names": False, "unfurl_links": False, "unfurl_media": False}
        return str(self._write("chat.postMessage", {**place, **_in_thread(thread)}, reply)["ts"])

    def update(self, channel: str, ts: str, reply: Reply) -> None:
        """Puts the reply in the place of a message of the bot's own."""
        place = {"channel": channel, "ts": ts, "link_names": False}
        # Were no blocks named, Slack would keep the old ones and their buttons.
        self._write("chat.update", {**place, "blocks": []}, reply, harmless_twice=True)

    def whisper(self, channel: str, user: str, reply: Reply, thread: str = "") -> None:
        """Shows a message to one person only, in a channel in which both are."""
        place = {"channel": channel, "user": user, "link_names": False}
        self._write("chat.postEphemeral", {**place, **_in_thread(thread)}, reply)

    def respond(self, response_url: str, reply: Reply, *, replace: bool = False, thread: str = "") -> None:
        """Answers through a request's own address: privately, or in the place of the message that was clicked.

        Works where the bot may not post, five times within half an hour.
        """
        how = {"replace_original": True} if replace else {"replace_original": False, "response_type": "ephemeral"}
        body = {**how, **_in_thread(thread), **_content(reply)}
        webhook = WebhookClient(response_url, timeout=TIMEOUT_SECONDS, ssl=_certificates(), retry_handlers=[])

        def send() -> None:
            answer = webhook.send_dict(body)
            if answer.status_code != 200:  # it does not raise
                raise _trouble(answer.status_code, _webhook_code(answer.body), answer.headers)

        self._translated(lambda: self._patiently(send, harmless_twice=replace))

    def upload(
        self,
        channel: str,
        thread: str,
        name: str,
        title: str,
        content: bytes,
        *,
        may_share: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Puts a file into a channel, in a thread if one is named; needs the scope files:write.

        Slack takes it in three steps, and only the last one shows it to anybody. ``may_share`` is asked just before
        that one, which is not repeated: False leaves the file unseen, and returns False.
        """

        def put() -> bool:
            asked = self._call(
                "files.getUploadURLExternal", {"filename": name, "length": len(content)}, harmless_twice=True, form=True
            )
            self._patiently(lambda: _send_file(str(asked["upload_url"]), content), harmless_twice=True)
            if not may_share():
                return False
            shared = {"files": [{"id": asked["file_id"], "title": title}], "channel_id": channel, **_in_thread(thread)}
            self._call("files.completeUploadExternal", shared)
            return True

        return self._translated(put)

    def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> None:
        """Opens a modal. A trigger works once and for three seconds: CannotPost is an answer to count with."""
        self._translated(lambda: self._call("views.open", {"trigger_id": trigger_id, "view": dict(view)}))

    def publish(self, user: str, view: Mapping[str, Any]) -> None:
        """Shows a person their Home tab."""
        self._translated(
            lambda: self._call("views.publish", {"user_id": user, "view": dict(view)}, harmless_twice=True)
        )

    def _write(
        self, method: str, place: Mapping[str, Any], reply: Reply, *, harmless_twice: bool = False
    ) -> Mapping[str, Any]:
        """Writes a message; should Slack not take its blocks, its text alone, so that the person has an answer."""

        def write() -> Mapping[str, Any]:
            try:
                return self._call(method, {**place, **_content(reply)}, harmless_twice=harmless_twice)
            except _Refusal as refusal:
                if refusal.code not in _ABOUT_THE_CONTENT or not reply.blocks:
                    raise
                log.error("%s refused the blocks: %s %s", method, refusal.code, refusal.details)  # noqa: TRY400 - no fault of this line
                return self._call(method, {**place, "text": reply.text[:TEXT_LIMIT]}, harmless_twice=harmless_twice)

        return self._translated(write)

    def _call(
        self, method: str, body: Mapping[str, Any], *, harmless_twice: bool = False, form: bool = False
    ) -> Mapping[str, Any]:
        """One method; ``form`` for those that take no JSON."""
        sent: dict[str, Any] = {"params" if form else "json": dict(body)}

        def send() -> Mapping[str, Any]:
            client = WebClient(
                token=self._token(False),
                base_url=self._base_url,
                timeout=TIMEOUT_SECONDS,
                ssl=_certificates(),
                retry_handlers=[],
            )
            try:
                answer = client.api_call(method, **sent)
            except SlackApiError as error:
                said = error.response
                raise _trouble(said.status_code, str(said.get("error") or ""), said.headers, said.data) from None
            return answer.data if isinstance(answer.data, dict) else {}

        return self._patiently(send, harmless_twice=harmless_twice)

    def _patiently(self, send: Callable[[], T], *, harmless_twice: bool) -> T:
        """Sends, and sends again where the head of this module says so; SlackUnavailable when that did not help."""
        trouble = _Trouble("not tried")
        for attempt in range(ATTEMPTS):
            if attempt:
                self._sleep(trouble.wait)
            try:
                return send()
            except _Trouble as answer:
                trouble = answer
            except URLError as error:  # raised while connecting or sending: Slack has not got a whole request
                trouble = _Trouble(f"no connection: {error.reason}")
            except (OSError, HTTPException) as error:
                trouble = _Trouble(f"no answer: {type(error).__name__}", maybe_done=True)
            if trouble.wait > LONGEST_WAIT_SECONDS or (trouble.maybe_done and not harmless_twice):
                break
            if trouble.is_token:
                self._token(True)
        raise SlackUnavailable(str(trouble), maybe_sent=trouble.maybe_done, retry_after=trouble.wait)

    def _translated(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except _Refusal as refusal:
            log.warning("Slack refused: %s %s", refusal.code, refusal.details)
            raise _problem(refusal.code) from None


def _content(reply: Reply) -> dict[str, Any]:
    return {"text": reply.text, **({"blocks": list(reply.blocks)} if reply.blocks else {})}


def _send_file(url: str, content: bytes) -> None:
    """The bytes of a file, to the address that Slack gave for them."""
    request = Request(url, content, {"Content-Type": "application/octet-stream"})  # noqa: S310 - Slack's own address
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS, context=_certificates()) as answer:  # noqa: S310
            answer.read()
    except HTTPError as error:  # it is a URLError too, and those mean that Slack got nothing
        with error:
            raise _trouble(error.code, "", dict(error.headers)) from None


def _in_thread(thread: str) -> dict[str, str]:
    return {"thread_ts": thread} if thread else {}


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Read once: without it every call would read the system's certificates anew."""
    return ssl.create_default_context()


# --- What Slack says when it does not do it --------------------------------------------------------------------------


class _Refusal(Exception):
    """Slack will not do it, however often it is asked."""

    def __init__(self, code: str, details: object = "") -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class _Trouble(Exception):
    """Slack did not do it this time, or it is not known whether it did."""

    def __init__(self, reason: str, *, maybe_done: bool = False, wait: float = 0, is_token: bool = False) -> None:
        super().__init__(reason)
        self.maybe_done = maybe_done
        self.wait = wait
        self.is_token = is_token


_BUSY = {"ratelimited", "rate_limited"}
_BROKEN = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_TOKEN = {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"}
_ABOUT_THE_CONTENT = {
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_too_long",
    "msg_blocks_too_long",
    "only_one_table_allowed",
}
_TRIGGER = {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged", "invalid_trigger_id"}
_USED_UP = {"expired_url", "used_url", "no_service"}

_SENTENCES: Mapping[str, str] = {
    "is_archived": "This channel is archived, so nobody can write in it.",
    "messages_tab_disabled": "Messages to me are switched off in my Slack app's settings.",
    "missing_scope": "My Slack app lacks a permission; it has to be installed again from its manifest.",
    "user_not_in_channel": "You are not in the channel in which I should answer you.",
    "message_not_found": "The message that I should change is gone.",
    "cannot_reply_to_message": "Slack does not let me answer in that thread.",
    "thread_not_found": "The thread in which I should answer is gone.",
}
_INVITE = "Invite me with /invite @s3agent and ask again."


def _trouble(status: int, code: str, headers: Mapping[str, str], data: Any = None) -> Exception:
    """What a failed call means: try again or not."""
    if status == 429 or code in _BUSY:
        return _Trouble("Slack is asked too much", wait=_retry_after(headers))
    if code in _TOKEN:
        return _Trouble(f"the bot token is refused ({code})", is_token=True)
    said_something = re.fullmatch("[a-z_:-]+", code)  # a proxy's page is no code
    if status >= 500 or code in _BROKEN or (status < 300 and not said_something):
        return _Trouble(f"Slack is not well (HTTP {status})", maybe_done=True)
    metadata = data.get("response_metadata") if isinstance(data, dict) else None
    return _Refusal(code if said_something else f"http_{status}", (metadata or {}).get("messages", ""))


def _webhook_code(body: str) -> str:
    """A response_url answers with a bare word, or a JSON object with ``error``."""
    found = re.fullmatch(r'\s*(?:\{.*"error"\s*:\s*")?([a-z_]+)(?:".*\})?\s*', body, re.DOTALL)
    return found[1] if found else ""


def _retry_after(headers: Mapping[str, str]) -> float:
    seconds = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(seconds) if re.fullmatch("[0-9]{1,6}", str(seconds)) else 1.0


def _problem(code: str) -> CannotPost:
    """The sentence for a refusal."""
    if code in {"not_in_channel", "channel_not_found"}:  # the second is what Slack says of private channels
        return NotInChannel("I am not in this channel, so I cannot answer in it.", code=code, hint=_INVITE)
    if code in _TRIGGER:
        return CannotPost("The form took too long to open.", code=code, hint="Press the button again.")
    if code in _USED_UP:
        return CannotPost("It is too late to answer there.", code=code, hint="Please ask again.")
    if code.startswith("restricted_action"):
        return CannotPost("The settings of this workspace or channel do not let me write here.", code=code)
    return CannotPost(_SENTENCES.get(code, f"Slack refused my message ({code})."), code=code)
