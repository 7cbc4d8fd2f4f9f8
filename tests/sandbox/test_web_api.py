"""The local Slack takes what Slack takes and refuses what Slack refuses, by Slack's names, through the real SDK."""

from __future__ import annotations

import http.client
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from sandbox.slack import LocalSlack, Workspace
from sandbox.slack.server import Fault

OPS, GENERAL, SECRET, ALICE = "C0OPS", "C0GENERAL", "G0SECRET", "U0ALICE"


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def test_a_posted_message_is_in_the_channel(client: WebClient, workspace: Workspace) -> None:
    answer = client.chat_postMessage(channel=OPS, text="hello")

    (message,) = workspace.messages(OPS)
    assert (message.ts, message.user, message.text) == (answer["ts"], "U0S3AGENT", "hello")


def test_auth_test_says_who_the_bot_is(client: WebClient) -> None:
    answer = client.auth_test()

    assert (answer["user_id"], answer["team_id"], answer["bot_id"]) == ("U0S3AGENT", "T0LOCAL", "B0S3AGENT")


def test_a_call_without_a_token_is_not_authed(slack: LocalSlack) -> None:
    assert refusal(WebClient(base_url=slack.api_url).auth_test) == "not_authed"


def test_a_call_with_another_token_has_invalid_auth(slack: LocalSlack) -> None:
    assert refusal(WebClient(token="xoxb-other", base_url=slack.api_url).auth_test) == "invalid_auth"


def test_a_method_that_is_not_there_is_unknown(client: WebClient) -> None:
    assert refusal(client.api_call, api_method="chat.shout") == "unknown_method"


def test_a_scope_that_was_not_granted_is_missing(client: WebClient, workspace: Workspace) -> None:
    workspace.scopes = frozenset({"app_mentions:read"})

    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=OPS, text="hello")

    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "chat:write"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        (GENERAL, "not_in_channel"),
        (SECRET, "channel_not_found"),
        ("C0NOWHERE", "channel_not_found"),
        ("ops", "channel_not_found"),
    ],
)
def test_where_the_bot_may_not_write(client: WebClient, channel: str, error: str) -> None:
    assert refusal(client.chat_postMessage, channel=channel, text="hello") == error


def test_an_invited_bot_may_write(client: WebClient, workspace: Workspace) -> None:
    workspace.join("s3agent", "general")

    assert client.chat_postMessage(channel=GENERAL, text="hello")["ok"]


def test_an_app_that_may_post_anywhere_needs_no_invitation_to_public_channels(
    client: WebClient, workspace: Workspace
) -> None:
    workspace.scopes = frozenset({"chat:write", "chat:write.public"})

    assert client.chat_postMessage(channel=GENERAL, text="hello")["ok"]
    assert refusal(client.chat_postMessage, channel=SECRET, text="hello") == "channel_not_found"


def test_nobody_writes_in_an_archived_channel(client: WebClient, workspace: Workspace) -> None:
    workspace.add_channel(replace(workspace.channel(OPS), archived=True))

    assert refusal(client.chat_postMessage, channel=OPS, text="hello") == "is_archived"


def test_an_app_without_a_messages_tab_writes_to_nobody_directly(client: WebClient, workspace: Workspace) -> None:
    workspace.messages_tab = False

    assert refusal(client.chat_postMessage, channel=ALICE, text="hello") == "messages_tab_disabled"


def test_a_message_to_a_person_goes_into_their_direct_message(client: WebClient) -> None:
    assert client.chat_postMessage(channel=ALICE, text="hello")["channel"] == "D0ALICE"


@pytest.mark.filterwarnings("ignore:The top-level")
@pytest.mark.parametrize("text", ["", "   "])
def test_a_message_without_text_or_blocks_has_no_text(client: WebClient, text: str) -> None:
    assert refusal(client.chat_postMessage, channel=OPS, text=text) == "no_text"


def test_a_reply_needs_a_root_that_is_there(client: WebClient) -> None:
    assert refusal(client.chat_postMessage, channel=OPS, text="x", thread_ts="1.000001") == "cannot_reply_to_message"


def test_a_reply_to_a_reply_is_refused(client: WebClient) -> None:
    root = client.chat_postMessage(channel=OPS, text="root")["ts"]
    reply = client.chat_postMessage(channel=OPS, text="reply", thread_ts=root)["ts"]

    assert refusal(client.chat_postMessage, channel=OPS, text="x", thread_ts=reply) == "cannot_reply_to_message"


