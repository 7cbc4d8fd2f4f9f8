"""``python -m sandbox page``: the page in the browser, with nothing said yet, until it is ended."""

from __future__ import annotations

import contextlib
import threading
import webbrowser

from sandbox import world
from sandbox.stage import Stage
from sandbox.web import Page


def run(port: int = 0) -> int:
    """Serve the page until a signal ends it."""
    print("Starting the local AWS and the local Slack, and deploying template.yaml …", flush=True)
    with Stage() as stage:
        world.furnish(stage.aws)
        stage.hurry()
        with Page(stage, port=port) as page:
            announce(page)
            if not page.is_built:
                return 1
            print("Ctrl-C ends it.", flush=True)
            threading.Event().wait()
    return 0


def announce(page: Page) -> None:
    """Say where the page is, and open it where there is a browser. Never in the way: the address is enough."""
    if not page.is_built:
        print("\nThere is no page in the browser: “make page” builds it.", flush=True)
        return
    print(f"\nThe page in the browser: {page.url}", flush=True)
    threading.Thread(target=_open, args=(page.url,), name="browser", daemon=True).start()


def _open(url: str) -> None:
    with contextlib.suppress(webbrowser.Error, OSError):
        browser = webbrowser.get()
        # A browser of the terminal, such as w3m, would take it from the conversation.
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(url)
