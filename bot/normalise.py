"""From what Slack delivers to words: escapes and links undone, quotes taken off, every word with its two faces.

A word has a face as part of the command (small letters, no punctuation) and a face as a value (as typed). Nothing is
decided here: which face counts is the phrase's business.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot import values
from bot.values import Duration

LENGTH_LIMIT = 8000
"""Characters that are read at all; Slack sends 4,000 in a message."""
MENTION = "\ufdd0"
"""Stands for a mention of a person, group or everybody, which is never a value; Unicode keeps it out of all text."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """What a word that points at a name stands for."""

    type: str
    """The type of the only values that it is; empty when it stands for none."""
    problem: str
    """The sentence for where another type is wanted."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word or one quoted text."""

    text: str
    """As a value: as typed, without quotes and final punctuation."""
    word: str
    """As part of a command; empty when quoted, a mention or nothing but signs that mean nothing."""
    start: int
    end: int
    quoted: bool = False
    duration: Duration | None = None
    """The length of time it says, with its unit: ``3 days`` is one token."""
    comma: bool = False
    """A comma or semicolon follows."""
    pointed: Pointed | None = None
    """It takes the place of words that point at a name: "the second one"."""

    @property
    def name(self) -> str:
        """As a value, without the sign of a possessive: "my-bucket's" is my-bucket, unless it is in quotes."""
        return self.text if self.quoted else unpossessed(self.text)

    @property
    def mention(self) -> bool:
        """A mention of somebody: it takes the place of a value but never is one."""
        return MENTION in self.text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message as tokens over its cleaned text."""

    text: str
    tokens: tuple[Token, ...]

    def slice(self, first: int, last: int) -> str:
        """What stands from one token to another (inclusive), as typed."""
        if first == last:
            return self.tokens[first].text
        head, tail = self.tokens[first], self.tokens[last]
        return self.text[head.start : tail.start] + tail.text

    def slice_of(self, tokens: Sequence[Token]) -> str:
        """What neighbouring tokens are, as typed."""
        return self.text[tokens[0].start : tokens[-1].end] if tokens else ""


_LINK = re.compile(r"<((?:https?|ftp|mailto|tel|s3):[^<>|\s]*)(?:\|([^<>]*))?>")
_MENTIONS = re.compile(r"<[@!][^<>\s]*(?: [^<>]*)?>|<#[A-Z0-9]+(?:\|[^<>]*)?>|(?<!\S)@(?:channel|here|everyone)\b")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\ufdd0]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ODD_SPACE = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")

_END = r"(?=[\s,.;:!?)\]]|$)"
_QUOTED = re.compile(
    r'"((?:[^"\\]|\\.)+)"'
    + _END
    + r"|“([^“”]+)[”\"]"
    + _END
    + r"|„([^„“”]+)[“”]"
    + _END
    + r"|«\s*([^«»]+?)\s*»"
    + _END
    + r"|```([^`]+)```"
    + _END
    + r"|`([^`]+)`"
    + _END
    + r"|'((?:[^']|'(?=\w))+)'"
    + _END
    + r"|‘((?:[^‘’]|’(?=\w))+)’"
    + _END
)
_OPENERS = frozenset("\"“„«`'‘")
_RUN = re.compile(r"\S+")
_SIMPLE = re.compile(r"[^\W_]+(?:[-._/]+[^\W_]+)*")
"""What has nothing around it to take off, as most words and names."""
_AROUND = " \t.,;:!?…()\"“”„«»*_~`'‘’"
FINAL = ".,;:!?…"
"""Punctuation that ends a word and is no part of a value."""
SETTINGS = (
    *("bucket", "key", "prefix", "region", "format", "frequency", "hours", "destination", "source", "name", "file"),
    *("dst", "src", "dest", "from", "to", "target", "op", "action", "days", "id", "workflow", "topic", "sentence"),
    *("source_bucket", "destination_bucket", "destination_key", "log_group", "execution_id", "number", "meaning"),
    *("transition_days", "expiration_days", "group", "expire", "expiration", "retention", "transition", "archive"),
)
"""What is set with "name=value"; anything else with that sign is a name, as "year=2026/" is."""
_SETTING = re.compile(rf"((?:--)?(?:{'|'.join(SETTINGS)}))=\S+", re.I)
_SHORTCODE = re.compile(r":[a-z0-9_+'-]+:")
_NEGATED = ("do", "does", "did", "is", "are", "was", "were", "has", "have", "would", "should", "could", "ca", "wo")
_CONTRACTED = {f"{verb}nt": f"{verb}n't" for verb in _NEGATED}
_STRETCHED = re.compile(r"([a-z])\1{2,}")
"""A letter three times and more, as no English word has it: "heyyy"."""
_ARROWS = frozenset({"->", "=>", "-->", "==>", "→", "⇒", "➜", "➡"})
_MEANT_SIGNS = frozenset({"&&", "&", "|", "||", "->", "→", "=>", ">", "*", "/", ".", "+", ";", "%"})


def sentence(text: str, *, unwrap: bool = True) -> Sentence:
    """The tokens of a message as Slack sent it, or as somebody typed it; ``unwrap`` takes a message that stands in
    quotes as a whole for a command that was pasted with them, and not for one value."""
    cleaned = clean(text)
    whole = _QUOTED.fullmatch(cleaned) if unwrap else None
    if whole and " " in (inner := _inside(whole)):
        cleaned = inner.strip()  # somebody pasted the whole command in quotes
    return retyped(cleaned)


def unpossessed(text: str) -> str:
    """A name without the sign of a possessive: "my-bucket's" is my-bucket."""
    return text[:-1] if text.endswith(("s'", "s’")) else text.removesuffix("'s").removesuffix("’s")


def retyped(cleaned: str) -> Sentence:
    """The tokens of a text that was cleaned before, such as a part of one."""
    return Sentence(cleaned, tuple(_with_durations(cleaned, _tokens(cleaned))))


def sentence_of(tokens: Sequence[Token]) -> Sentence:
    """Some tokens of a sentence as a sentence of their own."""
    return Sentence(" ".join(token.text for token in tokens), tuple(tokens))


def clean(text: str) -> str:
    """The text without Slack's escapes, links, mentions, control and invisible characters."""
    text = _INVISIBLE.sub("", text[:LENGTH_LIMIT])
    text = _LINK.sub(lambda link: link[2] or link[1], text)
    text = html.unescape(_MENTIONS.sub(MENTION, text))
    # What was escaped cannot be a mention, but once unescaped it reads like one: it is no value either.
    text = _MENTIONS.sub(MENTION, text)
    text = _ODD_SPACE.sub(" ", text)
    text = _CONTROL.sub(" ", text)
    return text.strip()


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while run := _RUN.search(text, at):
        at = run.start()
        quoted = _QUOTED.match(text, at) if text[at] in _OPENERS else None
        if quoted:
            found.append(Token(_inside(quoted), "", at, quoted.end(), quoted=True))
            at = quoted.end()
            while at < len(text) and text[at] in FINAL:
                at += 1
            continue
        setting = _SETTING.fullmatch(run[0]) if "=" in run[0] else None
        if setting:  # prefix=logs/ is two words
            found.append(Token(setting[1], setting[1].lower().strip("-"), at, at + len(setting[1])))
            at += len(setting[1]) + 1
            continue
        token = _plain(run[0], at)
        if token:
            found.append(token)
        at = run.end()
    return found


