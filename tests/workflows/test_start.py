"""Starting a workflow: recorded, announced and started once each, however often and however badly it goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bot import replies_workflows, workflows
from bot.errors import AwsRefused, BadValue, BotError, NotFound, NotInChannel, WorkflowUnavailable
from bot.executions import Execution
from bot.models import Reply, Request
from tests.workflows.stage import RUN, Stage

NOON = 1_800_000_000.0
VALUES = {"bucket": "my-bucket", "prefix": "logs/", "transition_days": 30, "expiration_days": 365}


class Announcements:
    """Posts nowhere; keeps what would be posted."""

    def __init__(self, error: Exception | None = None) -> None:
        self.replies: list[Reply] = []
        self.error = error

    def __call__(self, reply: Reply) -> workflows.Posted:
        if self.error:
            error, self.error = self.error, None
            raise error
        self.replies.append(reply)
        return workflows.Posted("1800000000.000200", "1800000000.000200")


def start(stage: Stage, announce: Callable[[Reply], workflows.Posted], *, now: float = NOON) -> Execution:
    return workflows.start(stage.entry, VALUES, RUN, aws=stage.aws, announce=announce, now=now)


def ran(stage: Stage) -> list[dict[str, Any]]:
    """The inputs of the executions that Step Functions has."""
    states = stage.aws.client("stepfunctions")
    found = states.list_executions(stateMachineArn=stage.arn)["executions"]
    return [json.loads(states.describe_execution(executionArn=each["executionArn"])["input"]) for each in found]


def test_an_execution_is_recorded_announced_and_started_with_what_its_steps_need(lifecycle: Stage):
    announce = Announcements()

    execution = start(lifecycle, announce)

    assert execution.id == "wf-jrdb3m6n"
    assert [reply.text for reply in announce.replies] == ["<@U0ALICE> started Lifecycle management: wf-jrdb3m6n"]
    assert ran(lifecycle) == [
        {
            "execution_id": "wf-jrdb3m6n",
            "workflow": "lifecycle_management",
            "parameters": VALUES,
            "team": "T0LOCAL",
            "channel": "C0OPS",
            "thread": "1800000000.000200",
            "user": "U0ALICE",
        }
    ]


def test_the_record_says_who_what_where_and_the_steps_to_come(lifecycle: Stage):
    start(lifecycle, Announcements(), now=NOON)

    record = lifecycle.record()
    assert (record.user, record.team, record.channel, record.thread) == (
        "U0ALICE",
        "T0LOCAL",
        "C0OPS",
        "1800000000.000200",
    )
    assert list(record.parameters.items()) == list(VALUES.items())
    assert record.created_at == NOON
    assert record.deadline == NOON + 330
    assert [step.name for step in record.steps] == [
        "Read present configuration",
        "Merge new rule",
        "Apply configuration",
        "Verify configuration",
        "Post results",
    ]


def test_a_redelivery_neither_announces_nor_starts_again(lifecycle: Stage):
    announce = Announcements()

    first = start(lifecycle, announce)
    lifecycle.wait()
    second = start(lifecycle, announce)

    assert second.id == first.id
    assert len(announce.replies) == 1
    assert len(ran(lifecycle)) == 1
    assert lifecycle.calls["apply_configuration"] == 1


def test_five_deliveries_at_once_have_one_effect(lifecycle: Stage):
    announce = Announcements()

    with ThreadPoolExecutor(5) as pool:
        executions = list(pool.map(lambda _: start(lifecycle, announce), range(5)))

    lifecycle.wait()
    assert {execution.id for execution in executions} == {"wf-jrdb3m6n"}
    assert len(announce.replies) == 1
    assert len(ran(lifecycle)) == 1


def test_a_start_that_died_after_its_announcement_is_ended_by_the_next_delivery(lifecycle: Stage):
    class Killed(BaseException):
        pass

    def dies(**_: Any) -> None:
        raise Killed

    announce = Announcements()
    events = lifecycle.aws.client("stepfunctions").meta.events
    events.register("before-call.stepfunctions.StartExecution", dies)
    with pytest.raises(Killed):
        start(lifecycle, announce)
    events.unregister("before-call.stepfunctions.StartExecution", dies)

    too_early = start(lifecycle, announce, now=NOON + 10)
    assert too_early.status == "starting"
    assert ran(lifecycle) == []

    in_time = start(lifecycle, announce, now=NOON + 191)
    assert in_time.status == "running"
    assert len(announce.replies) == 1
    assert len(ran(lifecycle)) == 1


def test_an_announcement_that_slack_could_not_take_now_is_made_by_the_next_delivery(lifecycle: Stage):
    announce = Announcements(error=ConnectionError("no Slack"))
    with pytest.raises(ConnectionError):
        start(lifecycle, announce)

    start(lifecycle, announce, now=NOON + 1)

    assert len(announce.replies) == 1
    assert len(ran(lifecycle)) == 1


def test_a_channel_that_the_bot_may_not_write_to_starts_nothing(lifecycle: Stage):
    with pytest.raises(NotInChannel):
        start(lifecycle, Announcements(error=NotInChannel("I am not in this channel.")))

    assert ran(lifecycle) == []
    assert lifecycle.record().status == "failed"


@pytest.mark.parametrize("code", ["ExecutionLimitExceeded", "AccessDeniedException", "StateMachineDoesNotExist"])
def test_a_refusal_of_step_functions_is_told_and_recorded(lifecycle: Stage, code: str):
    lifecycle.aws_answers("stepfunctions", "StartExecution", (400, code))

    with pytest.raises((AwsRefused, WorkflowUnavailable)):
        start(lifecycle, Announcements())

    record = lifecycle.record()
    assert record.status == "failed"
    assert record.problem.startswith("It could not be started. ")


def test_a_redelivery_after_a_refusal_tells_it_again_instead_of_saying_nothing(lifecycle: Stage):
    lifecycle.aws_answers("stepfunctions", "StartExecution", (400, "ExecutionLimitExceeded"))
    announce = Announcements()
    with pytest.raises(AwsRefused):
        start(lifecycle, announce)

    with pytest.raises(AwsRefused, match=r"^It could not be started\."):
        start(lifecycle, announce)

    assert ran(lifecycle) == []


def test_a_run_that_was_told_as_not_started_changes_nothing_should_it_run_after_all(lifecycle: Stage):
    lifecycle.aws_answers("stepfunctions", "StartExecution", (500, "InternalError"))
    with pytest.raises(AwsRefused):
        start(lifecycle, Announcements())

    lifecycle.again(lifecycle.record())

    assert lifecycle.slack.posts == []
    with pytest.raises(Exception, match="NoSuchLifecycleConfiguration"):
        lifecycle.s3.get_bucket_lifecycle_configuration(Bucket="my-bucket")


def test_a_workflow_that_this_deployment_lacks_is_said_so_before_anything_is_posted(lifecycle: Stage):
    lifecycle.dynamodb.delete_item(TableName="WorkflowDefinitions", Key={"name": {"S": "lifecycle_management"}})
    announce = Announcements()

    with pytest.raises(WorkflowUnavailable, match="Lifecycle management is not set up in this deployment"):
        start(lifecycle, announce)

    assert announce.replies == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"transition_days": 29}, "Transition days is 29, and the least that AWS takes is 30."),
        ({"expiration_days": 30}, "Expiration days is 30, and must be more than transition days, which is 30."),
        ({"transition_days": 400}, "Expiration days is 365, and must be more than transition days, which is 400."),
    ],
)
def test_values_that_aws_would_not_take_together_are_refused_at_once(
    lifecycle: Stage, values: dict[str, int], sentence: str
):
    with pytest.raises(BadValue) as refused:
        workflows.check(lifecycle.entry, {**VALUES, **values})

    assert refused.value.sentence == sentence


def test_the_least_values_that_aws_takes_pass(lifecycle: Stage):
    workflows.check(lifecycle.entry, {**VALUES, "transition_days": 30, "expiration_days": 31})


@pytest.mark.parametrize(
    ("request_id", "execution_id"),
    [("T0LOCAL#C0OPS#1700000000.000100", "wf-jrdb3m6n"), ("", "wf-4oymiquy")],
)
def test_an_id_can_be_typed_and_is_the_same_for_every_delivery(request_id: str, execution_id: str):
    assert workflows.execution_id(request_id) == execution_id


# --- two at once -----------------------------------------------------------------------------------------------------


def other_request(user: str = "U0BOB") -> Request:
    return replace(RUN, id="T0LOCAL#C0OPS#1700000009.000100", user=user)


def record_only(stage: Stage, *, now: float) -> None:
    """An execution that is open and stays so: Step Functions does not run it."""
    stage.aws_answers("stepfunctions", "StartExecution", {"executionArn": "arn:none", "startDate": now})
    start(stage, Announcements(), now=now)


@pytest.mark.parametrize(("user", "who"), [("U0BOB", "somebody else"), ("U0ALICE", "you")])
def test_a_second_workflow_on_a_bucket_is_told_which_one_is_at_it_and_since_when(lifecycle: Stage, user: str, who: str):
    record_only(lifecycle, now=NOON)
    announce = Announcements()

    with pytest.raises(BotError) as refused:
        workflows.start(
            lifecycle.entry,
            VALUES,
            other_request(user),
            aws=lifecycle.aws,
            announce=announce,
            now=NOON + 65,
        )

    assert refused.value.sentence == (
        f"Lifecycle management wf-jrdb3m6n, which {who} started 65 s ago, is at work on my-bucket."
    )
    assert announce.replies == []
    assert ran(lifecycle) == []


def test_another_bucket_is_free(lifecycle: Stage):
    record_only(lifecycle, now=NOON)
    values = {**VALUES, "bucket": "other-bucket"}

    execution = workflows.start(
        lifecycle.entry, values, other_request(), aws=lifecycle.aws, announce=Announcements(), now=NOON + 1
    )

    assert execution.status == "running"


@pytest.mark.parametrize("over", ["ended", "past its deadline"])
def test_a_bucket_is_free_again_when_the_execution_that_had_it_is_over(lifecycle: Stage, over: str):
    if over == "ended":
        start(lifecycle, Announcements(), now=NOON)
        lifecycle.wait()
    else:
        record_only(lifecycle, now=NOON)
    later = NOON + (1 if over == "ended" else 331)

    execution = workflows.start(
        lifecycle.entry, VALUES, other_request(), aws=lifecycle.aws, announce=Announcements(), now=later
    )

    assert execution.status == "running"


# --- status and list -------------------------------------------------------------------------------------------------


def test_the_status_of_an_unknown_execution_is_not_found(lifecycle: Stage):
    with pytest.raises(NotFound, match="There is no execution wf-aaaaaaaa"):
        workflows.status(lifecycle.aws, "wf-aaaaaaaa", NOON)


def test_an_execution_past_its_deadline_is_told_as_timed_out(lifecycle: Stage):
    execution = start(lifecycle, Announcements(), now=NOON)
    lifecycle.wait()

    assert replace(execution, status="running").seen_at(NOON + 329).status == "running"
    assert replace(execution, status="running").seen_at(NOON + 331).status == "timed_out"
    assert replace(execution, status="succeeded").seen_at(NOON + 331).status == "succeeded"


def test_the_status_shows_what_is_done_running_and_to_come(lifecycle: Stage):
    seen: list[str] = []

    def look() -> None:
        record = lifecycle.record()
        reply = replies_workflows.status(record, record.created_at + 7)
        seen.append(" ".join(_texts(reply.blocks)))

    lifecycle.happens_before("apply_configuration", look)
    lifecycle.run(bucket="my-bucket")

    assert "● Merge new rule" in seen[0]
    assert "○ Apply configuration – to come" in seen[0]
    assert "is running. Started 7 s ago by" in seen[0]


def test_the_status_of_a_run_that_ended_shows_its_results(lifecycle: Stage):
    done = lifecycle.run(bucket="my-bucket")

    reply = replies_workflows.status(done, done.created_at + 7200)

    words = " ".join(" ".join(_texts(reply.blocks)).split())
    assert "is done. Started 2 h ago by" in words
    assert "From now on, files under logs/ in my-bucket move to Standard-IA" in words
    assert "● Post results" in words
    assert "Restore previous" in words
    assert "Restore previous" not in str(replies_workflows.status(replace(done, restored_at=1.0), 0).blocks)


def _texts(blocks: Any) -> list[str]:
    if isinstance(blocks, dict):
        own = [blocks["text"]] if isinstance(blocks.get("text"), str) else []
        return own + [text for value in blocks.values() for text in _texts(value)]
    if isinstance(blocks, (list, tuple)):
        return [text for each in blocks for text in _texts(each)]
    return []


def test_the_definitions_name_the_steps_of_the_state_machine(lifecycle: Stage):
    (definition,) = workflows.list_definitions(lifecycle.aws)

    assert definition.name == "lifecycle_management"
    assert definition.steps[0] == "Read present configuration"
    assert definition.steps[-1] == "Post results"


def test_the_list_of_workflows_shows_what_each_needs_and_a_button_to_run_it(lifecycle: Stage):
    reply = replies_workflows.definitions([lifecycle.entry])

    words = " ".join(_texts(reply.blocks))
    assert "(needed) the bucket that gets the rule" in words
    assert "(30 unless you say otherwise) after how many days files move to Standard-IA" in words
    (button,) = [block["elements"][0] for block in reply.blocks if block["type"] == "actions"]
    assert (button["action_id"], button["value"]) == ("run", "lifecycle_management")


def test_steps_follow_the_way_without_errors_through_choices_and_loops():
    machine = {
        "StartAt": "Ask",
        "States": {
            "Ask": {"Type": "Task", "Next": "Ready"},
            "Ready": {"Type": "Choice", "Choices": [{"Next": "Wait"}], "Default": "Tell"},
            "Wait": {"Type": "Wait", "Next": "Look"},
            "Look": {"Type": "Task", "Next": "Ready"},
            "Tell": {"Type": "Task", "End": True},
        },
    }

    assert list(workflows.steps_of(machine)) == ["Ask", "Look", "Tell"]
