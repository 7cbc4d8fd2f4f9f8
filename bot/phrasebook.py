"""The learned phrases in the KnowledgeBase table: items of the kind ``phrase``, beside those of the seeds.

A phrase is added or removed together with a new version of the knowledge base, in one transaction that asks for the
version it was checked against: of two workers that learn at once, the second checks again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.knowledge_base import VERSION_KEY
from bot.models import Lesson

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

COUNTER_KEY: Mapping[str, Any] = {"kind": {"S": "version"}, "name": {"S": "phrases"}}
"""Counts the phrases that were ever learned, so that a number is never given twice."""
UNUSED_LIMIT = 1_000
"""Phrases that the model's readings left and nobody has used since: of more than so many, the oldest go."""
UNUSED_LEFT = 0.9
"""So much of that is left, so that it is seldom done: what is learned next is checked against everything anew."""
DROPPED_AT_ONCE = 90
"""A transaction takes a hundred changes."""


class Superseded(Exception):
    """Raised when the knowledge base has another version than the one that a change was checked against."""


class Phrasebook:
    """The ``phrase`` items of the table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, lesson: Lesson, version: str, instead_of: Sequence[Lesson] = ()) -> str:
        """Write it down and drop those in whose place it comes; the new version. Raises Superseded."""
        body = json.dumps(lesson.to_dict(), ensure_ascii=False)
        item = {**_key(lesson), "body": {"S": body}, "used": {"N": "0"}}
        gone = [self._removal(each) for each in instead_of]
        return self._change([{"Put": {"TableName": self._table, "Item": item}}, *gone], version)

    def remove(self, lesson: Lesson, version: str) -> str:
        """Forget it; the new version. Raises Superseded."""
        return self._change([self._removal(lesson)], version)

    def outgrown(self, limit: int) -> list[Lesson]:
        """The oldest of those that were never used, when there are more of them than that; taught ones stay."""
        unused = [lesson for lesson in self.all() if not (lesson.used or lesson.taught)]
        return unused[: min(len(unused) - int(limit * UNUSED_LEFT), DROPPED_AT_ONCE)] if len(unused) > limit else []

    def all(self) -> list[Lesson]:
        """Every learned phrase as it stands in the table now, by number."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="kind = :kind",
            ExpressionAttributeValues={":kind": {"S": "phrase"}},
            ConsistentRead=True,
        )
        found = [_lesson(item) for page in pages for item in page["Items"]]
        return sorted(found, key=lambda lesson: lesson.number)

    def count(self, lesson: Lesson) -> None:
        """One more use. A phrase that was forgotten in the meantime stays forgotten."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_key(lesson),
                UpdateExpression="ADD used :one",
                ConditionExpression="attribute_exists(kind)",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return

    def number(self) -> int:
        """The next number."""
        done = self._client.update_item(
            TableName=self._table,
            Key=COUNTER_KEY,
            UpdateExpression="ADD #value :one",
            ExpressionAttributeNames={"#value": "value"},
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        return int(done["Attributes"]["value"]["N"])

    def _removal(self, lesson: Lesson) -> TransactWriteItemTypeDef:
        return {"Delete": {"TableName": self._table, "Key": _key(lesson)}}

    def _change(self, changes: Sequence[TransactWriteItemTypeDef], version: str) -> str:
        new = secrets.token_hex(8)
        checked: Sequence[TransactWriteItemTypeDef] = [
            *changes,
            {
                "Update": {
                    "TableName": self._table,
                    "Key": VERSION_KEY,
                    "UpdateExpression": "SET #value = :new",
                    "ConditionExpression": "#value = :old",
                    "ExpressionAttributeNames": {"#value": "value"},
                    "ExpressionAttributeValues": {":new": {"S": new}, ":old": {"S": version}},
                }
            },
        ]
        try:
            self._client.transact_write_items(TransactItems=checked)
        except self._client.exceptions.TransactionCanceledException as error:
            raise Superseded(version) from error
        return new


def _key(lesson: Lesson) -> dict[str, Any]:
    """By what it says, so that no phrase is there twice; a digest, because a sort key has a limit."""
    return {"kind": {"S": "phrase"}, "name": {"S": hashlib.sha256(lesson.phrase.encode()).hexdigest()[:32]}}


def _lesson(item: Mapping[str, Any]) -> Lesson:
    return Lesson.from_dict(json.loads(item["body"]["S"]), used=int(item.get("used", {}).get("N", "0")))