def test_a_text_is_cut_after_forty_thousand_characters(client: WebClient, workspace: Workspace) -> None:
    client.chat_postMessage(channel=OPS, text="x" * 40_001)

    assert len(workspace.messages(OPS)[0].text) == 40_000


@pytest.mark.filterwarnings("ignore:The top-level")
def test_markdown_takes_the_place_of_text_and_blocks(client: WebClient, workspace: Workspace) -> None:
    post = client.chat_postMessage
    post(channel=OPS, markdown_text="# Done")

    assert workspace.messages(OPS)[0].blocks[0]["text"] == "# Done"
    assert refusal(post, channel=OPS, markdown_text="x", text="x") == "markdown_text_conflict"
    assert refusal(post, channel=OPS, markdown_text="x", blocks=[section("x")]) == "markdown_text_conflict"
    assert refusal(post, channel=OPS, markdown_text="x" * 12_001) == "msg_too_long"


def test_a_message_has_a_hundred_attachments_at_most(client: WebClient) -> None:
    def post(number: int) -> Any:
        return client.chat_postMessage(channel=OPS, text="x", attachments=[{"fallback": "x"}] * number)

    assert post(100)["ok"]
    assert refusal(post, number=101) == "too_many_attachments"


def test_rich_text_beyond_what_a_message_takes_is_too_long(client: WebClient) -> None:
    assert refusal(client.chat_postMessage, channel=OPS, text="x", blocks=[rich("x" * 12_001)]) == "msg_blocks_too_long"


def test_only_its_reader_sees_an_ephemeral_message(client: WebClient, workspace: Workspace) -> None:
    client.chat_postEphemeral(channel=OPS, user=ALICE, text="psst")

    assert [m.text for m in workspace.messages(OPS, reader=ALICE)] == ["psst"]
    assert workspace.messages(OPS, reader="U0BOB") == []


def test_an_ephemeral_message_reaches_members_only(client: WebClient) -> None:
    assert refusal(client.chat_postEphemeral, channel=OPS, user="U0MALLORY", text="x") == "user_not_in_channel"


def test_an_ephemeral_message_cannot_be_updated(client: WebClient) -> None:
    ts = client.chat_postEphemeral(channel=OPS, user=ALICE, text="psst")["message_ts"]

    assert refusal(client.chat_update, channel=OPS, ts=ts, text="louder") == "message_not_found"


def test_an_update_changes_the_message_in_place(client: WebClient, workspace: Workspace) -> None:
    ts = client.chat_postMessage(channel=OPS, text="one")["ts"]
    client.chat_update(channel=OPS, ts=ts, text="two")

    (message,) = workspace.messages(OPS)
    assert (message.ts, message.text, bool(message.edited)) == (ts, "two", True)


def test_nobody_elses_message_can_be_updated_or_deleted(client: WebClient, workspace: Workspace) -> None:
    theirs = workspace.post(OPS, ALICE, "mine").ts

    assert refusal(client.chat_update, channel=OPS, ts=theirs, text="x") == "cant_update_message"
    assert refusal(client.chat_delete, channel=OPS, ts=theirs) == "cant_delete_message"


def test_a_deleted_message_is_gone(client: WebClient, workspace: Workspace) -> None:
    client.chat_delete(channel=OPS, ts=client.chat_postMessage(channel=OPS, text="one")["ts"])

    assert workspace.messages(OPS) == []


def test_slack_names_blocks_that_have_no_name(client: WebClient, workspace: Workspace) -> None:
    client.chat_postMessage(channel=OPS, text="x", blocks=[{"type": "divider"}, {"type": "divider"}])

    first, second = workspace.messages(OPS)[0].blocks
    assert first["block_id"]
    assert first["block_id"] != second["block_id"]


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def button(label: str = "Go", action: str = "go", value: str = "1") -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action, "value": value}


def table(*rows: list[str]) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]}


