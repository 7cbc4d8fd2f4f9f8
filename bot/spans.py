"""Where in a sentence a value of a type can stand: the typed half of matching."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import values
from bot.errors import BadValue
from bot.forms import is_name
from bot.normalise import FINAL, Pointed, Sentence, Token
from bot.phrases import END, Captured

WELL = 0.0
WEAK = 0.3
"""An ordinary word that may be a name."""
FOLDER = 0.8
"""It ends with a slash, which is no part of a bucket's name."""
LONG = 0.2
"""For each further word of a name with spaces that is not in quotes."""
WRONG = 1.5
"""It stands where a value should, and breaks its rule."""
SELDOM = 4.0
"""A word of the command, taken for a name because nothing else makes sense."""
POLITE = ("please", "pls", "plz", "thanks")
"""Words that end a request without being a part of it."""
NAME_WORDS = 8
"""Words that an unquoted name with spaces may have."""

_NAMES = frozenset({"bucket", "key", "prefix", "log_group"})
FREE = frozenset({"sentence", "text"})
"""Types whose values are any words."""
_POINTED_AT = frozenset({"bucket", "key", "log_group", "workflow", "execution_id", "number"})
"""Types whose values people point at, rightly or wrongly."""

Found = Sequence[tuple[int, float]]
Repair = Callable[[Token], str]


@dataclass(frozen=True, slots=True)
class Names:
    """Which words are names, and which are not."""

    never: frozenset[str]
    """Words that are no name unless in quotes."""
    seldom: frozenset[str]
    """Words of the command, which are a name only where nothing else makes sense."""
    several: frozenset[str]
    """Words for many things or for what holds them, which name no single file."""
    repair: Repair
    """What a misspelt word of the command was meant to be; empty for all others."""
    verbs: frozenset[str] = frozenset()
    """Words after which the name of a file may stand with spaces although it is not in quotes."""
    modifiers: frozenset[str] = frozenset()
    """Words that say something about a file, so that an unquoted name does not begin with them: "big report.csv"."""
    determiners: frozenset[str] = frozenset()
    """Words between such a verb and the name: "delete the …"."""
    no_adverbs: frozenset[str] = frozenset()
    """Words in -ly that do not say how something is done, as adverbs do, and may begin a name."""


def _owner(text: str) -> str:
    """Whose something is: the text without the sign of a possessive; empty when it has none."""
    for sign in ("'s", "’s", "s'", "s’"):
        if text.endswith(sign):
            return text.removesuffix(sign) + ("s" if sign[0] == "s" else "")
    return ""


