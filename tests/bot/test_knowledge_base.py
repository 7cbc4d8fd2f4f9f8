"""What the bot knows, from the seeds and from the table, and when a warm worker reads it again."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge_base import VERSION_KEY, Store, from_seeds, read_seeds
from seeds.load import load
from tests.seeds.small import make
from tests.tables import moto_tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path)


@pytest.fixture
def dynamodb(folder: Path) -> Iterator[Any]:
    """Small seeds (s3.drop_file and sweep) in the table, and ``client.calls``: what was asked of DynamoDB since."""
    with moto_tables("KnowledgeBase", "WorkflowDefinitions") as client:
        load(client, "KnowledgeBase", "WorkflowDefinitions", folder)
        client.calls = []
        client.meta.events.register(
            "before-call.dynamodb", lambda model, **_: client.calls.append(model.name), unique_id="calls"
        )
        yield client


def learn(client: Any, name: str, body: str) -> None:
    client.put_item(TableName="KnowledgeBase", Item={"kind": {"S": "phrase"}, "name": {"S": name}, "body": {"S": body}})
    client.put_item(TableName="KnowledgeBase", Item={**VERSION_KEY, "value": {"S": f"after {name}"}})


def intents(store: Store, now: float, text: str) -> list[str]:
    return [match.entry.name for match in store.load(now).matcher.match(text)]


def test_the_seeds_of_this_project_understand_a_sentence():
    best = from_seeds().matcher.match("list files in my-bucket")[0]

    assert (best.entry.name, best.parameters) == ("s3.list_files", {"bucket": "my-bucket"})


def test_every_file_of_the_seeds_is_read():
    names = [entry.name for entry in read_seeds().entries]

    assert {"help", "s3.list_files", "workflow.status", "lifecycle_management"} <= set(names)
    assert read_seeds().access.default == "viewer"


def test_seeds_without_words_are_read(folder: Path):
    (folder / "words.json").unlink()

    assert read_seeds(folder).words == {}


def test_the_table_is_read_once_and_its_version_once_a_minute(dynamodb: Any):
    store = Store(dynamodb, "KnowledgeBase")

    first = store.load(1000)
    assert dynamodb.calls == ["GetItem", "Scan"]
    assert store.load(1059.9) is first
    assert dynamodb.calls == ["GetItem", "Scan"]
    assert store.load(1060) is first
    assert dynamodb.calls == ["GetItem", "Scan", "GetItem"]


def test_a_taught_phrase_is_known_within_a_minute(dynamodb: Any):
    store = Store(dynamodb, "KnowledgeBase")
    assert intents(store, 1000, "burn a.csv in my-bucket") == []

    learn(dynamodb, "p1", '{"entry": "s3.drop_file", "phrase": "burn {key} in {bucket}"}')

    assert intents(store, 1030, "burn a.csv in my-bucket") == []
    assert intents(store, 1060, "burn a.csv in my-bucket") == ["s3.drop_file"]


@pytest.mark.parametrize(
    "body",
    [
        '{"entry": "s3.gone", "phrase": "burn {key}"}',
        '{"entry": "s3.drop_file", "phrase": "burn [{key}"}',
        '{"entry": "s3.drop_file", "phrase": "burn {file}"}',
        '{"entry": "s3.drop_file"}',
        '"burn"',
        "null",
    ],
)
def test_a_taught_phrase_that_does_not_fit_any_more_is_left_aside(
    dynamodb: Any, caplog: pytest.LogCaptureFixture, body: str
):
    learn(dynamodb, "p1", body)
    learn(dynamodb, "p2", '{"entry": "s3.drop_file", "phrase": "burn {key} in {bucket}"}')

    with caplog.at_level(logging.WARNING):
        assert intents(Store(dynamodb, "KnowledgeBase"), 1000, "burn a.csv in my-bucket") == ["s3.drop_file"]
    assert "a learned phrase is left aside" in caplog.text


def test_a_table_that_cannot_be_read_again_keeps_what_is_known(dynamodb: Any, caplog: pytest.LogCaptureFixture):
    store = Store(dynamodb, "KnowledgeBase")
    first = store.load(1000)
    dynamodb.delete_table(TableName="KnowledgeBase")

    with caplog.at_level(logging.ERROR):
        assert store.load(1100) is first
    assert "could not be read again" in caplog.text

    dynamodb.calls.clear()
    assert store.load(1120) is first
    assert dynamodb.calls == [], "not asked with every message"


def test_a_change_that_does_not_compile_keeps_what_is_known(dynamodb: Any, caplog: pytest.LogCaptureFixture):
    store = Store(dynamodb, "KnowledgeBase")
    first = store.load(1000)
    broken = {"kind": {"S": "entry"}, "name": {"S": "s3.x"}, "body": {"S": json.dumps({"name": "s3.x"})}}
    dynamodb.put_item(TableName="KnowledgeBase", Item=broken)
    dynamodb.put_item(TableName="KnowledgeBase", Item={**VERSION_KEY, "value": {"S": "broken"}})

    with caplog.at_level(logging.ERROR):
        assert store.load(1100) is first

    dynamodb.delete_item(TableName="KnowledgeBase", Key={name: broken[name] for name in ("kind", "name")})
    assert store.load(1200) is not first, "read again as soon as it compiles"


def test_an_emptied_table_keeps_what_is_known(dynamodb: Any):
    store = Store(dynamodb, "KnowledgeBase")
    first = store.load(1000)
    dynamodb.delete_item(TableName="KnowledgeBase", Key=VERSION_KEY)

    assert store.load(1100) is first


def test_a_cold_worker_with_an_empty_table_says_what_to_do():
    with moto_tables("KnowledgeBase") as client, pytest.raises(RuntimeError, match=r"run python -m seeds\.load"):
        Store(client, "KnowledgeBase").load(1000)


def test_a_cold_worker_without_a_table_fails_and_asks_again_with_the_next_message():
    with moto_tables() as client:
        store = Store(client, "KnowledgeBase")
        for now in (1000, 1001):
            with pytest.raises(client.exceptions.ResourceNotFoundException):
                store.load(now)
