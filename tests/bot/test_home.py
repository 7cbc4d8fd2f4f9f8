"""The Home tab: what somebody sees who opens it, with the real worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.models import Request
from tests.office import Office, office
from tests.reply_rules import view_problems


@pytest.fixture
def room() -> Iterator[Office]:
    with office() as room:
        yield room


def opened(room: Office, user: str = "U0ALICE", times: int = 1) -> dict[str, Any]:
    """What ``user`` is shown."""
    request = Request(f"T0LOCAL#home#Ev{user}", "home", "T0LOCAL", f"D{user[1:]}", user)
    for _ in range(times):
        room.work(request)
    (published,) = room.slack.sent("views.publish")
    assert published["user_id"] == user
    view: dict[str, Any] = published["view"]
    assert view_problems(view) == []
    return view


def test_it_shows_what_its_reader_may_ask_for(room: Office) -> None:
    carol = str(opened(room, "U0CAROL"))
    room.slack.forget()
    alice = str(opened(room, "U0ALICE"))

    assert "list files in my-bucket" in carol
    assert "create bucket my-bucket" not in carol
    assert "create bucket my-bucket" in alice
    assert room.posts == []


def test_what_its_reader_started_last_stands_on_top_and_is_answered_directly(room: Office) -> None:
    room.dynamodb.put_item(
        TableName="WorkflowExecutions",
        Item={
            "execution_id": {"S": "wf-k3m9x2q7"},
            "user": {"S": "U0ALICE"},
            "workflow": {"S": "log_analysis"},
            "title": {"S": "Log analysis"},
            "status": {"S": "succeeded"},
            "created_at": {"N": str(int(room.now))},
        },
    )

    view = opened(room)

    assert "The last workflows" in str(view["blocks"][0])
    button = next(block for block in view["blocks"] if block["type"] == "actions")["elements"][0]
    assert button["value"] == "workflow status wf-k3m9x2q7"
    assert view["private_metadata"] == '{"channel": "D0ALICE"}'


def test_delivered_twice_it_is_shown_once(room: Office) -> None:
    opened(room, times=2)


def test_where_executions_cannot_be_read_it_shows_the_rest(room: Office) -> None:
    room.dynamodb.delete_table(TableName="WorkflowExecutions")

    assert "list files in my-bucket" in str(opened(room))


def test_a_tab_that_was_switched_off_harms_nobody(room: Office) -> None:
    room.slack.refuses("views.publish", "not_enabled")

    opened(room)

    assert room.private == []
