"""Log analysis: looks for errors in a log group with Logs Insights and groups them by kind in our own code.

The query only finds rows: what CloudWatch could aggregate differs with the class of the log group, and a kind of
error is more than a pattern. Waiting is the state machine's, so that no function is paid for it.
"""

from __future__ import annotations

import functools
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from bot import log_groups
from bot.display import count, human_size
from bot.errors import AwsRefused, TooLarge
from bot.slack import SlackUnavailable
from workflow_steps import Run, Transient, step
from workflow_steps.log_kinds import Window, kinds, report, rows_of
from workflow_steps.log_timeline import Timeline, timeline
from workflow_steps.post_results import slack

HOUR = 3600
MOST_ROWS = 10_000
STOP_SECONDS = 240
"""After that the query is stopped: Step Functions ends an Express execution after five minutes."""
METRIC_DAYS = 60
"""CloudWatch keeps sums by the hour this long."""
DOLLARS_A_GB = 0.005
"""List price of Logs Insights in us-east-1, November 2026."""
GB = 1024**3
UNREADABLE = ("DELIVERY",)
"""Classes of log groups that Insights cannot look into."""

QUERY = (
    "fields @timestamp, @message"
    " | filter @message like /(?i)(error|exception|traceback|fatal|panic|critical|severe|fail(ed|ure)"
    "|timed out|out of memory|denied|status: (timeout|error))/"
    f" | sort @timestamp desc | limit {MOST_ROWS}"
)
_RUNNING = ("Scheduled", "Running")
_ENDED_WELL = ("Complete", "Cancelled")


@step
def check_log_group(run: Run) -> dict[str, Any]:
    """Is it there, can Insights read it, and how much would be scanned? Refuses beyond the deployment's limit."""
    name, hours = _asked(run)
    group = log_groups.find(run.aws.client("logs"), name)
    if group.get("logGroupClass") in UNREADABLE:
        raise AwsRefused(f"{name} is of the class {group['logGroupClass']}, which CloudWatch cannot query.")
    end = _end(run)
    kept_since = _kept_since(group, end)
    begin = max(end - 2 * hours * HOUR, min(kept_since, end - HOUR))
    estimate = _estimate(run, group, start=begin, end=end)
    limit = run.aws.settings.log_scan_limit_gb * GB
    if estimate > limit:
        dollars = estimate / GB * DOLLARS_A_GB
        raise TooLarge(
            f"The last {count(hours, 'hour')} of {name} and those before them are about {human_size(estimate)}"
            f" (${dollars:,.2f} to look through), and I may look through {human_size(int(limit))}.",
            hint="Ask for fewer hours.",
        )
    return {"kept_since": kept_since, "estimate": estimate}


@step
def start_queries(run: Run) -> dict[str, Any]:
    """One query for the window that was asked for, and one for the window before, where there are logs of it."""
    name, hours = _asked(run)
    end = _end(run)
    middle = end - hours * HOUR
    queries = {"now": _start(run, name, middle, end)}
    if int(run.results["checked"]["kept_since"]) < middle:
        queries["before"] = _start(run, name, middle - hours * HOUR, middle - 1)
    started: dict[str, Any] = run.executions.keep_first(run.execution_id, "queries", queries)
    return started


def _stop_queries(run: Run) -> None:
    """Stop what still runs: nobody pays for what nobody reads."""
    for query in run.results["queries"].values():
        try:
            run.aws.client("logs").stop_query(queryId=query)
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidParameterException":  # it ended in between
                raise


@functools.partial(step, when_stopped=_stop_queries)
def look_at_queries(run: Run) -> dict[str, Any]:
    """Whether the queries have ended, and whether it is too late to wait for them."""
    found = [_results(run, query)["status"] for query in run.results["queries"].values()]
    failed = [status for status in found if status not in (*_RUNNING, *_ENDED_WELL)]
    if failed:
        raise AwsRefused(f"CloudWatch ended the query with the state {failed[0]}.", hint="Ask for fewer hours.")
    running = any(status in _RUNNING for status in found)
    late = running and time.time() >= _end(run) + STOP_SECONDS
    return {"finished": late or not running, "late": late}  # there is no other look when it is late


