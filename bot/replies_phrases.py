"""What the bot says about the phrases that it has learned. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.display import count, moment, shown
from bot.models import Entry, Lesson, Listed, Reply
from bot.replies import Bold, Code, Part, Person, listed, message, small

HOW_TO_TEACH = "An admin teaches one with: teach “spill my-bucket” means list files in my-bucket"


def listing(
    lessons: Sequence[Lesson], entries: Mapping[str, Entry], *, more: bool, first: bool, unused_limit: int
) -> Reply:
    """A page of learned phrases, for the asker alone."""
    if not lessons:
        text = "I have not learned any phrase yet." if first else "There are no further phrases."
        return message(text, after=(small(HOW_TO_TEACH),), private=True)
    page = listed(
        ["What I have learned beside my seeds:"],
        [_line(lesson, entries) for lesson in lessons],
        after=[
            small(f"“forget phrase 3” removes one. Of those never used, some {unused_limit:,} of the newest are kept.")
        ],
    )
    next_page = {"after": lessons[-1].number} if more else None
    lists = Listed("number", tuple(str(lesson.number) for lesson in lessons))
    return Reply(page.text, page.blocks, private=True, next_page=next_page, lists=lists)


def taught(lesson: Lesson, entry: Entry) -> Reply:
    """A phrase was taken up."""
    parts: list[Part] = ["Learned, as number ", Bold(str(lesson.number)), ": ", _phrase(lesson), " means "]
    note = "It is still shown for confirmation each time." if entry.effect == "destroy" else "It is known from now on."
    return message(*parts, Bold(entry.title.lower()), ".", after=(small(note),))


def forgotten(lesson: Lesson) -> Reply:
    """A phrase was removed."""
    return message("Forgotten: ", _phrase(lesson), f". It was {_used(lesson)}.")


def _line(lesson: Lesson, entries: Mapping[str, Entry]) -> list[Part]:
    title = entries[lesson.entry].title.lower() if lesson.entry in entries else "what is not offered any more"
    source = "taught by " if lesson.taught else "learned from "
    when = f" on {moment(datetime.fromtimestamp(lesson.at, UTC))[:10]}" if lesson.at else ""
    who: list[Part] = [Person(lesson.by)] if lesson.by else ["somebody"]
    parts: list[Part] = [Bold(str(lesson.number)), "  ", _phrase(lesson), f" – {title}, {source}", *who]
    return [*parts, f"{when}, {_used(lesson)}"]


def _used(lesson: Lesson) -> str:
    return f"used {count(lesson.used, 'time')}" if lesson.used else "never used"


def _phrase(lesson: Lesson) -> Code:
    text = shown(lesson.phrase)
    return Code(text if len(text) <= 200 else f"{text[:199]}…")
