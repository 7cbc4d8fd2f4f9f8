"""Selects, menus and fields reach the bot with what was chosen, named as Slack names it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from sandbox.slack import Bot, LocalSlack, Person, Workspace
from tests.sandbox.recording_bot import RecordingBot

OPS, ALICE = "C0OPS", "U0ALICE"


def option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value.title()}, "value": value}


ONE, TWO = option("one"), option("two")


@pytest.fixture
def bot(workspace: Workspace, recording_bot: RecordingBot) -> Iterator[Bot]:
    bot = Bot(recording_bot.url, workspace.signing_secret, ack_seconds=0.5)
    yield bot
    bot.close()


@pytest.fixture
def alice(slack: LocalSlack, bot: Bot) -> Person:
    return Person(slack.workspace, bot, slack.url, "alice")


def received(recording_bot: RecordingBot) -> dict[str, Any]:
    """The payload of the last request."""
    payload: dict[str, Any] = json.loads(parse_qs(recording_bot.requests[-1][1])["payload"][0])
    return payload


def modal(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    label = {"type": "plain_text", "text": "Field"}
    block = {"type": "input", "block_id": "field", "label": label, "element": {**element, "action_id": "value"}}
    title = {"type": "plain_text", "text": "Form"}
    return {"type": "modal", "callback_id": "run", "title": title, "submit": title, "blocks": [block], **more}


@pytest.mark.parametrize(
    ("element", "chosen", "state"),
    [
        ({"type": "static_select", "options": [ONE, TWO]}, "two", {"selected_option": TWO}),
        ({"type": "static_select", "options": [ONE, TWO]}, ONE, {"selected_option": ONE}),
        ({"type": "static_select", "options": [ONE], "initial_option": ONE}, None, {"selected_option": ONE}),
        ({"type": "external_select"}, ONE, {"selected_option": ONE}),
        ({"type": "multi_static_select", "options": [ONE, TWO]}, [TWO], {"selected_options": [TWO]}),
        ({"type": "checkboxes", "options": [ONE, TWO]}, [ONE, TWO], {"selected_options": [ONE, TWO]}),
        ({"type": "radio_buttons", "options": [ONE, TWO]}, TWO, {"selected_option": TWO}),
        ({"type": "users_select"}, option("U0BOB"), {"selected_user": "U0BOB"}),
        ({"type": "multi_users_select"}, [option("U0BOB")], {"selected_users": ["U0BOB"]}),
        ({"type": "channels_select"}, option("C0OPS"), {"selected_channel": "C0OPS"}),
        ({"type": "conversations_select"}, option("C0OPS"), {"selected_conversation": "C0OPS"}),
        ({"type": "datepicker"}, "2026-11-22", {"selected_date": "2026-11-22"}),
        ({"type": "datepicker", "initial_date": "2026-11-22"}, None, {"selected_date": "2026-11-22"}),
        ({"type": "number_input"}, "30", {"value": "30"}),
        ({"type": "plain_text_input", "initial_value": "logs/"}, None, {"value": "logs/"}),
        ({"type": "plain_text_input", "initial_value": "logs/"}, "", {"value": ""}),
    ],
)
def test_a_field_of_a_modal_has_its_state(
    *,
    alice: Person,
    recording_bot: RecordingBot,
    workspace: Workspace,
    element: dict[str, Any],
    chosen: Any,
    state: dict[str, Any],
) -> None:
    view = workspace.open_view(workspace.new_trigger(ALICE), modal(element))

    alice.submit(view, {} if chosen is None else {"field": chosen})

    values = received(recording_bot)["view"]["state"]["values"]
    assert values == {"field": {"value": {"type": element["type"], **state}}}


def test_choosing_in_a_select_of_a_message_is_an_action(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    select = {"type": "static_select", "action_id": "pick", "options": [ONE, TWO]}
    message = workspace.post(OPS, "U0S3AGENT", "Which?", blocks=[{"type": "actions", "elements": [select]}])

    alice.click(message, "pick", chosen=TWO)

    (action,) = received(recording_bot)["actions"]
    assert (action["type"], action["action_id"], action["selected_option"]) == ("static_select", "pick", TWO)


def test_the_bot_suggests_options_for_what_was_typed(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    recording_bot.answers = [(200, json.dumps({"options": [ONE]}), {})]
    view = workspace.open_view(workspace.new_trigger(ALICE), modal({"type": "external_select"}))

    assert alice.suggest(view, "field", "on") == [ONE]

    payload = received(recording_bot)
    assert (payload["type"], payload["value"], payload["block_id"], payload["action_id"]) == (
        "block_suggestion",
        "on",
        "field",
        "value",
    )
    assert payload["view"]["callback_id"] == "run"


def test_a_bot_that_does_not_answer_suggests_nothing(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    recording_bot.answers = [(500, "", {})]
    view = workspace.open_view(workspace.new_trigger(ALICE), modal({"type": "external_select"}))

    assert alice.suggest(view, "field", "on") == []


TEXT = {"type": "plain_text_input"}


def test_a_submission_may_lay_another_modal_on_top(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    recording_bot.answers = [(200, json.dumps({"response_action": "push", "view": modal(TEXT, callback_id="two")}), {})]

    alice.submit(workspace.open_view(workspace.new_trigger(ALICE), modal(TEXT)), {"field": "x"})

    assert [view.callback_id for view in workspace.views(ALICE)] == ["run", "two"]


def test_a_submission_may_close_all_modals(alice: Person, recording_bot: RecordingBot, workspace: Workspace) -> None:
    recording_bot.answers = [(200, json.dumps({"response_action": "clear"}), {})]
    workspace.open_view(workspace.new_trigger(ALICE), modal(TEXT))

    alice.submit(workspace.push_view(ALICE, modal(TEXT)), {"field": "x"})

    assert workspace.views(ALICE) == []


def test_an_app_that_asked_for_it_hears_of_a_modal_that_was_closed(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    alice.close(workspace.open_view(workspace.new_trigger(ALICE), modal(TEXT)))
    assert recording_bot.requests == []

    alice.close(workspace.open_view(workspace.new_trigger(ALICE), modal(TEXT, notify_on_close=True)))
    assert received(recording_bot)["type"] == "view_closed"
    assert workspace.views(ALICE) == []


def test_looking_at_the_home_tab_is_an_event(alice: Person, recording_bot: RecordingBot, workspace: Workspace) -> None:
    workspace.events = None
    opened = alice.open_app("home")

    assert opened is not None
    opened.result(timeout=5)

    event = json.loads(recording_bot.requests[-1][1])["event"]
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", "U0ALICE", "home")
