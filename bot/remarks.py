"""A command beside what says why: "something is off with /aws/lambda/pay, check the logs".

The remark must hold no words of another command or condition, and every name in it must have its place in the
command. A change is read so only beside a remark that says nothing of times, examples or talk either; what was left
out goes with the match, and has it confirmed. Which words those are is data, ``remarks`` in ``seeds/words.json``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import values
from bot.completions import boundaries, undecided
from bot.errors import BadValue
from bot.matches import Match, missing_of
from bot.matching import Matcher, pattern_at
from bot.models import Entry, Value
from bot.normalise import Sentence, Token
from bot.spans import SELDOM

REMARK_LIMIT = 14
"""Words of a remark."""
EXCLAIMED_LIMIT = 6
"""Words that may stand before a question without saying anything for it."""
CONTEXT_COST = 1.0
_NAMES = ("log_group", "execution_id", "bucket", "key")
_FILLS = ("log_group", "execution_id", "bucket")


class Remarks:
    """Takes a sentence apart into a command and what is said beside it."""

    def __init__(self, matcher: Matcher, words: Mapping[str, Any]) -> None:
        known: Mapping[str, Sequence[str]] = words.get("remarks", {})
        self._matcher = matcher
        self._leads = [tuple(text.split()) for text in known.get("leads", ())]
        self._occasions = [tuple(text.split()) for text in known.get("occasions", ())]
        self._subjects = frozenset(known.get("subjects", ()))
        self._states = frozenset(known.get("states", ()))
        self._reasons = frozenset(known.get("reasons", ()))
        self._harmless = [tuple(text.split()) for text in known.get("harmless", ())]
        self._barred = frozenset(known.get("barred", ()))
        self._barred_beside_changes = frozenset(known.get("barred_beside_changes", ()))
        self._interrogatives = frozenset(known.get("interrogatives", ()))
        self._pronouns = frozenset(words.get("pronouns", ()))
        self._determiners = frozenset(words.get("determiners", ()))
        self._before_names = frozenset(known.get("before_names", ()))

    def read(self, said: Sentence) -> Match | None:
        """The command in a sentence that no phrase reads whole; None when there is none."""
        return self._after_lead(said) or self._before_tail(said) or self._beside(said)

    def _after_lead(self, said: Sentence) -> Match | None:
        """Without the words before it that say for whom or what: "for the audit, …"."""
        for patterns, changes in ((self._leads, False), (self._occasions, True)):
            count = max((self._lead(pattern, said.tokens) for pattern in patterns), default=0)
            if 0 < count < len(said.tokens):
                found = self._command(said, said.tokens[count:], said.tokens[:count], changes=changes)
                if found:
                    return found
        return None

    def _before_tail(self, said: Sentence) -> Match | None:
        """Without such words after it: "… for the auditors"."""
        count = max((self._tail(pattern, said.tokens) for pattern in self._occasions), default=0)
        if not 0 < count < len(said.tokens):
            return None
        return self._command(said, said.tokens[:-count], said.tokens[-count:])

    def _beside(self, said: Sentence) -> Match | None:
        """Without the clause before or after it."""
        for at in boundaries(said):
            first, second = said.tokens[:at], said.tokens[at:]
            found = self._restated(said, first, second)
            if not found and self._remark(said, first):
                found = self._command(said, second, first) or self._further(said, second, first)
            elif not found and self._exclaimed(first):
                found = self._command(said, second, first, changes=False)
            if not found and self._reason(second):
                found = self._command(said, first, second, fills=False)
            if found:
                return found
        return None

    def _restated(self, said: Sentence, first: Sequence[Token], second: Sequence[Token]) -> Match | None:
        """What is asked for in both pieces, whole only in the first: "what is in my-bucket? Show me the files." """
        whole, again = (self._matcher.read(replace(said, tokens=tuple(piece))) for piece in (first, second))
        if not whole or not again or whole[0].missing or undecided(whole):
            return None
        same = again[0].entry.name == whole[0].entry.name and again[0].missing
        if not same or not again[0].parameters.items() <= whole[0].parameters.items():
            return None
        return replace(whole[0], aside=said.slice_of(second))

    def _further(self, said: Sentence, rest: Sequence[Token], remark: Sequence[Token]) -> Match | None:
        """The command in what follows a remark, when there is more beside it; names are looked for in one remark."""
        if any(_names(token) for token in remark):
            return None
        found = self.read(replace(said, tokens=tuple(rest)))
        if not found or found.entry.effect == "read":
            return found
        return replace(found, aside=f"{said.slice_of(remark)} {found.aside}") if self._plain(said, remark) else None

    def _lead(self, pattern: Sequence[str], tokens: Sequence[Token]) -> int:
        """How many tokens at the start say for whom or what it is."""
        count = pattern_at(pattern, tokens)
        open_words = [token for word, token in zip(pattern, tokens, strict=False) if word == "*"]
        return count if self._calm(open_words) else 0

    def _tail(self, pattern: Sequence[str], tokens: Sequence[Token]) -> int:
        """How many tokens at the end say what for: "… for the auditors". A name there would be part of the command."""
        rest = tokens[-len(pattern) :]
        count = self._lead(pattern, rest) if len(rest) == len(pattern) else 0
        return 0 if any(_names(token) or token.quoted for token in rest) else count

    def _calm(self, tokens: Sequence[Token]) -> bool:
        """Whether nothing in a clause may be another command, a condition, or an order about the bot itself."""
        harmless = self._harmless_in(tokens)
        return len(tokens) <= REMARK_LIMIT and not any(
            self._barred_at(tokens, at) for at in range(len(tokens)) if at not in harmless
        )

    def _barred_at(self, tokens: Sequence[Token], at: int) -> bool:
        token = tokens[at]
        quotation = token.quoted and not _names(token)
        return token.mention or quotation or (token.word in self._barred and not self._noun(tokens, at))

    def _harmless_in(self, tokens: Sequence[Token]) -> frozenset[int]:
        """Where a negation only says why: "we do not need it any more"."""
        found = (
            range(at, at + count)
            for at in range(len(tokens))
            for pattern in self._harmless
            if (count := pattern_at(pattern, tokens[at:]))
        )
        return frozenset(at for span in found for at in span)

    def _noun(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a word that may be a verb is none here: "I am looking for a scan"."""
        return at > 0 and tokens[at - 1].word in self._determiners

    def _remark(self, said: Sentence, tokens: Sequence[Token]) -> bool:
        if self._question(said, tokens):
            return not self._matcher.read(_of(tokens))
        words = [token.word for token in self._matcher.trimmed(tokens)]
        if not words:
            return True
        alone = len(tokens) == 1 and _names(tokens[0]) != frozenset()
        return (self._told(words) or alone) and self._calm(tokens) and not self._matcher.read(_of(tokens))

    def _exclaimed(self, tokens: Sequence[Token]) -> bool:
        """Words before a question that say nothing for it: "investor call in 10, …"."""
        return len(tokens) <= EXCLAIMED_LIMIT and self._calm(tokens) and not any(map(_names, tokens))

    def _question(self, said: Sentence, tokens: Sequence[Token]) -> bool:
        """ "Did anything arrive in my-bucket? Show me." """
        rest = [token for token in tokens if token.word not in self._interrogatives]
        return said.slice_of(tokens).endswith("?") and len(rest) < len(tokens) and self._calm(rest)

    def _told(self, words: Sequence[str]) -> bool:
        """Whether somebody or something is said to be or to do something."""
        return words[0] in self._subjects | self._reasons or any(word in self._states for word in words[1:4])

    def _reason(self, tokens: Sequence[Token]) -> bool:
        words = [token.word for token in tokens]
        told = words[0] in self._reasons or any(word in self._states for word in words[1:4])
        return told and self._calm(tokens) and not self._matcher.read(_of(tokens))

    def _command(
        self,
        said: Sentence,
        tokens: Sequence[Token],
        remark: Sequence[Token],
        *,
        changes: bool = True,
        fills: bool = True,
    ) -> Match | None:
        """What the tokens ask for beside the remark. ``changes``: it may be a change; ``fills``: whose places the
        names of the remark may take then, as "it was put in my-bucket" does before it, and nothing does after it."""
        found = self._matcher.read(replace(said, tokens=tuple(tokens)))
        if not found:
            return None
        best = found[0]
        if best.problems or undecided(found) or "topic" in best.parameters:
            return None
        if best.entry.effect == "read":
            timed = any(token.duration is not None for token in remark)  # "the last 12 hours" is part of the question
            return None if timed else _with_names(best, remark, _FILLS)
        if not changes or best.cost >= SELDOM or not self._plain(said, remark):
            return None
        pointing = any(token.word in self._pronouns for token in tokens)
        places = (*_FILLS, "key") if pointing else _FILLS
        whole = _with_names(best, remark, places if fills else ())
        taken = set(whole.parameters) - set(best.parameters) if whole else set()
        if whole is None or not self._whole_names(remark, {whole.parameters[name] for name in taken}):
            return None
        return replace(whole, aside=said.slice_of(remark))

    def _whole_names(self, remark: Sequence[Token], taken: Collection[Value]) -> bool:
        """Whether each name that is taken from a remark is all of it: not "report.csv" of "my annual report.csv"."""
        return all(
            at == 0 or token.quoted or remark[at - 1].word in self._before_names
            for at, token in enumerate(remark)
            if token.text in taken
        )

    def _plain(self, said: Sentence, remark: Sequence[Token]) -> bool:
        """Whether a remark may stand beside a change: "it was uploaded by mistake", but not "for example:"."""
        asked = said.slice_of(remark).endswith((":", "?")) and remark[-1] is not said.tokens[-1]
        return not asked and not any(
            token.duration is not None or token.word in self._barred_beside_changes for token in remark
        )


