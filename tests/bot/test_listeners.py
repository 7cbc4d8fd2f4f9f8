"""What each of Slack's payloads becomes, and which are let be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot import listeners
from bot.models import Request
from tests import slack_payloads as slack


def without_time(request: Request | None) -> dict[str, Any]:
    """What the request says beyond its defaults."""
    assert request is not None
    plain = request.to_dict()
    assert plain.pop("received_at") > 0
    return {name: value for name, value in plain.items() if value}


# --- commands --------------------------------------------------------------------------------------------------------


def test_a_command_becomes_a_request_outside_of_any_thread() -> None:
    assert without_time(listeners.command(slack.command("list files in my-bucket"))) == {
        "id": "13345224609.738474920.8088930838d88f008e0",
        "kind": "command",
        "team": "T0LOCAL",
        "channel": "C0OPS",
        "user": "U0ALICE",
        "text": "list files in my-bucket",
        "response_url": "https://hooks.slack.com/commands/T0LOCAL/1/2",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
    }


@pytest.mark.parametrize(("name", "kind"), [("directmessage", "im"), ("privategroup", "group"), ("ops", "")])
def test_a_command_says_what_kind_of_channel_it_came_from(name: str, kind: str) -> None:
    assert listeners.command(slack.command(channel_name=name)).channel_type == kind


def test_two_commands_without_a_trigger_are_still_two_requests() -> None:
    first = listeners.command(slack.command("list buckets", trigger_id="", response_url="https://hooks/1"))
    second = listeners.command(slack.command("list buckets", trigger_id="", response_url="https://hooks/2"))

    assert len({first.id, second.id, ""}) == 3


def test_a_text_without_end_is_cut_to_what_the_queue_takes_and_is_still_too_long_to_read() -> None:
    request = listeners.command(slack.command("🪣" * 100_000))

    assert request.text == "🪣" * 20_000
    assert len(json.dumps(request.to_dict())) < 262_144


# --- what people write -----------------------------------------------------------------------------------------------


def test_a_mention_becomes_a_request_without_the_bots_name() -> None:
    assert without_time(listeners.message(slack.app_mention("<@U0S3AGENT> list buckets"))) == {
        "id": "T0LOCAL#C0OPS#1700000000.000200",
        "kind": "mention",
        "team": "T0LOCAL",
        "channel": "C0OPS",
        "user": "U0ALICE",
        "text": "list buckets",
        "ts": "1700000000.000200",
    }


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("<@U0S3AGENT> list buckets", "list buckets"),
        ("<@U0S3AGENT>list buckets", "list buckets"),
        ("  <@U0S3AGENT>: list buckets", "list buckets"),
        ("<@U0S3AGENT>, list buckets", "list buckets"),
        ("<@U0S3AGENT|s3agent> list buckets", "list buckets"),
        ("<@U0S3AGENT> <@U0S3AGENT> list buckets", "list buckets"),
        ("hey <@U0S3AGENT>, list buckets", "hey, list buckets"),
        ("list buckets <@U0S3AGENT>", "list buckets"),
        ("<@U0S3AGENT>", ""),
        ("<@U0S3AGENT> delete “my  file.txt” from b", "delete “my  file.txt” from b"),
        ("<@U0S3AGENT> ask <@U0BOB>", "ask <@U0BOB>"),
        ("<@U0S3AGENT>\nlist buckets", "list buckets"),
    ],
)
def test_the_bots_name_is_taken_off_alike_in_a_mention_and_its_twin(typed: str, text: str) -> None:
    mention, twin = listeners.message(slack.app_mention(typed)), listeners.message(slack.message(typed))

    assert mention is not None
    assert twin is not None
    assert (mention.text, twin.text) == (text, text)
    assert (mention.id, mention.kind, mention.thread) == (twin.id, twin.kind, twin.thread)


def test_a_mention_in_a_thread_and_its_twin_are_the_same_request() -> None:
    typed = "<@U0S3AGENT> and in eu-west-1?"
    mention = listeners.message(slack.app_mention(typed, thread_ts=slack.ROOT))
    twin = listeners.message(slack.reply(typed))

    assert mention is not None
    assert twin is not None
    assert (mention.id, mention.kind, mention.text, mention.thread) == (twin.id, twin.kind, twin.text, twin.thread)
    assert (mention.kind, mention.thread) == ("mention", "1700000000.000100")


def test_a_mention_is_understood_though_slack_does_not_say_who_the_bot_is() -> None:
    payload = slack.app_mention("<@U0S3AGENT> list buckets")
    del payload["authorizations"]

    request = listeners.message(payload)

    assert request is not None
    assert (request.team, request.text) == ("T0LOCAL", "list buckets")


def test_somebody_whose_id_begins_like_the_bots_is_not_the_bot() -> None:
    assert listeners.message(slack.message("<@U0S3AGENT2> list buckets")) is None


def test_a_direct_message_becomes_a_request() -> None:
    request = listeners.message(slack.direct_message("list buckets"))

    assert request is not None
    assert (request.kind, request.direct, request.channel_type, request.text) == ("message", True, "im", "list buckets")


def test_a_reply_in_a_thread_becomes_a_request_with_the_threads_root() -> None:
    request = listeners.message(slack.reply("my-bucket"))

    assert request is not None
    assert (request.kind, request.ts, request.thread) == ("message", "1700000000.000200", "1700000000.000100")


@pytest.mark.parametrize("subtype", ["thread_broadcast", "file_share"])
def test_replies_that_are_also_sent_to_the_channel_or_carry_a_file_are_heard(subtype: str) -> None:
    assert listeners.WHAT_PEOPLE_WRITE["subtype"] == (None, "thread_broadcast", "file_share")
    request = listeners.message(slack.reply("my-bucket", subtype=subtype))

    assert request is not None
    assert request.text == "my-bucket"


def test_the_root_of_a_thread_is_not_a_reply_in_it() -> None:
    request = listeners.message(slack.app_mention("<@U0S3AGENT> list buckets", thread_ts=slack.TS))

    assert request is not None
    assert request.thread == ""


def test_an_empty_direct_message_and_a_bare_mention_are_queued_for_they_get_help() -> None:
    for payload in (slack.direct_message(""), slack.app_mention("<@U0S3AGENT>")):
        request = listeners.message(payload)
        assert request is not None
        assert request.text == ""


def test_half_characters_are_replaced_before_they_can_break_anything() -> None:
    request = listeners.message(slack.direct_message("list \ud83e files"))

    assert request is not None
    assert request.text == "list ? files"


LET_BE = {
    "a message at the top of a channel": slack.message("list buckets, everyone"),
    "one that mentions somebody else": slack.message("<@U0BOB> list buckets"),
    "a picture in a thread": slack.reply("", subtype="file_share"),
    "the bot's own answer": slack.reply("Here you are", user=slack.BOT, bot_id=slack.BOT_ID),
    "the bot's own answer by its user alone": slack.direct_message("Here you are", user=slack.BOT),
    "the bot mentioning itself": slack.app_mention("<@U0S3AGENT>", user=slack.BOT, bot_id=slack.BOT_ID),
    "another bot's message": slack.reply("deployed", bot_id="B0OTHER"),
    "another bot's mention": slack.app_mention("<@U0S3AGENT> list buckets", bot_id="B0OTHER"),
    "Slackbot": slack.direct_message("Reminder: list buckets", user="USLACKBOT"),
    "an edited mention": slack.app_mention("<@U0S3AGENT> list buckets", edited={"user": "U0ALICE", "ts": "1"}),
    "nobody's message": slack.direct_message("list buckets", user=None),
    "a message from nowhere": slack.reply("list buckets", channel=None),
    "a message without its time": slack.direct_message("list buckets", ts=None),
}


@pytest.mark.parametrize("payload", LET_BE.values(), ids=LET_BE.keys())
def test_what_is_not_said_to_the_bot_by_a_person_is_let_be(payload: slack.Json) -> None:
    assert listeners.message(payload) is None


@pytest.mark.parametrize(
    ("where", "who", "external"),
    [
        ({}, {}, False),
        ({"is_ext_shared_channel": True}, {"user_team": "T0OTHER", "team": "T0OTHER"}, True),
        ({"is_ext_shared_channel": True, "team_id": "T0OTHER"}, {"user_team": "T0OTHER"}, True),
        ({"is_ext_shared_channel": True}, {"user_team": "T0LOCAL"}, False),
        ({"is_ext_shared_channel": True}, {"source_team": "T0OTHER", "team": "T0LOCAL"}, True),
        ({"is_ext_shared_channel": True}, {"team": None}, True),
        ({}, {"team": None}, False),
    ],
)
def test_people_of_other_workspaces_are_marked(where: slack.Json, who: slack.Json, external: bool) -> None:
    request = listeners.message({**slack.reply("my-bucket", **who), **where})

    assert request is not None
    assert (request.team, request.external) == ("T0LOCAL", external)


def test_people_of_the_same_enterprise_are_not_external() -> None:
    payload = slack.reply("my-bucket", user_team="E0GRID")
    payload["authorizations"][0]["enterprise_id"] = "E0GRID"

    request = listeners.message(payload)

    assert request is not None
    assert request.external is False


# --- clicks ----------------------------------------------------------------------------------------------------------


def test_a_click_becomes_a_request_with_what_the_button_carries() -> None:
    assert without_time(listeners.click(slack.block_actions("confirm", "h-7"))) == {
        "id": "13345224609.738474920.8088930838d88f008e0",
        "kind": "click",
        "team": "T0LOCAL",
        "channel": "C0OPS",
        "user": "U0ALICE",
        "ts": "1700000000.000200",
        "thread": "1700000000.000100",
        "response_url": "https://hooks.slack.com/commands/T0LOCAL/1/2",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        "action": "confirm",
        "value": "h-7",
    }


def test_a_click_on_a_message_that_only_its_reader_sees_says_so() -> None:
    container = {"type": "message", "message_ts": slack.TS, "channel_id": slack.CHANNEL, "is_ephemeral": True}
    payload = slack.block_actions("say", "list buckets", container=container)
    del payload["message"], payload["channel"]

    request = listeners.click(payload)

    assert request is not None
    assert (request.ephemeral, request.channel, request.ts, request.thread) == (True, "C0OPS", "1700000000.000200", "")


def test_a_choice_from_a_menu_is_its_value() -> None:
    picked = {"action_id": "run", "type": "static_select", "selected_option": {"value": "log_analysis"}}

    request = listeners.click(slack.block_actions("run", "", actions=[picked]))

    assert request is not None
    assert (request.action, request.value) == ("run", "log_analysis")


@pytest.mark.parametrize(
    "payload",
    [
        slack.block_actions("link", ""),
        slack.block_actions("pick", "x", container={"type": "view", "view_id": "V1"}, channel=None),
        slack.block_actions(
            "pick", "x", container={}, channel=None, view={"type": "modal", "private_metadata": '{"channel": "C0OPS"}'}
        ),
    ],
    ids=["a link", "nowhere", "inside a modal"],
)
def test_clicks_that_ask_for_nothing_are_let_be(payload: slack.Json) -> None:
    assert listeners.click(payload) is None


def test_a_click_on_the_home_tab_is_answered_in_the_direct_message() -> None:
    payload = slack.block_actions("say", "workflow status wf-k3m9x2q7", container={"type": "view", "view_id": "V1"})
    del payload["channel"], payload["message"], payload["response_url"]

    request = listeners.click({**payload, "view": {"type": "home", "private_metadata": '{"channel": "D0ALICE"}'}})

    assert request is not None
    assert (request.channel, request.direct, request.ts, request.value) == (
        "D0ALICE",
        True,
        "",
        "workflow status wf-k3m9x2q7",
    )


def test_a_look_at_the_home_tab_becomes_a_request() -> None:
    assert without_time(listeners.home(slack.app_home_opened())) == {
        "id": "T0LOCAL#home#Ev0000000001",
        "kind": "home",
        "team": "T0LOCAL",
        "channel": "D0ALICE",
        "user": "U0ALICE",
    }


@pytest.mark.parametrize("changes", [{"tab": "messages"}, {"tab": None}, {"user": None}])
def test_another_tab_asks_for_nothing(changes: slack.Json) -> None:
    assert listeners.home(slack.app_home_opened(**changes)) is None


def test_a_click_by_somebody_of_another_workspace_is_marked() -> None:
    mallory = {"id": "U0MALLORY", "team_id": "T0OTHER"}

    request = listeners.click(slack.block_actions("confirm", "h-7", user=mallory))

    assert request is not None
    assert (request.user, request.team, request.external) == ("U0MALLORY", "T0LOCAL", True)


# --- modals ----------------------------------------------------------------------------------------------------------

METADATA = '{"workflow": "inventory_report", "channel": "C0OPS", "thread": "1700000000.000100"}'


def test_a_modal_becomes_a_request_where_it_was_opened() -> None:
    values = {
        "bucket": {"value": {"type": "plain_text_input", "value": "my-bucket"}},
        "prefix": {"value": {"type": "plain_text_input", "value": None}},
        "hours": {"value": {"type": "number_input", "value": "24"}},
        "format": {"value": {"type": "static_select", "selected_option": {"value": "CSV"}}},
        "frequency": {"value": {"type": "static_select", "selected_option": None}},
        "fields": {"value": {"type": "checkboxes", "selected_options": [{"value": "Size"}, {"value": "ETag"}]}},
    }

    assert without_time(listeners.submission(slack.view_submission(values, METADATA))) == {
        "id": "13345224609.738474920.8088930838d88f008e0",
        "kind": "submission",
        "team": "T0LOCAL",
        "channel": "C0OPS",
        "user": "U0ALICE",
        "thread": "1700000000.000100",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        "action": "run",
        "value": METADATA,
        "fields": {
            "bucket": "my-bucket",
            "prefix": "",
            "hours": "24",
            "format": "CSV",
            "frequency": "",
            "fields": "Size,ETag",
        },
    }


@pytest.mark.parametrize("metadata", ["", "{}", "not json", "[]", '{"channel": 5}'])
def test_a_modal_that_does_not_say_where_it_came_from_is_answered_to_the_person(metadata: str) -> None:
    request = listeners.submission(slack.view_submission({}, metadata))

    assert (request.channel, request.user, request.thread) == ("U0ALICE", "U0ALICE", "")


def test_a_modal_sent_off_in_a_shared_channel_belongs_to_the_bots_own_workspace() -> None:
    payload = {
        **slack.view_submission({}, METADATA),
        "team": {"id": "T0OTHER"},
        "user": {"id": "U0MALLORY", "team_id": "T0OTHER"},
    }

    request = listeners.submission(payload)

    assert (request.team, request.external) == ("T0LOCAL", True)
