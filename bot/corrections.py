"""What somebody takes back while writing: "copy q2.csv, no, q3.csv from a-1 to b-1".

The value before the words that take it back gives way to the one after them, where both show by their form that they
are of one kind, or follow the same preposition. What then stands there must still be a command as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import values
from bot.matches import Match
from bot.matching import Matcher
from bot.models import Entry
from bot.normalise import Sentence, Token, retyped

TOKENS_LIMIT = 40
"""Words of a sentence that is looked through at all, so that the cost of a long one stays bounded."""
CORRECTED_COST = 0.5
PLACE_WORDS = 3
"""Words that the place of a region may have: "Hong Kong"."""
_ENDS = ",;:."


@dataclass(frozen=True, slots=True)
class _Span:
    """Tokens from ``first`` to ``last``, inclusive: a value, with its preposition if it was said with one."""

    first: int
    last: int
    kind: str


class Corrections:
    """Reads a sentence as its author meant it in the end."""

    def __init__(self, matcher: Matcher, entries: Mapping[str, Entry], words: Mapping[str, Any]) -> None:
        known: Mapping[str, Sequence[str]] = words.get("taken_back", {})
        self._matcher = matcher
        self._choices = {
            choice.casefold(): parameter.name
            for entry in entries.values()
            for parameter in entry.parameters
            if parameter.type == "choice"
            for choice in parameter.choices
        }
        self._prepositions = frozenset(known.get("prepositions", ()))
        self._nouns = frozenset(known.get("nouns", ()))

    def read(self, said: Sentence) -> Match | None:
        """The command, with what was taken back left out; None when nothing is, or no command remains."""
        if len(said.tokens) > TOKENS_LIMIT or any(token.mention or token.pointed for token in said.tokens):
            return None
        for at in range(1, len(said.tokens)):
            count = self._matcher.opening("corrections", said.tokens[at:])
            found = self._without(said, at, at + count) if count else None
            if found:
                return found
        return None

    def _without(self, said: Sentence, marker: int, after: int) -> Match | None:
        tokens = said.tokens
        meant = self._value(tokens, after)
        if meant is None:
            return None
        wrong = self._taken_back(tokens[:marker], tokens, meant)
        if wrong is None:
            return None
        typed = [said.text[token.start : token.end] for token in tokens]
        corrected = [
            *typed[: wrong.first],
            *typed[meant.first : meant.last],
            typed[meant.last].rstrip(_ENDS),
            *[each.rstrip(_ENDS) for each in typed[wrong.last + 1 : marker]],
            *typed[meant.last + 1 :],
        ]
        found = self._matcher.read(retyped(" ".join(corrected)))
        if not found or found[0].problems:
            return None
        aside = " ".join([*typed[wrong.first : wrong.last + 1], *typed[marker:after]])
        return replace(found[0], cost=found[0].cost + CORRECTED_COST, aside=aside)

    def _value(self, tokens: Sequence[Token], at: int) -> _Span | None:
        """The value that begins there: with its preposition and noun, "from the bucket my-bucket"."""
        said = {token.word for token in tokens[:at] if not self._kind(token)}
        first = at
        while first < len(tokens) and tokens[first].word in self._prepositions | self._nouns | said:
            first += 1
        for last in reversed(range(first, min(first + PLACE_WORDS, len(tokens)))):
            if last > first and values.sure("region", " ".join(token.text for token in tokens[first : last + 1])):
                return _Span(at, last, "region")
        kind = self._kind(tokens[first]) if first < len(tokens) else ""
        return _Span(at, first, kind) if kind else None

    def _taken_back(self, before: Sequence[Token], tokens: Sequence[Token], meant: _Span) -> _Span | None:
        """The last value of the same kind; where the new one has a preposition, the one that has it too."""
        introduced = meant.last > meant.first and tokens[meant.first].word
        for first in reversed(range(len(before))):
            if introduced and before[first].word == introduced:
                old = self._value(before, first + 1)
                return _Span(first, old.last, old.kind) if old and old.kind == meant.kind else None
            if not introduced and self._alike(before[first], meant.kind):
                return _Span(first, first, meant.kind)
        return None

    def _alike(self, token: Token, kind: str) -> bool:
        """Whether a word is of this kind; a bare number may have its unit still to come: "6, sorry, 8 hours"."""
        return self._kind(token) == kind or (kind == "duration" and token.text.isdigit())

    def _kind(self, token: Token) -> str:
        """What a word is: the parameter that it is a choice of, or its type by its form; empty for a plain word."""
        return self._choices.get(token.word) or _type(token)


def _type(token: Token) -> str:
    if token.duration is not None:
        return "duration"
    text = token.text
    for kind in ("execution_id", "log_group", "region"):
        if values.sure(kind, text):
            return kind
    if token.quoted or values.sure("key", text):
        return "key"
    return "bucket" if any(sign in text for sign in "-./") and values.sure("bucket", text) else ""
