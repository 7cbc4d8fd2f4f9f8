"""From a sentence and what it means to a phrase, and whether the phrase may be kept. Pure text, no I/O.

The values of the sentence become slots, its other words stay. A phrase is kept when it reads its own sentence as was
meant and no sentence that is known means anything else than before: the examples of the seeds, the sentences of all
other learned phrases, and what people say in threads without wanting anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot import values
from bot.errors import BadValue, NotLearned
from bot.grounding import little, matters
from bot.knowledge_base import KnowledgeBase
from bot.matching import Matcher, Tries, Trimmer
from bot.models import Entry, Lesson, Parameter, Value
from bot.normalise import Sentence, Token, sentence, unpossessed

WORDS_LIMIT = 30
"""A longer sentence is a story; nobody tells it twice with the same words."""
VALUE_WORDS = 8
"""Words that a value may have: a file's name with spaces."""
SHORTEST_COMMAND_WORD = 3

_IN_PHRASES = re.compile(r"[^\s()\[\]|;{}<>]+")
_SAID_IN_PASSING = ("openings", "closings", "fillers", "lead_ins", "chatter", "cancel", "again", "follow_ups")
"""Lists whose words mean nothing for a command."""
_TALK = ("chatter", "cancel", "again")
"""Lists of whole sentences that must stay what they are."""

Meaning = tuple[Any, ...]


def phrase_of(
    text: str,
    entry: Entry,
    said: Mapping[str, Value],
    words: Mapping[str, Any],
    fixed: Mapping[str, Value] | None = None,
) -> str:
    """The sentence as a phrase for the entry: each value that was ``said`` in it becomes a slot, and what is ``fixed``
    is settled by the phrase itself. Raises NotLearned with the reason."""
    message = sentence(text)
    tokens = Trimmer(words)(message.tokens)
    if not tokens or len(tokens) > WORDS_LIMIT:
        raise NotLearned(f"A phrase has one to {WORDS_LIMIT} words.")
    places = _Places(message, tokens, entry).of(said)
    if not any(_is_command_word(token.word, words) for at, token in enumerate(tokens) if at not in places.taken):
        raise NotLearned("A phrase needs a word of its own that says what to do, beside names and little words.")
    parts = [*_parts(tokens, places, entry), *(f"{{{name}={value}}}" for name, value in (fixed or {}).items())]
    return " ".join(parts)


def stands_in(text: str, entry: Entry, name: str, value: Value) -> bool:
    """Whether the sentence has the value in it."""
    message = sentence(text)
    return bool(_Places(message, message.tokens, entry).find(entry.parameter(name), value))


def check(
    before: KnowledgeBase,
    after: KnowledgeBase,
    lesson: Lesson,
    meant: Mapping[str, Value],
    tried: Mapping[str, Tries] | None = None,
) -> dict[str, Tries]:
    """Raise NotLearned unless the phrase reads its own sentence as was meant, and nothing else means another thing.

    ``tried`` is what this gave for the knowledge base before, as far as it is known: then only sentences on which the
    new one tries something else are read again.
    """
    read = after.matcher.match(lesson.example)
    if not read or read[0].entry.name != lesson.entry or dict(read[0].parameters) != dict(meant):
        raise NotLearned("As a phrase, that sentence would not be read the way it is meant.")
    if len(read) > 1 and read[1].cost == read[0].cost:
        raise NotLearned(f"That sentence could as well mean “{read[1].entry.title.lower()}”.")
    tries = {}
    for text in _known_sentences(after):
        tries[text] = after.matcher.tries(text)
        earlier = (tried or {}).get(text) or before.matcher.tries(text)
        if tries[text] == earlier or text == lesson.example:
            continue
        if _meaning(before.matcher, text) != _meaning(after.matcher, text):
            raise NotLearned(f"It would change what “{text}” means.")
    return tries


def _known_sentences(knowledge: KnowledgeBase) -> Iterator[str]:
    for entry in knowledge.entries.values():
        yield from (example.text for example in entry.examples)
    yield from (lesson.example for lesson in knowledge.learned)
    for name in _TALK:
        yield from knowledge.words.get(name, ())