def _plain(run: str, at: int) -> Token | None:
    """A word that is not quoted; None for a dash or an emoji code that stands alone."""
    if _SIMPLE.fullmatch(run):
        word = _word(run.lower())
        return Token(run, word, at, at + len(run), duration=_with_unit(word))
    if MENTION in run:
        return Token(run, "", at, at + len(run))
    if _SHORTCODE.fullmatch(run) or not run.strip("-–—‒―•"):
        return None
    value = run.rstrip(FINAL) or run
    if value[0] == "(" and value[-1] == ")" and len(value) > 2:
        value = value[1:-1]
    elif len(value) > 1 and value[-1] == ")" and "(" not in value:
        value = value[:-1]
    elif len(value) > 1 and value[0] == "(" and ")" not in value:
        value = value[1:]
    if len(value) > 2 and value[0] in "\"“'`" and value[-1] in "\"”'`":
        value = value[1:-1]
    value = value.lstrip("¿¡") or value
    word = _word(run.lower().replace("’", "'").strip(_AROUND))
    if run in _MEANT_SIGNS:
        word = value = run
    if run in _ARROWS:
        word = value = "→"
    comma = run[-1] in ",;" and len(run) > 1
    return Token(value, word, at, at + len(run), duration=_with_unit(word), comma=comma)


