"""What of a model's reading stands in what the person wrote: nothing else of it is believed.

A value counts when it is a piece of the message (a word, words side by side, a quoted text, a part of an ``s3://``
address), or a value that the thread has settled. And a reading that changes something must leave no word of the
message over that could change its meaning: a second file, a number, "not", "and then".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot import values
from bot.errors import BadValue
from bot.models import Entry, Origin, Parameter, Value
from bot.normalise import Sentence, Token, sentence

_NAMES = frozenset({"bucket", "key", "prefix", "log_group"})
"""Types whose values look like any word, so that "the" or "bucket" could pass for one."""
_SIGNS = frozenset("-_./:@+=#\\")
"""Signs that stand in names, and in ordinary words hardly ever."""
_LITTLE_WORDS = (
    "a an the this that these those it its my our your his her their one ones some any all every each other another "
    "same new old first last next previous latest and or but not no yes to from in into of on at by for with without "
    "is are was be been do does did have has had can could would should will shall may might must please just now "
    "then there here who what which where when why how i me we us you he she him they them something anything "
    "everything nothing somewhere anywhere thing things stuff somebody someone name named called test example"
)
_TURNS = (
    "not don't dont doesn't won't can't cannot never no nothing without except unless if when whether until but "
    "instead rather stop cancel undo ignore"
)
_LEADING = "in into inside from to of on for at bucket file called named name is group prefix folder under"
_FUNCTION_WORDS = frozenset(_LITTLE_WORDS.split())
_BEFORE_NAMES = frozenset(_LEADING.split())
"""Words after which a name that is an ordinary word may stand, when something is to be changed."""
_TURNING = frozenset(_TURNS.split())
"""Words that turn or condition what the rest says."""
_GOING_ON = frozenset({"and", "then", "also", "plus", "afterwards", "&", "&&", ";", "|"})
"""Words after which a second request may follow."""


@dataclass(frozen=True, slots=True)
class Grounded:
    """What is left of a model's parameters."""

    parameters: Mapping[str, Value] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    """What must be asked for: required and not given, or given and not to be believed."""
    problems: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    """Parameters whose value stood nowhere."""
    left_over: str = ""
    """The word of the message that has no place in this reading and could change its meaning."""


def ground(
    text: str, entry: Entry, said: Mapping[str, str], settled: Mapping[str, Value], ordinary: frozenset[str]
) -> Grounded:
    """The believable part of what the model ``said``; ``ordinary`` are words of commands, which are no names."""
    reading = _Reading(sentence(text), entry, settled, ordinary | _FUNCTION_WORDS)
    for parameter in entry.parameters:
        if said.get(parameter.name):
            reading.take(parameter, said[parameter.name])
    asked = (*entry.required, *reading.doubtful)
    missing = tuple(
        parameter.name
        for parameter in sorted(entry.parameters, key=lambda parameter: not parameter.required)
        if parameter.name in asked and parameter.name not in reading.parameters
    )
    return Grounded(
        parameters=reading.parameters,
        missing=missing,
        problems=reading.problems,
        origins=reading.origins,
        dropped=tuple(reading.dropped),
        left_over=reading.several or ("" if entry.effect == "read" else reading.left_over()),
    )


