"""Writes the seeds to the tables: run by the stack itself at deploy (``handler``), and by hand.

    python -m seeds.load --check                 look at the files only; needs no AWS
    python -m seeds.load --stack s3agent         check, then write to the tables of a stack
    python -m seeds.load --knowledge-base-table NAME --workflow-definitions-table NAME

Safe to repeat: only what differs is written, what is gone from the seeds is removed, and phrases that people taught
are never touched. The version item is written last, so that warm workers read again only when something changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import secrets
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

from bot.aws import Aws
from bot.config import settings
from bot.knowledge_base import SEEDS, VERSION_KEY, Seeds, read_seeds
from bot.workflows import definition_item
from seeds.check import check, machines_folder

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SEEDED_KINDS = ("access", "entry", "words")
"""What the seeds own in the table; ``phrase`` items belong to the people who taught them."""
DIGEST_KEY: Mapping[str, Any] = {"kind": {"S": "version"}, "name": {"S": "seeds"}}
ANSWER_TIMEOUT = 5.0
ANSWER_TRIES = 3
ANSWER_RESERVE = 8.0
"""Seconds before the function's end at which CloudFormation is told that it failed."""
REASON_LIMIT = 1000

log = logging.getLogger(__name__)

Item = dict[str, Any]


class BrokenSeeds(Exception):
    """The seeds are wrong; the message has one line a problem."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was done."""

    written: int
    removed: int

    def __str__(self) -> str:
        return f"{self.written} items written, {self.removed} removed"


def load(client: DynamoDBClient, knowledge_base: str, definitions: str, folder: Path = SEEDS) -> Loaded:
    """Check the seeds, then make both tables hold what they say. Raises BrokenSeeds before anything is written."""
    problems = check(folder)
    if problems:
        raise BrokenSeeds("\n".join(problems))
    seeds = read_seeds(folder)
    known = write_knowledge(client, knowledge_base, seeds)
    defined = _replace(client, definitions, _definitions(seeds, folder), _all_items(client, definitions), ("name",))
    return Loaded(known.written + defined.written, known.removed + defined.removed)


def write_knowledge(client: DynamoDBClient, table: str, seeds: Seeds) -> Loaded:
    """Make the KnowledgeBase table hold these seeds, unchecked; learned phrases stay as they are."""
    wanted = list(_knowledge(seeds))
    there = [item for kind in SEEDED_KINDS for item in _items_of_kind(client, table, kind)]
    done = _replace(client, table, wanted, there, ("kind", "name"))
    digest = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()
    before = client.get_item(TableName=table, Key=DIGEST_KEY, ConsistentRead=True).get("Item", {})
    # The digest also differs after a run that ended between its items and its version.
    if done != Loaded(0, 0) or before.get("value") != {"S": digest}:
        client.put_item(TableName=table, Item={**VERSION_KEY, "value": {"S": secrets.token_hex(8)}})
        client.put_item(TableName=table, Item={**DIGEST_KEY, "value": {"S": digest}})
    return done


def _knowledge(seeds: Seeds) -> Iterator[Item]:
    for position, entry in enumerate(seeds.entries):
        yield {**_item("entry", entry.name, entry.to_dict()), "position": {"N": str(position)}}
    yield _item("words", "words", seeds.words)
    yield _item("access", "access", seeds.access.to_dict())


def _item(kind: str, name: str, body: Mapping[str, Any]) -> Item:
    return {"kind": {"S": kind}, "name": {"S": name}, "body": {"S": json.dumps(body, ensure_ascii=False)}}


def _definitions(seeds: Seeds, folder: Path) -> list[Item]:
    """Of the workflows whose state machine is there; the others are known, and not available."""
    found = []
    for entry in seeds.entries:
        path = machines_folder(folder) / f"{entry.state_machine}.asl.json"
        if entry.is_workflow and path.exists():
            found.append(definition_item(entry, json.loads(path.read_text(encoding="utf-8"))))
    return found


def _replace(
    client: DynamoDBClient, table: str, wanted: Sequence[Item], there: Sequence[Item], key: tuple[str, ...]
) -> Loaded:
    def key_of(item: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(item[name]["S"] for name in key)

    present = {key_of(item): item for item in there}
    missing = [item for item in wanted if present.get(key_of(item)) != item]
    gone = present.keys() - {key_of(item) for item in wanted}
    for item in missing:
        client.put_item(TableName=table, Item=item)
    for name in gone:
        client.delete_item(TableName=table, Key={part: {"S": value} for part, value in zip(key, name, strict=True)})
    return Loaded(len(missing), len(gone))


def _items_of_kind(client: DynamoDBClient, table: str, kind: str) -> Iterator[Item]:
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": kind}},
        ConsistentRead=True,
    )
    for page in pages:
        yield from page["Items"]


