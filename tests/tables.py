"""DynamoDB tables in moto, with the keys that template.yaml gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws

REGION = "eu-west-1"
KEYS = {
    "KnowledgeBase": ("kind", "name"),
    "WorkflowDefinitions": ("name",),
    "WorkflowExecutions": ("execution_id",),
    "Conversations": ("id",),
    "Idempotency": ("id",),
    "Audit": ("id",),
}
INDEXES: dict[str, Any] = {
    "WorkflowExecutions": {
        "name": "by-user",
        "keys": ("user", "created_at"),
        "carries": ("title", "status", "deadline"),
    }
}


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
    keys, index = KEYS[name], INDEXES.get(name)
    numbers = {"created_at"}
    attributes = {*keys, *(index["keys"] if index else ())}
    made: dict[str, Any] = {
        "TableName": name,
        "KeySchema": _schema(keys),
        "AttributeDefinitions": [
            {"AttributeName": a, "AttributeType": "N" if a in numbers else "S"} for a in attributes
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if index:
        projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(index["carries"])}
        made["GlobalSecondaryIndexes"] = [
            {"IndexName": index["name"], "KeySchema": _schema(index["keys"]), "Projection": projection}
        ]
    client.create_table(**made)


def _schema(keys: Sequence[str]) -> list[dict[str, str]]:
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)]
