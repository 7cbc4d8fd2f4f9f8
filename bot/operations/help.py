"""What can be asked for: derived from the entries, so that it is never out of date."""

from __future__ import annotations

import re

from bot import replies_help
from bot.models import Entry, Reply
from bot.operations import Call, operation


@operation()
def help(call: Call, topic: str = "") -> Reply:  # noqa: A001 - the intent is help
    """The commands that the asker may run; with a topic, those that it is a word of."""
    allowed = sorted((entry for entry in call.entries.values() if call.may(entry)), key=_order)
    closed = len(call.entries) - len(allowed)
    about = [entry for entry in allowed if _is_about(entry, topic)]
    if topic and len(about) == 1:
        return replies_help.command(about[0])
    return replies_help.commands(about or allowed, closed, topic, found=bool(about))


def _order(entry: Entry) -> tuple[bool, bool, str, int, str]:
    """Operations by service, then workflows, help last; what only reads comes first."""
    effects = ("read", "write", "destroy")
    return (entry.service == "help", entry.is_workflow, entry.service, effects.index(entry.effect), entry.title)


def _is_about(entry: Entry, topic: str) -> bool:
    """Whether every word of the topic begins a word of the entry's own."""
    said = " ".join((entry.name.replace("_", " ").replace(".", " "), entry.title, entry.summary, *entry.phrases))
    words = re.findall(r"\w+", said.casefold())
    asked = [part.removesuffix("s") or part for part in re.findall(r"\w+", topic.casefold())]
    return all(any(word.startswith(part) for word in words) for part in asked)
