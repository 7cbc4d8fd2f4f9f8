"""The prompt of the demo says who speaks where, and answers itself what no program listens to."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sandbox.cast import ALICE, new_workspace
from sandbox.terminal import Terminal
from sandbox.transcript import Transcript


@pytest.fixture
def terminal() -> Terminal:
    workspace = new_workspace()
    stage = SimpleNamespace(workspace=workspace, person=lambda _name: SimpleNamespace(user=ALICE))
    return Terminal(stage, Transcript(workspace), "C0OPS")  # type: ignore[arg-type]  # as far as it is looked at


@pytest.mark.parametrize("line", ["/frobnicate now", "!x", "!"])
def test_a_command_of_nobody_is_answered_at_once(
    terminal: Terminal, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal._act(line)

    assert capsys.readouterr().out == "  There is no such command here; type it after /s3agent, or ? for help.\n"


def test_the_prompt_says_who_speaks_where(terminal: Terminal) -> None:
    assert terminal._prompt() == "alice in #ops › "

    terminal._act("in dm")

    assert terminal._prompt() == "alice in a direct message › "
