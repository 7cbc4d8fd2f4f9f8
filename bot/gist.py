"""A request in whatever words and order, read by its gist: "the brokers can't find rates.pdf, can you put a copy from
my-bucket into other-bucket?"

The clauses that ask for something may hold nothing but words that ask for it, values, the words beside a value that
give it its role, and words that say nothing here. The other clauses may say anything that is no condition, no other
request and no order about the bot, and every name in them must have its place too. What was passed over goes with the
match, so that a change is confirmed. How an entry is asked for is data: ``gist`` in the entry, and ``gist`` in
``seeds/words.json`` for what all of them have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from bot import values
from bot.clauses import Calm, Patterns, clauses
from bot.errors import BadValue
from bot.foreign import foreign
from bot.forms import is_name, types_of
from bot.matches import Match, is_pattern, missing_of, partner, undecided
from bot.matching import Matcher
from bot.models import Entry, Intent, Value
from bot.normalise import Sentence, Token, sentence_of
from bot.spans import FREE, SELDOM

GIST_COST = 3.0
PASSED_COST = 0.1
"""For each word that says nothing, so that of two readings the one that leaves out less is the better."""
TOKENS_LIMIT = 45
"""Words of a sentence that is looked through at all, so that the cost of a long one stays bounded."""
CLAUSES_LIMIT = 6
"""Clauses among which those are looked for that a phrase reads."""
VALUES_LIMIT = 6
"""Values whose places are searched for."""
REPLY_LIMIT = 20
"""Words of a reply that adds something to what is known."""
SHORT_WORDS = 4
"""Words of one that needs no other sign of it: "3 days please"."""
PLACE_WORDS = 3
"""Words that the place of a region may have: "Hong Kong"."""
ASKER_WORDS = 4
"""Words that say who asks: "the data protection officer wants …"."""
DESCRIBING_WORDS = 6
"""Words of a clause that describes what the next one names."""
FOR_WORDS = 3
"""Words between "for" and the last of those that say for whom: "for the mobile team"."""
_BEFORE = 4
"""Words between a value and what gives it its role: "from the old bucket my-bucket"."""
_MERGED = "\0"
"""Stands for the words that an idiom has beside its first."""
_TIME = "{time}"
"""Stands for a length of time among the words that an entry is asked for with."""

_SAID = 3.0
"""A value whose place the word beside it says."""
_NEAR = 2.0
"""A value whose place the nearest of some words says."""
_LIKELY = 0.5
"""A value that is of the likeliest of its types."""


@dataclass(frozen=True, slots=True)
class _Common:
    """The words that all requests have in common."""

    silent: frozenset[str]
    """They say nothing of their own in any request."""
    silent_in_questions: frozenset[str]
    asking: frozenset[str]
    """They make a question or a wish of what is said."""
    wishes: frozenset[str]
    tellers: frozenset[str]
    perfect: frozenset[str]
    adverbs: frozenset[str]
    """Words between such a verb and its participle."""
    whether: frozenset[str]
    """Words after which "if" is no condition: "tell me if"."""
    between: frozenset[str]
    """They may stand between a value and the word that gives it its role."""
    prepositions: frozenset[str]
    askers: frozenset[str]
    """They follow who asks: "the boss wants"."""
    finite: frozenset[str]
    """Verbs that make a statement of a sentence."""
    modals: frozenset[str]
    """Verbs before "you" that make a request of what it is to do."""
    speakers: frozenset[str]
    """Who asks, or is asked."""
    connecting: frozenset[str]
    """Words before the first that counts in a clause."""
    orders: frozenset[str]
    """Verbs that begin an order to do something to a thing."""
    describing: frozenset[str]
    """Words that begin the description of one thing."""
    following: frozenset[str]
    """Words by which something is about what was said before."""
    limits: frozenset[str]
    """Words that begin a clause which wants less of what was asked for."""
    pointing_back: frozenset[str]
    """Words that begin a clause about what was named before: "it's in …"."""
    before_verbs: frozenset[str]
    """Words after which the verb of an order follows."""
    wondering: frozenset[str]
    """Words that begin a question to nobody."""
    weighing: frozenset[str]
    """Words that begin a question whether something should be done."""
    instead: frozenset[str]
    """Words by which a clause takes back what was said before it."""
    attributes: frozenset[str]
    """Words that ask for something else of a thing than what can be shown."""
    signs: frozenset[str]
    """Signs that only separate."""
    contrasts: frozenset[str]
    """What is said before a value that is not meant."""
    naming: frozenset[str]
    """What is said before a name, so that it may be any word."""
    file_nouns: frozenset[str]
    nouns_of_types: Mapping[str, str]
    """Noun to the type of what it is said of."""
    determiners: frozenset[str]
    pronouns: frozenset[str]
    several: frozenset[str]


class _Kind:
    """How one entry is asked for."""

    def __init__(self, entry: Entry) -> None:
        data = entry.gist
        self.entry = entry
        self.verbs = frozenset(data.get("verbs", ()))
        self.done = frozenset(data.get("done", ()))
        self.about = [frozenset(text.split()) for text in data.get("about", ())]
        """What a question is about: all words of one of these must be said."""
        self.nouns = frozenset(data.get("nouns", ()))
        self.before: Mapping[str, Sequence[str]] = data.get("before", {})
        self.after: Mapping[str, Sequence[str]] = data.get("after", {})
        self.near = {name: frozenset(words) for name, words in data.get("near", {}).items()}
        self.elliptic = frozenset(data.get("elliptic", ()))
        """Words that ask for it in a sentence without a verb: "new bucket, my-bucket"."""
        self.bound = frozenset(name for names in self.before.values() for name in names)
        self.introduced = frozenset(data.get("introduced", ()))
        """Parameters whose values are only taken for theirs after a word that says so."""
        self.alone = frozenset(data.get("alone", ()))
        """Nouns that are enough to ask for all else."""
        self.closed: bool = data.get("closed", False)
        """Whether nothing but known words may stand in its questions."""
        self.needs = frozenset(data.get("needs", ()))
        """Parameters without which nothing is asked about."""
        self.idioms = [(tuple(text.split()), word) for text, word in data.get("idioms", {}).items()]
        """Several words that say what one of the verbs says."""
        self.meaning = frozenset(word for text in data.get("means", {}) for word in text.split())
        self.means = [(tuple(text.split()), settled) for text, settled in data.get("means", {}).items()]
        self.words = frozenset(data.get("words", ())).union(
            self.verbs, self.done, *self.about, self.nouns, self.elliptic, self.before
        )

    def cues(self, words: Collection[str]) -> frozenset[str]:
        """The words of a sentence that it is asked for with."""
        about = (each for each in self.about if each.issubset(words))
        return self.verbs.union(self.done, self.elliptic, *about).intersection(words)

    def parameters(self, types: Sequence[str]) -> dict[str, float]:
        """The parameters that a value of one of the types may be, and how likely that is by its form."""
        found: dict[str, float] = {}
        for kind in types:
            alike = ("hours", "days") if kind == "duration" else (kind,)
            score = 0.0 if found else _LIKELY
            for parameter in self.entry.parameters:
                if parameter.type in alike:
                    found.setdefault(parameter.name, score)
        return found


@dataclass(frozen=True, slots=True)
class _Place:
    """One value and where it may belong."""

    ways: Mapping[str, tuple[float, Value]]
    """Parameter to how well it fits there, and the value that it is."""
    spots: range
    """Where it was said."""
    clause: _Clause


class Gist:
    """Reads requests by their gist."""

    def __init__(self, entries: Mapping[str, Entry], words: Mapping[str, Any], matcher: Matcher) -> None:
        known: Mapping[str, Sequence[str]] = words.get("gist", {})
        others = ("determiners", "pronouns", "several", "nouns_of_types")
        lists = {name: frozenset(known.get(name, ())) for name in _Common.__slots__ if name not in others}
        self._common = _Common(
            **lists,
            determiners=frozenset(words.get("determiners", ())),
            pronouns=frozenset(words.get("pronouns", ())),
            several=frozenset(words.get("refused", {}).get("bulk", ())),
            nouns_of_types=words.get("gist", {}).get("nouns_of_types", {}),
        )
        self._openers = Patterns(known.get("openers", ()))
        self._asides = Patterns(known.get("asides", ()))
        self._calm = Calm(words)
        self._matcher = matcher
        self._all_words = words
        self._kinds = [_Kind(entry) for entry in entries.values() if entry.gist]

    def read(self, said: Sentence) -> Match | None:
        """The one entry that can be meant; None when there is none, or more than one, or it is only asked about."""
        match = self._one(said)
        return None if match and self._matcher.only_asks(said, match) else match

    def _one(self, said: Sentence) -> Match | None:
        if not 2 <= len(said.tokens) <= TOKENS_LIMIT or any(token.mention or token.pointed for token in said.tokens):
            return None
        if foreign(said, self._all_words):
            return None
        heard = self._heard(said)
        if any(self._dropped(heard, clause) for clause in heard.clauses[1:]):
            return None
        found = [match for kind in self._kinds if (match := self._reading(heard, kind).match())]
        found.sort(key=lambda match: (len(match.missing) > 0, match.cost))
        alike = [match for match in found if bool(match.missing) == bool(found[0].missing)]
        best = found[0] if found and not undecided(alike) else None
        if best and not best.missing:
            return best
        around = self._around(heard)
        return around if around and not (best and around.missing) else best

    def reply(self, said: Sentence, known: Intent, entry: Entry, *, changes: bool = False) -> Match | None:
        """What a reply adds to a command that is known already: "found it, it lies in my-bucket".

        ``changes`` says that it wants the same of something else, or takes something back. Only names that show by
        their form what they are count here, and every word beside them must say nothing.
        """
        if (
            not said.tokens
            or len(said.tokens) > REPLY_LIMIT
            or any(each.mention or each.pointed for each in said.tokens)
        ):
            return None
        if changes and not self._goes_on(said):
            return None
        match = self._reading(self._heard(said), self._kind(entry)).reply(known, changes=changes)
        return None if match and self._matcher.only_asks(said, match, follows=True) else match

    def _goes_on(self, said: Sentence) -> bool:
        """Whether what was said can only be about what was said before: "… as well", "only logs/", "3 days please"."""
        words = [token.word for token in said.tokens]
        if said.text.rstrip().endswith("?") or not self._common.following.isdisjoint(words):
            return True
        shortly = said.tokens[0].duration is not None or words[0] in self._common.prepositions
        return len(words) <= SHORT_WORDS and shortly

    def _kind(self, entry: Entry) -> _Kind:
        return next((kind for kind in self._kinds if kind.entry.name == entry.name), None) or _Kind(entry)

    def _heard(self, said: Sentence) -> _Heard:
        kept = {token.start for token in self._matcher.trimmed(said.tokens)}
        polite = frozenset(at for at, token in enumerate(said.tokens) if token.start not in kept)
        repaired = [self._matcher.repaired(token) for token in said.tokens]
        return _Heard(said, repaired, polite, self._clauses(said), self._asides, self._commands)

    def _commands(self, tokens: Sequence[Token]) -> bool:
        """Whether some words are a command of their own."""
        return any(not match.problems for match in self._matcher.read(sentence_of(tokens)))

    def _reading(self, heard: _Heard, kind: _Kind) -> _Reading:
        return _Reading(heard, kind, self._common, self._calm)

    def _dropped(self, heard: _Heard, clause: _Clause) -> bool:
        """Whether a clause takes back all that was asked for before it."""
        if any("execution_id" in types_of(token) for token in heard.said.tokens):
            return False  # "wf-k3m9x2q7 was a mistake, stop it"
        text = heard.said.slice_of(heard.said.tokens[clause.spots.start : clause.spots.stop])
        return self._matcher.says("cancel", text)

    def _around(self, heard: _Heard) -> Match | None:
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

    def _phrased(self, heard: _Heard, clauses: Sequence[_Clause]) -> Match | None:
        tokens = heard.said.tokens[clauses[0].spots.start : clauses[-1].spots.stop]
        found = self._matcher.read(replace(heard.said, tokens=tokens))
        if not found or found[0].problems or found[0].cost >= SELDOM or undecided(found):
            return None
        best = found[0]
        if any(parameter.type in FREE for parameter in best.entry.parameters):
            return None  # "help: …" is asked about anything
        return self._reading(heard, self._kind(best.entry)).around(best, clauses)

    def _clauses(self, said: Sentence) -> list[_Clause]:
        """The clauses, which also begin where somebody comes to the point: "before I go home I need to know …"."""
        found: list[_Clause] = []
        carried = 0
        for clause in clauses(said):
            opened = [at for at in clause[1:] if self._opens(said.tokens[at : clause.stop], said.tokens[at - 1])]
            for begin, stop in pairwise([clause.start, *opened, clause.stop]):
                start = begin
                tokens = said.tokens[start:stop]
                corrected = self._matcher.opening("corrections", tokens) if start else 0
                if corrected == len(tokens) and stop < len(said.tokens):
                    carried += corrected  # "no wait, it is in my-bucket"
                    continue
                later = start > 0 and any(token.word in self._common.instead for token in tokens)
                found.append(
                    _Clause(range(start - carried, stop), corrected + carried, later or corrected + carried > 0)
                )
                carried = 0
        return found

    def _opens(self, tokens: Sequence[Token], before: Token) -> bool:
        """Whether a clause begins there without a sign: somebody comes to the point, or corrects a value."""
        if self._openers.at(tokens):
            return True
        count = self._matcher.opening("corrections", tokens)
        return 0 < count < len(tokens) and bool(types_of(tokens[count])) and before.word not in self._common.between


@dataclass(frozen=True, slots=True)
class _Clause:
    """Neighbouring tokens that say one thing."""

    spots: range
    corrects: int
    """How many words at its start say that it takes something back."""
    instead: bool
    """Its values take the place of those that were said before."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A sentence, what its misspelt words were meant to be, and its clauses."""

    said: Sentence
    repaired: Sequence[str]
    polite: frozenset[int]
    """The tokens that are politeness and fillers."""
    clauses: Sequence[_Clause]
    asides: Patterns
    """Words that say nothing together: "is what we need"."""
    reads: Callable[[Sequence[Token]], bool]
    """Whether some words are a command of their own."""


