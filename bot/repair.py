"""Typos in the words of a command, repaired. Values are never touched: a token keeps its face as a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.normalise import Token

SHORTEST = 4
"""Words of fewer letters have too many neighbours to guess among; the common slips stand in the seeds."""
TWO_SLIPS_FROM = 8


class Repairer:
    """Finds the word of the phrases that a misspelt one was meant to be."""

    def __init__(self, vocabulary: Mapping[str, int], words: Mapping[str, Any]) -> None:
        self._known = vocabulary
        self._slips: Mapping[str, str] = words.get("slips", {})
        self._kept = frozenset(words.get("not_typos", ())) | _said_otherwise(words)
        self._by_start: dict[tuple[str, int], list[str]] = {}
        for word in vocabulary:
            if len(word) >= SHORTEST and word.isalpha():
                self._by_start.setdefault((word[0], len(word)), []).append(word)
        self._found: dict[str, str] = {}

    def __call__(self, token: Token) -> str:
        """The word that was meant; empty when the token needs no repair or nothing comes near."""
        word = token.word
        if token.quoted or not word or word in self._known:
            return ""
        if word in self._slips:
            return self._slips[word]
        if word in self._kept:
            return ""
        if len(word) < SHORTEST or len(word) > 24 or not word.isalpha() or not word.isascii():
            return ""
        if word not in self._found:
            if len(self._found) > 4096:
                self._found.clear()
            self._found[word] = self._nearest(word)
        return self._found[word]

    def _nearest(self, word: str) -> str:
        limit = 2 if len(word) >= TWO_SLIPS_FROM else 1
        best = ""
        best_rank: tuple[int, int] = (limit + 1, 0)
        for start in (word[0], word[1]):  # the first letter is seldom wrong, but may have changed places
            for size in range(len(word) - limit, len(word) + limit + 1):
                for known in self._by_start.get((start, size), ()):
                    if start != word[0] and known[1] != word[0]:
                        continue
                    rank = (slips(word, known, limit), -self._known[known])
                    if rank[0] <= limit and rank < best_rank:
                        best, best_rank = known, rank
        return best


def _said_otherwise(words: Mapping[str, Any]) -> frozenset[str]:
    """Words that mean something here although no phrase has them: what is not offered, and what drops a question."""
    texts = [*words.get("cancel", ()), *(text for texts in words.get("refused", {}).values() for text in texts)]
    return frozenset(word for text in texts for word in text.split())


def slips(typed: str, meant: str, limit: int) -> int:
    """Letters left out, added, wrong or swapped with a neighbour; more than ``limit`` counts as one more than it."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for i, letter in enumerate(typed, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(meant, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == meant[j - 2] and typed[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
