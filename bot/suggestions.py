"""Commands that come near a sentence that was not understood, with the person's own names in them where they fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot import values
from bot.grounding import little
from bot.models import Entry, Example, Value
from bot.normalise import Sentence, Token

COUNT = 3
_ASKING = re.compile(
    "what|which|who|whose|when|where|why|how|is|are|was|were|do|does|did|has|have|any|show|list|see|view|display|tell|"
    "find|look|check|read|get|give|explain|describe"
)
"""First words of what only wants to know something."""
_DEFAULT = ("list buckets", "list files in my-bucket", "help")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A command."""

    text: str
    complete: bool
    """It can be run as it is: every name in it is the person's, not the example's."""


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


def suggest(said: Sentence, entries: Mapping[str, Entry]) -> tuple[Suggestion, ...]:
    """The examples that share most with the sentence, one an entry; the commonest commands when nothing is shared."""
    words = {token.word for token in said.tokens if len(token.word) > 2 and not little(token.word)}
    ranked = sorted(_ranked(said, words, entries), key=lambda item: item[:2])
    best = [suggestion for score, _, suggestion in ranked if score < 0]
    return tuple(best[:COUNT]) or tuple(_default(said, entries))


def _ranked(said: Sentence, words: set[str], entries: Mapping[str, Entry]) -> Iterator[tuple[int, bool, Suggestion]]:
    for entry in entries.values():
        if any(parameter.type == "sentence" for parameter in entry.parameters):
            continue  # what is said about sentences is near to every sentence
        if _drastic(entry) and (_asks(said) or not words & _verbs(entry)):
            continue  # nobody who looks for something shall find a button that takes it away
        for example in entry.examples[:1]:
            known = {word for each in entry.examples for word in each.text.lower().split()}
            known |= set(entry.title.lower().split())
            suggestion = _fitted(said, entry, example)
            yield -len(words & known), not suggestion.complete, suggestion


def _drastic(entry: Entry) -> bool:
    """It takes something away, or changes what everybody's sentences mean."""
    return entry.effect == "destroy" or entry.access == "teach"


def _asks(said: Sentence) -> bool:
    return bool(said.tokens) and (
        _ASKING.fullmatch(said.tokens[0].word) is not None or said.text.rstrip().endswith("?")
    )


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
