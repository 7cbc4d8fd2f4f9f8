"""Whole commands: what a sentence orders, by a phrase or by its gist, with what it leaves to the thread. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.conversations import Thread
from bot.errors import NothingUndone, NotOffered, TwoReadings
from bot.knowledge_base import KnowledgeBase
from bot.matches import Match, creates, missing_of
from bot.models import RUN_WORKFLOW, Entry, Intent, Origin, Turn, Undo, Value
from bot.normalise import Sentence, sentence
from bot.openings import without
from bot.pointing import placed
from bot.references import buckets_of
from bot.suggestions import restated

FILES_ONLY = "I delete one file at a time, by its full name, and no buckets."
_SLOTS = re.compile(r"\{[^{}]*\}")
_OPTIONAL = re.compile(r"\[[^][]*\]")


def command_of(said: Sentence, thread: Thread, knowledge: KnowledgeBase, *, addressed: bool = True) -> Turn | None:
    """What a whole sentence orders; None when it orders nothing that is known. What is not ``addressed`` to the bot
    must be so in the words of a phrase."""
    found = knowledge.matcher.read(said) or _read_further(said, knowledge)
    best = found[0] if found else None
    if best is None or best.problems:
        # What breaks a rule in one place may make sense in another.
        free = knowledge.gist.read(said) if addressed else None
        if free and not (best and _passes_over(free, best)):
            best, found = free, [free]
    if best is None:
        return None
    if not addressed and is_a_value(best.phrase):
        return None  # "wf-k3m9x2q7 I think" answers another person's question
    rivals = [match for match in found[1:] if match.cost == best.cost and match.entry.name != best.entry.name]
    if rivals and any(match.entry.effect != "read" for match in (best, *rivals)):
        return _which([best, *rivals], knowledge)
    return _read_as(best, said, thread, knowledge)


def _read_further(said: Sentence, knowledge: KnowledgeBase) -> list[Match]:
    """What follows on what somebody else said: "and list the files of my-bucket"."""
    if len(said.tokens) > 1 and said.tokens[0].word in knowledge.words.get("adding", ()):
        return knowledge.matcher.read(replace(said, tokens=said.tokens[1:]))
    rest, follows = without(said, "follow_ups", knowledge)
    return knowledge.matcher.read(rest) if follows else []


def _passes_over(free: Match, read: Match) -> bool:
    """Whether a free reading is the other without what breaks a rule, which had better be said: "create bucket a"."""
    return (free.entry, free.parameters, free.missing) == (read.entry, read.parameters, read.missing)


def _which(readings: Sequence[Match], knowledge: KnowledgeBase) -> Turn:
    """Asks which of several readings is meant, with a command for each that can have no other."""
    titles = " or ".join(f"“{match.entry.title.lower()}”" for match in readings)
    clear = [text for match in readings if (text := _said_clearly(match, knowledge))]
    others = [match.entry.examples[0].text for match in readings if match.entry.examples]
    problem = TwoReadings(
        f"That can mean {titles}.", examples=clear if len(clear) == len(readings) else others, offers=clear
    )
    return Turn("not_understood", error=problem.sentence, problem=problem)


def _said_clearly(match: Match, knowledge: KnowledgeBase) -> str:
    """The command for a reading with its own values in it; empty where it would be read otherwise."""
    text = restated(match.entry, match.parameters)
    found = knowledge.matcher.match(text) if text else []
    same = bool(found) and (found[0].entry.name, found[0].parameters) == (match.entry.name, match.parameters)
    return text if same and not any(other.cost == found[0].cost for other in found[1:]) else ""


def _read_as(match: Match, said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn:
    if _deletes_what_was_made(match, said, thread, knowledge):
        return _kept(thread, knowledge)
    intent = placed(_intent(match), match, thread.listed)
    return turn_of(added(inherit(chosen(intent, knowledge), thread, knowledge, said), thread, knowledge, said))


def added(intent: Intent, thread: Thread, knowledge: KnowledgeBase, said: Sentence) -> Intent:
    """ "Also delete them after a year", "after 60 days instead": what is said is added to the last command, when that
    was of the same kind."""
    settled, required = thread.settled, knowledge.entries[intent.entry].required
    adds = any(token.word in knowledge.words.get("adding", ()) for token in said.tokens)
    adds = adds or knowledge.matcher.opening("corrections", said.tokens[-1:]) > 0
    if settled is None or settled.entry != intent.entry or not adds:
        return intent
    if not required or any(intent.origins.get(name) != "inherited" for name in required):
        return intent
    kept = {name: value for name, value in settled.parameters.items() if name not in intent.parameters}
    origins: dict[str, Origin] = {**dict.fromkeys(kept, "inherited"), **intent.origins}
    return replace(intent, parameters={**kept, **intent.parameters}, origins=origins)


def _deletes_what_was_made(match: Match, said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> bool:
    """ "Delete it", where the last command made something: no file is meant."""
    entry = knowledge.entries.get(thread.settled.entry) if thread.settled else None
    if entry is None or not creates(entry) or match.entry.effect != "destroy" or match.parameters:
        return False
    return any(token.word in knowledge.words.get("pronouns", ()) for token in said.tokens)


def _kept(thread: Thread, knowledge: KnowledgeBase) -> Turn:
    """Why it stays, and where that is known, what an operator does about it."""
    undo = thread.undo is not None and bool(thread.undo.by_hand)
    if (undo or may_drop(thread, knowledge)) and (turn := undone(thread, knowledge)):
        return turn
    problem = NotOffered(FILES_ONLY)
    return Turn("not_understood", error=problem.sentence, problem=problem, for_me=True)


def may_drop(thread: Thread, knowledge: KnowledgeBase) -> bool:
    """Whether words may be about a command that waits for its button: one does, and nothing else was done since."""
    last = knowledge.entries.get(thread.settled.entry) if thread.settled else None
    return bool(thread.waiting) and (thread.waits_last or last is None or last.effect == "read")


def undone(thread: Thread, knowledge: KnowledgeBase) -> Turn | None:
    """ "Undo": drops what was not done yet, and else does or says what takes back the last command of the thread."""
    if thread.open or may_drop(thread, knowledge):
        return Turn("cancelled")
    done = knowledge.entries.get(thread.settled.entry) if thread.settled else None
    if done is None:
        return None
    undo = thread.undo or Undo(_no_undo(done))
    if not undo.sentence:
        turn = command_of(sentence(undo.command), Thread(), knowledge)
        return replace(turn, intent=inherited_all(turn.intent)) if turn and turn.intent else None
    examples = tuple(text for text in (undo.command, undo.by_hand) if text)
    offers = (undo.command,) if undo.command else ()
    problem = NothingUndone(undo.sentence, examples=examples, offers=offers)
    return Turn("not_understood", error=problem.sentence, problem=problem, for_me=True)


def _no_undo(done: Entry) -> str:
    if done.effect == "read":
        return "That only looked at things: there is nothing to take back."
    return f"I know no way to take back “{done.title.lower()}”."


def _intent(match: Match) -> Intent:
    entry = match.entry
    return Intent(
        entry=entry.name,
        name=entry.intent,
        parameters=match.parameters,
        missing=match.missing,
        problems=match.problems,
        phrase=match.phrase,
        aside=match.aside,
        origins=dict.fromkeys((name for name in match.parameters if name not in entry.fixed), "typed"),
    )


def inherit(intent: Intent, thread: Thread, knowledge: KnowledgeBase, said: Sentence) -> Intent:
    """Fills what is missing with what the thread has settled. A name for something new is never inherited."""
    entry = knowledge.entries[intent.entry]
    pointing = _points(said, knowledge)
    settled = thread.settled or (thread.open if pointing and entry.effect == "read" else None)
    if settled is None or creates(entry):
        return intent
    parameters = dict(intent.parameters)
    inherited: list[str] = []
    for name in intent.missing:
        value = None if name in intent.problems else _settled_value(entry, name, settled, pointing=pointing)
        if value is None and name == "destination_bucket" and pointing and "source_bucket" in intent.parameters:
            value = _only_bucket(settled)  # "copy report.csv from my-bucket into it"
        if value is not None:
            parameters[name] = value
            inherited.append(name)
    return replace(
        intent,
        parameters=parameters,
        missing=tuple(name for name in intent.missing if name not in inherited),
        origins={**intent.origins, **dict.fromkeys(inherited, "inherited")},
    )


def _points(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether it points at what was said before: "delete it", "copy it to the new bucket"."""
    words = [token.word for token in said.tokens]
    nouns = knowledge.words.get("pointing_nouns", ())
    return any(word in knowledge.words.get("pronouns", ()) for word in words) or any(
        " ".join(pair) in nouns for pair in pairwise(words)
    )


