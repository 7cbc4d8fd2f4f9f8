"""What people do with learned phrases: list them, teach one, forget one."""

from __future__ import annotations

from bot import replies_phrases
from bot.errors import NotOffered
from bot.models import Reply
from bot.operations import Call, Lessons, operation
from bot.phrasebook import UNUSED_LIMIT

PAGE_SIZE = 20


@operation("dynamodb:Query")
def list(call: Call) -> Reply:  # noqa: A001 - the intent is phrases.list
    """The learned phrases, a page at a time, for the asker alone: nobody shall be notified because they are named."""
    after = int(call.page["after"]) if call.page else 0
    left = [lesson for lesson in _lessons(call).all() if lesson.number > after]
    return replies_phrases.listing(
        left[:PAGE_SIZE], call.entries, more=len(left) > PAGE_SIZE, first=not after, unused_limit=UNUSED_LIMIT
    )


@operation("dynamodb:PutItem", "dynamodb:UpdateItem")
def teach(call: Call, sentence: str, meaning: str) -> Reply:
    """From now on, one sentence means what another one does."""
    lesson = _lessons(call).teach(sentence, meaning, call.request.user)
    return replies_phrases.taught(lesson, call.entries[lesson.entry])


@operation("dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:UpdateItem")
def forget(call: Call, number: int) -> Reply:
    """A learned phrase is known no longer."""
    return replies_phrases.forgotten(_lessons(call).forget(number))


def _lessons(call: Call) -> Lessons:
    if call.lessons is None:
        raise NotOffered("Nothing can be learned here.")
    return call.lessons