class _Reading:
    """One message being held against one entry."""

    def __init__(self, message: Sentence, entry: Entry, settled: Mapping[str, Value], ordinary: frozenset[str]) -> None:
        self.parameters: dict[str, Value] = {}
        self.problems: dict[str, str] = {}
        self.origins: dict[str, Origin] = {}
        self.dropped: list[str] = []
        self.doubtful: list[str] = []
        self.several = ""
        """A value that stands for more than one file."""
        self._message = message
        self._entry = entry
        self._settled = {str(value): value for value in settled.values()}
        self._ordinary = ordinary
        self._covered: set[int] = set()

    def take(self, parameter: Parameter, said: str) -> None:
        """Believe the value, or note that it must be asked for."""
        typed = self._typed(parameter, said)
        if typed is not None:
            self._parse(parameter, _taken_apart(parameter, typed), "typed")
        elif said in self._settled:
            self._parse(parameter, said, "inherited")
        else:
            self._drop(parameter, said)

    def left_over(self) -> str:
        """The first word without a place that could change the meaning; empty when there is none."""
        for index, token in enumerate(self._message.tokens):
            unplaced = self._half_used(token) if index in self._covered else matters(token, self._entry)
            if unplaced:
                return token.text
        return ""

    def _typed(self, parameter: Parameter, said: str) -> str | None:
        """The value as the person wrote it; None when it stands nowhere in the message."""
        found = None
        for piece, tokens in self._pieces(parameter, len(said)):
            if piece.casefold() == said.casefold() and self._nameable(parameter, tokens):
                self._covered.update(tokens)
                # Where two spellings stand in the message, the one that the model copied.
                found = piece if found is None or piece == said else found
        return found

    def _pieces(self, parameter: Parameter, length: int) -> Iterator[tuple[str, range]]:
        """Everything in the message that could be a value of about this length."""
        tokens = self._message.tokens
        for first, token in enumerate(tokens):
            if token.mention:
                continue
            yield from ((part, range(first, first + 1)) for part in _parts(token, parameter))
            for last in range(first, len(tokens)):
                piece = self._message.slice(first, last)
                if tokens[last].mention or len(piece) > length + 2:
                    break
                yield piece, range(first, last + 1)

    def _nameable(self, parameter: Parameter, tokens: range) -> bool:
        """Not made of command words alone, unless quoted: "the bucket" is no bucket.

        Where something is to be changed, an ordinary word is a name only behind a word that leads to one.
        """
        if parameter.type not in _NAMES:
            return True
        words = [self._message.tokens[index] for index in tokens]
        if any(token.quoted or _shaped(token) for token in words):
            return True
        if all(token.word in self._ordinary for token in words):
            return False
        before = self._message.tokens[tokens.start - 1].word if tokens.start else ""
        return self._entry.effect == "read" or before in _BEFORE_NAMES

    def _parse(self, parameter: Parameter, text: str, origin: Origin) -> None:
        if parameter.type in _NAMES and ("*" in text or (parameter.type == "key" and text.endswith("/"))):
            self.several = text
        try:
            self.parameters[parameter.name] = values.parse(parameter.type, text, parameter.choices)
            self.origins[parameter.name] = origin
        except BadValue as error:
            self.problems[parameter.name] = error.sentence
            self.doubtful.append(parameter.name)

    def _drop(self, parameter: Parameter, said: str) -> None:
        if parameter.default is not None and str(parameter.default).casefold() == said.casefold():
            return  # the model wrote the default out: the same as saying nothing
        self.dropped.append(parameter.name)
        if self._entry.effect != "read":
            self.doubtful.append(parameter.name)

    def _half_used(self, token: Token) -> bool:
        """An address of which one half was taken, and the other from somewhere else."""
        place = values.location(token.text)
        return place is not None and not {place.bucket, place.path} - {""} <= set(self.parameters.values())


def matters(token: Token, entry: Entry) -> bool:
    """Whether a word that has no place in a reading as the entry could change its meaning."""
    if token.mention or token.quoted or token.duration or _shaped(token) or values.sure("region", token.text):
        return True
    if token.word in _TURNING or (token.word in _GOING_ON and not entry.is_workflow):
        return True
    return any(token.word == choice.casefold() for each in entry.parameters for choice in each.choices)


def little(word: str) -> bool:
    """Whether a word carries no meaning of its own in a command: articles, pronouns, prepositions."""
    return word in _FUNCTION_WORDS


def _shaped(token: Token) -> bool:
    """Whether a word looks like a name, a number or a place rather than like an ordinary word."""
    letters = any(map(str.isalnum, token.text))
    return any(map(str.isdigit, token.text)) or (letters and not _SIGNS.isdisjoint(token.text))


def _taken_apart(parameter: Parameter, text: str) -> str:
    """The parameter's half of an address that the model copied whole."""
    place = values.location(text)
    if place is None:
        return text
    return place.bucket if parameter.type == "bucket" else place.path


def _parts(token: Token, parameter: Parameter) -> Iterator[str]:
    """The pieces inside one word: the bucket and the path of an address, the owner in "my-bucket's"."""
    place = values.location(token.text)
    if place:
        yield place.bucket if parameter.type == "bucket" else place.path
    elif parameter.type == "bucket" and not token.quoted:
        yield from _owner(token.text)


def _owner(text: str) -> Iterable[str]:
    for ending in ("'s", "’s"):
        if text.endswith(ending):
            yield text.removesuffix(ending)
