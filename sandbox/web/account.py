"""What there is in AWS, for the page: read only, through the same APIs as anyone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import Binary, TypeDeserializer
from botocore.exceptions import ClientError

from sandbox.deploy import Deployment
from sandbox.slack.model import Json

OBJECTS = 200
"""Objects that are shown of a bucket."""
REQUESTS = 100
LOG_LINES = 300
FOOTNOTES = ("START RequestId", "END RequestId", "REPORT RequestId", "INIT_START")
"""Lines that Lambda writes about every invocation."""


class Account:
    """One deployed stack and the account around it."""

    def __init__(self, deployment: Deployment) -> None:
        self._aws = deployment.aws
        self._deployment = deployment
        self._machines: dict[str, Json] = {}

    @property
    def panes(self) -> Mapping[str, Callable[[], Any]]:
        """What the page shows live, by name."""
        return {
            "buckets": self.buckets,
            "executions": self.executions,
            "audit": self.audit,
            "queue": self.queue,
            "knowledge": self.knowledge,
        }

    def buckets(self) -> list[Json]:
        """Every bucket with its first objects and the configurations that workflows change."""
        listed = self._aws.client("s3").list_buckets().get("Buckets", ())
        return [self._bucket(bucket["Name"]) for bucket in listed]

    def executions(self) -> list[Json]:
        """The records of all workflow executions, newest first."""
        # Beside them the table has the locks on buckets, which have no status.
        items = [_execution(item) for item in self._scan("WorkflowExecutionsTable") if "status" in item]
        return sorted(items, key=lambda item: float(item.get("created_at") or 0), reverse=True)

    def execution(self, execution_id: str) -> Json:
        """The states of one execution: when each was entered and left, with what, and the state machine's graph."""
        record = next((item for item in self.executions() if item["execution_id"] == execution_id), None)
        if record is None:
            raise LookupError(f"there is no execution {execution_id}")
        arn = self._machine_arn(str(record["workflow"]))
        run = arn.replace(":stateMachine:", ":execution:") + f":{execution_id}"
        try:
            pages = self._aws.client("stepfunctions").get_execution_history(executionArn=run, maxResults=1000)
        except ClientError:  # AWS keeps no history of Express executions; the emulator does
            pages = {"events": []}
        return {"record": record, "machine": self.machine(str(record["workflow"])), "states": _states(pages["events"])}

    def machine(self, workflow: str) -> Json:
        """The definition of a workflow's state machine."""
        if workflow not in self._machines:
            arn = self._machine_arn(workflow)
            described = self._aws.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
            self._machines[workflow] = json.loads(described["definition"])
        return self._machines[workflow]

    def knowledge(self) -> Json:
        """The entries of the knowledge base, and the phrases that it was taught."""
        items = self._scan("KnowledgeBaseTable")
        entries = [json.loads(item["body"]) for item in items if item["kind"] == "entry"]
        return {
            "entries": sorted(entries, key=lambda entry: str(entry["name"])),
            "learned": [_unpacked(item) for item in items if item["kind"] == "phrase"],
        }

    def audit(self) -> list[Json]:
        """The last requests: who asked what, how it was understood, what came of it; newest first."""
        items = sorted(self._scan("AuditTable"), key=lambda item: str(item.get("at", "")), reverse=True)
        return items[:REQUESTS]

    def queue(self) -> Json:
        """How many requests wait, are being worked on, and were given up."""
        return {
            "requests": self._depth("RequestsQueue"),
            "dead": self._depth("RequestsDeadLetterQueue"),
        }

    def logs(self, reference: str) -> list[Json]:
        """The log of one request: of every run of a function that names it, by its reference or by its id.

        Without a reference the last lines of all functions, without those that Lambda writes about each run.
        """
        logs = self._aws.client("logs")
        prefix = f"/aws/lambda/{self._deployment.stack}-"
        # The emulator lists a group twice that two templates made.
        groups = {group["logGroupName"] for group in logs.describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]}
        runs = [run for group in sorted(groups) for run in _runs(group, logs.filter_log_events(logGroupName=group))]
        if reference:
            lines = [line for run in self._of_request(runs, reference) for line in run]
        else:
            lines = [line for run in runs for line in run if not line["text"].startswith(FOOTNOTES)]
        return sorted(lines, key=lambda line: float(line["at"]))[-LOG_LINES:]

    def _of_request(self, runs: list[list[Json]], reference: str) -> list[list[Json]]:
        """The reference is the worker's; what took the request in knew its id alone, which the audit keeps."""
        items = [item for item in self._scan("AuditTable") if item.get("reference") == reference]
        marks = (reference, *(str(item["id"]) for item in items))
        return [run for run in runs if any(mark in line["text"] for line in run for mark in marks)]

    def _bucket(self, name: str) -> Json:
        s3 = self._aws.client("s3")
        region = s3.get_bucket_location(Bucket=name).get("LocationConstraint") or "us-east-1"
        listing = s3.list_objects_v2(Bucket=name, MaxKeys=OBJECTS)
        versioning = s3.get_bucket_versioning(Bucket=name).get("Status", "")
        inventories = s3.list_bucket_inventory_configurations(Bucket=name).get("InventoryConfigurationList", ())
        return {
            "name": name,
            "region": region,
            "versioning": versioning,
            "lifecycle": _lifecycle(s3, name),
            "inventory": [_inventory(configuration) for configuration in inventories],
            "objects": [_object(item) for item in listing.get("Contents", ())],
            "more": bool(listing.get("IsTruncated")),
        }

    def _depth(self, logical_id: str) -> Json:
        url = self._deployment.resources[logical_id]
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self._aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return {"waiting": int(found[names[0]]), "working": int(found[names[1]])}

    def _machine_arn(self, workflow: str) -> str:
        wanted = f":stateMachine:{self._deployment.stack}-{workflow}"
        for arn in self._deployment.resources.values():
            if arn.endswith(wanted):
                return arn
        raise LookupError(f"no state machine of {workflow}")

    def _scan(self, logical_id: str) -> list[Json]:
        pages = (
            self._aws.client("dynamodb")
            .get_paginator("scan")
            .paginate(TableName=self._deployment.resources[logical_id], ConsistentRead=True)
        )
        deserialize = TypeDeserializer().deserialize
        return [
            {name: _plain(deserialize(value)) for name, value in item.items()}
            for page in pages
            for item in page["Items"]
        ]