@functools.partial(step, when_stopped=_stop_queries)
def stop_queries(run: Run) -> dict[str, Any]:
    """Four minutes are over: what was found until now is reported."""
    _stop_queries(run)
    return {"stopped": True}


@functools.partial(step, when_stopped=_stop_queries)
def group_errors(run: Run) -> dict[str, Any]:
    """Group the lines by kind and compare them with the window before; the results. The rows stay in here."""
    name, hours = _asked(run)
    windows = {which: _window(_results(run, query)) for which, query in run.results["queries"].items()}
    now, before = windows["now"], windows.get("before")
    found = kinds(now, before)
    partial = "stopped" in run.results
    end = _end(run)
    cut = partial or now.matched > len(now.lines)
    run.executions.keep_first(
        run.execution_id, "timeline", timeline(name, end - hours * HOUR, end, found, partial=cut).to_dict()
    )
    return report(name, hours, now, before, found, partial=partial).to_dict()


@step
def draw_chart(run: Run) -> dict[str, Any]:
    """A picture of the errors over time, into the thread, once. The report does without when this fails."""
    kept = run.executions.kept(run.execution_id, "timeline")
    shown = Timeline.from_dict(kept) if kept else None
    if shown is None or not shown.series:
        return {"drawn": False}
    from workflow_steps.log_chart import png  # noqa: PLC0415 - the plotting library is in this function's package alone

    picture = png(shown)
    mine = secrets.token_hex(8)

    def first() -> bool:
        """Whether no other run of this step has begun to share its picture."""
        return bool(run.executions.keep_first(run.execution_id, "chart", mine) == mine)

    title = f"Errors in {shown.log_group} by kind"
    try:
        drawn = slack(run.aws).upload(run.channel, run.thread, "errors.png", title, picture, may_share=first)
    except SlackUnavailable as error:
        raise Transient(str(error)) from error
    return {"drawn": drawn}


def _asked(run: Run) -> tuple[str, int]:
    return str(run.parameters["log_group"]), int(run.parameters["hours"])


def _end(run: Run) -> int:
    """The same moment for every step and every repetition: when the execution was asked for."""
    found = run.executions.get(run.execution_id)
    if found is None:
        raise LookupError(f"no record of {run.execution_id}")
    return int(found.created_at)


def _kept_since(group: Mapping[str, Any], end: int) -> int:
    """Before this moment the group has no logs: it was made then, or keeps them no longer."""
    made = int(group.get("creationTime", 0)) // 1000
    days = group.get("retentionInDays")
    return max(made, end - int(days) * 24 * HOUR) if days else made


def _estimate(run: Run, group: Mapping[str, Any], *, start: int, end: int) -> int:
    """What came in during that time; where CloudWatch has no such numbers, at most what the group holds in all."""
    found = run.aws.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Logs",
        MetricName="IncomingBytes",
        Dimensions=[{"Name": "LogGroupName", "Value": group["logGroupName"]}],
        StartTime=datetime.fromtimestamp(start, UTC),
        EndTime=datetime.fromtimestamp(end, UTC),
        Period=HOUR if end - start <= METRIC_DAYS * 24 * HOUR else 24 * HOUR,
        Statistics=["Sum"],
    )["Datapoints"]
    if found:
        return int(sum(point["Sum"] for point in found))
    return int(group.get("storedBytes", 0))


def _start(run: Run, name: str, start: int, end: int) -> str:
    logs = run.aws.client("logs")
    return logs.start_query(logGroupName=name, startTime=start, endTime=end, queryString=QUERY)["queryId"]


def _results(run: Run, query: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = run.aws.client("logs").get_query_results(queryId=query)
    if "status" not in found:
        raise Transient("CloudWatch does not know the state of the query yet.")
    return found


def _window(results: Mapping[str, Any]) -> Window:
    statistics = results.get("statistics", {})
    lines = rows_of(results["results"])
    matched = max(int(statistics.get("recordsMatched", 0)), len(lines))
    return Window(lines, matched, int(statistics.get("bytesScanned", 0)))
