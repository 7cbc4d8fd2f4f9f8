"""Names that are pointed at instead of said: "the second one", "number 3", "the last file" of a list that was shown.

What points becomes one word that is a value of the list's type and of no other, so "delete the second one" after a list
of buckets deletes nothing. Where there is no such list, it stands for no value at all, and is asked about. How people
point is data: ``pointing`` in ``seeds/words.json``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import values
from bot.forms import types_of
from bot.matches import Match, missing_of, partner
from bot.models import Intent, Listed, Value
from bot.normalise import Pointed, Sentence, Token

_LAST = -1
_NAMED = "bucket"
"""What is told by its name alone, so that no place or time makes one of it."""
_TAIL_WORDS = 4
_NOT_THE_LAST = ("execution_id",)
"""Of these "the last one" is the newest, wherever it stands."""
_NO_ROLES: Mapping[str, str] = {}
_NUMBERED = ("number",)
"""These have numbers of their own, which "number 3" means."""

_CALLED_BY_KIND = ("workflow",)
"""Of these, a sentence also says what they are: "run the inventory report workflow"."""


class Pointing:
    """Finds what points into a list."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        known = words.get("pointing", {})
        self._ordinals: Mapping[str, int] = known.get("ordinals", {})
        self._determiners: Sequence[str] = known.get("determiners", ())
        self._further: Sequence[str] = known.get("further", ())
        """Words before "second one" by which it is one more, and none of a list."""
        self._holding: Sequence[str] = known.get("holding", ())
        """Words before what holds files."""
        self._role_nouns: Sequence[str] = known.get("role_nouns", ())
        self._ones: Sequence[str] = known.get("ones", ())
        self._nouns: Mapping[str, Sequence[str]] = known.get("nouns", {})
        self._numbers: Sequence[str] = known.get("numbers", ())
        self._tails: Sequence[str] = known.get("tails", ())
        self._followed_by: Sequence[str] = known.get("followed_by", ())

    def read(
        self,
        said: Sentence,
        listed: Listed | None,
        *,
        answer: bool = False,
        spoken: Listed | None = None,
        roles: Mapping[str, str] = _NO_ROLES,
    ) -> Sentence:
        """The sentence with the names of the list in the place of what points at them.

        ``answer`` says that a name of the list was asked for: then "second" or "2" alone is enough. ``spoken`` are
        names that were said, which are pointed at where no list was shown, or none that holds files ("from the first
        one"); ``roles`` are what buckets are called instead of their names ("the other bucket").
        """
        if answer and listed and (place := self._alone(said.tokens)):
            return replace(said, tokens=(self._name(said, said.tokens, place, listed),))
        tokens: list[Token] = []
        at = 0
        while at < len(said.tokens):
            before = said.tokens[at - 1].word if at else ""
            holds = before in self._holding and listed is not None and listed.type != _NAMED
            meant = spoken if listed is None or (holds and spoken) else listed
            count, place = (0, 0) if before in self._further else self._at(said.tokens[at:], meant)
            if called := 0 if count else self._called(said.tokens[at:], roles):
                tokens.append(self._by_role(said.tokens[at : at + called], roles))
            else:
                named = self._name(said, said.tokens[at : at + count], place, meant) if count else said.tokens[at]
                tokens.append(named)
            if count and meant and meant.type in _CALLED_BY_KIND:
                tokens.append(Token(meant.type, meant.type, tokens[-1].start, tokens[-1].end))
            at += count or called or 1
        return replace(said, tokens=tuple(tokens))

    def _called(self, tokens: Sequence[Token], roles: Mapping[str, str]) -> int:
        """How many tokens at the start call a bucket by what it is for: "the destination bucket", "other bucket"."""
        words = [token.word for token in tokens[:3]]
        at = int(words[0] in self._determiners)
        if len(words) < at + 2 or words[at] not in roles or words[at + 1] not in self._role_nouns:
            return 0
        following = tokens[at + 2 : at + 3]
        return 0 if any(map(types_of, following)) else at + 2

    @staticmethod
    def _by_role(tokens: Sequence[Token], roles: Mapping[str, str]) -> Token:
        name = next(roles[token.word] for token in tokens if token.word in roles)
        first, last = tokens[0], tokens[-1]
        pointed = Pointed(_NAMED, f"“{name}” is a bucket.")
        return Token(name, "", first.start, last.end, quoted=True, comma=last.comma, pointed=pointed)

    def _alone(self, tokens: Sequence[Token]) -> int:
        """The place that a whole answer names."""
        left = [token.word for token in tokens if token.word not in (*self._determiners, *self._ones, *self._numbers)]
        return self._ordinals.get(left[0], 0) or _digits(left[0]) if len(left) == 1 else 0

    def _at(self, tokens: Sequence[Token], listed: Listed | None) -> tuple[int, int]:
        """How many tokens at the start point at something, and at which place of the list."""
        words = [token.word for token in tokens]
        determined = words[0] in self._determiners
        rest = words[1:] if determined else words
        count, place = self._by_ordinal(rest, determined, listed) if rest else (0, 0)
        if not count and listed and rest:
            count, place = self._by_number(rest, listed)
        if not count:
            return 0, 0
        count += determined
        return count + self._tail(words[count:]), place

    def _by_ordinal(self, words: Sequence[str], determined: bool, listed: Listed | None) -> tuple[int, int]:
        """ "Second one", "first bucket"; "second" alone after "the" and before a preposition or the end."""
        place = self._ordinals.get(words[0], 0)
        if not place or (place == _LAST and (listed is None or listed.type in _NOT_THE_LAST)):
            return 0, 0
        if len(words) > 1 and words[1] in (*self._ones, *self._nouns_of(listed)):
            return 2, place
        if listed is None:
            return 0, 0
        ends = len(words) == 1 or words[1] in self._followed_by or self._tail(words[1:]) > 0
        return (1, place) if determined and ends else (0, 0)

    def _by_number(self, words: Sequence[str], listed: Listed) -> tuple[int, int]:
        """ "Number 3", "file number 3", "#3"."""
        if listed.type in _NUMBERED:
            return 0, 0
        named = words[0] in (*self._ones, *self._nouns_of(listed))
        rest = words[1:] if named else words
        if len(rest) > 1 and rest[0] in self._numbers and (place := _digits(rest[1])):
            return named + 2, place
        return (named + 1, place) if rest and rest[0][:1] == "#" and (place := _digits(rest[0][1:])) else (0, 0)

    def _nouns_of(self, listed: Listed | None) -> Sequence[str]:
        """What points as a noun: what the names of the list are called, and "bucket" always. Without a list of files,
        "the first file" may still say something; but there is no first bucket."""
        return (*(self._nouns.get(listed.type, ()) if listed else ()), *self._nouns.get(_NAMED, ()))

    def _tail(self, words: Sequence[str]) -> int:
        """ "Of them", "in the list"."""
        counts = range(min(_TAIL_WORDS, len(words)), 0, -1)
        return next((count for count in counts if " ".join(words[:count]) in self._tails), 0)

    def _name(self, said: Sentence, tokens: Sequence[Token], place: int, listed: Listed | None) -> Token:
        """One word for what was pointed at."""
        first, last = tokens[0], tokens[-1]
        if listed and listed.type != _NAMED and any(token.word in self._nouns.get(_NAMED, ()) for token in tokens):
            listed = None
        typed = said.text[first.start : last.start] + last.text
        name = _nth(listed.names, place) if listed else ""
        if not listed:
            kind, problem = "", f"I do not know which “{typed}” is: I have shown you no such list here."
        elif not name:
            kind, problem = "", f"I do not know which “{typed}” is: my list had {len(listed.names)}."
        else:
            noun = next(iter(self._nouns.get(listed.type, ())), listed.type)
            kind, problem = listed.type, f"“{typed}” of my list is the {noun} {name}."
        return Token(
            name or typed, "", first.start, last.end, quoted=True, comma=last.comma, pointed=Pointed(kind, problem)
        )


