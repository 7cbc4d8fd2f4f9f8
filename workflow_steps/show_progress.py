"""Edits the message that announced an execution as its record changes, until it shows how the execution ended.

The stream of WorkflowExecutions calls it, so no step knows of it, waits for it, or can be harmed by it; and the bot
token stays out of the functions that may change buckets. The stream says only which record changed: what is shown is
read at that moment, so an edit is never older than the one before.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot import replies_workflows
from bot.aws import Aws
from bot.errors import CannotPost
from bot.executions import Execution, Executions
from bot.models import Reply
from bot.slack import Slack, SlackUnavailable
from workflow_steps import own_aws

SECONDS_APART = 1.0
"""Between two edits of a message, at the least."""
REMEMBER_SECONDS = 600
"""How long after its end a record may change without its announcement being looked at."""

log = logging.getLogger("workflow_steps")


def show_progress(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Bring the announcements of the executions whose records changed up to date."""
    aws = own_aws()
    executions = Executions(aws.client("dynamodb"), aws.settings.need("workflow_executions_table"))
    edited = sum(_progress(aws).show(execution) for execution in _changed(event, executions))
    return {"edited": edited}


def _changed(event: Mapping[str, Any], executions: Executions) -> Iterator[Execution]:
    keys = (record["dynamodb"]["Keys"]["execution_id"]["S"] for record in event["Records"])
    for execution_id in dict.fromkeys(keys):
        found = executions.get(execution_id) if execution_id.startswith("wf-") else None
        if found and found.announcement:
            yield found


class Progress:
    """What the announcements show now, as far as this process has put it there."""

    def __init__(
        self, slack: Slack, clock: Callable[[], float] = time.time, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._slack = slack
        self._clock = clock
        self._sleep = sleep
        self._shown: dict[str, tuple[float, Reply]] = {}
        """Execution to its last edit: when, and what."""

    def show(self, execution: Execution) -> bool:
        """Edit the announcement, unless it shows just that already.

        Raises SlackUnavailable when the end could not be shown, to be called again; anything before that will be
        made good by the next edit.
        """
        now = self._clock()
        self._forget(now)
        last, before = self._shown.get(execution.id, (0.0, None))
        reply = replies_workflows.announcement(execution)
        if reply == before or (not execution.open and now > execution.ended_at + REMEMBER_SECONDS):
            return False
        self._sleep(max(0.0, last + SECONDS_APART - now))
        self._shown[execution.id] = (self._clock(), reply)
        try:
            self._slack.update(execution.channel, execution.announcement, reply)
        except CannotPost as error:  # the message is gone, say; the results find their own way
            log.info("progress not shown (%s)", error.code, extra={"execution_id": execution.id})
            return False
        except SlackUnavailable as error:
            log.warning("progress not shown: %s", error, extra={"execution_id": execution.id})
            self._shown[execution.id] = (self._clock(), Reply(""))
            if not execution.open:
                raise
            return False
        return True

    def _forget(self, now: float) -> None:
        self._shown = {name: last for name, last in self._shown.items() if now < last[0] + REMEMBER_SECONDS}


@functools.cache
def _progress(aws: Aws) -> Progress:
    return Progress(Slack(lambda refresh: aws.slack_secret(refresh).bot_token, aws.settings.slack_api_url))
