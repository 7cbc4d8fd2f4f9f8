"""What a phrase's reading of a sentence comes to: a match with typed values, or none where it is doubtful."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import values
from bot.errors import BadValue
from bot.forms import types_of
from bot.models import Entry, Parameter, Value
from bot.normalise import MENTION, Sentence, Token
from bot.phrases import SAME_AS, Captured, Reading
from bot.spans import FREE, POLITE, SELDOM, Spans

PROBLEM_COST = 2.0
MISSING_COST = 0.4
_QUOTES = "\"'”’`)"
_BRACES = re.compile(r"\{[^{}]*(,|\.\.)[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Match:
    """One reading of a sentence as one entry."""

    entry: Entry
    parameters: Mapping[str, Value]
    """What was said; for a workflow, its name as well."""
    missing: tuple[str, ...]
    problems: Mapping[str, str]
    phrase: str
    cost: float
    """The lower, the better the fit."""
    learned: bool = False
    aside: str = ""
    """What was said beside the command, or taken back, and is left out of this reading."""
    pointed: tuple[str, ...] = ()
    """The parameters whose values were pointed at and not said: "the second one"."""


def missing_of(entry: Entry, parameters: Mapping[str, Value], problems: Mapping[str, str]) -> tuple[str, ...]:
    """What must be asked for: required and not there, or said wrongly, which is never passed over in silence."""
    return tuple(
        parameter.name
        for parameter in sorted(entry.parameters, key=lambda parameter: not parameter.required)
        if (parameter.required and parameter.name not in parameters) or parameter.name in problems
    )


def undecided(found: Sequence[Match]) -> bool:
    """Whether another entry fits as well as the best."""
    return any(match.entry.name != found[0].entry.name and match.cost == found[0].cost for match in found[1:])


def is_pattern(text: str, *, quoted: bool = False) -> bool:
    """Whether a name stands for several: ``*.csv``. A question mark counts unless the name is in quotes."""
    return "*" in text or (not quoted and ("?" in text.rstrip("?") or bool(_BRACES.search(text))))


_ABOVE_FOLDERS = ("under", "below", "beneath")


class Judge:
    """Decides what a reading comes to; what gives a doubtful one away is data, ``doubts`` in ``seeds/words.json``."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        doubts = {name: frozenset(known) for name, known in words.get("doubts", {}).items()}
        nothing: frozenset[str] = frozenset()
        self._done = doubts.get("done", nothing)
        self._wishes = doubts.get("wishes", nothing)
        self._before_buckets = doubts.get("before_buckets", nothing)
        self._own = doubts.get("own", nothing)
        self._pointing = doubts.get("pointing", nothing)
        self._some = doubts.get("some", nothing)
        self._called = doubts.get("called", nothing)
        self._verbs_of_files = doubts.get("verbs_of_files", nothing)
        self._introducing = [tuple(text.split()) for text in doubts.get("introducing", ())]
        self._no_names = doubts.get("no_names", nothing)
        self._no_buckets = doubts.get("no_buckets", nothing)
        self._no_files = doubts.get("no_files", nothing)
        self._manners = frozenset(words.get("refused", {}).get("manners", ()))
        self._no_adverbs = frozenset(words.get("no_adverbs", ()))
        self._leave = [tuple(text.split()) for text in doubts.get("leave", ())]
        self._favours = doubts.get("favours", nothing)

    def match(self, entry: Entry, reading: Reading, spans: Spans, *, phrase: str, learned: bool) -> Match | None:
        """The match; None when the reading contradicts itself, or what stands in a place may well not belong there."""
        said = self._said(entry, reading, spans)
        if said is None:
            return None
        parameters: dict[str, Value] = {**entry.fixed}
        pointed = {value.slot: points for value in reading.captured if (points := spans.pointed(value))}
        problems: dict[str, str] = {}
        for parameter in entry.parameters:
            if parameter.name in said:
                points = pointed.get(parameter.name)
                if points and points.type != parameter.type and parameter.type not in FREE:
                    problems[parameter.name] = points.problem
                    continue
                if MENTION in said[parameter.name]:
                    problems[parameter.name] = "A mention of somebody is not a name."
                    continue
                try:
                    parameters[parameter.name] = _value(parameter, said[parameter.name])
                except BadValue as error:
                    problems[parameter.name] = error.sentence
        changes = entry.effect != "read" and bool(set(parameters) - set(entry.fixed))
        if changes and self.only_asks(spans.said, spans.tokens, follows=spans.answers):
            return None
        missing = missing_of(entry, parameters, problems)
        cost = reading.cost + PROBLEM_COST * len(problems) + MISSING_COST * len(missing)
        return Match(entry, parameters, missing, problems, phrase, cost, learned=learned, pointed=tuple(pointed))

    def _said(self, entry: Entry, reading: Reading, spans: Spans) -> dict[str, str] | None:
        """The text for each parameter, with places given in one piece (``s3://bucket/key``) taken apart.

        None when the reading contradicts itself, or asks for more than one file where one is meant.
        """
        said: dict[str, str] = {}
        for captured in reading.captured:
            if captured.slot in said:
                return None
            said[captured.slot] = _text_of(entry.parameter(captured.slot), captured, spans)
        for captured in reading.captured:
            apart = _apart(entry, entry.parameter(captured.slot), said[captured.slot], spans.quoted(captured))
            if apart and said.setdefault(apart[1], apart[2]) == apart[2]:
                said[captured.slot] = apart[0]
            elif apart and entry.parameter(captured.slot).type != "bucket":
                return None
        for captured in reading.captured:
            if captured.fixed.startswith(SAME_AS):
                said[captured.slot] = said.get(captured.fixed.removeprefix(SAME_AS), "")
        _into_folder(said)
        return None if self._rejected(entry, said, spans, reading.captured) else said

    def _in_a_region(self, entry: Entry, value: Captured, said: Mapping[str, str], spans: Spans) -> bool:
        """Whether what stands in a new bucket's place is a region, and nothing says that it is the name."""
        regions = [parameter.name for parameter in entry.parameters if parameter.type == "region"]
        before = spans.before(value.first)
        naming = before is not None and before.word in ("called", "named", "name", "bucket")
        named = (
            before
            and naming
            and not before.comma
            and spans.said.text[before.end :].lstrip().startswith(said[value.slot])
        )
        answers = spans.answers and not (before and before.word in ("in", "at"))  # "it should be in Tokyo"
        plain = not (named or spans.quoted(value) or answers or set(regions) & set(said))
        return bool(regions) and plain and values.sure("region", said[value.slot])

    def _rejected(self, entry: Entry, said: Mapping[str, str], spans: Spans, captured: Sequence[Captured]) -> bool:
        if _several_files(entry, said, spans, captured):
            return True
        buckets = [value for value in captured if entry.parameter(value.slot).type == "bucket"]
        if any(self._something_else(entry, value, said, spans) for value in buckets):
            return True
        if entry.effect != "read" and any(self._no_bucket(entry, value, said, spans) for value in buckets):
            return True  # "make bucket public"
        if entry.effect != "read" and not entry.fixed and self._only_tells(spans):
            return True  # "report.csv deleted from my-bucket"
        if any(_named_like_the_file(entry, said, value) for value in buckets) or _swapped(entry, said, spans):
            return True  # "copy bells.mp3 to bells-2.mp3", "copy of report.csv, from-here to there"
        return self._doubtful(entry, said, spans, captured)

    def _something_else(self, entry: Entry, value: Captured, said: Mapping[str, str], spans: Spans) -> bool:
        """Whether what stands in a bucket's place belongs elsewhere: "inventory, daily, orc", "new bucket please,
        eu-south-2", "list files under 2024/"."""
        chosen = self._chosen_instead(entry, value, said, spans)
        return chosen or self._in_a_region(entry, value, said, spans) or _folder(value, spans)

    def _chosen_instead(self, entry: Entry, value: Captured, said: Mapping[str, str], spans: Spans) -> bool:
        """Whether a bucket's plain name is one of the entry's choices, and nothing says that it is a bucket."""
        choices = {choice.casefold() for parameter in entry.parameters for choice in parameter.choices}
        before = spans.before(value.first)
        named = before is not None and before.word in self._before_buckets
        return said[value.slot] in choices and not named and not spans.quoted(value)

    def _no_bucket(self, entry: Entry, value: Captured, said: Mapping[str, str], spans: Spans) -> bool:
        """Whether a plain word says what a bucket is like, has or costs, or when, and nothing says that it is a name.

        A bucket that is there is introduced by what is done in it or to it as well: "from public".
        """
        name = said[value.slot]
        before = spans.before(value.first)
        placed = before is not None and before.word in self._before_buckets and not creates(entry)
        if placed or spans.follows(value, self._introducing):
            return False
        return self._describes(value, name, spans) or (name in self._no_buckets and not spans.alone(value))

    def _describes(self, value: Captured, name: str, spans: Spans) -> bool:
        """Whether a name is a word that says how or when something is or what belongs to it; in quotes, or given alone
        as an answer, it is a name."""
        word = name.casefold()
        adverb = word.endswith("ly") and word.isalpha() and word not in self._no_adverbs
        return (adverb or word in self._no_names) and not spans.alone(value)

    def only_asks(self, said: Sentence, tokens: Sequence[Token], *, follows: bool) -> bool:
        """Whether a sentence about a change only asks whether it may be done ("can I create bucket x?") or is an order
        with a question mark ("create bucket x?"), and does not ask the bot to do it. ``tokens`` are those of the
        sentence that are no politeness; what ``follows`` on something may be a question: "and b.csv?"."""
        end = said.text[tokens[-1].start : tokens[-1].end].rstrip(_QUOTES)
        doubted = end.endswith("?") and self._wishes.isdisjoint(token.word for token in said.tokens)
        return (doubted and not follows) or self._asks_leave(said)

    def _asks_leave(self, said: Sentence) -> bool:
        words = [token.word for token in said.tokens if token.word not in POLITE]  # "can I please get …"
        for leave in self._leave:
            for at in range(len(words) - len(leave)):
                if tuple(words[at : at + len(leave)]) == leave:
                    return words[at + len(leave)] not in self._favours
        return False

    def _only_tells(self, spans: Spans) -> bool:
        """Whether a sentence says that something was done, and nowhere that it shall be."""
        words = spans.all_words()
        return not self._done.isdisjoint(words) and self._wishes.isdisjoint(words)

    def _doubtful(self, entry: Entry, said: Mapping[str, str], spans: Spans, captured: Sequence[Captured]) -> bool:
        """Whether what stands in a file's place may well not be the whole name of a file."""
        for value in captured:
            parameter = entry.parameter(value.slot)
            if parameter.type != "key" or value.slot not in said or value.fixed or spans.quoted(value):
                continue
            before = spans.before(value.first)
            word = before.word if before else ""
            if value.slot == "destination_key" and said[value.slot].casefold() in self._manners:
                return True  # "as public": is that a name, or how it shall be?
            if before and word in self._own and (value.last - value.first > 1 or before.text[0].isupper()):
                return True  # "my annual report.pdf": does the name begin with "my"?
            called = word in self._called
            if not called and self._no_file(entry, value, said[value.slot], spans):
                return True
            bucket_known = partner(entry, parameter) in said
            likely = value.cost < SELDOM and not values.sure("bucket", said[value.slot])
            if not (bucket_known or likely or called or spans.answers):
                return True  # "delete my-bucket", "delete bucket"
        return False

    def _no_file(self, entry: Entry, value: Captured, name: str, spans: Spans) -> bool:
        """Whether a plain word names something else than a file: "this message", "versioning", "a file", a person."""
        if values.sure("key", name):
            return False
        before = spans.before(value.first)
        pointed_at = before is not None and before.word in self._pointing | self._some
        # People, rights and rules are removed, dropped and cleared; only files are deleted.
        removed = entry.effect == "destroy" and not spans.answers and self._verbs_of_files.isdisjoint(spans.words)
        none = name in self._no_files or name in self._called or self._describes(value, name, spans)
        return none or pointed_at or removed


