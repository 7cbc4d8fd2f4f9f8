"""Which words of a clause say nothing for what it asks."""

from __future__ import annotations

from collections.abc import Sequence

from bot import values
from bot.forms import is_name, types_of
from bot.gist.hearing import Clause
from bot.gist.view import MERGED, View

ASKER_WORDS = 5
"""Words that say who asks: "the data protection officer wants …"."""
DESCRIBING_WORDS = 6
"""Words of a clause that describes what the next one names."""
NOUNS = 3
"""Words of a noun before a name: "the signed consent form"."""
FOR_WORDS = 5
"""Words between "for" and the last of those that say for whom: "for the mobile team"."""


class Silence:
    """Tells what may be passed over."""

    def __init__(self, view: View, *, replying: bool) -> None:
        self._view = view
        self._replying = replying

    def says_nothing(self, at: int, clause: Clause) -> bool:
        """Whether a word may stand where it does and changes nothing."""
        word = self._view.words[at]
        silent = (
            word == MERGED
            or at in self._view.thing
            or any(at in spots for spots in self._view.described)
            or at in self._view.polite
            or word in self._view.common.silent
            or (at == 0 and word in self._view.common.connecting)
            or (word == "if" and at and self._view.words[at - 1] in self._view.common.whether)
            or (not self._view.changes and word in self._view.common.silent_in_questions)
            or self._view.tokens[at].text in self._view.common.signs
            or (self._view.tokens[at].text == ">" and at > 0)
        )
        if word in self._view.common.labels and self._view.labels(at) and not self._view.typed(at).endswith("?"):
            return True  # "what: report.csv, action: copy"
        if silent or self._whose(at) or self._for_somebody(at) or self._passive(at) or self._cleft(at, clause):
            return True
        if not word.isalpha() or self._view.calm.bars(word):
            return False
        if not self._view.changes:
            return self._open(word) and not self._acts(at, clause)
        if self._view.kind.lenient and self._passable(at, clause):
            return True
        described = self._described(clause) or (self._view.nameless and bool(self._view.kind.needs))
        return self._before_name(at) or described

    def _passive(self, at: int) -> bool:
        """Whether a verb only makes a wish passive: "it would help if it got deleted", "see to it that it gets …"."""
        common, before = self._view.common, self._view.words[:at]
        if self._view.words[at] not in common.passive or self._view.words[at + 1 : at + 2] == []:
            return False
        wondered = any(spot < at and self._view.words[spot] == "if" for spot in self._view.polite)
        asked = not common.wishes.isdisjoint(before) or any(spot < at for spot in self._view.polite)
        return wondered or (self._view.words[at] == "gets" and asked)

    def _cleft(self, at: int, clause: Clause) -> bool:
        """Whether a clause begins as no question does: "what must be deleted is report.csv"."""
        said = self._view.words[at : clause.spots.stop]
        end = self._view.typed(clause.spots.stop - 1)
        tells = end.endswith(":") or ("is" in said[2:-1] and not end.endswith("?"))
        return said[0] == "what" and at == self._view.first(clause) and tells

    def asker(self, clause: Clause) -> int:
        """How many words at the start say who asks: "the data protection officer wants to know …"; behind those by
        which it takes something back, "no, legal says Paris"."""
        start = clause.spots.start + clause.corrects
        if self._view.words[start : start + 1] in (["nobody"], ["none"]):
            return 0
        wishes = start < clause.spots.stop and self._view.words[start] in self._view.common.requests
        for at in range(start + 1, min(start + ASKER_WORDS + 1, clause.spots.stop)):
            before = self._view.tokens[at - 1]
            barred = self._view.calm.bars(self._view.words[at - 1]) and not (wishes and at == start + 1)
            named = types_of(before) or before.text.isdigit() or self._names_a_region(start, at)
            if barred or named or self._view.words[at - 1] in self._view.kind.nouns | self._view.kind.meaning:
                return 0
            if self._view.words[at] in self._view.common.reporting and (
                self._replying or clause.corrects or self._taken_over(clause)
            ):
                return at - clause.spots.start + 1
            asks = self._view.tokens[at].word if at in self._view.idiomatic else self._view.words[at]
            if wishes and asks in self._view.common.causing:
                return at - clause.spots.start  # "can the finance people get …"
            if asks in self._view.common.askers:
                return at - clause.spots.start + (self._view.words[at] not in self._view.cued)
        return 0

    def _taken_over(self, clause: Clause) -> bool:
        """Whether what somebody else said is asked for in a later clause: "…, can you do it?"."""
        later = (other for other in self._view.clauses if other.spots.start >= clause.spots.stop)
        return any(self._takes_over([self._view.words[at] for at in other.spots]) for other in later)

    def _takes_over(self, words: Sequence[str]) -> bool:
        common = self._view.common
        asks = not common.requests.isdisjoint(words[:3])
        return asks and not (common.pronouns | self._view.kind.verbs).isdisjoint(words)

    def _names_a_region(self, first: int, stop: int) -> bool:
        """Whether the words are a place: "São Paulo is where it should live"."""
        text = " ".join(token.text for token in self._view.tokens[first:stop])
        return values.sure("region", text)

    def _acts(self, at: int, clause: Clause) -> bool:
        """Whether an unknown word stands where the verb of an order does: "zip the files", "can you just zip …"."""
        return at == self._view.first(clause) or self._view.words[at - 1] in self._view.common.before_verbs

    def _open(self, word: str) -> bool:
        """Whether a question may hold a word of which nothing is known."""
        return not (self._view.kind.closed or self._replying) and word not in self._view.common.attributes

    def _passable(self, at: int, clause: Clause) -> bool:
        """Whether an unknown word can be no more than a part of what is spoken of: "the tarballs under releases/"."""
        orders = self._view.begins(clause) or self._view.wishes(clause)
        common = self._view.common
        value = self._view.words[at - 1] in (common.prepositions | {"as"}) - common.determiners  # "in json"
        return orders and not (value or self._acts(at, clause) or self._view.calm.matters(self._view.words[at]))

    def _described(self, clause: Clause) -> bool:
        """Whether a clause describes what the next one names: "copy yesterday's run, run-18.bam, from …"."""
        following = clause.spots.stop
        named = following < len(self._view.tokens) and "key" in types_of(self._view.tokens[following])
        return named and len(clause.spots) <= DESCRIBING_WORDS and self._view.begins(clause)

    def _before_name(self, at: int) -> bool:
        """Whether a word only says what it is that is named: "the newsletter march.pdf", "the contract that is called
        march.pdf", "the consent form march.pdf"."""
        words, common = self._view.words, self._view.common
        first = next((spot for spot in range(at - 1, at - NOUNS - 1, -1) if not self._plain_noun(spot)), at)
        named = at + 1
        while named < len(words) and named < first + NOUNS + 1 and self._plain_noun(named):
            named += 1
        while named < len(words) and words[named] in common.introducing:
            named += 1
        called = named < len(words) and is_name(self._view.tokens[named])
        return called and self._plain_noun(at) and 0 <= first < at and words[first] in common.determiners

    def _plain_noun(self, at: int) -> bool:
        """Whether a word may be of the noun for what is named: not "the table data.csv"."""
        if at < 0:
            return False
        word, common = self._view.words[at], self._view.common
        known = self._view.known(word) or word in common.introducing | common.determiners
        several = self._view.tokens[at].word in common.several
        return word.isalpha() and not known and not several and not types_of(self._view.tokens[at])

    def _for_somebody(self, at: int) -> bool:
        """Whether a word says for whom or what something is: "for the mobile team"."""
        if not self._says_who(at):
            return False
        for before in range(at - 1, max(at - FOR_WORDS, 0) - 1, -1):
            if self._view.words[before] in ("for", "by"):
                return True
            if not self._says_who(before):
                return False
        return False

    def _says_who(self, at: int) -> bool:
        """Whether a word can be of the name for some people: "the mobile team's", "the twenty-two interns"."""
        word = self._view.words[at]
        plain = word.removesuffix("'s").isalpha() or word in values.NUMBER_WORDS
        return plain and not self._view.calm.orders(word)

    def _whose(self, at: int) -> bool:
        """Whether a word says whose something is: "the auditor's bucket"."""
        return self._view.words[at].endswith("'s") and not types_of(self._view.tokens[at])
