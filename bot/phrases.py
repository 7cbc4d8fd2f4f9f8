"""The notation of phrases, and how a phrase reads a sentence.

    (copy|cp) [the] [file] {key} (from {source_bucket};to {destination_bucket}) <when>

``(a|b)`` one of them · ``[a]`` may be left out · ``(a;b)`` all of them, in any order · ``<name>`` a shared list of
``seeds/words.json`` · ``{slot}`` a value of the parameter of that name · ``{slot!}`` only a value whose form leaves no
doubt about its type · ``{slot@}`` only a place in one piece (``s3://bucket/key``) · ``{slot/}`` a folder, whose name
ends with a slash · ``{slot'}`` the bucket that something is in ("my-bucket's") · ``{slot=value}`` takes no word and
settles the parameter · ``{slot==other}`` takes no word and is what the other slot is · ``{_}`` a plain word that says
nothing.

A phrase reads a whole sentence or nothing: every word must have a place. A phrase is compiled to a chain of small
functions, each of which knows the words it can begin with, so that most of what cannot match is never tried.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple, Protocol

PASSED_OVER = "_"
"""The slot of a word that is passed over: it is captured by nothing."""
SAME_AS = "="
"""Before the slot whose value a fixed slot takes: ``{destination_bucket==source_bucket}``."""
END = "\0"
"""Stands for the word after the last one."""
ANYTHING: frozenset[str] | None = None
"""The first words of a step that begins with a value."""
STEPS_LIMIT = 2_000
"""Choices that are tried for one phrase and sentence, however odd both are."""
READINGS_LIMIT = 12


class PhraseError(ValueError):
    """The notation of a phrase is wrong; the message says where."""


class Captured(NamedTuple):
    """A value found for a slot: the tokens from ``first`` up to ``last`` (exclusive), or a fixed text."""

    slot: str
    first: int
    last: int
    cost: float
    mark: str = ""
    fixed: str = ""


class Reading(NamedTuple):
    """One way in which a phrase reads a sentence."""

    captured: tuple[Captured, ...]
    cost: float


class Reader(Protocol):
    """What a phrase is read against: a sentence, with what its tokens may stand for."""

    words: Sequence[str]
    """The words of the command, with END behind the last."""

    def spans(self, slot: str, mark: str, first: int) -> Sequence[tuple[int, float]]:
        """Where a value of the slot that begins at a token may end (exclusive), and how well it fits (0 is well)."""
        ...


# --- the notation -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the command."""

    text: str

    @property
    def begins(self) -> frozenset[str] | None:
        """The words it can begin with; ANYTHING when a value may come first."""
        return frozenset({self.text})

    @property
    def empty(self) -> bool:
        """Whether it may take no word at all."""
        return False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value."""

    name: str
    mark: str = ""
    fixed: str = ""

    @property
    def begins(self) -> frozenset[str] | None:
        """As of a word."""
        return frozenset() if self.fixed else ANYTHING

    @property
    def empty(self) -> bool:
        """As of a word."""
        return bool(self.fixed)


@dataclass(frozen=True, slots=True)
class Series:
    """One after the other."""

    parts: tuple[Node, ...]
    begins: frozenset[str] | None = field(init=False, repr=False, compare=False)
    empty: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """What it begins with is worked out once, as parts are shared by many phrases."""
        begun: list[frozenset[str] | None] = []
        for part in self.parts:
            begun.append(part.begins)
            if not part.empty:
                break
        _note(self, _union(begun), all(part.empty for part in self.parts))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of them; ``optional`` when none will do as well."""

    options: tuple[Node, ...]
    optional: bool = False
    begins: frozenset[str] | None = field(init=False, repr=False, compare=False)
    empty: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """As of a series."""
        begun = _union([option.begins for option in self.options])
        _note(self, begun, self.optional or any(option.empty for option in self.options))


@dataclass(frozen=True, slots=True)
class AnyOrder:
    """All of them, in any order."""

    parts: tuple[Node, ...]
    begins: frozenset[str] | None = field(init=False, repr=False, compare=False)
    empty: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """As of a series."""
        begun = _union([part.begins for part in self.parts])
        _note(self, begun, all(part.empty for part in self.parts))


