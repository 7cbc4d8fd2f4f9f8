"""How entries are asked for: the words of each, and those that all have in common. Both are data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from bot.models import Entry
from bot.phrases import wordings

TIME = "{time}"
"""Stands for a length of time among the nouns that an entry is asked for with."""
END = "."
"""The last word of an idiom that only stands at the end of a clause: "has to go", but not "has to go to"."""
LIKELY = 0.5
"""A value that is of the likeliest of its types."""


@dataclass(frozen=True, slots=True)
class Common:
    """The words that all requests have in common."""

    silent: frozenset[str]
    """They say nothing of their own in any request."""
    silent_in_questions: frozenset[str]
    asking: frozenset[str]
    """They make a question or a wish of what is said."""
    wishes: frozenset[str]
    tellers: frozenset[str]
    perfect: frozenset[str]
    often: frozenset[str]
    """Words behind "once" by which it says how often."""
    greeting: frozenset[str]
    """Words before the name of who is called."""
    commenting: frozenset[str]
    """How sentences begin that comment on a fact, or dream of a day."""
    calling: frozenset[str]
    """Words behind the name of who is called: "Bob, when you have a minute"."""
    being: frozenset[str]
    """Verbs before a participle that say what is so."""
    ruling: frozenset[str]
    """Words by which what is so is what shall be so: "a rule that files are deleted"."""
    judging: frozenset[str]
    """Words that ask what somebody thinks of something: "would it be wise to"."""
    labels: frozenset[str]
    """Words before a colon that say nothing more of what follows: "what: report.csv"."""
    meaning_ends: frozenset[str]
    """Words with which a correction may end: "other-bucket I mean"."""
    unmeant: frozenset[str]
    """Verbs by which, behind "don't", a value is not the one: "I don't mean b.csv", "don't call it"."""
    keeping: frozenset[str]
    """Verbs by which something stays as it is."""
    wrong: frozenset[str]
    """Words by which something is not "the one"."""
    staying: frozenset[str]
    """Verbs of what stays as it is."""
    other_verbs: frozenset[str]
    """Verbs that say what a change is not: "not a move"."""
    doers: frozenset[str]
    """Who did something, said before the verb."""
    passive: frozenset[str]
    """Verbs that make a wish passive: "if it got deleted"."""
    adverbs: frozenset[str]
    """Words between such a verb and its participle."""
    whether: frozenset[str]
    """Words after which "if" is no condition: "tell me if"."""
    between: frozenset[str]
    """They may stand between a value and the word that gives it its role."""
    prepositions: frozenset[str]
    beginning: frozenset[str]
    """Words that say, with "with" behind them, how names begin."""
    further: frozenset[str]
    """Words by which something is wanted as well as what was said before."""
    requests: frozenset[str]
    """Words with which somebody asks for something."""
    reporting: frozenset[str]
    """Verbs of what somebody else said."""
    hesitations: frozenset[str]
    """Words by which somebody hesitates."""
    is_named: frozenset[str]
    """Words before "called" that say what something is called already."""
    people: frozenset[str]
    """Words behind a place that make people of it: "the Paris team"."""
    sides: frozenset[str]
    """Which of two buckets it is."""
    holding: frozenset[str]
    """Words before what holds files."""
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
    indefinite: frozenset[str]
    """Those of them that do not say that it is known which."""
    things: frozenset[str]
    """Words for one thing of which nothing is said: "something"."""
    following: frozenset[str]
    """Words by which something is about what was said before."""
    causing: frozenset[str]
    """Verbs that begin an order to have something done."""
    making: frozenset[str]
    """Verbs that make a request of the noun behind them: "do the copy"."""
    duties: frozenset[str]
    """Verbs of what should be, so that "not" behind them takes no value back."""
    recent: frozenset[str]
    """Words before a length of time: "the last 3 days"."""
    workflows: frozenset[str]
    """Words that ask for a workflow, so that nothing else is meant by the rest."""
    results: frozenset[str]
    """What came of what was said before: "the report"."""
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
    reasons: frozenset[str]
    """Words that begin a reason."""
    superseded: frozenset[str]
    """Words of what was meant once: "we wanted it in Ireland first, but …"."""
    attributes: frozenset[str]
    """Words that ask for something else of a thing than what can be shown."""
    signs: frozenset[str]
    """Signs that only separate."""
    contrasts: frozenset[str]
    """What is said before a value that is not meant."""
    correcting: frozenset[str]
    """Words by which a sentence may say what was meant, and not only speak of something."""
    receiving: frozenset[str]
    """Verbs of whoever gets something from others."""
    overdone: frozenset[str]
    """Words that say of a value that it is not wanted: "daily is overkill"."""
    being_somewhere: frozenset[str]
    """How sentences begin that say where somebody is: "we're all in Sydney"."""
    at_least: frozenset[str]
    """Words before a length of time that is only the shortest: "at least 7 years"."""
    musing: frozenset[str]
    """What somebody does who only wants to know: "only asking"."""
    sizes: frozenset[str]
    """Words behind a number that is no length of time: "80 TB"."""
    introducing: frozenset[str]
    """Words between a noun and the name of what it is: "the contract that is called march.pdf"."""
    naming: frozenset[str]
    """What is said before a name, so that it may be any word."""
    file_nouns: frozenset[str]
    nouns_of_types: Mapping[str, str]
    """Noun to the type of what it is said of."""
    determiners: frozenset[str]
    pronouns: frozenset[str]
    several: frozenset[str]
    """Words for many things, or for what is no file."""
    kept: frozenset[str]
    """Words that, where no length of time is said, want something else than a rule's defaults: "keep it forever"."""

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> Self:
        """From ``seeds/words.json``."""
        known: Mapping[str, Any] = words.get("gist", {})
        others = ("nouns_of_types", "determiners", "pronouns", "several", "kept")
        lists = {name: frozenset(known.get(name, ())) for name in cls.__slots__ if name not in others}
        return cls(
            **lists,
            nouns_of_types=known.get("nouns_of_types", {}),
            determiners=frozenset(words.get("determiners", ())),
            pronouns=frozenset(words.get("pronouns", ())),
            kept=frozenset(words.get("refused", {}).get("kept", ())),
            several=frozenset(words.get("refused", {}).get("bulk", ())).union(
                words.get("doubts", {}).get("no_files", ()), known.get("no_files", ())
            ),
        )