def _all_items(client: DynamoDBClient, table: str) -> list[Item]:
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [item for page in pages for item in page["Items"]]


# --- as a custom resource of CloudFormation ---------------------------------------------------------------------


class Context(Protocol):
    """What Lambda says of an invocation."""

    def get_remaining_time_in_millis(self) -> int:
        """Until the function is ended."""
        ...


def handler(event: Mapping[str, Any], context: Context) -> None:
    """Seeds the tables on Create and Update, does nothing on Delete, and always answers CloudFormation, once."""
    answer = _Answer(event)
    watch = threading.Timer(
        max(context.get_remaining_time_in_millis() / 1000 - ANSWER_RESERVE, 0.0),
        answer.send,
        ("FAILED", "The time of the function was nearly over before the seeds were written."),
    )
    watch.daemon = True
    watch.start()
    try:
        status, reason = _seeded(event)
    finally:
        watch.cancel()
    answer.send(status, reason)


def _seeded(event: Mapping[str, Any]) -> tuple[str, str]:
    if event.get("RequestType") == "Delete":
        return "SUCCESS", "The tables go with the stack, or stay as they are."
    try:
        properties = event["ResourceProperties"]
        client = Aws(settings()).client("dynamodb")
        done = load(client, properties["KnowledgeBaseTable"], properties["WorkflowDefinitionsTable"])
    except BrokenSeeds as error:
        log.error("the seeds are broken:\n%s", error)  # noqa: TRY400 - the problems say it all
        return "FAILED", f"The seeds are broken: {error}"
    except Exception as error:
        log.exception("the seeds could not be written")
        return "FAILED", f"{type(error).__name__}: {error}"
    log.info("seeds: %s", done)
    return "SUCCESS", str(done)


class _Answer:
    """What CloudFormation waits for. Its address is signed, so it stands in no log."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self._url = event["ResponseURL"]
        self._fixed = {
            # A resource that changes its id is deleted under the old one.
            "PhysicalResourceId": event.get("PhysicalResourceId") or "s3agent-seeds",
            **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
        }
        self._sent = False
        self._lock = threading.Lock()

    def send(self, status: str, reason: str) -> None:
        """Answer, unless that was done. Raises OSError when it cannot be delivered: Lambda then tries again."""
        with self._lock:
            if self._sent:
                return
            _put(self._url, {**self._fixed, "Status": status, "Reason": reason[:REASON_LIMIT]})
            self._sent = True


def _put(url: str, body: Mapping[str, Any]) -> None:
    # S310: the address comes from CloudFormation. An empty content type is part of what it signed.
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": ""}, method="PUT")  # noqa: S310
    for left in reversed(range(ANSWER_TRIES)):
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_TIMEOUT):  # noqa: S310
                return
        except OSError as error:
            log.warning("CloudFormation did not take the answer (%s)", type(error).__name__)
            if not left:
                raise OSError("CloudFormation did not take the answer") from None


# --- by hand ----------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns its exit status."""
    options = _options(arguments)
    try:
        if options.check:
            done = _checked()
        else:
            knowledge_base, definitions = _tables(options)
            done = str(load(Aws(settings()).client("dynamodb"), knowledge_base, definitions))
    except (BrokenSeeds, RuntimeError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{done}\n")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m seeds.load", description="Check the seeds and write them.")
    parser.add_argument("--check", action="store_true", help="look at the files only")
    parser.add_argument("--stack", help="the stack whose tables to write to")
    parser.add_argument("--knowledge-base-table", default="", metavar="NAME")
    parser.add_argument("--workflow-definitions-table", default="", metavar="NAME")
    return parser.parse_args(arguments)


def _checked() -> str:
    problems = check()
    if problems:
        raise BrokenSeeds("\n".join(problems))
    return f"{len(read_seeds().entries)} entries, no problem"


def _tables(options: argparse.Namespace) -> tuple[str, str]:
    """From the stack, the options or the environment, in this order."""
    if options.stack:
        # Made here and not by bot.aws, whose services are shipped to Lambda: only this command asks CloudFormation.
        return tables_of(options.stack, botocore.session.Session().create_client("cloudformation"))
    given = settings()
    return (
        options.knowledge_base_table or given.need("knowledge_base_table"),
        options.workflow_definitions_table or given.need("workflow_definitions_table"),
    )


def tables_of(stack: str, cloudformation: Any) -> tuple[str, str]:
    """The names of a stack's KnowledgeBase and WorkflowDefinitions tables."""
    found = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    names = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}
    try:
        return names["KnowledgeBaseTable"], names["WorkflowDefinitionsTable"]
    except KeyError as error:
        raise RuntimeError(f"the stack {stack} has no {error.args[0]}") from None


if __name__ == "__main__":
    sys.exit(main())