def _note(node: Series | Choice | AnyOrder, begins: frozenset[str] | None, empty: bool) -> None:
    object.__setattr__(node, "begins", begins)
    object.__setattr__(node, "empty", empty)


def _union(begun: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    return ANYTHING if ANYTHING in begun else _words(begun)


def _words(begun: Sequence[frozenset[str] | None]) -> frozenset[str]:
    return frozenset().union(*(words for words in begun if words is not None))


Node = Word | Slot | Series | Choice | AnyOrder

_PIECE = re.compile(
    r"\s+|[()\[\]|;]|\{(?P<slot>[a-z_]+)(?:(?P<mark>[!@/'])|=(?P<fixed>[^{}]*))?\}|<(?P<list>[a-z0-9_]+)>"
    r"|(?P<word>[^\s()\[\]|;{}<>]+)"
)


class Lists:
    """The shared lists, each parsed when a phrase first uses it."""

    def __init__(self, texts: Mapping[str, Sequence[str]] | None = None) -> None:
        self._texts = texts or {}
        self._parsed: dict[str, Node] = {}
        self._open: list[str] = []

    def node(self, name: str, phrase: str) -> Node:
        """The list as a choice. Raises PhraseError when it is not there or contains itself."""
        if name not in self._parsed:
            if name not in self._texts:
                raise PhraseError(f"“{phrase}” uses the list <{name}>, which is not there")
            if name in self._open:
                raise PhraseError(f"the list <{name}> contains itself")
            self._open.append(name)
            options = tuple(parse(text, self) for text in self._texts[name])
            self._open.pop()
            self._parsed[name] = options[0] if len(options) == 1 else Choice(options)
        return self._parsed[name]


def parse(phrase: str, lists: Lists | None = None) -> Node:
    """The phrase as a tree, its shared lists filled in. Raises PhraseError."""
    return _Parser(phrase, lists or Lists()).parse()


def wordings(text: str) -> list[str]:
    """Everything that a text can say in which the notation only saves writing: "(need|want) a [new] bucket".

    For lists of words, which have no shared lists and no order to choose. Raises PhraseError.
    """
    return list(dict.fromkeys(_wordings(parse(text)))) if "(" in text or "[" in text else [text]


def _wordings(node: Node) -> list[str]:
    match node:
        case Word(text=text):
            return [text]
        case Slot(name=name):
            return [f"{{{name}}}"]
        case Series(parts=parts):
            return [" ".join(filter(None, words)) for words in product(*map(_wordings, parts))]
        case Choice(options=options, optional=optional):
            return [words for option in options for words in _wordings(option)] + [""] * optional
        case AnyOrder():
            raise PhraseError("a list of words has one order")


class _Parser:
    def __init__(self, phrase: str, lists: Lists) -> None:
        self._phrase = phrase
        self._lists = lists
        self._pieces = self._split()
        self._at = 0

    def _split(self) -> list[re.Match[str]]:
        pieces = []
        at = 0
        while at < len(self._phrase):
            piece = _PIECE.match(self._phrase, at)
            if not piece:
                raise PhraseError(f"“{self._phrase}” has {self._phrase[at]!r} where nothing like it is known")
            if not piece[0].isspace():
                pieces.append(piece)
            at = piece.end()
        return pieces

    def parse(self) -> Node:
        node = self._options("")
        if self._at < len(self._pieces):
            raise PhraseError(f"“{self._phrase}” closes {self._pieces[self._at][0]!r} that was never opened")
        return node

    def _options(self, close: str) -> Node:
        options: list[Node] = []
        separators: set[str] = set()
        while True:
            options.append(self._sequence())
            if self._at < len(self._pieces) and self._pieces[self._at][0] in "|;":
                separators.add(self._pieces[self._at][0])
                self._at += 1
                continue
            break
        if close:
            if self._at >= len(self._pieces) or self._pieces[self._at][0] != close:
                raise PhraseError(f"“{self._phrase}” does not close with {close!r}")
            self._at += 1
        if len(separators) > 1:
            raise PhraseError(f"“{self._phrase}” mixes | and ; in one pair of brackets")
        if separators == {";"}:
            return AnyOrder(tuple(options))
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._at < len(self._pieces) and self._pieces[self._at][0] not in ("|", ";", ")", "]"):
            piece = self._pieces[self._at]
            self._at += 1
            parts.append(self._part(piece))
        return parts[0] if len(parts) == 1 else Series(tuple(parts))

    def _part(self, piece: re.Match[str]) -> Node:
        if piece[0] == "(":
            return self._options(")")
        if piece[0] == "[":
            inner = self._options("]")
            return Choice(inner.options if isinstance(inner, Choice) else (inner,), optional=True)
        if piece["slot"]:
            return Slot(piece["slot"], piece["mark"] or "", piece["fixed"] or "")
        if piece["list"]:
            return self._lists.node(piece["list"], self._phrase)
        return Word(piece["word"].lower())


# --- what a phrase is made of -----------------------------------------------------------------------------------


def slots_of(node: Node) -> frozenset[str]:
    """Every slot in the phrase."""
    match node:
        case Slot(name):
            return frozenset({name} - {PASSED_OVER})
        case Word():
            return frozenset()
        case Series(parts) | AnyOrder(parts) | Choice(parts):
            return frozenset().union(*map(slots_of, parts))


class Facts:
    """What is known about phrases, worked out once for each list that they share."""

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()
        """Every word of the command that the phrases can use, and in how many places."""
        self._needs: dict[int, list[frozenset[str]]] = {}
        self._kept: list[Node] = []

    def needs(self, node: Node) -> list[frozenset[str]]:
        """Sets of words of each of which one stands in every sentence that the phrase reads: what it is found by."""
        if id(node) not in self._needs:
            self._kept.append(node)  # so that no other node gets its id
            self._needs[id(node)] = self._work_out(node)
        return self._needs[id(node)]

    def copy(self) -> Facts:
        """The same, to which more can be added without changing this."""
        other = Facts()
        other.words.update(self.words)
        other._needs.update(self._needs)
        other._kept.extend(self._kept)
        return other

    def _work_out(self, node: Node) -> list[frozenset[str]]:
        match node:
            case Word(text):
                self.words[text] += 1
                return [frozenset({text})]
            case Slot():
                return []
            case Series(parts) | AnyOrder(parts):
                return [group for part in parts for group in self.needs(part)]
            case Choice(options, optional):
                each = [self.needs(option) for option in options]
                if optional or not all(each):
                    return []
                return [frozenset().union(*(min(groups, key=len) for groups in each))]


# --- compiling --------------------------------------------------------------------------------------------------

Step = Callable[["_Run", int], None]


class _Run:
    """One attempt of one phrase at one sentence."""

    __slots__ = ("captured", "left", "open", "reader", "readings", "words")

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.words = reader.words
        self.captured: list[Captured] = []
        self.readings: list[Reading] = []
        self.left = STEPS_LIMIT
        self.open: dict[object, int] = {}
        """Of every group whose parts come in any order, the parts that are left, as bits."""


class _Compiled(NamedTuple):
    step: Step
    first: frozenset[str] | None
    """The words it can begin with; ANYTHING when a value may come first."""


def compile_phrase(node: Node) -> Callable[[Reader], list[Reading]]:
    """A function that gives the readings of a sentence by the phrase, none when a word has no place."""
    step = _compile(node, _Compiled(_accept, frozenset({END}))).step

    def read(reader: Reader) -> list[Reading]:
        run = _Run(reader)
        step(run, 0)
        return run.readings

    return read


def _accept(run: _Run, at: int) -> None:
    if run.words[at] == END and len(run.readings) < READINGS_LIMIT:
        run.readings.append(Reading(tuple(run.captured), sum(value.cost for value in run.captured)))


def _compile(node: Node, after: _Compiled) -> _Compiled:
    """A part and what comes after it. What is more than a word or a value is compiled when a sentence first comes to
    it: most phrases are given up at their first words, and lists are long."""
    match node:
        case Word(text):
            return _word(frozenset({text}), after)
        case Slot(name, _, fixed) if fixed:
            return _fixed(name, fixed, after)
        case Slot(name, mark):
            return _slot(name, mark, after)
        case _:
            return _later(node, after)


def _later(node: Series | Choice | AnyOrder, after: _Compiled) -> _Compiled:
    built: list[Step] = []

    def step(run: _Run, at: int) -> None:
        if not built:
            built.append(_build(node, after).step)
        built[0](run, at)

    return _Compiled(step, _union([node.begins, after.first]) if node.empty else node.begins)


def _build(node: Series | Choice | AnyOrder, after: _Compiled) -> _Compiled:
    match node:
        case Series(parts):
            for part in reversed(parts):
                after = _compile(part, after)
            return after
        case Choice(options, optional):
            return _choice(options, optional, after)
        case AnyOrder(parts):
            return _any_order(parts, after)


def _word(options: frozenset[str], after: _Compiled) -> _Compiled:
    follow = after.step

    def step(run: _Run, at: int) -> None:
        if run.words[at] in options:
            follow(run, at + 1)

    return _Compiled(step, options)


def _fixed(name: str, text: str, after: _Compiled) -> _Compiled:
    follow = after.step

    def step(run: _Run, at: int) -> None:
        run.captured.append(Captured(name, at, at, 0.0, fixed=text))
        follow(run, at)
        run.captured.pop()

    return _Compiled(step, after.first)


def _slot(name: str, mark: str, after: _Compiled) -> _Compiled:
    follow = after.step

    def step(run: _Run, at: int) -> None:
        for end, cost in run.reader.spans(name, mark, at):
            run.left -= 1
            if run.left < 0:
                return
            if name == PASSED_OVER:
                follow(run, end)
                continue
            run.captured.append(Captured(name, at, end, cost, mark))
            follow(run, end)
            run.captured.pop()

    return _Compiled(step, ANYTHING)


def _choice(options: Sequence[Node], optional: bool, after: _Compiled) -> _Compiled:
    plain = frozenset(option.text for option in options if isinstance(option, Word))
    branches = [_word(plain, after)] if plain else []
    branches += [_compile(option, after) for option in options if not isinstance(option, Word)]
    if optional:
        branches.append(after)
    return _one_of(branches)


def _any_order(parts: Sequence[Node], after: _Compiled) -> _Compiled:
    """One part after another. Every part is compiled once; which ones are left is noted in the run."""
    optional = sum(1 << number for number, part in enumerate(parts) if _may_be_absent(part))
    nodes = [_present(part) for part in parts]
    firsts = [ANYTHING if node.empty else node.begins for node in nodes]
    key = object()
    table: dict[str, tuple[tuple[int, Step], ...]] = {}
    always: list[tuple[int, Step]] = []

    def further(run: _Run, at: int) -> None:
        left = run.open[key]
        for bit, branch in table.get(run.words[at], always):
            if left & bit:
                run.left -= 1
                if run.left < 0:
                    return
                run.open[key] = left & ~bit
                branch(run, at)
        run.open[key] = left
        if not left & ~optional:
            after.step(run, at)

    first = _union([*firsts, after.first])
    back = _Compiled(further, first)
    branches = [(1 << number, _compile(node, back).step) for number, node in enumerate(nodes)]
    always += [branch for branch, words in zip(branches, firsts, strict=True) if words is ANYTHING]
    for word in _words(firsts):
        table[word] = tuple(
            branch for branch, words in zip(branches, firsts, strict=True) if words is None or word in words
        )

    def step(run: _Run, at: int) -> None:
        before = run.open.get(key, 0)
        run.open[key] = (1 << len(parts)) - 1
        further(run, at)
        run.open[key] = before

    return _Compiled(step, first)


def _may_be_absent(node: Node) -> bool:
    return isinstance(node, Choice) and node.optional


def _present(node: Node) -> Node:
    return Choice(node.options) if isinstance(node, Choice) else node


def _one_of(branches: Sequence[_Compiled]) -> _Compiled:
    """Tries the branches that can begin with the word at hand, and no others."""
    if len(branches) == 1:
        return branches[0]
    always = tuple(branch.step for branch in branches if branch.first is ANYTHING)
    firsts = _words([branch.first for branch in branches])
    table = {
        word: tuple(branch.step for branch in branches if branch.first is None or word in branch.first)
        for word in firsts
    }

    def step(run: _Run, at: int) -> None:
        for branch in table.get(run.words[at], always):
            run.left -= 1
            if run.left < 0:
                return
            branch(run, at)

    return _Compiled(step, ANYTHING if always else firsts)
