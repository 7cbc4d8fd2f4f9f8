"""Questions that no phrase has, read by their words alone."""

import pytest

from bot.conversations import Thread
from bot.knowledge_base import from_seeds
from bot.resolve import resolve

KNOWLEDGE = from_seeds()


def read(text: str) -> tuple[str, dict[str, object]] | None:
    intent = resolve(text, Thread(), KNOWLEDGE).intent
    return (intent.entry, dict(intent.parameters)) if intent else None


@pytest.mark.parametrize(
    ("text", "entry", "parameters"),
    [
        ("which s3 buckets are we running?", "s3.list_buckets", {}),
        ("I'd be interested in what is being stored in doc-store", "s3.list_files", {"bucket": "doc-store"}),
        (
            "do you see any files in doc-store under 2023/?",
            "s3.list_files",
            {"bucket": "doc-store", "prefix": "2023/"},
        ),
        (
            "what trouble has /app/web been having over the last 6 hours?",
            "log_analysis",
            {"workflow": "log_analysis", "log_group": "/app/web", "hours": 6},
        ),
        ("i started wf-12ab34cd, how is it going?", "workflow.status", {"execution_id": "wf-12ab34cd"}),
    ],
)
def test_a_question_is_read_by_its_words(text: str, entry: str, parameters: dict[str, object]) -> None:
    assert read(text) == (entry, parameters)


@pytest.mark.parametrize(
    "text",
    [
        "who has access to the files in doc-store?",
        "are the files in doc-store encrypted?",
        "how big are the files in doc-store?",
        "which files in doc-store are not in other-store?",
        "what files in doc-store can I delete?",
        "is doc-store in there?  put a.txt in it",
    ],
)
def test_a_question_with_any_other_word_is_not(text: str) -> None:
    assert read(text) is None
