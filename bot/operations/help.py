"""What can be asked for: derived from the entries, so that it is never out of date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from bot import replies_help
from bot.models import Entry, Reply
from bot.operations import Call, operation


@operation()
def help(call: Call, topic: str = "") -> Reply:  # noqa: A001 - the intent is help
    """The commands that the asker may run; with a topic, those that it is a word of, and who may run the others."""
    known = sorted(call.entries.values(), key=_order)
    about = _about(known, topic) if topic else []
    mine = [entry for entry in about or known if call.may(entry)]
    if not about:
        groups = [(name, list(entries)) for name, entries in groupby(mine, key=_group)]
        return replies_help.overview(groups, closed=len(known) - len(mine), unknown=topic)
    if not mine:
        return replies_help.elsewhere(topic, [(entry, call.refusal(entry)) for entry in about])
    if len(about) == 1:
        return replies_help.command(mine[0])
    return replies_help.commands(topic, mine, closed=len(about) - len(mine))


_AFTER_OPERATIONS = {"workflow": 1, "lifecycle": 3, "phrases": 4, "help": 5}
"""Services whose operations come behind those that people come for; 2 are the workflows themselves."""
_GROUPS = {0: "", 1: "Workflows", 2: "Workflows", 3: "Workflows", 4: "How I understand you", 5: "How I understand you"}
_SERVICES = {"s3": "Buckets and files"}
"""Names of services that say more than their own."""


def _rank(entry: Entry) -> int:
    return 2 if entry.is_workflow else _AFTER_OPERATIONS.get(entry.service, 0)


def _group(entry: Entry) -> str:
    return _GROUPS[_rank(entry)] or _SERVICES.get(entry.service, entry.service)


def _order(entry: Entry) -> tuple[int, str, bool, int, str]:
    """Operations by service, what is about workflows, what is about the bot; what only reads comes first."""
    effects = ("read", "write", "destroy")
    service = "" if entry.is_workflow else entry.service
    return (_rank(entry), service, entry.name == "help", effects.index(entry.effect), entry.title)


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
