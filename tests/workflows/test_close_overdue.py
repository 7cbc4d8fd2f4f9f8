"""Executions past their deadline: closed and told, once."""

from __future__ import annotations

import time

from bot import workflows
from bot.executions import Execution
from tests.workflows.stage import THREAD, Stage, fault
from workflow_steps.close_overdue import close_overdue

LONG_AGO = 331


def lost(stage: Stage) -> Execution:
    """Started five and a half minutes ago, and its state machine died without a word in the second step."""
    stage.happens_before("merge_rule", fault("Runtime.ExitError"))
    stage.happens_before("post_results", fault("Runtime.ExitError"))
    execution = stage.start(now=time.time() - LONG_AGO, bucket="my-bucket")
    stage.wait()
    return execution


def close() -> dict[str, int]:
    return close_overdue({}, None)


def test_an_execution_that_was_lost_is_closed_and_its_thread_is_told(lifecycle: Stage):
    execution = lost(lifecycle)

    assert close() == {"overdue": 1, "told": 1}

    record = workflows.status(lifecycle.aws, execution.id, time.time())
    assert record.status == "timed_out"
    assert lifecycle.slack.texts[-1] == (
        "<@U0ALICE> Lifecycle management wf-jrdb3m6n did not end in time. Nothing was heard of it any more. What is"
        " marked as done is done."
    )
    assert lifecycle.slack.posts[-1]["thread_ts"] == THREAD
    assert "● Read present configuration" in lifecycle.slack.shown()
    assert "Merge new rule – not done" in lifecycle.slack.shown()


def test_it_is_told_once(lifecycle: Stage):
    lost(lifecycle)

    close()

    assert close() == {"overdue": 0, "told": 0}
    assert len(lifecycle.slack.posts) == 2


def test_an_execution_that_still_has_time_is_let_be(lifecycle: Stage):
    lifecycle.happens_before("merge_rule", fault("Runtime.ExitError"))
    lifecycle.happens_before("post_results", fault("Runtime.ExitError"))
    lifecycle.start(now=time.time() - 300, bucket="my-bucket")
    lifecycle.wait()

    assert close() == {"overdue": 0, "told": 0}


def test_an_execution_that_ended_and_was_told_is_let_be(lifecycle: Stage):
    lifecycle.start(now=time.time() - LONG_AGO, bucket="my-bucket")
    lifecycle.wait()

    assert close() == {"overdue": 0, "told": 0}
    assert lifecycle.record().status == "succeeded"


def test_results_that_slack_would_not_take_in_time_are_told_later(lifecycle: Stage):
    lifecycle.slack.answers.extend([(503, {"ok": False})] * 18)
    lifecycle.start(now=time.time() - LONG_AGO, bucket="my-bucket")
    lifecycle.wait()
    assert len(lifecycle.slack.posts) == 1
    lifecycle.slack.answers.clear()

    assert close() == {"overdue": 1, "told": 1}
    assert lifecycle.record().status == "succeeded"
    assert "is done. From now on, files under logs/" in lifecycle.slack.texts[-1]


def test_what_slack_will_not_take_now_is_tried_again_in_a_minute(lifecycle: Stage):
    lost(lifecycle)
    lifecycle.slack.answers.append((503, {"ok": False}))

    assert close() == {"overdue": 1, "told": 0}
    assert close() == {"overdue": 1, "told": 1}


def test_a_channel_that_is_gone_is_given_up(lifecycle: Stage):
    lost(lifecycle)
    lifecycle.slack.answers.append((200, {"ok": False, "error": "channel_not_found"}))

    assert close() == {"overdue": 1, "told": 0}
    assert close() == {"overdue": 0, "told": 0}
    assert lifecycle.record().status == "timed_out"


def test_a_step_that_wakes_up_after_that_does_nothing(lifecycle: Stage):
    execution = lost(lifecycle)
    close()

    lifecycle.again(execution)

    assert lifecycle.calls["apply_configuration"] == 0
    assert len(lifecycle.slack.posts) == 2
