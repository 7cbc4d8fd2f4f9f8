"""Which entries come near a message that no phrase reads: by its words, and by the types of its values.

"hurl readme.txt from acme-a to acme-b" has not one word of a command in it, but a file and two buckets, and few entries
take those. What many entries have in common says little about which is meant, so what is rare counts more.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot import values
from bot.grounding import little
from bot.models import Entry
from bot.normalise import Token, sentence

Feature = tuple[str, int]
"""A word (and 0), or a type of values and which of them: a second bucket is another feature than the first."""
_PLACE = re.compile(r"\{[^}]*\}")
_LIST = re.compile(r"<([a-z0-9_]+)>")
_TYPES = ("execution_id", "log_group", "region", "key", "bucket", "prefix")
"""Types whose values show by their form what they are, the surest first."""
_TIMES = ("days", "hours")


def near(text: str, entries: Sequence[Entry], words: Mapping[str, Any], limit: int) -> list[Entry]:
    """The entries that have most in common with the message, in their own order; all when there are no more."""
    if len(entries) <= limit:
        return list(entries)
    said = _said(text)
    features = {entry.name: frozenset(_features(entry, words)) for entry in entries}
    having = Counter(feature for known in features.values() for feature in known)

    def far(entry: Entry) -> tuple[float, int]:
        shared = said & features[entry.name]
        unsaid = sum(feature not in said for feature in _places(entry, required=True))
        return -sum(math.log(1 + len(entries) / having[feature]) for feature in shared), unsaid

    best = {entry.name for entry in sorted(entries, key=far)[:limit]}
    return [entry for entry in entries if entry.name in best]


def vocabulary(entry: Entry, words: Mapping[str, Any]) -> Iterator[str]:
    """The words with which the entry is described and asked for, those of shared lists as well."""
    texts = [entry.title, entry.summary, entry.name.replace("_", " ")]
    texts += [parameter.description for parameter in entry.parameters]
    texts += [choice for parameter in entry.parameters for choice in parameter.choices]
    for text in (*texts, *_spelled_out(entry.phrases, words.get("lists", {}))):
        yield from words_of(text)


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters, without its signs and numbers."""
    return re.findall(r"[^\W\d_]+", text.casefold())


def _spelled_out(phrases: Iterable[str], lists: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The phrases without their places, and all that stands in the lists that they use."""
    known: set[str] = set()
    left = list(phrases)
    while left:
        phrase = left.pop()
        for name in _LIST.findall(phrase):
            if name not in known:
                known.add(name)
                left.extend(lists.get(name, ()))
        yield _LIST.sub(" ", _PLACE.sub(" ", phrase))


def _features(entry: Entry, words: Mapping[str, Any]) -> Iterator[Feature]:
    for word in vocabulary(entry, words):
        if not little(word):
            yield word, 0
    yield from _places(entry)


def _places(entry: Entry, *, required: bool = False) -> Iterator[Feature]:
    types = (each.type for each in entry.parameters if each.required or not required)
    return _numbered(kind for kind in types if kind in (*_TYPES, *_TIMES))


def _said(text: str) -> frozenset[Feature]:
    kinds: list[str] = []
    words: list[str] = []
    for token in sentence(text).tokens:
        found = _kinds(token)
        kinds.extend(found)
        if not found and not token.quoted:
            words.extend(words_of(token.word))
    return frozenset({*((word, 0) for word in words if not little(word)), *_numbered(kinds)})


def _kinds(token: Token) -> Iterable[str]:
    """The types of which the token shows to be a value: both of ``s3://bucket/key``, and none of an ordinary word."""
    if token.mention:
        return ()
    if token.duration is not None:
        return _TIMES
    place = values.location(token.text)
    if place:
        return ("bucket", "key") if place.path else ("bucket",)
    if token.quoted and " " in token.text:
        return ("key",)
    return next(((kind,) for kind in _TYPES if values.sure(kind, token.text)), ())


def _numbered(kinds: Iterable[str]) -> Iterator[Feature]:
    count: Counter[str] = Counter()
    for kind in kinds:
        count[kind] += 1
        yield kind, count[kind]
