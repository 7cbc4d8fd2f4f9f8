"""Questions in whatever order and form: "doc-store, I'd be interested in what is stored there".

Only for what reads, and only where every word of the sentence is in a closed list of words that ask, name what is
looked at, or say nothing; where exactly the values that the entry needs are there, each recognised by its form; and
where what is asked about is named. The lists are data: ``loose`` in ``seeds/words.json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot import values
from bot.matches import Match, missing_of
from bot.models import Entry, Parameter, Value
from bot.normalise import Sentence, Token

LOOSE_COST = 3.0
TOKENS_LIMIT = 25


class Loose:
    """Reads questions by their words alone."""

    def __init__(self, entries: Mapping[str, Entry], words: Mapping[str, Any]) -> None:
        known: Mapping[str, Any] = words.get("loose", {})
        self._any = frozenset(known.get("any", ()))
        self._asking = frozenset(known.get("asking", ()))
        self._whether = frozenset(known.get("whether", ()))
        self._kinds = [
            (entries[name], frozenset(kind["about"]), frozenset(kind["words"]))
            for name, kind in known.get("entries", {}).items()
            if name in entries and entries[name].effect == "read"
        ]

    def read(self, said: Sentence) -> Match | None:
        """The one entry that the question can be about; None when there is none, or more than one."""
        if not 2 <= len(said.tokens) <= TOKENS_LIMIT or any(token.quoted or token.mention for token in said.tokens):
            return None
        if not any(token.word in self._asking for token in said.tokens):
            return None
        found = [match for kind in self._kinds if (match := self._match(said.tokens, *kind))]
        return found[0] if len(found) == 1 else None

    def _match(
        self, tokens: Sequence[Token], entry: Entry, about: frozenset[str], words: frozenset[str]
    ) -> Match | None:
        parameters: dict[str, Value] = {**entry.fixed}
        named = False
        for at, token in enumerate(tokens):
            if token.word == "if" and at and tokens[at - 1].word in self._whether:
                continue  # "check if", which is no condition
            named = named or token.word in about
            if token.word in self._any or token.word in about or token.word in words:
                continue
            name = _place(entry, token)
            if not name or name in parameters:
                return None
            parameters[name] = values.parse(entry.parameter(name).type, token.name)
        missing = missing_of(entry, parameters, {})
        return Match(entry, parameters, (), {}, "", LOOSE_COST) if named and not missing else None


def _place(entry: Entry, token: Token) -> str:
    """The parameter that a word is a value of, by its form alone; empty when it is none."""
    return next((parameter.name for parameter in entry.parameters if _fits(parameter, token)), "")


def _fits(parameter: Parameter, token: Token) -> bool:
    kind, text = parameter.type, token.name
    if kind == "hours":
        return token.duration is not None and token.duration.hours() is not None
    if kind == "prefix":
        return text.endswith("/") and values.sure(kind, text)
    if kind == "bucket":
        return "-" in text.strip("-") and values.sure(kind, text) and not values.location(text)
    return kind in ("log_group", "execution_id") and values.sure(kind, text)
