"""A stage on which a workflow really runs: its ASL file under moto, our own step functions, a Slack that records.

Moto hands every Task to ``Stage.invoke``, which plays Lambda: it finds the function by the name in the Task's
substitution and turns an exception into Lambda's error document, so that Retry and Catch match by the real names.
"""

from __future__ import annotations

import importlib
import json
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
from moto import mock_aws
from moto.awslambda_simple.models import lambda_simple_backends
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.stepfunctions.parser.utils import TMP_THREADS

import workflow_steps
from bot import config, workflows
from bot.executions import Execution
from bot.models import Entry, Reply, Request, Value
from tests.reply_rules import message_problems
from tests.tables import create
from tests.workflows import mended_moto
from workflow_steps import post_results

ROOT = Path(__file__).parents[2]
ACCOUNT = "123456789012"
REGION = "us-east-1"
STACK = "s3agent"
ENVIRONMENT = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "ACCOUNT_ID": ACCOUNT,
    "STACK_NAME": STACK,
    "WORKFLOW_DEFINITIONS_TABLE": "WorkflowDefinitions",
    "WORKFLOW_EXECUTIONS_TABLE": "WorkflowExecutions",
}
RUN = Request(
    id="T0LOCAL#C0OPS#1700000000.000100",
    kind="mention",
    team="T0LOCAL",
    channel="C0OPS",
    user="U0ALICE",
    text="run lifecycle management workflow for my-bucket",
    ts="1700000000.000100",
)
THREAD = RUN.ts
ANNOUNCEMENT = "1700000001.000200"
WAIT_SECONDS = 20
"""How long an execution may take here before a test gives it up."""


