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
RICH_CHARACTERS = 12_000
"""Of all rich text of a message together. Slack tells no number and answers ``msg_blocks_too_long``: a cautious one."""


def problems_of_message(blocks: Any) -> list[str]:
    """Why Slack would refuse these blocks of a message; empty when it takes them."""
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    if len(blocks) > MESSAGE_BLOCKS:
        return [f"no more than {MESSAGE_BLOCKS} items allowed [json-pointer:/blocks]"]
    found = [problem for index, block in enumerate(blocks) for problem in _problems("block", block, f"/blocks/{index}")]
    return found or [*_repeated(blocks), *_totals(blocks), *_ragged(blocks), *_tasks(blocks), *_chosen(blocks)]


def is_too_long(blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Whether blocks that are sound, each by itself, are more than Slack takes in one message."""
    return sum(_spoken(block) for block in blocks if block["type"] == "rich_text") > RICH_CHARACTERS


def problems_of_view(view: Any, kind: str = "modal") -> list[str]:
    """Why Slack would refuse this modal, or this Home tab (``home``)."""
    found = _problems("view" if kind == "modal" else "home", view, "/view")
    return found or [*_repeated(view["blocks"]), *_submit(view), *_chosen(view["blocks"])]


def problems_of_options(answer: Any) -> list[str]:
    """Why Slack would refuse this answer to ``block_suggestion``: options, or groups of them."""
    return _problems("suggestions", answer, "")


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
    cells = sum(_cell(cell) for table in tables for row in table["rows"] for cell in row)
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


def _cell(cell: Mapping[str, Any]) -> int:
    return _spoken(cell) if cell["type"] == "rich_text" else _length(str(cell.get("text", cell.get("value", ""))))


def _spoken(rich_text: Mapping[str, Any]) -> int:
    """The characters of a block of rich text, in lists too."""
    return sum(_spoken(part) if "elements" in part else _length(part.get("text", "")) for part in rich_text["elements"])


def _length(text: str) -> int:
    """As JavaScript counts: what is beyond the first 65,536 characters of Unicode, such as most emoji, counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _tasks(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """Two tasks of one name could not be told apart by an update."""
    tasks = [task for block in blocks for task in ([block] if block["type"] == "task_card" else block.get("tasks", ()))]
    names = Counter(task["task_id"] for task in tasks)
    return [f"task_id {name!r} already exists [json-pointer:/blocks]" for name, times in names.items() if times > 1]


def _chosen(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is chosen to begin with must be one of the options."""
    found = []
    for index, block in enumerate(blocks):
        for element in _elements(block):
            known = [option for group in element.get("option_groups", ()) for option in group["options"]]
            known += element.get("options", ())
            initial = [*element.get("initial_options", ()), element.get("initial_option")]
            if known and any(option is not None and option not in known for option in initial):
                found.append(f"initial option is not one of the options [json-pointer:/blocks/{index}]")
    return found


def _elements(block: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """What can be used of a block."""
    return [*_clickable(block), *(block[name] for name in ("accessory", "element") if name in block)]


def _submit(view: Mapping[str, Any]) -> list[str]:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    return ["missing required field: submit [json-pointer:/view]"] if has_input and "submit" not in view else []