class _Reading:
    """One sentence as one entry."""

    def __init__(self, heard: _Heard, kind: _Kind, common: _Common, calm: Calm) -> None:
        self._said = heard.said
        self._tokens = heard.said.tokens
        self._polite = heard.polite
        self._clauses = heard.clauses
        self._asides = heard.asides
        self._reads = heard.reads
        self._kind = kind
        self._common = common
        self._calm = calm
        self._changes = kind.entry.effect != "read"
        self._timed = any(token.duration is not None for token in self._tokens)
        pairs = zip(heard.said.tokens, heard.repaired, strict=True)
        self._words = [
            repaired if repaired and not self._known(token.word) else token.word for token, repaired in pairs
        ]
        self._idiomatic = frozenset(self._say_plainly())
        self._cued = kind.cues(frozenset(self._words))
        self._passed: list[int] = []
        self._places: list[_Place] = []
        self._contrasted: set[str] = set()
        self._settled: dict[str, Value] = {**kind.entry.fixed}
        self._standing = False
        """The request stands by itself, in so many words."""
        self._nameless = not any(map(types_of, self._tokens))
        self._replying = False
        self._wanted: dict[str, float] = {}
        """How much likelier a parameter is for what it is asked for."""

    def _say_plainly(self) -> Iterator[int]:
        """Puts the verb that it means in the place of an idiom, and tells where."""
        for sequence, verb in self._kind.idioms:
            for at in range(len(self._words) - len(sequence) + 1):
                if tuple(self._words[at : at + len(sequence)]) == sequence:
                    rest = (word if word in self._kind.words else _MERGED for word in sequence[1:])
                    self._words[at : at + len(sequence)] = [verb, *rest]
                    yield at

    def match(self) -> Match | None:
        """The match; None when the sentence does not ask for this entry, or says anything else."""
        if not self._named() or not self._asked() or (not self._changes and self._ordered()):
            return None
        if any(map(self._limits, self._clauses)):
            return None
        asks = [clause for clause in self._clauses if self._taken_up(clause)]
        told = [clause for clause in self._clauses if clause not in asks]
        self._standing = any(map(self._orders, asks)) and self._complete()
        if not any(self._cues(clause) for clause in asks) or not all(map(self._remark, told)):
            return None
        if len(self._places) > VALUES_LIMIT or not self._placed() or not self._contrasted <= set(self._settled):
            return None
        entry = self._kind.entry
        missing = missing_of(entry, self._settled, {})
        if missing and not self._may_miss():
            return None
        cost = GIST_COST + PASSED_COST * len(self._passed)
        return Match(entry, self._settled, missing, {}, "", cost, aside=self._aside())

    def around(self, match: Match, clauses: Sequence[_Clause]) -> Match | None:
        """What a phrase read in some clauses, with what the others add to it; None when they say anything else."""
        others = [clause for clause in self._clauses if clause not in clauses]
        if (self._changes and any(map(self._weighed, self._clauses))) or any(map(self._limits, self._clauses)):
            return None
        self._settled = dict(match.parameters)
        told = [clause for clause in others if not self._taken_up(clause)]
        self._standing = any(map(self._orders, clauses)) and not match.missing
        if not all(map(self._remark, told)) or not self._placed() or not self._contrasted <= set(self._settled):
            return None
        missing = missing_of(match.entry, self._settled, {})
        return replace(match, parameters=self._settled, missing=missing, cost=GIST_COST, aside=self._aside())

    def reply(self, known: Intent, *, changes: bool) -> Match | None:
        """What the sentence adds to a command or changes in it; None when it says anything else, or nothing."""
        self._replying = True
        self._wanted = dict.fromkeys(known.parameters, _NEAR if changes else -_NEAR)
        self._wanted.update(dict.fromkeys(known.missing, _LIKELY))
        self._wanted.update(dict.fromkeys(known.missing[:1], _NEAR))
        for at, token in enumerate(self._tokens):
            taken_back = [name for name, value in known.parameters.items() if value == token.name]
            if taken_back and not self._common.contrasts.isdisjoint(self._words[max(at - 2, 0) : at]):
                self._wanted[taken_back[0]] = _SAID + _NEAR  # "not my-bucket, other-bucket"
        fixed = dict(self._settled)
        told = [clause for clause in self._clauses if not self._taken_up(clause)]
        if not all(map(self._remark, told)) or not self._placed() or self._settled == fixed:
            return None
        missing = missing_of(self._kind.entry, self._settled, {})
        return Match(self._kind.entry, self._settled, missing, {}, "", GIST_COST, aside=self._aside())

    def _may_miss(self) -> bool:
        """Whether what is there is enough to ask for the rest."""
        said = set(self._settled) - set(self._kind.entry.fixed)
        if not self._kind.needs <= said:
            return self._describes()
        named = not (self._kind.nouns | self._kind.alone | self._common.pronouns).isdisjoint(self._words)
        return bool(said) or named

    def _describes(self) -> bool:
        """Whether one thing is described that has a name: "copy our price list"."""
        verbs = [at for at, word in enumerate(self._words) if word in self._kind.verbs]
        following = self._words[verbs[0] + 1 : verbs[0] + 2] if verbs else []
        return (
            self._nameless
            and not self._common.describing.isdisjoint(following)
            and self._common.several.isdisjoint(token.word for token in self._tokens)
        )

    def _known(self, word: str) -> bool:
        """Whether a word means something here, so that it is no slip for another."""
        common = self._common
        return (
            word in self._kind.words
            or word in common.silent
            or word in common.silent_in_questions
            or word in common.askers
            or word in common.contrasts
            or word in common.naming
            or self._calm.bars(word)
        )

    # --- what asks ----------------------------------------------------------------------------------------------

    def _cues(self, clause: _Clause) -> bool:
        timed = _TIME in self._kind.nouns
        return any(
            self._words[at] in self._cued or (timed and self._tokens[at].duration is not None) for at in clause.spots
        )

    def _named(self) -> bool:
        """Whether a noun is said of those that must be."""
        nouns = self._kind.nouns
        return not nouns or not nouns.isdisjoint(self._words) or (_TIME in nouns and self._timed)

    def _asked(self) -> bool:
        """Whether something is asked for, and not told: "I copy it" and "it was copied" are no requests."""
        words = frozenset(self._words)
        if any(self._elliptic(clause) for clause in self._clauses):
            return True
        if any(about <= words for about in self._kind.about):
            return self._questioned()
        if any(map(self._weighed, self._clauses)):
            return False
        verbs = [at for at, word in enumerate(self._words) if word in self._kind.verbs or self._times(word)]
        if verbs:
            return not all(map(self._told, verbs))
        asked_for = not self._kind.done.isdisjoint(words) or not self._kind.elliptic.isdisjoint(words)
        return asked_for and not self._common.wishes.isdisjoint(words) and not self._perfect()

    def _ordered(self) -> bool:
        """Whether something is to be done to what is asked about: "make my-bucket public"."""
        firsts = [self._first(clause) for clause in self._clauses]
        after = [*self._words[1:], ""]
        return any(self._words[at] in self._common.orders and after[at] not in self._common.speakers for at in firsts)

    def _questioned(self) -> bool:
        """Whether a question is asked, or something wished for."""
        if self._said.text.rstrip().endswith("?") or not self._common.wishes.isdisjoint(self._words):
            return True
        return any(self._words[self._first(clause)] in self._common.asking for clause in self._clauses)

    def _first(self, clause: _Clause) -> int:
        """The first word that counts in a clause."""
        spots = (at for at in clause.spots if at not in self._polite and self._words[at] not in self._common.connecting)
        return next(spots, clause.spots.start)

    def _elliptic(self, clause: _Clause) -> bool:
        """Whether a clause asks for it without a verb."""
        words = self._words[clause.spots.start : clause.spots.stop]
        asks = not self._kind.elliptic.isdisjoint(words) or any(about.issubset(words) for about in self._kind.about)
        return asks and self._common.finite.isdisjoint(words)

    def _orders(self, clause: _Clause) -> bool:
        """Whether a clause begins with the verb, as orders do: "please delete …", "so can you copy …"."""
        word = self._words[self._first(clause)]
        return word in self._kind.verbs or self._times(word)

    def _complete(self) -> bool:
        """Whether the clauses that ask say all that is required."""
        named = {name for place in self._places for name in place.ways}
        return set(self._kind.entry.required) <= named | set(self._settled)

    def _limits(self, clause: _Clause) -> bool:
        """Whether a clause wants less than what is asked for before it: "but only those of today"."""
        opening = self._words[clause.spots.start : clause.spots.stop][:2]
        named = any(types_of(self._tokens[at]) for at in clause.spots)
        limiting = clause.spots.start > 0 and not self._common.limits.isdisjoint(opening)
        return limiting and not named and not self._cues(clause)

    def _perfect(self) -> bool:
        """Whether it says that something was done: "I have copied it"; "I'd have it copied" does not."""
        said = [word for word in self._words if word not in self._common.adverbs]
        return any(one in self._common.perfect and two in self._kind.done for one, two in pairwise(said))

    def _weighed(self, clause: _Clause) -> bool:
        """Whether it only asks whether it should be done: "should other-bucket get a copy?" """
        first, last = clause.spots.start, clause.spots.stop - 1
        return self._words[first] in self._common.weighing and self._typed(last).endswith("?")

    def _told(self, at: int) -> bool:
        """Whether a verb tells what somebody does; "we need to copy" and "could you copy" do not."""
        before = self._words[at - 1] if at else ""
        if before not in self._common.tellers or at in self._idiomatic:
            return False
        earlier = self._words[max(at - 4, 0) : at - 1]
        if before != "to":
            return before not in self._common.speakers or self._common.modals.isdisjoint(earlier)
        wished = [spot for spot in range(max(at - 4, 0), at - 1) if self._words[spot] in self._common.wishes]
        return not wished or not self._own(wished[0])

    def _own(self, at: int) -> bool:
        """Whether a wish is the speaker's own: "alice wants to delete it" says what alice wants."""
        before = self._words[at - 1] if at else ""
        return before in self._common.speakers or self._words[at] not in self._common.askers

    def _taken_up(self, clause: _Clause) -> bool:
        """Takes up a clause every word of which has its place; leaves all as it is for any other."""
        before = len(self._places), dict(self._settled)
        if clause.corrects and self._all_taken(clause, clause.corrects):
            if (len(self._places), self._settled) != before:
                return True
            del self._passed[-clause.corrects :]
        return self._all_taken(clause, self._asker(clause))

    def _all_taken(self, clause: _Clause, skipped: int) -> bool:
        """Whether every word has its place but those at the start."""
        places, passed = len(self._places), len(self._passed)
        settled, contrasted = dict(self._settled), set(self._contrasted)
        at = clause.spots.start + skipped
        self._passed += range(clause.spots.start, at)
        while at < clause.spots.stop:
            count = self._taken(at, clause)
            if not count:
                del self._places[places:], self._passed[passed:]
                self._settled, self._contrasted = settled, contrasted
                return False
            at += count
        return True

    def _asker(self, clause: _Clause) -> int:
        """How many words at the start say who asks: "the data protection officer wants to know …"."""
        for at in clause.spots[1 : ASKER_WORDS + 1]:
            before = self._tokens[at - 1]
            if self._calm.bars(self._words[at - 1]) or types_of(before):
                return 0
            if self._words[at - 1] in self._kind.nouns | self._kind.meaning:
                return 0
            if self._words[at] in self._common.askers:
                return at - clause.spots.start + (self._words[at] not in self._cued)
        return 0

    def _taken(self, at: int, clause: _Clause) -> int:
        """How many words from one on have their place; 0 when it has none."""
        for sequence, settled in self._kind.means:
            if tuple(self._words[at : at + len(sequence)]) == sequence:
                self._settled.update(settled)
                return len(sequence)
        if aside := self._asides.at(self._tokens, at, clause.spots.stop):
            self._passed += range(at, at + aside)
            return aside
        count = self._value(at, clause) or self._not_meant(at, clause)
        if count:
            return count
        word = self._words[at]
        if word in self._kind.words or self._times(word):
            return 1
        if self._says_nothing(at, clause):
            self._passed.append(at)
            return 1
        return 0

    def _times(self, word: str) -> bool:
        """Whether a word says what a length of time is for: "delete" of "delete them after 30 days"."""
        return self._timed and _TIME in self._kind.nouns and any(word in words for words in self._kind.near.values())

    def _says_nothing(self, at: int, clause: _Clause) -> bool:
        word = self._words[at]
        silent = (
            word == _MERGED
            or at in self._polite
            or word in self._common.silent
            or (at == 0 and word in self._common.connecting)
            or (word == "if" and at and self._words[at - 1] in self._common.whether)
            or (not self._changes and word in self._common.silent_in_questions)
            or self._tokens[at].text in self._common.signs
        )
        if silent or not word.isalpha() or self._calm.bars(word):
            return bool(silent)
        if not self._changes:
            return self._for_somebody(at) or (self._open(word) and not self._acts(at, clause))
        described = self._described(clause) or (self._nameless and bool(self._kind.needs))
        return self._for_somebody(at) or self._before_name(at) or described

    def _acts(self, at: int, clause: _Clause) -> bool:
        """Whether an unknown word stands where the verb of an order does: "zip the files", "can you just zip …"."""
        return at == self._first(clause) or self._words[at - 1] in self._common.before_verbs

    def _open(self, word: str) -> bool:
        """Whether a question may hold a word of which nothing is known."""
        return not (self._kind.closed or self._replying) and word not in self._common.attributes

    def _described(self, clause: _Clause) -> bool:
        """Whether a clause describes what the next one names: "copy yesterday's run, run-18.bam, from …"."""
        following = clause.spots.stop
        named = following < len(self._tokens) and "key" in types_of(self._tokens[following])
        return named and len(clause.spots) <= DESCRIBING_WORDS and self._orders(clause)

    def _before_name(self, at: int) -> bool:
        """Whether a word only says what it is that is named: "the newsletter march.pdf"."""
        following = at + 1 < len(self._tokens) and is_name(self._tokens[at + 1])
        return following and at > 0 and self._words[at - 1] in self._common.determiners

    def _for_somebody(self, at: int) -> bool:
        """Whether a word says for whom something is: "for the mobile team"."""
        for word in reversed(self._words[max(at - FOR_WORDS, 0) : at]):
            if word in ("for", "by"):
                return True
            if not word.isalpha() or self._calm.bars(word):
                return False
        return False

    def _not_meant(self, at: int, clause: _Clause) -> int:
        """How many words name a value that is not meant: "but not in London", "instead of CSV"."""
        if self._words[at] not in self._common.contrasts or (at and self._words[at - 1] in self._common.finite):
            return 0
        stop = at + 1
        while stop < clause.spots.stop and self._words[stop] in self._common.between | self._common.prepositions:
            stop += 1
        if stop == clause.spots.stop:
            return 0
        settled, places = dict(self._settled), len(self._places)
        count = self._taken(stop, clause)
        named = [name for place in self._places[places:] for name in place.ways][:1]
        named += [name for name in self._settled if self._settled[name] != settled.get(name)]
        self._settled = settled
        del self._places[places:]
        if not count or not named:
            return 0
        self._contrasted.add(named[0])
        self._passed += range(at, stop + count)
        return stop + count - at

    # --- values -------------------------------------------------------------------------------------------------

    def _value(self, at: int, clause: _Clause) -> int:
        """Puts a value to the others; how many words it has, 0 when it is none of the entry's."""
        token = self._tokens[at]
        region = self._region(at, clause)
        if region:
            types: tuple[str, ...] = ("region",)
            text = " ".join(token.text for token in self._tokens[at : at + region])
        else:
            types, text = (*self._called(at, clause), *self._meant_as(at, types_of(token))), token.name
        if is_pattern(text, quoted=token.quoted) or (text[:1] == "(" and at):
            return 0  # several files, or "(1).csv" of "report (1).csv"
        if types == ("key",) and "/" in text and not self._kind.parameters(types):
            types = ("log_group",)
        options = self._by_role(at, region or 1, self._kind.parameters(types), clause)
        place = values.location(text) if types == ("location",) else None
        if place:
            return self._in_one_piece(place, at, clause)
        ways = self._parsed(text, options)
        if not ways:
            return 0
        self._places.append(_Place(self._corrected(ways, clause), range(at, at + (region or 1)), clause))
        return region or 1

    def _parsed(self, text: str, options: Mapping[str, float]) -> dict[str, tuple[float, Value]]:
        """How well the text fits each parameter, and the value that it is there; without those whose rule it breaks."""
        found: dict[str, tuple[float, Value]] = {}
        for name, score in options.items():
            parameter = self._kind.entry.parameter(name)
            with suppress(BadValue):
                found[name] = score, values.parse(parameter.type, text, parameter.choices)
        return found

    def _corrected(self, ways: dict[str, tuple[float, Value]], clause: _Clause) -> dict[str, tuple[float, Value]]:
        """The ways of a value that takes the place of another: rather the one in which that was said."""
        if clause.instead and not any(score >= _SAID for score, _ in ways.values()):
            for place in reversed(self._places):
                name = max(place.ways, key=lambda each: place.ways[each][0])
                if name in ways:
                    return {name: ways[name]}
        return ways

    def _meant_as(self, at: int, types: tuple[str, ...]) -> tuple[str, ...]:
        """The types that the noun beside a value leaves: "the bucket acme.photos", "acme.photos is the bucket"."""
        if len(types) < 2:
            return types
        before = self._words[at - 1] if at else ""
        after = [word for word in self._words[at + 1 : at + 4] if word not in self._common.between]
        noun = before if before in self._common.nouns_of_types else next(iter(after), "")
        meant = self._common.nouns_of_types.get(noun, "")
        return (meant,) if meant in types else types

    def _called(self, at: int, clause: _Clause) -> tuple[str, ...]:
        """The types of a plain word: a name after "called", a number of days after "after"."""
        before = self._words[at - 1] if at else ""
        token = self._tokens[at]
        if token.text.isdigit() or (token.word in values.NUMBER_WORDS and token.word not in self._common.silent):
            return ("duration",) if before == "after" or (clause.instead and at + 1 == clause.spots.stop) else ()
        if before == "prefix" and token.word and not self._known(token.word):
            return ("prefix",)
        if before in ("group", "loggroup"):
            return ("log_group",) if token.word and not self._known(token.word) else ()
        if before not in self._common.naming or not token.word or self._known(token.word):
            return ()
        return ("key",) if at > 1 and self._words[at - 2] in self._common.file_nouns else ("bucket",)

    def _in_one_piece(self, place: values.Location, at: int, clause: _Clause) -> int:
        """Takes ``s3://bucket/key`` apart; 1, or 0 when it is not clear which bucket it is."""
        options = self._by_role(at, 1, self._kind.parameters(("bucket",)), clause)
        if not options:
            return 0
        best = [name for name, score in options.items() if score == max(options.values())]
        if len(best) > 1 and not any(score >= _SAID for score in options.values()):
            best = best[:1]  # what is named first is where something comes from
        if len(best) != 1:
            return 0
        other = partner(self._kind.entry, self._kind.entry.parameter(best[0])) if place.path else ""
        parts = {best[0]: place.bucket, other: place.path} if other else {best[0]: place.bucket}
        ways = [self._parsed(text, {name: _SAID}) for name, text in parts.items()]
        if not all(ways) or (place.path and not other):
            return 0
        self._places += [_Place(each, range(at, at + 1), clause) for each in ways]
        return 1

    def _region(self, at: int, clause: _Clause) -> int:
        """How many words are the place of a region."""
        if not self._kind.parameters(("region",)):
            return 0
        counts = range(min(PLACE_WORDS, clause.spots.stop - at), 0, -1)
        return next(
            (n for n in counts if values.sure("region", " ".join(t.text for t in self._tokens[at : at + n]))), 0
        )

    def _by_role(self, at: int, count: int, options: Mapping[str, float], clause: _Clause) -> dict[str, float]:
        """The options that the words beside a value leave, and how well they fit."""
        said = self._kind.before.get(self._introduced_by(at, clause))
        if said is None and at + count < len(self._words):
            said = self._kind.after.get(self._words[at + count])
        if said is None:
            options = {
                name: score
                for name, score in options.items()
                if (score or self._wanted.get(name, 0.0) > 0.0) and name not in self._kind.introduced
            }
        else:
            options = {
                name: score + (_SAID if name in said else 0.0)
                for name, score in options.items()
                if name in said or (score and name not in self._kind.bound)
            }
        near = self._nearest(at, options, clause) if len(options) > 1 else ""
        return {
            name: score + (_NEAR if name == near else 0.0) + self._wanted.get(name, 0.0)
            for name, score in options.items()
        }

    def _introduced_by(self, at: int, clause: _Clause) -> str:
        """The word before a value that may give it its role; one with a colon does beyond its clause."""
        for before in range(at - 1, max(at - 1 - _BEFORE, -1), -1):
            word = self._words[before]
            if before < clause.spots.start and not self._typed(before).endswith((":", "=", "?")):
                return ""
            if word in self._kind.before:
                return word
            if word not in self._common.between and self._tokens[before].text not in self._common.signs:
                return ""
        return ""

    def _typed(self, at: int) -> str:
        return self._said.text[self._tokens[at].start : self._tokens[at].end]

    def _nearest(self, at: int, options: Mapping[str, float], clause: _Clause) -> str:
        """The parameter one of whose words is nearest in the clause, and rather before it."""
        distances = [
            (spot not in clause.spots, abs(spot - at) + (spot > at) / 2, name)
            for name in options
            for spot in (clause.spots if self._tokens[at].duration is None else range(len(self._words)))
            if self._words[spot] in self._kind.near.get(name, ())
        ]
        return min(distances)[-1] if distances else ""

    def _placed(self) -> bool:
        """Puts every value in its place; False when one has none, or two ways are as good."""
        required = set(self._kind.entry.required)
        ways = [(score + _SAID * len(required.intersection(way)), way) for score, way in _ways(self._places, {})]
        ways.sort(key=lambda way: -way[0])
        if not ways or (len(ways) > 1 and ways[0][0] == ways[1][0] and ways[0][1] != ways[1][1]):
            return False
        taken = ways[0][1]
        if any(
            self._settled.get(name, value) != value and not by.clause.instead for name, (value, by) in taken.items()
        ):
            return False
        meant = [by for _, by in taken.values()]
        self._passed += [at for place in self._places if place not in meant for at in place.spots]
        self._settled.update({name: value for name, (value, _) in taken.items()})
        return True

    # --- what is said beside it ---------------------------------------------------------------------------------

    def _remark(self, clause: _Clause) -> bool:
        """Takes up a clause beside the request; False when it may change what is asked for."""
        spots = clause.spots
        meant = self._meant(spots)
        names = [at for at in spots if self._names(at, clause)]
        rest = [self._tokens[at] for at in spots if at not in names and at not in meant and at not in self._polite]
        if self._changes:
            whole = all(self._whole(at, spots.start) for at in names)
            calm = whole and self._beside_change(rest, spots) and not self._places_unknown(spots)
        elif self._replying:
            calm = self._calm(rest) and not self._typed(spots.stop - 1).endswith("?")
        else:
            calm = self._calm.beside_questions(rest)
        self._passed += [at for at in spots if at not in names]
        before = len(self._places)
        return calm and all(self._value(at, clause) for at in names) and all(map(self._sure, self._places[before:]))

    def _beside_change(self, rest: Sequence[Token], spots: range) -> bool:
        """Whether a clause may stand beside a change; beside one that is ordered in so many words, nearly any may."""
        tokens = self._tokens[spots.start : spots.stop]
        if self._weighs(spots) or self._schedules(spots) or self._reads(tokens):
            return False
        if self._standing and self._plain(spots, strictly=False):
            return self._calm.beside_orders(rest)
        return self._calm(rest) and self._plain(spots) and self._calm.beside_changes(rest)

    def _weighs(self, spots: range) -> bool:
        """Whether it says under which condition: "should it fail again, …"."""
        return self._words[spots.start] in self._common.weighing

    def _schedules(self, spots: range) -> bool:
        """Whether it names a length of time, where that is what is asked for: each must have its place."""
        return _TIME in self._kind.nouns and any(values.unit(self._words[at]) for at in spots)

    def _sure(self, place: _Place) -> bool:
        """Whether a name of a remark surely belongs to a change: of a bucket, a word beside it must say so."""
        if self._replying:
            return True
        types = {self._kind.entry.parameter(name).type for name in place.ways}
        return not self._changes or "bucket" not in types or any(score >= _SAID for score, _ in place.ways.values())

    def _names(self, at: int, clause: _Clause) -> bool:
        """Whether a word of a remark must have its place in the request."""
        timed = self._tokens[at].duration is not None and bool(self._kind.parameters(("duration",)))
        folder = "prefix" in types_of(self._tokens[at])
        return is_name(self._tokens[at]) or folder or timed or self._region(at, clause) > 0

    def _meant(self, spots: range) -> set[int]:
        """Settles what some words of a clause mean, and tells which these are."""
        found: set[int] = set()
        for at in spots:
            for sequence, settled in self._kind.means:
                if tuple(self._words[at : at + len(sequence)]) == sequence:
                    self._settled.update(settled)
                    found.update(range(at, at + len(sequence)))
        return found

    def _places_unknown(self, spots: range) -> bool:
        """Whether a clause ends with a plain word where a bucket may stand: "it's in brand"."""
        last = spots.stop - 1
        if self._words[spots.start] not in self._common.pointing_back:
            return False
        if last <= spots.start or self._words[last - 1] not in self._kind.before or is_name(self._tokens[last]):
            return False
        return self._tokens[last].text.isalpha() and not self._known(self._words[last])

    def _plain(self, spots: range, *, strictly: bool = True) -> bool:
        """Whether a remark may stand beside a change: "it was uploaded by mistake", but not "for example:"."""
        tokens = self._tokens[spots.start : spots.stop]
        wondering = not strictly and tokens[0].word in self._common.wondering  # "why is this still here?"
        ending = self._said.slice_of(tokens).endswith(":" if wondering else (":", "?"))
        asks = ending and tokens[-1] is not self._tokens[-1] and not self._replying
        quoted = any(token.text.startswith(">") for token in tokens)
        return not asks and not quoted

    def _whole(self, at: int, start: int) -> bool:
        """Whether a name is all of it: not "report.csv" of "my annual report.csv"."""
        if at - 1 <= start or self._tokens[at].quoted or "key" not in types_of(self._tokens[at]):
            return True
        return self._known(self._words[at - 1]) or self._words[at - 2] not in self._common.determiners

    def _aside(self) -> str:
        """The words that say nothing here, run by run."""
        runs: list[list[int]] = []
        for at in sorted(self._passed):
            if runs and runs[-1][-1] == at - 1:
                runs[-1].append(at)
            else:
                runs.append([at])
        return " … ".join(self._said.slice_of(self._tokens[run[0] : run[-1] + 1]) for run in runs)


_Taken = dict[str, tuple[Value, _Place]]
"""What is in the place of each parameter, and where that was said."""


def _ways(places: Sequence[_Place], taken: _Taken) -> Iterator[tuple[float, _Taken]]:
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
