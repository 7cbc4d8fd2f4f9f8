"""Log groups of CloudWatch by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import NotFound

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import LogGroupTypeDef

PAGE = 50
"""Log groups of one answer; the one that is all of the prefix comes first."""
SIMILAR = 3


def find(logs: CloudWatchLogsClient, name: str) -> LogGroupTypeDef:
    """The log group of that name. Raises NotFound, which names those that begin so; AWS's errors pass through."""
    found = logs.describe_log_groups(logGroupNamePrefix=name, limit=PAGE)["logGroups"]
    for group in found:
        if group.get("logGroupName") == name:
            return group
    similar = ", ".join(group["logGroupName"] for group in found[:SIMILAR])
    raise NotFound(f"There is no log group named {name}.", hint=f"There is {similar}." if similar else "")
