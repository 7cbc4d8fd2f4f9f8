"""What may be said beside a request without changing it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bot import values
from bot.clauses import STATEMENT_WORDS
from bot.forms import is_name, types_of
from bot.gist.hearing import Clause
from bot.gist.kinds import TIME
from bot.gist.places import Places
from bot.gist.view import View
from bot.normalise import Token


class Beside:
    """Judges the clauses that ask for nothing."""

    def __init__(
        self, view: View, places: Places, *, replying: bool, standing: bool, ordered: bool, points_back: bool
    ) -> None:
        self._view = view
        self._places = places
        self._replying = replying
        self._ordered = ordered
        """It begins as orders do."""
        self._standing = standing
        """The request stands by itself, in so many words."""
        self._points_back = points_back
        """It is about what the other clauses speak of: "delete it"."""

    def allows(self, clause: Clause, rest: Sequence[Token], names: Sequence[int]) -> bool:
        """Whether a clause may stand there; ``rest`` are its words but for the names."""
        spots = clause.spots
        if names[:1] == [spots.start + 1] and self._view.words[spots.start] in self._view.common.holding:
            rest = rest[1:]  # "in my-bucket there is …" says where, and not when
        if self._view.changes:
            if self._contrasts_verb(rest):
                return True
            whole = all(self._whole(at, spots.start) for at in names)
            return whole and self._beside_change(rest, spots) and not self._places_unknown(spots)
        if self._replying:
            asks = self._view.typed(spots.stop - 1).endswith("?")
            calm = self._view.calm
            return not asks and (calm.beside_answers(rest) if self._standing else calm(rest))
        return self._view.calm.beside_questions(rest) and not self._asks_for_a_workflow(rest)

    def _contrasts_verb(self, rest: Sequence[Token]) -> bool:
        """Whether a clause only says what else is not to be done: "copy, not move", "don't move it"."""
        words = [token.word for token in rest if token.word not in self._view.common.between]
        others = self._view.common.other_verbs - self._view.kind.verbs - self._view.kind.done
        declined = words[:1] and self._view.calm.declines(words[0])
        return bool(declined) and words[1:2] != [] and words[1] in others and len(words) == 2

    def _asks_for_a_workflow(self, rest: Sequence[Token]) -> bool:
        """Whether a clause beside a question is about a workflow: "… what we keep there, can you do an inventory?"."""
        common = self._view.common
        meant = rest[:1] and rest[0].word not in common.contrasts
        return bool(meant) and any(token.word in common.workflows - self._view.kind.words for token in rest)

    def _beside_change(self, rest: Sequence[Token], spots: range) -> bool:
        """Whether a clause may stand beside a change; beside one that is ordered in so many words, nearly any may."""
        tokens = self._view.tokens[spots.start : spots.stop]
        if self._weighs(spots) or self._schedules(spots) or self._view.reads(tokens):
            return False
        if self._standing and self._points_back and not self._ordered:
            announced = self._plain(spots, strictly=False) or not self._view.typed(spots.stop - 1).endswith(":")
            return announced and self._view.calm.beside_answers(rest)
        if self._standing and self._plain(spots, strictly=False):
            calm = self._view.calm
            if self._replying:
                return calm.beside_answers(rest)
            if self._ordered or calm.beside_orders(rest):
                return calm.beside_orders(rest)
        return self._view.calm(rest) and self._plain(spots) and self._view.calm.beside_changes(rest)

    def _weighs(self, spots: range) -> bool:
        """Whether it says under which condition: "should it fail again, …"."""
        return self._view.words[spots.start] in self._view.common.weighing

    def _schedules(self, spots: range) -> bool:
        """Whether it names a length of time, where that is what is asked for: each must have its place."""
        view = self._view
        counts = (view.calm.harmless_at(view.tokens[: spots.stop], at) for at in spots)
        harmless = {spot for at, count in zip(spots, counts, strict=True) for spot in range(at, at + count)}
        words = [*("" if at in harmless else view.words[at] for at in spots), ""]  # "it used to be 45"
        sizes = self._view.common.sizes  # "it's 80 TB"
        timed = (values.unit(word) or (word.isdigit() and after not in sizes) for word, after in pairwise(words))
        return TIME in self._view.kind.nouns and any(timed)

    def names(self, at: int, clause: Clause) -> bool:
        """Whether a word of a remark must have its place in the request."""
        timed = self._view.tokens[at].duration is not None and bool(self._view.kind.parameters(("duration",)))
        if timed or self._places.region(at, clause):
            return True
        types = types_of(self._view.tokens[at])
        declines = not self._view.changes and self._view.calm.declines(self._view.words[self._view.first(clause)])
        if declines and types and self._places.taken.issuperset(self._view.kind.parameters(types)):
            return False  # "don't copy a.csv to my-bucket, only list other-bucket"
        if not self._view.changes and not self._view.kind.parameters(types):
            # Of what is only asked about: "the check-in desk is acting weird".
            grouped = at > 0 and self._view.common.nouns_of_types.get(self._view.words[at - 1]) == "log_group"
            return "location" in types or (grouped and is_name(self._view.tokens[at]))
        return is_name(self._view.tokens[at]) or "prefix" in types

    def _places_unknown(self, spots: range) -> bool:
        """Whether a clause ends with a plain word where a bucket may stand: "it's in brand", "destination brand"."""
        last = spots.stop - 1
        if self._view.words[spots.start] not in self._view.common.pointing_back | self._view.kind.before.keys():
            return False
        if (
            last <= spots.start
            or self._view.words[last - 1] not in self._view.kind.before
            or is_name(self._view.tokens[last])
        ):
            return False
        return self._view.tokens[last].text.isalpha() and not self._view.known(self._view.words[last])

    def _plain(self, spots: range, *, strictly: bool = True) -> bool:
        """Whether a remark may stand beside a change: "it was uploaded by mistake", but not "for example:"."""
        tokens = self._view.tokens[spots.start : spots.stop]
        wondering = not strictly and tokens[0].word in self._view.common.wondering  # "why is this still here?"
        announces = not self._view.calm.quotes(tokens) or (not strictly and self._announces(tokens))
        signs = tuple(sign for sign, excused in ((":", announces), ("?", wondering)) if not excused)
        ending = signs != () and self._view.said.slice_of(tokens).endswith(signs)
        bracketed = self._view.said.text[tokens[0].start] == "("
        asks = ending and not bracketed and tokens[-1] is not self._view.tokens[-1] and not self._replying
        strange = any(token.text.startswith(">") or "=" in token.text[1:] for token in tokens)
        return not asks and not strange

    def _announces(self, tokens: Sequence[Token]) -> bool:
        """Whether what ends with a colon is a sentence that gives a reason: "storage is killing us: please move …"."""
        states = tokens[0].word in self._view.common.reasons or any(
            token.word in self._view.common.finite for token in tokens
        )
        says = len(tokens) >= STATEMENT_WORDS and states
        calm = self._view.calm
        return says and (calm.beside_changes(tokens) or (self._standing and calm.beside_orders(tokens)))

    def _whole(self, at: int, start: int) -> bool:
        """Whether a name is all of it: not "report.csv" of "my annual report.csv"."""
        if at - 1 <= start or self._view.tokens[at].quoted or "key" not in types_of(self._view.tokens[at]):
            return True
        return (
            self._view.known(self._view.words[at - 1]) or self._view.words[at - 2] not in self._view.common.determiners
        )
