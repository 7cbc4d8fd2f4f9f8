"""A worker in its office: moto for AWS, a recording Slack, a clock that the test sets; the bot's own code is real."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

from bot import knowledge_base
from bot.audit import Audit
from bot.aws import Aws
from bot.config import Settings
from bot.conversations import DynamoConversations
from bot.execute import Bot
from bot.knowledge_base import VERSION_KEY, Store, read_seeds
from bot.learning import Learning
from bot.model import Model
from bot.models import Request
from bot.phrasebook import Phrasebook
from bot.slack import Slack
from bot.worker import Worker
from seeds.load import write_knowledge
from tests.fake_model import MODEL_ID
from tests.fakes import FakeSlack, slack_server
from tests.tables import KEYS, REGION, moto_tables

ACCOUNT = "123456789012"
KNOWLEDGE = knowledge_base.from_seeds()


@dataclass
class Context:
    """The Lambda context, as far as it is looked at."""

    milliseconds: int = 180_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


@dataclass
class Office:
    """What a test works with: say or press something as somebody, then look at what Slack saw."""

    bot: Bot
    worker: Worker
    slack: FakeSlack
    dynamodb: Any
    now: float = 1_800_000_000.0
    worked: list[Request] = field(default_factory=list)
    """Every request, also one whose work raised."""
    _ids: Iterator[int] = field(default_factory=itertools.count)

    def s3(self, region: str = REGION) -> Any:
        return self.bot.aws.client("s3", region)

    def command(self, text: str, user: str = "U0ALICE", **more: Any) -> Request:
        """``/s3agent text``, worked on."""
        return self.work(Request(self._id(), "command", "T0LOCAL", "C0OPS", user, text, **self._response(), **more))

    def mention(self, text: str, user: str = "U0ALICE", **more: Any) -> Request:
        """``@s3agent text`` in the channel, worked on."""
        ts = f"1799999999.{next(self._ids):06}"
        return self.work(Request(f"T0LOCAL#C0OPS#{ts}", "mention", "T0LOCAL", "C0OPS", user, text, ts=ts, **more))

    def reply(self, text: str, thread: str, user: str = "U0ALICE", channel: str = "C0OPS") -> Request:
        """A message in a thread, without a mention."""
        ts = f"1799999999.{next(self._ids):06}"
        key = f"T0LOCAL#{channel}#{ts}"
        return self.work(Request(key, "message", "T0LOCAL", channel, user, text, ts=ts, thread=thread))

    def click(
        self, button: dict[str, Any], user: str = "U0ALICE", ts: str = "1700000001.000001", **more: Any
    ) -> Request:
        """A press of a button that Slack was sent."""
        given = {"action": button["action_id"], "value": button["value"], "ts": ts, **self._response(), **more}
        return self.work(Request(self._id(), "click", "T0LOCAL", "C0OPS", user, **given))

    def work(self, request: Request, received: int = 1) -> Request:
        """One delivery of a request by the queue; the request, to deliver it again."""
        self.worked.append(request)
        body = json.dumps(request.to_dict())
        record = SQSRecord({"body": body, "attributes": {"ApproximateReceiveCount": str(received)}})
        self.worker.work(record, Context())  # type: ignore[arg-type]  # as far as it is looked at
        return request

    @property
    def posts(self) -> list[dict[str, Any]]:
        """What was posted for everybody."""
        return self.slack.sent("chat.postMessage")

    @property
    def private(self) -> list[dict[str, Any]]:
        """What only the asker saw."""
        return [*self.slack.sent("respond"), *self.slack.sent("chat.postEphemeral")]

    @property
    def last(self) -> str:
        """The text of the last thing that Slack was told, wherever."""
        return str(self.slack.calls[-1].body["text"])

    @property
    def note(self) -> str:
        """The small line under the last thing that Slack was told."""
        return str(self.slack.calls[-1].body["blocks"][-1]["elements"][0]["text"])

    def button(self, action: str) -> dict[str, Any]:
        """The newest button of that action."""
        for call in reversed(self.slack.calls):
            for block in call.body.get("blocks", ()):
                for element in block.get("elements", ()):
                    if element.get("action_id") == action:
                        found: dict[str, Any] = element
                        return found
        raise AssertionError(f"no button {action} in {[call.body.get('text') for call in self.slack.calls]}")

    def audit(self, request: Request) -> dict[str, Any]:
        """The audit item of a request."""
        found: dict[str, Any] = self.dynamodb.get_item(TableName="Audit", Key={"id": {"S": request.id}})["Item"]
        return found

    def audit_last(self) -> dict[str, Any]:
        """The audit item of the request that was worked on last."""
        return self.audit(self.worked[-1])

    def _id(self) -> str:
        return f"trigger.{next(self._ids)}"

    def _response(self) -> dict[str, str]:
        return {"response_url": self.slack.response_url}


@contextmanager
def office(model: Model | None = None, *, learns: bool = False) -> Iterator[Office]:
    """An office in which Alice is an admin and Bob an operator; everybody else may look.

    One that ``learns`` has its knowledge in the table, as a deployment has.
    """
    settings = Settings(
        account_id=ACCOUNT,
        region=REGION,
        stack_name="s3agent",
        admins=("U0ALICE",),
        operators=("U0BOB",),
        model_id=MODEL_ID if model else "",
        workflow_definitions_table="WorkflowDefinitions",
        workflow_executions_table="WorkflowExecutions",
    )
    with moto_tables(*KEYS) as dynamodb, slack_server() as slack:
        aws = Aws(settings)
        store = Store(dynamodb, "KnowledgeBase")
        if learns:
            seed(dynamodb)
            # What was just written stands in memory, as in a worker that is warm; reading it back is tested elsewhere.
            store.adopt(KNOWLEDGE, dynamodb.get_item(TableName="KnowledgeBase", Key=VERSION_KEY)["Item"]["value"]["S"])
        bot = Bot(
            settings=settings,
            aws=aws,
            slack=Slack(lambda _refresh: "xoxb-test", slack.api_url, sleep=lambda _seconds: None),
            knowledge=(lambda: store.load(room.now)) if learns else (lambda: KNOWLEDGE),
            conversations=DynamoConversations(dynamodb, "Conversations"),
            audit=Audit(dynamodb, "Audit"),
            model=model,
            learning=Learning(store, Phrasebook(dynamodb, "KnowledgeBase"), lambda: room.now) if learns else None,
            now=lambda: room.now,
        )
        room = Office(bot, _worker(bot, dynamodb), slack, dynamodb)
        yield room


def seed(dynamodb: Any) -> None:
    """Writes the seeds to the KnowledgeBase table; they are checked elsewhere."""
    write_knowledge(dynamodb, "KnowledgeBase", read_seeds())


def _worker(bot: Bot, dynamodb: Any) -> Worker:
    def store() -> DynamoDBPersistenceLayer:
        return DynamoDBPersistenceLayer(table_name="Idempotency", boto3_client=dynamodb)

    return Worker(replace(bot), store)
