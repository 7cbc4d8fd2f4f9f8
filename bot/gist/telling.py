"""What is told, asked of somebody else or put off, instead of being asked for."""

from __future__ import annotations

from bot.forms import is_name, types_of
from bot.gist.hearing import Clause
from bot.gist.view import View

BOT = "s3agent"
"""As whom people call the bot by its name."""


class Telling:
    """What a sentence says that is done, was done, or is a thing and no deed."""

    def __init__(self, view: View) -> None:
        self._view = view

    def nothing_for_me(self) -> bool:
        """Whether somebody else is asked, a fact is commented on, or it is for another day."""
        return self._calls_another() or self._comments() or any(map(self._postpones, self._view.clauses))

    def tells(self, at: int) -> bool:
        """Whether a verb tells what somebody does; "we need to copy" and "could you copy" do not."""
        words, common = self._view.words, self._view.common
        before = "" if self._view.begins_clause(at) else words[at - 1]
        thanks = before == "for" and words[at].endswith("ing")  # "thanks for copying it so fast"
        if thanks or self.third_person(at) or self._anybody(at) or self._is_done(at):
            return True
        idiomatic = at in self._view.idiomatic and (before != "to" or words[at] in self._view.kind.done)
        if before not in common.tellers or idiomatic or self._politely(at):
            return False
        if (before == "to" and self._thing_to(at - 1)) or (at > 1 and words[at - 2] in common.causing):
            return False  # "there is a file to delete", "can you have it deleted"
        if words[at] in common.receiving:
            return False  # "my boss would like to get a report"
        earlier = words[max(at - 4, 0) : at - 1]
        if before != "to":
            return before not in common.speakers or common.modals.isdisjoint(earlier)
        wished = [spot for spot in range(max(at - 4, 0), at - 1) if words[spot] in common.wishes]
        return not wished or not self._own(wished[0])

    def _anybody(self, at: int) -> bool:
        """Whether it is said what somebody could do: "one could copy it"."""
        words = self._view.words
        said = at > 1 and words[at - 2] == "one" and words[at - 1] in self._view.common.modals
        return said and not self._view.begins_clause(at - 1)

    def _is_done(self, at: int) -> bool:
        """Whether it is said what is done anyway: "files in my-bucket are deleted after a year"."""
        words, common = self._view.words, self._view.common
        passive = at > 1 and words[at] in self._view.kind.done and words[at - 1] in common.being
        return passive and common.wishes.isdisjoint(words[:at]) and not common.ruling.intersection(words[:at])

    def was_done(self, at: int) -> bool:
        """Whether a participle tells what somebody did: "somebody deleted it"."""
        return at > 0 and self._view.words[at - 1] in self._view.common.doers

    def perfect(self) -> bool:
        """Whether it says that something was done: "I have copied it"; "I'd have it copied" does not."""
        said = ["", *(word for word in self._view.words if word not in self._view.common.adverbs)]
        return any(
            one in self._view.common.perfect and two in self._view.kind.done and before != "to"
            for before, one, two in zip(said, said[1:], said[2:], strict=False)
        )

    def noun(self, at: int) -> bool:
        """Whether what may be a verb is none: "the copy should be called …"; but "make the copy" asks for it."""
        words, orders = self._view.words, self._view.common.orders | self._view.common.making
        return at > 0 and words[at - 1] == "the" and (at < 2 or words[at - 2] not in orders)

    def third_person(self, at: int) -> bool:
        """Whether a verb says what a thing does: "my-bucket moves everything and drops it"; "a rule that moves" orders
        it."""
        typed, earlier = self._view.tokens[at].word, self._view.words[:at]
        plain = typed[:-1] in self._view.kind.verbs | self._view.kind.timing
        told = typed.endswith("s") and plain and any(map(is_name, self._view.tokens[:at]))
        return told and not {"that", "which", "so"}.intersection(earlier)

    def _politely(self, at: int) -> bool:
        """Whether nothing but politeness stands before a verb in its clause: "would you be so kind as to …"."""
        start = next(clause.spots.start for clause in self._view.clauses if at in clause.spots)
        return at > start + 1 and self._view.polite.issuperset(range(start, at))

    def _thing_to(self, at: int) -> bool:
        """Whether something is said to be what it is to be done to: "there is a file to delete"."""
        words, common = self._view.words, self._view.common
        if at > 1 and words[at - 2] == "the" and words[at - 1] in common.file_nouns | {"one"}:
            return True  # "the one to delete is report.csv"
        if at in (1, 2, 3) and is_name(self._view.tokens[at - 1]) and words[0] in common.file_nouns | {"the"}:
            return True  # "file report.csv to copy into my-bucket"
        if at in (1, 2, 3) and words[at - 1] in common.file_nouns | {"bucket"} and common.finite.isdisjoint(words[:at]):
            return True  # "s3 bucket to create: …"
        is_there = {"there", "there's"}.intersection(words[max(at - 6, 0) : at])
        return bool(is_there) and (words[at - 1] in common.file_nouns or bool(types_of(self._view.tokens[at - 1])))

    def _own(self, at: int) -> bool:
        """Whether a wish is the speaker's own: "alice wants to delete it" says what alice wants."""
        before = self._view.words[at - 1] if at else ""
        if self._view.words[at + 1 : at + 2] == ["us"]:
            return True  # "privacy wants us to delete it"
        return before in self._view.common.speakers or self._view.words[at] not in self._view.common.askers

    def _calls_another(self) -> bool:
        """Whether somebody else is asked by name: "Kim, can you delete it?"."""
        common, words = self._view.common, self._view.words
        first = int(words[0] in common.greeting and len(words) > 1)
        name, typed = self._view.tokens[first], self._view.typed(first)
        asked = common.requests
        if typed[-1] == ",":
            asked |= common.calling | self._view.kind.verbs
        if first and typed[-1] != ",":
            return False
        if name.text[0] == "@" and not name.text.casefold().endswith(BOT):
            return True  # "@kim your turn: …"
        named = name.text.lstrip("@").isalpha() and (name.text[0] == "@" or name.text.istitle())
        known = (first in self._view.polite and name.text[0] != "@") or self._view.known(name.word)
        return named and not known and not asked.isdisjoint(words[first + 1 : first + 2])

    def _comments(self) -> bool:
        """Whether a fact is commented on, or a day is dreamt of: "great that …", "one day it would be nice …"."""
        return self._view.said.text.casefold().startswith(tuple(self._view.common.commenting))

    def _postpones(self, clause: Clause) -> bool:
        """Whether it shall be done once something else has happened: "once legal has signed"; not of the files."""
        words = self._view.words
        return any(words[at] == "once" and at + 1 < len(words) and not self._speaks_of(at + 1) for at in clause.spots)

    def _speaks_of(self, at: int) -> bool:
        """Whether a word speaks of the files themselves, or of a length of time."""
        view, words = self._view, self._view.words
        known = view.kind.words | view.common.pronouns | view.common.silent | view.common.often
        return view.tokens[at].duration is not None or words[at] in known or at in view.polite