def _folder(value: Captured, spans: Spans) -> bool:
    """Whether what stands in a bucket's place is a folder by its slash and by the word before it."""
    before = spans.before(value.first)
    return before is not None and before.word in _ABOVE_FOLDERS and spans.text(value.first, value.last).endswith("/")


def creates(entry: Entry) -> bool:
    """Whether what an entry names does not exist yet."""
    return entry.name.rpartition(".")[2].startswith("create")


def _named_like_the_file(entry: Entry, said: Mapping[str, str], bucket: Captured) -> bool:
    """Whether a bucket's name ends as the file's does, so that it is a file's name as well."""
    endings = {
        said[each.name].rpartition(".")[2] for each in entry.parameters if each.type == "key" and each.name in said
    }
    _, dot, ending = said[bucket.slot].rpartition(".")
    return bool(dot) and ending in endings


def _swapped(entry: Entry, said: Mapping[str, str], spans: Spans) -> bool:
    """Whether what looks like a file stands in a bucket's place, and the other way round."""
    likeliest = {token.name: types_of(token)[:1] for token in spans.tokens}
    forms = {(each.type, likeliest.get(said[each.name])) for each in entry.parameters if each.name in said}
    return {("key", ("bucket",)), ("bucket", ("key",))} <= forms


def _value(parameter: Parameter, text: str) -> Value:
    return values.parse(parameter.type, text, parameter.choices)


