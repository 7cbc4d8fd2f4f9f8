"""A command in two pieces: the second is what an answer would be, had the first been asked about.

"can you make a bucket? call it my-bucket", "report.csv: copy from my-bucket to other-bucket". Every word has its place,
so this may be any command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import values
from bot.answers import Answers, filled
from bot.matches import Match
from bot.matching import Matcher
from bot.models import Entry, Intent
from bot.normalise import Sentence, Token

BOUNDARIES_LIMIT = 3
"""Places at which a sentence is taken apart; whoever needs more is telling a story."""
PIECES_LIMIT = 30
"""Words of a sentence that is taken apart at all, so that the cost of a long one stays bounded."""
_ENDS = ".!?:;,"


class Completions:
    """Takes a sentence apart into a command that lacks something, and that."""

    def __init__(self, matcher: Matcher, words: Mapping[str, Any]) -> None:
        self._matcher = matcher
        self._answers = Answers(matcher, words)
        pieces: Mapping[str, Sequence[str]] = words.get("pieces", {})
        self._joining = frozenset(pieces.get("joining", ()))
        self._naming = frozenset(pieces.get("naming", ()))

    def read(self, said: Sentence) -> Match | None:
        """The command, completed; None when no two pieces fit."""
        for at in boundaries(said):
            first, second = said.tokens[:at], said.tokens[at:]
            found = self._completed(said, first, second) or self._completed(said, second, first)
            if found:
                return found
        opened, closed = _brackets(said)  # "a.csv (my-bucket)", "a.csv (it is in my-bucket)"
        if not opened:
            return None
        return self._completed(said, said.tokens[:opened] + said.tokens[closed:], said.tokens[opened:closed])

    def _completed(self, said: Sentence, command: Sequence[Token], rest: Sequence[Token]) -> Match | None:
        found = self._matcher.read(replace(said, tokens=tuple(command)))
        if not found or not found[0].missing or found[0].problems or undecided(found):
            return None
        if rest[0].word in self._joining:
            return None  # what comes next is another thing
        best = found[0]
        intent = Intent(entry=best.entry.name, name=best.entry.intent, parameters=best.parameters, missing=best.missing)
        answer = self._answers.read(replace(said, tokens=tuple(rest)), intent, best.entry)
        if not answer or answer.problems or not self._certain(answer, best, rest):
            return None
        whole = filled(intent, answer, "typed")
        return replace(best, parameters=whole.parameters, missing=whole.missing, cost=best.cost + answer.cost)

    def _certain(self, answer: Match, command: Match, rest: Sequence[Token]) -> bool:
        """Whether the answer only adds to the command, and no plain word is taken for a name: "hurry", "bob"."""
        given = {name: value for name, value in answer.parameters.items() if name not in answer.entry.fixed}
        introduced = len(rest) > 1 and rest[0].word in self._naming
        if len(rest) == 1 and "destination_bucket" in given:
            return False  # a bucket alone does not say that something shall go to it
        pieced = any(isinstance(value, str) and " " in value and not _quoted(value, rest) for value in given.values())
        return (
            not pieced
            and not set(given) & set(command.parameters)
            and all(
                introduced or not isinstance(value, str) or _by_form(answer.entry, name, value, rest)
                for name, value in given.items()
            )
        )


def _by_form(entry: Entry, name: str, value: str, rest: Sequence[Token]) -> bool:
    parameter = entry.parameter(name)
    return _quoted(value, rest) or parameter.type == "choice" or values.sure(parameter.type, value, parameter.choices)


def _quoted(value: str, tokens: Sequence[Token]) -> bool:
    return any(token.quoted and token.text == value for token in tokens)


def undecided(found: Sequence[Match]) -> bool:
    """Whether another entry fits as well as the best."""
    return any(match.entry.name != found[0].entry.name and match.cost == found[0].cost for match in found[1:])


def boundaries(said: Sentence) -> Iterator[int]:
    """Where a clause ends: at its punctuation or a dash, or where a reason begins; the last first."""
    if len(said.tokens) > PIECES_LIMIT:
        return
    found = []
    for at in range(1, len(said.tokens)):
        before, after = said.tokens[at - 1], said.tokens[at]
        typed = said.text[before.start : before.end]
        gap = said.text[before.end : after.start]
        ends = typed[-1] in _ENDS and typed != before.text
        if ends or gap.strip(" \t") or not any(map(str.isalnum, typed)) or after.word == "because":
            found.append(at)
    yield from reversed(found[-BOUNDARIES_LIMIT:])


def _brackets(said: Sentence) -> tuple[int, int]:
    """Where the one pair of brackets begins and ends; nowhere when there is none, or more than one."""
    typed = [said.text[token.start : token.end] for token in said.tokens]
    opened = [at for at, text in enumerate(typed) if text.startswith("(")]
    closed = [at + 1 for at, text in enumerate(typed) if text.rstrip(_ENDS).endswith(")")]
    if len(opened) != 1 or len(closed) != 1 or len(typed) > PIECES_LIMIT:
        return 0, 0
    return (opened[0], closed[0]) if opened[0] < closed[0] else (0, 0)
