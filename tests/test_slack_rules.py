"""The checker refuses what Slack refuses; a checker that passes everything would make every other test worthless."""

from __future__ import annotations

from typing import Any

import pytest

from bot import replies
from bot.models import Reply
from tests.slack_rules import accepted, message_problems, view_problems


def table(*rows: list[str]) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text} for text in row] for row in rows]}


def test_an_ordinary_message_is_accepted():
    after = [replies.buttons(replies.button("Run", "run", "x")), replies.small("y"), table(["a", "b"])]

    accepted(replies.message("Hello ", replies.Person("U0ALICE"), replies.Code("x"), after=after))


REFUSED = {
    "the fallback text is empty": ("", []),
    "the fallback text has 4001 characters, more than 4000": ("x" * 4001, []),
    "the fallback text notifies or links: <!channel>": ("hi <!channel>", []),
    "51 blocks are more than 50": ("x", [{"type": "divider"}] * 51),
    "block_id a stands 2 times": ("x", [{"type": "divider", "block_id": "a"}] * 2),
    "more than one table": ("x", [table(["a"]), table(["a"])]),
    "block 0 has the unknown type carpet": ("x", [{"type": "carpet"}]),
    "block 0 (table): 101 rows, not 1 to 100": ("x", [table(*[["a"]] * 101)]),
    "block 0 (table): rows of different lengths": ("x", [table(["a", "b"], ["a"])]),
    "block 0 (table): a row has not 1 to 20 cells": ("x", [table(["a"] * 21)]),
    "block 0 (table): an empty cell": ("x", [table([""])]),
    "block 0 (table): 10001 characters in all cells, more than 10000": ("x", [table(["😀" * 5000, "a"])]),
    "block 0 (rich_text): an empty section": ("x", [replies.paragraph()]),
    "block 0 (rich_text): an empty text": ("x", [replies.paragraph(replies.Bold(""))]),
    "block 0 (rich_text): an empty list": ("x", [replies.bullets([])]),
    "block 0 (rich_text): user <!here>": ("x", [replies.paragraph(replies.Person("<!here>"))]),
    "block 0 (actions): 26 elements, not 1 to 25": (
        "x",
        [replies.buttons(*(replies.button("x", f"a{i}", "") for i in range(26)))],
    ),
    "block 0 (actions): action_id a stands 2 times": ("x", [replies.buttons(*[replies.button("x", "a", "")] * 2)]),
    "block 0 (actions): button value is longer than 2000": (
        "x",
        [replies.buttons(replies.button("x", "a", "v" * 2001))],
    ),
    "block 0 (actions): button text is empty": ("x", [replies.buttons(replies.button("", "a", ""))]),
    "block 0 (section): text notifies or links": (
        "x",
        [{"type": "section", "text": {"type": "mrkdwn", "text": "<http://evil|label>"}}],
    ),
    "block 0 (header): text has 151 characters, more than 150": (
        "x",
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
    ),
}


@pytest.mark.parametrize("problem", REFUSED)
def test_what_slack_refuses_is_refused(problem: str):
    text, blocks = REFUSED[problem]

    assert message_problems(text, blocks) == [problem]


def test_a_modal_is_checked_too():
    title = {"type": "plain_text", "text": "x" * 25}

    assert view_problems({"title": title, "private_metadata": "m" * 3001, "blocks": []}) == [
        "the title has 25 characters, more than 24",
        "private_metadata is longer than 3000",
        "a modal has 1 to 100 blocks, not 0",
    ]


def test_a_reply_that_breaks_a_rule_fails_the_test_that_made_it():
    with pytest.raises(AssertionError, match="fallback text is empty"):
        accepted(Reply(text=""))
