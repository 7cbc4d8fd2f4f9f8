"""What was named in a thread, so that people can refer to it without its name: "the first one", "the other bucket"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.models import Entry, Intent, Listed, Value

if TYPE_CHECKING:
    from bot.conversations import Thread

NAMED_LIMIT = 12
"""Names of a kind that are remembered; nobody counts further back."""
_KINDS = ("bucket", "execution_id")
_ROLES = {"source_bucket": ("source",), "destination_bucket": ("destination", "target")}
"""What a bucket of a copy is called afterwards."""
SIDES = frozenset(word for words in _ROLES.values() for word in words)


def buckets_of(known: Mapping[str, Value]) -> list[str]:
    """The buckets among the values of a command, in the order of its parameters."""
    names = (str(known[each]) for each in ("bucket", "source_bucket", "destination_bucket") if each in known)
    return list(dict.fromkeys(names))


def remembered(intent: Intent, entry: Entry, settled: Intent | None) -> Intent:
    """The intent with what was named before it in the thread and in it, the latest last."""
    named = {kind: list(names) for kind, names in (settled.named if settled else {}).items()}
    for parameter in entry.parameters:
        name = intent.parameters.get(parameter.name)
        if parameter.type in _KINDS and isinstance(name, str) and name not in named.setdefault(parameter.type, []):
            named[parameter.type].append(name)
    named.update({role: [str(intent.parameters[role])] for role in _ROLES if role in intent.parameters})
    kept = {kind: tuple(names[-NAMED_LIMIT:]) for kind, names in named.items() if names}
    return replace(intent, named=kept)


def spoken(thread: Thread) -> Listed | None:
    """What "the first one" means where no list was shown: the names that this person has used, where there are more
    than one of a kind; those of the last command first."""
    settled = thread.settled
    if settled is None:
        return None
    kind = "execution_id" if "execution_id" in settled.parameters else "bucket"
    own = buckets_of(settled.parameters) if kind == "bucket" else []
    names = own if len(own) > 1 else settled.named.get(kind, ())
    return Listed(kind, tuple(names)) if len(names) > 1 else None


def roles(thread: Thread) -> dict[str, str]:
    """What a bucket can be called instead of its name: "the destination bucket", "the other bucket", and in an answer
    "the same bucket"."""
    if thread.open:
        own = buckets_of(thread.open.parameters)
        return {"same": own[0]} if len(own) == 1 else {}
    if thread.settled is None:
        return {}
    known = thread.settled.parameters
    named = thread.settled.named
    found = {word: named[name][-1] for name, words in _ROLES.items() if name in named for word in words}
    last = buckets_of(known)
    others = [name for name in named.get("bucket", ()) if name not in last]
    return {**found, "other": others[0]} if len(last) == 1 and len(others) == 1 else found
