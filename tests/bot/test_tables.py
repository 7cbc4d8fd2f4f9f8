"""Tables stay within Slack's limits, counted as Slack may count."""

from __future__ import annotations

from bot.models import Reply
from bot.tables import fitting, table
from tests.reply_rules import accepted

HEADER = ("File", "Size")  # 8 characters


def fits(rows: list[tuple[str, str]]) -> int:
    number = fitting(HEADER, rows)
    accepted(Reply(text="x", blocks=(table(HEADER, rows[:number], right={1}),)))
    return number


def test_no_cell_is_empty_and_every_cell_is_literal():
    block = table(HEADER, [("", "<!channel>")])

    assert block["rows"][1] == [{"type": "raw_text", "text": "–"}, {"type": "raw_text", "text": "<!channel>"}]
    assert fits([("", "")]) == 1


def test_a_table_takes_a_hundred_rows_with_its_header():
    assert fits([("a", "b")] * 200) == 99


def test_a_table_takes_ten_thousand_characters_with_its_header():
    assert fits([("x" * 998, "y")] * 20) == 10
    assert fits([("x" * 999, "y")] * 10) == 9


def test_an_emoji_counts_twice():
    assert fits([("😀" * 500, "")] * 20) == 9


def test_a_row_that_is_too_long_on_its_own_is_still_taken():
    assert fitting(HEADER, [("x" * 20_000, "y")]) == 1


def test_no_rows_are_no_rows():
    assert fits([]) == 0
