"""What may have been meant, where a bucket or a log group that was named does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from bot.aws import Aws
from bot.errors import NotFound
from bot.models import Entry, Intent
from bot.real_names import real_names
from bot.suggestions import restated

SECONDS = 1.0
"""How long names are looked for: a person waits already."""
MOST = 3


def with_near_names(error: NotFound, intent: Intent, entry: Entry, aws: Aws) -> NotFound:
    """The error with the names that exist and come near, in the same command where it can be said for them; itself
    where none does, or where it says already what there is."""
    if error.examples:
        return error
    types = {parameter.type for parameter in entry.parameters if parameter.name in intent.parameters}
    near = list(_near(intent, entry, real_names(aws, types, SECONDS)))[:MOST]
    if not near:
        return error
    commands = [restated(entry, {**intent.parameters, parameter: name}) for parameter, name in near]
    if all(commands):
        return NotFound(error.sentence, hint="There is, near to it:", examples=commands, offers=commands)
    return NotFound(error.sentence, hint=f"There is {', '.join(name for _, name in near)}.")


def _near(intent: Intent, entry: Entry, known: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Parameters whose value does not exist, each with a name that does."""
    for parameter in entry.parameters:
        value, names = intent.parameters.get(parameter.name), known.get(parameter.type, ())
        if isinstance(value, str) and value not in names:
            yield from ((parameter.name, name) for name in _alike(value, names))


def _alike(value: str, names: Sequence[str]) -> list[str]:
    """The names that come near. What many log groups begin with (``/aws/lambda/``) says nothing about that."""
    folder, _, last = value.rpartition("/")
    beside = {name.rpartition("/")[2]: name for name in names if name.rpartition("/")[0] == folder}
    return [beside[name] for name in difflib.get_close_matches(last, beside, MOST)]
