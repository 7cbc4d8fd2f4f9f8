"""Commands that come near a sentence that was not understood."""

from __future__ import annotations

from collections.abc import Mapping

from bot.models import Entry
from bot.normalise import Sentence

COUNT = 3
_DEFAULT = ("list buckets", "list files in my-bucket", "help")


def suggest(said: Sentence, entries: Mapping[str, Entry]) -> tuple[str, ...]:
    """The examples that share most with the sentence, one an entry; the commonest commands when nothing is shared."""
    words = {token.word for token in said.tokens if len(token.word) > 2}
    ranked = []
    for entry in entries.values():
        for example in entry.examples[:1]:
            known = {word for each in entry.examples for word in each.text.lower().split()} | set(
                entry.title.lower().split()
            )
            ranked.append((-len(words & known), example.text))
    best = [text for score, text in sorted(ranked, key=lambda item: item[0]) if score < 0]
    return tuple(best[:COUNT]) or _DEFAULT
