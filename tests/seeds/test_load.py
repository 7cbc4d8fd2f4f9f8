"""The seeds in the tables: written once, repeated safely, and CloudFormation always gets its answer."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from bot.config import settings
from bot.knowledge_base import SEEDS, VERSION_KEY, Store, read_seeds
from seeds.load import BrokenSeeds, Loaded, handler, load, main, tables_of
from tests.seeds.small import make, write
from tests.tables import REGION, moto_tables

LEARNED = {
    "kind": {"S": "phrase"},
    "name": {"S": "p1"},
    "body": {"S": '{"entry": "s3.list_files", "phrase": "peek {bucket}"}'},
}
ENTRIES = len(read_seeds().entries)


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    with moto_tables("KnowledgeBase", "WorkflowDefinitions") as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Small seeds: the operation s3.drop_file and the workflow sweep."""
    return make(tmp_path)


def items(client: Any, table: str = "KnowledgeBase") -> dict[tuple[str, ...], Any]:
    found = client.scan(TableName=table)["Items"]
    return {tuple(item[key]["S"] for key in ("kind", "name") if key in item): item for item in found}


def version(client: Any) -> str:
    return client.get_item(TableName="KnowledgeBase", Key=VERSION_KEY)["Item"]["value"]["S"]


def seed(client: Any, folder: Path = SEEDS) -> Loaded:
    return load(client, "KnowledgeBase", "WorkflowDefinitions", folder)


def remove_operation(folder: Path) -> None:
    write(folder / "operations" / "s3.json", [])


def test_the_seeds_come_back_from_the_table_as_they_are_in_the_files(dynamodb: Any):
    seed(dynamodb)

    known = Store(dynamodb, "KnowledgeBase").load(0)

    seeds = read_seeds()
    assert list(known.entries.values()) == list(seeds.entries), "in the same order"
    assert known.access == seeds.access
    assert known.words == seeds.words


def test_a_second_run_writes_nothing_and_keeps_the_version(dynamodb: Any, folder: Path):
    """Two entries, the words, the access rules and one definition are written by the first."""
    assert seed(dynamodb, folder) == Loaded(5, 0)
    before = items(dynamodb)

    assert seed(dynamodb, folder) == Loaded(0, 0)
    assert items(dynamodb) == before


def test_what_is_gone_from_the_seeds_is_removed_and_the_version_moves(dynamodb: Any, folder: Path):
    seed(dynamodb, folder)
    before = version(dynamodb)
    remove_operation(folder)

    done = seed(dynamodb, folder)

    assert done.removed == 1
    assert ("entry", "s3.drop_file") not in items(dynamodb)
    assert version(dynamodb) != before


def test_a_change_is_written_and_the_version_moves(dynamodb: Any, folder: Path):
    seed(dynamodb, folder)
    before = version(dynamodb)
    access = json.loads((folder / "access.json").read_text())
    access["groups"][1]["members"] = ["U0BOB"]
    (folder / "access.json").write_text(json.dumps(access))

    assert seed(dynamodb, folder) == Loaded(1, 0)
    assert version(dynamodb) != before


def test_learned_phrases_are_never_touched(dynamodb: Any, folder: Path):
    seed(dynamodb, folder)
    dynamodb.put_item(TableName="KnowledgeBase", Item=LEARNED)
    remove_operation(folder)
    seed(dynamodb, folder)

    assert items(dynamodb)["phrase", "p1"] == LEARNED


def test_a_run_that_ended_before_the_version_is_made_good_by_the_next(dynamodb: Any, folder: Path):
    seed(dynamodb, folder)
    for name in ("knowledge_base", "seeds"):
        dynamodb.delete_item(TableName="KnowledgeBase", Key={"kind": {"S": "version"}, "name": {"S": name}})

    assert seed(dynamodb, folder) == Loaded(0, 0)
    assert version(dynamodb)


