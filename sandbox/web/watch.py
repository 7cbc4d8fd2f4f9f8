"""What is in the account as it changes: looked at often while something happens, seldom otherwise."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.slack.workspace import Workspace
from sandbox.web.account import Account

BUSY_SECONDS = 0.7
IDLE_SECONDS = 4.0
BUSY_AFTER_CHANGE = 6.0
"""How long after something happened in Slack the account is worth looking at often."""
OPEN = {"starting", "running"}

log = logging.getLogger(__name__)


class Watch:
    """Looks at the account while anybody watches the page, and numbers what is new."""

    def __init__(self, account: Account, workspace: Workspace) -> None:
        self._account = account
        self._workspace = workspace
        self._panes: dict[str, tuple[int, Any]] = {}
        self._number = 0
        self._watchers = 0
        self._news = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._follow, name="account-watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        with self._news:
            self._stopping = True
            self._news.notify_all()
        self._thread.join()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While somebody looks at the page."""
        with self._news:
            self._watchers += 1
            self._news.notify_all()
        try:
            yield
        finally:
            with self._news:
                self._watchers -= 1

    def since(self, number: int) -> tuple[int, dict[str, Any]]:
        """The panes that changed after that number, and the number to ask with next."""
        with self._news:
            fresh = {name: data for name, (changed, data) in self._panes.items() if changed > number}
            return self._number, fresh

    def _follow(self) -> None:
        seen = 0
        busy_until = 0.0
        while True:
            with self._news:
                self._news.wait_for(lambda: self._watchers > 0 or self._stopping)
                if self._stopping:
                    return
            self._look()
            number = self._workspace.last_change()
            if number != seen or self._running():
                seen = number
                busy_until = time.monotonic() + BUSY_AFTER_CHANGE
            self._rest(IDLE_SECONDS if time.monotonic() > busy_until else BUSY_SECONDS, seen)

    def _rest(self, seconds: float, seen: int) -> None:
        """Wait; the next thing that happens in Slack ends a long wait."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._stopping:
            if self._workspace.changes(seen, wait=min(0.5, until - time.monotonic())):
                time.sleep(min(BUSY_SECONDS, seconds))
                return

    def _look(self) -> None:
        for name, read in self._account.panes.items():
            try:
                data = read()
            except Exception:
                log.debug("could not read %s", name, exc_info=True)
                continue
            with self._news:
                if name not in self._panes or self._panes[name][1] != data:
                    self._number += 1
                    self._panes[name] = (self._number, data)

    def _running(self) -> bool:
        _, executions = self._panes.get("executions", (0, []))
        return any(execution.get("status") in OPEN for execution in executions)
