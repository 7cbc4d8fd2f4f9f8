"""What is said where a bucket or a log group that was named does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.real_names import MOST
from tests.office import Office, office


@pytest.fixture
def room() -> Iterator[Office]:
    with office() as room:
        yield room


def made(room: Office, *names: str) -> None:
    for name in names:
        room.s3().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})


def says(room: Office) -> list[str]:
    """What the buttons under the last answer say when they are pressed."""
    found: list[dict[str, Any]] = room.slack.calls[-1].body.get("blocks", [])
    elements = [element for block in found for element in block.get("elements", [])]
    return [element["value"] for element in elements if element.get("action_id") == "say"]


def test_the_same_command_for_a_bucket_of_nearly_that_name_is_a_button(room: Office) -> None:
    made(room, "acme-archive", "acme-logs", "other")

    room.command("list files in acme-archve")

    assert room.last.startswith("Not found. There is no bucket named acme-archve. There is, near to it:")
    assert says(room) == ["list files in acme-archive"]


def test_only_what_does_not_exist_is_replaced(room: Office) -> None:
    made(room, "acme-archive", "acme-logs")
    room.s3().put_object(Bucket="acme-logs", Key="a.csv", Body=b"x")

    room.command("copy a.csv from acme-logs to acme-archve")

    assert says(room) == ["copy a.csv from acme-logs to acme-archive"]


def test_a_command_that_no_example_says_names_what_there_is(room: Office) -> None:
    made(room, "acme-archive")

    room.command("in acme-archve, files under tmp/ move to cheaper storage after 90 days")

    assert says(room) == []
    assert room.last == "Not found. There is no bucket named acme-archve. There is acme-archive."


@pytest.mark.parametrize("names", [("quite-another",), tuple(f"acme-archiv-{number:03}" for number in range(MOST + 1))])
def test_nothing_is_offered_where_nothing_comes_near_or_too_much_is_there(room: Office, names: tuple[str, ...]) -> None:
    made(room, *names)

    room.command("list files in acme-archve")

    assert room.last == "Not found. There is no bucket named acme-archve. “list buckets” shows those there are."


def test_names_that_cannot_be_listed_leave_the_answer_as_it_is(room: Office) -> None:
    made(room, "acme-archive")

    def refuse(**_: Any) -> None:
        raise PermissionError

    room.bot.aws.client("s3").meta.events.register("before-call.s3.ListBuckets", refuse)
    room.command("list files in acme-archve")

    assert room.last == "Not found. There is no bucket named acme-archve. “list buckets” shows those there are."


def test_a_log_group_that_there_is_not_starts_nothing(room: Office) -> None:
    for name in ("/aws/lambda/orders", "/aws/lambda/billing"):
        room.bot.aws.client("logs").create_log_group(logGroupName=name)

    room.command("run log analysis workflow for /aws/lambda/order")

    assert room.last.startswith("Not found. There is no log group named /aws/lambda/order. There is, near to it:")
    assert says(room) == ["run log analysis workflow for /aws/lambda/orders"]
    assert room.dynamodb.scan(TableName="WorkflowExecutions")["Items"] == []


def test_a_beginning_of_a_log_groups_name_is_told_what_begins_so(room: Office) -> None:
    room.bot.aws.client("logs").create_log_group(logGroupName="/aws/lambda/orders-of-the-web-shop")

    room.command("run log analysis workflow for /aws/lambda/ord")

    assert room.last == (
        "Not found. There is no log group named /aws/lambda/ord. There is /aws/lambda/orders-of-the-web-shop."
    )
