"""What can be asked for: derived from the entries, so that it is never out of date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import replies_help
from bot.models import Entry, Reply
from bot.operations import Call, operation


@operation()
def help(call: Call, topic: str = "") -> Reply:  # noqa: A001 - the intent is help
    """The commands that the asker may run; with a topic, those that it is a word of."""
    allowed = sorted((entry for entry in call.entries.values() if call.may(entry)), key=_order)
    closed = len(call.entries) - len(allowed)
    about = _about(allowed, topic)
    if topic and len(about) == 1:
        return replies_help.command(about[0])
    return replies_help.commands(about or allowed, closed, topic, found=bool(about))


_AFTER_OPERATIONS = {"workflow": 1, "lifecycle": 3, "phrases": 4, "help": 5}
"""Services whose operations come behind those that people come for; 2 are the workflows themselves."""


def _order(entry: Entry) -> tuple[int, str, bool, int, str]:
    """Operations by service, what is about workflows, what is about the bot; what only reads comes first."""
    effects = ("read", "write", "destroy")
    rank = 2 if entry.is_workflow else _AFTER_OPERATIONS.get(entry.service, 0)
    service = "" if entry.is_workflow else entry.service
    return (rank, service, entry.name == "help", effects.index(entry.effect), entry.title)


def _about(entries: Sequence[Entry], topic: str) -> list[Entry]:
    """The entries with the topic in their names; failing those, with the topic in any words of theirs.

    Help itself knows the words of all the others, and is meant by its name only.
    """
    named = [entry for entry in entries if _has(topic, entry.name.replace("_", " ").replace(".", " "), entry.title)]
    others = [entry for entry in entries if entry.name != "help"]
    return named or [entry for entry in others if _has(topic, entry.title, entry.summary, *entry.phrases)]


def _has(topic: str, *texts: str) -> bool:
    """Whether every word of the topic begins a word of the texts."""
    words = re.findall(r"\w+", " ".join(texts).casefold())
    asked = [part.removesuffix("s") or part for part in re.findall(r"\w+", topic.casefold())]
    return all(any(word.startswith(part) for word in words) for part in asked)
