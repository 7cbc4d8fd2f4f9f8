"""How a message begins: what says that it takes something back, or goes on from what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.forms import is_name
from bot.knowledge_base import KnowledgeBase
from bot.normalise import Sentence, Token
from bot.references import SIDES

MEANT_WORDS = 8
"""Words before "I meant" that say what was wrong."""


def words_of(said: Sentence) -> str:
    """The whole sentence in small letters, for what is recognised as a whole."""
    return " ".join(token.word or token.text for token in said.tokens)


def listed(name: str, words: str, knowledge: KnowledgeBase) -> bool:
    """Whether the whole of it, politeness aside, stands in a list of ``seeds/words.json``."""
    return knowledge.matcher.says(name, words)


def first_word(tokens: Sequence[Token], knowledge: KnowledgeBase) -> str:
    """The first word of a clause that counts."""
    rest = knowledge.matcher.trimmed(tokens[knowledge.matcher.opening("follow_ups", tokens) :])
    return next((token.word for token in rest if token.word != "also"), "")


def corrected(said: Sentence, knowledge: KnowledgeBase) -> tuple[Sentence, bool]:
    """The sentence without what says that it takes something back, and why: "hm, wrong year, I meant 2023.pdf"."""
    if starred := _starred(said):
        return starred, True
    for at in range(1, min(len(said.tokens), MEANT_WORDS)):
        before, after = said.tokens[:at], said.tokens[at:]
        meant = after[knowledge.matcher.opening("meaning", after) :]
        if len(meant) in (0, len(after)) or any(map(is_name, before)):
            continue
        sides = tuple(token for token in before if token.word in SIDES)
        return replace(said, tokens=sides + meant), True  # "wrong source bucket, I meant my-bucket"
    return without(said, "corrections", knowledge)


def _starred(said: Sentence) -> Sentence | None:
    """ "*my-bucket", as people put a slip right in chats."""
    word = said.tokens[0] if len(said.tokens) == 1 else None
    if word is None or word.text[:1] != "*" or word.text.count("*") > 1 or not word.text[1:2].isalnum():
        return None
    return replace(said, tokens=(replace(word, text=word.text[1:], word=word.word[1:]),))


def without(said: Sentence, name: str, knowledge: KnowledgeBase) -> tuple[Sentence, bool]:
    """The sentence without the words at its start that say that it goes on from something."""
    count = knowledge.matcher.opening(name, said.tokens)
    return (replace(said, tokens=said.tokens[count:]), True) if count else (said, False)


def refused(name: str, knowledge: KnowledgeBase) -> Sequence[str]:
    """The words of one kind of request that is not offered, or is not in this way."""
    words: Sequence[str] = knowledge.words.get("refused", {}).get(name, ())
    return words
