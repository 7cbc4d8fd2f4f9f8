"""``python -m sandbox pictures``: the pictures of the page in ``docs/``, taken from the running whole."""

from __future__ import annotations

import io
import json
import shutil
import sys
from functools import partial

from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import Page as Tab

from sandbox import world
from sandbox.cast import ALICE, BOT
from sandbox.demo import OPS, Conversation
from sandbox.ministack import ROOT
from sandbox.slack import Message, read
from sandbox.stage import Stage
from sandbox.transcript import Transcript
from sandbox.web import Page

FOLDER = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
WIDE, PHONE, THREAD = (1440, 900), (390, 844), (1080, 2400)
MARGIN = 4
ALONE = (
    ".page { grid-template-columns: 1fr !important; }"
    ".page > *:not(.thread) { display: none !important; } .page > .thread { display: flex !important; }"
)
"""The thread, and nothing beside it."""
STEP_MS = 120_000
THREADS = {
    "what-if": "delete files older than 3 days",
    "log-analysis": "what went wrong",
    "inventory": "run inventory report",
    "bucket-audit": "is acme-reports public",
    "status": "workflow status",
}
"""Pictures of single threads, each with what its first message says."""
TOUR = ("ask", "be-asked", "confirm", "refuse", "workflow", "stop", "teach", "undo")


def run() -> int:
    """Take them all."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        print("There is no Chromium on this machine: install it first.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Stage() as stage, sync_playwright() as playwright:
        world.furnish(stage.aws)
        with Page(stage) as page:
            chromium = playwright.chromium.launch(executable_path=browser, args=list(FLAGS))
            tab = chromium.new_page(viewport={"width": WIDE[0], "height": WIDE[1]}, color_scheme="light")
            tab.goto(page.url)
            _take_tour(tab)
            _take(tab, "dark", dark=True)
            tab.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            _take(tab, "phone")
            _talk(stage)
            for name, words in THREADS.items():
                _take_thread(chromium, page.url, name, _root(stage, words))
            chromium.close()
    return 0


def _take_tour(tab: Tab) -> None:
    """A picture of each step, when what happened behind it is shown."""
    tab.get_by_role("button", name="Take the tour").click()
    tour = tab.get_by_role("region", name="Tour")
    for name in TOUR:
        tour.locator(".tour-buttons button").first.click()
        if name == "workflow":
            expect(tab.locator(".state.running")).to_be_visible(timeout=STEP_MS)
            _take(tab, "workflow-running")
        expect(tour.locator(".came")).to_be_visible(timeout=STEP_MS)
        _take(tab, name)
        tour.get_by_role("button", name="Next").or_(tour.get_by_role("button", name="Finish")).click()
    tour.get_by_role("button", name="Done").click()
    tab.get_by_role("tab", name="Workflows").click()


def _talk(stage: Stage) -> None:
    """What the pictures of threads show: every workflow, and the question before one that destroys."""
    Conversation(stage, Transcript(stage.workspace, io.StringIO())).three_at_once()
    for text in (f"delete files older than 3 days in {world.LOGS}", "workflow status"):
        root = stage.person(ALICE.name).say(f"@{BOT.name} {text}", OPS).message.ts
        answered = partial(_replies, stage, root)
        stage.workspace.wait_for(answered, STEP_MS / 1000, text)


def _replies(stage: Stage, root: str) -> list[Message]:
    return stage.workspace.messages(OPS, thread=root)[1:]


def _root(stage: Stage, words: str) -> str:
    """The timestamp of the last thread that began with these words."""
    roots = [message for message in stage.workspace.messages(OPS) if not message.thread and words in read(message)]
    return roots[-1].ts


def _take_thread(chromium: Browser, url: str, name: str, root: str) -> None:
    """A picture of a thread alone, from its first message to its last."""
    tab = chromium.new_page(viewport={"width": THREAD[0], "height": THREAD[1]}, device_scale_factor=1.25)
    place = {"as": ALICE.name, "channel": OPS, "thread": root, "side": "chat"}
    tab.add_init_script(f"sessionStorage.place = {json.dumps(json.dumps(place))}")
    tab.goto(url)
    tab.add_style_tag(content=ALONE)
    messages = tab.get_by_role("complementary", name="Thread").get_by_role("article")
    expect(messages.nth(1)).to_be_visible(timeout=STEP_MS)
    tab.wait_for_timeout(500)  # pictures in it are drawn
    top, bottom = messages.first.bounding_box(), messages.last.bounding_box()
    if not top or not bottom:
        raise RuntimeError(f"the thread of {name} is not shown")
    begin = top["y"] - MARGIN
    clip = {"x": 0, "y": begin, "width": THREAD[0], "height": bottom["y"] + bottom["height"] + MARGIN - begin}
    tab.screenshot(path=FOLDER / f"{name}.png", clip=clip)  # type: ignore[arg-type]  # plain data
    print(f"docs/pictures/{name}.png", flush=True)
    tab.close()


def _take(tab: Tab, name: str, *, dark: bool = False) -> None:
    tab.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
    tab.wait_for_timeout(300)  # transitions end
    tab.screenshot(path=FOLDER / f"{name}.png")
    print(f"docs/pictures/{name}.png", flush=True)
