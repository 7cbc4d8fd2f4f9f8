"""Signatures that differ only in words that are values: names of users, tables, hosts. One line cannot tell, many can.

Where enough different words stand at one place of otherwise equal signatures, that place is a value. How many are
enough depends on what they look like: a word with a placeholder in it is all but sure, a plain word may well be the
difference between two errors. The result does not depend on the order of the lines. Pure text, no AWS.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice
from operator import xor

from workflow_steps.log_signatures import LONG_WORD, signature

VALUE = "<word>"
ENOUGH_MADE, ENOUGH_ODD, ENOUGH_PLAIN = 2, 3, 5
"""How many different words at one place make it a value: with placeholders, with digits or punctuation, plain."""
KEPT_WORDS = 3
"""As many words must stay the same around a plain one, or the signatures have little in common."""
ROUNDS = 2
"""Each may find one more value where several vary at once, and one within words: ``consumer-orders-7 of orders``."""
MOST_WORDS = 40
"""Of a signature, from its beginning, of which is asked whether they vary."""

_BETWEEN = r"\s=,;:()\[\]{}\"'`|/"
_WORDS = re.compile(rf"[^{_BETWEEN}]+|.", re.DOTALL)
_PARTS = re.compile(rf"<\w+>|[^{_BETWEEN}._<>-]+|.", re.DOTALL)
_ODD = re.compile(r"\d|\w[._-]\w")

Tokens = tuple[str, ...]


def named(messages: Iterable[str]) -> Mapping[str, str]:
    """Each message, and what all errors of its kind have in common."""
    signatures = {message: signature(message) for message in set(messages)}
    names = merged(signatures.values())
    return {message: names[found] for message, found in signatures.items()}


def merged(signatures: Iterable[str]) -> Mapping[str, str]:
    """Each signature, and what it is called together with those that differ from it only in values."""
    names = {signature: signature for signature in signatures}
    for _ in range(ROUNDS):
        before = names
        for pieces in (_WORDS, _PARTS):
            varying = _with_values(_pieces(names.values(), pieces))
            names = {signature: varying.get(name, name) for signature, name in names.items()}
        if names == before:
            break
    found = _pieces(names.values(), _WORDS)
    patterns = _patterns(found.values())
    absorbed = {name: "".join(_absorbed(tokens, patterns)) for name, tokens in found.items()}
    return {signature: absorbed[name] for signature, name in names.items()}


def _pieces(names: Iterable[str], pattern: re.Pattern[str]) -> dict[str, Tokens]:
    return {name: tuple(pattern.findall(name)) for name in set(names)}


def _with_values(known: Mapping[str, Tokens]) -> dict[str, str]:
    """Those names in which words turned out to be values, and what they are then."""
    alike: dict[int, set[str]] = defaultdict(set)
    for tokens in known.values():
        for word, _, rest in _may_vary(tokens):
            alike[rest].add(word)
    values = {rest: found for rest, words in alike.items() if (found := _values(words))}
    changed: dict[str, str] = {}
    if not values:
        return changed
    for name, tokens in known.items():
        plain = sum(_is_plain(token) for token in tokens)
        places = {
            place
            for word, where, rest in _may_vary(tokens)
            if word in values.get(rest, ()) and ("<" in word or plain - _is_plain(word) >= KEPT_WORDS)
            for place in where
        }
        if places:
            changed[name] = "".join(VALUE if place in places else token for place, token in enumerate(tokens))
    return changed


def _may_vary(tokens: Tokens) -> Iterator[tuple[str, Sequence[int], int]]:
    """Each word that may be a value, where it stands, and a number that is the same for all that are equal elsewhere.

    A word that stands at several places is one value: ``container orders of pod orders``. The type of an error
    never varies.
    """
    hashes = [hash(pair) for pair in enumerate(tokens)]
    whole = reduce(xor, hashes, len(tokens))
    places: dict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(tokens):
        places[token if "<" not in token else f"{place}{token}"].append(place)
    kind = tokens[0] if tokens[1:2] == (":",) else ""
    for where in islice(places.values(), MOST_WORDS):
        word = tokens[where[0]]
        if word != kind and (len(word) > 1 or word.isalpha()):
            yield word, where, hash((reduce(xor, (hashes[place] for place in where), whole), *where))


def _values(words: set[str]) -> set[str]:
    """Which of the words at one place are values, for all that is known."""
    if len(words) < ENOUGH_MADE:
        return set()
    made = {word for word in words if "<" in word or ("<id>" in words and len(word) >= LONG_WORD)}
    odd = made | {word for word in words if _ODD.search(word)}
    if len(words) >= ENOUGH_PLAIN:
        return words
    if len(odd) >= ENOUGH_ODD:
        return odd
    return made if len(made) >= ENOUGH_MADE else set()


def _is_plain(token: str) -> bool:
    return len(token) > 1 and token.isalpha()


def _patterns(found: Iterable[Tokens]) -> Mapping[int, list[Tokens]]:
    """The signatures with values in them by their length, those with the fewest first."""
    patterns: dict[int, list[Tokens]] = defaultdict(list)
    for tokens in sorted(set(found), key=lambda tokens: (tokens.count(VALUE), tokens)):
        if VALUE in tokens:
            patterns[len(tokens)].append(tokens)
    return patterns


def _absorbed(tokens: Tokens, patterns: Mapping[int, list[Tokens]]) -> Tokens:
    """The pattern that these tokens fit, or they themselves: a rare pair of values fits what common ones have shown."""
    for pattern in patterns.get(len(tokens), ()):
        if all(one in (VALUE, other) for one, other in zip(pattern, tokens, strict=True)):
            return pattern
    return tokens