def _digits(word: str) -> int:
    return int(word) if word.isdigit() and len(word) < 4 else values.NUMBER_WORDS.get(word, 0)


def _nth(names: Sequence[str], place: int) -> str:
    if place == _LAST:
        return names[-1] if names else ""
    return names[place - 1] if place <= len(names) else ""


def placed(intent: Intent, match: Match, listed: Listed | None) -> Intent:
    """The intent whose values were pointed at: they are the thread's, and a file brings the bucket it was listed in."""
    parameters: dict[str, Value] = dict(intent.parameters)
    problems = dict(intent.problems)
    inherited = [name for name in match.pointed if name in parameters]
    bucket = listed.beside.get("bucket") if listed else None
    for name in tuple(inherited):
        home = partner(match.entry, match.entry.parameter(name))
        if bucket is None or not home or match.entry.parameter(name).type != "key":
            continue
        if parameters.setdefault(home, bucket) == bucket:
            inherited += [home] if home not in intent.parameters else []
        else:
            problems[name] = f"{parameters.pop(name)} was in the list of {bucket}, which is another bucket."
    return replace(
        intent,
        parameters=parameters,
        problems=problems,
        missing=missing_of(match.entry, parameters, problems),
        origins={**intent.origins, **dict.fromkeys(inherited, "inherited")},
    )


def spelled(said: Sentence) -> str:
    """The text with the names in the place of what points at them, for who does not see the list."""
    text = said.text
    for token in reversed(said.tokens):
        if token.pointed and token.pointed.type:
            text = f'{text[: token.start]}"{token.text}"{text[token.end :]}'
    return text
