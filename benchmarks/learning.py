"""A simulated month: how many of 10,000 requests still reach the model, day by day, and what that costs.

The bot's own code throughout: knowledge base, model client (against a scripted Bedrock on loopback that reads what the
simulation meant), learning, and DynamoDB by moto. What people say is in ``benchmarks/wordings.py``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws

from benchmarks.list_prices import DYNAMODB_WRITE
from benchmarks.plot import Axis, Line, chart, save
from benchmarks.wordings import KNOWN, READ_BY_THE_MODEL, REPEATED, ZIPF, Month, Request
from bot import prices
from bot.conversations import Thread
from bot.knowledge_base import Store, read_seeds
from bot.learning import Learning
from bot.model import Model
from bot.phrasebook import Phrasebook
from bot.resolve import resolve
from sandbox.bedrock import NOTHING, Answer, Asked, Bedrock, says, tool
from seeds.load import write_knowledge

REQUESTS, DAYS, SEED = 10_000, 30, 4
TABLE = "KnowledgeBase"
MODEL_ID = "us.amazon.nova-micro-v1:0"
CHARACTERS_A_TOKEN = 4
"""Of the request's JSON: an estimate, for nothing here counts as Nova does."""
OUTPUT_TOKENS = 60
WRITES_A_PHRASE = 6
"""A transaction of two, and a number."""
NOBODY: Any = {"aws_access_key_id": "bench", "aws_secret_access_key": "bench"}
DOCS = Path(__file__).resolve().parents[1] / "docs"


@dataclass(slots=True)
class Tally:
    """What the month came to."""

    requests: Counter[int] = field(default_factory=Counter)
    asked: Counter[int] = field(default_factory=Counter)

    def share(self, first: int, last: int) -> float:
        """Which part of the requests of these days reached the model."""
        days = range(first, last + 1)
        return sum(self.asked[day] for day in days) / sum(self.requests[day] for day in days)


class Teacher:
    """Plays the model: chooses what the simulation meant, and counts the tokens."""

    def __init__(self) -> None:
        self.meant: Request | None = None
        self.calls = 0
        self.input = 0

    def __call__(self, asked: Asked) -> Answer:
        """The answer of a model that reads rightly, or not at all."""
        tokens = len(json.dumps(asked.body)) // CHARACTERS_A_TOKEN
        self.calls += 1
        self.input += tokens
        if self.meant is None or not self.meant.entry:
            return NOTHING
        return says(tool(self.meant.entry.replace(".", "-"), **self.meant.parameters), usage=(tokens, OUTPUT_TOKENS))


@contextmanager
def knowledge_table() -> Iterator[Any]:
    """DynamoDB with the seeds in the KnowledgeBase table."""
    keys = ("kind", "name")
    with mock_aws():
        client = boto3.client("dynamodb", "us-east-1", **NOBODY)
        client.create_table(
            TableName=TABLE,
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=True)
            ],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            BillingMode="PAY_PER_REQUEST",
        )
        write_knowledge(client, TABLE, read_seeds())
        yield client


def main() -> None:
    """Runs the month, prints the table, plots it."""
    teacher = Teacher()
    with knowledge_table() as dynamodb, Bedrock(otherwise=teacher) as bedrock:
        client = boto3.client(
            "bedrock-runtime",
            "us-east-1",
            endpoint_url=bedrock.url,
            **NOBODY,
        )
        store = Store(dynamodb, TABLE)
        book = Phrasebook(dynamodb, TABLE)
        tally, month = run(store, Learning(store, book, lambda: 0.0), Model(client, MODEL_ID), teacher)
        learned = book.all()
    report(tally, month, teacher, len(learned), sum(lesson.used for lesson in learned))


def run(store: Store, learning: Learning, model: Model, teacher: Teacher) -> tuple[Tally, Month]:
    """The month, one request after another."""
    tally = Tally()
    month = Month(store.load(0.0), SEED)
    for number, request in enumerate(month.requests(REQUESTS)):
        day = number * DAYS // REQUESTS + 1
        calls, teacher.meant = teacher.calls, request
        turn = resolve(request.text, Thread(), store.load(0.0), model.ask)
        tally.requests[day] += 1
        tally.asked[day] += teacher.calls > calls
        if turn.intent and turn.state == "resolved":  # carried out, after a confirmation where it changes something
            learning.note(turn.intent, "U0SOMEBODY")
            learning.work_off()
    return tally, month


def report(tally: Tally, month: Month, teacher: Teacher, learned: int, used: int) -> None:
    """The table, the costs and the plot."""
    print(f"A simulated month of {REQUESTS:,} requests (seed {SEED}):")
    print(f"  {KNOWN:.0%} in {len(month.known)} wordings that the knowledge base knows,")
    print(f"  {REPEATED:.0%} in {len(month.repeated)} that it does not (Zipf, exponent {ZIPF:g}),")
    print(
        f"  {1 - KNOWN - REPEATED:.0%} that nobody says twice; the model reads {READ_BY_THE_MODEL:.0%} of the unknown."
    )
    print("\n day   requests   to the model")
    for day in range(1, DAYS + 1):
        share = tally.asked[day] / tally.requests[day]
        print(f"{day:4}  {tally.requests[day]:9}  {tally.asked[day]:8}  {share:5.1%}  {'#' * round(share * 100)}")
    asked = sum(tally.asked.values())
    mean = teacher.input / teacher.calls
    once = prices.cost(MODEL_ID, {"input": round(mean), "output": OUTPUT_TOKENS}) or 0.0
    writes = (learned * WRITES_A_PHRASE + used) * DYNAMODB_WRITE
    print(f"\n{asked:,} of {REQUESTS:,} requests reached the model; {learned} phrases learned, used {used:,} times.")
    print(f"To the model in the first three days {tally.share(1, 3):.1%}, in the last three {tally.share(28, 30):.1%}.")
    print(f"\nThe month's costs (list prices of {prices.AS_OF}, about {mean:,.0f}+{OUTPUT_TOKENS} tokens a question):")
    for label, amount in (
        ("s3agent, learning", asked * once + writes),
        ("the model, every time", REQUESTS * once),
        ("Amazon Lex, every time", REQUESTS * prices.LEX_TEXT_REQUEST),
    ):
        print(f"  {label:24} {f'${amount:.3f}':>8}")
    points = [(day, 100 * tally.asked[day] / tally.requests[day]) for day in range(1, DAYS + 1)]
    svg = chart(
        "Requests that still reach the model",
        Axis("day of the month", (1, 5, 10, 15, 20, 25, 30)),
        Axis("of the day's requests", (0, 10, 20, 30, 40), unit=" %"),
        [Line("with learning", points), Line("without", [(1, 100 * (1 - KNOWN)), (DAYS, 100 * (1 - KNOWN))])],
    )
    save(DOCS / "learning.svg", svg)


if __name__ == "__main__":
    main()
