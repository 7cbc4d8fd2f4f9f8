"""The form of a workflow: what exists is picked, and Slack's three seconds are kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bot import listeners
from bot.real_names import real_names
from tests import slack_payloads
from tests.office import Office, office
from tests.reply_rules import view_problems


@pytest.fixture
def room() -> Iterator[Office]:
    with office() as room:
        yield room


def bucket(room: Office, *names: str) -> None:
    for name in names:
        room.s3().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})


def form(room: Office, workflow: str = "inventory_report", **more: Any) -> dict[str, Any]:
    """The elements of the form that a press of Run opens, by parameter."""
    room.click({"action_id": "run", "value": workflow}, trigger_id="1.2", **more)
    view = room.slack.sent("views.open")[-1]["view"]
    assert view_problems(view) == []
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def offered(element: dict[str, Any]) -> list[str]:
    return [option["value"] for option in element.get("options", [])]


def test_buckets_are_picked_from_those_that_exist(room: Office):
    bucket(room, "acme-logs", "acme-reports")

    found = form(room)

    assert offered(found["bucket"]) == ["acme-logs", "acme-reports"]
    assert offered(found["destination_bucket"]) == ["acme-logs", "acme-reports"]
    assert offered(found["format"]) == ["CSV", "ORC", "Parquet"]
    assert found["frequency"]["initial_option"]["value"] == "Weekly"
    assert found["prefix"]["type"] == "plain_text_input"


def test_log_groups_are_picked_from_those_that_exist_beyond_the_first_page(room: Office):
    logs = room.bot.aws.client("logs")
    for number in range(60):
        logs.create_log_group(logGroupName=f"/aws/lambda/orders-{number:02}")

    found = form(room, "log_analysis")

    assert len(offered(found["log_group"])) == 60
    assert found["hours"]["initial_value"] == "24"


@pytest.mark.parametrize("names", [[], [f"acme-{number:03}" for number in range(101)]], ids=["none", "too many"])
def test_what_a_select_cannot_show_is_typed(room: Office, names: list[str]):
    bucket(room, *names)

    assert form(room)["bucket"]["type"] == "plain_text_input"


def test_a_name_that_is_too_long_for_an_option_has_all_of_its_kind_typed(room: Office):
    room.bot.aws.client("logs").create_log_group(logGroupName="/aws/" + 71 * "x")

    assert form(room, "log_analysis")["log_group"]["type"] == "plain_text_input"


def test_names_that_may_not_be_listed_are_typed(room: Office):
    def refuse(**_: Any) -> None:
        raise PermissionError

    bucket(room, "acme-logs")
    room.bot.aws.client("s3").meta.events.register("before-call.s3.ListBuckets", refuse)

    assert form(room)["bucket"]["type"] == "plain_text_input"


def test_a_slow_aws_does_not_keep_the_form(room: Office):
    bucket(room, "acme-logs")
    answered = threading.Event()
    room.bot.aws.client("s3").meta.events.register("before-call.s3.ListBuckets", lambda **_: answered.wait(30))

    assert real_names(room.bot.aws, {"bucket"}, 0.1) == {}
    assert not answered.is_set()
    answered.set()


def test_a_click_that_has_waited_in_the_queue_opens_the_form_without_looking(room: Office):
    bucket(room, "acme-logs")

    assert form(room, received_at=room.now - 2.5)["bucket"]["type"] == "plain_text_input"


def test_a_broken_value_of_a_form_is_asked_for_in_the_thread(room: Office):
    bucket(room, "acme-logs")
    form(room)
    view = room.slack.sent("views.open")[-1]["view"]

    values = {"bucket": {"value": {"type": "plain_text_input", "value": "Acme_Logs"}}}
    room.work(listeners.submission(slack_payloads.view_submission(values, view["private_metadata"])))

    assert "Which bucket shall I report on?" in room.last
