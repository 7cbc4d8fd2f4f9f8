"""Looks whether there is such a log group before a log analysis is announced; there is nothing to confirm."""

from __future__ import annotations

from bot import log_groups
from bot.models import Value
from bot.operations import Call
from bot.previews import Shown, needs


@needs("logs:DescribeLogGroups")
def preview(call: Call, **parameters: Value) -> Shown:
    """Nothing to show. Raises NotFound for a log group that there is not."""
    log_groups.find(call.aws.client("logs"), str(parameters["log_group"]))
    return Shown()
