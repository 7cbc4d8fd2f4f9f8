"""A message as a person reads it: its blocks as plain lines, or its text when it has none."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from itertools import zip_longest

from sandbox.slack.model import Json, Message

Names = Callable[[str], str]
"""From a user's id to a name."""

REFERENCE = re.compile(r"<([@!#]?)([^>|]+)(?:\|([^>]*))?>")


def read(message: Message, names: Names = lambda user: user) -> str:
    """The whole message in lines, without its buttons (those are ``message.elements``)."""
    said = [mrkdwn(message.text, names)] if not message.blocks else []
    blocks = [line for block in message.blocks for line in _block(block, names)]
    lines = [*said, *blocks, *(f"[{file.title or file.name}]" for file in message.files)]
    return "\n".join(line for line in lines if line.strip())


def mrkdwn(text: str, names: Names) -> str:
    """Slack's markup with its references spelled out."""

    def spelled(match: re.Match[str]) -> str:
        kind, target, label = match.groups()
        if kind == "@":
            return "@" + names(target)
        return f"@{target}" if kind == "!" else label or target

    return html.unescape(REFERENCE.sub(spelled, text))


def _block(block: Json, names: Names) -> Iterable[str]:
    match block["type"]:
        case "rich_text":
            for part in block["elements"]:
                yield from _rich(part, names)
        case "section":
            texts = [block["text"], *block.get("fields", ())] if "text" in block else block["fields"]
            yield from (_text(text, names) for text in texts)
        case "header" | "alert":
            yield _text(block["text"], names)
        case "markdown":
            yield block["text"]
        case "context":
            yield " ".join(_text(element, names) for element in block["elements"] if element["type"] != "image")
        case "image":
            yield f"[{block['alt_text']}]"
        case "table":
            yield from _table([[_cell(cell, names) for cell in row] for row in block["rows"]])
        case "input":
            yield _text(block["label"], names)
        case _:
            return


def _rich(part: Json, names: Names) -> Iterable[str]:
    if part["type"] == "rich_text_list":
        for number, item in enumerate(part["elements"], start=1):
            mark = "•" if part["style"] == "bullet" else f"{number}."
            yield f"{mark} {_line(item['elements'], names)}"
    else:
        yield _line(part["elements"], names)


def _line(elements: Iterable[Json], names: Names) -> str:
    return "".join(_element(element, names) for element in elements)


def _element(element: Json, names: Names) -> str:
    if element["type"] == "user":
        return "@" + names(element["user_id"])
    text = str(element.get("text") or "")
    spelled = {
        "text": f"`{text}`" if element.get("style", {}).get("code") else text,
        "link": text or element.get("url", ""),
        "emoji": f":{element.get('name')}:",
        "date": str(element.get("fallback") or element.get("timestamp")),
        "broadcast": f"@{element.get('range')}",
    }
    return spelled.get(element["type"], "")


def _text(text: Json, names: Names) -> str:
    return mrkdwn(text["text"], names) if text["type"] == "mrkdwn" else str(text["text"])


def _cell(cell: Json, names: Names) -> str:
    if cell["type"] == "rich_text":
        return " ".join(line for part in cell["elements"] for line in _rich(part, names))
    return str(cell.get("text", cell.get("value", "")))


def _table(rows: list[list[str]]) -> Iterable[str]:
    widths = [max(len(cell) for cell in column) for column in zip_longest(*rows, fillvalue="")]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
