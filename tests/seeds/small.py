"""A small set of seeds that is right: one operation and one workflow with its state machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from bot.knowledge_base import SEEDS


def make(folder: Path) -> Path:
    """The seeds' folder inside ``folder``, with the state machines beside it."""
    seeds = folder / "seeds"
    (seeds / "operations").mkdir(parents=True)
    (folder / "statemachines").mkdir()
    shutil.copy(SEEDS / "access.json", seeds)
    write(seeds / "words.json", {"lists": {"show": ["show", "list"]}})
    write(seeds / "operations" / "s3.json", [drop()])
    write(seeds / "workflows.json", [sweep()])
    write(folder / "statemachines" / "sweep.asl.json", {"StartAt": "Sweep", "States": {"Sweep": {"Type": "Pass"}}})
    return seeds


def drop(**changes: Any) -> dict[str, Any]:
    return {
        "name": "s3.drop_file",
        "service": "s3",
        "title": "Drop a file",
        "summary": "Drops it.",
        "effect": "destroy",
        "access": "destroy",
        "phrases": ["drop {key} from {bucket}"],
        "examples": [{"text": "drop a.csv from my-bucket", "parameters": {"key": "a.csv", "bucket": "my-bucket"}}],
        "parameters": [
            {"name": "key", "type": "key", "required": True, "question": "Which file?"},
            {"name": "bucket", "type": "bucket", "required": True, "question": "Which bucket?"},
        ],
        "confirm": "Drop {key} from {bucket}.",
        **changes,
    }


def sweep(**changes: Any) -> dict[str, Any]:
    return {
        "name": "sweep",
        "service": "s3",
        "title": "Sweep",
        "summary": "Sweeps.",
        "effect": "write",
        "access": "write",
        "state_machine": "sweep",
        "phrases": ["sweep {bucket}"],
        "examples": [{"text": "sweep my-bucket", "parameters": {"workflow": "sweep", "bucket": "my-bucket"}}],
        "parameters": [{"name": "bucket", "type": "bucket", "required": True, "question": "Which bucket?"}],
        **changes,
    }


def write(path: Path, data: Any) -> None:
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
