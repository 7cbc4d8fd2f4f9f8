"""A request in whatever words and order, read by its gist: "the brokers can't find rates.pdf, can you put a copy from
my-bucket into other-bucket?"

The clauses that ask for something may hold nothing but words that ask for it, values, the words beside a value that
give it its role, and words that say nothing here. The other clauses may say anything that is no condition, no other
request and no order about the bot, and every name in them must have its place too. What was passed over goes with the
match, so that a change is confirmed. How an entry is asked for is data: ``gist`` in the entry, and ``gist`` in
``seeds/words.json`` for what all of them have in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bot.clauses import Calm
from bot.foreign import foreign
from bot.forms import types_of
from bot.gist.hearing import Clause, Heard, Hearing
from bot.gist.kinds import Common, Kind
from bot.gist.reading import Reading
from bot.matches import Match, undecided
from bot.matching import Matcher
from bot.models import Entry, Intent
from bot.normalise import Sentence, Token
from bot.spans import FREE, SELDOM

TOKENS_LIMIT = 45
"""Words of a sentence that is looked through at all, so that the cost of a long one stays bounded."""
CLAUSES_LIMIT = 6
"""Clauses among which those are looked for that a phrase reads."""
REPLY_LIMIT = 20
"""Words of a reply that adds something to what is known."""
SHORT_WORDS = 5
"""Words of one that needs no other sign of it: "3 days please"."""


def _elusive(token: Token) -> bool:
    """Whether a word stands for something that cannot be taken by its name: a person, the second file of a list."""
    return token.mention or (token.pointed is not None and not types_of(token))


class Gist:
    """Reads requests by their gist."""

    def __init__(self, entries: Mapping[str, Entry], words: Mapping[str, Any], matcher: Matcher) -> None:
        self._common = Common.of(words)
        self._calm = Calm(words)
        self._hearing = Hearing(words, self._common, matcher)
        self._matcher = matcher
        self._words = words
        self._kinds = [Kind(entry) for entry in entries.values() if entry.gist]

    def read(self, said: Sentence) -> Match | None:
        """The one entry that can be meant; None when there is none, or more than one, or it is only asked about."""
        match = self._one(said) or self._begun_anew(said)
        return None if match and self._matcher.only_asks(said, match) else match

    def _begun_anew(self, said: Sentence) -> Match | None:
        """What is ordered after all that was said before is taken back: "move… no sorry, copy report.csv to …"."""
        if len(said.tokens) > TOKENS_LIMIT:
            return None
        verbs = frozenset().union(*(kind.verbs for kind in self._kinds)) | self._common.asking
        for clause in reversed(self._hearing.hear(said).clauses[1:]):
            first = clause.spots.start + clause.corrects
            rest = replace(said, tokens=self._matcher.trimmed(said.tokens[first:]))
            if not clause.corrects or not rest.tokens or rest.tokens[0].word not in verbs:
                continue
            found = self._matcher.read(rest)
            match = found[0] if found and not found[0].problems and not undecided(found) else self._one(rest)
            before = said.tokens[: clause.spots.start]
            if match and not (match.missing and any(map(types_of, before))):
                return replace(match, aside=said.slice_of(said.tokens[:first]))
        return None

    def _one(self, said: Sentence) -> Match | None:
        if not 2 <= len(said.tokens) <= TOKENS_LIMIT or any(map(_elusive, said.tokens)):
            return None
        if foreign(said, self._words):
            return None
        heard = self._hearing.hear(said)
        if any(self._dropped(heard, clause) for clause in heard.clauses[1:]):
            return None
        found = [match for kind in self._kinds if (match := self._read_as(heard, kind))]
        found.sort(key=lambda match: (len(match.missing) > 0, match.cost))
        alike = [match for match in found if bool(match.missing) == bool(found[0].missing)]
        best = found[0] if found and not undecided(alike) else None
        if best and not best.missing:
            return best
        around = self._around(heard)
        return around if around and not (best and around.missing) else best

    def reply(
        self, said: Sentence, known: Intent, entry: Entry, *, changes: bool = False, follows: bool = False
    ) -> Match | None:
        """What a reply adds to a command that is known already: "found it, it lies in my-bucket".

        ``changes`` says that it wants the same of something else, or takes something back; ``follows`` that it is known
        to do so. Only names that show by their form what they are count here, and every word beside them must say
        nothing.
        """
        if not said.tokens or len(said.tokens) > REPLY_LIMIT or any(map(_elusive, said.tokens)):
            return None
        kind = self._kind(entry)
        if changes and not follows and not self._goes_on(said, kind):
            return None
        heard = self._hearing.hear(said)
        match = Reading(heard, kind, self._common, self._calm, known, changes=changes).reply()
        return None if match and self._matcher.only_asks(said, match, follows=True) else match

    def _goes_on(self, said: Sentence, kind: Kind) -> bool:
        """Whether what was said can only be about what was said before: "… as well", "only logs/", "3 days please"."""
        words = [token.word for token in said.tokens]
        if said.text.rstrip().endswith("?") or not self._common.following.isdisjoint(words):
            return True
        if any(" ".join(pair) in self._common.results for pair in pairwise(words)):
            return True  # "the report shall go to my-bucket"
        shortly = said.tokens[0].duration is not None or words[0] in self._common.prepositions
        return len(words) <= SHORT_WORDS and (shortly or not kind.meaning.isdisjoint(words))

    def _kind(self, entry: Entry) -> Kind:
        return next((kind for kind in self._kinds if kind.entry.name == entry.name), None) or Kind(entry)

    def _read_as(self, heard: Heard, kind: Kind) -> Match | None:
        reading = self._reading(heard, kind)
        match = reading.match()
        return self._reading(heard, kind, asking=True).match() if match is None and reading.incomplete else match

    def _reading(self, heard: Heard, kind: Kind, *, asking: bool = False) -> Reading:
        return Reading(heard, kind, self._common, self._calm, asking=asking)

    def _dropped(self, heard: Heard, clause: Clause) -> bool:
        """Whether a clause takes back all that was asked for before it."""
        if any("execution_id" in types_of(token) for token in heard.said.tokens):
            return False  # "wf-k3m9x2q7 was a mistake, stop it"
        tokens = heard.said.tokens[clause.spots.start : clause.spots.stop]
        taken_back = tokens[: clause.corrects] if not any(map(types_of, tokens)) else ()
        spoken = [heard.said.slice_of(part) for part in (tokens, taken_back) if part]
        # "…, scratch that", "… scratch that, Kim already did it"
        return any(self._matcher.says("cancel", text) for text in spoken[:1]) or any(
            self._matcher.says("dropping", text) for text in spoken[1:]
        )

    def _around(self, heard: Heard) -> Match | None:
        """What a phrase reads in some of the clauses, with the others beside it; the most clauses first."""
        count = len(heard.clauses)
        if count > CLAUSES_LIMIT:
            return None
        for length in range(count - 1, 0, -1):
            for first in range(count - length + 1):
                match = self._phrased(heard, heard.clauses[first : first + length])
                if match:
                    return match
        return None

    def _phrased(self, heard: Heard, clauses: Sequence[Clause]) -> Match | None:
        tokens = heard.said.tokens[clauses[0].spots.start : clauses[-1].spots.stop]
        found = self._matcher.read(replace(heard.said, tokens=tokens))
        if not found or found[0].problems or found[0].cost >= SELDOM or undecided(found):
            return None
        best = found[0]
        if any(parameter.type in FREE and parameter.name in best.parameters for parameter in best.entry.parameters):
            return None  # "help: …" is asked about anything
        return self._reading(heard, self._kind(best.entry)).around(best, clauses)
