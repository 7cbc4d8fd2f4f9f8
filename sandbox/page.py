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
        with Page(stage, port=port) as page:
            if not page.is_built:
                print("The page is not built: run “make page”.")
                return 1
            print(f"The page: {page.url}   (Ctrl-C ends it)", flush=True)
            show(page)
            threading.Event().wait()
    return 0


def show(page: Page) -> None:
    """Open the page where there is a browser; where there is none, the printed address is enough."""
    with contextlib.suppress(webbrowser.Error, OSError):
        browser = webbrowser.get()
        if not isinstance(browser, webbrowser.GenericBrowser) or isinstance(browser, webbrowser.BackgroundBrowser):
            browser.open(page.url)