def rich(text: str) -> dict[str, Any]:
    part = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [part]}


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 50,
        [section("x" * 3000)],
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2000}] * 10}],
        [{"type": "header", "text": plain("x" * 150)}],
        [{"type": "context", "elements": [plain("x")] * 10}],
        [actions(*(button(action=f"a{n}") for n in range(25)))],
        [actions(button("x" * 75, "a" * 255, "v" * 2000))],
        [table(*[["x" * 5] * 20] * 100)],
        [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * 6000}],
        [rich("literal <!channel>")],
        [{**section("x"), "block_id": "b" * 255}],
    ],
)
def test_blocks_at_their_limits_are_taken(client: WebClient, blocks: list[dict[str, Any]]) -> None:
    assert client.chat_postMessage(channel=OPS, text="x", blocks=blocks)["ok"]


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 51,
        [section("x" * 3001)],
        [section("")],
        [{"type": "section"}],
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}],
        [{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2001}]}],
        [{"type": "header", "text": plain("x" * 151)}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "context", "elements": [plain("x")] * 11}],
        [{"type": "context", "elements": []}],
        [actions(*(button(action=f"a{n}") for n in range(26)))],
        [actions(button("x" * 76))],
        [actions(button(action="a" * 256))],
        [actions(button(value="v" * 2001))],
        [actions({**button(), "style": "warning"})],
        [actions(button(), button())],
        [{**section("x"), "block_id": "b" * 256}],
        [{**section("x"), "block_id": "b"}, {**section("y"), "block_id": "b"}],
        [table(*[["x"]] * 101)],
        [table(["x"] * 21)],
        [table([""])],
        [table(["a"], ["a", "b"])],
        [table(["x" * 10_001])],
        [table(["x"]), table(["y"])],
        [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * 6001}],
        [rich("")],
        [{"type": "rich_text", "elements": []}],
        [{"type": "sectoin"}],
        [{**section("x"), "colour": "red"}],
        ["text"],
    ],
)
def test_blocks_beyond_a_limit_are_invalid(client: WebClient, workspace: Workspace, blocks: list[Any]) -> None:
    assert refusal(client.chat_postMessage, channel=OPS, text="x", blocks=blocks) == "invalid_blocks"
    assert workspace.messages(OPS) == []