def _runs(group: str, answer: Json) -> list[list[Json]]:
    """The lines of a log group, one list a run of the function."""
    runs: list[list[Json]] = []
    for event in answer.get("events", ()):
        text = event["message"].rstrip()
        if text.startswith("START RequestId") or not runs:
            runs.append([])
        runs[-1].append({"at": event["timestamp"] / 1000, "group": group.rpartition("/")[2], "text": text})
    return runs


def _lifecycle(s3: Any, bucket: str) -> list[Json]:
    try:
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    except ClientError:  # there is none
        return []
    return [_plain(rule) for rule in rules]


def _inventory(configuration: Json) -> Json:
    to = configuration["Destination"]["S3BucketDestination"]
    return {
        "id": configuration["Id"],
        "frequency": configuration["Schedule"]["Frequency"],
        "format": to["Format"],
        "bucket": to["Bucket"].rpartition(":")[2],
    }


def _object(item: Json) -> Json:
    return {
        "key": item["Key"],
        "size": item["Size"],
        "modified": item["LastModified"].timestamp(),
        "storage": item.get("StorageClass", "STANDARD"),
    }


def _execution(item: Json) -> Json:
    """A record with its steps in order, and what is JSON in it as data."""
    steps = item.get("steps", {})
    ordered = sorted(steps.items(), key=lambda pair: float(pair[1].get("position", 0)))
    return {
        **_unpacked(item),
        "steps": [{"name": name, **step} for name, step in ordered],
    }


def _unpacked(item: Json) -> Json:
    """An item whose texts that hold JSON objects are those objects."""
    return {name: _parsed(value) for name, value in item.items()}


def _parsed(value: Any) -> Any:
    if not (isinstance(value, str) and value.startswith("{")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _states(events: Iterable[Json]) -> list[Json]:
    """Each state that was entered, with its input and, once it was left, its output."""
    states: list[Json] = []
    for event in events:
        at = event["timestamp"].timestamp()
        if entered := event.get("stateEnteredEventDetails"):
            states.append({"name": entered["name"], "entered": at, "input": _parsed(entered.get("input", ""))})
        elif left := event.get("stateExitedEventDetails"):
            state = next((s for s in reversed(states) if s["name"] == left["name"]), None)
            if state is not None:
                state |= {"left": at, "output": _parsed(left.get("output", ""))}
        elif states and event["type"].endswith("Failed") and "taskFailedEventDetails" in event:
            failed = event["taskFailedEventDetails"]
            states[-1]["problem"] = f"{failed.get('error', '')}: {failed.get('cause', '')}"[:2000]
    return states


def _plain(value: Any) -> Any:
    """A value of AWS's as JSON has it."""
    match value:
        case dict():
            return {str(name): _plain(item) for name, item in value.items()}
        case list() | tuple() | set():
            return [_plain(item) for item in value]
        case _:
            return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Binary():
            return "(binary)"
        case datetime():
            return value.timestamp()
        case _:
            return value
