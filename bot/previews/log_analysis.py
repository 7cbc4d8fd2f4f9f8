"""Looks whether there is such a log group before a log analysis is announced; there is nothing to confirm."""

from __future__ import annotations

from bot.errors import NotFound
from bot.models import Value
from bot.operations import Call
from bot.previews import Shown, needs

PAGE = 50
"""Log groups of one answer; the one that is all of the prefix comes first."""


@needs("logs:DescribeLogGroups")
def preview(call: Call, **parameters: Value) -> Shown:
    """Nothing to show. Raises NotFound for a log group that there is not."""
    name = str(parameters["log_group"])
    found = call.aws.client("logs").describe_log_groups(logGroupNamePrefix=name, limit=PAGE)["logGroups"]
    if all(group["logGroupName"] != name for group in found):
        raise NotFound(f"There is no log group named {name}.")
    return Shown()
