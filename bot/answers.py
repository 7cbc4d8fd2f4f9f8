"""Reads what is said in a thread as part of a command that is known already: the answer to a question, a correction,
"the same for staging-logs"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.forms import types_of
from bot.matches import Match, missing_of
from bot.matching import Matcher
from bot.models import Entry, Intent, Origin
from bot.normalise import Sentence
from bot.spans import SELDOM

NEXT_COST = 0.5
"""For a value of a parameter that is missing, but was not the one asked for."""
CHANGE_COST = 5.0
"""For a value that changes what was said before."""
UNLIKELY_COST = 1.0
"""For a value whose form is that of another parameter."""
LATER_COST = 0.01
"""For each parameter that would be asked for before it."""
PARTS_LIMIT = 5


class Answers:
    """The phrases of answers, by the name or the type of the parameter."""

    def __init__(self, matcher: Matcher, words: Mapping[str, Any]) -> None:
        self._matcher = matcher
        self._forms: Mapping[str, Sequence[str]] = words.get("answers", {})

    def read(self, said: Sentence, intent: Intent, entry: Entry, *, changes: bool = False) -> Match | None:
        """The values in the sentence for an intent's parameters; None when a word has no place or it is undecided.

        ``changes`` says that the sentence takes back something, or wants the same of something else: then it changes
        what is known rather than add.
        """
        phrase = self._phrase(entry)
        if not phrase:
            return None
        ranked = sorted(
            (
                (self._rank(match, intent, said, changes), _out_of_order(match, said), at, match)
                for at, match in enumerate(self._matches(said, entry, phrase))
            ),
            key=lambda item: item[:3],
        )
        if not ranked:
            return None
        best = ranked[0][-1]
        known = set(best.parameters) & (set(intent.parameters) - set(entry.fixed))
        if entry.effect == "read":
            return best
        several = len(best.parameters.keys() - entry.fixed.keys()) > 1
        if known and (several or not changes) and not _unmistakable(best, said):
            return None  # "let me check with Gloria", "hold on, must ask Jonas", after a file was named
        if len(ranked) == 1 or ranked[0][0] != ranked[1][0]:
            return best
        # Which of two buckets is the source, only their order says; and that is too little to change what was said.
        ordered = ranked[0][1] != ranked[1][1] and (changes or not known)
        return best if ordered and _unmistakable(best, said) else None

    def _matches(self, said: Sentence, entry: Entry, phrase: str) -> list[Match]:
        found = self._matcher.fragment(said, entry, [phrase])
        given = [match for match in found if set(match.parameters) - set(entry.fixed) or match.problems]
        # "bucket" alone may be the name; in "my bucket!" it is none.
        return [match for match in given if match.cost < SELDOM or len(said.tokens) == 1]

    def _phrase(self, entry: Entry) -> str:
        parts = []
        for parameter in entry.parameters[:PARTS_LIMIT]:
            forms = self._forms.get(parameter.name) or self._forms.get(parameter.type) or ["{}"]
            named = [
                form.replace("{}", f"{{{parameter.name}}}").replace("{!}", f"{{{parameter.name}!}}") for form in forms
            ]
            parts.append(f"[[<and>] ({'|'.join(named)})]")
        return f"({';'.join(parts)})" if len(parts) > 1 else "".join(parts)

    @staticmethod
    def _of_another_type(entry: Entry, name: str, said: Sentence) -> set[str]:
        """What shows by its form that it is for another parameter than one: "run8/" is no bucket."""
        kind = entry.parameter(name).type
        known = ((token, types_of(token)) for token in said.tokens)
        return {token.name.rstrip("/") for token, types in known if types[:1] == ("prefix",) and kind == "bucket"}

    def _rank(self, match: Match, intent: Intent, said: Sentence, changes: bool) -> float:
        given = [name for name in (*match.parameters, *match.problems) if name not in match.entry.fixed]
        # What is missing after this alone says nothing here: only the values count.
        cost = match.cost - 0.4 * len(match.missing)
        for name in given:
            known = name in intent.parameters
            cost += UNLIKELY_COST * (match.parameters.get(name) in self._of_another_type(match.entry, name, said))
            if changes:
                cost += 0.0 if known else NEXT_COST
            elif name not in intent.missing[:1]:
                cost += CHANGE_COST if known else NEXT_COST + LATER_COST * _place(name, intent.missing)
        return round(cost, 3)


def _unmistakable(match: Match, said: Sentence) -> bool:
    """Whether every value of a match shows by its form that it is one: "check" and "Gloria" do not."""
    named = {token.name for token in said.tokens if types_of(token)}
    texts = [value for name, value in match.parameters.items() if name not in match.entry.fixed]
    return all(not isinstance(value, str) or value in named for value in texts)


def _out_of_order(match: Match, said: Sentence) -> bool:
    """Whether the values stand in another order than that in which they are asked for."""
    names = [token.name for token in said.tokens]
    given = [match.parameters.get(parameter.name) for parameter in match.entry.parameters]
    places = [names.index(value) for value in given if isinstance(value, str) and value in names]
    return places != sorted(places)


def _place(name: str, missing: Sequence[str]) -> int:
    return missing.index(name) if name in missing else len(missing)


def filled(intent: Intent, match: Match, origin: Origin) -> Intent:
    """The intent with the values of a match in it."""
    entry = match.entry
    given = {name: value for name, value in match.parameters.items() if name not in entry.fixed}
    parameters = {name: value for name, value in intent.parameters.items() if name not in match.problems}
    parameters.update(given)
    problems = {name: text for name, text in {**intent.problems, **match.problems}.items() if name not in given}
    return replace(
        intent,
        parameters=parameters,
        problems=problems,
        missing=missing_of(entry, parameters, problems),
        origins={**intent.origins, **dict.fromkeys(given, origin)},
    )
