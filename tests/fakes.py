"""Stand-ins that record, for what is outside of the process. No test replaces code of ours."""

from __future__ import annotations

import json
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from bot.models import Request


class Queue:
    """Requests.fifo as an SQS client sees it: keeps the first message of each deduplication id."""

    def __init__(self, refuses: Exception | None = None) -> None:
        self.refuses = refuses
        self.calls = 0
        self.messages: dict[str, dict[str, Any]] = {}

    def send_message(self, **message: Any) -> dict[str, str]:
        self.calls += 1
        if self.refuses:
            raise self.refuses
        self.messages.setdefault(message["MessageDeduplicationId"], message)
        return {"MessageId": "1"}

    @property
    def requests(self) -> list[Request]:
        """What the worker would get."""
        return [Request.from_dict(json.loads(message["MessageBody"])) for message in self.messages.values()]


@dataclass(frozen=True, slots=True)
class Call:
    """One call that Slack got: the Web API method, or the path of a response_url."""

    method: str
    body: dict[str, Any]
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack will answer instead of ``ok``; ``lost`` closes the connection after the call was received."""

    body: dict[str, Any] | str = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False


class FakeSlack:
    """A Slack Web API on a port of its own, which takes everything unless it was told what to answer next."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[Call] = []
        self._answers: defaultdict[str, deque[Answer]] = defaultdict(deque)

    def answers(self, method: str, *answers: Answer) -> None:
        """The next calls of the method are answered so; those after them with ``ok`` again."""
        self._answers[method].extend(answers)

    def refuses(self, method: str, error: str, **more: Any) -> None:
        """The next call of the method is refused with Slack's error code."""
        self.answers(method, Answer({"ok": False, "error": error, **more}))

    def forget(self) -> None:
        """As new: nothing called, nothing to be answered."""
        self.calls.clear()
        self._answers.clear()

    @property
    def api_url(self) -> str:
        return self.url + "/api/"

    @property
    def response_url(self) -> str:
        return self.url + "/respond"

    def sent(self, method: str) -> list[dict[str, Any]]:
        """The bodies of the calls of a method."""
        return [call.body for call in self.calls if call.method == method]

    def take(self, call: Call) -> Answer:
        self.calls.append(call)
        if self._answers[call.method]:
            return self._answers[call.method].popleft()
        if call.method in ("respond", "upload"):
            return Answer("ok")
        if call.method == "files.getUploadURLExternal":
            return Answer({"ok": True, "upload_url": self.url + "/upload", "file_id": "F1"})
        return Answer({"ok": True, "ts": f"1700000001.{len(self.calls):06}"})


def _body(content: bytes, kind: str) -> dict[str, Any]:
    """What was sent, in whatever form: a file's bytes under ``content``."""
    if kind.startswith("application/json"):
        found: dict[str, Any] = json.loads(content)
        return found
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(content.decode()))
    return {"content": content}


@contextmanager
def slack_server() -> Iterator[FakeSlack]:
    """A FakeSlack that listens on loopback for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            body = _body(content, self.headers["Content-Type"])
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            answer = slack.take(Call(self.path.rsplit("/", 1)[1], body, token))
            if answer.lost:
                self.close_connection = True
                return
            text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        slack = FakeSlack(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield slack
        finally:
            server.shutdown()
            thread.join()
