"""Stopping an execution: it ends before its next step, and says what was done and what was not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot import workflows
from bot.errors import AlreadyDone, NotAllowed, NotFound
from bot.executions import Execution
from tests.workflows.stage import RUN, Stage, fault

EXECUTION = "wf-jrdb3m6n"


def stop(stage: Stage, user: str = "U0BOB", *, allowed: bool = True) -> Execution:
    return workflows.stop(stage.aws, EXECUTION, user, time.time(), may=lambda _: allowed)


def stopping(stage: Stage) -> Callable[[], None]:
    """Bob stops it just before a step."""

    def happen() -> None:
        stop(stage)

    return happen


def rules(stage: Stage) -> int:
    try:
        return len(stage.s3.get_bucket_lifecycle_configuration(Bucket="my-bucket")["Rules"])
    except stage.s3.exceptions.ClientError:
        return 0


def test_a_run_that_is_stopped_ends_before_its_next_step_and_says_how_far_it_came(lifecycle: Stage):
    lifecycle.happens_before("merge_rule", stopping(lifecycle))

    execution = lifecycle.run(bucket="my-bucket")

    assert execution.status == "stopped"
    assert execution.stopped_by == "U0BOB"
    assert lifecycle.calls["apply_configuration"] == 0
    assert rules(lifecycle) == 0
    assert lifecycle.slack.texts[1:] == [
        "<@U0ALICE> Lifecycle management wf-jrdb3m6n was stopped by <@U0BOB>. What is marked as done stays."
    ]
    shown = lifecycle.slack.shown()
    assert "● Read present configuration" in shown
    assert "○ Merge new rule – not done" in shown
    assert "○ Apply configuration – not done" in shown


def test_a_step_that_has_begun_is_not_cut_off(lifecycle: Stage):
    stopped: list[Execution] = []
    lifecycle.aws.client("s3").meta.events.register(
        "before-call.s3.PutBucketLifecycleConfiguration", lambda **_: stopped.append(stop(lifecycle))
    )

    execution = lifecycle.run(bucket="my-bucket")

    assert execution.status == "stopped"
    assert rules(lifecycle) == 1
    assert "● Apply configuration" in lifecycle.slack.shown()
    assert "○ Verify configuration – not done" in lifecycle.slack.shown()
    assert "Restore previous" in lifecycle.slack.shown()


def test_a_stopped_run_has_not_failed_so_that_no_alarm_rings(lifecycle: Stage):
    lifecycle.happens_before("merge_rule", stopping(lifecycle))
    lifecycle.start(bucket="my-bucket")

    assert lifecycle.wait() == "SUCCEEDED"


def test_a_step_that_fails_at_the_same_time_is_told_as_a_failure(lifecycle: Stage):
    lifecycle.aws_answers("s3", "GetBucketLifecycleConfiguration", (403, "AccessDenied"))
    lifecycle.happens_before("read_configuration", lambda: None)
    lifecycle.happens_before("post_results", stopping(lifecycle))
    lifecycle.start(bucket="my-bucket")

    assert lifecycle.wait() == "SUCCEEDED"  # its thread was told
    assert lifecycle.record().status == "failed"


def test_a_stop_that_comes_when_all_is_done_changes_nothing_and_is_said_so(lifecycle: Stage):
    lifecycle.happens_before("post_results", stopping(lifecycle))

    execution = lifecycle.run(bucket="my-bucket")

    assert execution.status == "succeeded"
    assert "It was all done when you asked to stop it." in lifecycle.slack.shown()


def test_a_stop_after_the_end_says_how_it_ended(lifecycle: Stage):
    lifecycle.run(bucket="my-bucket")

    with pytest.raises(AlreadyDone, match=r"^wf-jrdb3m6n is over: it is done\.$"):
        stop(lifecycle)


def test_a_second_wish_to_stop_is_told_of_the_first(lifecycle: Stage):
    lifecycle.happens_before("merge_rule", fault("Runtime.ExitError"))
    lifecycle.happens_before("post_results", fault("Runtime.ExitError"))
    lifecycle.start(bucket="my-bucket")
    lifecycle.wait()
    stop(lifecycle)

    with pytest.raises(AlreadyDone, match="was asked to stop before"):
        stop(lifecycle, "U0ALICE")

    assert lifecycle.record().stopped_by == "U0BOB"


def test_who_may_not_stop_it_changes_nothing(lifecycle: Stage):
    lifecycle.happens_before("merge_rule", fault("Runtime.ExitError"))
    lifecycle.happens_before("post_results", fault("Runtime.ExitError"))
    lifecycle.start(bucket="my-bucket")
    lifecycle.wait()

    with pytest.raises(NotAllowed, match="Somebody else started wf-jrdb3m6n"):
        stop(lifecycle, allowed=False)

    assert lifecycle.record().stopped_by == ""


def test_an_unknown_execution_cannot_be_stopped(lifecycle: Stage):
    with pytest.raises(NotFound, match="There is no execution wf-jrdb3m6n"):
        stop(lifecycle)


def test_a_bucket_is_free_again_when_the_run_that_had_it_was_stopped(lifecycle: Stage):
    lifecycle.happens_before("merge_rule", stopping(lifecycle))
    lifecycle.run(bucket="my-bucket")

    second = lifecycle.start(replace(RUN, id="T0LOCAL#C0OPS#1700000000.000200"), bucket="my-bucket")

    assert second.status == "running"


def test_the_queries_of_a_stopped_log_analysis_are_stopped_too(analysis: Stage):
    ended: list[str] = []
    analysis.aws.client("logs").meta.events.register(
        "before-call.logs.StopQuery", lambda params, **_: ended.append(params["body"])
    )
    analysis.happens_before("look_at_queries", stopping(analysis))

    execution = analysis.run(log_group="/aws/lambda/orders")

    assert execution.status == "stopped"
    assert len(ended) >= 1
    assert "○ Look at queries – not done" in analysis.slack.shown()


def test_a_query_that_cannot_be_stopped_does_not_keep_the_run_going(analysis: Stage):
    analysis.aws_answers("logs", "StopQuery", (500, "InternalError"), (500, "InternalError"), (500, "InternalError"))
    analysis.happens_before("look_at_queries", stopping(analysis))

    assert analysis.run(log_group="/aws/lambda/orders").status == "stopped"
