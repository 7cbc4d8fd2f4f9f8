"""Block Kit in the page: what can be used of it reaches the bot as Slack would send it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from sandbox.slack import Bot, Channel
from sandbox.slack.model import File
from sandbox.stage import Stage
from tests.browser.window import Window
from tests.sandbox.recording_bot import RecordingBot

Open = Callable[..., Window]
Json = dict[str, Any]

DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
"""A picture of one pixel."""


@pytest.fixture
def bot(stage: Stage) -> Iterator[RecordingBot]:
    """A bot that writes down what it is sent, in the place of the deployed one."""
    recording, deployed = RecordingBot(), stage.bot
    stage.bot = Bot(recording.url, stage.workspace.signing_secret)
    yield recording
    stage.bot.close()
    stage.bot = deployed
    recording.close()


@pytest.fixture
def post(stage: Stage, room: Channel) -> Callable[..., Any]:
    """Posts blocks of the app into this test's channel."""
    return lambda *blocks, **more: stage.workspace.post(room.id, "U0S3AGENT", "blocks", blocks=blocks, **more)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def section(**accessory: Any) -> Json:
    return {"type": "section", "block_id": "b", "text": plain("Where?"), "accessory": {"action_id": "a", **accessory}}


def offers(bot: RecordingBot, *values: str) -> None:
    """The bot's answers to everything that it is asked from now on."""
    answer = json.dumps({"options": [option(value) for value in values]})
    bot.answers.extend([(200, answer, {})] * 20)


def sent(bot: RecordingBot, kind: str) -> list[Json]:
    payloads = [json.loads(parse_qs(body)["payload"][0]) for _, body in bot.requests if body.startswith("payload=")]
    return [payload for payload in payloads if payload["type"] == kind]


def last_action(window: Window, bot: RecordingBot, count: int = 1) -> Json:
    """What the last of so many clicks carries, once it has arrived."""
    for _ in range(100):
        if len(sent(bot, "block_actions")) >= count:
            break
        window.page.wait_for_timeout(50)
    found: Json = sent(bot, "block_actions")[-1]["actions"][0]
    return found


def test_a_select_asks_the_bot_for_its_options_while_one_types(
    open_window: Open, room: Channel, bot: RecordingBot, post: Callable[..., Any]
) -> None:
    offers(bot, "acme-archive", "acme-reports")
    post(section(type="external_select", placeholder=plain("Bucket"), min_query_length=2))
    window = open_window().enter(room)

    field = window.page.get_by_placeholder("Bucket")
    field.press_sequentially("ac", delay=20)
    window.page.get_by_role("option", name="acme-reports").click()

    assert last_action(window, bot)["selected_option"] == option("acme-reports")
    assert [(asked["value"], asked["action_id"]) for asked in sent(bot, "block_suggestion")] == [("ac", "a")]
    expect(field).to_have_value("acme-reports")


def test_of_such_a_select_several_may_be_chosen(
    open_window: Open, room: Channel, bot: RecordingBot, post: Callable[..., Any]
) -> None:
    offers(bot, "acme-archive", "acme-reports")
    post(
        section(
            type="multi_external_select",
            placeholder=plain("Buckets"),
            min_query_length=0,
            initial_options=[option("acme-logs")],
        )
    )
    window = open_window().enter(room)

    window.messages.get_by_role("combobox").or_(window.messages.get_by_role("textbox")).first.click()
    window.page.get_by_role("option", name="acme-reports").click()

    assert last_action(window, bot)["selected_options"] == [option("acme-logs"), option("acme-reports")]
    expect(window.messages.last).to_contain_text("acme-logs")
    expect(window.messages.last).to_contain_text("acme-reports")


