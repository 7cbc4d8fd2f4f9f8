"""A sentence as it is heard, whatever it may ask for: its words, slips mended, and its clauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from bot import values
from bot.clauses import Patterns, clauses
from bot.forms import types_of
from bot.gist.kinds import Common
from bot.matching import Matcher
from bot.normalise import Sentence, Token, sentence_of


@dataclass(frozen=True, slots=True)
class Clause:
    """Neighbouring tokens that say one thing."""

    spots: range
    corrects: int
    """How many words at its start say that it takes something back."""
    instead: bool
    """Its values take the place of those that were said before."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence, what its misspelt words were meant to be, and its clauses."""

    said: Sentence
    repaired: Sequence[str]
    polite: frozenset[int]
    """The tokens that are politeness and fillers."""
    clauses: Sequence[Clause]
    comparisons: Patterns
    """Words before what something is only compared with: "like we did with"."""
    asides: Patterns
    """Words that say nothing together: "is what we need"."""
    reads: Callable[[tuple[Token, ...]], bool]
    """Whether some words are a command of their own."""


class Hearing:
    """Takes sentences apart."""

    def __init__(self, words: Mapping[str, Any], common: Common, matcher: Matcher) -> None:
        known: Mapping[str, Sequence[str]] = words.get("gist", {})
        self._openers = Patterns(known.get("openers", ()))
        self._asides = Patterns(known.get("asides", ()))
        self._comparisons = Patterns(known.get("comparisons", ()))
        self._common = common
        self._matcher = matcher

    def hear(self, said: Sentence) -> Heard:
        """The sentence as words and clauses."""
        found = self._clauses(said)
        kept = {token.start for token in self._matcher.trimmed(said.tokens)}
        for clause in found[1:]:
            part = said.tokens[clause.spots.start : clause.spots.stop]
            asked = self._matcher.asked(part)
            kept.difference_update(token.start for token in part[:asked])
        polite = frozenset(at for at, token in enumerate(said.tokens) if token.start not in kept)
        repaired = [self._matcher.repaired(token) for token in said.tokens]
        return Heard(said, repaired, polite, found, self._comparisons, self._asides, cache(self._commands))

    def _clauses(self, said: Sentence) -> list[Clause]:
        """The clauses, which also begin where somebody comes to the point: "before I go home I need to know …"."""
        found: list[Clause] = []
        carried = 0
        taken_back = False
        for clause in clauses(said):
            opened = [at for at in clause[1:] if self._opens(said.tokens[at : clause.stop], said.tokens[at - 1])]
            for begin, stop in pairwise([clause.start, *opened, clause.stop]):
                start = begin
                tokens = said.tokens[start:stop]
                corrected = self._matcher.opening("corrections", tokens) if start else 0
                if start and all(token.word in {"no", *self._common.hesitations} for token in tokens):
                    corrected = len(tokens)  # "from my-bucket, er, from other-bucket"
                taken_back = taken_back or corrected > 0
                if corrected == len(tokens) and stop < len(said.tokens):
                    carried += corrected  # "no wait, it is in my-bucket"
                    continue
                further = not self._common.further.isdisjoint(token.word for token in tokens)
                instead = (taken_back and not further) or self._replaces(tokens, said.tokens[:start])
                found.append(
                    Clause(range(start - carried, stop), corrected + carried, instead or corrected + carried > 0)
                )
                carried = 0
        return found

    def _replaces(self, tokens: Sequence[Token], before: Sequence[Token]) -> bool:
        """Whether the values of a clause count instead of those ``before`` it: "rather …", "… I mean", and "but …"
        after "we wanted Ireland first"."""
        words = [token.word for token in tokens]
        if not before:
            return False
        meant = words[-2:-1] == ["i"] and words[-1] in self._common.meaning_ends
        superseded = words[0] == "but" and any(token.word in self._common.superseded for token in before)
        return meant or superseded or not self._common.instead.isdisjoint(words)

    def _opens(self, tokens: Sequence[Token], before: Token) -> bool:
        """Whether a clause begins there without a sign: somebody comes to the point, or corrects a value."""
        if before.word == "what":
            return False  # "what must be deleted is …"
        if self._openers.at(tokens):
            return True
        count = self._matcher.opening("corrections", tokens)
        if not 0 < count < len(tokens) or before.word in self._common.between | self._common.speakers:
            return False
        return bool(types_of(tokens[count])) or values.sure("region", tokens[count].text)

    def _commands(self, tokens: tuple[Token, ...]) -> bool:
        """Whether some words are a command of their own."""
        return any(not match.problems for match in self._matcher.read(sentence_of(tokens)))
