"""What the bot says about itself: the commands, and one command closely. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from bot.display import count, shown
from bot.models import Entry, Parameter, Reply
from bot.replies import Bold, Code, Part, bullets, listed, paragraph, small

MAX_COMMANDS = 24
"""What fits on a screen; beyond that, the topics lead on."""
MAX_EXAMPLES = 5

_HOW = "Say it in your own words; I ask when something is missing. “help copy” tells more about one command."
_EFFECTS = {
    "read": "It changes nothing.",
    "write": "It makes something new, or changes something.",
    "destroy": "It takes something away, so it shows what will happen and waits for your confirmation.",
}


def overview(groups: Sequence[tuple[str, Sequence[Entry]]], closed: int, unknown: str = "") -> Reply:
    """What can be said, a group a line; ``closed`` counts what the asker may not run.

    ``unknown`` is a topic that nothing is about.
    """
    entries = [entry for _, each in groups for entry in each]
    fitting = {entry.name for entry in entries[:MAX_COMMANDS]}
    kept = ((name, [entry for entry in each if entry.name in fitting]) for name, each in groups)
    notes = []
    if len(entries) > MAX_COMMANDS:
        topics = sorted({entry.service for entry in entries})
        notes.append(f"And {len(entries) - MAX_COMMANDS} more: say “help” with one of {', '.join(topics)}.")
    if closed:
        notes.append(f"{count(closed, 'more command')} may be run by other groups than yours.")
    notes.append(_HOW)
    opening = f"I know nothing about {_quoted(unknown)}. " if unknown else ""
    lines = [_group(name, each) for name, each in kept if each]
    return listed([f"{opening}You can ask me for this:"], lines, after=[small(" ".join(notes))])


def commands(topic: str, entries: Sequence[Entry], closed: int) -> Reply:
    """The commands of a topic, one line each; ``closed`` counts those of it that the asker may not run."""
    notes = [_HOW]
    if closed:
        notes.insert(0, f"{count(closed, 'more command')} about that may be run by other groups than yours.")
    first = f"About {_quoted(topic)} you can ask me for this:"
    return listed([first], [_line(entry) for entry in entries[:MAX_COMMANDS]], after=[small(" ".join(notes))])


def elsewhere(topic: str, refused: Sequence[tuple[Entry, str]]) -> Reply:
    """The commands of a topic of which the asker may run none, each with why not."""
    first = f"About {_quoted(topic)} I know this, and you may not ask for it:"
    return listed([first], [[Bold(entry.title), f" – {entry.summary} {why}"] for entry, why in refused[:MAX_COMMANDS]])


def command(entry: Entry) -> Reply:
    """One command closely: what it does, what it needs, how it can be said."""
    after = [small(_EFFECTS[entry.effect])]
    said = [[Code(example.text)] for example in entry.examples[:MAX_EXAMPLES]]
    if said:
        after = [paragraph("You can say:"), bullets(said), *after]
    return listed([Bold(entry.title), f" – {entry.summary}"], [_parameter(p) for p in entry.parameters], after=after)


def _quoted(topic: str) -> str:
    return f"“{shown(topic)[:100]}”"


def _group(name: str, entries: Sequence[Entry]) -> list[Part]:
    """The name of the group, and a command of each entry."""
    parts: list[Part] = [Bold(name), ": "]
    for entry in entries:
        parts += [Code(_example(entry)), " · "]
    return parts[:-1]


def _example(entry: Entry) -> str:
    return entry.examples[0].text if entry.examples else entry.title


def _line(entry: Entry) -> list[Part]:
    return [Code(_example(entry)), f" – {entry.summary}"]


def _parameter(parameter: Parameter) -> list[Part]:
    about = parameter.description or parameter.name.replace("_", " ")
    if parameter.required:
        need = "needed"
    elif parameter.default is not None:
        need = f"{parameter.default} unless you say otherwise"
    else:
        need = "if you like"
    choices = f": {', '.join(parameter.choices)}" if parameter.choices else ""
    return [Bold(parameter.name.replace("_", " ")), f" – {about}{choices} ({need})"]