def test_a_dialog_asks_before_a_button_acts(
    open_window: Open, room: Channel, bot: RecordingBot, post: Callable[..., Any]
) -> None:
    confirm = {
        "title": plain("Delete it?"),
        "text": {"type": "mrkdwn", "text": "*readme.txt* is gone then."},
        "confirm": plain("Delete"),
        "deny": plain("Keep"),
        "style": "danger",
    }
    post(section(type="button", text=plain("Remove"), value="1", confirm=confirm))
    window = open_window().enter(room)
    button, dialog = window.page.get_by_role("button", name="Remove"), window.page.get_by_role("dialog")

    button.click()
    expect(dialog).to_contain_text("readme.txt is gone then.")
    assert window.offences() == []
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).to_have_count(0)
    button.click()
    window.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert sent(bot, "block_actions") == []
    button.click()
    dialog.get_by_role("button", name="Delete").click()

    assert last_action(window, bot)["value"] == "1"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_plan_opens_to_its_steps(
    open_window: Open, room: Channel, post: Callable[..., Any], stage: Stage, scheme: str
) -> None:
    rules = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "3 rules, none of ours"}]}],
    }
    steps = [
        {"type": "task_card", "task_id": "1", "title": "Read rules", "status": "complete", "output": rules},
        {"type": "task_card", "task_id": "2", "title": "<b>Merge</b> *rule*", "status": "in_progress"},
        {"type": "task_card", "task_id": "3", "title": "Verify", "status": "pending"},
    ]
    plan = {"type": "plan", "block_id": "progress", "title": "Lifecycle management", "tasks": steps}
    message = post(plan)
    window = open_window(color_scheme=scheme).enter(room)
    shown = window.messages.last
    expect(shown.get_by_text("Read rules")).to_be_hidden()

    shown.get_by_role("button", name="Lifecycle management").click()

    expect(shown.get_by_role("listitem")).to_have_text(
        [r"✓ Read rules3 rules, none of ours", "<b>Merge</b> *rule*", "○ Verify"], use_inner_text=False
    )
    assert window.offences() == []
    done = [{**step, "status": "complete"} for step in steps]
    stage.workspace.update(message, "blocks", [{**plan, "tasks": done}])
    expect(shown.get_by_role("img", name="done")).to_have_count(4)  # a plan of the same block_id stays open


def test_pictures_are_shown_and_other_files_can_be_opened(
    open_window: Open, room: Channel, post: Callable[..., Any], stage: Stage
) -> None:
    chart = stage.workspace.keep_file(File("F0CHART", "chart.png", "Errors over time", "image/png", DOT))
    page = b"<script>alert(1)</script>"
    report = stage.workspace.keep_file(File("F0REPORT", "report.html", "", "text/html", page))
    post(files=(chart, report))
    post({"type": "image", "slack_file": {"id": "F0CHART"}, "alt_text": "errors"})
    post({"type": "image", "image_url": "https://example.com/x.png", "alt_text": "from elsewhere"})
    window = open_window().enter(room)

    pictures = window.page.get_by_role("main").get_by_role("figure").get_by_role("img")
    expect(pictures).to_have_count(2)
    assert pictures.first.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 1
    expect(window.messages.last).to_contain_text("[picture: from elsewhere]")
    link = window.messages.get_by_role("link", name="report.html")
    answer = window.page.request.get(window.page.url.rstrip("/") + str(link.get_attribute("href")))
    assert (answer.headers["content-type"], answer.body()) == ("text/plain; charset=utf-8", page)


def test_small_print_and_tables_stand_as_they_are(open_window: Open, room: Channel, post: Callable[..., Any]) -> None:
    cells = [[{"type": "raw_text", "text": text} for text in row] for row in (["Name", "Size"], ["*a* <b>", "9"])]
    post(
        {"type": "context", "elements": [plain("knowledge base · *not bold*"), {"type": "mrkdwn", "text": "*bold*"}]},
        {"type": "table", "rows": cells, "column_settings": [None, {"align": "right"}]},
        {"type": "section", "text": plain("*a* <b> &amp; _c_")},
        {"type": "header", "text": plain("*d* _e_")},
        {"type": "alert", "text": plain("*f* _g_")},
    )
    window = open_window().enter(room)

    expect(window.messages.last).to_contain_text("knowledge base · *not bold*")
    for text in ("*a* <b> &amp; _c_", "*d* _e_", "*f* _g_"):
        expect(window.messages.last).to_contain_text(text)
    expect(window.messages.last.get_by_text("bold", exact=True)).to_have_css("font-weight", "600")
    expect(window.messages.last.get_by_role("cell")).to_have_text(["*a* <b>", "9"])
    expect(window.messages.last.get_by_role("cell").last).to_have_css("text-align", "right")
