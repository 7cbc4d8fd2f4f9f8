"""A sentence as one entry sees it: which of its words mean something there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from bot.clauses import Calm
from bot.forms import types_of
from bot.gist.hearing import Clause, Heard
from bot.gist.kinds import TIME, Common, Kind
from bot.models import Value

THING_WORDS = 4
"""Words of a description: "our old price list"."""
DESCRIPTION_WORDS = 10
"""Words that describe a bucket before it is named: "to the bucket where we keep the finals"."""
MERGED = "\0"
"""Stands for the words that an idiom has beside its first, or that only say what shall not be."""


class View:
    """One sentence beside the words of one entry."""

    def __init__(self, heard: Heard, kind: Kind, common: Common, calm: Calm) -> None:
        self.said = heard.said
        self.tokens = heard.said.tokens
        self.polite = heard.polite
        self.clauses = heard.clauses
        self.asides = heard.asides
        self.comparisons = heard.comparisons
        self.reads = heard.reads
        self.kind = kind
        self.common = common
        self.calm = calm
        self.changes = kind.entry.effect != "read"
        self.timed = any(token.duration is not None for token in self.tokens)
        """Whether a length of time is said."""
        self.nameless = not any(map(types_of, self.tokens))
        pairs = zip(heard.said.tokens, heard.repaired, strict=True)
        typed = (repaired if repaired and not self.known(token.word) else token.word for token, repaired in pairs)
        self.words = [self._owning(word) for word in typed]
        self._stops = frozenset(clause.spots.stop for clause in heard.clauses)
        self.excluded = dict(self._excluded())
        """Parameters that shall not be set, with where that is said: "never delete them"."""
        self.idiomatic = frozenset(self._say_plainly())
        """Where a verb stands for an idiom."""
        self.cued = kind.cues(frozenset(self.words))
        self.described = dict(self._bucket_descriptions())
        """Where a bucket is described that the next clause names, with where it is named."""
        self.described_by = {named: self.words[spots.start] for spots, named in self.described.items()}
        """The word that gives such a name its role: "to" of "to the bucket of the finance team, my-bucket"."""
        self.thing = self._thing() if kind.needs else range(0)
        """What describes one thing without its name: "our price list" of "copy our price list to my-bucket"."""

    def _owning(self, word: str) -> str:
        """The noun of "the bucket's name"."""
        return word[:-2] if word.endswith("'s") and word[:-2] in self.kind.nouns else word

    def _say_plainly(self) -> Iterator[int]:
        """Puts the verb that it means in the place of an idiom, and tells where."""
        for at in range(len(self.words)):
            count, meant = self.kind.idioms.at(self.words, at, self._stops)
            if count:
                said = meant.split()
                kept = self.kind.nouns | self.kind.alone
                rest = (word if word in kept else MERGED for word in self.words[at + len(said) : at + count])
                self.words[at : at + count] = [*said, *rest]
                yield at

    def _excluded(self) -> Iterator[tuple[str, int]]:
        """Takes out what only says what shall not be."""
        for at in range(len(self.words)):
            count, parameter = self.kind.excludes.at(self.words, at, self._stops)
            if count:
                self.words[at : at + count] = [MERGED] * count
                yield parameter, at

    def _bucket_descriptions(self) -> Iterator[tuple[range, int]]:
        for clause, following in pairwise(self.clauses):
            nouns = [at for at in clause.spots if self.words[at] == "bucket"]
            named = following.spots.start
            if not nouns or following.corrects or "bucket" not in types_of(self.tokens[named]):
                continue
            first = nouns[-1] - 1
            while first > clause.spots.start and self.words[first] in self.common.between | self.common.determiners:
                first -= 1
            spots = range(first, clause.spots.stop)
            orders = self.changes and any(self.calm.orders(self.words[at]) for at in spots)
            plain = not orders and not any(types_of(self.tokens[at]) for at in spots)
            introducing = self.kind.before.keys() | (self.common.prepositions - self.common.determiners)
            introduced = first >= clause.spots.start and self.words[first] in introducing
            if introduced and plain and len(spots) <= DESCRIPTION_WORDS:
                yield spots, named

    def _thing(self) -> range:
        if any(self._names_a_file(at) for at in range(len(self.words))):
            return range(0)
        verbs = (at for at, word in enumerate(self.words) if word in self.kind.verbs or self._wished_done(at))
        first = next((at + 1 for at in verbs if self._describes(at + 1)), None)
        if first is None:
            return range(0)
        clause = next(clause for clause in self.clauses if first in clause.spots)
        stop = first + 1
        while stop < clause.spots.stop and self._says_what(stop):
            stop += 1
        words = range(first, stop)
        short = 1 < len(words) <= THING_WORDS + 1
        return words if short and self.common.several.isdisjoint(self._said(words)) else range(0)

    def _wished_done(self, at: int) -> bool:
        """Whether a word wishes for what is said to be done: "I need one of our scans copied"."""
        return self.words[at] in self.common.wishes and not self.kind.done.isdisjoint(self.words[at + 1 :])

    def _said(self, spots: range) -> list[str]:
        """Words without repair, which makes "logs" of "logos"."""
        return [self.tokens[at].word for at in spots]

    def _names_a_file(self, at: int) -> bool:
        introduced = at > 0 and self.words[at - 1] in self.common.prepositions - {"of"}
        return "key" in types_of(self.tokens[at]) and not introduced

    def _describes(self, at: int) -> bool:
        """Whether a description begins there; "the …" names one thing of which the name need not be asked."""
        known = self.common.describing if self.nameless else self.common.indefinite
        return at < len(self.words) and self.words[at] in known and self.words[at] not in self.common.pronouns

    def _says_what(self, at: int) -> bool:
        """Whether a word goes on with a description."""
        word = self.words[at]
        if word == "of":
            return self.words[at - 1] == "one"  # "one of our old logos"
        ends = word in self.common.prepositions | self.kind.done or at in self.polite or self.calm.orders(word)
        return word.isalpha() and not ends and not types_of(self.tokens[at])

    def meaning(self, at: int) -> tuple[int, Mapping[str, Value]]:
        """How many words from one on settle parameters, and which: "every day"."""
        count, settled = self.kind.means.at(self.words, at, self._stops)
        return count, settled or {}

    def known(self, word: str) -> bool:
        """Whether a word means something here, so that it is no slip for another."""
        common = self.common
        return (
            word in self.kind.words
            or word in common.silent
            or word in common.silent_in_questions
            or word in common.askers
            or word in common.contrasts
            or word in common.naming
            or self.calm.bars(word)
        )

    def times(self, word: str) -> bool:
        """Whether a word says what a length of time is for: "delete" of "delete them after 30 days"."""
        return self.timed and TIME in self.kind.nouns and word in self.kind.timing - self.kind.unmet

    def cues(self, clause: Clause) -> bool:
        """Whether a clause holds a word that the entry is asked for with."""
        timed = TIME in self.kind.nouns
        return any(
            self.words[at] in self.cued or (timed and self.tokens[at].duration is not None) for at in clause.spots
        )

    def first(self, clause: Clause) -> int:
        """The first word that counts in a clause."""
        spots = (at for at in clause.spots if at not in self.polite and self.words[at] not in self.common.connecting)
        return next(spots, clause.spots.start)

    def states(self, clause: Clause) -> bool:
        """Whether a clause is a sentence that asks for nothing: "our office is in Ireland"."""
        words = [self.words[at] for at in clause.spots]
        return not self.cues(clause) and not self.common.finite.isdisjoint(words)

    def begins_clause(self, at: int) -> bool:
        """Whether a word is the first of its clause."""
        return any(clause.spots.start == at for clause in self.clauses)

    def begins(self, clause: Clause) -> bool:
        """Whether a clause begins with the verb, as orders do: "please delete …", "so can you copy …"."""
        word = self.words[self.first(clause)]
        return word in self.kind.verbs or self.times(word)

    def wishes(self, clause: Clause) -> bool:
        """Whether a clause says what is wished for: "could we get …", "… must be deleted"."""
        acts = self.kind.verbs | self.kind.done | self.kind.elliptic
        spots = [at for at in clause.spots if self.words[at] in acts]
        wished = any(not self.common.wishes.isdisjoint(self.words[clause.spots.start : at]) for at in spots)
        return wished or not self.idiomatic.isdisjoint(spots)

    def labels(self, at: int) -> bool:
        """Whether a word is put before what follows as its label: "from: my-bucket", "dst=my-bucket"."""
        following = self.tokens[at + 1 : at + 2]
        gap = self.said.text[self.tokens[at].end : following[0].start] if following else ""
        return self.typed(at).endswith((":", "=", "?")) or "=" in gap

    def typed(self, at: int) -> str:
        """A word as it was typed, with its punctuation."""
        return self.said.text[self.tokens[at].start : self.tokens[at].end]
