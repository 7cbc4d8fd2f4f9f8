"""How a sentence is read, for the person who wants to know why. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.display import shown
from bot.models import Entry, Intent, Origin, Reply, Turn
from bot.replies import Bold, Code, Part, listed, small

LONGEST = 300
"""Characters of a phrase or sentence that are shown: the beginning tells it apart."""
_ORIGINS: Mapping[Origin, str] = {
    "typed": "as typed",
    "asked": "from your reply",
    "inherited": "from this thread",
    "default": "unless you say otherwise",
    "form": "from the form",
}


def reading(sentence: str, intent: Intent, entry: Entry, refusal: str) -> Reply:
    """A sentence that is understood; ``refusal`` says why the asker may not run it."""
    title = ("I read ", _code(sentence), " as ", Bold(entry.title.lower()), ":")
    lines: list[list[Part]] = [["phrase: ", _code(intent.phrase)]] if intent.phrase else []
    lines += [*_values(intent, entry), *_missing(intent, entry)]
    if intent.aside:
        lines.append(["left out: ", _code(intent.aside)])
    lines.append([refusal or f"It needs {entry.access} access, which you have."])
    return listed(title, lines, after=[small(f"{_next(intent, entry)} Now nothing was done.")])


def _next(intent: Intent, entry: Entry) -> str:
    """What would become of it."""
    if entry.confirms(intent):
        return "It would show what will happen, and wait for your confirmation."
    if entry.effect == "read":
        return "It would run at once: it only reads."
    return "It would run at once, as soon as nothing is missing; it asks before it replaces something."


def not_understood(sentence: str, turn: Turn, model: str) -> Reply:
    """A sentence that is no command, with what would become of it; ``model`` would be asked, when there is one."""
    if turn.state == "cancelled":
        return listed(["I read ", _code(sentence), " as an end to the question that is open."], [])
    if turn.problem:
        parts: list[Part] = ["I read ", _code(sentence), ", and would refuse: ", turn.problem.sentence]
        examples = turn.problem.examples
        return listed([*parts, " ", turn.problem.hint], [[Code(text)] for text in examples], after=[_untouched()])
    if model and turn.unknown:
        return listed(
            ["The knowledge base does not know ", _code(sentence), f". I would ask {model} what it means."],
            [],
            after=[small("What it answers is checked against what you typed. Now it was not asked, and nothing done.")],
        )
    suggested: list[list[Part]] = [[Code(text)] for text in turn.suggestions]
    about = turn.error or "I do not know what to do with that."
    return listed(["I read ", _code(sentence), f" and would answer: {about}"], suggested, after=[_untouched()])


def _values(intent: Intent, entry: Entry) -> Iterator[list[Part]]:
    for name, value in intent.parameters.items():
        if name in entry.fixed:
            continue
        origin = _ORIGINS[intent.origins.get(name, "typed")]
        yield [Bold(_spaced(name)), " = ", Code(shown(str(value))), f" – {origin}"]
    for name, default in entry.with_defaults(intent.parameters).items():
        if name not in (*intent.parameters, *intent.missing):
            yield [Bold(_spaced(name)), " = ", Code(str(default)), f" – {_ORIGINS['default']}"]


def _missing(intent: Intent, entry: Entry) -> Iterator[list[Part]]:
    for name in intent.missing:
        wrong = intent.problems.get(name, "")
        question = entry.parameter(name).asks
        yield [Bold(_spaced(name)), f" is missing: {wrong or 'it was not said.'} I would ask: {question}"]


def _code(text: str) -> Code:
    short = shown(text)
    return Code(short if len(short) <= LONGEST else f"{short[: LONGEST - 1]}…")


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _untouched() -> dict[str, object]:
    return small("Nothing was done.")