def test_only_workflows_with_a_state_machine_are_defined(dynamodb: Any, folder: Path):
    seed(dynamodb, folder)
    (definition,) = dynamodb.scan(TableName="WorkflowDefinitions")["Items"]
    assert definition["name"] == {"S": "sweep"}

    (folder.parent / "statemachines" / "sweep.asl.json").unlink()

    assert seed(dynamodb, folder) == Loaded(0, 1)
    assert dynamodb.scan(TableName="WorkflowDefinitions")["Items"] == []


def test_broken_seeds_write_nothing(dynamodb: Any, folder: Path):
    remove_operation(folder)
    (folder / "workflows.json").write_text("[")

    with pytest.raises(BrokenSeeds, match=r"seeds/workflows\.json: it is not JSON"):
        seed(dynamodb, folder)
    assert items(dynamodb) == {}


# --- CloudFormation ---------------------------------------------------------------------------------------------


class CloudFormation:
    """Takes the answers; refuses the first ones when told to."""

    def __init__(self, refuse: int = 0) -> None:
        self.answers: list[dict[str, Any]] = []
        self.content_types: list[str | None] = []
        self.asked = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked += 1
                refused = outer.asked <= refuse
                if not refused:
                    outer.answers.append(body)
                    outer.content_types.append(self.headers["Content-Type"])
                self.send_response(503 if refused else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_request(self, code: object = "-", size: object = "-") -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/answer?X-Amz-Signature=s3cr3t"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def cloudformation() -> Iterator[CloudFormation]:
    server = CloudFormation()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def region(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_REGION", REGION)
    settings.cache_clear()
    yield
    settings.cache_clear()


class Context:
    def __init__(self, seconds: float = 60) -> None:
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return int((self._end - time.monotonic()) * 1000)


def event(server: CloudFormation, kind: str = "Create", **more: Any) -> dict[str, Any]:
    return {
        "RequestType": kind,
        "ResponseURL": server.url,
        "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/s3agent/1",
        "RequestId": "request-1",
        "LogicalResourceId": "Seeds",
        "ResourceProperties": {
            "KnowledgeBaseTable": "KnowledgeBase",
            "WorkflowDefinitionsTable": "WorkflowDefinitions",
        },
        **more,
    }


def test_create_seeds_the_tables_and_answers(dynamodb: Any, cloudformation: CloudFormation):
    handler(event(cloudformation), Context())

    (answer,) = cloudformation.answers
    assert answer["Status"] == "SUCCESS"
    assert answer["PhysicalResourceId"] == "s3agent-seeds"
    assert answer["StackId"].endswith("stack/s3agent/1")
    assert (answer["RequestId"], answer["LogicalResourceId"]) == ("request-1", "Seeds")
    assert cloudformation.content_types == [""]
    assert ("entry", "s3.list_files") in items(dynamodb)


def test_update_keeps_the_id_whatever_it_was(dynamodb: Any, cloudformation: CloudFormation):
    handler(event(cloudformation, "Update", PhysicalResourceId="of-an-older-release"), Context())

    assert [(a["Status"], a["PhysicalResourceId"]) for a in cloudformation.answers] == [
        ("SUCCESS", "of-an-older-release")
    ]


def test_delete_leaves_the_tables_alone_and_answers(dynamodb: Any, cloudformation: CloudFormation):
    seed(dynamodb)
    before = items(dynamodb)

    handler(event(cloudformation, "Delete", PhysicalResourceId="s3agent-seeds"), Context())

    assert cloudformation.answers[0]["Status"] == "SUCCESS"
    assert items(dynamodb) == before


def test_delete_answers_although_the_tables_are_gone_already(cloudformation: CloudFormation):
    with moto_tables():
        handler(event(cloudformation, "Delete", ResourceProperties={}), Context())

    assert cloudformation.answers[0]["Status"] == "SUCCESS"


def test_a_failure_is_answered_with_its_reason(cloudformation: CloudFormation, caplog: pytest.LogCaptureFixture):
    with moto_tables(), caplog.at_level(logging.DEBUG, "seeds.load"):
        handler(event(cloudformation), Context())

    (answer,) = cloudformation.answers
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("ResourceNotFoundException: ")
    assert "s3cr3t" not in caplog.text


def test_properties_that_are_not_there_are_answered_too(dynamodb: Any, cloudformation: CloudFormation):
    handler(event(cloudformation, ResourceProperties={}), Context())

    assert [(a["Status"], a["Reason"]) for a in cloudformation.answers] == [
        ("FAILED", "KeyError: 'KnowledgeBaseTable'")
    ]


def test_when_time_is_nearly_out_the_answer_comes_before_the_end(dynamodb: Any, cloudformation: CloudFormation):
    """With no time left the watch fires at once, and the end of the work does not answer a second time."""
    handler(event(cloudformation), Context(seconds=0))

    (answer,) = cloudformation.answers
    assert answer["Status"] == "FAILED"
    assert "nearly over" in answer["Reason"]


def test_an_answer_that_is_refused_is_sent_again(dynamodb: Any):
    server = CloudFormation(refuse=2)
    handler(event(server), Context())
    server.close()

    assert [answer["Status"] for answer in server.answers] == ["SUCCESS"]


def test_an_answer_that_nobody_takes_fails_the_function_without_its_address_in_the_log(
    dynamodb: Any, caplog: pytest.LogCaptureFixture
):
    server = CloudFormation(refuse=3)
    with pytest.raises(OSError, match=r"^CloudFormation did not take the answer$"), caplog.at_level(logging.DEBUG):
        handler(event(server), Context())
    server.close()

    assert "s3cr3t" not in caplog.text


# --- by hand ----------------------------------------------------------------------------------------------------


def test_check_needs_no_aws(capsys: pytest.CaptureFixture[str]):
    assert main(["--check"]) == 0
    assert capsys.readouterr().out == f"{ENTRIES} entries, no problem\n"


def test_tables_can_be_named(dynamodb: Any, capsys: pytest.CaptureFixture[str]):
    options = ["--knowledge-base-table", "KnowledgeBase", "--workflow-definitions-table", "WorkflowDefinitions"]

    assert main(options) == 0
    assert main(options) == 0
    assert capsys.readouterr().out.splitlines()[1] == "0 items written, 0 removed"
    assert ("entry", "s3.list_files") in items(dynamodb)


def test_without_a_table_the_command_says_what_is_missing(capsys: pytest.CaptureFixture[str]):
    assert main([]) == 1
    assert capsys.readouterr().err == "the environment variable KNOWLEDGE_BASE_TABLE is not set\n"


def test_a_table_that_is_not_there_is_a_sentence(capsys: pytest.CaptureFixture[str]):
    with moto_tables():
        assert main(["--knowledge-base-table", "No", "--workflow-definitions-table", "No"]) == 1

    assert "ResourceNotFoundException" in capsys.readouterr().err


def stack_with(*tables: str) -> Any:
    """A client of CloudFormation whose next answer is a stack with these tables."""
    client = boto3.client("cloudformation", REGION, aws_access_key_id="testing", aws_secret_access_key="testing")
    stubber = Stubber(client)
    resources = [
        {
            "LogicalResourceId": name,
            "PhysicalResourceId": f"s3agent-{name}",
            "ResourceType": "AWS::DynamoDB::Table",
            "Timestamp": "2026-11-22T12:00:00Z",
            "ResourceStatus": "CREATE_COMPLETE",
        }
        for name in tables
    ]
    stubber.add_response("describe_stack_resources", {"StackResources": resources}, {"StackName": "s3agent"})
    stubber.activate()
    return client


def test_the_tables_of_a_stack_are_found():
    stack = stack_with("AuditTable", "KnowledgeBaseTable", "WorkflowDefinitionsTable")

    assert tables_of("s3agent", stack) == ("s3agent-KnowledgeBaseTable", "s3agent-WorkflowDefinitionsTable")


def test_a_stack_without_the_tables_is_no_stack_of_ours():
    with pytest.raises(RuntimeError, match="the stack s3agent has no KnowledgeBaseTable"):
        tables_of("s3agent", stack_with("AuditTable"))
