"""Modals that change, the Home tab, files, groups, conversations and rates, through the real SDK."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.slack import LocalSlack, Workspace
from sandbox.slack.rates import Rates

OPS, GENERAL, SECRET, ALICE = "C0OPS", "C0GENERAL", "G0SECRET", "U0ALICE"


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """With every scope: what the manifest grants is tested elsewhere."""
    workspace.scopes = None
    workspace.home_tab = True
    return workspace


def refusal(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def modal(title: str) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "blocks": [{"type": "divider"}]}


def test_an_update_changes_a_modal_in_place(client: WebClient, workspace: Workspace) -> None:
    opened = client.views_open(trigger_id=workspace.new_trigger(ALICE), view=modal("One"))["view"]

    client.views_update(view_id=opened["id"], view=modal("Two"), hash=opened["hash"])

    (view,) = workspace.views(ALICE)
    assert (view.id, view.content["title"]["text"]) == (opened["id"], "Two")


def test_an_update_of_a_modal_that_has_changed_meanwhile_is_a_hash_conflict(
    client: WebClient, workspace: Workspace
) -> None:
    opened = client.views_open(trigger_id=workspace.new_trigger(ALICE), view=modal("One"))["view"]
    client.views_update(view_id=opened["id"], view=modal("Two"))

    assert refusal(client.views_update, view_id=opened["id"], view=modal("Three"), hash=opened["hash"]) == (
        "hash_conflict"
    )


def test_a_modal_that_is_not_open_cannot_be_updated(client: WebClient) -> None:
    assert refusal(client.views_update, view_id="V0", view=modal("One")) == "not_found"


def test_three_modals_may_lie_on_each_other(client: WebClient, workspace: Workspace) -> None:
    client.views_open(trigger_id=workspace.new_trigger(ALICE), view=modal("One"))
    client.views_push(trigger_id=workspace.new_trigger(ALICE), view=modal("Two"))
    client.views_push(trigger_id=workspace.new_trigger(ALICE), view=modal("Three"))

    assert refusal(client.views_push, trigger_id=workspace.new_trigger(ALICE), view=modal("Four")) == (
        "push_limit_reached"
    )
    assert [view.content["title"]["text"] for view in workspace.views(ALICE)] == ["One", "Two", "Three"]


def test_a_home_tab_is_published_for_one_person(client: WebClient, workspace: Workspace) -> None:
    client.views_publish(user_id=ALICE, view={"type": "home", "blocks": [{"type": "divider", "block_id": "line"}]})

    home = workspace.home(ALICE)
    assert home is not None
    assert home.content["blocks"] == [{"type": "divider", "block_id": "line"}]
    assert workspace.home("U0BOB") is None


def test_an_app_without_a_home_tab_cannot_publish_one(client: WebClient, workspace: Workspace) -> None:
    workspace.home_tab = False

    assert refusal(client.views_publish, user_id=ALICE, view={"type": "home", "blocks": []}) == "not_enabled"


def test_a_modal_is_no_home_tab(client: WebClient) -> None:
    assert refusal(client.views_publish, user_id=ALICE, view=modal("One")) == "invalid_arguments"


def test_an_uploaded_file_stands_in_the_thread(client: WebClient, workspace: Workspace) -> None:
    root = workspace.post(OPS, ALICE, "a picture, please")

    client.files_upload_v2(
        channel=OPS,
        thread_ts=root.ts,
        filename="errors.png",
        title="Errors",
        content=b"\x89PNG",
        initial_comment="Here",
    )

    (message,) = (m for m in workspace.messages(OPS, thread=root.ts) if m.files)
    (file,) = message.files
    assert (message.text, file.name, file.title, file.type, file.content) == (
        "Here",
        "errors.png",
        "Errors",
        "image/png",
        b"\x89PNG",
    )


def test_a_file_that_was_not_sent_cannot_be_shared(client: WebClient) -> None:
    asked = client.files_getUploadURLExternal(filename="errors.png", length=4)

    assert refusal(client.files_completeUploadExternal, files=[{"id": asked["file_id"]}], channel_id=OPS) == (
        "file_not_found"
    )


def test_a_file_is_not_shared_where_the_bot_is_no_member(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        client.files_upload_v2(channel=GENERAL, filename="errors.png", content=b"\x89PNG")

    assert refused.value.response["error"] == "not_in_channel"


def test_uploading_needs_its_scope(client: WebClient, workspace: Workspace) -> None:
    workspace.scopes = frozenset({"chat:write"})

    assert refusal(client.files_getUploadURLExternal, filename="errors.png", length=4) == "missing_scope"


def test_the_members_of_a_group_of_people(client: WebClient, workspace: Workspace) -> None:
    workspace.usergroups["S0ADMINS"] = (ALICE,)

    assert client.usergroups_users_list(usergroup="S0ADMINS")["users"] == [ALICE]
    assert refusal(client.usergroups_users_list, usergroup="S0OTHER") == "no_such_subteam"


def test_the_bot_sees_public_channels_and_its_own(client: WebClient) -> None:
    names = [channel["name"] for channel in client.conversations_list()["channels"]]

    assert names == ["ops", "general", "partners"]


def test_the_members_of_a_channel(client: WebClient) -> None:
    assert client.conversations_members(channel=OPS)["members"] == ["U0ALICE", "U0BOB", "U0CAROL", "U0S3AGENT"]
    assert refusal(client.conversations_members, channel=SECRET) == "channel_not_found"


def test_history_begins_with_the_newest_and_has_no_replies(client: WebClient, workspace: Workspace) -> None:
    first = workspace.post(OPS, ALICE, "one")
    workspace.post(OPS, ALICE, "a reply", thread=first.ts)
    workspace.post(OPS, ALICE, "for bob", only_for="U0BOB")
    workspace.post(OPS, ALICE, "two")

    history = client.conversations_history(channel=OPS, limit=1)

    assert [message["text"] for message in history["messages"]] == ["two"]
    assert history["has_more"] is True


def test_replies_begin_with_the_root(client: WebClient, workspace: Workspace) -> None:
    first = workspace.post(OPS, ALICE, "one")
    workspace.post(OPS, ALICE, "a reply", thread=first.ts)

    replies = client.conversations_replies(channel=OPS, ts=first.ts)["messages"]

    assert [message["text"] for message in replies] == ["one", "a reply"]
    assert refusal(client.conversations_replies, channel=OPS, ts="1.000000") == "thread_not_found"


def test_a_direct_message_can_be_opened(client: WebClient) -> None:
    assert client.conversations_open(users=ALICE)["channel"]["id"] == "D0ALICE"


def test_the_bot_says_what_it_is_doing(client: WebClient, workspace: Workspace) -> None:
    client.assistant_threads_setStatus(channel_id=OPS, thread_ts="1.000000", status="is looking …")

    (change,) = workspace.changes()
    assert change.status is not None
    assert change.status.text == "is looking …"


def test_with_rates_a_channel_takes_a_burst_and_then_says_when(workspace: Workspace) -> None:
    with LocalSlack(workspace, rates=Rates()) as slack:
        client = WebClient(token=workspace.bot_token, base_url=slack.api_url, timeout=5)
        for number in range(5):
            client.chat_postMessage(channel=OPS, text=f"{number}")
        client.chat_postMessage(channel="C0PARTNERS", text="elsewhere")

        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel=OPS, text="one too many")

    assert refused.value.response.status_code == 429
    assert refused.value.response["error"] == "ratelimited"
    assert refused.value.response.headers["Retry-After"] == "1"
    assert len(workspace.messages(OPS)) == 5


def test_what_the_bot_does_has_ten_ways_to_say_it_at_most(client: WebClient) -> None:
    say = client.assistant_threads_setStatus

    assert say(channel_id=OPS, thread_ts="1.0", status="x", loading_messages=["x"] * 10)["ok"]
    assert refusal(say, channel_id=OPS, thread_ts="1.0", status="x", loading_messages=["x"] * 11) == "invalid_arguments"
