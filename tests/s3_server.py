"""An S3 that answers as it was told to, on loopback: for what moto does differently from AWS, or cannot do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

OWNER = "x-amz-expected-bucket-owner"
SOURCE_OWNER = "x-amz-source-expected-bucket-owner"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that reached the server."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str

    @property
    def signed_for(self) -> str:
        """The region in the signature."""
        return self.headers["authorization"].split("/")[2]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says; ``seconds`` later than it could."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0


Story = Callable[[Asked], Answer]


class FakeS3:
    """Answers by its story, and keeps what it was asked."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.asked: list[Asked] = []

    def calls(self, method: str, *, having: str = "") -> list[Asked]:
        """The requests of a method; of those, the ones with this query parameter."""
        return [a for a in self.asked if a.method == method and (not having or having in a.query)]


def error(status: int, code: str, message: str = "", more: str = "") -> Answer:
    """An error as S3 writes it."""
    return Answer(status, f"<Error><Code>{code}</Code><Message>{message}</Message>{more}</Error>")


@contextmanager
def s3_server(story: Story, monkeypatch: Any) -> Iterator[FakeS3]:
    """A FakeS3 that every new S3 client calls for as long as the block lasts."""
    fake = FakeS3(story)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            said = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            url = urlsplit(self.path)
            query = dict(parse_qsl(url.query, keep_blank_values=True))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, unquote(url.path), query, headers, said)
            fake.asked.append(asked)
            answer = fake.story(asked)
            time.sleep(answer.seconds)
            body = b"" if self.command == "HEAD" else answer.body.encode()
            try:
                self.send_response(answer.status)
                sent = {"Content-Type": "application/xml", "Content-Length": str(len(body)), **answer.headers}
                for name, value in sent.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                pass  # the client did not wait

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        for name, value in {
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
        }.items():
            monkeypatch.setenv(name, value)
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
