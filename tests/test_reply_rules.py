"""Our own rules for what we send; a checker that passes everything would make every other test worthless."""

from __future__ import annotations

from typing import Any

import pytest

from bot import replies
from bot.models import Reply
from tests.reply_rules import accepted, message_problems, view_problems


def table(*rows: list[str]) -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text} for text in row] for row in rows]}


def rich(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


def test_an_ordinary_message_is_accepted():
    after = [replies.buttons(replies.button("Run", "run", "x")), replies.small("y"), table(["a", "b"])]

    accepted(replies.message("Hello ", replies.Person("U0ALICE"), replies.Code("x"), after=after))


OURS = {
    "the fallback text is empty": ("", []),
    "the fallback text has 4001 characters, more than 4000": ("x" * 4001, []),
    "the fallback text notifies or links: <!channel>": ("hi <!channel>", []),
    "mrkdwn notifies or links: <http://evil|label>": (
        "x",
        [{"type": "section", "text": {"type": "mrkdwn", "text": "<http://evil|label>"}}],
    ),
    "mrkdwn notifies or links: <!here>": (
        "x",
        [{"type": "context", "elements": [{"type": "mrkdwn", "text": "<!here>"}]}],
    ),
    "rich text has a broadcast": ("x", [rich({"type": "broadcast", "range": "here"})]),
    "rich text has a link": ("x", [rich({"type": "link", "url": "https://example.com"})]),
    "a cell is not raw_text": ("x", [{"type": "table", "rows": [[{"type": "raw_number", "value": 1}]]}]),
    "more rich text than one message takes": ("x", [rich({"type": "text", "text": "x" * 6001})] * 2),
}


@pytest.mark.parametrize("problem", OURS)
def test_a_message_that_breaks_a_rule_of_ours_has_its_name(problem: str):
    text, blocks = OURS[problem]

    assert message_problems(text, blocks) == [problem]


def test_what_the_local_slack_refuses_is_refused_here():
    title = {"type": "plain_text", "text": "x" * 25}

    assert message_problems("x", [{"type": "carpet"}])
    assert view_problems({"type": "modal", "title": title, "blocks": [{"type": "divider"}]}) == [
        "no more than 24 allowed [json-pointer:/view/title/text]"
    ]


def test_a_reply_that_breaks_a_rule_fails_the_test_that_made_it():
    with pytest.raises(AssertionError, match="fallback text is empty"):
        accepted(Reply(text=""))
