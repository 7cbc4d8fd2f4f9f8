"""A table of plain text within Slack's limits; every cell shows its text literally."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.models import Block

MAX_ROWS = 100
MAX_CHARACTERS = 10_000
"""Of all cells of a message together, https://docs.slack.dev/reference/block-kit/blocks/table-block."""

Row = Sequence[str]


def table(header: Row, rows: Sequence[Row], *, right: Collection[int] = ()) -> Block:
    """The rows under a header; the columns numbered in ``right`` are aligned to the right."""
    align = [{"align": "right"} if column in right else {"is_wrapped": True} for column in range(len(header))]
    cells = [[{"type": "raw_text", "text": text or "–"} for text in row] for row in (header, *rows)]
    return {"type": "table", "column_settings": align, "rows": cells}


def fitting(header: Row, rows: Sequence[Row]) -> int:
    """How many of the rows one table takes; at least one, when there is one."""
    room = MAX_CHARACTERS - _length(header)
    for taken, row in enumerate(rows[: MAX_ROWS - 1]):
        room -= _length(row)
        if room < 0:
            return max(taken, 1)
    return min(len(rows), MAX_ROWS - 1)


def _length(row: Row) -> int:
    """Counted as JavaScript counts, where an emoji is two: the larger number of the two ways that Slack may count."""
    return sum(max(len(text.encode("utf-16-le")) // 2, 1) for text in row)
