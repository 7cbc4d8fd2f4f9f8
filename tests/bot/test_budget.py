"""The model has a budget of tokens a day; beyond it the bot goes by its own phrases, and says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.budget import Budget
from bot.config import read
from sandbox.bedrock import NOTHING, Bedrock, chooses, fails, says
from tests.fake_model import model
from tests.office import Office, office
from tests.tables import REGION, moto_tables

NOON = 1_800_014_400.0
"""2027-01-15 12:00 UTC."""


@pytest.fixture
def bedrock() -> Iterator[Bedrock]:
    with Bedrock() as server:
        yield server


def test_a_day_is_over_at_midnight_utc_and_all_workers_count_together() -> None:
    with moto_tables("Conversations") as dynamodb:
        now = NOON
        one, other = (Budget(dynamodb, "Conversations", 1000, lambda: now) for _ in range(2))
        one.spend(600)
        before = other.spent()
        other.spend(400)

        assert (before, one.spent()) == (False, True)
        now = NOON + 12 * 3600 - 1
        assert one.spent()
        now = NOON + 12 * 3600
        assert not one.spent()


def test_the_count_of_a_day_is_one_item_that_expires() -> None:
    with moto_tables("Conversations") as dynamodb:
        budget = Budget(dynamodb, "Conversations", 1000, lambda: NOON)
        budget.spend(688)
        budget.spend(12)

        assert dynamodb.scan(TableName="Conversations")["Items"] == [
            {"id": {"S": "tokens#2027-01-15"}, "tokens": {"N": "700"}, "expires_at": {"N": str(int(NOON) + 604800)}}
        ]


def test_a_budget_of_nothing_asks_nothing() -> None:
    with moto_tables("Conversations") as dynamodb:
        assert Budget(dynamodb, "Conversations", 0).spent()


@pytest.mark.parametrize(("value", "tokens"), [("", 1_000_000), ("0", 0), ("5000", 5000)])
def test_the_budget_is_a_setting(value: str, tokens: int) -> None:
    assert read({"MODEL_TOKENS_PER_DAY": value}).model_tokens_per_day == tokens


def in_the_office(bedrock: Bedrock, tokens: int) -> Iterator[Office]:
    asking = model(bedrock)
    with office(asking) as room:
        asking._budget = Budget(room.dynamodb, "Conversations", tokens, lambda: room.now)
        room.s3().create_bucket(Bucket="staging-logs", CreateBucketConfiguration={"LocationConstraint": REGION})
        yield room


@pytest.fixture
def room(bedrock: Bedrock) -> Iterator[Office]:
    yield from in_the_office(bedrock, 1000)


def test_over_the_budget_the_model_is_not_asked_and_the_nearest_commands_are_offered(
    room: Office, bedrock: Bedrock
) -> None:
    bedrock.answers.extend([chooses("s3-list_files", bucket="staging-logs")] * 3)
    room.command("have staging-logs confess what it hides")
    room.command("have staging-logs confess what it hides again")

    room.command("let staging-logs confess what it hides")

    assert len(bedrock.history) == 2
    assert "until midnight UTC I know only my own phrases" in room.last
    assert "'value': 'list files in staging-logs'" in str(room.slack.calls[-1].body["blocks"])


def test_over_the_budget_explain_promises_no_model(room: Office, bedrock: Bedrock) -> None:
    room.command("explain have staging-logs confess what it hides")
    within = room.last
    Budget(room.dynamodb, "Conversations", 1, lambda: room.now).spend(5000)

    room.command("explain have staging-logs confess what it hides")

    assert "I would ask Nova Micro" in within
    assert "Nova Micro" not in room.last
    assert "list files in staging-logs" in room.last
    assert bedrock.history == []


def test_what_the_knowledge_base_knows_is_answered_whatever_was_spent(room: Office, bedrock: Bedrock) -> None:
    Budget(room.dynamodb, "Conversations", 1, lambda: room.now).spend(5000)

    room.command("list files in staging-logs")

    assert room.note == "knowledge base"


def test_the_next_day_the_model_is_asked_again(room: Office, bedrock: Bedrock) -> None:
    Budget(room.dynamodb, "Conversations", 1, lambda: room.now).spend(5000)
    room.command("have staging-logs confess what it hides")
    bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))
    room.now += 24 * 3600

    room.command("have staging-logs confess what it hides")

    assert room.note.startswith("Nova Micro")


def test_an_answer_that_says_nothing_is_paid_for_and_counted(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.extend([NOTHING, says(stop="max_tokens", usage=(600, 300)), fails(429, "ThrottlingException")])
    room.command("sing to staging-logs")
    room.command("dance with staging-logs")
    room.command("hum at staging-logs")

    item = room.dynamodb.get_item(TableName="Conversations", Key={"id": {"S": "tokens#2027-01-15"}})["Item"]
    assert item["tokens"] == {"N": "1588"}
    assert len(bedrock.history) == 2  # the third was over the budget


def test_a_count_that_cannot_be_read_asks_no_model_and_answers_all_the_same(room: Office, bedrock: Bedrock) -> None:
    assert room.bot.model is not None
    room.bot.model._budget = Budget(room.dynamodb, "NoSuchTable", 1000)

    room.command("have staging-logs confess what it hides")

    assert "I did not understand that" in room.last
    assert bedrock.history == []
