"""Where the clauses of a sentence end, and which of them may stand beside a command without changing it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from bot.forms import is_name
from bot.normalise import Sentence, Token
from bot.phrases import wordings

REMARK_LIMIT = 14
"""Words of a remark."""
STATEMENT_WORDS = 4
"""Words of a clause that can be a sentence of its own: "all of them" is none."""
QUOTED_WORDS = 2
"""A clause of fewer words before a colon may be who said what follows."""
ENDS = ".!?:;,…"
_REASONS = frozenset({"because"})
_CONSEQUENCES = frozenset({"otherwise", "else"})
"""They begin what happens if an order is not carried out."""


def cuts(said: Sentence) -> list[int]:
    """The tokens with which a clause begins, but the first: after its punctuation, a dash or a bracket, or where a
    reason begins."""
    found = []
    for at in range(1, len(said.tokens)):
        before, after = said.tokens[at - 1], said.tokens[at]
        typed = said.text[before.start : before.end]
        gap = said.text[before.end : after.start]
        ends = (typed[-1] in ENDS and typed != before.text) or typed.rstrip(ENDS) == f"{before.text})"
        if ends or gap.strip(" \t") or not any(map(str.isalnum, typed)) or after.word in _REASONS:
            found.append(at)
    return found


def clauses(said: Sentence) -> list[range]:
    """All clauses, as ranges of tokens."""
    brackets = (at for at, each in enumerate(said.tokens) if at and said.text[each.start] == "(" != each.text[0])
    starts = sorted({0, *cuts(said), *brackets, len(said.tokens)})
    return [range(first, last) for first, last in pairwise(starts)]


class Patterns:
    """Sequences of words, in which ``*`` is any word, to be looked for where they may begin."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._starting: dict[str, list[tuple[str, ...]]] = {}
        for pattern in (tuple(words.split()) for text in texts for words in wordings(text)):
            self._starting.setdefault(pattern[0], []).append(pattern)

    def at(self, tokens: Sequence[Token], start: int = 0, stop: int | None = None) -> int:
        """How many tokens from ``start`` on the longest of them takes; 0 when none is there."""
        words = [token.word for token in tokens[start:stop]]
        found = self._starting.get(words[0], ()) if words else ()
        return max((len(pattern) for pattern in found if _same(pattern, words)), default=0)


def _same(pattern: Sequence[str], words: Sequence[str]) -> bool:
    return len(pattern) <= len(words) and all(
        word in ("*", said) and said for word, said in zip(pattern, words, strict=False)
    )