def _of(tokens: Sequence[Token]) -> Sentence:
    text = " ".join(token.text for token in tokens)
    return Sentence(text, tuple(tokens))


def _names(token: Token) -> frozenset[str]:
    """The types of which a word can be a value by its form alone."""
    if token.duration is not None or not any(sign in token.text for sign in "-./:"):
        return frozenset()  # "500s" is no bucket
    return frozenset(kind for kind in _NAMES if values.sure(kind, token.text))


def _with_names(match: Match, remark: Sequence[Token], fills: Sequence[str]) -> Match | None:
    """The match with the names of the remark in the places that are free; None when one has no place.

    ``fills`` are the types of the places that a remark may fill.
    """
    parameters: dict[str, Value] = dict(match.parameters)
    for token in remark:
        kinds = _names(token)
        if not kinds:
            continue
        text = token.name
        if text in parameters.values():
            continue
        name = _free(match.entry, parameters, kinds, fills)
        if not name:
            return None
        try:
            parameters[name] = values.parse(match.entry.parameter(name).type, text)
        except BadValue:
            return None
    missing = missing_of(match.entry, parameters, {})
    return replace(match, parameters=parameters, missing=missing, cost=match.cost + CONTEXT_COST)


def _free(entry: Entry, parameters: Mapping[str, Value], kinds: frozenset[str], fills: Sequence[str]) -> str:
    if "key" in kinds:
        kinds = kinds - {"bucket"}  # one may be called report.csv, and never is
    names = (each.name for each in entry.parameters if each.required and each.type in kinds and each.type in fills)
    return next((name for name in names if name not in parameters), "")
