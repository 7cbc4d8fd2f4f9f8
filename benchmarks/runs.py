"""What one run of each workflow takes: Lambda invocations, transitions and AWS calls, and the price that follows.

Each runs once, as an ordinary run does, from the record to the post: the real state machine with the real steps under
moto, as in the tests of the workflows. Calls are counted where botocore makes them. What cannot be counted here is
assumed, and printed: how long a function takes, and how much a log analysis scans.
"""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks import list_prices as price
from bot import workflows
from bot.aws import SERVICES
from tests.workflows.stage import RUN, Stage, stage
from workflow_steps.log_analysis import DOLLARS_A_GB

FUNCTION_SECONDS = 0.3
"""Of each invocation: assumed, for a warm function whose few calls AWS answers in some 20 ms each."""
SCANNED_GB = 1.0
"""By the two queries of a log analysis together: assumed."""
INDEXES = 2
"""Of the executions' table, in which a write may change an entry too."""
RUNS = 1000
"""The price is for so many: one run costs less than can be read."""
TEMPLATE = Path(__file__).resolve().parents[1] / "template.yaml"
BUCKET, GROUP = "my-bucket", "/aws/lambda/orders"
_WRITES = ("PutItem", "UpdateItem", "DeleteItem")
_PROGRESS = "ShowProgressFunction"


@dataclass(slots=True)
class Run:
    """What one run took."""

    functions: Counter[str] = field(default_factory=Counter)
    """Invocations by the function's logical id."""
    transitions: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    """AWS calls as ``service.Operation``, those that start the run included."""
    slack: int = 0
    waited: float = 0.0
    """Seconds that the state machine waits between steps."""
    record_kb: int = 0
    """The execution's record at the end."""

    @property
    def seconds(self) -> float:
        """How long it goes on."""
        return self.waited + self.functions.total() * FUNCTION_SECONDS

    @property
    def progress(self) -> int:
        """Invocations of the function that edits the announcement: one a second, while the record changes."""
        return min(math.ceil(self.seconds), sum(self.calls[f"dynamodb.{each}"] for each in _WRITES))


# --- counting --------------------------------------------------------------------------------------------------------


def run(workflow: str) -> Run:
    """One ordinary run of a workflow, counted."""
    prepare, parameters = WORKFLOWS[workflow]
    with stage(workflow) as ready:
        prepare(ready)
        with _counting(ready) as found:
            ready.start(**parameters)
            how = ready.wait()
        if how != "SUCCEEDED":
            raise RuntimeError(f"{workflow} ended as {how}: {ready.record().problem}")
        waits = {name: state["Seconds"] for name, state in ready.machine["States"].items() if state["Type"] == "Wait"}
        entered = list(_entered(ready))
        found.transitions = len(entered)
        found.waited = sum(waits.get(name, 0) for name in entered)
        tasks = ready.machine["States"]
        names = [tasks[name]["Resource"].rsplit(":", 1)[-1] for name in entered if tasks[name]["Type"] == "Task"]
        found.functions.update(names)
        found.slack = len(ready.slack.posts)
        key = {"execution_id": {"S": workflows.execution_id(RUN.id)}}
        item = ready.dynamodb.get_item(TableName="WorkflowExecutions", Key=key)["Item"]
        found.record_kb = math.ceil(len(json.dumps(item, default=str)) / 1024)
    return found


@contextmanager
def _counting(ready: Stage) -> Iterator[Run]:
    """Counts the calls of all clients of the stage, the steps' own among them."""
    found = Run()

    def count(model: Any, **_: Any) -> None:
        if counting and model.name != "DescribeExecution":  # which only waits for the end here
            found.calls[f"{model.service_model.service_name}.{model.name}"] += 1

    counting = True
    for service in SERVICES:
        client: Any = ready.aws.client(service)  # type: ignore[call-overload]
        client.meta.events.register("provide-client-params", count)
    yield found
    counting = False


def _entered(ready: Stage) -> Iterator[str]:
    """The names of the states that the run went through."""
    arn = f"{ready.arn.replace(':stateMachine:', ':execution:')}:{workflows.execution_id(RUN.id)}"
    events = ready.aws.client("stepfunctions").get_execution_history(executionArn=arn, maxResults=1000)["events"]
    for event in events:
        if "stateEnteredEventDetails" in event:
            yield event["stateEnteredEventDetails"]["name"]


# --- what an ordinary run finds --------------------------------------------------------------------------------------


def _bucket(ready: Stage) -> None:
    ready.s3.create_bucket(Bucket=BUCKET)
    for number in range(3):
        ready.s3.put_object(Bucket=BUCKET, Key=f"logs/{number}", Body=b"x")


