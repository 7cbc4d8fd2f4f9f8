"""One sentence read as one entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.clauses import Calm
from bot.forms import TOLD_BY_NAME, types_of
from bot.gist.asking import Asking
from bot.gist.beside import Beside
from bot.gist.hearing import Clause, Heard
from bot.gist.kinds import LIKELY, TIME, Common, Kind
from bot.gist.places import NEAR, SAID, Place, Places
from bot.gist.silence import Silence
from bot.gist.view import View
from bot.matches import Match, missing_of
from bot.models import Intent, Value

GIST_COST = 3.0
ASKED_FOR = 1.0
"""What is for a change, of which every word is known, against a question, which may hold any."""
OVERDONE_WORDS = 3
"""Words by which a value is not wanted: "is too much"."""
PASSED_COST = 0.1
"""For each word that says nothing, so that of two readings the one that leaves out less is the better."""


class Reading:
    """Takes up a sentence clause by clause; good for one reading. ``known`` is what a reply adds to, if it is one;
    ``asking`` says that something must be missing: then nothing runs, and more may stand beside it."""

    def __init__(
        self,
        heard: Heard,
        kind: Kind,
        common: Common,
        calm: Calm,
        known: Intent | None = None,
        *,
        changes: bool = False,
        asking: bool = False,
    ) -> None:
        self._view = View(heard, kind, common, calm)
        self._asking = Asking(self._view)
        self._places = Places(
            self._view, self._wanted(known, changes=changes) if known else {}, known.parameters if known else {}
        )
        self._silence = Silence(self._view, replying=known is not None)
        self._replying = known is not None
        self._asked_for = known.missing[0] if known and known.missing else ""
        self._standing = self._ordered = self._points_back = False
        self._only_asks = asking
        self.incomplete = False
        """It is asked for, and not with all that is required: read once more as ``asking``, it may say more."""
        self._passed: list[int] = []
        self._contrasted: set[str] = set()
        self._settled: dict[str, Value] = {**kind.entry.fixed}

    def _wanted(self, known: Intent, *, changes: bool) -> dict[str, float]:
        """How much likelier than others the parameters are for what they are asked for."""
        wanted = dict.fromkeys(known.parameters, NEAR if changes else -NEAR)
        if changes:
            asked = (name for name, origin in known.origins.items() if origin == "asked" and name in wanted)
            wanted.update({name: wanted[name] + LIKELY for name in asked})  # what was said last is corrected first
        wanted.update(dict.fromkeys(known.missing, LIKELY))
        wanted.update(dict.fromkeys(known.missing[:1], NEAR))
        if changes and any(" ".join(pair) in self._view.common.results for pair in pairwise(self._view.words)):
            wanted["destination_bucket"] = SAID + NEAR  # "the report should be stored in my-bucket"
        for at, token in enumerate(self._view.tokens):
            taken_back = [name for name, value in known.parameters.items() if value == token.name]
            if taken_back and not self._view.common.contrasts.isdisjoint(self._view.words[max(at - 2, 0) : at]):
                wanted[taken_back[0]] = SAID + NEAR  # "not my-bucket, other-bucket"
        return wanted

    def match(self) -> Match | None:
        """The match; None when the sentence does not ask for this entry, or says anything else."""
        view, asking = self._view, self._asking
        if not asking.named() or not asking.asked() or (not view.changes and asking.ordered()):
            return None
        if any(map(asking.limits, view.clauses)):
            return None
        asks = [clause for clause in view.clauses if self._taken_up(clause)]
        if view.changes and (any(map(asking.wonders, asks)) or asking.vague()):
            return None
        told = [clause for clause in view.clauses if clause not in asks]
        self._ordered = any(map(view.begins, asks))
        self._points_back = view.changes and any(map(self._orders_it, asks))
        asked = view.changes and (self._ordered or any(map(view.wishes, asks)))
        self.incomplete = asked and not self._complete()
        first = bool(asks) and all(clause.spots.start < asks[-1].spots.start for clause in told)
        self._standing = asked and (self._only_asks or not self.incomplete or first)
        self._ordered = self._ordered and not (self.incomplete and first)
        if not any(map(view.cues, asks)) or not self._all_placed(told):
            return None
        missing = missing_of(view.kind.entry, self._settled, {})
        if (missing and not self._may_miss()) or (self._only_asks and not missing) or self._undated():
            return None
        cost = GIST_COST + PASSED_COST * len(self._passed) - ASKED_FOR * (asked and not missing)
        return self._as_match(missing, cost)

    def _undated(self) -> bool:
        """Whether no length of time is said and the defaults are not what is wanted: "… and keep everything"."""
        times = self._view.kind.parameters(("duration",)).keys()
        if TIME not in self._view.kind.nouns or not times.isdisjoint(self._settled):
            return False
        return not self._view.common.kept.isdisjoint(token.word for token in self._view.tokens)

    def _orders_it(self, clause: Clause) -> bool:
        """Whether a clause orders something of what was spoken of before it: "… please delete it"."""
        words = (self._view.words[at] for at in clause.spots)
        return self._view.begins(clause) and not (self._view.common.pronouns - {"there"}).isdisjoint(words)

    def around(self, match: Match, clauses: Sequence[Clause]) -> Match | None:
        """What a phrase read in some clauses, with what the others add to it; None when they say anything else."""
        view = self._view
        others = [clause for clause in view.clauses if clause not in clauses]
        if any(map(self._asking.limits, view.clauses)) or (view.changes and any(map(self._asking.wonders, others))):
            return None
        if view.changes and (any(map(self._asking.weighed, view.clauses)) or not self._asked_in_words()):
            return None
        self._settled = dict(match.parameters)
        told = [clause for clause in others if not self._taken_up(clause)]
        self._ordered = any(map(view.begins, clauses))
        self._standing = (self._ordered or any(map(view.wishes, clauses))) and not match.missing
        if not self._all_placed(told) or self._undated() or (view.changes and self._asking.vague()):
            return None
        missing = missing_of(match.entry, self._settled, {})
        return replace(match, parameters=self._parameters(), missing=missing, cost=GIST_COST, aside=self._aside())

    def _asked_in_words(self) -> bool:
        """Whether a change is asked for as such changes are, as far as it is known how they are."""
        return not self._view.kind.verbs or self._asking.asked()

    def reply(self) -> Match | None:
        """What the sentence adds to what is known, or changes in it; None when it says anything else, or nothing."""
        fixed = dict(self._settled)
        told = [clause for clause in self._view.clauses if not self._taken_up(clause)]
        self._standing = any(self._asked_for in place.ways for place in self._places.found)
        if not self._all_placed(told) or self._settled == fixed:
            return None
        return self._as_match(missing_of(self._view.kind.entry, self._settled, {}), GIST_COST)

    def _as_match(self, missing: tuple[str, ...], cost: float) -> Match:
        entry, parameters = self._view.kind.entry, self._parameters()
        return Match(entry, parameters, missing, {}, "", cost, aside=self._aside(), pointed=self._pointed())

    def _pointed(self) -> tuple[str, ...]:
        """The parameters whose values were pointed at."""
        names = {token.name for token in self._view.tokens if token.pointed}
        return tuple(name for name, value in self._settled.items() if value in names)

    def _parameters(self) -> dict[str, Value]:
        """What is settled, in the order of the entry."""
        entry = self._view.kind.entry
        order = [*entry.fixed, *(parameter.name for parameter in entry.parameters)]
        return {name: self._settled[name] for name in order if name in self._settled}

    def _all_placed(self, told: Sequence[Clause]) -> bool:
        """Whether all that is told may be said beside the request, and every value has its place."""
        return all(map(self._remark, told)) and self._placed(told) and self._contrasted <= set(self._settled)

    def _may_miss(self) -> bool:
        """Whether what is there is enough to ask for the rest."""
        said = set(self._settled) - set(self._view.kind.entry.fixed)
        if not self._view.kind.needs <= said:
            return self._describes()
        kind, common = self._view.kind, self._view.common
        pointed = common.pronouns if any(each.type in TOLD_BY_NAME for each in kind.entry.parameters) else frozenset()
        named = not (kind.nouns | kind.alone | pointed).isdisjoint(self._view.words)
        return bool(said) or named

    def _describes(self) -> bool:
        """Whether one thing is meant that has a name, which is not said: "copy our price list", "delete something"."""
        words, common = self._view.words, self._view.common
        if any(token.word in common.several - common.silent for token in self._view.tokens):
            return False
        one = any(first in common.describing and second in common.file_nouns for first, second in pairwise(words))
        return bool(self._view.thing) or one or not common.things.isdisjoint(words)

    def _complete(self) -> bool:
        """Whether the clauses that ask say all that is required."""
        named = {name for place in self._places.found for name in place.ways}
        return set(self._view.kind.entry.required) <= named | set(self._settled)

    # --- what asks ----------------------------------------------------------------------------------------------

    def _taken_up(self, clause: Clause) -> bool:
        """Takes up a clause every word of which has its place; leaves all as it is for any other."""
        before = len(self._places.found), dict(self._settled), set(self._contrasted)
        if clause.corrects and self._all_taken(clause, clause.corrects):
            if (len(self._places.found), self._settled, self._contrasted) != before:
                return True
            del self._passed[-clause.corrects :]
        return self._all_taken(clause, self._silence.asker(clause))

    def _all_taken(self, clause: Clause, skipped: int) -> bool:
        """Whether every word has its place but those at the start."""
        places, passed = len(self._places.found), len(self._passed)
        settled, contrasted = dict(self._settled), set(self._contrasted)
        at = clause.spots.start + skipped
        self._passed += range(clause.spots.start, at)
        while at < clause.spots.stop:
            count = self._taken(at, clause)
            if not count:
                del self._places.found[places:], self._passed[passed:]
                self._settled, self._contrasted = settled, contrasted
                return False
            at += count
        return True

    def _taken(self, at: int, clause: Clause) -> int:
        """How many words from one on have their place; 0 when it has none."""
        meaning, settled = self._view.meaning(at)
        if meaning:
            overdone = self._overdone(at + meaning, clause)
            self._settled.update({} if overdone else settled)
            return meaning + overdone
        if passing := self._passing(at, clause):
            self._passed += range(at, at + passing)
            return passing
        word = self._view.words[at]
        named = word in self._view.kind.words and "-" in word and not self._view.tokens[at].quoted  # "standard-ia"
        count = 0 if named else self._places.take(at, clause) or self._not_meant(at, clause)
        if count:
            return count
        if word in self._view.kind.words or self._view.times(word):
            self._passed += [at] * (word in self._view.kind.unmet)
            return 1
        if self._silence.says_nothing(at, clause):
            self._passed.append(at)
            return 1
        return 0

    def _overdone(self, at: int, clause: Clause) -> int:
        """How many words say of the value before them that it is not wanted: "daily is overkill"."""
        words = self._view.words[at : min(at + OVERDONE_WORDS, clause.spots.stop)]
        said = words[:1] in (["is"], ["was"]) or words[:2] == ["would", "be"]
        return len(words) if said and not self._view.common.overdone.isdisjoint(words) else 0

    def _passing(self, at: int, clause: Clause) -> int:
        """How many words say nothing together: "is what we need", in a question "don't remember"."""
        harmless = 0 if self._view.changes else self._view.calm.harmless_at(self._view.tokens, at)
        whose = self._places.of_people(at, clause)
        return self._view.asides.at(self._view.tokens, at, clause.spots.stop) or harmless or whose

    def _not_meant(self, at: int, clause: Clause) -> int:
        """How many words name a value that is not meant: "but not in London", "instead of CSV"."""
        view, common = self._view, self._view.common
        compared = view.comparisons.at(view.tokens, at, clause.spots.stop)
        if view.words[at] == "like" and at and view.words[at - 1] in common.speakers | {"would"}:
            compared = 0  # "I'd like the one in my-bucket deleted"
        contrasted = view.words[at] in common.contrasts
        if not compared and (not contrasted or (at and view.words[at - 1] in common.finite | common.duties)):
            return 0  # "the file should not be in my-bucket"
        little = common.between | common.prepositions | common.recent
        stop = at + (compared or 1)
        while stop < clause.spots.stop and view.words[stop] in little:
            stop += 1
        if stop == clause.spots.stop:
            return 0
        if view.tokens[stop].text.isdigit() and view.kind.parameters(("duration",)):
            self._passed += range(at, stop + 1)
            return stop + 1 - at  # "180 days, not 90"
        count, named = self._named_at(stop, clause)
        if not count or not named:
            return 0
        self._contrasted.add(named[0])
        self._passed += range(at, stop + count)
        return stop + count - at

    def _named_at(self, at: int, clause: Clause) -> tuple[int, list[str]]:
        """How many words name a value, and of which parameters; nothing is kept of it."""
        settled, places = dict(self._settled), len(self._places.found)
        count = self._taken(at, clause)
        named = [name for place in self._places.found[places:] for name in place.ways][:1]
        named = self._places.holding(self._view.tokens[at].name) or named
        named += [name for name in self._settled if self._settled[name] != settled.get(name)]
        self._settled = settled
        del self._places.found[places:]
        return count, named

    # --- what is said beside it ---------------------------------------------------------------------------------

    def _remark(self, clause: Clause) -> bool:
        """Takes up a clause beside the request; False when it may change what is asked for."""
        spots, tokens = clause.spots, self._view.tokens
        beside = Beside(
            self._view,
            self._places,
            replying=self._replying,
            standing=self._standing,
            ordered=self._ordered,
            points_back=self._points_back,
        )
        counts = clause.corrects and self._view.kind.parameters(("duration",))
        if counts and any(tokens[at].duration or tokens[at].text.isdigit() for at in spots):
            return False  # "14 days, no 7, no sorry 14 rather"
        before = dict(self._settled)
        gives_reason = tokens[spots.start].word in self._view.common.reasons  # "because ORC broke our table"
        meant = set[int]() if gives_reason else self._meant(spots)
        if any(self._settled[name] != value for name, value in before.items()) and not clause.instead:
            return False  # "as CSV, I thought first"
        names = [at for at in spots if beside.names(at, clause)]
        names = names[: self._uncompared(spots, names)]
        if self._kept(clause, names):
            self._passed += spots
            return True
        passed = meant.union(names, self._view.polite)
        self._passed += [at for at in spots if at not in names]
        if not beside.allows(clause, [tokens[at] for at in spots if at not in passed], names):
            return False
        found = len(self._places.found)
        taken = all(self._places.take(at, clause) for at in names) and all(map(self._sure, self._places.found[found:]))
        if not clause.corrects:
            self._places.forget_repeated(found)
        return taken

    def _uncompared(self, spots: range, names: Sequence[int]) -> int:
        """How many names stand before what something is only compared with: "same as we did with jan.csv"."""
        view = self._view
        compared = next((at for at in spots if view.comparisons.at(view.tokens, at, spots.stop)), spots.stop)
        return sum(at < compared for at in names)

    def _kept(self, clause: Clause, names: Sequence[int]) -> bool:
        """Whether a clause only says of one file that it stays: "leave b.csv alone", "don't touch b.csv"."""
        view, common = self._view, self._view.common
        start = view.first(clause)
        spoken = view.words[start : clause.spots.stop]
        words = spoken[1:] if spoken[0] in common.speakers and common.unmeant.intersection(spoken[2:3]) else spoken
        first = words[0]  # "don't" of "I don't mean b.csv"
        wrong = "one" in words and not common.wrong.isdisjoint(words)  # "b.csv isn't the one"
        stays = wrong or first in common.keeping or not common.staying.isdisjoint(words) or view.calm.declines(first)
        types = types_of(view.tokens[names[0]]) if len(names) == 1 else ()
        other = first in common.contrasts and "one" in words and "bucket" in types  # "not the one in my-bucket"
        unmeant = stays and words[1:2] != [] and words[1] in common.unmeant
        if not (view.changes and (other or (stays and ("key" in types or (unmeant and types))))):
            return False
        spared = view.calm.declines(first) and words[1:2] != [] and words[1] in view.kind.verbs | common.unmeant
        changes = view.calm.changing(words) or view.cues(clause)
        if self._replying or clause.corrects or common.keeping & view.kind.verbs or (changes and not spared):
            return False
        meant = {view.tokens[at].name for place in self._places.found for at in place.spots}
        return view.tokens[names[0]].name not in meant

    def _sure(self, place: Place) -> bool:
        """Whether a name of a remark surely belongs to a change: of a bucket, a word beside it must say so."""
        if self._replying:
            return True
        types = {self._view.kind.entry.parameter(name).type for name in place.ways}
        doubtful = "bucket" in types and "key" not in types
        return not self._view.changes or not doubtful or any(score >= SAID for score, _ in place.ways.values())

    def _meant(self, spots: range) -> set[int]:
        """Settles what some words of a clause mean, and tells which these are."""
        found: set[int] = set()
        for at in spots:
            count, settled = self._view.meaning(at)
            self._settled.update(settled)
            found.update(range(at, at + count))
        return found

    def _placed(self, told: Sequence[Clause]) -> bool:
        """Puts every value in its place; False when one has none, or contradicts what is settled."""
        taken = self._places.assigned(told)
        if taken is None and self._ordered and not self._replying:
            taken = self._places.assigned(told, [clause for clause in told if self._only_mentions(clause)])
        if taken is None:
            return False
        for name, (value, place) in taken.items():
            if self._settled.get(name, value) != value and not place.clause.instead:
                return False
        meant = [place for _, place in taken.values()]
        self._passed += [at for place in self._places.found if place not in meant for at in place.spots]
        self._settled.update({name: value for name, (value, _) in taken.items()})
        return not any(self._denied(name) for name in taken) and not any(map(self._wanted_anyway, self._view.excluded))

    def _wanted_anyway(self, name: str) -> bool:
        """Whether what shall not be would be, or nothing else is said: a default would bring it back."""
        view = self._view
        others = view.kind.parameters(("duration",)).keys() - {name}
        first = view.excluded[name]
        stop = max(clause.spots.stop for clause in view.clauses if clause.spots.start <= first)
        timed = any(token.duration is not None for token in view.tokens[first:stop])
        return timed or name in self._settled or others.isdisjoint(self._settled)

    def _only_mentions(self, clause: Clause) -> bool:
        """Whether a sentence beside a complete order only speaks of something: "…, the one in my-bucket stays"."""
        words, common = [self._view.words[at] for at in clause.spots], self._view.common
        states = not common.finite.isdisjoint(words) or not common.staying.isdisjoint(words)
        corrects = clause.corrects or clause.instead or not common.correcting.isdisjoint(words)
        return states and not corrects and words[-2:] != ["the", "one"] and not self._view.cues(clause)

    def _denied(self, name: str) -> bool:
        """Whether a clause says that what a length of time would be for shall not be: "nothing gets deleted"."""
        view, near = self._view, self._view.kind.near.get(name, frozenset())
        if name not in view.kind.parameters(("duration",)):
            return False
        clauses = ([view.words[at] for at in clause.spots] for clause in view.clauses)
        timeless = (words for words in clauses if "" not in words and not any(map(str.isdigit, words)))
        return any(words[:1] == ["nothing"] and not near.isdisjoint(words) for words in timeless)

    def _aside(self) -> str:
        """What was passed over, run by run; little words alone are only shown where there is nothing else."""
        runs: list[list[int]] = []
        for at in sorted(set(self._passed)):
            if runs and runs[-1][-1] == at - 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        telling = [run for run in runs if not all(map(self._little, run))]
        tokens = self._view.tokens
        return " … ".join(self._view.said.slice_of(tokens[run[0] : run[-1] + 1]) for run in telling or runs)

    def _little(self, at: int) -> bool:
        return at in self._view.polite or self._view.words[at] in self._view.common.silent
