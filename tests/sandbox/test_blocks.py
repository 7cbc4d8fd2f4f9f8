"""What Slack refuses in blocks, part by part: https://docs.slack.dev/reference/block-kit."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.slack.blocks import is_too_long, problems_of_message, problems_of_options, problems_of_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def rich(*texts: str) -> Json:
    parts = [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]} for text in texts]
    return {"type": "rich_text", "elements": parts}


def task(name: str = "1", **more: Any) -> Json:
    return {"type": "task_card", "task_id": name, "title": "Read the rules", **more}


def plan(*tasks: Json) -> Json:
    return {"type": "plan", "title": "Lifecycle management", "tasks": list(tasks)}


def actions(**element: Any) -> Json:
    return {"type": "actions", "elements": [{"action_id": "a", **element}]}


def select(*values: str, **more: Any) -> Json:
    return actions(type="static_select", options=[option(value) for value in values], **more)


def confirm(**more: Any) -> Json:
    dialog = {"title": plain("Sure?"), "text": plain("It is gone then."), "confirm": plain("Yes"), "deny": plain("No")}
    return actions(type="button", text=plain("Delete"), value="1", confirm={**dialog, **more})


def table(*rows: list[str]) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]}


SOUND = {
    "a plan whose steps are in all four states": plan(
        *(task(state, status=state) for state in ("pending", "in_progress", "complete", "error"))
    ),
    "a step without a type, as Slack's documentation has it": plan({"task_id": "1", "title": "Read"}),
    "a plan without steps": {"type": "plan", "title": "Soon"},
    "a task with all that it may have": task(
        status="complete",
        details=rich("looking"),
        output=rich("3 rules"),
        sources=[{"type": "url", "url": "https://example.com", "text": "Example"}],
    ),
    "a task without a state": task(),
    "a select with 100 options": select(*(f"{n}" for n in range(100))),
    "an option at its limits": select("v" * 75, initial_option=option("v" * 75)),
    "a menu with 5 entries": actions(type="overflow", options=[option(f"{n}") for n in range(5)]),
    "a select whose options the app gives": actions(type="external_select", min_query_length=0),
    "several of them": actions(type="multi_external_select", max_selected_items=3, initial_options=[option("a")]),
    "options in groups": actions(
        type="multi_static_select", option_groups=[{"label": plain("EU"), "options": [option("eu-west-1")]}]
    ),
    "a dialog at its limits": confirm(
        title=plain("x" * 100), text=plain("x" * 300), confirm=plain("x" * 30), deny=plain("x" * 30)
    ),
    "an alert": {"type": "alert", "level": "warning", "text": plain("It is full.")},
    "10,000 characters in a table": table(["x" * 5000, "😀" * 2500]),
    "20 columns with their settings": {**table(["x"] * 20), "column_settings": [{"align": "right"}, None] * 10},
}


@pytest.mark.parametrize("name", SOUND)
def test_what_slack_takes(name: str) -> None:
    assert problems_of_message([SOUND[name]]) == []


REFUSED = {
    "a plan without a title": {"type": "plan", "tasks": []},
    "a plan with an empty title": {**plan(), "title": ""},
    "a task without a name": {"type": "task_card", "title": "Read"},
    "a task in another state": plan(task(status="late")),
    "a task that is to come, outside of a plan": task(status="pending"),
    "details in two parts": task(details=rich("one", "two")),
    "details that are no rich text": task(details=plain("one")),
    "a source without an address": task(sources=[{"type": "url", "text": "Example"}]),
    "two tasks of one name": plan(task("1"), task("1")),
    "a task with another field": task(icon="star"),
    "a step that is no task": plan({"type": "divider"}),
    "a select without options": select(),
    "a select with 101 options": select(*(f"{n}" for n in range(101))),
    "a long option": select("v" * 76),
    "a long value": actions(type="static_select", options=[{"text": plain("x"), "value": "v" * 151}]),
    "a menu with 6 entries": actions(type="overflow", options=[option(f"{n}") for n in range(6)]),
    "a choice that is no option": select("a", "b", initial_option=option("c")),
    "a choice that is in no group": actions(
        type="static_select",
        option_groups=[{"label": plain("EU"), "options": [option("eu-west-1")]}],
        initial_option=option("us-east-1"),
    ),
    "a group without a name": actions(type="static_select", option_groups=[{"options": [option("a")]}]),
    "a long placeholder": select("a", placeholder=plain("x" * 151)),
    "a dialog with a long title": confirm(title=plain("x" * 101)),
    "a dialog with a long text": confirm(text=plain("x" * 301)),
    "a dialog with a long yes": confirm(confirm=plain("x" * 31)),
    "a dialog with a long no": confirm(deny=plain("x" * 31)),
    "a dialog without a no": actions(
        type="button", text=plain("x"), value="1", confirm={"title": plain("x"), "text": plain("x")}
    ),
    "a long address": actions(type="button", text=plain("x"), url="https://example.com/" + "x" * 2981),
    "an alert of another level": {"type": "alert", "level": "loud", "text": plain("x")},
    "a person who is no id": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "<!here>"}]}],
    },
    "a list without items": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": []}],
    },
    "a table of more than 10,000 characters as JavaScript counts": table(["😀" * 5000, "a"]),
    "a table of rich text that is too long": {"type": "table", "rows": [[rich("x" * 10_001)]]},
    "settings of 21 columns": {**table(["x"]), "column_settings": [{}] * 21},
    "a column at the top": {**table(["x"]), "column_settings": [{"align": "top"}]},
    "a block that the bot does not send": {"type": "carousel", "elements": []},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_slack_refuses(name: str) -> None:
    assert len(problems_of_message([REFUSED[name]])) == 1


def test_rich_text_is_counted_over_the_whole_message() -> None:
    assert not is_too_long([rich("x" * 6000), rich("x" * 3000, "y" * 3000)])
    assert is_too_long([rich("x" * 6000), rich("x" * 6001)])


def test_what_an_external_select_is_answered_with() -> None:
    assert problems_of_options({"options": [option("a")]}) == []
    assert problems_of_options({"options": []}) == []
    assert len(problems_of_options({"options": [option(f"{n}") for n in range(101)]})) == 1
    assert len(problems_of_options({"options": [option("v" * 151)]})) == 1
    assert len(problems_of_options({})) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"title": plain("")},
        {"submit": plain("x" * 25)},
        {"close": plain("x" * 25)},
        {"callback_id": "x" * 256},
        {"blocks": []},
        {"colour": "red"},
    ],
)
def test_a_modal_that_slack_refuses(more: Json) -> None:
    modal = {"type": "modal", "title": plain("Run"), "blocks": [{"type": "divider"}], **more}

    assert len(problems_of_view(modal)) == 1


def test_a_home_tab_has_up_to_100_blocks() -> None:
    assert problems_of_view({"type": "home", "blocks": [{"type": "divider"}] * 100}, "home") == []
    assert len(problems_of_view({"type": "home", "blocks": [{"type": "divider"}] * 101}, "home")) == 1
