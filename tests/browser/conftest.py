"""The deployed whole with its page, and a real browser in front of it; each test has a channel and a window of its own.

A machine without Chromium skips these tests and says so.
"""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from sandbox import world
from sandbox.cast import BOT, COLLEAGUES
from sandbox.ministack import ROOT
from sandbox.slack import Channel
from sandbox.stage import Stage
from sandbox.web import Page as Server
from tests.browser.window import Window

HERE = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",  # its sandbox cannot be made where tests run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in here needs the deployed whole, and a browser."""
    missing = pytest.mark.skip(reason="no Chromium on this machine; apt-get install chromium")
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.enable_socket)
            # These wait for processes on a machine that may be busy: once more, and the summary counts the reruns.
            item.add_marker(pytest.mark.flaky(reruns=1))
            if CHROMIUM is None:
                item.add_marker(missing)


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """The template of this working tree, built and deployed, and the page beside it."""
    for target in ("build", "bundle"):
        built = subprocess.run(["make", target], cwd=ROOT, capture_output=True, text=True, check=False)
        assert built.returncode == 0, built.stdout + built.stderr
    with Stage() as stage:
        world.furnish(stage.aws)
        yield stage


@pytest.fixture(scope="session")
def server(stage: Stage) -> Iterator[Server]:
    """The page's server."""
    with Server(stage) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium; Playwright brings none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def room(stage: Stage) -> Channel:
    """A public channel of this test alone, with everybody and the bot in it."""
    number = next(numbers)
    members = COLLEAGUES | {BOT.id}
    return stage.workspace.add_channel(Channel(f"C{number:05}WEB", f"room-{number}", members=members))


@pytest.fixture
def open_window(server: Server, browser: Browser) -> Iterator[Callable[..., Window]]:
    """Opens the page; what the browser complained of, or asked another machine for, fails the test."""
    opened: list[tuple[Page, list[str]]] = []

    def open_it(name: str = "alice", *, width: int = 1440, height: int = 900, **options: Any) -> Window:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda r: complaints.append(r.url) if not r.url.startswith((server.url, "data:")) else None)
        opened.append((page, complaints))
        window = Window(page)
        window.open(server.url, name)
        return window

    yield open_it
    for page, _ in opened:
        page.context.close()
    for user in server.stage.workspace.users():  # a modal outlives its window
        for view in server.stage.workspace.views(user.id):
            server.stage.workspace.close_view(view)
    assert [complaint for _, complaints in opened for complaint in complaints] == []
