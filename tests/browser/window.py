"""One window of the page, in the words of a person who looks at it."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Locator, Page, expect

from sandbox.ministack import ROOT
from sandbox.slack import Channel

AXE = ROOT / "sandbox" / "web" / "page" / "node_modules" / "axe-core" / "axe.min.js"
ANSWER_MS = 30_000


class Window:
    """What a person sees and does. ``page`` is Playwright's."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(ANSWER_MS)

    def open(self, url: str, name: str) -> None:
        """Look at the page as somebody."""
        self.page.add_init_script(f"sessionStorage.place ??= {json.dumps(json.dumps({'as': name}))}")
        self.page.goto(url)
        self.is_live()

    def is_live(self) -> None:
        """The page follows what happens."""
        expect(self.page.locator(".link")).to_have_text("live", timeout=ANSWER_MS)

    def enter(self, channel: Channel) -> Window:
        """Open a channel."""
        self.page.get_by_role("navigation").get_by_role("button", name=channel.name).click()
        return self

    def become(self, name: str) -> None:
        """Be somebody else."""
        self.page.get_by_role("button", name="Be somebody else").click()
        self.page.get_by_role("menuitem", name=name).click()
        expect(self.page.locator(".me b")).to_have_text(name)

    @property
    def composer(self) -> Locator:
        """Where one types into the channel."""
        return self.page.get_by_role("main").get_by_role("textbox")

    def type(self, text: str) -> None:
        """Write into the channel, and send it."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def reply(self, text: str) -> None:
        """Write into the thread that is open, and send it."""
        field = self.thread.get_by_role("textbox")
        field.fill(text)
        field.press("Enter")

    @property
    def thread(self) -> Locator:
        """The thread beside the channel."""
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def messages(self) -> Locator:
        """The messages of the channel."""
        return self.page.get_by_role("main").get_by_role("article")

    def said(self, text: str | re.Pattern[str]) -> Locator:
        """The last message in the channel with that text, once it is there."""
        found = self.messages.filter(has_text=text).last
        expect(found).to_be_visible(timeout=ANSWER_MS)
        return found

    def tab(self, name: str) -> Locator:
        """A pane of the AWS side."""
        self.page.get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def offences(self) -> list[str]:
        """What axe finds that is serious or worse."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{violation['id']}: {node['target']} {node['html'][:160]}"
            for violation in found["violations"]
            if violation["impact"] in {"serious", "critical"}
            for node in violation["nodes"]
        ]
