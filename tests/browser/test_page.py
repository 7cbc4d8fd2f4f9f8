"""The page as people use it: messages, threads, modals, clicks, workflows, reloads, keys, sizes, colours."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from sandbox import world
from sandbox.slack import Channel
from sandbox.stage import Stage
from tests.browser.window import ANSWER_MS, Window

Open = Callable[..., Window]

LIFECYCLE = f"run lifecycle management workflow for {world.LOGS}"


def test_a_command_is_answered_in_the_channel_without_a_reload(open_window: Open, room: Channel) -> None:
    window = open_window("alice").enter(room)

    window.type("/s3agent list buckets")

    answer = window.said("buckets")
    expect(answer.get_by_role("columnheader")).to_have_text(["Bucket", "Region", "Created (UTC)"])
    expect(answer.get_by_role("cell", name="acme-archive")).to_be_visible()


def test_what_is_only_for_its_asker_nobody_else_sees(open_window: Open, room: Channel) -> None:
    carol, bob = open_window("carol").enter(room), open_window("bob").enter(room)

    carol.type("/s3agent create bucket acme-scratch")
    expect(carol.said("Not allowed")).to_contain_text("Only visible to you")
    carol.type("hello all")

    bob.said("hello all")
    expect(bob.messages.filter(has_text="Not allowed")).to_have_count(0)


def test_a_question_is_answered_in_the_thread_pane(open_window: Open, room: Channel) -> None:
    window = open_window("bob").enter(room)

    window.type("@s3agent list files")
    window.said("list files").get_by_role("button", name=re.compile("repl(y|ies)")).first.click()
    expect(window.thread).to_contain_text("Which bucket", timeout=ANSWER_MS)
    window.reply(world.REPORTS)

    expect(window.thread.get_by_role("cell", name="readme.txt")).to_be_visible(timeout=ANSWER_MS)
    expect(window.messages.filter(has_text="readme.txt")).to_have_count(0)
    window.thread.get_by_role("button", name="Close the thread").click()
    expect(window.thread).to_have_count(0)


def test_a_slash_command_cannot_be_used_in_a_thread(open_window: Open, room: Channel) -> None:
    window = open_window("bob").enter(room)
    window.type("hello all")
    message = window.said("hello all")
    message.hover()
    message.get_by_role("button", name="Reply in thread").click()

    window.reply("/s3agent list buckets")

    expect(window.thread.get_by_role("alert")).to_have_text("/s3agent is not supported in threads. Sorry!")


def test_a_file_goes_from_the_bucket_when_its_deletion_is_confirmed(
    open_window: Open, room: Channel, stage: Stage
) -> None:
    stage.aws.client("s3").put_object(Bucket=world.REPORTS, Key="old notes.txt", Body=b"old")
    window = open_window("alice").enter(room)
    bucket = window.tab("Buckets").get_by_role("region", name=world.REPORTS)
    expect(bucket.get_by_role("cell", name="old notes.txt")).to_be_visible(timeout=ANSWER_MS)

    window.type(f'/s3agent delete "old notes.txt" from {world.REPORTS}')
    window.said("Only you can confirm").get_by_role("button", name="Confirm").click()

    expect(bucket.get_by_role("cell", name="old notes.txt")).to_have_count(0, timeout=ANSWER_MS)
    expect(window.messages.last).to_contain_text("(edited)")
    expect(window.messages.last.get_by_role("button", name="Confirm")).to_have_count(0)


def test_nobody_else_can_confirm(open_window: Open, room: Channel) -> None:
    alice, bob = open_window("alice").enter(room), open_window("bob").enter(room)
    alice.type(f"/s3agent delete readme.txt from {world.REPORTS}")

    bob.said("Only you can confirm").get_by_role("button", name="Confirm").click()

    expect(bob.said("Only visible to you")).to_contain_text(re.compile("alice|yours|asked|started", re.I))
    expect(alice.said("Only you can confirm").get_by_role("button", name="Confirm")).to_be_visible()
    alice.said("Only you can confirm").get_by_role("button", name="Cancel").click()
    alice.said("Nothing was changed")


def test_a_modal_asks_for_what_is_missing_and_runs_the_workflow(open_window: Open, room: Channel) -> None:
    window = open_window("alice").enter(room)
    window.type("/s3agent list workflows")
    window.said("workflows").get_by_role("button", name="Run lifecycle management").click()
    form = window.page.get_by_role("dialog")
    expect(form.get_by_role("heading")).to_have_text("Lifecycle management", timeout=ANSWER_MS)
    expect(form.get_by_label("Prefix")).to_have_value("logs/")

    form.get_by_role("button", name="Run").click()
    expect(form).to_contain_text("Please complete this required field.")

    form.get_by_role("combobox", name="Bucket").click()
    window.page.get_by_role("option", name=world.LOGS).click()
    form.get_by_role("button", name="Run").click()

    expect(form).to_have_count(0, timeout=ANSWER_MS)
    window.said("workflows").get_by_role("button", name="1 reply").click()
    expect(window.thread).to_contain_text(world.LOGS)
    window.thread.get_by_role("button", name="Cancel").click()
    expect(window.thread).to_contain_text("Nothing was changed", timeout=ANSWER_MS)


def test_a_modal_is_closed_with_escape(open_window: Open, room: Channel, stage: Stage) -> None:
    window = open_window("alice").enter(room)
    window.type("/s3agent list workflows")
    window.said("workflows").get_by_role("button", name="Run log analysis").click()
    expect(window.page.get_by_role("dialog")).to_be_visible(timeout=ANSWER_MS)

    window.page.keyboard.press("Escape")

    expect(window.page.get_by_role("dialog")).to_have_count(0)
    stage.workspace.wait_for(lambda: not stage.workspace.views("U0ALICE"), 5, "the modal to close")


def test_a_workflow_is_watched_to_its_end(open_window: Open, room: Channel) -> None:
    window = open_window("alice").enter(room)
    pane = window.tab("Workflows")
    window.page.evaluate(
        """() => { window.lit = new Set();
        new MutationObserver(() => document.querySelectorAll('.state.running')
          .forEach((state) => window.lit.add(state.textContent)))
          .observe(document.body, { subtree: true, childList: true, attributes: true }); }"""
    )

    window.type(f"/s3agent {LIFECYCLE}")
    window.said("Only you can confirm").get_by_role("button", name="Confirm").click()

    execution = pane.get_by_role("listitem").first
    expect(execution).to_contain_text("succeeded", timeout=90_000)
    state = pane.get_by_role("button", name="Merge new rule: done")
    expect(state).to_be_visible()
    assert window.page.evaluate("window.lit.size") > 0, "no state was seen running"
    state.click()
    data = pane.locator(".state-data")
    expect(data.get_by_role("heading")).to_contain_text("Merge new rule")
    expect(data).to_contain_text("Output")
    expect(data).to_contain_text('"bucket": "acme-app-logs"')
    rules = window.tab("Buckets").get_by_role("region", name=world.LOGS)
    expect(rules).to_contain_text("to STANDARD_IA after 30 days, deleted after 365 days")


def test_a_reload_loses_nothing(open_window: Open, room: Channel) -> None:
    window = open_window("bob").enter(room)
    window.type("@s3agent list files")
    window.said("list files").get_by_role("button", name=re.compile("repl(y|ies)")).first.click()
    expect(window.thread).to_contain_text("Which bucket", timeout=ANSWER_MS)
    window.tab("Audit")
    window.composer.fill("half a sen")

    window.page.reload()

    window.is_live()
    expect(window.page.locator(".me b")).to_have_text("bob")
    expect(window.thread).to_contain_text("Which bucket")
    expect(window.composer).to_have_value("half a sen")
    expect(window.page.get_by_role("tab", name="Audit")).to_have_attribute("aria-selected", "true")
    window.reply(world.REPORTS)
    expect(window.thread.get_by_role("cell", name="readme.txt")).to_be_visible(timeout=ANSWER_MS)


def test_with_the_keyboard_alone_a_file_is_deleted(open_window: Open, room: Channel, stage: Stage) -> None:
    stage.aws.client("s3").put_object(Bucket=world.REPORTS, Key="keys.txt", Body=b"old")
    window = open_window("alice")
    keys = window.page.keyboard

    keys.press("Tab")
    expect(window.page.get_by_role("link", name="Skip to writing a message")).to_be_focused()
    for _ in range(80):  # each test has a channel of its own in this list
        keys.press("Tab")
        if window.page.evaluate("document.activeElement.textContent") == f"#{room.name}":
            break
    keys.press("Enter")
    expect(window.page.get_by_role("heading", name=room.name)).to_be_visible()
    window.page.evaluate("document.activeElement.blur()")
    window.page.get_by_role("link", name="Skip to writing a message").focus()
    keys.press("Enter")
    keys.press("Tab")
    expect(window.composer).to_be_focused()
    keys.type("/s3")
    keys.press("Tab")
    expect(window.composer).to_have_value("/s3agent ")
    keys.type(f"delete keys.txt from {world.REPORTS}")
    keys.press("Enter")
    confirm = window.said("Only you can confirm").get_by_role("button", name="Confirm")
    for _ in range(6):
        keys.press("Shift+Tab")
        if window.page.evaluate("document.activeElement.textContent") == "Confirm":
            break
    expect(confirm).to_be_focused()
    keys.press("Enter")

    window.said("Deleted")


def test_on_a_narrow_screen_one_side_is_shown_at_a_time(open_window: Open, room: Channel) -> None:
    window = open_window("alice", width=390, height=844)
    page = window.page
    switch = page.locator(".switch")
    switch.get_by_text("Channels").click()
    window.enter(room)
    window.type("/s3agent list buckets")
    expect(window.said("buckets")).to_be_in_viewport()
    expect(page.get_by_role("complementary", name="AWS")).to_be_hidden()

    switch.get_by_text("AWS").click()

    expect(page.get_by_role("region", name=world.REPORTS)).to_be_visible(timeout=ANSWER_MS)
    expect(window.composer).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize(("scheme", "darker"), [("dark", True), ("light", False)])
def test_the_colours_are_the_systems(open_window: Open, scheme: str, darker: bool) -> None:
    window = open_window("alice", color_scheme=scheme)

    paper, ink = (
        window.page.evaluate(f"getComputedStyle(document.body).{name}.match(/\\d+/g).map(Number)")
        for name in ("backgroundColor", "color")
    )

    assert (sum(paper) < sum(ink)) is darker
    assert window.offences() == []


def test_nothing_serious_stands_in_the_way_of_a_screen_reader(open_window: Open, room: Channel) -> None:
    window = open_window("alice").enter(room)
    window.type("/s3agent list workflows")
    window.said("workflows")
    for name in ("Workflows", "Audit", "Knowledge", "Queue", "Logs", "Buckets"):
        window.tab(name)
        window.page.wait_for_timeout(300)
        assert window.offences() == [], name
    window.said("workflows").get_by_role("button", name="Run log analysis").click()
    expect(window.page.get_by_role("dialog")).to_be_visible(timeout=ANSWER_MS)
    window.page.wait_for_timeout(400)
    assert window.offences() == []


def test_a_message_of_another_window_appears_within_a_second(open_window: Open, room: Channel, stage: Stage) -> None:
    window = open_window("alice").enter(room)
    expect(window.composer).to_be_visible()

    began = time.monotonic()
    stage.workspace.post(room.id, "U0BOB", "good morning")

    expect(window.messages.last).to_contain_text("good morning", timeout=1000)
    assert time.monotonic() - began < 2


def test_markup_of_people_and_file_names_stays_text(open_window: Open, room: Channel, stage: Stage) -> None:
    name = "<@U0BOB> *bold* <img src=x onerror=alert(1)>.txt"
    stage.workspace.post(room.id, "U0BOB", "&lt;script&gt;alert(1)&lt;/script&gt;")
    cell = {"type": "raw_text", "text": name}
    stage.workspace.post(room.id, "U0S3AGENT", name, blocks=[{"type": "table", "rows": [[cell], [cell]]}])

    window = open_window("alice").enter(room)

    expect(window.said("script")).to_contain_text("<script>alert(1)</script>")
    expect(window.messages.last.get_by_role("cell")).to_have_text(name)


def test_a_thousand_messages_scroll_smoothly(open_window: Open, room: Channel, stage: Stage) -> None:
    text = {"type": "text", "text": "Deleted a file, and said so at some length."}
    block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text]}]}
    for number in range(500):  # people's, since Slack would tell the bot of each of its own
        stage.workspace.post(room.id, "U0BOB", f"message {number} of a long day")
        stage.workspace.post(room.id, "U0CAROL", "answer", blocks=[block])
    window = open_window("alice").enter(room)
    expect(window.messages).to_have_count(1000)
    expect(window.messages.last).to_be_in_viewport()

    frames = window.page.evaluate(
        """async () => {
          const list = document.querySelector('[role=log]');
          const times = [];
          let last = performance.now();
          for (let step = 0; step < 120; step += 1) {
            list.dispatchEvent(new WheelEvent('wheel'));
            list.scrollTop -= 250;
            await new Promise(requestAnimationFrame);
            times.push(performance.now() - last);
            last = performance.now();
          }
          return times.sort((one, other) => one - other);
        }"""
    )

    assert frames[len(frames) // 2] < 34, "half of the frames take longer than at 30 a second"
    assert frames[int(len(frames) * 0.95)] < 100, "some frames take so long that one sees it"


def test_the_home_tab_shows_what_one_may_ask_for_and_started(open_window: Open, stage: Stage) -> None:
    window = open_window("carol", width=390, height=844)
    window.page.locator(".switch").get_by_text("Channels").click()
    window.page.get_by_role("navigation").get_by_role("button", name="s3agent").click()

    window.page.get_by_role("tab", name="Home").click()

    home = window.page.get_by_role("tabpanel", name="Home")
    expect(home).to_contain_text("list files in my-bucket", timeout=ANSWER_MS)
    expect(home).not_to_contain_text("copy report.csv")
    assert window.offences() == []
    window.page.get_by_role("tab", name="Messages").click()
    window.type("list buckets")
    window.said("3 buckets")