def _only_bucket(settled: Intent) -> Value | None:
    """The one bucket that the thread is about."""
    buckets = buckets_of(settled.parameters)
    return buckets[0] if len(buckets) == 1 else None


def _settled_value(entry: Entry, name: str, settled: Intent, *, pointing: bool) -> Value | None:
    """A file is only inherited when the sentence points at it ("delete it"): its name may not be guessed."""
    known = {**settled.made, **settled.parameters}
    kind = entry.parameter(name).type
    if kind == "key":
        return known.get(name) if pointing else None
    if kind not in ("bucket", "log_group", "execution_id") or name in known:
        return known.get(name) if kind in ("bucket", "log_group", "execution_id") else None
    return _only_bucket(settled) if kind == "bucket" and name != "destination_bucket" else None


def chosen(intent: Intent, knowledge: KnowledgeBase) -> Intent:
    """Once it is known which workflow shall run, the workflow's own entry takes over."""
    entry = knowledge.entries.get(str(intent.parameters.get("workflow", "")))
    if intent.entry != RUN_WORKFLOW or entry is None:
        return intent
    return replace(intent, entry=entry.name, missing=missing_of(entry, intent.parameters, {}))


def turn_of(intent: Intent) -> Turn:
    """A command that is complete, or the question for what it lacks."""
    if intent.missing:
        return Turn("ask", intent, error=next(iter(intent.problems.values()), ""))
    return Turn("resolved", intent)


def is_a_value(phrase: str) -> bool:
    """Whether a phrase needs no words, so that what it reads may be an answer as well: "wf-k3m9x2q7"."""
    return bool(phrase) and not any(map(str.isalpha, _SLOTS.sub("", _OPTIONAL.sub("", phrase))))


def inherited_all(intent: Intent) -> Intent:
    """The last command once more, with all that was said for it."""
    return replace(intent, origins=dict.fromkeys(intent.origins, "inherited"), usage={}, said="", made={})


def with_aside(intent: Intent, match: Match) -> Intent:
    """The intent with what was left out of a reply that changes something; a question loses nothing by it."""
    return replace(intent, aside=" … ".join(filter(None, (intent.aside, match.aside)))) if match.aside else intent
