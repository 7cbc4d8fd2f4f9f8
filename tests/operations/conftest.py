"""Ask an operation as ``execute`` does; every answer is held to the rules of Slack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from moto import mock_aws

from bot.aws import Aws, aws_errors
from bot.config import Settings
from bot.models import Block, Entry, Reply, Request
from bot.operations import Call, find
from tests.reply_rules import accepted

ALICE = Request("T0LOCAL#C0OPS#1.1", "command", "T0LOCAL", "C0OPS", "U0ALICE")
SETTINGS = Settings(
    account_id="123456789012",
    region="us-east-1",
    stack_name="s3agent",
    workflow_definitions_table="WorkflowDefinitions",
    workflow_executions_table="WorkflowExecutions",
)


class Asker:
    """Runs operations for alice."""

    def __init__(self, aws: Aws, seconds: float = 60) -> None:
        self.aws = aws
        self.seconds = seconds
        self.entries: dict[str, Entry] = {}
        self.may: Callable[[Entry], bool] = lambda entry: True

    def __call__(self, name: str, *, page: Mapping[str, Any] | None = None, **parameters: Any) -> Reply:
        with aws_errors(parameters):
            reply = find(name)(self._call(page), **parameters)
        accepted(reply)
        return reply

    def preview(self, name: str, **parameters: Any) -> list[Block]:
        look = find(name).preview
        assert look is not None
        with aws_errors(parameters):
            blocks = look(self._call(None), **parameters)
        accepted(Reply(text="x", blocks=tuple(blocks)))
        return blocks

    def _call(self, page: Mapping[str, Any] | None) -> Call:
        def refusal(entry: Entry) -> str:
            return "" if self.may(entry) else f"It needs {entry.access} access."

        return Call(self.aws, ALICE, self.entries, self.may, lambda: self.seconds, page, refusal)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asker]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield Asker(Aws(SETTINGS))


def cells(reply: Reply) -> list[list[str]]:
    """What stands in the table of a reply."""
    [table] = [block for block in reply.blocks if block["type"] == "table"]
    return [[cell["text"] for cell in row] for row in table["rows"]]


def lines(blocks: Any) -> list[str]:
    """What stands in the paragraphs and lists of some blocks, a line each."""
    found = []
    for block in blocks:
        for element in block["elements"] if block["type"] == "rich_text" else ():
            sections = element["elements"] if element["type"] == "rich_text_list" else [element]
            found += ["".join(part.get("text", "") for part in section["elements"]) for section in sections]
    return found
