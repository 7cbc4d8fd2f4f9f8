"""Taking back what lifecycle management did to a bucket."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot import lifecycle, replies_lifecycle, workflows
from bot.aws import aws_errors
from bot.errors import AlreadyDone, AwsRefused, BotError, NotFound
from bot.executions import Execution
from bot.lifecycle import Configuration
from bot.models import Block, Reply
from bot.operations import Call, operation


@dataclass(frozen=True, slots=True)
class _Done:
    """What an execution did."""

    execution: Execution
    bucket: str
    before: Configuration
    after: Configuration


def restore_preview(call: Call, execution_id: str) -> list[Block]:
    """Which rules would go and come back; raises the BotError that says why there is nothing to put back."""
    done = _done(call, execution_id)
    if done.execution.restored_at:
        raise _put_back_before(done)
    if _present(call, done).says_the_same(done.before):
        raise AlreadyDone(f"{done.bucket} has the lifecycle configuration from before {execution_id} already.")
    return replies_lifecycle.restore_preview(done.bucket, done.after, done.before)


@operation(
    "dynamodb:GetItem",
    "dynamodb:UpdateItem",
    "s3:GetLifecycleConfiguration",
    "s3:ListBucket",
    "s3:PutLifecycleConfiguration",
    preview=restore_preview,
)
def restore(call: Call, execution_id: str) -> Reply:
    """The lifecycle configuration from before an execution, exactly; once, and only if nobody changed it since.

    A second delivery of the request that put it back finds it so and says the same.
    """
    done, now = _done(call, execution_id), time.time()
    executions = workflows.records(call.aws)
    if not executions.claim_restore(execution_id, call.request.id, now, now + workflows.LEASE_SECONDS):
        raise _claimed(workflows.status(call.aws, execution_id, now), done)
    try:
        _put_back(call, done, executions.lock(f"bucket#{done.bucket}", execution_id, now))
    except Exception:
        executions.release_restore(execution_id, call.request.id)
        raise
    executions.restored(execution_id, call.request.user, call.request.id, now)
    return replies_lifecycle.restored(execution_id, done.bucket, done.before)


def _put_back(call: Call, done: _Done, other: Execution | None) -> None:
    """Write what was there before. ``other`` is an execution that is at work on the bucket."""
    if other:
        raise workflows.busy(other, done.bucket, call.request.user, time.time())
    if not _present(call, done).says_the_same(done.before):
        with aws_errors({"bucket": done.bucket}):
            lifecycle.write(call.aws.s3(done.bucket), done.bucket, done.before)


def _done(call: Call, execution_id: str) -> _Done:
    """What there is to put back. Raises a BotError when there is nothing."""
    execution = workflows.status(call.aws, execution_id, time.time())
    if execution.open:
        raise BotError(f"{execution_id} is still at work.", hint="Ask again when it is over.")
    executions = workflows.records(call.aws)
    before, after = executions.kept(execution_id, "before"), executions.kept(execution_id, "after")
    bucket = str(execution.parameters.get("bucket", ""))
    if not (bucket and before and after):
        raise NotFound(f"{execution_id} changed no lifecycle rules that I could put back.")
    done = _Done(execution, bucket, Configuration.from_dict(before), Configuration.from_dict(after))
    if done.before.says_the_same(done.after):
        raise NotFound(f"{execution_id} changed nothing: {bucket} had its rule already.")
    return done


def _present(call: Call, done: _Done) -> Configuration:
    """What the bucket has now: what the execution left, or found. Raises AwsRefused when it is something else."""
    with aws_errors({"bucket": done.bucket}):
        present = lifecycle.read(call.aws.s3(done.bucket), done.bucket)
    if not (present.says_the_same(done.after) or present.says_the_same(done.before)):
        raise AwsRefused(
            f"Somebody changed the lifecycle rules of {done.bucket} since {done.execution.id}, so I put nothing back.",
            code="ConfigurationChanged",
            hint="Look at what they are now, in the AWS console.",
        )
    return present


def _claimed(execution: Execution, done: _Done) -> BotError:
    """Why somebody else has it: they did it, or are at it."""
    if execution.restored_at:
        return _put_back_before(done)
    return BotError(
        f"Somebody is putting back what {execution.id} changed just now.",
        hint=f"“workflow status {execution.id}” shows when it is done.",
    )


def _put_back_before(done: _Done) -> AlreadyDone:
    return AlreadyDone(f"What {done.execution.id} changed was put back before; that goes only once.")