def _meaning(matcher: Matcher, text: str) -> Meaning:
    """Everything that a sentence can mean equally well."""
    found = matcher.match(text)
    best = [match for match in found if match.cost == found[0].cost]
    return tuple(
        sorted((m.entry.name, repr(sorted(m.parameters.items())), m.missing, tuple(sorted(m.problems))) for m in best)
    )


# --- values become slots ----------------------------------------------------------------------------------------


class _Places:
    """Where in a sentence the values stand."""

    def __init__(self, message: Sentence, tokens: Sequence[Token], entry: Entry) -> None:
        self._message = message
        self._tokens = tokens
        self._entry = entry
        self.slots: dict[int, str] = {}
        """The first token of a value to the name of its slot."""
        self.taken: set[int] = set()

    def of(self, said: Mapping[str, Value]) -> _Places:
        """With all the values; raises NotLearned when one stands nowhere, twice, or in the place of another."""
        for parameter in self._entry.parameters:
            if parameter.name in said:
                self._take(parameter, said[parameter.name])
        return self

    def _take(self, parameter: Parameter, value: Value) -> None:
        if parameter.type in ("text", "sentence"):
            raise NotLearned(f"A phrase with any words for its {_spaced(parameter.name)} would read nearly everything.")
        found = self.find(parameter, value)
        if not found:
            raise NotLearned(f"The {_spaced(parameter.name)} “{value}” does not stand in the sentence.")
        if len(found) > 1:
            raise NotLearned(f"“{value}” stands in the sentence more than once, so its place is not clear.")
        (place,) = found
        if self._is_half(place):
            return  # the other half of an address that has its slot already
        if self.taken & set(place):
            raise NotLearned(f"“{value}” stands for more than one thing.")
        self.slots[place.start] = parameter.name
        self.taken |= set(place)

    def _is_half(self, place: range) -> bool:
        return place.start in self.slots and values.location(self._tokens[place.start].text) is not None

    def find(self, parameter: Parameter, value: Value) -> list[range]:
        """The shortest pieces of the sentence that are the value."""
        for length in range(1, VALUE_WORDS + 1):
            starts = range(len(self._tokens) - length + 1)
            found = [range(at, at + length) for at in starts if self._is(parameter, value, at, length)]
            if found:
                return found
        return []

    def _is(self, parameter: Parameter, value: Value, at: int, length: int) -> bool:
        tokens = self._tokens[at : at + length]
        if any(token.mention for token in tokens):
            return False
        text = tokens[0].text if length == 1 else self._message.text[tokens[0].start : tokens[-1].end]
        place = values.location(text)
        if place:
            text = place.bucket if parameter.type == "bucket" else place.path
        elif parameter.type == "bucket" and not tokens[0].quoted:
            text = unpossessed(text)
        try:
            return values.parse(parameter.type, text, parameter.choices) == value
        except BadValue:
            return False


def _parts(tokens: Sequence[Token], places: _Places, entry: Entry) -> Iterator[str]:
    for at, token in enumerate(tokens):
        if at in places.slots:
            yield f"{{{places.slots[at]}}}"
        elif at not in places.taken:
            yield _word(token, entry)


def _word(token: Token, entry: Entry) -> str:
    if matters(token, entry):
        raise NotLearned(f"“{token.text}” says something of its own, and is none of the values.")
    if not _IN_PHRASES.fullmatch(token.word):
        raise NotLearned(f"“{token.text}” cannot stand in a phrase.")
    return token.word


def _is_command_word(word: str, words: Mapping[str, Any]) -> bool:
    """A word that says something, and not one that is said in passing."""
    if len(word) < SHORTEST_COMMAND_WORD or not word.isalpha() or little(word) or word in words.get("never_values", ()):
        return False
    return all(word not in words.get(name, ()) for name in _SAID_IN_PASSING)


def _spaced(name: str) -> str:
    return name.replace("_", " ")
