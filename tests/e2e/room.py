"""A channel in which a test talks with the bot: do something, get what the bot said to it."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from typing import Any

from sandbox.cast import ALICE, BOT
from sandbox.slack import Message, Person, read
from sandbox.stage import Stage

ANSWER_SECONDS = 30.0
IDLE_SECONDS = 20.0

names = itertools.count(1)


class Room:
    """What is done in here is done by alice, an admin, unless ``by`` says who."""

    def __init__(self, stage: Stage, channel: str) -> None:
        self.stage = stage
        self.channel = channel
        self.workspace = stage.workspace

    # Saying and pressing ------------------------------------------------------------------------------------

    def person(self, name: str) -> Person:
        return self.stage.person(name)

    def command(self, text: str, *, by: str = ALICE.name) -> Message:
        """``/s3agent text``, and the answer."""
        return self.answer(lambda: self.person(by).command(text, self.channel))

    def mention(self, text: str, *, by: str = ALICE.name) -> Message:
        """``@s3agent text``, and the answer."""
        return self.answer(lambda: self.person(by).say(f"@{BOT.name} {text}", self.channel))

    def reply(self, text: str, to: Message, *, by: str = ALICE.name) -> Message:
        """A reply in the thread of a message, and the answer."""
        return self.answer(lambda: self.person(by).say(text, self.channel, thread=root(to)))

    def click(self, message: Message, action: str, *, by: str = ALICE.name) -> Message:
        """A button, and what came of it."""
        return self.answer(lambda: self.person(by).click(self.now(message), action))

    def answer(self, act: Callable[[], object]) -> Message:
        """Does something, and waits for the next thing that the bot says or changes in here."""
        before = len(self.workspace.changes())
        act()
        return self.workspace.wait_for(lambda: self._said_since(before), ANSWER_SECONDS, "an answer")

    def no_answer(self, act: Callable[[], object]) -> None:
        """Does something that the bot has nothing to say to."""
        before = len(self.workspace.changes())
        act()
        self.settle()
        said = self._said_since(before)
        assert said is None, read(said)

    def _said_since(self, before: int) -> Message | None:
        changes = self.workspace.changes()
        # An announcement changes by itself, as its run goes on.
        announced = {c.message.ts for c in changes[:before] if c.message and " started " in c.message.text}
        new = (
            c.message for c in changes[before:] if c.kind == "posted" or (c.message and c.message.ts not in announced)
        )
        return next((m for m in new if m and m.channel == self.channel and m.user == BOT.id), None)

    # Looking ------------------------------------------------------------------------------------------------

    def now(self, message: Message) -> Message:
        """A message as it stands now."""
        return self.workspace.message(message.channel, message.ts)

    def from_bot(self, *, reader: str = "") -> list[Message]:
        """Everything that the bot says in here."""
        return [m for m in self.workspace.messages(self.channel, reader=reader) if m.user == BOT.id]

    def wait_for_text(self, text: str, seconds: float = ANSWER_SECONDS) -> Message:
        """The first message of the bot in here that contains the text."""

        def said() -> Message | None:
            return next((m for m in self.from_bot() if text in read(m)), None)

        return self.workspace.wait_for(said, seconds, repr(text))

    def shows(self, message: Message, text: str, seconds: float = ANSWER_SECONDS) -> Message:
        """A message as soon as it shows the text."""

        def shown() -> Message | None:
            now = self.now(message)
            return now if text in read(now) else None

        return self.workspace.wait_for(shown, seconds, repr(text))

    def settle(self) -> None:
        """Until the bot has nothing more to do: the queue is empty, twice, a moment apart."""
        sqs = self.stage.aws.client("sqs")
        url = self.stage.deployment.outputs["RequestsQueueUrl"]
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        deadline = time.monotonic() + IDLE_SECONDS
        quiet = 0
        while quiet < 2:
            assert time.monotonic() < deadline, f"the queue is not empty after {IDLE_SECONDS} s"
            found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"]
            quiet = quiet + 1 if all(found[name] == "0" for name in counts) else 0
            time.sleep(0.15)

    # AWS ----------------------------------------------------------------------------------------------------

    def s3(self, region: str = "us-east-1") -> Any:
        return self.stage.aws.client("s3", region)

    def bucket(self, *keys: str, region: str = "", versioned: bool = False, name: str = "") -> str:
        """A new bucket with files in it; its name is used by no other test."""
        name = name or f"e2e-bucket-{next(names)}"
        place = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region else {}
        s3 = self.s3(region) if region else self.s3()
        s3.create_bucket(Bucket=name, **place)
        if versioned:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        for key in keys:
            s3.put_object(Bucket=name, Key=key, Body=b"content of " + key.encode())
        return name

    def keys(self, bucket: str) -> list[str]:
        """The keys that are in a bucket."""
        return [item["Key"] for item in self.s3().list_objects_v2(Bucket=bucket).get("Contents", [])]

    def lapse_button(self, held: str) -> None:
        """As if the five minutes of a confirmation were over."""
        self._conversations(f"held#{held}", "SET valid_until = :value", {"N": "1"})

    def lapse_question(self, root_ts: str, user: str = ALICE.id) -> None:
        """As if the fifteen minutes of a question were over. It is written down after it was asked: wait for that."""
        self.settle()
        key = f"thread#{self.workspace.team}#{self.channel}#{root_ts}"
        table = self.stage.deployment.resources["ConversationsTable"]
        item = self.stage.aws.client("dynamodb").get_item(TableName=table, Key={"id": {"S": key}})["Item"]
        question = json.loads(item[f"open#{user}"]["S"])
        value = {"S": json.dumps({**question, "until": 1})}
        self._conversations(key, "SET #open = :value", value, {"#open": f"open#{user}"})

    def _conversations(self, key: str, update: str, value: Any, known: dict[str, str] | None = None) -> None:
        self.stage.aws.client("dynamodb").update_item(
            TableName=self.stage.deployment.resources["ConversationsTable"],
            Key={"id": {"S": key}},
            UpdateExpression=update,
            ConditionExpression="attribute_exists(id)",
            ExpressionAttributeValues={":value": value},
            **({"ExpressionAttributeNames": known} if known else {}),
        )


def root(message: Message) -> str:
    """The root of the thread that a message belongs to."""
    return message.thread or message.ts


def actions(message: Message) -> list[str]:
    """The buttons on a message."""
    return [str(element["action_id"]) for _, element in message.elements]


def value(message: Message, action: str) -> str:
    """What a button carries."""
    return str(message.element(action)[1]["value"])
