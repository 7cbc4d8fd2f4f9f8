"""What is recognised as not offered, and what can be done instead.

Nothing here decides what runs: a sentence that no phrase reads as a whole is not run anyway. This says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import NotOffered
from bot.matches import is_pattern
from bot.models import Entry
from bot.normalise import Sentence, Token

TOKENS_LIMIT = 150
"""Words of a message that are looked through for the reason."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One kind of request that is not offered."""

    words: str
    """The list in ``seeds/words.json`` whose words give it away."""
    sentence: str
    hint: str = ""
    examples: tuple[str, ...] = ()


_REFUSALS = (
    Refusal(
        "negations",
        "I only act on what I am asked to do, and this also says what not to do.",
        "Say just the one thing that shall happen.",
    ),
    Refusal(
        "move",
        "I do not move or rename files.",
        "I can copy a file, and then delete the old one.",
        ("copy report.csv from my-bucket to other-bucket", "delete report.csv from my-bucket"),
    ),
    Refusal(
        "upload",
        "I do not upload files.",
        "I can copy a file that is in S3 already.",
        ("copy report.csv from my-bucket to other-bucket",),
    ),
    Refusal(
        "download",
        "I do not download or open files.",
        "I can show which files are there.",
        ("list files in my-bucket",),
    ),
    Refusal(
        "sync",
        "I do not synchronise buckets or folders.",
        "I can copy one file at a time.",
        ("copy report.csv from my-bucket to other-bucket",),
    ),
    Refusal(
        "restore",
        "I do not restore files, and I cannot tell from this what to take back.",
        "Say “undo” in the thread of a change: I do what takes it back, or say what would.",
    ),
    Refusal(
        "share",
        "I do not change who may see a bucket or a file.",
        "I can list, copy and delete files and create buckets.",
    ),
)
_BULK_DELETE = Refusal(
    "delete",
    "I delete one file at a time, by its full name: no wildcards, folders, whole buckets or several files.",
    "Files can also expire by age with lifecycle management.",
    ("delete report.csv from my-bucket", "delete files under tmp/ in my-bucket after 90 days"),
)
_BULK = Refusal(
    "bulk",
    "I work on one file at a time, by its full name: no wildcards, folders or several files.",
    "",
    ("copy report.csv from my-bucket to other-bucket",),
)
_TWO_THINGS = Refusal(
    "conjunctions", "That asks for more than one thing.", "Send me one command at a time, each in its own message."
)


class Refusals:
    """Says why a sentence that nothing matches is not offered."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        known: Mapping[str, Sequence[str]] = words.get("refused", {})
        self._lists = {name: frozenset(tuple(text.split()) for text in texts) for name, texts in known.items()}

    def explain(self, said: Sentence, asked: Entry | None = None) -> NotOffered | None:
        """The problem, when it is clear what was meant; None when it is not. ``asked`` is what a question is open for:
        whoever is asked for one file may answer "all of them"."""
        refusal = self._find(said.tokens[:TOKENS_LIMIT])
        if refusal is None and asked and "key" in asked.required and self._many(said.tokens):
            refusal = _BULK_DELETE if asked.effect == "destroy" else _BULK
        return NotOffered(refusal.sentence, hint=refusal.hint, examples=refusal.examples) if refusal else None

    def _find(self, tokens: Sequence[Token]) -> Refusal | None:
        if self._has("negations", tokens):
            return _REFUSALS[0]
        if self._two_commands(tokens):
            return _TWO_THINGS
        if self._has("delete", tokens) and self._many(tokens):
            return _BULK_DELETE
        if self._has("copy", tokens) and self._many(tokens):
            return _BULK
        for refusal in _REFUSALS[1:]:
            if self._has(refusal.words, tokens):
                return refusal
        return None

    def _many(self, tokens: Sequence[Token]) -> bool:
        """More than one file, or what holds files."""
        return (
            self._has("bulk", tokens)
            or any(is_pattern(token.text, quoted=token.quoted) for token in tokens)
            or any(not token.quoted and token.text.endswith("/") for token in tokens)
            or any(token.comma for token in tokens)
        )

    def _two_commands(self, tokens: Sequence[Token]) -> bool:
        verbs = [at for at in range(len(tokens)) if self._at("verbs", tokens, at)]
        joints = [at for at in range(len(tokens)) if self._at("conjunctions", tokens, at) or tokens[at].comma]
        return any(any(verb < joint for verb in verbs) and any(verb > joint for verb in verbs) for joint in joints)

    def _has(self, name: str, tokens: Sequence[Token]) -> bool:
        return any(self._at(name, tokens, at) for at in range(len(tokens)))

    def _at(self, name: str, tokens: Sequence[Token], at: int) -> bool:
        words = tuple(token.word for token in tokens[at : at + 4])
        return any(words[:count] in self._lists.get(name, frozenset()) for count in range(1, len(words) + 1))
