"""Stands where BotFunction does."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class RecordingBot:
    """Keeps every request, and answers what ``answers`` has next (200 otherwise)."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.answers: list[tuple[int, str, dict[str, str]]] = []
        self.delay = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/slack/events"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def _handler(recorder: RecordingBot) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has its own self
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                recorder.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status, text, headers = recorder.answers.pop(0) if recorder.answers else (200, "", {})
                if status == 0:
                    recorder.delay.wait(5)  # answers later than anybody waits
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def wait_for(self, count: int) -> None:
        """Until so many requests have come, five seconds at most."""
        for _ in range(100):
            if len(self.requests) >= count:
                return
            self.delay.wait(0.05)

    def close(self) -> None:
        self.delay.set()
        self.server.shutdown()
        self.server.server_close()