def _log_group(ready: Stage) -> None:
    """A group with a window before, and queries that run when they are looked at first."""
    ready.aws.client("logs").create_log_group(logGroupName=GROUP)
    month_ago = int((time.time() - 30 * 24 * 3600) * 1000)
    group = {"logGroupName": GROUP, "creationTime": month_ago, "storedBytes": 1000}
    ready.aws_answers("logs", "DescribeLogGroups", {"logGroups": [group]})
    row = [{"field": "@timestamp", "value": "2026-11-22 10:00:00.000"}, {"field": "@message", "value": "ERROR no"}]
    done = {"status": "Complete", "results": [row], "statistics": {"recordsMatched": 1.0, "bytesScanned": 2048.0}}
    running = {"status": "Running", "results": []}
    ready.aws_answers("logs", "GetQueryResults", *[running] * 2, *[done] * 4)


WORKFLOWS: Mapping[str, tuple[Callable[[Stage], None], Mapping[str, str]]] = {
    "inventory_report": (_bucket, {"bucket": BUCKET}),
    "log_analysis": (_log_group, {"log_group": GROUP}),
    "lifecycle_management": (_bucket, {"bucket": BUCKET}),
    "bucket_audit": (_bucket, {"bucket": BUCKET}),
}


# --- the price -------------------------------------------------------------------------------------------------------


def dollars(found: Run, memory: Mapping[str, int]) -> dict[str, float]:
    """What it costs, by service; ``memory`` is the functions' in MB."""
    invocations = found.functions + Counter({_PROGRESS: found.progress})
    gb_seconds = sum(memory[name] / 1024 * FUNCTION_SECONDS * count for name, count in invocations.items())
    # In one chunk of memory: definition and state are some KB.
    express = math.ceil(found.seconds / price.EXPRESS_ROUNDING_SECONDS) * price.EXPRESS_ROUNDING_SECONDS
    costs = {
        "Lambda": invocations.total() * price.LAMBDA_REQUEST + gb_seconds * price.LAMBDA_GB_SECOND,
        "Step Functions": price.EXPRESS_REQUEST + express * price.EXPRESS_CHUNK_GB * price.EXPRESS_GB_SECOND,
    }
    for call, count in found.calls.items():
        service, name = call.split(".")
        costs[service] = costs.get(service, 0.0) + count * _request(service, name, found)
    scans = found.calls["logs.StartQuery"] > 0
    return {**costs, "Logs Insights": SCANNED_GB * DOLLARS_A_GB * scans}


def _request(service: str, name: str, found: Run) -> float:
    """The price of one call; what is not here costs nothing by itself."""
    if service == "dynamodb":
        units = found.record_kb + INDEXES  # as if each write were of the whole record, as it is in the end
        return price.DYNAMODB_WRITE * units if name in _WRITES else price.DYNAMODB_READ * math.ceil(found.record_kb / 4)
    if service == "s3":
        return price.S3_WRITE_OR_LIST if name.startswith(("Put", "List", "Copy")) else price.S3_OTHER
    return {"cloudwatch": price.CLOUDWATCH_REQUEST, "secretsmanager": price.SECRET_REQUEST}.get(service, 0.0)


def memories() -> dict[str, int]:
    """MB of each function in the template."""
    tree = yaml.compose(
        TEMPLATE.read_text(encoding="utf-8")
    )  # a tree, because CloudFormation's tags are not YAML's own
    (resources,) = [value for key, value in tree.value if key.value == "Resources"]
    found = {}
    for name, resource in resources.value:
        (properties,) = [value for key, value in resource.value if key.value == "Properties"] or [None]
        for key, value in properties.value if properties else ():
            if key.value == "MemorySize":
                found[name.value] = int(value.value)
    return found


def main() -> None:
    """Runs each workflow, prints what it took."""
    memory = memories()
    found = {workflow: run(workflow) for workflow in WORKFLOWS}
    print("One ordinary run of each workflow (us-east-1, arm64, list prices of " + price.AS_OF + "):\n")
    print(f"{'workflow':22} {'Lambda':>7} {'transitions':>12} {'AWS calls':>10} {'seconds':>8} {f'{RUNS:,} runs':>12}")
    for workflow, each in found.items():
        amount = sum(dollars(each, memory).values()) * RUNS
        functions = f"{each.functions.total()}+{each.progress}"
        print(
            f"{workflow:22} {functions:>7} {each.transitions:12} {each.calls.total():10}"
            f" {each.seconds:8.1f} {f'${amount:.2f}':>12}"
        )
    print(
        f"\nAssumed: {FUNCTION_SECONDS} s an invocation, {SCANNED_GB:g} GB scanned by a log analysis. Behind the +: the"
        "\ninvocations that show the progress. The message to the bot and what is logged come on top, and where a"
        "\nbucket is listed, a call for each 1,000 files.\n"
    )
    for workflow, each in found.items():
        costs = dollars(each, memory)
        parts = sorted(((amount, name) for name, amount in costs.items() if amount), reverse=True)
        print(f"{workflow}: " + ", ".join(f"{call} {count}" for call, count in sorted(each.calls.items())))
        print(f"  dollars of {RUNS:,} runs: " + ", ".join(f"{name} {amount * RUNS:.4f}" for amount, name in parts))
        standard = each.transitions * price.STANDARD_TRANSITION
        print(f"  Step Functions: as a Standard workflow {standard / costs['Step Functions']:.0f} times as much")


if __name__ == "__main__":
    main()
