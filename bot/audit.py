"""Who asked what, how it was understood, what was decided and what came of it: one item a request."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.models import Intent, Request

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEPT_SECONDS = 400 * 24 * 60 * 60
"""A year and a month: the time of a yearly review."""
TEXT_LIMIT = 4000

log = logging.getLogger(__name__)


class Trail(Protocol):
    """What the pipeline knows of a request when its story is over."""

    @property
    def request(self) -> Request:
        """Who asked, where, and what was typed."""
        ...

    @property
    def intent(self) -> Intent | None:
        """How it was understood; None when it was not."""
        ...

    @property
    def decision(self) -> str:
        """What was decided: asked, confirmed, refused, run …"""
        ...

    @property
    def outcome(self) -> str:
        """What came of it: empty when all went well, else the kind of error."""
        ...

    @property
    def reference(self) -> str:
        """What the person was given to ask with; the log has it too."""
        ...


class Audit:
    """The Audit table (key ``id``: the request's)."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def record(self, trail: Trail, now: float) -> None:
        """Write it down. A failure is logged with the whole item and does not reach the person who asked."""
        item = _item(trail, now)
        try:
            self._client.put_item(TableName=self._table, Item={name: _attribute(value) for name, value in item.items()})
        except Exception:
            log.exception("the audit item could not be written", extra={"audit": item})


def _item(trail: Trail, now: float) -> dict[str, Any]:
    request = trail.request
    item = {
        "id": request.id,
        "at": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
        "expires_at": int(now) + KEPT_SECONDS,
        "kind": request.kind,
        "team": request.team,
        "channel": request.channel,
        "thread": request.thread,
        "user": request.user,
        "external": request.external,
        "text": request.text[:TEXT_LIMIT],
        "action": request.action,
        "value": request.value[:TEXT_LIMIT],
        "fields": request.fields,
        "decision": trail.decision,
        "outcome": trail.outcome,
        "reference": trail.reference,
        **_understood(trail.intent),
    }
    return {name: value for name, value in item.items() if value not in ("", (), {}, None)}


def _understood(intent: Intent | None) -> dict[str, Any]:
    if intent is None:
        return {}
    return {
        "entry": intent.entry,
        "intent": intent.name,
        "parameters": intent.parameters,
        "missing": intent.missing,
        "source": intent.source,
        "phrase": intent.phrase,
        "usage": intent.usage,
    }


def _attribute(value: Any) -> Any:
    """A value as DynamoDB writes it down."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, str):
        return {"S": _storable(value)}
    if isinstance(value, Mapping):
        return {"M": {_storable(name): _attribute(item) for name, item in value.items()}}
    if isinstance(value, Sequence):
        return {"L": [_attribute(item) for item in value]}
    return {"S": str(value)}


def _storable(text: str) -> str:
    """DynamoDB takes UTF-8 only: half a surrogate pair, which JSON can carry, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
