"""Log analysis, from the start to the post: the real state machine with the real steps."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bot import workflows
from bot.executions import Execution
from tests.workflows.stage import RUN, Stage, fault

GROUP = "/aws/lambda/orders"
HOUR = 3600


def lines(stage: Stage, *messages: str, ago: float = 60) -> None:
    """Puts lines into the log group."""
    logs = stage.aws.client("logs")
    name = f"s{ago}"
    logs.create_log_stream(logGroupName=GROUP, logStreamName=name)
    at = int((time.time() - ago) * 1000)
    logs.put_log_events(
        logGroupName=GROUP,
        logStreamName=name,
        logEvents=[{"timestamp": at, "message": message} for message in messages],
    )


def results(status: str, *messages: str, matched: int = 0) -> dict[str, Any]:
    return {
        "status": status,
        "results": [
            [{"field": "@timestamp", "value": "2026-11-22 10:00:00.000"}, {"field": "@message", "value": message}]
            for message in messages
        ],
        "statistics": {"recordsMatched": float(matched or len(messages)), "bytesScanned": 2048.0},
    }


def old_group(stage: Stage, **more: Any) -> None:
    """The log group is a month old, so there is a window before."""
    month_ago = int((time.time() - 30 * 24 * HOUR) * 1000)
    group = {"logGroupName": GROUP, "creationTime": month_ago, "storedBytes": 1000, **more}
    stage.aws_answers("logs", "DescribeLogGroups", {"logGroups": [group]})


def test_the_errors_of_a_log_group_are_grouped_and_posted(analysis: Stage):
    lines(analysis, *[f"ERROR order {n} refused by 10.0.0.{n}" for n in range(3)], "ERROR disk full")

    done = analysis.run(log_group=GROUP, hours=1)

    assert done.status == "succeeded"
    assert analysis.slack.texts[-1] == (
        "<@U0ALICE> Log analysis wf-jrdb3m6n is done. 4 lines in /aws/lambda/orders looked like errors in the last"
        " 1 hour, of 2 kinds."
    )
    assert "order <n> refused by <address> 3 – –" in analysis.slack.shown()


def test_two_queries_compare_the_window_with_the_one_before(analysis: Stage):
    old_group(analysis)
    asked: list[dict[str, Any]] = []
    analysis.aws.client("logs").meta.events.register(
        "before-call.logs.StartQuery", lambda params, **_: asked.append(json.loads(params["body"]))
    )
    found = results("Complete", "ERROR disk full", "ERROR disk full")
    analysis.aws_answers("logs", "GetQueryResults", *[found, results("Complete")] * 2)

    done = analysis.run(log_group=GROUP, hours=24)

    end = int(done.created_at)
    assert [(query["startTime"], query["endTime"]) for query in asked] == [
        (end - 24 * HOUR, end),
        (end - 48 * HOUR, end - 24 * HOUR - 1),
    ]
    assert "against 0 in the 24 hours before, of 1 kind" in analysis.slack.texts[-1]
    assert "disk full 2 0 new" in analysis.slack.shown()


def test_a_log_group_that_is_not_there_is_reported_with_those_of_a_similar_name(analysis: Stage):
    done = analysis.run(log_group="/aws/lambda/ord")

    assert done.problem == (
        "Check log group: There is no log group named /aws/lambda/ord."
        " There is /aws/lambda/orders, /aws/lambda/orders-old."
    )


def test_a_log_group_that_cannot_be_queried_is_refused(analysis: Stage):
    old_group(analysis, logGroupClass="DELIVERY")

    done = analysis.run(log_group=GROUP)

    assert done.problem.endswith("/aws/lambda/orders is of the class DELIVERY, which CloudWatch cannot query.")


def test_a_query_that_would_scan_too_much_is_refused_with_its_estimate(analysis: Stage):
    old_group(analysis)
    thirty_gb = {"Datapoints": [{"Sum": 10.0 * 1024**3}, {"Sum": 20.0 * 1024**3}]}
    analysis.aws_answers("cloudwatch", "GetMetricStatistics", thirty_gb)

    done = analysis.run(log_group=GROUP)

    assert done.problem == (
        "Check log group: The last 24 hours of /aws/lambda/orders and those before them are about 30 GB ($0.15 to look"
        " through), and I may look through 20 GB. Ask for fewer hours."
    )
    assert analysis.calls["start_queries"] == 0


def test_a_query_that_takes_its_time_is_looked_at_until_it_has_ended(analysis: Stage):
    running, complete = results("Running"), results("Complete", "ERROR disk full")
    analysis.aws_answers("logs", "GetQueryResults", results("Scheduled"), running, running, complete, complete)

    done = analysis.run(log_group=GROUP)

    assert done.status == "succeeded"
    assert analysis.calls["look_at_queries"] == 4
    assert [step.state for step in done.steps if step.name == "Stop queries"] == ["to_come"]
    assert [step.state for step in done.steps if step.name == "Look at queries"] == ["done"]


def test_after_four_minutes_it_is_stopped_and_what_was_found_is_reported_as_partial(analysis: Stage):
    partial = results("Running", "ERROR disk full")
    analysis.aws_answers("logs", "GetQueryResults", partial, {**partial, "status": "Cancelled"})
    analysis.aws_answers("logs", "StopQuery", {"success": True})

    started = analysis.start(now=time.time() - 241, log_group=GROUP, hours=24)
    analysis.wait()

    done = workflows.status(analysis.aws, started.id, time.time())
    assert done.status == "succeeded"
    assert analysis.calls["stop_queries"] == 1
    assert "these are the lines it had found until then" in analysis.slack.shown()


def test_a_query_that_ended_just_before_it_was_stopped_is_no_problem(analysis: Stage):
    complete = results("Complete", "ERROR disk full")
    analysis.aws_answers("logs", "GetQueryResults", results("Running"), complete)
    analysis.aws_answers("logs", "StopQuery", (400, "InvalidParameterException"))

    started = analysis.start(now=time.time() - 241, log_group=GROUP, hours=24)
    analysis.wait()

    assert workflows.status(analysis.aws, started.id, time.time()).status == "succeeded"


@pytest.mark.parametrize("status", ["Failed", "Timeout", "Unknown"])
def test_a_query_that_cloudwatch_gave_up_is_reported(analysis: Stage, status: str):
    analysis.aws_answers("logs", "GetQueryResults", results(status))

    done = analysis.run(log_group=GROUP)

    assert done.problem.startswith(f"Look at queries: CloudWatch ended the query with the state {status}.")


def test_too_many_queries_at_once_are_tried_again(analysis: Stage):
    analysis.aws_answers("logs", "StartQuery", (400, "LimitExceededException"))

    done = analysis.run(log_group=GROUP)

    assert done.status == "succeeded"
    assert analysis.calls["start_queries"] == 2


def test_lines_that_look_like_mentions_notify_nobody(analysis: Stage):
    lines(analysis, "ERROR <!channel> <https://evil.example|click> failed")

    analysis.run(log_group=GROUP)

    assert "<!channel>" not in analysis.slack.texts[-1]
    assert "<!channel>" in analysis.slack.shown()  # in blocks that show text literally


def assert_ends(stage: Stage) -> None:
    assert stage.again(stage.record()) == "SUCCEEDED"


# --- the chart -------------------------------------------------------------------------------------------------------


def state_of(done: Execution, step: str) -> str:
    (state,) = [each.state for each in done.steps if each.name == step]
    return state


def test_a_picture_of_the_errors_comes_into_the_thread(analysis: Stage):
    lines(analysis, *[f"ERROR order {n} refused by 10.0.0.{n}" for n in range(3)], "ERROR disk full")

    done = analysis.run(log_group=GROUP, hours=1)

    ((where, picture),) = analysis.slack.pictures
    assert where["channel_id"] == RUN.channel
    assert where["thread_ts"] == RUN.ts
    assert [file["title"] for file in where["files"]] == ["Errors in /aws/lambda/orders by kind"]
    assert picture.startswith(b"\x89PNG")
    assert state_of(done, "Draw chart") == "done"


def test_where_there_are_no_errors_there_is_no_picture(analysis: Stage):
    done = analysis.run(log_group=GROUP, hours=1)

    assert done.status == "succeeded"
    assert analysis.slack.pictures == []


def test_the_rows_never_reach_the_state_machine(analysis: Stage):
    lines(analysis, *[f"ERROR order {n} refused by 10.0.0.{n % 250}" for n in range(2_000)])
    seen: list[int] = []
    analysis.happens_before("draw_chart", lambda: seen.append(len(json.dumps(analysis.bodies[-1]))))

    analysis.run(log_group=GROUP, hours=1)

    assert seen[0] < 4_000


@pytest.mark.parametrize(
    "error", ["Runtime.ExitError", "States.Timeout", "States.DataLimitExceeded", "Sandbox.Timedout", "ImportError"]
)
def test_a_picture_that_fails_does_not_hinder_the_report(analysis: Stage, error: str):
    lines(analysis, "ERROR disk full")
    analysis.happens_before("draw_chart", fault(error))

    done = analysis.run(log_group=GROUP, hours=1)

    assert done.status == "succeeded"
    assert "1 line in /aws/lambda/orders" in analysis.slack.texts[-1]
    assert analysis.slack.pictures == []


@pytest.mark.parametrize("error", ["missing_scope", "channel_not_found", "file_uploads_disabled"])
def test_a_picture_that_slack_refuses_does_not_hinder_the_report(analysis: Stage, error: str):
    lines(analysis, "ERROR disk full")
    analysis.slack.file_answers.append((200, {"ok": False, "error": error}))

    done = analysis.run(log_group=GROUP, hours=1)

    assert done.status == "succeeded"
    assert state_of(done, "Draw chart") == "failed"
    assert len(analysis.slack.posts) == 2


@pytest.mark.parametrize("answer", [(429, {"ok": False, "error": "ratelimited"}), (503, {})])
def test_a_picture_is_tried_again_when_slack_is_busy(analysis: Stage, answer: tuple[int, dict[str, Any]]):
    lines(analysis, "ERROR disk full")
    analysis.slack.file_answers.extend([answer] * 2)

    done = analysis.run(log_group=GROUP, hours=1)

    assert analysis.calls["draw_chart"] == 2
    assert len(analysis.slack.pictures) == 1
    assert state_of(done, "Draw chart") == "done"


def test_a_second_run_shares_no_second_picture(analysis: Stage):
    lines(analysis, "ERROR disk full")
    analysis.happens_before("draw_chart", lambda: assert_ends(analysis))

    analysis.run(log_group=GROUP, hours=1)

    assert len(analysis.slack.pictures) == 1
