"""Which entries a sentence can mean, by the phrases of the knowledge base: pure text, no I/O.

The phrases are found through an index over the words that each of them needs, so the cost of a sentence depends on
the few that can match it, not on how many there are. A sentence is read without politeness first, then as it stands,
then with typos in command words repaired, and at last with words of the command taken for values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from bot import values
from bot.errors import BadValue
from bot.models import Entry, Parameter, Value
from bot.normalise import MENTION, Sentence, Token, sentence
from bot.phrases import PASSED_OVER, Captured, Facts, Lists, Node, Reading, compile_phrase, parse, slots_of
from bot.repair import Repairer
from bot.spans import SELDOM, Names, Spans

_HANGING = frozenset({"in", "from", "to", "for", "of", "on", "into", "inside", "under", "called", "named", "with"})
TOKENS_LIMIT = 80
"""Words of a message that are read; nobody asks for one thing in more."""
PROBLEM_COST = 2.0
MISSING_COST = 0.4


@dataclass(frozen=True, slots=True)
class Match:
    """One reading of a sentence as one entry."""

    entry: Entry
    parameters: Mapping[str, Value]
    """What was said; for a workflow, its name as well."""
    missing: tuple[str, ...]
    problems: Mapping[str, str]
    phrase: str
    cost: float
    """The lower, the better the fit."""
    learned: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Phrase:
    text: str
    entry: Entry
    learned: bool
    node: Node
    read: list[Callable[..., list[Reading]]] = field(default_factory=list)
    """Compiled when it is first tried: most phrases of a large knowledge base never are."""

    def readings(self, reader: Any) -> list[Reading]:
        if not self.read:
            self.read.append(compile_phrase(self.node))
        return self.read[0](reader)


_Key = tuple[str, str, bool]
"""What a phrase is kept by: its entry, its text, whether it was learned."""


@dataclass(slots=True)
class _Branch:
    """A node of the index: the phrases that need nothing more, and where each further need leads."""

    phrases: list[_Phrase] = field(default_factory=list)
    further: dict[int, _Branch] = field(default_factory=dict)


Tries = tuple[tuple[tuple[str, ...], frozenset[_Phrase]], ...]
"""What a matcher tries on a sentence, for comparison."""


class Matcher:
    """The compiled phrases of the entries, those of the seeds and those that people taught."""

    def __init__(
        self,
        entries: Sequence[Entry],
        words: Mapping[str, Any],
        learned: Sequence[Mapping[str, Any]] = (),
        *,
        lists: Lists | None = None,
        compiled: Mapping[_Key, _Phrase] | None = None,
        facts: Facts | None = None,
    ) -> None:
        self._lists = lists or Lists(words.get("lists", {}))
        self._trim = Trimmer(words)
        self._names = Names(
            never=frozenset(words.get("never_values", ())),
            seldom=frozenset(words.get("seldom_values", ())),
            several=frozenset(words.get("refused", {}).get("bulk", ())),
            modifiers=frozenset(words.get("modifiers", ())),
            verbs=_before_names(words),
            repair=self._repair,
        )
        self._entries = {entry.name: entry for entry in entries}
        known = compiled or {}
        wanted = [(entry.name, text, False) for entry in entries for text in entry.phrases]
        wanted += [(item["entry"], item["phrase"], True) for item in learned if item["entry"] in self._entries]
        self._phrases = {key: known.get(key) or self._phrase(*key) for key in wanted}
        self._facts = facts or _facts(phrase for phrase in self._phrases.values() if not phrase.learned)
        self._index = _Index(list(self._phrases.values()), self._facts.copy())
        self._words = words
        self._openers: dict[str, tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]] = {}

    @cached_property
    def _repairer(self) -> Repairer:
        return Repairer(self._index.vocabulary, self._words)

    def _phrase(self, entry: str, text: str, learned: bool) -> _Phrase:
        return _Phrase(text, self._entries[entry], learned, parse(text, self._lists))

    def relearned(self, learned: Sequence[Mapping[str, Any]]) -> Matcher:
        """The same entries and words with these learned phrases; what was compiled before is not compiled again."""
        entries = list(self._entries.values())
        return Matcher(entries, self._words, learned, lists=self._lists, compiled=self._phrases, facts=self._facts)

    def match(self, text: str) -> list[Match]:
        """Every entry that the whole text can mean, the best first; empty when a word has no place."""
        return self.read(sentence(text))

    def read(self, said: Sentence) -> list[Match]:
        """As ``match``, of a sentence that was normalised already."""
        if not said.tokens or len(said.tokens) > TOKENS_LIMIT:
            return []
        found: list[Match] = []
        for spans in self._attempts(said):
            found += self._matches(spans)
            if any(not match.problems for match in found):
                break
        if not found and len(said.tokens) > 1 and said.tokens[-1].word in _HANGING and not said.tokens[-1].quoted:
            # "list files in": what was to follow is asked for
            found = [match for match in self.read(replace(said, tokens=said.tokens[:-1])) if match.missing]
        return _best(found)

    def tries(self, text: str) -> Tries:
        """What is tried on a sentence: its words in each attempt, and the phrases that they lead to.

        Of two matchers that share their words and lists, those that try the same read the same.
        """
        attempts = self._attempts(sentence(text))
        return tuple((tuple(spans.words), frozenset(self._index.candidates(spans.words))) for spans in attempts)

    def fragment(self, said: Sentence, entry: Entry, phrases: Sequence[str]) -> list[Match]:
        """As ``read``, of phrases for one entry that stand in no knowledge base: the answer to a question."""
        found: list[Match] = []
        compiled = [_Phrase(text, entry, False, parse(text, self._lists)) for text in phrases]
        if not said.tokens or len(said.tokens) > TOKENS_LIMIT:
            return []
        for spans in self._attempts(said, answer=True):
            for phrase in compiled:
                found += _read(phrase, spans)
            if any(not match.problems for match in found):
                break
        return _best(found)

    def says(self, name: str, text: str) -> bool:
        """Whether the whole text, politeness aside, stands in a list of the words."""
        known = self._words.get(name, ())
        if text in known:
            return True
        words = [token.word for token in self._trim(sentence(text).tokens)]
        before = self._starts("corrections")[1]
        while words and " ".join(words) not in known:
            count = _longest(before, words)  # "oh wait, never mind"
            if not count:
                return False
            del words[:count]
        return bool(words)

    def opening(self, name: str, tokens: Sequence[Token]) -> int:
        """How many tokens at the start stand in a list of the words, with what may lead in to it ("ok, and …")."""
        meant, known = self._starts(name)
        count = 0
        found = False
        while more := _longest(known, [token.word for token in tokens[count : count + 8]]):
            found = found or tuple(token.word for token in tokens[count : count + more]) in meant
            count += more
        return count if found else 0

    def _starts(self, name: str) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
        if name not in self._openers:
            meant = _sequences(self._words.get(name, ()))
            self._openers[name] = meant, meant | _sequences(self._words.get("lead_ins", ()))
        return self._openers[name]

    def _attempts(self, said: Sentence, *, answer: bool = False) -> Iterator[Spans]:
        """The sentence without politeness, then as it stands, then ever more freely."""
        trimmed = self._trim(said.tokens) or said.tokens
        plain = Spans(said, trimmed, self._names, answer=answer)
        yield plain
        if trimmed != said.tokens:
            # What looks like politeness may be a name after all, but only where nothing else makes sense.
            yield Spans(said, said.tokens, self._names, answer=answer)
        repaired = [self._repair(token) for token in trimmed]
        if any(repaired):
            words = [repair or token.word for repair, token in zip(repaired, trimmed, strict=True)]
            plain = Spans(said, trimmed, self._names, words=words, answer=answer)
            yield plain
        yield plain.lenient()

    def _repair(self, token: Token) -> str:
        return self._repairer(token)

    def _matches(self, spans: Spans) -> Iterator[Match]:
        for phrase in self._index.candidates(spans.words):
            yield from _read(phrase, spans)


def _facts(phrases: Iterable[_Phrase]) -> Facts:
    """What is known about the phrases of the seeds, which stay when others are learned."""
    facts = Facts()
    for phrase in phrases:
        facts.needs(phrase.node)
    return facts


class _Index:
    """Finds the phrases all of whose needs a sentence meets.

    A need is a set of words of which one must be there. Every phrase stands in a trie at the path of its needs, the
    rarest first; a sentence walks only where its own words lead.
    """

    def __init__(self, phrases: Sequence[_Phrase], facts: Facts) -> None:
        ids: dict[frozenset[str], int] = {}
        paths = [frozenset(ids.setdefault(need, len(ids)) for need in facts.needs(each.node)) for each in phrases]
        common = Counter(need for path in paths for need in path)
        self._root = _Branch()
        for phrase, path in zip(phrases, paths, strict=True):
            branch = self._root
            for need in sorted(path, key=lambda need: (common[need], need)):
                branch = branch.further.setdefault(need, _Branch())
            branch.phrases.append(phrase)
        self._needs_of: dict[str, list[int]] = {}
        for words, number in ids.items():
            for word in words:
                self._needs_of.setdefault(word, []).append(number)
        self.vocabulary: Mapping[str, int] = facts.words

    def candidates(self, words: Sequence[str]) -> Iterator[_Phrase]:
        met = {need for word in words for need in self._needs_of.get(word, ())}
        return self._below(self._root, met)

    def _below(self, branch: _Branch, met: set[int]) -> Iterator[_Phrase]:
        yield from branch.phrases
        for need in branch.further.keys() & met:
            yield from self._below(branch.further[need], met)


class Trimmer:
    """Takes off what carries no meaning: greetings, politeness, fillers."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._openings = _sequences(words.get("openings", ()))
        self._closings = _sequences(words.get("closings", ()))
        self._fillers = frozenset(words.get("fillers", ()))

    def __call__(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The tokens that are left."""
        left = [token for token in tokens if token.quoted or token.mention or not self._filler(token)]
        left = [token for at, token in enumerate(left) if not _for_the_asker(left, at)]
        while left and left[0].mention:  # of the bot, to call it
            del left[0]
        while left and (count := _longest(self._openings, [token.word for token in left[:8]])):
            del left[:count]
        while left and (count := _longest(self._closings, [token.word for token in left[-8:]], end=True)):
            del left[-count:]
        return tuple(left)

    def _filler(self, token: Token) -> bool:
        return token.word in self._fillers or not any(map(_meant, token.text))


def _for_the_asker(tokens: Sequence[Token], at: int) -> bool:
    """Whether a token is half of "for me" or "for us", which says nothing wherever it stands."""
    words = [token.word for token in tokens[max(at - 1, 0) : at + 2]]
    return any(pair in (("for", "me"), ("for", "us")) for pair in pairwise(words))


def _meant(letter: str) -> bool:
    """Letters and digits, and the signs that say something in a command; emoji and stray punctuation do not."""
    return letter.isalnum() or letter in "*/\\&|+%_>"


_NAMING = frozenset({"as", "called", "named", "name", "it", "of", "file", "object", "key", "document", "item"})
"""Words that introduce the name of a file, beside the verbs that take one."""


def _before_names(words: Mapping[str, Any]) -> frozenset[str]:
    refused = words.get("refused", {})
    texts = (*refused.get("delete", ()), *refused.get("copy", ()))
    return _NAMING | {word for text in texts for word in text.split()}


def _sequences(texts: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(text.split()) for text in texts)


def pattern_at(pattern: Sequence[str], tokens: Sequence[Token]) -> int:
    """How many tokens at the start a sequence of words takes, in which ``*`` is any word; 0 when it is not there."""
    if len(pattern) > len(tokens):
        return 0
    same = all(word in ("*", token.word) and token.word for word, token in zip(pattern, tokens, strict=False))
    return len(pattern) if same else 0


def _longest(sequences: frozenset[tuple[str, ...]], words: Sequence[str], *, end: bool = False) -> int:
    for count in range(len(words), 0, -1):
        if tuple(words[-count:] if end else words[:count]) in sequences:
            return count
    return 0


# --- from a reading to a match ----------------------------------------------------------------------------------


class _Reader:
    """A sentence as one entry's phrases see it: slots by the types of the entry's parameters."""

    def __init__(self, spans: Spans, entry: Entry) -> None:
        self._spans = spans
        self._parameters = {parameter.name: parameter for parameter in entry.parameters}
        self.words = spans.words

    def spans(self, slot: str, mark: str, first: int) -> Sequence[tuple[int, float]]:
        if slot == PASSED_OVER:
            return self._spans.passed_over(first)
        parameter = self._parameters[slot]
        return self._spans.find(parameter.type, parameter.choices, mark, first)


def _read(phrase: _Phrase, spans: Spans) -> Iterator[Match]:
    for reading in phrase.readings(_Reader(spans, phrase.entry)):
        match = _match(phrase, reading, spans)
        if match:
            yield match


def _match(phrase: _Phrase, reading: Reading, spans: Spans) -> Match | None:
    said = _said(phrase.entry, reading, spans)
    if said is None:
        return None
    entry = phrase.entry
    parameters: dict[str, Value] = {**entry.fixed}
    problems: dict[str, str] = {}
    for parameter in entry.parameters:
        if parameter.name in said:
            if MENTION in said[parameter.name]:
                problems[parameter.name] = "A mention of somebody is not a name."
                continue
            try:
                parameters[parameter.name] = _value(parameter, said[parameter.name])
            except BadValue as error:
                problems[parameter.name] = error.sentence
    missing = missing_of(entry, parameters, problems)
    cost = reading.cost + PROBLEM_COST * len(problems) + MISSING_COST * len(missing)
    return Match(entry, parameters, missing, problems, phrase.text, cost, phrase.learned)


def missing_of(entry: Entry, parameters: Mapping[str, Value], problems: Mapping[str, str]) -> tuple[str, ...]:
    """What must be asked for: required and not there, or said wrongly, which is never passed over in silence."""
    return tuple(
        parameter.name
        for parameter in sorted(entry.parameters, key=lambda parameter: not parameter.required)
        if (parameter.required and parameter.name not in parameters) or parameter.name in problems
    )


def _value(parameter: Parameter, text: str) -> Value:
    return values.parse(parameter.type, text, parameter.choices)


def _said(entry: Entry, reading: Reading, spans: Spans) -> dict[str, str] | None:
    """The text for each parameter, with places given in one piece (``s3://bucket/key``) taken apart.

    None when the reading contradicts itself, or asks for more than one file where one is meant.
    """
    said: dict[str, str] = {}
    for captured in reading.captured:
        if captured.slot in said:
            return None
        said[captured.slot] = _text_of(entry.parameter(captured.slot), captured, spans)
    for captured in reading.captured:
        apart = _apart(entry, entry.parameter(captured.slot), said[captured.slot], spans.quoted(captured))
        if apart and said.setdefault(apart[1], apart[2]) == apart[2]:
            said[captured.slot] = apart[0]
        elif apart and entry.parameter(captured.slot).type != "bucket":
            return None
    return _finished(entry, said, spans, reading.captured)


def _text_of(parameter: Parameter, captured: Captured, spans: Spans) -> str:
    text = captured.fixed or spans.name(parameter.type, captured.first, captured.last)
    return f"{text.removesuffix('/')}/" if captured.mark == "/" else text


def _apart(entry: Entry, parameter: Parameter, text: str, quoted: bool) -> tuple[str, str, str] | None:
    """A place as (this parameter's text, the other parameter, its text); None when the text is no place."""
    partner = _partner(entry, parameter)
    if parameter.type not in ("bucket", "key", "prefix") or not partner:
        return None
    place = values.location(text)
    if not place and parameter.type == "bucket" and "/" in text.rstrip("/") and not quoted:
        name, _, path = text.partition("/")
        place = values.Location(name, path) if values.sure("bucket", name) else None
    if not place or not place.path:
        return None
    if parameter.type == "bucket":
        return place.bucket, partner, place.path
    return place.path, partner, place.bucket


def _partner(entry: Entry, parameter: Parameter) -> str:
    """The bucket of a key, the key or prefix of a bucket: by their names, as far as the entry has both."""
    names = {each.name: each.type for each in entry.parameters}
    stem, _, kind = parameter.name.rpartition("_")
    if kind in ("key", "prefix"):
        options = [f"{stem}_bucket"] if stem else ["bucket", "source_bucket"]
    else:
        options = [f"{stem}_key"] if stem and stem != "source" else ["key", "prefix"]
    return next((name for name in options if name in names), "")


def _finished(entry: Entry, said: dict[str, str], spans: Spans, captured: Sequence[Captured]) -> dict[str, str] | None:
    target = said.get("destination_key", "")
    if target.endswith("/") and "key" in said:  # into a folder, under the same name
        said["destination_key"] = target = target + said["key"].rpartition("/")[2]
    if target and target == said.get("key"):
        del said["destination_key"]
    quoted = {value.slot: spans.quoted(value) for value in captured}
    for parameter in entry.parameters:
        text = said.get(parameter.name, "")
        if parameter.type in ("key", "prefix", "bucket") and is_pattern(text, quoted=quoted.get(parameter.name, False)):
            return None
        if parameter.type == "key" and text.endswith("/"):
            return None
    buckets = [value for value in captured if entry.parameter(value.slot).type == "bucket"]
    if any(_chosen_instead(entry, value, said, spans) for value in buckets):
        return None  # "inventory, daily, orc"
    if entry.effect != "read" and not entry.fixed and _only_tells(spans):
        return None  # "report.csv deleted from my-bucket"
    return None if _doubtful(entry, said, spans, captured) else said


def _doubtful(entry: Entry, said: Mapping[str, str], spans: Spans, captured: Sequence[Captured]) -> bool:
    """Whether what stands in a file's place may well not be the whole name of a file."""
    for value in captured:
        parameter = entry.parameter(value.slot)
        if parameter.type != "key" or value.fixed or spans.quoted(value):
            continue
        before = spans.before(value.first)
        called = before.word if before else ""
        if before and called in _OWN and (value.last - value.first > 1 or before.text[0].isupper()):
            return True  # "my annual report.pdf": does the name begin with "my"?
        bucket_known = _partner(entry, parameter) in said
        likely = value.cost < SELDOM and not values.sure("bucket", said[value.slot])
        if called not in _CALLED and _no_file(entry, said[value.slot], called, spans):
            return True
        if not (bucket_known or likely or called in _CALLED):
            return True  # "delete my-bucket", "delete bucket"
    return False


def _no_file(entry: Entry, name: str, before: str, spans: Spans) -> bool:
    """Whether a plain word names something else than a file: "this message", "versioning", "a file", a person."""
    if values.sure("key", name):
        return False
    removed = entry.effect == "destroy" and _VERBS_OF_FILES.isdisjoint(spans.words)
    return before in _POINTING or name in _SETTINGS or name in _CALLED or removed


def _only_tells(spans: Spans) -> bool:
    """Whether a sentence says that something was done, and nowhere that it shall be."""
    words = spans.all_words()
    return not _DONE.isdisjoint(words) and _WISHES.isdisjoint(words)


_DONE = frozenset({"deleted", "removed", "erased", "gone", "copied", "duplicated", "cloned", "replicated", "created"})
_WISHES = frozenset(
    {
        "want",
        "need",
        "needs",
        "needed",
        "wanted",
        "like",
        "i'd",
        "we'd",
        "love",
        "wish",
        "would",
        "could",
        "can",
        "please",
        "pls",
        "plz",
        "should",
        "must",
        "shall",
        "may",
        "has",
        "have",
        "having",
        "get",
        "gets",
        "getting",
        "make",
        "sure",
        "ensure",
        "let",
        "let's",
        "be",
        "see",
        "kindly",
        "required",
    }
)


def _chosen_instead(entry: Entry, value: Captured, said: Mapping[str, str], spans: Spans) -> bool:
    """Whether a bucket's plain name is one of the entry's choices, and nothing says that it is a bucket."""
    choices = {choice.casefold() for parameter in entry.parameters for choice in parameter.choices}
    before = spans.before(value.first)
    named = before is not None and before.word in _BEFORE_BUCKETS
    return said[value.slot] in choices and not named and not spans.quoted(value)


_BEFORE_BUCKETS = frozenset({"for", "of", "on", "in", "to", "from", "bucket", "called", "named"})
_OWN = frozenset({"my", "our", "a", "an", "this", "that", "your"})


_VERBS_OF_FILES = frozenset({"delete", "deleting", "deletion", "rm", "del", "erase", "unlink", "trash"})
"""Verbs that are said of files; people, rights and rules are removed, dropped and cleared as well."""
_SETTINGS = frozenset(
    {
        "access",
        "acl",
        "encryption",
        "lifecycle",
        "logging",
        "member",
        "members",
        "metadata",
        "notification",
        "notifications",
        "owner",
        "permission",
        "permissions",
        "policies",
        "policy",
        "replication",
        "role",
        "roles",
        "rule",
        "rules",
        "tag",
        "tags",
        "tagging",
        "user",
        "users",
        "versioning",
        "website",
        "workflow",
        "workflows",
        "duplicates",
        "message",
        "account",
    }
)
"""What buckets, people and workflows have, and what is no file."""
_POINTING = frozenset({"this", "that", "your"})
_CALLED = frozenset({"file", "object", "key", "called", "named", "document"})


_BRACES = re.compile(r"\{[^{}]*(,|\.\.)[^{}]*\}")


def is_pattern(text: str, *, quoted: bool = False) -> bool:
    """Whether a name stands for several: ``*.csv``. A question mark counts unless the name is in quotes."""
    return "*" in text or (not quoted and ("?" in text.rstrip("?") or bool(_BRACES.search(text))))


def _best(found: Sequence[Match]) -> list[Match]:
    """One match an entry and set of values, the best first."""
    best: dict[tuple[Any, ...], Match] = {}
    for match in sorted(found, key=lambda match: match.cost):
        best.setdefault((match.entry.name, *sorted(match.parameters.items()), *sorted(match.problems)), match)
    return list(best.values())


def check(entry: Entry, words: Mapping[str, Any]) -> None:
    """Raise PhraseError or KeyError when a phrase of the entry is wrong, or has a slot that is no parameter."""
    lists = Lists(words.get("lists", {}))
    for phrase in entry.phrases:
        for slot in slots_of(parse(phrase, lists)):
            entry.parameter(slot)


__all__ = ["Match", "Matcher", "Trimmer", "check", "is_pattern", "missing_of", "pattern_at"]