def _word(word: str) -> str:
    """A word as others spell it: "heyyy" and "dont" are "hey" and "don't"."""
    word = _STRETCHED.sub(r"\1", word) if word.isalpha() else word
    return _CONTRACTED.get(word, word)


def _inside(quoted: re.Match[str]) -> str:
    text = next(group for group in quoted.groups() if group is not None)
    if quoted[0].startswith('"'):
        text = re.sub(r"\\([\"\\])", r"\1", text)
    stripped = text.strip("`") if len(text) > 2 and text[0] == "`" == text[-1] else text
    return stripped or text


def _with_unit(word: str) -> Duration | None:
    said = values.duration(word) if word[:1].isdigit() else None
    return said if said and said.unit else None


NUMBER_TOKENS = 5
"""Words of the longest number: "three hundred and sixty five"."""
_BARE_UNIT_AFTER = frozenset({"last", "past", "previous"})
_NO_DURATION_AFTER = frozenset({"once", "twice", "per"})


def _with_durations(text: str, tokens: list[Token]) -> list[Token]:
    """A number and its unit become one token, so that ``3 days`` fills one place."""
    if not any(values.unit(token.word) for token in tokens):
        return tokens
    found: list[Token] = []
    for token in tokens:
        before = found[-1].word if found and not found[-1].quoted else ""
        if token.quoted or not values.unit(token.word) or not before:
            found.append(token)
        elif before in _BARE_UNIT_AFTER:
            found.append(_merged(text, token, token, values.duration(token.word)))
        else:
            _merge_number(text, found, token)
    return _with_halves(text, _with_counted_days(text, found))


def _with_counted_days(text: str, tokens: list[Token]) -> list[Token]:
    """ "On day 30" is when thirty days have passed."""
    found: list[Token] = []
    for token in tokens:
        found.append(token)
        if len(found) > 1 and found[-2].word == "day" and token.text.isdecimal() and not token.quoted:
            found[-2:] = [_merged(text, found[-2], token, values.duration(f"day {token.text}"))]
    return found


def _with_halves(text: str, tokens: list[Token]) -> list[Token]:
    """ "A day and a half" is one length of time."""
    found: list[Token] = []
    for token in tokens:
        found.append(token)
        if len(found) > 3 and found[-4].duration and [each.word for each in found[-3:]] == values.HALF.split():
            found[-4:] = [_merged(text, found[-4], token, values.duration(found[-4].text + values.HALF))]
    return found


def _merge_number(text: str, found: list[Token], unit: Token) -> None:
    if [token.word for token in found[-2:]] in (["half", "a"], ["half", "an"]):
        found[-2:] = [_merged(text, found[-2], unit, values.duration(f"half a {unit.word}"))]
        return
    for count in range(NUMBER_TOKENS, 0, -1):
        words = [token.word for token in found[-count:]]
        full = values.duration(f"{' '.join(words)} {unit.word}") if len(words) == count and all(words) else None
        earlier = found[-count - 1].word if len(found) > count else ""
        if full and (earlier not in _NO_DURATION_AFTER or words[0] not in ("a", "an")):
            found[-count:] = [_merged(text, found[-count], unit, full)]
            return
    found.append(unit)


def _merged(text: str, first: Token, last: Token, said: Duration | None) -> Token:
    shown = text[first.start : last.start] + last.text
    word = last.word if first is last else ""
    return Token(shown, word, first.start, last.end, duration=said, comma=last.comma)
