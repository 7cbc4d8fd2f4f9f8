"""What every outgoing message and modal must keep to: all that the local Slack refuses, and rules of our own.

``accepted(reply)`` fails with every rule that a reply breaks. Slack's own are in ``sandbox/slack/blocks.py``; ours are
those that keep words of people, file names and models from doing more than being read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.models import Reply
from sandbox.slack.blocks import is_too_long, problems_of_message, problems_of_view

NOTIFIES = re.compile(r"<(?!@[UW][A-Z0-9]+>)[^>]*>")
"""A link or a call to everybody; of what Slack reads in ``<>``, we write only mentions of a person."""
TEXT_LIMIT = 4000
"""Of the fallback text, as Slack recommends; it takes ten times as much."""


def accepted(reply: Reply) -> None:
    """Slack takes the reply as a message, and the modal that it opens."""
    found = message_problems(reply.text, reply.blocks)
    if reply.view is not None:
        found += view_problems(reply.view)
    assert not found, "\n".join(found)


def message_problems(text: str, blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """The rules that a message breaks."""
    found = [*_fallback(text), *problems_of_message(list(blocks))]
    if not found and is_too_long(blocks):
        found.append("more rich text than one message takes")
    return [*found, *_markup(blocks), *_cells(blocks)]


def view_problems(view: Mapping[str, Any]) -> list[str]:
    """The rules that a modal or a Home tab breaks."""
    return [*problems_of_view(view, view["type"]), *_markup(view["blocks"]), *_cells(view["blocks"])]


def _fallback(text: str) -> Iterator[str]:
    """A screen reader reads nothing else."""
    if not text:
        yield "the fallback text is empty"
    if len(text) > TEXT_LIMIT:
        yield f"the fallback text has {len(text)} characters, more than {TEXT_LIMIT}"
    if notifies := NOTIFIES.search(text):
        yield f"the fallback text notifies or links: {notifies[0]}"


def _markup(part: Any) -> Iterator[str]:
    """Markup that calls people or links, however deep it stands."""
    if isinstance(part, Mapping):
        if part.get("type") == "mrkdwn" and (notifies := NOTIFIES.search(str(part.get("text", "")))):
            yield f"mrkdwn notifies or links: {notifies[0]}"
        if part.get("type") in {"broadcast", "link"}:
            yield f"rich text has a {part['type']}"
        for value in part.values():
            yield from _markup(value)
    elif isinstance(part, (list, tuple)):
        for item in part:
            yield from _markup(item)


def _cells(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Nothing else than raw text is shown in a cell as it stands."""
    cells = (cell for block in blocks if block["type"] == "table" for row in block["rows"] for cell in row)
    if any(cell.get("type") != "raw_text" for cell in cells):
        yield "a cell is not raw_text"
