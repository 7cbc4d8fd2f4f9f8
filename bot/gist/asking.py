"""Whether a sentence asks for something, or only tells of it."""

from __future__ import annotations

from bot.forms import is_name, types_of
from bot.gist.hearing import Clause
from bot.gist.kinds import TIME
from bot.gist.view import View


class Asking:
    """What a sentence does with what it speaks of."""

    def __init__(self, view: View) -> None:
        self._view = view
        common = view.common
        self._pointing_words = common.limits | common.connecting | common.prepositions | common.pronouns | {"there"}

    def named(self) -> bool:
        """Whether a noun is said of those that must be."""
        nouns = self._view.kind.nouns
        return not nouns or not nouns.isdisjoint(self._view.words) or (TIME in nouns and self._view.timed)

    def asked(self) -> bool:
        """Whether something is asked for, and not told: "I copy it" and "it was copied" are no requests."""
        words = frozenset(self._view.words)
        if self._view.changes and self._calls_another():
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
            if (word in self._view.kind.verbs or self._view.times(word)) and not self._noun(at)
        ]
        if verbs:
            return not all(map(self._told, verbs))
        done = [at for at, word in enumerate(self._view.words) if word in self._view.kind.done]
        asked_for = (done and not all(map(self._was_done, done))) or not self._view.kind.elliptic.isdisjoint(words)
        wished = not self._view.common.wishes.isdisjoint(words) or any(map(self._causes, self._view.clauses))
        return asked_for and wished and not self._perfect()

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
        asks = not self._view.kind.elliptic.isdisjoint(words) or any(
            about.issubset(words) for about in self._view.kind.about
        )
        return asks and self._view.common.finite.isdisjoint(words)

    def limits(self, clause: Clause) -> bool:
        """Whether a clause wants less than what is asked for before it: "but only those of today"."""
        opening = self._view.words[clause.spots.start : clause.spots.stop][:2]
        named = any(types_of(self._view.tokens[at]) for at in clause.spots)
        # "I only want to know …"
        own = not self._view.changes and opening[:1] and opening[0] in self._view.common.speakers
        limiting = clause.spots.start > 0 and not own and not self._view.common.limits.isdisjoint(opening)
        little = self._view.polite.issuperset(clause.spots)
        again = all(self._view.words[at] in self._pointing_words for at in clause.spots)  # "and only from there"
        return limiting and not (named or little or again or self._view.cues(clause))

    def _perfect(self) -> bool:
        """Whether it says that something was done: "I have copied it"; "I'd have it copied" does not."""
        said = ["", *(word for word in self._view.words if word not in self._view.common.adverbs)]
        return any(
            one in self._view.common.perfect and two in self._view.kind.done and before != "to"
            for before, one, two in zip(said, said[1:], said[2:], strict=False)
        )

    def _was_done(self, at: int) -> bool:
        """Whether a participle tells what somebody did: "somebody deleted it"."""
        return at > 0 and self._view.words[at - 1] in self._view.common.doers

    def weighed(self, clause: Clause) -> bool:
        """Whether it only asks whether it should be done: "should other-bucket get a copy?" """
        first, last = clause.spots.start, clause.spots.stop - 1
        return self._view.words[first] in self._view.common.weighing and self._view.typed(last).endswith("?")

    def _told(self, at: int) -> bool:
        """Whether a verb tells what somebody does; "we need to copy" and "could you copy" do not."""
        before = "" if self._view.begins_clause(at) else self._view.words[at - 1]
        if before == "for" and self._view.words[at].endswith("ing"):
            return True  # "thanks for copying it so fast"
        if self._third_person(at):
            return True
        if before not in self._view.common.tellers or at in self._view.idiomatic or self._politely(at):
            return False
        if before == "to" and self._thing_to(at - 1):
            return False
        if at > 1 and self._view.words[at - 2] in self._view.common.causing:
            return False  # "can you have it deleted"
        earlier = self._view.words[max(at - 4, 0) : at - 1]
        if before != "to":
            return before not in self._view.common.speakers or self._view.common.modals.isdisjoint(earlier)
        wished = [spot for spot in range(max(at - 4, 0), at - 1) if self._view.words[spot] in self._view.common.wishes]
        return not wished or not self._own(wished[0])

    def _calls_another(self) -> bool:
        """Whether somebody else is asked by name: "Kim, can you delete it?"."""
        name, following = self._view.tokens[0], self._view.words[1:2]
        called = self._view.typed(0) == f"{name.text}," and name.text.isalpha() and name.text.istitle()
        known = 0 in self._view.polite or self._view.known(name.word)
        return called and not known and not self._view.common.requests.isdisjoint(following)

    def _third_person(self, at: int) -> bool:
        """Whether a verb says what a thing does: "my-bucket moves everything and drops it"; "a rule that moves" orders
        it."""
        typed, earlier = self._view.tokens[at].word, self._view.words[:at]
        plain = {*self._view.kind.verbs, *set().union(*self._view.kind.near.values())}
        told = typed.endswith("s") and typed[:-1] in plain and any(map(is_name, self._view.tokens[:at]))
        return told and not {"that", "which", "so"}.intersection(earlier)

    def _noun(self, at: int) -> bool:
        """Whether what may be a verb is none: "the copy should be called …"; but "make the copy" asks for it."""
        words, orders = self._view.words, self._view.common.orders | self._view.common.making
        return at > 0 and words[at - 1] == "the" and (at < 2 or words[at - 2] not in orders)

    def _politely(self, at: int) -> bool:
        """Whether nothing but politeness stands before a verb: "would you be so kind as to …"."""
        return at > 1 and self._view.polite.issuperset(range(at))

    def _thing_to(self, at: int) -> bool:
        """Whether something is said to be what it is to be done to: "there is a file to delete"."""
        words, common = self._view.words, self._view.common
        if at > 1 and words[at - 2] == "the" and words[at - 1] in common.file_nouns | {"one"}:
            return True  # "the one to delete is report.csv"
        if at in (1, 2, 3) and is_name(self._view.tokens[at - 1]) and words[0] in common.file_nouns | {"the"}:
            return True  # "file report.csv to copy into my-bucket"
        is_there = {"there", "there's"}.intersection(words[max(at - 6, 0) : at])
        return bool(is_there) and (words[at - 1] in common.file_nouns or bool(types_of(self._view.tokens[at - 1])))

    def _own(self, at: int) -> bool:
        """Whether a wish is the speaker's own: "alice wants to delete it" says what alice wants."""
        before = self._view.words[at - 1] if at else ""
        return before in self._view.common.speakers or self._view.words[at] not in self._view.common.askers
