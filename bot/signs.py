"""Words that give away what kind of sentence it is: that it asks, takes back, or wants what is not offered.

They only choose between reasons and suggestions for a sentence that no phrase reads. The lists are data: ``refused`` in
``seeds/words.json``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.normalise import Sentence, Token

LONGEST = 4
"""Words of the longest text in a list."""
_ASKING = re.compile(
    "what|what's|which|who|who's|whose|when|where|why|how|is|are|was|were|do|does|did|has|have|any|show|list|see|view|"
    "display|tell|find|look|check|read|get|explain|describe"
)
"""First words of what only wants to know something."""


class Signs:
    """The lists, to be looked for in sentences."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        known: Mapping[str, Sequence[str]] = words.get("refused", {})
        self._lists = {name: frozenset(tuple(text.split()) for text in texts) for name, texts in known.items()}

    def has(self, name: str, tokens: Sequence[Token]) -> bool:
        """Whether a text of the list stands anywhere in the sentence."""
        return self.first(name, tokens) is not None

    def at(self, name: str, tokens: Sequence[Token], at: int) -> bool:
        """Whether a text of the list begins at this token."""
        words = tuple(token.word for token in tokens[at : at + LONGEST])
        return any(words[:count] in self._lists.get(name, frozenset()) for count in range(1, len(words) + 1))

    def first(self, name: str, tokens: Sequence[Token]) -> int | None:
        """Where the first text of the list begins."""
        return next((at for at in range(len(tokens)) if self.at(name, tokens, at)), None)

    def alone(self, name: str, word: str) -> bool:
        """Whether the word by itself stands in the list."""
        return (word,) in self._lists.get(name, frozenset())


def asks(said: Sentence) -> bool:
    """Whether the sentence wants to know something."""
    return begins_asking(said) or said.text.rstrip().endswith("?")


def begins_asking(said: Sentence) -> bool:
    """Whether it shows by its first word that it wants to know something; "can you …?" may want anything."""
    first, *others = [token.word for token in said.tokens[:2]] or [""]
    if first == "give":
        return others in (["me"], ["us"])  # and not "give bob access"
    return _ASKING.fullmatch(first) is not None
