"""One item a request: who asked what, how it was understood, what was decided and what came of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import pytest

from bot.audit import Audit
from bot.models import Intent, Request
from tests.tables import moto_tables

NOON = 1_800_000_000.5
REQUEST = Request(
    "T0LOCAL#C0OPS#1800000000.000100", "mention", "T0LOCAL", "C0OPS", "U0ALICE", "delete a.csv from my-bucket"
)
DELETE = Intent(
    "s3.delete_file",
    "s3.delete_file",
    {"key": "a.csv", "bucket": "my-bucket"},
    phrase="delete {key} from {bucket}",
)


@dataclass
class Told:
    request: Request = REQUEST
    intent: Intent | None = DELETE
    decision: str = "confirm"
    outcome: str = ""
    reference: str = "5f3a9c01"


def test_an_item_says_who_asked_what_and_what_was_decided():
    with moto_tables("Audit") as client:
        Audit(client, "Audit").record(Told(), NOON)

        (item,) = client.scan(TableName="Audit")["Items"]

    assert item == {
        "id": {"S": "T0LOCAL#C0OPS#1800000000.000100"},
        "at": {"S": "2027-01-15T08:00:00.500+00:00"},
        "expires_at": {"N": "1834560000"},
        "kind": {"S": "mention"},
        "team": {"S": "T0LOCAL"},
        "channel": {"S": "C0OPS"},
        "user": {"S": "U0ALICE"},
        "external": {"BOOL": False},
        "text": {"S": "delete a.csv from my-bucket"},
        "decision": {"S": "confirm"},
        "reference": {"S": "5f3a9c01"},
        "entry": {"S": "s3.delete_file"},
        "intent": {"S": "s3.delete_file"},
        "parameters": {"M": {"key": {"S": "a.csv"}, "bucket": {"S": "my-bucket"}}},
        "source": {"S": "knowledge_base"},
        "phrase": {"S": "delete {key} from {bucket}"},
    }


def test_numbers_lists_and_odd_text_are_written_too():
    intent = Intent(
        "lifecycle_management",
        "workflow.run",
        {"transition_days": 30},
        ("bucket",),
        source="model",
        usage={"input": 640, "output": 48},
    )
    request = Request("r", "command", "T", "C", "U", "\ud83d half a face " + "x" * 5000)
    with moto_tables("Audit") as client:
        Audit(client, "Audit").record(Told(request, intent, outcome="NotFound"), NOON)

        (item,) = client.scan(TableName="Audit")["Items"]

    assert item["parameters"] == {"M": {"transition_days": {"N": "30"}}}
    assert item["missing"] == {"L": [{"S": "bucket"}]}
    assert item["usage"] == {"M": {"input": {"N": "640"}, "output": {"N": "48"}}}
    assert item["outcome"] == {"S": "NotFound"}
    assert item["text"]["S"].startswith("? half a face xxx")
    assert len(item["text"]["S"]) == 4000


def test_what_was_not_understood_is_written_without_an_intent():
    with moto_tables("Audit") as client:
        Audit(client, "Audit").record(Told(intent=None, decision="refused", outcome="NotUnderstood"), NOON)

        (item,) = client.scan(TableName="Audit")["Items"]

    assert "entry" not in item
    assert item["outcome"] == {"S": "NotUnderstood"}


def test_a_second_delivery_of_a_request_does_not_make_a_second_item():
    with moto_tables("Audit") as client:
        audit = Audit(client, "Audit")
        audit.record(Told(decision="let be"), NOON)
        audit.record(Told(), NOON + 60)

        (item,) = client.scan(TableName="Audit")["Items"]

    assert item["decision"] == {"S": "confirm"}


def test_a_table_that_is_not_there_is_logged_and_not_raised(caplog: pytest.LogCaptureFixture):
    with moto_tables() as client, caplog.at_level(logging.ERROR):
        Audit(client, "Audit").record(Told(), NOON)

    (record,) = caplog.records
    assert record.message == "the audit item could not be written"
    assert record.audit["entry"] == "s3.delete_file"
