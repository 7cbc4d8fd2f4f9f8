"""A change in whatever order and form: "to vet-archive I'd like hoof.mp4 copied, it sits in stable-cams".

Every word must be in a closed list of words that say nothing of their own, except for the one verb, the values, which
show by their form what they are, and the words beside a value that give it its role ("from", "to", "contains").
Nothing may be missing, and what was passed over goes with the match: such a change is confirmed. The lists are data,
``roles`` in ``seeds/words.json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bot import values
from bot.errors import BadValue
from bot.matches import Match, is_pattern, missing_of
from bot.models import Entry, Value
from bot.normalise import Sentence, Token

ROLES_COST = 3.0
TOKENS_LIMIT = 40
_BEFORE = 3
"""Words between a value and what gives it its role: "from the old bucket my-bucket"."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What one entry's changes are said with."""

    entry: Entry
    verbs: frozenset[str]
    done: frozenset[str]
    """Participles, which ask for something only beside a wish: "I want it copied"."""
    words: frozenset[str]
    before: Mapping[str, Sequence[str]]
    """Word to the parameters that a value after it may be, as far as the other values leave one."""
    after: Mapping[str, Sequence[str]]
    """The same of a word after the value: "my-bucket contains"."""

    def says(self, word: str) -> bool:
        """Whether a word is part of how such a change is said."""
        return any(word in known for known in (self.verbs, self.done, self.words, self.before))


class Roles:
    """Reads changes by their values and the roles of these alone."""

    def __init__(self, entries: Mapping[str, Entry], words: Mapping[str, Any]) -> None:
        known: Mapping[str, Any] = words.get("roles", {})
        self._any = frozenset(known.get("any", ()))
        self._wishes = frozenset(words.get("doubts", {}).get("wishes", ()))
        self._between = frozenset(known.get("between", ()))
        self._tellers = frozenset(known.get("tellers", ()))
        self._perfect = frozenset(known.get("perfect", ()))
        self._kinds = [
            _Kind(
                entries[name],
                frozenset(kind["verbs"]),
                frozenset(kind["done"]),
                frozenset(kind["words"]),
                kind["before"],
                kind["after"],
            )
            for name, kind in known.get("entries", {}).items()
            if name in entries
        ]

    def read(self, said: Sentence) -> Match | None:
        """The one change that can be meant, complete; None when there is none, or more than one."""
        tokens = said.tokens
        if not 3 <= len(tokens) <= TOKENS_LIMIT or any(token.mention or token.pointed for token in tokens):
            return None
        found = [match for kind in self._kinds if (match := self._match(said, kind))]
        return found[0] if len(found) == 1 else None

    def _match(self, said: Sentence, kind: _Kind) -> Match | None:
        if not self._asked(said.tokens, kind):
            return None
        parts = [self._part(said.tokens, at, kind) for at in range(len(said.tokens))]
        if None in parts:
            return None
        parameters: dict[str, Value] = {**kind.entry.fixed}
        # What can be only one thing is settled first: of two buckets one may be "in" whatever is left.
        given = [(part, token) for part, token in zip(parts, said.tokens, strict=True) if part]
        for options, token in sorted(given, key=lambda value: len(value[0])):
            if not _taken(kind.entry, options, token, parameters):
                return None
        if missing_of(kind.entry, parameters, {}):
            return None
        aside = self._passed_over(said, kind) or said.text
        return Match(kind.entry, parameters, (), {}, "", ROLES_COST, aside=aside)

    def _part(self, tokens: Sequence[Token], at: int, kind: _Kind) -> tuple[str, ...] | None:
        """The parameters that the token may be, none of them for a word of the command; None when it has no place."""
        word = tokens[at].word
        if kind.says(word) or word in self._any:
            return ()
        return self._role(tokens, at, kind) or None

    def _passed_over(self, said: Sentence, kind: _Kind) -> str:
        """The words that say nothing here, run by run."""
        runs = groupby(said.tokens, key=lambda token: token.word in self._any and not kind.says(token.word))
        return " … ".join(said.slice_of(list(run)) for passed, run in runs if passed)

    def _asked(self, tokens: Sequence[Token], kind: _Kind) -> bool:
        """Whether it is asked for, and not told: "I copy it" and "it was copied" are no requests."""
        words = [token.word for token in tokens]
        bare = [at for at, word in enumerate(words) if word in kind.verbs]
        if any(at and words[at - 1] in self._tellers for at in bare):
            return False
        wished = not self._wishes.isdisjoint(words) and self._perfect.isdisjoint(words)
        return bool(bare) or (wished and not kind.done.isdisjoint(words))

    def _role(self, tokens: Sequence[Token], at: int, kind: _Kind) -> tuple[str, ...]:
        """The parameters that the value there may be; none when it is no value, or nothing says which."""
        type_ = _type(tokens[at])
        if not type_ or is_pattern(tokens[at].text, quoted=tokens[at].quoted):
            return ()
        names = [parameter.name for parameter in kind.entry.parameters if parameter.type == type_]
        before = [token.word for token in tokens[max(at - _BEFORE, 0) : at]]
        while before and before[-1] in self._between and before[-1] not in kind.before:
            del before[-1]
        after = tokens[at + 1].word if at + 1 < len(tokens) else ""
        roles = kind.before.get(before[-1] if before else "", ()) or kind.after.get(after, ())
        options = tuple(name for name in roles if name in names)
        return options if options or type_ == "bucket" else tuple(names[:1])


def _taken(entry: Entry, options: Sequence[str], token: Token, parameters: dict[str, Value]) -> bool:
    """Puts the value in the one place that is free, or where it stands already; False when there is none or two."""
    text = token.name
    if any(parameters.get(name) == text for name in options):
        return True
    free = [name for name in options if name not in parameters]
    if len(free) != 1:
        return False
    try:
        parameters[free[0]] = values.parse(entry.parameter(free[0]).type, text)
    except BadValue:
        return False
    return True


def _type(token: Token) -> str:
    """What a value is by its form alone; empty for a plain word."""
    text = token.name
    if token.duration is not None or values.location(text):
        return ""
    if values.sure("region", text):
        return "region"
    if token.quoted or values.has_extension(text):
        return "key"
    return "bucket" if "-" in text.strip("-") and values.sure("bucket", text) else ""
