"""The HTTP in front of the workspace: ``/api/METHOD`` and the response addresses, on loopback only."""

from __future__ import annotations

import json
import math
import threading
import time
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from sandbox.slack import methods, methods_files
from sandbox.slack import methods_places as _places  # noqa: F401 - importing them is what makes them known
from sandbox.slack import methods_views as _views  # noqa: F401
from sandbox.slack.model import Json, Refused
from sandbox.slack.rates import Rates
from sandbox.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Fault:
    """How the server misbehaves once."""

    status: int = 0
    """Answer this status instead of the result (429 comes with Retry-After)."""
    seconds: float = 0.0
    """Wait before answering; of a 429, its Retry-After."""
    drop: bool = False
    """Close the connection without an answer."""
    method: str = ""
    """Only for this method of the Web API; empty for whichever call comes next."""


class LocalSlack:
    """The server. ``faults`` are used up one a call, in order.

    With ``rates`` it refuses what comes too fast; they may be put in and taken away while it serves.
    """

    def __init__(self, workspace: Workspace, port: int = 0, *, rates: Rates | None = None) -> None:
        self.workspace = workspace
        self.rates = rates
        self.faults: deque[Fault] = deque()
        self.calls: list[str] = []
        """The name of every method that was called."""
        self.refusals: list[tuple[str, Json]] = []
        """Method and answer of every call that was refused: a bot that falls back hides them from the channel."""
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name="local-slack", daemon=True)
        workspace.url = self.url

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def api_url(self) -> str:
        """What the bot gets as the base of the Web API."""
        return f"{self.url}/api/"

    def start(self) -> Self:
        """Serve until ``stop``."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End the server and free its port."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def fault(self, method: str, place: str = "") -> Fault | None:
        """What a call meets instead of its result: what was planned for it, or that it comes too early."""
        for fault in list(self.faults):
            if fault.method in {"", method}:
                self.faults.remove(fault)
                return fault
        seconds = self.rates.seconds_to_wait(method, place) if self.rates else 0.0
        return Fault(429, seconds) if seconds else None


def _handler(slack: LocalSlack) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        server_of = slack

    return Handler


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server_of: LocalSlack

    def do_GET(self) -> None:
        """Web API methods may be called with GET as well."""
        self._handle()

    def do_POST(self) -> None:
        """Web API methods, and messages to a response_url."""
        self._handle()

    def _handle(self) -> None:
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if address.path.startswith("/api/"):
            self._api(address.path.removeprefix("/api/"), address.query, body)
        elif address.path.startswith(("/commands/", "/actions/")):
            self._respond(address.path, body)
        elif address.path.startswith(methods_files.UPLOADS):
            self._receive(address.path, body)
        else:
            self._send(404, {"ok": False, "error": "not_found"})

    def _api(self, name: str, query: str, body: bytes) -> None:
        slack = self.server_of
        slack.calls.append(name)
        arguments = self._arguments(query, body)
        if self._misbehave(slack.fault(name, str((arguments or {}).get("channel", "")))):
            return
        if arguments is None:
            self._send(200, {"ok": False, "error": "invalid_json"})
            return
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        token = bearer or str(arguments.pop("token", ""))
        answer = methods.call(slack.workspace, name, token, arguments)
        if not answer["ok"]:
            slack.refusals.append((name, answer))
        self._send(200, answer)

    def _receive(self, path: str, body: bytes) -> None:
        """The bytes of a file. This address answers as plain text, not as the Web API does."""
        slack = self.server_of
        slack.calls.append("upload")
        if self._misbehave(slack.fault("upload")):
            return
        try:
            answer, status = f"OK - {methods_files.receive(slack.workspace, path, body)}", 200
        except Refused as refused:
            answer, status = refused.error, 404
        self._send(status, answer)

    def _respond(self, path: str, body: bytes) -> None:
        slack = self.server_of
        slack.calls.append("response_url")
        if self._misbehave(slack.fault("response_url", path)):
            return
        payload = self._arguments("", body)
        try:
            if payload is None:
                raise Refused("invalid_payload")  # noqa: TRY301 - answered below like every other refusal
            methods.respond(slack.workspace, path, payload)
        except Refused as refused:
            slack.refusals.append(("response_url", {"error": refused.error, **refused.more}))
            gone = refused.error in {"no_service", "expired_url", "used_url"}
            self._send(404 if gone else 400, {"ok": False, "error": refused.error, **refused.more})
        else:
            self._send(200, {"ok": True})

    def _arguments(self, query: str, body: bytes) -> Json | None:
        """The arguments of a call, from the address, a form or JSON; None when the JSON is broken."""
        arguments: Json = dict(parse_qsl(query, keep_blank_values=True))
        if self.headers.get("Content-Type", "").startswith("application/json"):
            try:
                data = json.loads(body or b"{}")
            except ValueError:
                return None
            return {**arguments, **data} if isinstance(data, dict) else None
        return {**arguments, **dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))}

    def _misbehave(self, fault: Fault | None) -> bool:
        if fault is None:
            return False
        if fault.drop:
            self.close_connection = True
            return True
        if fault.status == 429:
            seconds = str(max(1, math.ceil(fault.seconds)))
            self._send(429, {"ok": False, "error": "ratelimited"}, **{"Retry-After": seconds})
            return True
        time.sleep(fault.seconds)
        if fault.status:
            self._send(fault.status, {"ok": False, "error": "internal_error"})
        return bool(fault.status)

    def _send(self, status: int, answer: Json | str, **headers: str) -> None:
        is_text = isinstance(answer, str)
        content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        kind = "text/plain" if is_text else "application/json"
        self.send_response(status)
        for name, value in {"Content-Type": f"{kind}; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Silent: the workspace shows what happened."""
