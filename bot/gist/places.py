"""The values of a sentence and their places: which parameter each is, by its form and by the words beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile

from bot import values
from bot.errors import BadValue
from bot.forms import types_of
from bot.gist.hearing import Clause
from bot.gist.kinds import TIME
from bot.gist.view import MERGED, View
from bot.matches import is_pattern, partner
from bot.models import Value

PLACE_WORDS = 3
"""Words that the place of a region may have: "Hong Kong"."""
VALUES_LIMIT = 6
"""Values whose places are searched for."""
NOUNS = 3
"""Words of a noun before what it is called: "the signed contract called"."""
ALIKE_LETTERS = 6
"""Letters with which a name and the one that it corrects both begin."""
SAID = 3.0
"""A value whose place the word beside it says."""
NEAR = 2.0
"""A value whose place the nearest of some words says."""
PLAIN = ("prefix", "log_group")
"""Types that a plain word can be behind their nouns: "prefix logs", "log group checkout"."""
_UNTIL = ("until", "till")
_BEFORE = 4
"""Words between a value and what gives it its role: "from the old bucket my-bucket"."""


@dataclass(frozen=True, slots=True)
class Place:
    """One value and where it may belong."""

    ways: Mapping[str, tuple[float, Value]]
    """Parameter to how well it fits there, and the value that it is."""
    spots: range
    """Where it was said."""
    clause: Clause


Taken = dict[str, tuple[Value, Place]]
"""What is in the place of each parameter, and where that was said."""


class Places:
    """Collects the values and finds their places."""

    def __init__(self, view: View, wanted: Mapping[str, float], known: Mapping[str, Value]) -> None:
        self.found: list[Place] = []
        self._view = view
        self._wanted = wanted
        """How much likelier a parameter is for what it is asked for."""
        self._known = known
        """What was said before, which a reply may correct."""

    @property
    def taken(self) -> frozenset[str]:
        """The parameters that a value was found for."""
        return frozenset(name for place in self.found for name in place.ways)

    def holding(self, text: str) -> list[str]:
        """The parameter that has this value already."""
        return [name for name, value in self._known.items() if value == text][:1]

    def assigned(self, told: Sequence[Clause], mentioned: Sequence[Clause] = ()) -> Taken | None:
        """Every value in its place; None when one has none, or two ways are as good.

        Of two regions, the one counts that is asked for, and not the one that is ``told`` of beside it; what is only
        ``mentioned`` has no place.
        """
        if len(self.found) > VALUES_LIMIT:
            return None
        required = set(self._view.kind.entry.required) - set(self._known)
        meant = [place for place in self._asked_for(told) if place.clause not in mentioned]
        ways = [(score + SAID * len(required.intersection(way)), way) for score, way in _ways(meant, {})]
        ways.sort(key=lambda way: -way[0])
        if not ways or (len(ways) > 1 and ways[0][0] == ways[1][0] and ways[0][1] != ways[1][1]):
            return None
        return ways[0][1]

    def _asked_for(self, told: Sequence[Clause]) -> list[Place]:
        """The places without the regions that are only told of."""
        regions = self._view.kind.parameters(("region",)).keys()
        said = [place for place in self.found if place.ways.keys() <= regions]
        asked = [place for place in said if place.clause not in told and not self._view.states(place.clause)]
        aside = [place for place in said if asked and place not in asked and not place.clause.instead]
        aside += [place for place in said if self._whereabouts(place)]
        return [place for place in self.found if place not in aside and not self._describes(place)]

    def _whereabouts(self, place: Place) -> bool:
        """Whether a region only says where somebody is: "we're all in Sydney this week"."""
        first = self._view.words[self._view.first(place.clause)]
        return first in self._view.common.being_somewhere and "there" not in self._view.words

    def _describes(self, place: Place) -> bool:
        """Whether what looks like a bucket is an adjective, and another is said to be it: "that error-ridden copy"."""
        at = place.spots.start
        plain = not (self._view.begins_clause(at) or place.clause.instead)
        plain = plain and self._view.words[at - 1] in self._view.common.determiners
        compound = self._view.tokens[at].name.replace("-", "").isalpha() and not self._view.tokens[at].quoted
        if not (plain and compound and len(place.ways) == 1 and max(place.ways.values())[0] < NEAR):
            return False
        return any(
            other.ways.keys() == place.ways.keys() and max(other.ways.values())[0] >= SAID for other in self.found
        )

    def take(self, at: int, clause: Clause) -> int:
        """Puts a value to the others; how many words it has, 0 when it is none of the entry's."""
        token = self._view.tokens[at]
        region = self.region(at, clause)
        if region:
            types: tuple[str, ...] = ("region",)
            text = " ".join(token.text for token in self._view.tokens[at : at + region])
        else:
            types, text = self._types(at, clause), token.name
        if not region and types == ("region",):
            return 0  # "the Sydney team"
        if is_pattern(text, quoted=token.quoted) or (text[:1] == "(" and at):
            return 0  # several files, or "(1).csv" of "report (1).csv"
        options = self._by_role(at, region or 1, self._view.kind.parameters(types), clause)
        place = values.location(text) if types == ("location",) else None
        if place:
            return self._in_one_piece(place, at, clause)
        ways = self._parsed(text, options)
        if not ways:
            return 0
        self.found.append(Place(self._corrected(ways, clause), range(at, at + (region or 1)), clause))
        return region or 1

    def forget_repeated(self, first: int) -> None:
        """Drops what a remark only says again, from a place on: "b.csv, because a.csv is in use"."""
        said = [value for place in self.found[:first] for value in place.ways.values()]
        values_said = {value for _, value in said}
        self.found[first:] = [
            place for place in self.found[first:] if not all(value in values_said for _, value in place.ways.values())
        ]

    def _types(self, at: int, clause: Clause) -> tuple[str, ...]:
        """What a word can be, by its form and the words beside it."""
        token = self._view.tokens[at]
        types = (*self._called(at, clause), *self._meant_as(at, types_of(token)))
        before = self._view.words[at - 1] if at else ""
        bucketed = {"bucket", *self._view.common.holding}
        if not self._view.kind.parameters(types):
            bucketed.add("name")
        if types == ("key",) and before in bucketed and not token.quoted:
            return (*types, "bucket")  # "it lies in bookkeeping.raw"
        if not types and not self._view.known(token.word) and self._names_a_key(at, clause):
            return ("key",)  # "call it README-old"
        introduced = "/" in token.name or before in self._view.common.prepositions
        certain = types in (("location",), ("execution_id",))
        if not types or certain or not introduced or self._view.kind.parameters(types):
            return types
        # As the name of a log group, nearly anything may be.
        signed = not token.quoted or any(sign in token.name for sign in ".-")
        return ("log_group", "bucket") if signed else ("log_group",)

    def _names_a_key(self, at: int, clause: Clause) -> bool:
        """Whether the word beside a name says that it is a file's."""
        said = self._view.kind.before.get(self._introduced_by(at, clause), ())
        signed = any(not sign.isalpha() or sign.isupper() for sign in self._view.tokens[at].name)
        return signed and bool(said) and all(self._view.kind.entry.parameter(name).type == "key" for name in said)

    def _parsed(self, text: str, options: Mapping[str, float]) -> dict[str, tuple[float, Value]]:
        """How well the text fits each parameter, and the value that it is there; without those whose rule it breaks."""
        found: dict[str, tuple[float, Value]] = {}
        for name, score in options.items():
            parameter = self._view.kind.entry.parameter(name)
            with suppress(BadValue):
                alike = self._alike(text, self._known.get(name))
                found[name] = score + NEAR * alike, values.parse(parameter.type, text, parameter.choices)
        return found

    @staticmethod
    def _alike(text: str, known: Value | None) -> float:
        """How much of a name begins as one that was said before, and so may correct it; from 0 to 1."""
        if not isinstance(known, str):
            return 0.0
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, known, strict=False)))
        return shared / max(len(text), len(known)) if shared >= ALIKE_LETTERS else 0.0

    def _corrected(self, ways: dict[str, tuple[float, Value]], clause: Clause) -> dict[str, tuple[float, Value]]:
        """The ways of a value that takes the place of another: rather the one in which that was said."""
        if clause.instead and not any(score >= SAID for score, _ in ways.values()):
            for at, place in reversed(list(enumerate(self.found))):
                name = max(place.ways, key=lambda each: place.ways[each][0])
                if name in ways:
                    self.found[at] = replace(place, ways={name: place.ways[name]})
                    return {name: ways[name]}
        return ways

    def _meant_as(self, at: int, types: tuple[str, ...]) -> tuple[str, ...]:
        """The types that the noun beside a value leaves: "the bucket acme.photos", "acme.photos is the bucket"."""
        if len(types) < 2:
            return types
        before = self._view.words[at - 1] if at else ""
        after = [word for word in self._view.words[at + 1 : at + 4] if word not in self._view.common.between]
        noun = before if before in self._view.common.nouns_of_types else next(iter(after), "")
        meant = self._view.common.nouns_of_types.get(noun, "")
        return (meant,) if meant in types else types

    def _called(self, at: int, clause: Clause) -> tuple[str, ...]:
        """The types of a plain word: a name after "called", a number of days after "after"."""
        earlier, before = (["", "", *self._view.words[:at]])[-2:]
        token, common = self._view.tokens[at], self._view.common
        if token.text.isdigit() or (token.word in values.NUMBER_WORDS and token.word not in common.silent):
            return ("duration",) if self._of_an_age(at, clause) else ()
        if before == "with" and earlier in common.beginning:
            return ("prefix",)
        if not token.word or self._view.known(token.word):
            return ()
        meant = common.nouns_of_types.get(earlier if before in common.naming else before, "")
        if before in common.naming:
            return ("key",) if meant == "key" else () if types_of(token) and meant != "bucket" else ("bucket",)
        return (meant,) if meant in PLAIN or (meant == "bucket" and earlier in common.sides) else ()

    def _of_an_age(self, at: int, clause: Clause) -> bool:
        """Whether a number without a unit is one of days or hours: "after 30", "hours: 36", "expiration at 365"."""
        before = self._view.words[at - 1] if at else ""
        labelled = values.unit(before) and self._view.labels(at - 1)
        if before == "after" or labelled or (clause.instead and at + 1 == clause.spots.stop):
            return True
        aged = self._view.kind.timing if TIME in self._view.kind.nouns else frozenset[str]()
        return self._view.tokens[at].text.isdigit() and not aged.isdisjoint(self._view.words[max(at - 2, 0) : at])

    def _in_one_piece(self, place: values.Location, at: int, clause: Clause) -> int:
        """Takes ``s3://bucket/key`` apart; 1, or 0 when it is not clear which bucket it is."""
        options = self._by_role(at, 1, self._view.kind.parameters(("bucket",)), clause)
        if not options:
            return 0
        best = [name for name, score in options.items() if score == max(options.values())]
        said = any(score >= SAID for score in options.values())
        if not said and any("location" in types_of(token) for token in self._view.tokens[at + 1 :]):
            best = list(options)  # the later one is where it goes
        if len(best) > 1 and not said:
            best = best[:1]  # what is named first is where something comes from
        if len(best) != 1:
            return 0
        other = partner(self._view.kind.entry, self._view.kind.entry.parameter(best[0])) if place.path else ""
        parts = {best[0]: place.bucket, other: place.path} if other else {best[0]: place.bucket}
        ways = [self._parsed(text, {name: SAID}) for name, text in parts.items()]
        if not all(ways) or (place.path and not other):
            return 0
        self.found += [Place(each, range(at, at + 1), clause) for each in ways]
        return 1

    def region(self, at: int, clause: Clause) -> int:
        """How many words are the place of a region."""
        if not self._view.kind.parameters(("region",)):
            return 0
        counts = range(min(PLACE_WORDS, clause.spots.stop - at), 0, -1)
        texts = ((n, " ".join(token.text for token in self._view.tokens[at : at + n])) for n in counts)
        found = next((n for n, text in texts if values.sure("region", text)), 0)
        following = [word.removesuffix("'s") for word in self._view.words[at + found : at + found + 1]]
        if "there" in self._view.words[at + found :]:
            return found  # "our Tokyo office wants a bucket, please create it there"
        return 0 if (self._view.common.reporting | self._view.common.people).intersection(following) else found

    def of_people(self, at: int, clause: Clause) -> int:
        """How many words are a place that only says where people are, beside another: "the people in Zurich"."""
        people, preposition = (["", "", *self._view.words[:at]])[-2:]
        if preposition != "in" or people not in self._view.common.people - self._view.common.wishes:
            return 0
        count = self.region(at, clause)
        spots = ((spot, each) for each in self._view.clauses for spot in each.spots)
        return count if any(spot > at + count and self.region(spot, each) for spot, each in spots) else 0

    def _by_role(self, at: int, count: int, options: Mapping[str, float], clause: Clause) -> dict[str, float]:
        """The options that the words beside a value leave, and how well they fit."""
        said = self._named_again(at, clause, options) or self._view.kind.before.get(self._introduced_by(at, clause))
        following = self._view.words[at + count] if at + count < len(self._view.words) else ""
        after = self._view.kind.after.get(following)
        if said is None and following not in self._view.kind.done:
            said = after
        elif said and after and at + count < clause.spots.stop and set(after) < set(said):
            said = after  # "it must be in my-bucket too"
        counted = self._view.tokens[at].duration is not None or self._view.tokens[at].text.isdigit()
        if said is not None and counted and options.keys().isdisjoint(said):
            said = None  # "kept for two weeks", "compliance insists on 60"
        if said is None:
            options = {
                name: score
                for name, score in options.items()
                if (score or self._wanted.get(name, 0.0) > 0.0 or self._dotted(at, name))
                and name not in self._view.kind.introduced
            }
        else:
            options = {
                name: score + (SAID if name in said else 0.0)
                for name, score in options.items()
                if name in said or (score and name not in self._view.kind.bound)
            }
        if self._view.tokens[at].text.endswith(("'s", "’s", "s'", "s’")):  # "my-bucket's"
            owners = {name: score + SAID for name, score in options.items() if name in ("bucket", "source_bucket")}
            options = owners or options
        near = self._nearest(at, options, clause) if len(options) > 1 else ""
        return {
            name: score + (NEAR if name == near else 0.0) + self._wanted.get(name, 0.0)
            for name, score in options.items()
        }

    def _named_again(self, at: int, clause: Clause, options: Collection[str]) -> Sequence[str]:
        """The role that a later "there" gives what an earlier clause names: "she can't open my-bucket, so copy
        report.csv from there to …", "… so copy it there"."""
        words = self._view.words
        later = next((spot for spot in range(clause.spots.stop + 1, len(words)) if words[spot] == "there"), 0)
        if not later or self._view.begins_clause(later):
            return ()
        between = self._view.tokens[at + 1 : later]
        if any(
            "bucket" in types_of(token) for token in between if words[later - 1] not in self._view.common.prepositions
        ):
            return ()
        source = self._view.kind.near.get("source_bucket", frozenset())
        if words[at - 1] == "in" and at > 1 and words[at - 2] in source and self._named_before(clause):
            return ()  # "they only read my-bucket, so report.csv, which is in other-bucket, must be copied there"
        before = self._view.kind.before
        said = before.get(words[later - 1]) or (() if self._known else before.get("to", ()))
        return said if len(said) == 1 and said[0] in options else ()

    def _named_before(self, clause: Clause) -> bool:
        """Whether an earlier clause names a bucket."""
        return any("bucket" in types_of(token) for token in self._view.tokens[: clause.spots.start])

    def _dotted(self, at: int, name: str) -> bool:
        """Whether a name that looks like a bucket's may be a file's as well: "core.88213"."""
        return "." in self._view.tokens[at].name and self._view.kind.entry.parameter(name).type == "key"

    def _introduced_by(self, at: int, clause: Clause) -> str:
        """The word before a value that may give it its role; one with a colon does beyond its clause."""
        said = [spot for spot in range(at - 1, -1, -1) if self._view.words[spot] != MERGED]
        for before in said[:_BEFORE]:
            word = self._view.words[before]
            if word == "to" and self._view.words[before + 1] == "be":
                continue  # "its name is to be my-bucket"
            if before == clause.spots.start - 1 and not self._view.labels(before):
                return self._view.described_by.get(at, "")
            if word in self._view.common.naming and self._has_the_name(before):
                # "the file is called report.csv" gives it no new name.
                bucket = self._view.words[max(before - 2, 0)] == "bucket" and "bucket" in self._view.kind.before
                return "bucket" if bucket else ""
            if word in self._view.kind.before and not (word == "bucket" and self._to_a_bucket(before - 1)):
                return word
            if word not in self._view.common.between and self._view.tokens[before].text not in self._view.common.signs:
                return ""
        return ""

    def _has_the_name(self, at: int) -> bool:
        """Whether "called" says what something is called already: "the file is called", "copy the contract called"."""
        words, kind, common = self._view.words, self._view.kind, self._view.common
        nouns = takewhile(lambda word: word.isalpha() and word not in common.determiners, reversed(words[:at]))
        first = at - len(list(nouns))  # "copy the signed contract called"
        known = 1 < first < at and first >= at - NOUNS and words[first - 1] in common.determiners
        return words[at - 1] in common.is_named or (known and words[first - 2] in kind.verbs)

    def _to_a_bucket(self, at: int) -> bool:
        """Whether a preposition says which bucket it is: "goes to the bucket my-bucket"."""
        while at > 0 and self._view.words[at] in self._view.common.between | {MERGED}:
            at -= 1
        said = self._view.kind.before.get(self._view.words[at], ()) if at >= 0 else ()
        return bool(said) and all(self._view.kind.entry.parameter(name).type == "bucket" for name in said)

    def _nearest(self, at: int, options: Mapping[str, float], clause: Clause) -> str:
        """The parameter one of whose words is nearest in the clause, and rather before it; behind a sign, as in "30d =
        cheaper storage" and "30 days until transition", rather after it."""
        following = self._view.tokens[at + 1].text if at + 1 < len(self._view.tokens) else ""
        labels = following in self._view.common.signs or following in _UNTIL
        distances = [
            (spot not in clause.spots, abs(spot - at) + 1.5 * ((spot > at) != labels), name)
            for name in options
            for spot in (clause.spots if self._view.tokens[at].duration is None else range(len(self._view.words)))
            if self._view.words[spot] in self._view.kind.near.get(name, ())
        ]
        return min(distances)[-1] if distances else ""


def _ways(places: Sequence[Place], taken: Taken) -> Iterator[tuple[float, Taken]]:
    """All ways to put the values in their places, with how well each fits.

    A value may be said twice, and one that a later clause corrects gives way to the other.
    """
    if not places:
        yield 0.0, taken
        return
    place, *others = places
    for name, (score, value) in place.ways.items():
        before = taken.get(name)
        if before is None or before[0] == value or (place.clause.instead and before[1].clause is not place.clause):
            for rest, way in _ways(others, {**taken, name: (value, place)}):
                yield score + rest, way
