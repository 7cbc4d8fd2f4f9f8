"""What Slack refuses in a message or a modal, as far as it says: https://docs.slack.dev/reference/block-kit.

``accepted(reply)`` fails with every rule that a reply breaks. Slack's SDK checks few of these, and none in plain data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.models import Reply

NOTIFIES = re.compile(r"<(?!@[UW][A-Z0-9]+>)[^>]*>")
"""A link or a call to everybody; of what Slack reads in ``<>``, we write only mentions of a person."""


def accepted(reply: Reply) -> None:
    """Slack takes the reply as a message, and the modal that it opens."""
    found = message_problems(reply.text, reply.blocks)
    if reply.view is not None:
        found += view_problems(reply.view)
    assert not found, "\n".join(found)


def message_problems(text: str, blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """The rules that a message breaks."""
    found = list(_text("the fallback text", text, 4000))
    if NOTIFIES.search(text):
        found.append(f"the fallback text notifies or links: {NOTIFIES.search(text)[0]}")  # type: ignore[index]
    if len(blocks) > 50:
        found.append(f"{len(blocks)} blocks are more than 50")
    return found + _blocks(blocks)


def view_problems(view: Mapping[str, Any]) -> list[str]:
    """The rules that a modal breaks."""
    found = list(_text("the title", view["title"]["text"], 24))
    for part in ("submit", "close"):
        if part in view:
            found += _text(part, view[part]["text"], 24)
    if len(view.get("private_metadata", "")) > 3000:
        found.append("private_metadata is longer than 3000")
    if len(view.get("callback_id", "")) > 255:
        found.append("callback_id is longer than 255")
    if not 1 <= len(view["blocks"]) <= 100:
        found.append(f"a modal has 1 to 100 blocks, not {len(view['blocks'])}")
    if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
        found.append("a modal with inputs needs submit")
    return found + _blocks(view["blocks"])


def _blocks(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    found: list[str] = []
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found += [f"block_id {name} stands {number} times" for name, number in ids.items() if number > 1]
    found += [f"block_id {name} is longer than 255" for name in ids if len(name) > 255]
    if sum(block["type"] == "table" for block in blocks) > 1:
        found.append("more than one table")
    for position, block in enumerate(blocks):
        rule = RULES.get(block["type"])
        if rule is None:
            found.append(f"block {position} has the unknown type {block['type']}")
        else:
            found += [f"block {position} ({block['type']}): {problem}" for problem in rule(block)]
    return found


def _text(what: str, text: str, most: int) -> Iterator[str]:
    if not text:
        yield f"{what} is empty"
    if len(text) > most:
        yield f"{what} has {len(text)} characters, more than {most}"


def _text_object(what: str, text: Mapping[str, Any], most: int) -> Iterator[str]:
    if text["type"] not in ("plain_text", "mrkdwn"):
        yield f"{what} has the type {text['type']}"
    if text["type"] == "mrkdwn" and NOTIFIES.search(text["text"]):
        yield f"{what} notifies or links"
    if "emoji" in text and text["type"] != "plain_text":
        yield f"{what}: emoji goes with plain_text only"
    yield from _text(what, text["text"], most)


def _section(block: Mapping[str, Any]) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield "neither text nor fields"
    if "text" in block:
        yield from _text_object("text", block["text"], 3000)
    if len(block.get("fields", ())) > 10:
        yield "more than 10 fields"
    for field in block.get("fields", ()):
        yield from _text_object("field", field, 2000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _header(block: Mapping[str, Any]) -> Iterator[str]:
    if block["text"]["type"] != "plain_text":
        yield "a header is plain_text"
    yield from _text("text", block["text"]["text"], 150)


def _context(block: Mapping[str, Any]) -> Iterator[str]:
    if not 1 <= len(block["elements"]) <= 10:
        yield f"{len(block['elements'])} elements, not 1 to 10"
    for element in block["elements"]:
        yield from _text_object("element", element, 2000)


def _actions(block: Mapping[str, Any]) -> Iterator[str]:
    elements = block["elements"]
    if not 1 <= len(elements) <= 25:
        yield f"{len(elements)} elements, not 1 to 25"
    ids = Counter(element.get("action_id") for element in elements)
    yield from (f"action_id {name} stands {number} times" for name, number in ids.items() if name and number > 1)
    for element in elements:
        yield from _element(element)


def _element(element: Mapping[str, Any]) -> Iterator[str]:
    yield from _text("action_id", element.get("action_id", ""), 255)
    rule = ELEMENTS.get(element["type"])
    if rule is None:
        yield f"unknown element {element['type']}"
    else:
        yield from rule(element)
    if "placeholder" in element:
        yield from _text("placeholder", element["placeholder"]["text"], 150)


def _button(element: Mapping[str, Any]) -> Iterator[str]:
    if element["text"]["type"] != "plain_text":
        yield "a button's text is plain_text"
    yield from _text("button text", element["text"]["text"], 75)
    if len(element.get("value", "")) > 2000:
        yield "button value is longer than 2000"
    if element.get("style", "primary") not in ("primary", "danger"):
        yield f"button style {element['style']}"


def _select(element: Mapping[str, Any]) -> Iterator[str]:
    if not 1 <= len(element["options"]) <= 100:
        yield f"{len(element['options'])} options, not 1 to 100"
    for option in element["options"]:
        yield from _text("option text", option["text"]["text"], 75)
        yield from _text("option value", option["value"], 150)
    if "initial_option" in element and element["initial_option"] not in element["options"]:
        yield "initial_option is not one of the options"


def _text_input(element: Mapping[str, Any]) -> Iterator[str]:
    if len(element.get("initial_value", "")) > 3000:
        yield "initial_value is longer than 3000"


ELEMENTS = {
    "button": _button,
    "static_select": _select,
    "plain_text_input": _text_input,
    "number_input": lambda element: iter(()),
}


def _input(block: Mapping[str, Any]) -> Iterator[str]:
    yield from _text("label", block["label"]["text"], 2000)
    if "hint" in block:
        yield from _text("hint", block["hint"]["text"], 2000)
    yield from _element(block["element"])


def _rich_text(block: Mapping[str, Any]) -> Iterator[str]:
    if not block["elements"]:
        yield "no elements"
    length = 0
    for element in block["elements"]:
        if element["type"] == "rich_text_list":
            if element["style"] not in ("bullet", "ordered"):
                yield f"list style {element['style']}"
            if not element["elements"]:
                yield "an empty list"
            sections = element["elements"]
        else:
            sections = [element]
        for section in sections:
            yield from _rich_section(section)
            length += sum(len(part.get("text", "")) for part in section["elements"])
    if length > 12_000:
        yield f"{length} characters, more than the 12,000 at which we draw the line (Slack: msg_blocks_too_long)"


def _rich_section(section: Mapping[str, Any]) -> Iterator[str]:
    if section["type"] not in ("rich_text_section", "rich_text_preformatted", "rich_text_quote"):
        yield f"unknown element {section['type']}"
    if not section["elements"]:
        yield "an empty section"
    for part in section["elements"]:
        if part["type"] == "text":
            if not part["text"]:
                yield "an empty text"
            if set(part.get("style", ())) - {"bold", "italic", "strike", "code"}:
                yield f"style {part['style']}"
        elif part["type"] == "user":
            if not re.fullmatch(r"[UW][A-Z0-9]+", part["user_id"]):
                yield f"user {part['user_id']}"
        else:
            yield f"unknown part {part['type']}"


def _table(block: Mapping[str, Any]) -> Iterator[str]:
    rows = block["rows"]
    if not 1 <= len(rows) <= 100:
        yield f"{len(rows)} rows, not 1 to 100"
    if len({len(row) for row in rows}) > 1:
        yield "rows of different lengths"
    if any(not 1 <= len(row) <= 20 for row in rows):
        yield "a row has not 1 to 20 cells"
    settings = block.get("column_settings", ())
    if len(settings) > 20:
        yield "more than 20 column_settings"
    for setting in settings:
        if set(setting) - {"align", "is_wrapped"} or setting.get("align", "left") not in ("left", "center", "right"):
            yield f"column setting {setting}"
    cells = [cell for row in rows for cell in row]
    if any(cell["type"] != "raw_text" for cell in cells):
        yield "a cell that is not raw_text (nothing else is shown literally)"
    if any(not cell["text"] for cell in cells):
        yield "an empty cell"
    length = sum(len(cell["text"].encode("utf-16-le")) // 2 for cell in cells)
    if length > 10_000:
        yield f"{length} characters in all cells, more than 10000"


RULES = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich_text,
    "table": _table,
    "divider": lambda block: iter(()),
}
