"""The HTTP of the page, on loopback only: its files, a stream of what happens, and what a person does."""

from __future__ import annotations

import json
import mimetypes
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from sandbox.cast import GROUPS
from sandbox.ministack import ROOT
from sandbox.slack.model import Json, Refused, User
from sandbox.stage import Stage
from sandbox.web import acts, sight
from sandbox.web.account import Account
from sandbox.web.watch import Watch

BUILT = ROOT / ".cache" / "page"
"""Where ``make`` puts the page."""
BODY_LIMIT = 1_000_000
STREAM_SECONDS = 0.25
"""How long the stream waits for Slack before it looks what is new in AWS."""
KEEP_ALIVE_ROUNDS = 60

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the UI kit sets colours and positions on elements
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""Nothing comes from or goes to another place than this server; the browser enforces it."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Page:
    """The server; a context manager. ``url`` is what to open."""

    def __init__(self, stage: Stage, *, port: int = 0, built: Path = BUILT) -> None:
        self.stage = stage
        self.built = built
        self.account = Account(stage.deployment)
        self.watch = Watch(self.account, stage.workspace)
        self.closing = threading.Event()
        self.groups = {user.id: group.lower().removesuffix("s") for group, user in GROUPS.items()}
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._http.daemon_threads = True
        self._http.block_on_close = False  # streams end by themselves
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name="page", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def is_built(self) -> bool:
        """Whether there is a page to show."""
        return (self.built / "index.html").exists()

    def __enter__(self) -> Self:
        self._thread.start()
        self.watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self.watch.stop()
        self._thread.join()


def _handler(page: Page) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        server_of = page

    return Handler


class _Handler(BaseHTTPRequestHandler):
    """One request of the browser."""

    protocol_version = "HTTP/1.1"
    server_of: Page

    def do_GET(self) -> None:
        """Files, what there is, and the stream."""
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query).items()}
        if not self._from_here():
            self._json(403, {"ok": False, "error": "this page is for this machine only"})
        elif address.path == "/api/events":
            self._stream(query)
        elif address.path.startswith("/api/"):
            self._read(address.path.removeprefix("/api/"), query)
        elif address.path.startswith("/files/"):
            self._shared_file(address.path.removeprefix("/files/"))
        else:
            self._page_file(address.path)

    def do_POST(self) -> None:
        """What a person does."""
        length = int(self.headers.get("Content-Length") or 0)
        is_json = self.headers.get("Content-Type", "").startswith("application/json")
        if not self._from_here() or not is_json or length > BODY_LIMIT or self.path != "/api/acts":
            self.close_connection = True  # what was sent stays unread
            self._json(403, {"ok": False, "error": "this page is for this machine only"})
            return
        try:
            act = json.loads(self.rfile.read(length))
        except ValueError:
            act = None
        if isinstance(act, dict):
            self._json(200, acts.perform(self.server_of.stage, act))
        else:
            self._json(400, {"ok": False, "error": "invalid_json"})

    def _from_here(self) -> bool:
        """Whether the page itself asks: not another site that is open in the same browser."""
        here = {f"127.0.0.1:{self.server_of.port}", f"localhost:{self.server_of.port}"}
        origin = self.headers.get("Origin")
        return self.headers.get("Host", "") in here and (origin is None or origin.removeprefix("http://") in here)

    def _read(self, path: str, query: Mapping[str, str]) -> None:
        page = self.server_of
        answers: dict[str, Callable[[], Any]] = {
            "workspace": lambda: {
                **sight.snapshot(page.stage.workspace, self._reader(query), page.groups),
                "limited": page.stage.slack.rates is not None,
            },
            "execution": lambda: page.account.execution(query.get("id", "")),
            "machine": lambda: page.account.machine(query.get("workflow", "")),
            "logs": lambda: page.account.logs(query.get("reference", "").strip()),
        }
        if path not in answers:
            self._json(404, {"ok": False, "error": "not_found"})
            return
        try:
            self._json(200, answers[path]())
        except (Refused, LookupError) as missing:
            self._json(404, {"ok": False, "error": str(missing)})

    def _reader(self, query: Mapping[str, str]) -> User:
        return self.server_of.stage.workspace.user(query.get("as", ""))

    def _stream(self, query: Mapping[str, str]) -> None:
        """What changes for one person, and in the account, as server-sent events until the browser leaves."""
        try:
            reader = self._reader(query)
            # The browser says where it was when the connection broke.
            seen = int(self.headers.get("Last-Event-ID") or query.get("after", "0"))
        except (Refused, ValueError):
            self._json(404, {"ok": False, "error": "not_found"})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            with self.server_of.watch.watched():
                self._follow(reader, seen)
        except OSError:
            return  # the browser is gone

    def _follow(self, reader: User, seen: int) -> None:
        page = self.server_of
        number = 0
        quiet = 0
        while not page.closing.is_set():
            events: list[str] = []
            for change in page.stage.workspace.changes(seen, wait=STREAM_SECONDS):
                seen = change.number
                shown = sight.change(page.stage.workspace, reader, change)
                if shown:
                    events.append(f"id: {seen}\nevent: slack\ndata: {json.dumps(shown)}\n\n")
            number, panes = page.watch.since(number)
            events += [f"event: aws\ndata: {json.dumps({'pane': n, 'data': d})}\n\n" for n, d in panes.items()]
            quiet = 0 if events else quiet + 1
            if quiet >= KEEP_ALIVE_ROUNDS:
                events, quiet = [":\n\n"], 0
            if events:
                self.wfile.write("".join(events).encode())
                self.wfile.flush()

    def _page_file(self, path: str) -> None:
        built = self.server_of.built
        name = path.lstrip("/") or "index.html"
        names = {file.name for file in built.iterdir() if file.is_file()} if built.is_dir() else set()
        if name not in names:
            self._send(404, "text/plain; charset=utf-8", b"There is nothing here.\n")
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._send(200, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind, (built / name).read_bytes())

    def _shared_file(self, file_id: str) -> None:
        """A file that the bot put into a conversation."""
        file = self.server_of.stage.workspace.file(file_id)
        if file is None:
            self._send(404, "text/plain; charset=utf-8", b"There is no such file.\n")
        else:
            # A browser shows pictures; all else could be a page of its own, and is text.
            safe = file.type in {"image/png", "image/jpeg", "image/gif"}
            self._send(200, file.type if safe else "text/plain; charset=utf-8", file.content)

    def _json(self, status: int, answer: Json | list[Json]) -> None:
        self._send(status, "application/json; charset=utf-8", json.dumps(answer, default=str).encode())

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Silent: the terminal belongs to the conversation."""
