"""The state machines as they are in their files, for tests that are made from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Machine = dict[str, Any]

MACHINES: Mapping[str, Machine] = {
    path.name.removesuffix(".asl.json"): json.loads(path.read_text())
    for path in sorted((Path(__file__).parents[2] / "statemachines").glob("*.asl.json"))
}
"""By the name of the file."""


def tasks(machine: Machine) -> dict[str, dict[str, Any]]:
    return {name: state for name, state in machine["States"].items() if state["Type"] == "Task"}


def posts(state: Mapping[str, Any]) -> bool:
    """Whether it is a Task that tells the thread."""
    return bool(state["Resource"] == "${PostResultsFunction}")
