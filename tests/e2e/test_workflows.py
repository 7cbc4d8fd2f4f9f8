"""Workflows in the deployed stack: what the channel sees in the end. Inventory is missing: MiniStack has none."""

from __future__ import annotations

import time

from sandbox.slack import read
from tests.e2e.room import Room

GROUP = "/aws/lambda/e2e-orders"


def test_the_errors_of_a_log_group_come_back_into_the_thread_by_kind(room: Room) -> None:
    logs = room.stage.aws.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="s")
    now = int(time.time() * 1000)
    messages = [f"ERROR order {number} refused by 10.0.0.{number}" for number in range(3)] + ["all is well"]
    events = [{"timestamp": now - 60_000 + n, "message": message} for n, message in enumerate(messages)]
    logs.put_log_events(logGroupName=GROUP, logStreamName="s", logEvents=events)

    started = room.mention(f"run log analysis workflow for {GROUP}")
    result = room.wait_for_text("looked like errors")

    said = read(result)
    assert result.thread == started.thread
    assert f"3 lines in {GROUP} looked like errors in the last 24 hours, of 1 kind." in said
    assert "order <n> refused by <address>" in said


def test_a_log_group_that_is_not_there_is_said_so_in_the_thread(room: Room) -> None:
    room.mention("run log analysis workflow for /aws/lambda/e2e-nowhere")

    said = read(room.wait_for_text("failed"))

    assert "Check log group: There is no log group named /aws/lambda/e2e-nowhere." in said
    assert "Group errors – not done" in said