def test_a_refusal_says_which_part_is_wrong(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.chat_postMessage(channel=OPS, text="x", blocks=[{"type": "divider"}, section("x" * 3001)])

    assert refused.value.response["errors"] == ["no more than 3000 allowed [json-pointer:/blocks/1/text/text]"]


def modal(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "callback_id": "run", "title": plain("Run"), "blocks": [section("x")], **more}


def test_a_trigger_opens_a_modal_once(client: WebClient, workspace: Workspace) -> None:
    trigger = workspace.new_trigger(ALICE)
    client.views_open(trigger_id=trigger, view=modal())

    assert [view.callback_id for view in workspace.views(ALICE)] == ["run"]
    assert refusal(client.views_open, trigger_id=trigger, view=modal()) == "exchanged_trigger_id"


def test_a_trigger_expires_after_three_seconds(client: WebClient, workspace: Workspace) -> None:
    trigger = workspace.new_trigger(ALICE)
    later = workspace.clock() + 3.1
    workspace.clock = lambda: later

    assert refusal(client.views_open, trigger_id=trigger, view=modal()) == "expired_trigger_id"


def test_a_trigger_that_slack_did_not_give_is_invalid(client: WebClient) -> None:
    assert refusal(client.views_open, trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"


@pytest.mark.parametrize(
    "more",
    [
        {"title": plain("x" * 25)},
        {"private_metadata": "x" * 3001},
        {"blocks": [{"type": "divider"}] * 101},
        {"blocks": [{"type": "input", "label": plain("x"), "element": {"type": "plain_text_input"}}]},
    ],
    ids=["long title", "long metadata", "101 blocks", "an input and no submit"],
)
def test_a_modal_beyond_a_limit_is_refused(client: WebClient, workspace: Workspace, more: dict[str, Any]) -> None:
    trigger = workspace.new_trigger(ALICE)

    assert refusal(client.views_open, trigger_id=trigger, view=modal(**more)) == "invalid_arguments"


def test_conversations_info_shows_what_the_bot_may_see(client: WebClient, workspace: Workspace) -> None:
    workspace.scopes = frozenset({"channels:read"})

    assert client.conversations_info(channel=GENERAL)["channel"]["is_member"] is False
    assert refusal(client.conversations_info, channel=SECRET) == "channel_not_found"


def test_users_info_knows_a_guest(client: WebClient, workspace: Workspace) -> None:
    workspace.scopes = frozenset({"users:read"})

    assert client.users_info(user="U0MALLORY")["user"]["is_stranger"] is True
    assert refusal(client.users_info, user="U0NOBODY") == "user_not_found"


def test_a_response_url_answers_the_asker_alone_even_where_the_bot_is_no_member(
    slack: LocalSlack, workspace: Workspace
) -> None:
    url = slack.url + workspace.new_response_url(ALICE, GENERAL)

    assert WebhookClient(url).send(text="hello").status_code == 200
    (message,) = workspace.messages(GENERAL)
    assert (message.text, message.only_for) == ("hello", ALICE)


def test_a_response_url_can_answer_the_channel(slack: LocalSlack, workspace: Workspace) -> None:
    url = slack.url + workspace.new_response_url(ALICE, OPS)
    WebhookClient(url).send(text="hello", response_type="in_channel")

    assert workspace.messages(OPS)[0].only_for == ""


def test_a_response_url_works_five_times(slack: LocalSlack, workspace: Workspace) -> None:
    url = slack.url + workspace.new_response_url(ALICE, OPS)

    statuses = [WebhookClient(url).send(text=f"{n}").status_code for n in range(6)]

    assert statuses == [200, 200, 200, 200, 200, 404]


def test_a_response_url_works_for_thirty_minutes(slack: LocalSlack, workspace: Workspace) -> None:
    url = slack.url + workspace.new_response_url(ALICE, OPS)
    later = workspace.clock() + 30 * 60 + 1
    workspace.clock = lambda: later

    answer = WebhookClient(url).send(text="late")

    assert (answer.status_code, "expired_url" in answer.body) == (404, True)


def test_a_response_url_of_a_click_replaces_the_message_and_deletes_it(slack: LocalSlack, workspace: Workspace) -> None:
    message = workspace.post(OPS, "U0S3AGENT", "sure?", only_for=ALICE)
    url = slack.url + workspace.new_response_url(ALICE, OPS, message=message.ts)

    WebhookClient(url).send(text="done", replace_original=True)
    assert [m.text for m in workspace.messages(OPS)] == ["done"]
    WebhookClient(url).send(delete_original=True)
    assert workspace.messages(OPS) == []


def test_a_response_url_answers_in_the_thread_that_it_is_told(slack: LocalSlack, workspace: Workspace) -> None:
    root = workspace.post(OPS, ALICE, "root")
    asked = workspace.post(OPS, "U0S3AGENT", "sure?", thread=root.ts)
    url = slack.url + workspace.new_response_url(ALICE, OPS, message=asked.ts)

    WebhookClient(url).send_dict({"text": "in the channel", "replace_original": False})
    WebhookClient(url).send_dict({"text": "in the thread", "replace_original": False, "thread_ts": root.ts})

    assert [(m.text, m.thread) for m in workspace.messages(OPS)[2:]] == [
        ("in the channel", ""),
        ("in the thread", root.ts),
    ]


def test_a_response_url_refuses_blocks_as_well(slack: LocalSlack, workspace: Workspace) -> None:
    url = slack.url + workspace.new_response_url(ALICE, OPS)

    answer = WebhookClient(url).send(text="x", blocks=[section("")])

    assert (answer.status_code, "invalid_blocks" in answer.body) == (400, True)


def test_planned_faults_happen_once_and_in_order(slack: LocalSlack, client: WebClient) -> None:
    slack.faults.extend([Fault(status=500, method="chat.postMessage"), Fault(status=429, seconds=7)])

    with pytest.raises(SlackApiError) as limited:
        client.auth_test()
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    with pytest.raises(SlackApiError) as broken:
        client.chat_postMessage(channel=OPS, text="x")
    assert broken.value.response.status_code == 500
    assert client.chat_postMessage(channel=OPS, text="x")["ok"]


def test_a_dropped_connection_has_no_answer(slack: LocalSlack) -> None:
    slack.faults.append(Fault(drop=True))
    connection = http.client.HTTPConnection(slack.url.removeprefix("http://"), timeout=5)
    connection.request("POST", "/api/auth.test")

    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()


def test_the_server_listens_on_loopback_only(slack: LocalSlack) -> None:
    assert slack.url.startswith("http://127.0.0.1:")
