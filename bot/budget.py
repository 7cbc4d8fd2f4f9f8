"""How many tokens the model may use in a day: one item a day (UTC), counted for all workers together."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_SECONDS = 7 * 24 * 60 * 60


class Budget:
    """Asked before the model is, told after. Questions that are under way at once may exceed it by themselves."""

    def __init__(
        self, client: DynamoDBClient, table: str, tokens_a_day: int, now: Callable[[], float] = time.time
    ) -> None:
        self._client = client
        self._table = table
        self._limit = tokens_a_day
        self._now = now

    def spent(self) -> bool:
        """Whether the tokens of today are used up."""
        item = self._client.get_item(
            TableName=self._table, Key=self._today(), ProjectionExpression="tokens", ConsistentRead=True
        ).get("Item", {})
        return int(item.get("tokens", {}).get("N", "0")) >= self._limit

    def spend(self, tokens: int) -> None:
        """Counts what a question has used."""
        self._client.update_item(
            TableName=self._table,
            Key=self._today(),
            UpdateExpression="ADD tokens :tokens SET expires_at = if_not_exists(expires_at, :until)",
            ExpressionAttributeValues={
                ":tokens": {"N": str(tokens)},
                ":until": {"N": str(int(self._now()) + KEPT_SECONDS)},
            },
        )

    def _today(self) -> dict[str, dict[str, str]]:
        day = datetime.fromtimestamp(self._now(), UTC).date().isoformat()
        return {"id": {"S": f"tokens#{day}"}}