class RecordingSlack:
    """Slack's Web API on loopback: keeps what is posted, answers what the test has laid ready, else ``ok``."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.answers: deque[tuple[int, dict[str, Any]]] = deque()
        """Status and body of the next answers."""
        self.attempts = 0
        self.problems: list[str] = []
        """Rules of Slack's that a post broke."""
        self.pictures: list[tuple[dict[str, Any], bytes]] = []
        """Files that were put into a channel: where, and the bytes."""
        self.file_answers: deque[tuple[int, dict[str, Any]]] = deque()
        """Status and body of the next answers to what is done with files."""
        self._files: dict[str, bytes] = {}
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                if "/files." in self.path or "/upload/" in self.path:
                    status, answer = recorder.take_file(self.path, content, is_json=self._is_json())
                else:
                    body = content.decode()
                    sent = json.loads(body) if self._is_json() else {n: one[0] for n, one in parse_qs(body).items()}
                    status, answer = recorder.take(sent)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Retry-After", "0")  # nobody shall sit through it
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            def _is_json(self) -> bool:
                return bool(self.headers["Content-Type"].startswith("application/json"))

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/api/"

    def take(self, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.attempts += 1
        status, answer = self.answers.popleft() if self.answers else (200, {"ok": True, "ts": f"{self.attempts}.0001"})
        self.problems += message_problems(sent["text"], json.loads(_text(sent["blocks"])))
        if answer.get("ok"):
            self.posts.append(sent)
        return status, answer

    def take_file(self, path: str, content: bytes, *, is_json: bool) -> tuple[int, dict[str, Any]]:
        """One of the three steps in which a file comes into a channel."""
        if self.file_answers:
            return self.file_answers.popleft()
        if "/upload/" in path:
            self._files[path.rsplit("/", 1)[1]] = content
            return 200, {}
        if path.endswith("files.getUploadURLExternal"):
            asked = parse_qs(content.decode())
            if is_json or int(asked["length"][0]) <= 0:
                return 200, {"ok": False, "error": "invalid_arguments"}
            name = f"F{len(self._files)}"
            self._files[name] = b""
            return 200, {"ok": True, "upload_url": self.url.replace("/api/", f"/upload/{name}"), "file_id": name}
        shared = json.loads(content)
        self.pictures += [(shared, self._files[file["id"]]) for file in shared["files"]]
        return 200, {"ok": True, "files": shared["files"]}

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.server.shutdown()
            self.server.server_close()
            thread.join()

    def clear(self) -> None:
        """Forget what was posted, and the answers that were laid ready."""
        for kept in (self.posts, self.pictures, self.answers, self.file_answers):
            kept.clear()
        self.attempts = 0

    @property
    def texts(self) -> list[str]:
        """What the thread saw, as a screen reader would say it."""
        return [post["text"] for post in self.posts]

    def shown(self, index: int = -1) -> str:
        """All the words of a post, with those of its blocks."""
        return " ".join(words(json.loads(_text(self.posts[index]["blocks"]))))


def _text(blocks: Any) -> str:
    return blocks if isinstance(blocks, str) else json.dumps(blocks)


def words(blocks: Any) -> Iterator[str]:
    """The texts in blocks, in order."""
    if isinstance(blocks, Mapping):
        if isinstance(blocks.get("text"), str):
            yield blocks["text"]
        for value in blocks.values():
            yield from words(value)
    elif isinstance(blocks, list):
        for each in blocks:
            yield from words(each)


Step = Callable[[dict[str, Any], Any], dict[str, Any]]


class Stage:
    """One workflow, its entry and its state machine, in an empty AWS account of moto's."""

    def __init__(self, workflow: str, slack: RecordingSlack) -> None:
        self.slack = slack
        self.entry = entry(workflow)
        self.machine = json.loads((ROOT / f"statemachines/{self.entry.state_machine}.asl.json").read_text())
        self.request = RUN
        """The request whose execution ``start`` starts, and the others look at."""
        self.calls: Counter[str] = Counter()
        """How often each step function was called."""
        self.attempts: Counter[str] = Counter()
        """The same by the names of the states."""
        self.function_errors: Counter[str] = Counter()
        """What Lambda's metric Errors counts, by the functions' logical ids."""
        self.bodies: list[dict[str, Any]] = []
        """What the step functions were given, in order."""
        self.before: dict[str, deque[Callable[[], None]]] = {}
        """Step function or state to what happens just before its next calls: an error raised here is the step's."""
        self.s3 = boto3.client("s3", region_name=REGION)
        self.aws = workflow_steps.own_aws()
        self.dynamodb = self.aws.client("dynamodb")
        self._states = self.aws.client("stepfunctions")
        self._functions: dict[str, Step] = {}
        for table in ("WorkflowDefinitions", "WorkflowExecutions"):
            create(self.dynamodb, table)
        self.define()
        lambda_simple_backends[ACCOUNT][REGION].invoke = self._invoke  # moto's stand-in answers everything with "ok"
        self._create_machine()

    def define(self) -> None:
        item = workflows.definition_item(self.entry, self.machine)
        self.dynamodb.put_item(TableName="WorkflowDefinitions", Item=item)

    def fresh(self, request: Request) -> None:
        """Take the stage for another request, when what was played on it before is over."""
        self.dynamodb.delete_item(TableName="WorkflowExecutions", Key={"execution_id": {"S": self.execution_id}})
        self.request = request
        for kept in (self.calls, self.attempts, self.function_errors, self.bodies, self.before, self.slack):
            kept.clear()

    def start(
        self, request: Request | None = None, now: float | None = None, basis: str = "", **parameters: Value
    ) -> Execution:
        """As ``execute`` starts it: defaults filled in, announced in the thread of the request."""

        def announce(reply: Reply) -> workflows.Posted:
            self.slack.posts.append({"text": reply.text, "blocks": list(reply.blocks)})
            return workflows.Posted(THREAD, ANNOUNCEMENT)

        return workflows.start(
            self.entry,
            self.entry.with_defaults(parameters),
            request or self.request,
            aws=self.aws,
            announce=announce,
            now=time.time() if now is None else now,
            basis=basis,
        )

    def run(self, now: float | None = None, basis: str = "", **parameters: Value) -> Execution:
        """Start it and wait until Step Functions has ended it; its record then."""
        self.start(now=now, basis=basis, **parameters)
        self.wait()
        return self.record()

    def wait(self, name: str | None = None) -> str:
        """Wait for the execution of that name, by default the one that ``start`` started; how it ended."""
        arn = self.arn.replace(":stateMachine:", ":execution:") + ":" + (name or self.execution_id)
        executions = stepfunctions_parser_backends[ACCOUNT][
            REGION
        ]  # asked directly: an API call costs as much as a step
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            status = str(executions.describe_execution(arn).status)
            if status != "RUNNING":
                return status
            time.sleep(0.005)
        raise TimeoutError(f"{self.entry.name} still runs")

    def again(self, execution: Execution) -> str:
        """Let Step Functions run the execution a second time, as it may with an Express workflow; how that ended."""
        name = f"twin-of-{execution.id}"
        self._states.start_execution(stateMachineArn=self.arn, name=name, input=json.dumps(execution.given))
        return self.wait(name)

    @property
    def execution_id(self) -> str:
        return workflows.execution_id(self.request.id)

    def record(self) -> Execution:
        return workflows.status(self.aws, self.execution_id, time.time())

    def happens_before(self, step: str, *events: Callable[[], None]) -> None:
        """What happens just before the next calls of a step function, or in a state, one event a call."""
        self.before.setdefault(step, deque()).extend(events)

    def aws_answers(self, service: str, operation: str, *answers: tuple[int, str] | dict[str, Any] | None) -> None:
        """What AWS answers to the steps' next calls of an operation: an error's status and code, or a good answer.

        None lets one call through to moto.
        """
        waiting = deque(answers)

        def answer(**_: Any) -> Any:
            found = waiting.popleft() if waiting else None
            if found is None:
                return None
            if isinstance(found, dict):
                return SimpleNamespace(status_code=200), {**found, "ResponseMetadata": {"HTTPStatusCode": 200}}
            status, code = found
            parsed = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
            return SimpleNamespace(status_code=status), parsed

        client = self.aws.client(service)  # type: ignore[call-overload]
        client.meta.events.register(f"before-call.{service}.{operation}", answer)

    @property
    def arn(self) -> str:
        return f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{STACK}-{self.entry.state_machine}"

    def _create_machine(self) -> None:
        for state in self.machine["States"].values():
            if state["Type"] == "Task":
                name = state["Resource"].strip("${}")
                self._functions[name] = handler(name, self.entry.name)
                state["Resource"] = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        self._states.create_state_machine(
            name=self.arn.rsplit(":", 1)[-1],
            definition=json.dumps(without_waits(self.machine)),
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/state-machine",
            type="EXPRESS",
        )

    def _invoke(self, function_name: str, _qualifier: Any, body: Any, _headers: Any, response_headers: Any) -> bytes:
        logical_id = function_name.rsplit(":", 1)[-1]
        function, event = self._functions[logical_id], json.loads(body)
        self.calls[function.__name__] += 1
        self.attempts[event["state"]] += 1
        self.bodies.append(event)
        try:
            for step in (function.__name__, event["state"]):
                if self.before.get(step):
                    self.before[step].popleft()()
            result: Any = function(event, SimpleNamespace(aws_request_id="5f3a9c01"))
        except FailureEventException:
            raise  # Step Functions' own
        except Exception as error:  # noqa: BLE001 - Lambda turns whatever is raised into a document
            self.function_errors[logical_id] += 1
            response_headers["x-amz-function-error"] = "Unhandled"
            result = {"errorMessage": str(error), "errorType": type(error).__name__}
        return json.dumps(result).encode()


def handler(logical_id: str, workflow: str) -> Step:
    """The function that template.yaml gives a logical id: the names are made from each other."""
    if logical_id == "PostResultsFunction":
        return importlib.import_module("workflow_steps.post_results").post_results
    camel = logical_id.removesuffix("Function").removeprefix(workflow.title().replace("_", ""))
    function = re.sub(r"(?<!^)(?=[A-Z])", "_", camel).lower()
    return getattr(importlib.import_module(f"workflow_steps.{workflow}"), function)


def without_waits(machine: Mapping[str, Any]) -> dict[str, Any]:
    """The same machine, its Wait states taking no time."""
    copy: dict[str, Any] = json.loads(json.dumps(machine))
    for state in copy["States"].values():
        if state["Type"] == "Wait":
            state["Seconds"] = 0
    return copy


def fault(name: str) -> Callable[[], None]:
    """Something that goes wrong around a step, under the name that Lambda and Step Functions give it."""

    def happen() -> None:
        raise mended_moto.failure(name) if name.startswith("States.") else type(name, (Exception,), {})

    return happen


def entry(workflow: str) -> Entry:
    found = json.loads((ROOT / "seeds/workflows.json").read_text())
    return next(Entry.from_dict(each) for each in found if each["name"] == workflow)


@contextmanager
def stage(workflow: str) -> Iterator[Stage]:
    """A stage, empty: for one test, or for some that each play with things of their own."""
    slack = RecordingSlack()
    moto = mock_aws(config={"lambda": {"use_docker": False}, "stepfunctions": {"execute_state_machine": True}})
    with slack.running(), moto, pytest.MonkeyPatch.context() as environment:
        secret = json.dumps({"bot_token": "xoxb-test", "signing_secret": "test"})
        for name, value in {**ENVIRONMENT, "SLACK_API_URL": slack.url}.items():
            environment.setenv(name, value)
        environment.setenv(
            "SECRET_ARN", boto3.client("secretsmanager").create_secret(Name="slack", SecretString=secret)["ARN"]
        )
        _forget()
        try:
            yield Stage(workflow, slack)
            assert not slack.problems, slack.problems
        finally:
            for execution in TMP_THREADS:  # one that nobody waited for would go on in the next test's AWS
                execution.join(WAIT_SECONDS)
            _forget()


def _forget() -> None:
    """A Lambda keeps its settings and clients; here every stage is a new one. Moto's list of threads holds the rest."""
    config.settings.cache_clear()
    workflow_steps.own_aws.cache_clear()
    post_results.slack.cache_clear()
    TMP_THREADS.clear()
