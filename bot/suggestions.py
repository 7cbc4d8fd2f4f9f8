"""Commands that come near a sentence that was not understood, with the person's own names in them where they fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import values
from bot.grounding import little
from bot.models import Entry, Example, Value
from bot.normalise import Sentence, Token
from bot.signs import Signs, asks

COUNT = 3
_DOUBTS = ("negations", "conditions", "later", "doubted")
"""Lists of words that turn what the rest of a sentence says, or keep it from happening now."""
_TAKING = ("delete", "switch_off", "stop")
_DEFAULT = ("list buckets", "list files in my-bucket", "help")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A command."""

    text: str
    complete: bool
    """It can be pressed: every name in it is the person's, not the example's, and nothing speaks against it."""


def restated(entry: Entry, parameters: Mapping[str, Value]) -> str:
    """The command for just these values, after an example of the entry; empty where none has the same parameters."""
    said = {name: str(value) for name, value in parameters.items() if name not in entry.fixed}
    for example in entry.examples:
        shown = {name: str(value) for name, value in example.parameters.items() if name not in entry.fixed}
        if shown.keys() == said.keys():
            names = {shown[name]: f'"{text}"' if " " in text else text for name, text in said.items()}
            words = example.text.split(" ")
            if set(names) <= set(words) and not any('"' in text for text in said.values()):
                return " ".join(names.get(word, word) for word in words)
    return ""


def suggest(said: Sentence, entries: Mapping[str, Entry], words: Mapping[str, Any]) -> tuple[Suggestion, ...]:
    """The examples that share most with the sentence, one an entry; the commonest commands when nothing is shared.

    Nothing that changes anything can be pressed when the sentence turns or doubts what it says, nor is it offered to
    who asks for something or wants the opposite.
    """
    signs = Signs(words)
    spoken = {token.word for token in said.tokens if len(token.word) > 2 and not little(token.word)}
    asked = [entry for entry in entries.values() if _fits(said, spoken, entry, signs)]
    doubted = any(signs.has(name, said.tokens) for name in _DOUBTS)
    ranked = sorted(_ranked(said, spoken, asked, doubted=doubted), key=lambda item: item[:2])
    best = [suggestion for score, _, suggestion in ranked if score < 0]
    return tuple(best[:COUNT]) or tuple(_default(said, entries))


def _fits(said: Sentence, spoken: set[str], entry: Entry, signs: Signs) -> bool:
    """Whether the entry may be suggested at all."""
    if any(parameter.type == "sentence" for parameter in entry.parameters):
        return False  # what is said about sentences is near to every sentence
    if not _changes(entry):
        return True
    if not spoken & _verbs(entry) or (asks(said) and _drastic(entry)):
        return False  # nobody who looks for something shall find a button that takes it away
    taking = any(signs.has(name, said.tokens) for name in _TAKING)
    return not taking or any(signs.alone("delete", each.text.split()[0]) for each in entry.examples[:1])


def _ranked(
    said: Sentence, spoken: set[str], entries: Sequence[Entry], *, doubted: bool
) -> Iterator[tuple[int, bool, Suggestion]]:
    for entry in entries:
        for example in entry.examples[:1]:
            known = {word for each in entry.examples for word in each.text.lower().split()}
            known |= set(entry.title.lower().split())
            suggestion = _fitted(said, entry, example)
            if doubted and _changes(entry):
                suggestion = replace(suggestion, complete=False)
            yield -len(spoken & known), not suggestion.complete, suggestion


def _changes(entry: Entry) -> bool:
    return entry.effect != "read"


def _drastic(entry: Entry) -> bool:
    """It takes something away, or changes what everybody's sentences mean."""
    return entry.effect == "destroy" or entry.access == "teach"


def _verbs(entry: Entry) -> set[str]:
    return {text.lower().split()[0] for text in (entry.title, *(example.text for example in entry.examples))}


def _default(said: Sentence, entries: Mapping[str, Entry]) -> Iterator[Suggestion]:
    examples = {example.text: (entry, example) for entry in entries.values() for example in entry.examples}
    for text in _DEFAULT:
        yield _fitted(said, *examples[text]) if text in examples else Suggestion(text, complete=False)


def _fitted(said: Sentence, entry: Entry, example: Example) -> Suggestion:
    """The example with names of the sentence in the place of its own; as it is when they do not suffice."""
    left = list(said.tokens)
    names: dict[str, str] = {}
    for name, value in example.parameters.items():
        if name in entry.fixed:
            continue
        token = _take(left, entry.parameter(name).type)
        if token is None:
            return Suggestion(example.text, complete=False)
        plain = not token.quoted or (token.pointed and " " not in token.text)
        names[str(value)] = token.text if plain else f'"{token.text}"'
    text = " ".join(names.pop(word, word) for word in example.text.split(" "))
    return Suggestion(example.text if names else text, complete=not names)


def _take(left: list[Token], kind: str) -> Token | None:
    """The next word that can hardly be anything else than a value of that type."""
    for token in left:
        certain = not token.mention and '"' not in token.text and kind in values.TYPES and values.sure(kind, token.text)
        if certain and not (kind == "bucket" and values.sure("key", token.text)):
            left.remove(token)
            return token
    return None