class Spans:
    """A sentence and what its tokens may stand for. Every question is answered once."""

    def __init__(
        self,
        said: Sentence,
        tokens: Sequence[Token],
        names: Names,
        *,
        words: Sequence[str] = (),
        freely: bool = False,
        answer: bool = False,
    ) -> None:
        self._said = said
        self._tokens = tuple(tokens)
        self._names = names
        self._freely = freely
        self._answer = answer
        self._known: dict[tuple[str, Sequence[str], str, int], Found] = {}
        self.words = [*(words or [token.word for token in tokens]), END]

    @property
    def said(self) -> Sentence:
        """The sentence, with the words that were taken off."""
        return self._said

    @property
    def tokens(self) -> Sequence[Token]:
        """What is left of it."""
        return self._tokens

    @property
    def answers(self) -> bool:
        """Whether it is the answer to a question."""
        return self._answer

    def alone(self, captured: Captured) -> bool:
        """Whether a value is in quotes, or all that somebody answered."""
        return self.quoted(captured) or (self._answer and len(self._said.text.split()) == 1)

    def follows(self, captured: Captured, sequences: Sequence[Sequence[str]]) -> bool:
        """Whether one of these sequences of words stands right before a value."""
        before = [token.word for token in self._tokens[: captured.first]]
        return any(before[-len(words) :] == list(words) for words in sequences)

    def lenient(self) -> Spans:
        """The same sentence, in which words of the command may be names too."""
        return Spans(self._said, self._tokens, self._names, words=self.words[:-1], freely=True, answer=self._answer)

    def text(self, first: int, last: int) -> str:
        """What stands between two tokens, as typed."""
        head, tail = self._tokens[first], self._tokens[last - 1]
        return head.text if head is tail else self._said.text[head.start : tail.end].rstrip(FINAL)

    def name(self, type_name: str, first: int, last: int) -> str:
        """As ``text``, without what a bucket's name cannot have: Slack's bold, a possessive."""
        if type_name == "text":
            last = self._one_clause(first, last)
        text = self.text(first, last)
        if type_name != "bucket" or self._tokens[first].quoted:
            return text
        if len(text) > 2 and text[0] == text[-1] == "*" and "*" not in text[1:-1]:
            return text[1:-1]
        return _owner(text) or text

    def _one_clause(self, first: int, last: int) -> int:
        """Where a text ends that is followed by other talk: "copy please, I always mix it up"."""
        stop = next((at + 1 for at in range(first, last) if self._tokens[at].comma), last)
        return stop - (stop - first > 1 and self._tokens[stop - 1].word in POLITE)

    def all_words(self) -> frozenset[str]:
        """Every word that was said, with those that were taken off."""
        return frozenset(token.word for token in self._said.tokens)

    def before(self, first: int) -> Token | None:
        """The token in front of one."""
        return self._tokens[first - 1] if first else None

    def passed_over(self, first: int) -> Found:
        """A plain word that is no name, no value and no word of the command: "for the mobile team"."""
        token = self._tokens[first] if first < len(self._tokens) else None
        plain = token and not token.quoted and token.duration is None and token.text.isalpha()
        return ((first + 1, WELL),) if token and plain and self._barred(token) == WELL else ()

    def pointed(self, captured: Captured) -> Pointed | None:
        """What a value stands for that was pointed at and not said."""
        return None if captured.fixed or captured.last != captured.first + 1 else self._tokens[captured.first].pointed

    def quoted(self, captured: Captured) -> bool:
        """Whether a value was given in quotes."""
        return captured.last == captured.first + 1 and self._tokens[captured.first].quoted

    def find(self, type_name: str, choices: Sequence[str], mark: str, first: int) -> Found:
        """Where a value of the type that begins at a token may end, and how well it fits; ``mark`` as in phrases."""
        key = (type_name, choices, mark, first)
        if key not in self._known:
            self._known[key] = self._find(type_name, choices, mark, first)
        return self._known[key]

    def _find(self, type_name: str, choices: Sequence[str], mark: str, first: int) -> Found:
        if first >= len(self._tokens):
            return ()
        token = self._tokens[first]
        if token.mention:
            return ((first + 1, WRONG),) if type_name in _NAMES and not mark else ()
        if token.pointed and type_name not in FREE:
            return self._of_pointed(token.pointed, type_name, mark, first)
        if not self._marked(type_name, mark, token):
            return ()
        return self._of_type(type_name, choices, mark == "!", first)

    @staticmethod
    def _of_pointed(pointed: Pointed, type_name: str, mark: str, first: int) -> Found:
        if type_name == pointed.type and mark in ("", "!"):
            return ((first + 1, WELL),)
        return ((first + 1, WRONG),) if type_name in _POINTED_AT and not mark else ()

    @staticmethod
    def _marked(type_name: str, mark: str, token: Token) -> bool:
        """Whether a token is what the mark of its slot asks for."""
        if mark == "'":
            return not token.quoted and values.sure(type_name, _owner(token.text))
        return mark != "@" or (not token.quoted and values.location(token.text) is not None)

    def _words_of_text(self, first: int) -> Found:
        """Any words, of which the last says something."""
        ends = range(len(self._tokens), first, -1)
        if any(token.quoted or is_name(token) for token in self._tokens[first:]):
            return ()  # "is it possible to have report.csv deleted" asks for no help
        return [(last, WEAK * (last - first)) for last in ends if self._tokens[last - 1].word not in self._names.never]

    def _of_type(self, type_name: str, choices: Sequence[str], sure: bool, first: int) -> Found:
        if type_name == "sentence":
            return [(last, WEAK) for last in range(len(self._tokens), first, -1)]
        if type_name == "text":
            return self._words_of_text(first)
        if type_name in ("days", "hours"):
            return self._time(self._tokens[first], first)
        if type_name == "number" and self._tokens[first].word in values.NUMBER_WORDS.keys() - {"a", "an"}:
            return ((first + 1, WELL),)
        if type_name in ("region", "workflow"):
            return self._named(type_name, choices, sure, first)
        return self._one_word(type_name, choices, sure, first)

    def _one_word(self, type_name: str, choices: Sequence[str], sure: bool, first: int) -> Found:
        """A value that is one token, save that the name of a file may go on."""
        token = self._tokens[first]
        barred = WELL if self._no_article(first) else self._barred(token)
        if barred is None:
            return ()
        fits = self._fits(type_name, choices, token, self.name(type_name, first, first + 1))
        found: list[tuple[int, float]] = []
        if fits is not None and not (sure and fits):
            found.append((first + 1, fits + barred))
        if type_name == "key" and not token.quoted and not barred:
            found += self._long_names(first)
        return found

    def _no_article(self, first: int) -> bool:
        """Whether an "a" is none, because nothing comes after it: "create bucket a"."""
        return 0 < first == len(self._tokens) - 1 and self._tokens[first].text == "a"

    def _barred(self, token: Token) -> float | None:
        """What it costs to take the token for a name; None when it cannot be one."""
        if token.quoted:
            return WELL
        if token.word in self._names.never or not any(letter.isalnum() or letter == "*" for letter in token.text):
            return None
        if token.word in self._names.seldom:
            return SELDOM if self._freely else None
        return WELL

    def _fits(self, type_name: str, choices: Sequence[str], token: Token, text: str) -> float | None:
        """How well one token fits a type; None when not at all."""
        if type_name == "execution_id":
            return self._fits_execution(token)
        if type_name == "key" and not token.quoted and self._means_several(token, text):
            return None
        try:
            values.parse(type_name, text, choices)
        except BadValue:
            return self._fits_badly(type_name, text)
        if type_name == "key" and (place := values.location(text)) and not place.path:
            return None
        if (token.quoted and type_name != "prefix") or type_name == "choice" or values.sure(type_name, text):
            return WELL
        return WEAK if not text.endswith("/") else FOLDER

    def _means_several(self, token: Token, text: str) -> bool:
        """A plain word in the plural names no file: "delete logs from my-bucket" is not about one called "logs"."""
        if token.word in self._names.several:
            return True
        return text == token.word and text.isalpha() and text.endswith("s") and not text.endswith("ss")

    @staticmethod
    def _fits_badly(type_name: str, text: str) -> float | None:
        inside = "/" in text and values.sure("bucket", text.partition("/")[0])
        return WELL if type_name == "bucket" and (values.location(text) or inside) else WRONG

    @staticmethod
    def _fits_execution(token: Token) -> float | None:
        if values.sure("execution_id", token.text):
            return WELL
        return WRONG if any(letter.isdigit() for letter in token.text) else None

    def _time(self, token: Token, first: int) -> Found:
        if token.duration is not None:
            return ((first + 1, WELL),)
        if re.fullmatch(r"[-+]?\d+([.,]\d+)?", token.text) or (
            token.word not in ("a", "an") and token.word in values.NUMBER_WORDS
        ):
            return ((first + 1, WELL),)
        return ()

    def _named(self, type_name: str, choices: Sequence[str], sure: bool, first: int) -> Found:
        """Places and workflows are known by name; a name may have several words."""
        for last in range(min(first + 4, len(self._tokens)), first, -1):
            if values.sure(type_name, self.text(first, last), choices):
                return ((last, WELL),)
        if sure or self._barred(self._tokens[first]) is None:
            return ()
        return ((first + 1, WRONG),)

    def _long_names(self, first: int) -> Found:
        """Names with spaces that are not in quotes: they end like a file, and hold no word of a command."""
        found: list[tuple[int, float]] = []
        head = self._tokens[first]
        if (head.text == head.word and self._modifies(head.word)) or not self._introduced(first):
            return found
        if values.sure("bucket", _owner(head.text)):
            return found  # "my-bucket's report.pdf" is a bucket and a file
        for last in range(first + 1, min(first + NAME_WORDS, len(self._tokens))):
            before, token = self._tokens[last - 1], self._tokens[last]
            if not self._may_go_on(before, token):
                break
            if values.has_extension(token.text):
                found.append((last + 1, LONG * (last - first)))
        return found

    def _introduced(self, first: int) -> bool:
        """Whether a name with spaces may begin here: in an answer, or after a word such as "delete" or "called".

        Elsewhere it would swallow whatever precedes a name: "the boss wants old.log deleted from my-bucket".
        """
        before = first - 1
        while before >= 0 and self.words[before] in self._names.determiners:
            before -= 1
        return self._answer or (before >= 0 and self.words[before] in self._names.verbs)

    def _modifies(self, word: str) -> bool:
        adverb = word.endswith("ly") and word.isalpha() and word not in self._names.no_adverbs
        return adverb or word in self._names.modifiers

    def _may_go_on(self, before: Token, token: Token) -> bool:
        """Whether a name can go on from one token to the next."""
        colon = self._said.text[before.start : before.end].endswith(":")
        if token.quoted or token.mention or before.comma or colon or values.has_extension(before.text):
            return False
        if any(
            self._barred(each) != WELL or self._names.repair(each) in self._names.seldom for each in (before, token)
        ):
            return False
        return not values.location(token.text) and not self._said.text[before.end : token.start].strip(" -–—")
