"""What Slack refuses in a message or a modal: limits of a part are in the schema, those of the whole in here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

MESSAGE_BLOCKS = 50
MARKDOWN_CHARACTERS = 12_000
"""Of all markdown blocks of a message together."""
TABLE_CHARACTERS = 10_000
"""Of all cells of a message together."""


def problems_of_message(blocks: Any) -> list[str]:
    """Why Slack would refuse these blocks of a message; empty when it takes them."""
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    if len(blocks) > MESSAGE_BLOCKS:
        return [f"no more than {MESSAGE_BLOCKS} items allowed [json-pointer:/blocks]"]
    found = [problem for index, block in enumerate(blocks) for problem in _problems("block", block, f"/blocks/{index}")]
    return found or [*_repeated(blocks), *_totals(blocks), *_ragged(blocks)]


def problems_of_view(view: Any, kind: str = "modal") -> list[str]:
    """Why Slack would refuse this modal, or this Home tab (``home``)."""
    found = _problems("view" if kind == "modal" else "home", view, "/view")
    return found or [*_repeated(view["blocks"]), *_submit(view)]


def _problems(definition: str, value: Any, where: str) -> list[str]:
    error = best_match(_validator(definition).iter_errors(value))
    if error is None:
        return []
    path = "".join(f"/{step}" for step in error.absolute_path)
    long = error.validator in {"maxLength", "maxItems"}
    problem = f"no more than {error.validator_value} allowed" if long else error.message[:300]
    return [f"{problem} [json-pointer:{where}{path}]"]


@lru_cache(maxsize=8)
def _validator(definition: str) -> Draft202012Validator:
    schema = json.loads((Path(__file__).parent / "blocks.schema.json").read_text("utf-8"))
    return Draft202012Validator({**schema, "$ref": f"#/$defs/{definition}"})


def _repeated(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    names = Counter(block["block_id"] for block in blocks if block.get("block_id"))
    found = [f"block_id {name!r} already exists [json-pointer:/blocks]" for name, times in names.items() if times > 1]
    for index, block in enumerate(blocks):
        actions = Counter(element["action_id"] for element in _clickable(block) if "action_id" in element)
        twice = [name for name, times in actions.items() if times > 1]
        found += [f"action_id {name!r} already exists for block [json-pointer:/blocks/{index}]" for name in twice]
    return found


def _clickable(block: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return block["elements"] if block["type"] == "actions" else ()


def _totals(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    tables = [block for block in blocks if block["type"] == "table"]
    cells = sum(len(str(cell.get("text", ""))) for table in tables for row in table["rows"] for cell in row)
    found = []
    if markdown > MARKDOWN_CHARACTERS:
        found.append(f"markdown blocks hold more than {MARKDOWN_CHARACTERS} characters [json-pointer:/blocks]")
    if cells > TABLE_CHARACTERS:
        found.append(f"table cells hold more than {TABLE_CHARACTERS} characters [json-pointer:/blocks]")
    if len(tables) > 1:
        found.append("only_one_table_allowed [json-pointer:/blocks]")
    return found


def _ragged(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"rows of a table must be of one length [json-pointer:/blocks/{index}/rows]"
        for index, block in enumerate(blocks)
        if block["type"] == "table" and len({len(row) for row in block["rows"]}) > 1
    ]


def _submit(view: Mapping[str, Any]) -> list[str]:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    return ["missing required field: submit [json-pointer:/view]"] if has_input and "submit" not in view else []