class Calm:
    """Tells which clauses say nothing that may be another command, a condition, or an order about the bot itself."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        known: Mapping[str, Sequence[str]] = words.get("remarks", {})
        self._harmless = Patterns(known.get("harmless", ()))
        self._barred = frozenset(known.get("barred", ()))
        later, months, stops = (frozenset(known.get(name, ())) for name in ("later", "months", "stops"))
        self._later = later
        self._talked_of = months.union(later, known.get("barred_beside_changes", ()))
        """What a clause beside a change may not speak of."""
        self._barred_beside_changes = self._talked_of | stops
        self._giving_reasons = frozenset(known.get("giving_reasons", ()))
        self._excused = frozenset(known.get("excused_in_reasons", ()))
        self._told_in_reasons = frozenset(known.get("told_in_reasons", ()))
        """What a reason beside an order may speak of."""
        self._like_nouns = frozenset(known.get("like_nouns", ()))
        self._contrasted = frozenset(known.get("contrasted", ()))
        self._done = frozenset(known.get("done", ()))
        self._wanting_done = frozenset(known.get("wanting_done", ()))
        self._negations = frozenset(known.get("negations", ()))
        self._changes = frozenset(known.get("changes", ()))
        self._barred_beside_questions = frozenset(known.get("barred_beside_questions", ()))
        self._barred_beside_orders = months.union(known.get("barred_beside_orders", ()))
        self._more = frozenset(known.get("more", ()))
        self._stated = frozenset(known.get("stated", ()))
        """What a statement may speak of."""
        self._adding = frozenset(known.get("adding", ()))
        self._speakers = frozenset(words.get("gist", {}).get("speakers", ()))
        self._wanting = frozenset(known.get("wanting", ()))
        self._quoting = frozenset(known.get("quoting", ()))
        self._over, self._quoted = (frozenset(known.get(name, ())) for name in ("over", "quoted"))
        """What is said of something that need not be done any more, and words for what is quoted."""
        self._second_thoughts = Patterns(known.get("second_thoughts", ()))
        self._denials = frozenset(known.get("denials", ()))
        self._dating = frozenset(known.get("dating", ()))
        self._conditions = frozenset(known.get("conditions", ()))
        self._not_now = frozenset(known.get("not_now", ()))
        """Words by which "not …" takes an order back."""
        self._after_no = frozenset(known.get("after_no", ()))
        self._orders = frozenset(known.get("orders", ()))
        self._before_orders = frozenset(known.get("before_orders", ()))
        self._determiners = frozenset(words.get("determiners", ()))

    def __call__(self, tokens: Sequence[Token]) -> bool:
        """Whether a clause is calm."""
        if tokens and tokens[0].word == "not" and self._contrasted.issuperset(token.word for token in tokens[1:]):
            return len(tokens) > 1  # "not the whole bucket"
        harmless = self._harmless_in(tokens)
        excused = self._excused if tokens and tokens[0].word in self._giving_reasons else frozenset()
        return len(tokens) <= REMARK_LIMIT and not any(
            self._barred_at(tokens, at)
            for at, token in enumerate(tokens)
            if at not in harmless and token.word not in excused
        )

    def beside_questions(self, tokens: Sequence[Token]) -> bool:
        """Whether a clause may stand beside what only asks: anything but an order to change something."""
        words = [token.word for token in tokens]
        if not self._barred_beside_questions.isdisjoint(words) or (words and words[-1] in self._quoting):
            return False
        if not self._negations.isdisjoint(words):
            return True  # "don't stop it", "I do not want anything deleted"
        if any(self._wants_done(words, at) for at in range(len(words))):
            return False  # "there is a file which I would like deleted"
        return not any(
            word in self._changes and (at == 0 or words[at - 1] != "to" or self._own_wish(words[:at]))
            for at, word in enumerate(words)
        )  # "asking since bob wants to delete it" orders nothing

    def _own_wish(self, words: Sequence[str]) -> bool:
        """Whether what is wanted is so by who speaks: "I'd like to"."""
        return not self._speakers.isdisjoint(words) and not self._wanting.isdisjoint(words)

    def _wants_done(self, words: Sequence[str], at: int) -> bool:
        """Whether a word says what is wanted to be changed."""
        return words[at] in self._done and not self._wanting_done.isdisjoint(words[:at])

    def _denied(self, words: Sequence[str]) -> bool:
        """Whether a clause takes an order back: "no", "don't", "not now"; "no more talk" and "not a move" do not."""
        if words[0] == "no":
            return len(words) == 1 or words[1] not in self._after_no
        if words[0] == "not":
            return len(words) == 1 or words[1] in self._not_now
        return words[0] in self._negations

    def _commands(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a verb stands where orders do."""
        return at == 0 or tokens[at - 1].word in self._before_orders

    def beside_orders(self, tokens: Sequence[Token]) -> bool:
        """Whether a clause may stand beside an order for a change that needs nothing from it.

        It may tell anything but a condition, another time, an example, a second thought or another order, and not end
        with who said what follows.
        """
        words = [token.word for token in tokens]
        if not words:
            return True
        harmless = self._harmless_in(tokens)
        barred = self._barred_beside_orders if words[0] == "before" else self._barred_beside_orders | self._later
        if self._states(words):
            # "the chef changed everything", "the launch is tonight", "nobody knows what it was"
            barred = barred - self._more - self._later - self._stated
        if words[0] in _REASONS | _CONSEQUENCES or (words[0] == "since" and self._states(words)):
            barred = barred - self._told_in_reasons  # "because it runs every hour and then support gets tickets"
        if any(word in barred and at not in harmless for at, word in enumerate(words)):
            return False
        dated = words[0] in self._dating and not self.beside_changes(tokens)  # "from monday on"
        denied = 0 not in harmless and self._denied(words)
        return not dated and not denied and not self._takes_back(tokens, harmless)

    def _takes_back(self, tokens: Sequence[Token], harmless: Collection[int]) -> bool:
        """Whether a clause is a second thought, another order, or ends with who said what follows, or with a no."""
        words = [token.word for token in tokens]
        spots = [at for at in range(len(tokens)) if at not in harmless]
        if len(words) == 1 and words[0] in self._over:
            return True  # "copy a.csv to my-bucket: done"
        reason = words[:1] != [] and words[0] in self._giving_reasons  # "since players hear nothing"
        if not reason and spots[-1:] == [len(words) - 1] and words[-1] in self._negations | self._quoting:
            return True  # "on second thought don't"
        return any(
            self._reconsiders(tokens, at, harmless) or (words[at] in self._changes and self._commands(tokens, at))
            for at in spots
        )

    def _reconsiders(self, tokens: Sequence[Token], at: int, harmless: Collection[int]) -> bool:
        """Whether a second thought begins there."""
        count = self._second_thoughts.at(tokens, at)
        denied = at > 0 and tokens[at - 1].word in self._denials
        return count > 0 and not denied and not any(spot in harmless for spot in range(at, at + count))

    def beside_answers(self, tokens: Sequence[Token]) -> bool:
        """Whether a clause may stand beside the answer to a question, which is said in so many words, or before an
        order that is about it: "…, delete it".

        It may tell anything but a condition, a second thought or an order, and not take back what was asked for.
        """
        harmless = self._harmless_in(tokens)
        conditional = any(token.word in self._conditions for at, token in enumerate(tokens) if at not in harmless)
        return not conditional and not self._takes_back(tokens, harmless)

    def _states(self, words: Sequence[str]) -> bool:
        """Whether it is a sentence that wants nothing; "they want all of them gone" and "all as well" are none."""
        tells = words[0] in ("and", "but") and words[1:2] != [] and words[1] in self._speakers
        more = words[0] in self._more and words[1:2] not in (["are"], ["is"], ["were"])  # "both are ours"
        begins = tells or (words[0] not in self._adding and not more)
        return begins and len(words) >= STATEMENT_WORDS and self._wanting.isdisjoint(words)

    def beside_changes(self, tokens: Sequence[Token]) -> bool:
        """Whether it says nothing of times, examples or talk either, and so may stand beside a change."""
        if tokens and tokens[0].word == "before":
            return True
        harmless = self._harmless_in(tokens)
        barred = self._barred_beside_changes
        return not self._takes_back(tokens, harmless) and not any(
            token.duration is not None or (token.word in barred and at not in harmless)
            for at, token in enumerate(tokens)
        )

    def quotes(self, tokens: Sequence[Token]) -> bool:
        """Whether a clause before a colon may say that what follows is quoted: "the manual:", "Kim:"."""
        said = self._quoting | self._quoted
        return len(tokens) < QUOTED_WORDS or any(token.word in said for token in tokens)

    def bars(self, word: str) -> bool:
        """Whether a word may say something of its own in any clause."""
        return word in self._barred or word in self._talked_of

    def matters(self, word: str) -> bool:
        """Whether a word may change what an order beside it means."""
        return self.bars(word) or word in self._barred_beside_changes or word in self._barred_beside_orders

    def changing(self, words: Sequence[str]) -> bool:
        """Whether a verb of a change is said."""
        return not self._changes.isdisjoint(words)

    def declines(self, word: str) -> bool:
        """Whether a clause that begins so says what shall not be done."""
        return word in self._negations

    def harmless_at(self, tokens: Sequence[Token], at: int) -> int:
        """How many words from one on say something that changes nothing: "don't remember"."""
        return self._harmless.at(tokens, at)

    def orders(self, word: str) -> bool:
        """Whether a word may be an order or a condition wherever it stands."""
        return word in self._barred and word not in self._like_nouns

    def _barred_at(self, tokens: Sequence[Token], at: int) -> bool:
        token = tokens[at]
        quotation = token.quoted and not is_name(token)
        if token.word in self._orders and not self._commands(tokens, at):
            return False
        return token.mention or quotation or (token.word in self._barred and not self._noun(tokens, at))

    def _harmless_in(self, tokens: Sequence[Token]) -> frozenset[int]:
        """Where a negation only says why: "we do not need it any more"."""
        found = (range(at, at + self._harmless.at(tokens, at)) for at in range(len(tokens)))
        return frozenset(at for span in found for at in span)

    def _noun(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a word that may be a verb is none here: "I am looking for a scan"."""
        if at and tokens[at - 1].word in self._determiners:
            return True
        return at > 1 and tokens[at].word in self._like_nouns and tokens[at - 2].word in self._determiners
