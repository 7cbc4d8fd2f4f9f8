"""What a word can be by its form alone, wherever it stands: ``report.csv`` a file, ``my-bucket`` a bucket."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from bot import values
from bot.normalise import Token

DOTTED_LENGTH = 6
"""Letters of a name with dots that is no version or abbreviation: "raw.2022"."""
TOLD_BY_NAME = ("bucket", "execution_id")
"""Types of which the name is all that there is to know; a file that is pointed at is so in its bucket."""
_UNMISTAKABLE = ("execution_id", "region")
_ABBREVIATION = re.compile(r"[a-z](?:\.[a-z])+", re.I)
"""Such as "i.e"."""
_PLAIN_FILES = frozenset(
    {
        *("makefile", "dockerfile", "jenkinsfile", "vagrantfile", "gemfile", "procfile", "rakefile"),
        *("readme", "license", "licence", "changelog"),
    }
)
"""Files that are known by their names without an extension, where they are written with capitals."""
_SIGNS = "-./:"
"""What names have, and words of a sentence have not."""


@lru_cache(maxsize=1024)
def types_of(token: Token) -> tuple[str, ...]:
    """The types of which it can be a value, the likeliest first; none of a plain word."""
    text = token.name
    if token.mention or not text.strip("/") or (_ABBREVIATION.fullmatch(text) and not token.quoted):
        return ()
    if token.pointed:
        return (token.pointed.type,) if token.pointed.type in TOLD_BY_NAME else ()
    if token.duration is not None:
        return ("duration",)
    if values.location(text):
        return ("location",)
    sure = next((kind for kind in _UNMISTAKABLE if values.sure(kind, text)), "")
    return (sure,) if sure else _by_signs(text, quoted=token.quoted)


def _by_signs(text: str, *, quoted: bool) -> tuple[str, ...]:
    """By the signs in it, which several types share."""
    bucket = ("bucket",) if values.sure("bucket", text) else ()
    if values.sure("log_group", text):
        return ("log_group", "prefix" if text.endswith("/") else "key")
    if text.endswith("/"):
        return ("prefix", "key") if quoted else ("prefix",)
    plain_file = text.casefold() in _PLAIN_FILES and not text.islower()
    if plain_file or "/" in text or (text[0] == "." and text[1:].isalnum()):
        return ("key",)
    if values.has_extension(text):
        return ("key", *bucket)
    hyphened = "-" in text.strip("-")
    dotted = "." in text and (hyphened or len(text) >= DOTTED_LENGTH)
    if bucket and (hyphened or dotted):
        return (*bucket, "key") if dotted else bucket
    return ("key",) * quoted


def is_name(token: Token) -> bool:
    """Whether it names something of the asker's: a file, a bucket, a log group, an execution."""
    return any(sign in token.text for sign in _SIGNS) and bool(
        {"key", "bucket", "log_group", "execution_id", "location"}.intersection(types_of(token))
    )


def leaves_open(tokens: Sequence[Token], at_least: Collection[str]) -> bool:
    """Whether it leaves open which length of time is meant: "a year or two", "two or three years"; "at least 7 years",
    by the words of ``at_least``."""
    counted = [
        token.duration is not None or token.text.isdigit() or token.word in values.NUMBER_WORDS for token in tokens
    ]
    either = (at for at in range(1, len(tokens) - 1) if tokens[at].word == "or")
    least = (at for at in range(1, len(tokens)) if tokens[at - 1].word in at_least)
    return any(counted[at - 1] and counted[at + 1] for at in either) or any(counted[at] for at in least)
