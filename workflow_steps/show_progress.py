"""Edits the message that announced an execution as its record changes, until it shows how the execution ended.

The stream of WorkflowExecutions calls it, so no step knows of it, waits for it, or can be harmed by it; and the bot
token stays out of the functions that may change buckets. The stream says only which record changed: what is shown is
read at that moment, so an edit is never older than the one before.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot import replies_workflows, workflows
from bot.aws import Aws
from bot.errors import CannotPost
from bot.executions import Execution
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
    progress = _progress(own_aws())
    keys = (record["dynamodb"]["Keys"]["execution_id"]["S"] for record in event["Records"])
    executions = (key for key in dict.fromkeys(keys) if key.startswith("wf-"))
    return {"edited": sum(map(progress.show, executions))}


class Progress:
    """What the announcements show now, as far as this process has put it there."""

    def __init__(
        self,
        slack: Slack,
        read: Callable[[str], Execution | None],
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``read`` gives the record of an execution as it is at that moment."""
        self._slack = slack
        self._read = read
        self._clock = clock
        self._sleep = sleep
        self._shown: dict[str, tuple[float, Reply]] = {}
        """Execution to its last edit: when, and what."""

    def show(self, execution_id: str) -> bool:
        """Edit the announcement, unless it shows already how far the execution is.

        The record is read after the wait for the next edit: what is shown is never older than a result that was
        posted meanwhile. Raises SlackUnavailable when the end could not be shown, to be called again; anything before
        that will be made good by the next edit.
        """
        self._forget()
        last, before = self._shown.get(execution_id, (0.0, None))
        self._sleep(max(0.0, last + SECONDS_APART - self._clock()))
        execution = self._read(execution_id)
        if execution is None or not execution.announcement:
            return False
        reply = replies_workflows.announcement(execution)
        if reply == before or (not execution.open and self._clock() > execution.ended_at + REMEMBER_SECONDS):
            return False
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

    def _forget(self) -> None:
        now = self._clock()
        self._shown = {name: last for name, last in self._shown.items() if now < last[0] + REMEMBER_SECONDS}


@functools.cache
def _progress(aws: Aws) -> Progress:
    slack = Slack(lambda refresh: aws.slack_secret(refresh).bot_token, aws.settings.slack_api_url)
    return Progress(slack, workflows.records(aws).get)
