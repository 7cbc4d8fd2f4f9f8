"""Whether a sentence that nothing understood is in another language than English: told by its letters and small words.

It only chooses between two sentences of "I did not understand". A name in it ("der-bucket", "日本.txt" in quotes) says
nothing, one small word alone may be a name too, and small words of English outweigh as many others. The words are data:
``foreign`` in ``seeds/words.json``, those of each language that English does not have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from bot.grounding import little
from bot.normalise import Sentence

LEAST_WORDS = 2
"""Different small words of one language; one may be anything."""
LEAST_SHARE = 0.3
"""Of the words that may be words at all, so that an English sentence about German files stays English."""


def foreign(said: Sentence, words: Mapping[str, Any]) -> bool:
    """Whether the sentence, its names aside, is in another language."""
    plain = [token.word for token in said.tokens if not token.quoted and token.word.replace("'", "").isalpha()]
    if not plain:
        return False
    strange = [word for word in plain if not any(map(_latin, word))]
    return len(strange) * 2 > len(plain) or any(_speaks(plain, known) for known in words.get("foreign", {}).values())


def _latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


def _speaks(plain: Sequence[str], known: Sequence[str]) -> bool:
    found = [word for word in plain if word in known]
    english = sum(map(little, plain))
    return len(set(found)) >= LEAST_WORDS and len(found) >= LEAST_SHARE * len(plain) and len(found) > english
