"""The announcement of a run: edited as steps finish, at most once a second, and never made to harm the run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot import replies_workflows
from bot.executions import Executions
from bot.slack import Slack, SlackUnavailable
from tests.workflows.stage import ANNOUNCEMENT, Stage, fault
from workflow_steps.show_progress import Progress, show_progress

EXECUTION = "wf-jrdb3m6n"


def changed(*keys: str) -> dict[str, Any]:
    """As the stream of the table says that records changed."""
    return {"Records": [{"dynamodb": {"Keys": {"execution_id": {"S": key}}}} for key in keys]}


def edits(stage: Stage) -> list[dict[str, Any]]:
    return [post for post in stage.slack.posts if post.get("ts") == ANNOUNCEMENT]


class Clock:
    """Stands still unless somebody sleeps."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.slept: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None
        """What happens while somebody sleeps."""

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds
        if seconds:
            self.meanwhile()


@pytest.fixture
def clock(lifecycle: Stage) -> Clock:
    return Clock(1_700_000_000)


@pytest.fixture
def progress(lifecycle: Stage, clock: Clock) -> Progress:
    slack = Slack(lambda _refresh: "xoxb-test", lifecycle.slack.url, sleep=lambda _seconds: None)
    return Progress(slack, lambda _id: lifecycle.record(), clock, clock.sleep)


def started(stage: Stage) -> None:
    """A run of which nothing more will be heard."""
    stage.happens_before("read_configuration", fault("Runtime.ExitError"))
    stage.happens_before("post_results", fault("Runtime.ExitError"))
    stage.start(bucket="my-bucket")
    stage.wait()


def test_the_announcement_shows_what_is_done_and_what_is_to_come(lifecycle: Stage, progress: Progress):
    lifecycle.happens_before("apply_configuration", lambda: progress.show(EXECUTION))

    lifecycle.run(bucket="my-bucket")

    (edit,) = edits(lifecycle)
    words = lifecycle.slack.shown(lifecycle.slack.posts.index(edit))
    assert edit["channel"] == "C0OPS"
    assert edit["text"] == "<@U0ALICE> started Lifecycle management: wf-jrdb3m6n"
    assert "● Read present configuration" in words
    assert "● Merge new rule" in words
    assert "○ Apply configuration – to come" in words
    assert "Stop" in words


def test_in_the_end_it_shows_how_the_run_ended_and_nothing_to_press(lifecycle: Stage, progress: Progress, clock: Clock):
    clock.now = lifecycle.run(bucket="my-bucket").ended_at

    progress.show(EXECUTION)

    words = lifecycle.slack.shown()
    assert "● Verify configuration" in words
    assert "Finished after" in words
    assert "actions" not in json.dumps(edits(lifecycle)[-1]["blocks"])


def test_the_post_of_the_result_changes_nothing_in_the_announcement(lifecycle: Stage):
    done = lifecycle.run(bucket="my-bucket")
    *before, last = done.steps
    just_closed = replace(done, posted_at=0.0, steps=(*before, replace(last, state="to_come", ended_at=0.0)))

    assert replies_workflows.announcement(just_closed) == replies_workflows.announcement(done)


def test_a_run_that_shall_stop_cannot_be_stopped_again(lifecycle: Stage, progress: Progress):
    started(lifecycle)
    Executions(lifecycle.dynamodb, "WorkflowExecutions").ask_to_stop(EXECUTION, "U0BOB")

    progress.show(EXECUTION)

    assert "It ends before its next step." in lifecycle.slack.shown()
    assert "actions" not in json.dumps(edits(lifecycle)[-1]["blocks"])


def test_two_edits_are_a_second_apart_and_the_second_shows_what_came_in_between(
    lifecycle: Stage, clock: Clock, progress: Progress
):
    started(lifecycle)
    progress.show(EXECUTION)
    clock.now += 0.25
    clock.meanwhile = lambda: Executions(lifecycle.dynamodb, "WorkflowExecutions").ask_to_stop(EXECUTION, "U0BOB")

    progress.show(EXECUTION)

    assert clock.slept == [0.0, 0.75]
    assert len(edits(lifecycle)) == 2
    assert "It ends before its next step." in lifecycle.slack.shown()


def test_what_is_shown_already_is_not_sent_again(lifecycle: Stage, progress: Progress):
    started(lifecycle)

    assert [progress.show(EXECUTION), progress.show(EXECUTION)] == [True, False]
    assert len(edits(lifecycle)) == 1


def test_progress_that_slack_does_not_take_is_let_go(lifecycle: Stage, progress: Progress):
    started(lifecycle)
    lifecycle.slack.answers.extend([(503, {"ok": False})] * 2)

    assert progress.show(EXECUTION) is False
    assert progress.show(EXECUTION) is True


def test_an_end_that_slack_does_not_take_is_tried_again(lifecycle: Stage, progress: Progress, clock: Clock):
    clock.now = lifecycle.run(bucket="my-bucket").ended_at
    lifecycle.slack.answers.extend([(503, {"ok": False})] * 2)

    with pytest.raises(SlackUnavailable):
        progress.show(EXECUTION)

    assert progress.show(EXECUTION) is True


def test_an_announcement_that_is_gone_is_no_trouble(lifecycle: Stage, progress: Progress):
    started(lifecycle)
    lifecycle.slack.answers.append((200, {"ok": False, "error": "message_not_found"}))

    assert progress.show(EXECUTION) is False


def test_what_changes_long_after_the_end_changes_no_announcement(lifecycle: Stage, progress: Progress, clock: Clock):
    clock.now = lifecycle.run(bucket="my-bucket").ended_at + 601

    assert progress.show(EXECUTION) is False


def test_the_stream_of_the_table_is_read_and_locks_and_unknown_records_are_passed_over(lifecycle: Stage):
    lifecycle.run(bucket="my-bucket")

    assert show_progress(changed("lock#bucket#my-bucket", "wf-aaaaaaaa", EXECUTION, EXECUTION), None) == {"edited": 1}
    assert "Finished after" in lifecycle.slack.shown()


def test_an_execution_that_is_not_announced_yet_is_let_be(lifecycle: Stage):
    started(lifecycle)
    lifecycle.dynamodb.update_item(
        TableName="WorkflowExecutions",
        Key={"execution_id": {"S": EXECUTION}},
        UpdateExpression="REMOVE announcement",
    )

    assert show_progress(changed(EXECUTION), None) == {"edited": 0}
