"""DynamoDB tables in moto, with the keys that template.yaml gives them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws
from moto.dynamodb.responses import DynamoHandler

REGION = "eu-west-1"
KEYS = {
    "KnowledgeBase": ("kind", "name"),
    "WorkflowDefinitions": ("name",),
    "WorkflowExecutions": ("execution_id",),
    "Conversations": ("id",),
    "Idempotency": ("id",),
    "Audit": ("id",),
}
INDEXES: dict[str, list[dict[str, Any]]] = {
    "WorkflowExecutions": [
        {"name": "by-deadline", "keys": ("open", "deadline"), "carries": ()},
        {"name": "by-user", "keys": ("user", "created_at"), "carries": ("title", "status", "deadline")},
    ]
}
NUMBERS = {"created_at", "deadline"}


# A conditional write of AWS is atomic, and moto's is not: threads come to its tables one at a time.
_one_at_a_time = threading.RLock()
_call_action = DynamoHandler.call_action


def _alone(self: DynamoHandler) -> Any:
    with _one_at_a_time:
        return _call_action(self)


DynamoHandler.call_action = _alone


@contextmanager
def moto_tables(*names: str) -> Iterator[Any]:
    """A DynamoDB client of moto in which these tables are, empty."""
    with mock_aws():
        client = boto3.client(
            "dynamodb", region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        for name in names:
            create(client, name)
        yield client


def create(client: Any, name: str) -> None:
    """One table of ours."""
    keys, indexes = KEYS[name], INDEXES.get(name, [])
    attributes = {*keys, *(key for index in indexes for key in index["keys"])}
    made: dict[str, Any] = {
        "TableName": name,
        "KeySchema": _schema(keys),
        "AttributeDefinitions": [
            {"AttributeName": each, "AttributeType": "N" if each in NUMBERS else "S"} for each in attributes
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if indexes:
        made["GlobalSecondaryIndexes"] = [_index(**index) for index in indexes]
    client.create_table(**made)


def _index(name: str, keys: Sequence[str], carries: Sequence[str]) -> dict[str, Any]:
    projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(carries)}
    return {
        "IndexName": name,
        "KeySchema": _schema(keys),
        "Projection": projection if carries else {"ProjectionType": "KEYS_ONLY"},
    }


def _schema(keys: Sequence[str]) -> list[dict[str, str]]:
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)]
