"""``python -m sandbox pictures``: the pictures of the page in ``docs/``, taken from the running whole."""

from __future__ import annotations

import shutil
import sys

from playwright.sync_api import Page as Tab
from playwright.sync_api import expect, sync_playwright

from sandbox import world
from sandbox.ministack import ROOT
from sandbox.stage import Stage
from sandbox.web import Page

FOLDER = ROOT / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
WIDE, PHONE = (1440, 900), (390, 844)
STEP_MS = 120_000
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


def _take(tab: Tab, name: str, *, dark: bool = False) -> None:
    tab.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
    tab.wait_for_timeout(300)  # transitions end
    tab.screenshot(path=FOLDER / f"{name}.png")
    print(f"docs/pictures/{name}.png", flush=True)
