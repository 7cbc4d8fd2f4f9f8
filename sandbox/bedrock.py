"""A small Bedrock on loopback: it speaks Converse over the real wire, answers what it was told to, and remembers.

A client of botocore reaches it by ``endpoint_url``, a function in the emulator by the environment variable
``AWS_ENDPOINT_URL_BEDROCK_RUNTIME``. Answers are taken from a queue; when it is empty, ``otherwise`` answers. Status,
headers, body and delay can all be scripted, so throttling, garbage and slowness look as they do from AWS. What Bedrock
or Nova would refuse or ignore in a request is refused here with a ValidationException.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
PATH = re.compile(r"/model/([^/]+)/converse")


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response of the server."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds to wait before answering."""
    drip: float = 0.0
    """Seconds to wait before each byte of the body."""
    hang_up: bool = False
    """Close the connection without a word."""

    def after(self, seconds: float) -> Answer:
        """The same answer, later."""
        return replace(self, delay=seconds)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that arrived."""

    model_id: str
    body: Mapping[str, Any]

    @property
    def system(self) -> str:
        """The instructions."""
        return "\n".join(block["text"] for block in self.body.get("system", []))

    @property
    def user(self) -> str:
        """All that was said in the user's turns."""
        return "\n".join(block["text"] for turn in self.body["messages"] for block in turn["content"])

    @property
    def tools(self) -> dict[str, Any]:
        """Tool name to its specification."""
        return {tool["toolSpec"]["name"]: tool["toolSpec"] for tool in self.body["toolConfig"]["tools"]}


def says(*content: Mapping[str, Any], stop: str = "tool_use", usage: tuple[int, int] = (640, 48)) -> Answer:
    """A model's answer made of content blocks: ``tool(...)`` and ``text(...)``."""
    body = {
        "output": {"message": {"role": "assistant", "content": list(content)}},
        "stopReason": stop,
        "usage": {"inputTokens": usage[0], "outputTokens": usage[1], "totalTokens": sum(usage)},
        "metrics": {"latencyMs": 1},
    }
    return Answer(json.dumps(body).encode())


def tool(name: str, /, **parameters: Any) -> dict[str, Any]:
    """A content block in which the model chooses a tool."""
    return {"toolUse": {"toolUseId": "tooluse_1", "name": name, "input": parameters}}


def text(words: str) -> dict[str, Any]:
    """A content block in which the model talks."""
    return {"text": words}


def chooses(name: str, /, **parameters: Any) -> Answer:
    """The well-behaved answer: one tool."""
    return says(tool(name, **parameters))


def fails(status: int, kind: str, message: str = "scripted") -> Answer:
    """An error as Bedrock sends it, such as ``fails(429, "ThrottlingException")``."""
    return Answer(json.dumps({"message": message}).encode(), status, {"x-amzn-errortype": kind})


NOTHING = chooses("none_of_these")


class Bedrock:
    """The server; a context manager that starts and stops it."""

    def __init__(
        self, *answers: Answer, otherwise: Callable[[Asked], Answer] = lambda _: NOTHING, port: int = 0
    ) -> None:
        self.answers: deque[Answer] = deque(answers)
        self.history: list[Asked] = []
        self._otherwise = otherwise
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: Asked) -> Answer:
        """What the next request gets."""
        self.history.append(asked)
        complaint = _complaint(asked.body)
        if complaint:
            return fails(400, "ValidationException", complaint)
        return self.answers.popleft() if self.answers else self._otherwise(asked)


def _complaint(body: Mapping[str, Any]) -> str:
    """What Bedrock would refuse, or Nova be unable to use."""
    turns = body.get("messages") or []
    if not turns or turns[0].get("role") != "user":
        return "A conversation must start with a user message."
    if any(not block.get("text", "").strip() for turn in turns for block in turn["content"] if "text" in block):
        return "The text field in the ContentBlock object is blank."
    for tool_ in body.get("toolConfig", {}).get("tools", []):
        complaint = _tool_complaint(tool_["toolSpec"])
        if complaint:
            return complaint
    return ""


def _tool_complaint(spec: Mapping[str, Any]) -> str:
    if not TOOL_NAME.fullmatch(spec["name"]):
        return f"The tool name {spec['name']} does not match {TOOL_NAME.pattern}."
    schema = spec["inputSchema"]["json"]
    if schema.get("type") != "object" or set(schema) - {"type", "properties", "required"}:
        return f"The schema of {spec['name']} has more than type, properties and required at its top."
    return ""


def _handler(bedrock: Bedrock) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            path = PATH.fullmatch(self.path)
            if not path:
                self._send(fails(404, "UnknownOperationException", self.path))
                return
            answer = bedrock.answer(Asked(unquote(path[1]), json.loads(body)))
            time.sleep(answer.delay)
            if answer.hang_up:
                self.close_connection = True
                return
            self._send(answer)

        def _send(self, answer: Answer) -> None:
            try:
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                _write(self.wfile, answer)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client gave up, as a scripted delay makes it do

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Quiet: the history says what came."""

    return Handler


def _write(file: BufferedIOBase, answer: Answer) -> None:
    if not answer.drip:
        file.write(answer.body)
        return
    for byte in answer.body:
        time.sleep(answer.drip)
        file.write(bytes([byte]))
