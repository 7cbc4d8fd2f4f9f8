"""Whether a sentence asks for something, or only tells of it."""

from __future__ import annotations

from bot.forms import leaves_open, types_of
from bot.gist.hearing import Clause
from bot.gist.kinds import TIME
from bot.gist.telling import Telling
from bot.gist.view import View


class Asking:
    """What a sentence does with what it speaks of."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._telling = Telling(view)

    def named(self) -> bool:
        """Whether a noun is said of those that must be."""
        nouns = self._view.kind.nouns
        if "bucket" in nouns and any("location" in types_of(token) for token in self._view.tokens):
            return True
        return not nouns or not nouns.isdisjoint(self._view.words) or (TIME in nouns and self._view.timed)

    def asked(self) -> bool:
        """Whether something is asked for, and not told: "I copy it" and "it was copied" are no requests."""
        words = frozenset(self._view.words)
        if self._view.changes and self._telling.nothing_for_me():
            return False
        if any(self._elliptic(clause) for clause in self._view.clauses):
            return True
        if any(about <= words for about in self._view.kind.about):
            return self._questioned()
        if any(map(self.weighed, self._view.clauses)):
            return False
        verbs = [
            at
            for at, word in enumerate(self._view.words)
            if (word in self._view.kind.verbs or self._view.times(word)) and not self._telling.noun(at)
        ]
        if verbs:
            return not any(map(self._telling.third_person, verbs)) and not all(map(self._telling.tells, verbs))
        done = (at for at, word in enumerate(self._view.words) if word in self._view.kind.done)
        asked_for = not all(map(self._telling.was_done, done)) or not self._view.kind.elliptic.isdisjoint(words)
        wished = not self._view.common.wishes.isdisjoint(words) or any(map(self._causes, self._view.clauses))
        return asked_for and wished and not self._telling.perfect()

    def _causes(self, clause: Clause) -> bool:
        """Whether a clause orders that something be done: "have it deleted"."""
        return self._view.words[self._view.first(clause)] in self._view.common.causing

    def ordered(self) -> bool:
        """Whether something is to be done to what is asked about: "make my-bucket public"."""
        firsts = [self._view.first(clause) for clause in self._view.clauses]
        after = [*self._view.words[1:], ""]
        return any(
            self._view.words[at] in self._view.common.orders and after[at] not in self._view.common.speakers
            for at in firsts
        )

    def _questioned(self) -> bool:
        """Whether a question is asked, or something wished for."""
        questions = any(self._view.typed(clause.spots.stop - 1).endswith("?") for clause in self._view.clauses)
        if questions or not self._view.common.wishes.isdisjoint(self._view.words):
            return True
        return any(
            self._view.words[self._view.first(clause)] in self._view.common.asking for clause in self._view.clauses
        )

    def _elliptic(self, clause: Clause) -> bool:
        """Whether a clause asks for it without a verb."""
        words = self._view.words[clause.spots.start : clause.spots.stop]
        meant = [self._view.words[at] for at in clause.spots if at not in self._view.polite]
        asks = not self._view.kind.elliptic.isdisjoint(words) or any(
            about.issubset(words) for about in self._view.kind.about
        )
        return asks and self._view.common.finite.isdisjoint(meant)

    def vague(self) -> bool:
        """Whether no one length of time is meant: "a year or two", "two or three years", "at least 7 years"."""
        return TIME in self._view.kind.nouns and leaves_open(self._view.tokens, self._view.common.at_least)

    def wonders(self, clause: Clause) -> bool:
        """Whether a clause before others only asks something: "is it gone? delete …"."""
        words = (self._view.words[at] for at in clause.spots)
        last = clause.spots.stop == len(self._view.tokens) or self._view.begins(clause)
        ends = self._view.typed(clause.spots.stop - 1).endswith("?")
        labels = len(clause.spots) == 1  # "Region? Germany"
        return ends and not last and not labels and self._view.common.wishes.isdisjoint(words)

    def limits(self, clause: Clause) -> bool:
        """Whether a clause wants less than what is asked for before it: "but only those of today"."""
        opening = self._view.words[clause.spots.start : clause.spots.stop][:2]
        named = any(types_of(self._view.tokens[at]) for at in clause.spots)
        # "I only want to know …"
        own = not self._view.changes and opening[:1] and opening[0] in self._view.common.speakers
        limiting = clause.spots.start > 0 and not own and not self._view.common.limits.isdisjoint(opening)
        own = own or (not self._view.changes and opening[1:] != [] and opening[1] in self._view.common.musing)
        start = self._view.first(clause)
        aside = self._view.asides.at(self._view.tokens, start, clause.spots.stop)
        little = self._view.polite.issuperset(clause.spots) or start + aside == clause.spots.stop
        return limiting and not (named or little or self._points_again(clause) or self._view.cues(clause))

    def _points_again(self, clause: Clause) -> bool:
        """Whether a clause only points at what was named: "and only from there"."""
        common = self._view.common
        pointing = common.limits | common.connecting | common.prepositions | common.pronouns | {"there", "one"}
        return all(self._view.words[at] in pointing for at in clause.spots)

    def weighed(self, clause: Clause) -> bool:
        """Whether it only asks whether it should be done: "should other-bucket get a copy?", "would it be wise to?" """
        words, common = [self._view.tokens[at].word for at in clause.spots], self._view.common
        judges = "it" in words[:2] and not common.judging.isdisjoint(words)
        last = len(self._view.tokens) if judges else clause.spots.stop
        return self._view.typed(last - 1).endswith("?") and (words[0] in common.weighing or judges)