class Idioms:
    """What several words say together; those that end with ``END`` do so at the end of a clause only."""

    def __init__(self, texts: Mapping[str, Any]) -> None:
        self._starting: dict[str, list[tuple[tuple[str, ...], Any]]] = {}
        spelled = [(tuple(words.split()), said) for text, said in texts.items() for words in wordings(text)]
        for sequence, said in sorted(spelled, key=lambda each: -len(each[0])):
            self._starting.setdefault(sequence[0], []).append((sequence, said))
        self.words = frozenset(word for sequence, _ in spelled for word in sequence)

    def at(self, words: Sequence[str], start: int, stops: Collection[int]) -> tuple[int, Any]:
        """How many words from one on the longest idiom takes, and what it says; 0 and None where there is none."""
        for sequence, said in self._starting.get(words[start], ()):
            plain = sequence[:-1] if sequence[-1] == END else sequence
            stop = start + len(plain)
            if tuple(words[start:stop]) == plain and (plain is sequence or stop in stops):
                return len(plain), said
        return 0, None


class Kind:
    """How one entry is asked for."""

    def __init__(self, entry: Entry) -> None:
        data = entry.gist
        self.entry = entry
        self.verbs = frozenset(data.get("verbs", ()))
        self.done = frozenset(data.get("done", ()))
        self.about = [frozenset(words.split()) for text in data.get("about", ()) for words in wordings(text)]
        """What a question is about: all words of one of these must be said."""
        self.nouns = frozenset(data.get("nouns", ()))
        named = {parameter.name: (parameter.name,) for parameter in entry.parameters if "_" in parameter.name}
        self.before: Mapping[str, Sequence[str]] = {**named, **data.get("before", {})}
        self.after: Mapping[str, Sequence[str]] = data.get("after", {})
        self.near = {name: frozenset(words) for name, words in data.get("near", {}).items()}
        self.timing = frozenset[str]().union(*self.near.values())
        """The words near which a length of time has its place."""
        self.elliptic = frozenset(data.get("elliptic", ()))
        """Words that ask for it in a sentence without a verb: "new bucket, my-bucket"."""
        self.bound = frozenset(name for names in self.before.values() for name in names)
        self.introduced = frozenset(data.get("introduced", ()))
        """Parameters whose values are only taken for theirs after a word that says so."""
        self.alone = frozenset(data.get("alone", ()))
        """Nouns that are enough to ask for all else."""
        self.closed: bool = data.get("closed", False)
        """Whether nothing but known words may stand in its questions."""
        self.lenient: bool = data.get("lenient", False)
        """Whether a change that is asked for in so many words may have words in it of which nothing is known."""
        self.needs = frozenset(data.get("needs", ()))
        """Parameters without which nothing is asked about."""
        self.idioms = Idioms(data.get("idioms", {}))
        """Several words that say what one of the verbs says."""
        self.excludes = Idioms(data.get("excludes", {}))
        """Words by which one of its lengths of time shall not be, and the parameter: "never delete them"."""
        self.means = Idioms(data.get("means", {}))
        self.meaning = self.means.words
        self.unmet = frozenset(data.get("unmet", ()))
        """Words for what it does in another way, which is said: "to glacier"."""
        self.words = frozenset(data.get("words", ())).union(
            self.unmet, self.verbs, self.done, *self.about, self.nouns, self.elliptic, self.before, self.after
        ) - {""}

    def cues(self, words: Collection[str]) -> frozenset[str]:
        """The words of a sentence that it is asked for with."""
        about = (each for each in self.about if each.issubset(words))
        return self.verbs.union(self.done, self.elliptic, *about).intersection(words)

    def parameters(self, types: Sequence[str]) -> dict[str, float]:
        """The parameters that a value of one of the types may be, and how likely that is by its form."""
        found: dict[str, float] = {}
        for kind in types:
            alike = ("hours", "days") if kind == "duration" else (kind,)
            score = 0.0 if found else LIKELY
            for parameter in self.entry.parameters:
                if parameter.type in alike:
                    found.setdefault(parameter.name, score)
        return found


FIELDS = (
    *("verbs", "done", "about", "nouns", "words", "elliptic", "alone", "closed", "idioms", "excludes"),
    *("before", "after", "near", "means", "introduced", "needs", "unmet", "lenient"),
)
"""What the ``gist`` of an entry may have."""


def check(entry: Entry) -> Iterator[str]:
    """What is wrong with an entry's ``gist``, a sentence each: a field or a parameter that there is not."""
    data = entry.gist
    known = {parameter.name for parameter in entry.parameters}
    yield from (f"gist: {field} is no field of it." for field in data if field not in FIELDS)
    named = [name for names in (*data.get("before", {}).values(), *data.get("after", {}).values()) for name in names]
    named += [name for settled in data.get("means", {}).values() for name in settled]
    named += [
        *data.get("excludes", {}).values(),
        *data.get("near", ()),
        *data.get("introduced", ()),
        *data.get("needs", ()),
    ]
    for text, said in data.get("idioms", {}).items():
        if any(len(words.removesuffix(END).split()) < len(said.split()) for words in wordings(text)):
            yield f"gist: {said!r} has more words than {text!r}."
    yield from (f"gist: {name} is no parameter." for name in dict.fromkeys(named) if name not in known)
