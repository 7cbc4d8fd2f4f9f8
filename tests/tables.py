"""DynamoDB tables in moto, with the keys that template.yaml gives them."""

from __future__ import annotations

from collections.abc import Iterator
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
    keys = KEYS[name]
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
    )