def _text_of(parameter: Parameter, captured: Captured, spans: Spans) -> str:
    text = captured.fixed or spans.name(parameter.type, captured.first, captured.last)
    return f"{text.removesuffix('/')}/" if captured.mark == "/" else text


def _apart(entry: Entry, parameter: Parameter, text: str, quoted: bool) -> tuple[str, str, str] | None:
    """A place as (this parameter's text, the other parameter, its text); None when the text is no place."""
    other = partner(entry, parameter)
    if parameter.type not in ("bucket", "key", "prefix") or not other:
        return None
    place = values.location(text)
    if not place and parameter.type == "bucket" and "/" in text.rstrip("/") and not quoted:
        name, _, path = text.partition("/")
        place = values.Location(name, path) if values.sure("bucket", name) else None
    if not place or not place.path:
        return None
    if parameter.type == "bucket":
        return place.bucket, other, place.path
    return place.path, other, place.bucket


def partner(entry: Entry, parameter: Parameter) -> str:
    """The bucket of a key, the key or prefix of a bucket: by their names, as far as the entry has both."""
    names = {each.name: each.type for each in entry.parameters}
    stem, _, kind = parameter.name.rpartition("_")
    if kind in ("key", "prefix"):
        options = [f"{stem}_bucket"] if stem else ["bucket", "source_bucket"]
    else:
        options = [f"{stem}_key"] if stem and stem != "source" else ["key", "prefix"]
    return next((name for name in options if name in names), "")


def _into_folder(said: dict[str, str]) -> None:
    """A copy into a folder keeps its name, and one under its own name needs none."""
    target = said.get("destination_key", "")
    if target.endswith("/") and "key" in said:
        said["destination_key"] = target = target + said["key"].rpartition("/")[2]
    if target and target == said.get("key"):
        del said["destination_key"]


def _several_files(entry: Entry, said: Mapping[str, str], spans: Spans, captured: Sequence[Captured]) -> bool:
    """Whether a pattern or a folder stands where one name is meant."""
    quoted = {value.slot: spans.quoted(value) for value in captured}
    for parameter in entry.parameters:
        text = said.get(parameter.name, "")
        if parameter.type in ("key", "prefix", "bucket") and is_pattern(text, quoted=quoted.get(parameter.name, False)):
            return True
        if parameter.type == "key" and text.endswith("/"):
            return True
    return False
