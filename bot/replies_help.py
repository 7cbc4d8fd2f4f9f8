"""What the bot says about itself: the commands, and one command closely. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

from bot.display import count, shown
from bot.models import Entry, Parameter, Reply
from bot.replies import Bold, Code, Part, bullets, listed, paragraph, small

MAX_COMMANDS = 24
"""About a screen; beyond that, the topics lead on."""
MAX_EXAMPLES = 5

_EFFECTS = {
    "read": "It changes nothing.",
    "write": "It makes something new, or changes something.",
    "destroy": "It takes something away, so it shows what will happen and waits for your confirmation.",
}


def commands(entries: Sequence[Entry], closed: int, topic: str = "", *, found: bool = True) -> Reply:
    """The commands, one line each; ``closed`` counts those that the asker may not run.

    Those of a topic that was not ``found`` are all that there are, and stand there shortly.
    """
    first = _opening(topic, found)
    lines = [_line(entry) if found else _line(entry)[:1] for entry in entries[:MAX_COMMANDS]]
    notes = []
    if len(entries) > MAX_COMMANDS:
        topics = sorted({entry.service for entry in entries})
        notes.append(f"And {len(entries) - MAX_COMMANDS} more: say “help” with one of {', '.join(topics)}.")
    if closed and not topic:
        notes.append(f"{count(closed, 'more command')} may be run by other groups than yours.")
    notes.append("Say it in your own words; I ask when something is missing. “help copy” tells more about one command.")
    return listed([first], lines, after=[small(" ".join(notes))])


def command(entry: Entry) -> Reply:
    """One command closely: what it does, what it needs, how it can be said."""
    after = [small(_EFFECTS[entry.effect])]
    said = [[Code(example.text)] for example in entry.examples[:MAX_EXAMPLES]]
    if said:
        after = [paragraph("You can say:"), bullets(said), *after]
    return listed([Bold(entry.title), f" – {entry.summary}"], [_parameter(p) for p in entry.parameters], after=after)


def _opening(topic: str, found: bool) -> str:
    if not topic:
        return "You can ask me for this:"
    if found:
        return f"About “{shown(topic)[:100]}” you can ask me for this:"
    return f"I know nothing about “{shown(topic)[:100]}”. You can ask me for this:"


def _line(entry: Entry) -> list[Part]:
    example = entry.examples[0].text if entry.examples else entry.title
    return [Code(example), f" – {entry.summary}"]


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
