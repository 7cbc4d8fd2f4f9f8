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

from bot.matches import Judge, Match
from bot.models import Entry
from bot.normalise import Sentence, Token, retyped, sentence
from bot.phrases import PASSED_OVER, Facts, Lists, Node, Reading, compile_phrase, parse, slots_of, wordings
from bot.repair import Repairer
from bot.spans import Names, Spans

FRAME_WORDS = 10
"""Words of the longest way to ask that is known."""
TOKENS_LIMIT = 80
"""Words of a message that are read; nobody asks for one thing in more."""


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
            determiners=frozenset(words.get("determiners", ())),
            no_adverbs=frozenset(words.get("no_adverbs", ())),
            repair=self.repaired,
        )
        self._hanging = frozenset(words.get("hanging", ()))
        self._judge = Judge(words)
        self._entries = {entry.name: entry for entry in entries}
        known = compiled or {}
        wanted = [(entry.name, text, False) for entry in entries for text in entry.phrases]
        wanted += [(item["entry"], item["phrase"], True) for item in learned if item["entry"] in self._entries]
        self._phrases = {key: known.get(key) or self._phrase(*key) for key in wanted}
        self._facts = facts or _facts(phrase for phrase in self._phrases.values() if not phrase.learned)
        self._order = {phrase: number for number, phrase in enumerate(self._phrases.values())}
        self._index = _Index(list(self._phrases.values()), self._facts.copy())
        self._words = words
        self._fragments: dict[tuple[str, str], _Phrase] = {}
        """Of questions that were answered before: an entry has one, whatever it is asked for."""
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
        if pasted := self._pasted(said):
            return self.read(retyped(pasted))
        found: list[Match] = []
        for spans in self._attempts(said):
            found += self._matches(spans)
            if any(not match.problems for match in found):
                break
        last = said.tokens[-1]
        if not found and len(said.tokens) > 1 and last.word in self._hanging and not last.quoted:
            # "list files in": what was to follow is asked for
            found = [match for match in self.read(replace(said, tokens=said.tokens[:-1])) if match.missing]
        return _best(found)

    def _pasted(self, said: Sentence) -> str:
        """The command that stands in quotes with nothing but politeness beside it: "please `list buckets`"."""
        trimmed = self._trim(said.tokens)
        whole = len(trimmed) == 1 < len(said.tokens) and trimmed[0].quoted and " " in trimmed[0].text
        return trimmed[0].text if whole else ""

    def tries(self, text: str) -> Tries:
        """What is tried on a sentence: its words in each attempt, and the phrases that they lead to.

        Of two matchers that share their words and lists, those that try the same read the same.
        """
        attempts = self._attempts(sentence(text))
        return tuple((tuple(spans.words), frozenset(self._index.candidates(spans.words))) for spans in attempts)

    def fragment(self, said: Sentence, entry: Entry, phrases: Sequence[str]) -> list[Match]:
        """As ``read``, of phrases for one entry that stand in no knowledge base: the answer to a question."""
        found: list[Match] = []
        if not said.tokens or len(said.tokens) > TOKENS_LIMIT:
            return []
        compiled = [self._fragment(entry, text) for text in phrases]
        for spans in self._attempts(said, answer=True):
            for phrase in compiled:
                found += self._read(phrase, spans)
            if any(not match.problems for match in found):
                break
        return _best(found)

    def _fragment(self, entry: Entry, text: str) -> _Phrase:
        if (entry.name, text) not in self._fragments:
            self._fragments[entry.name, text] = _Phrase(text, entry, False, parse(text, self._lists))
        return self._fragments[entry.name, text]

    def says(self, name: str, text: str) -> bool:
        """Whether the whole text, politeness aside, stands in a list of the words."""
        known = self._starts(name)[0]
        words = text.split()
        if tuple(words) in known:
            return True
        words = [token.word for token in self._trim(sentence(text).tokens)]
        before = self._starts("corrections")[1]
        while words and tuple(words) not in known:
            count = _longest(before, words)  # "oh wait, never mind"
            if not count:
                return False
            del words[:count]
        return bool(words)

    def only_asks(self, said: Sentence, match: Match, *, follows: bool = False) -> bool:
        """Whether a sentence only asks about the change that it was read as, and does not order it; ``follows`` where
        it goes on from something."""
        changes = match.entry.effect != "read" and bool(set(match.parameters) - set(match.entry.fixed))
        return changes and self._judge.only_asks(said, self._trim(said.tokens) or said.tokens, follows=follows)

    def trimmed(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The tokens without greetings, politeness and fillers."""
        return self._trim(tokens)

    def asked(self, tokens: Sequence[Token]) -> int:
        """How many tokens at the start only ask politely, and say nothing of what for: "would it be possible that"."""
        return self._trim.asked(tokens)

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
        trimmed = self._trim(said.tokens) or self._trim.meant(said.tokens) or said.tokens
        plain = Spans(said, trimmed, self._names, answer=answer)
        yield plain
        if trimmed != said.tokens:
            # What looks like politeness may be a name after all, but only where nothing else makes sense.
            yield Spans(said, said.tokens, self._names, answer=answer)
        repaired = [self.repaired(token) for token in trimmed]
        if any(repaired):
            words = [repair or token.word for repair, token in zip(repaired, trimmed, strict=True)]
            plain = Spans(said, trimmed, self._names, words=words, answer=answer)
            yield plain
        yield plain.lenient()

    def repaired(self, token: Token) -> str:
        """The word that a misspelt one was meant to be; empty when it needs no repair or nothing comes near."""
        return self._repairer(token)

    def _matches(self, spans: Spans) -> Iterator[Match]:
        # In the order of the seeds, so that of two that fit as well the first is the one, today and tomorrow.
        for phrase in sorted(self._index.candidates(spans.words), key=self._order.__getitem__):
            yield from self._read(phrase, spans)

    def _read(self, phrase: _Phrase, spans: Spans) -> Iterator[Match]:
        for reading in phrase.readings(_Reader(spans, phrase.entry)):
            match = self._judge.match(phrase.entry, reading, spans, phrase=phrase.text, learned=phrase.learned)
            if match:
                yield match


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

    def candidates(self, words: Sequence[str]) -> list[_Phrase]:
        met = {need for word in words for need in self._needs_of.get(word, ())}
        found: list[_Phrase] = []
        self._collect(self._root, met, found)
        return found

    def _collect(self, branch: _Branch, met: set[int], found: list[_Phrase]) -> None:
        found += branch.phrases
        for need in branch.further.keys() & met:
            self._collect(branch.further[need], met, found)


class Trimmer:
    """Takes off what carries no meaning: greetings, politeness, fillers."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._openings = _sequences(words.get("openings", ()))
        self._opening = frozenset(sequence[0] for sequence in self._openings)
        self._closings = _sequences(words.get("closings", ()))
        self._closing = frozenset(sequence[-1] for sequence in self._closings)
        self._fillers = frozenset(words.get("fillers", ()))
        polite: Mapping[str, Sequence[str]] = words.get("polite", {})
        self._polite = frozenset(polite.get("words", ()))
        self._frames = _sequences(polite.get("frames", ()))

    def __call__(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The tokens that are left."""
        left = _but_for_the_asker([token for token in tokens if not self._filler(token)])
        while left and left[0].mention:  # of the bot, to call it
            del left[0]
        del left[: self.asked(left)]
        while left and _word(left[0]) in self._opening and (count := _longest(self._openings, _words(left[:8]))):
            del left[:count]
        while (
            left
            and _word(left[-1]) in self._closing
            and (count := _longest(self._closings, _words(left[-8:]), end=True))
        ):
            del left[-count:]
        return tuple(left)

    def meant(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The tokens without those that mean nothing anywhere, for what is nothing but politeness: "help me 🙏"."""
        return tuple(token for token in tokens if not self._filler(token))

    def asked(self, tokens: Sequence[Token]) -> int:
        """How many words at the start only ask, however long: "I would be ever so grateful if you could …"."""
        words = _words(tokens)
        at = end = 0
        while at < len(words) - 1:
            if frame := _longest(self._frames, words[at : at + FRAME_WORDS]):
                at = end = at + frame
            elif words[at] in self._polite:
                at += 1
            else:
                break
        return end if end < len(words) else 0

    def _filler(self, token: Token) -> bool:
        if token.quoted or token.mention:
            return False
        return token.word in self._fillers or not _MEANT.search(token.text)


def _word(token: Token) -> str:
    """As politeness is compared, in which a length of time stands as ``{time}``."""
    return token.word if token.duration is None else "{time}"


def _words(tokens: Sequence[Token]) -> list[str]:
    return [_word(token) for token in tokens]


def _but_for_the_asker(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without "for me" and "for us", which say nothing wherever they stand."""
    words = _words(tokens)
    said = {at for at, pair in enumerate(pairwise(words)) if pair in _FOR_THE_ASKER} if "for" in words else ()
    return [token for at, token in enumerate(tokens) if at not in said and at - 1 not in said]


_FOR_THE_ASKER = (("for", "me"), ("for", "us"))
_MEANT = re.compile(r"[\w*/\\&|+%<>]")
"""Letters and digits, and the signs that say something in a command; emoji and stray punctuation do not."""


def _before_names(words: Mapping[str, Any]) -> frozenset[str]:
    """Words that introduce the name of a file: those made for it, and the verbs that take one."""
    refused = words.get("refused", {})
    verbs = (*refused.get("delete", ()), *refused.get("copy", ()))
    return frozenset(words.get("before_names", ())) | {word for text in verbs for word in text.split()}


def _sequences(texts: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words.split()) for text in texts for words in wordings(text))


def _longest(sequences: frozenset[tuple[str, ...]], words: Sequence[str], *, end: bool = False) -> int:
    for count in range(len(words), 0, -1):
        if tuple(words[-count:] if end else words[:count]) in sequences:
            return count
    return 0


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
