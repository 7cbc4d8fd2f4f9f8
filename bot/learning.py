"""Learning: what a model explained once is known from then on, and people teach and forget phrases by hand.

What may be learned while a request is answered is only noted; the work is done when the answer has been posted, and
nothing that goes wrong with it reaches the person.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import lessons
from bot.conversations import Thread
from bot.errors import NotFound, NotLearned
from bot.knowledge_base import KnowledgeBase, Store
from bot.matching import Tries
from bot.models import Entry, Intent, Lesson, Value
from bot.phrasebook import UNUSED_LIMIT, Phrasebook, Superseded
from bot.resolve import resolve

LIMIT = 5_000
"""Learned phrases: with more, the start of a worker would take longer than a person likes to wait."""
TRIES = 3
"""How often a change is checked again because another worker was faster."""
PENDING_LIMIT = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A model's reading that was let stand."""

    intent: Intent
    user: str


class Learning:
    """What a worker learns, and what people want it to know."""

    def __init__(
        self,
        store: Store,
        phrasebook: Phrasebook,
        now: Callable[[], float] = time.time,
        *,
        unused_limit: int = UNUSED_LIMIT,
    ) -> None:
        self._store = store
        self._unused_limit = unused_limit
        self._phrasebook = phrasebook
        self._now = now
        self._pending: list[_Accepted] = []
        self._tried: Mapping[str, Tries] = {}
        self._tried_by: KnowledgeBase | None = None
        """Of which knowledge base the above is; another one is tried anew."""

    # --- beside the answers -------------------------------------------------------------------------------------

    def note(self, intent: Intent, user: str) -> None:
        """An intent was carried out: a reading of the model that proved right, or one more use of a learned phrase."""
        if len(self._pending) < PENDING_LIMIT:
            self._pending.append(_Accepted(intent, user))

    def work_off(self) -> None:
        """Learn from what was noted. Raises nothing: what cannot be learned is in the log."""
        pending, self._pending = self._pending, []
        for accepted in pending:
            try:
                self._learn_or_count(accepted)
            except NotLearned as reason:
                log.info("not learned: %s", reason.sentence, extra={"entry": accepted.intent.entry})
            except Exception:
                log.exception("could not learn", extra={"entry": accepted.intent.entry})

    def _learn_or_count(self, accepted: _Accepted) -> None:
        intent = accepted.intent
        if intent.source == "model" and intent.said:
            self._add(intent.said, intent, accepted.user, taught=False)
        elif intent.phrase:
            used = [lesson for lesson in self._known().learned if lesson.phrase == intent.phrase]
            for lesson in used:
                self._phrasebook.count(lesson)

    # --- by hand ------------------------------------------------------------------------------------------------

    def all(self) -> Sequence[Lesson]:
        """The learned phrases, by number."""
        return self._phrasebook.all()

    def teach(self, said: str, meaning: str, user: str) -> Lesson:
        """A sentence means what another one does. Raises NotLearned with the reason."""
        knowledge, _ = self._store.fresh()
        known = resolve(said, Thread(), knowledge)
        if known.problem or known.state == "cancelled":
            raise NotLearned(f"“{said}” has a meaning already: I would refuse it, or drop a question.")
        meant = resolve(meaning, Thread(), knowledge).intent
        if meant is None:
            raise NotLearned(f"I do not know what “{meaning}” means.", hint="Say it in words that I know.")
        if known.intent and (known.intent.entry, known.intent.parameters) == (meant.entry, meant.parameters):
            raise NotLearned("I know that already.")
        if known.intent and known.state == "resolved":
            title = knowledge.entries[known.intent.entry].title.lower()
            raise NotLearned(f"“{said}” means “{title}” already.")
        return self._add(said, meant, user, taught=True)

    def forget(self, number: int) -> Lesson:
        """Removes a learned phrase. Raises NotFound when there is none of that number."""
        for _ in range(TRIES):
            knowledge, version = self._store.fresh()
            lesson = next((lesson for lesson in self._phrasebook.all() if lesson.number == number), None)
            if lesson is None:
                raise NotFound(f"There is no learned phrase {number}.", hint="“phrases” lists those that there are.")
            left = [other for other in knowledge.learned if other.number != number]
            try:
                version = self._phrasebook.remove(lesson, version)
            except Superseded:
                continue
            self._store.adopt(knowledge.relearned(left), version)
            return lesson
        raise NotLearned("Others are teaching me at this moment.", hint="Please try again.")

    # --- how a phrase gets in -----------------------------------------------------------------------------------

    def _known(self) -> KnowledgeBase:
        return self._store.load(self._now())

    def _add(self, said: str, meant: Intent, user: str, *, taught: bool) -> Lesson:
        for _ in range(TRIES):
            knowledge, version = self._store.fresh()
            knowledge, gone = self._grown(knowledge)
            lesson, after, tried = self._checked(said, meant, knowledge, replace(_EMPTY, by=user, taught=taught))
            lesson = replace(lesson, number=self._phrasebook.number(), at=self._now())
            try:
                version = self._phrasebook.add(lesson, version, gone)
            except Superseded:
                continue
            known = replace(after, learned=(*knowledge.learned, lesson))
            self._store.adopt(known, version)
            self._tried, self._tried_by = tried, known
            log.info("learned a phrase", extra={"entry": lesson.entry, "phrase": lesson.phrase})
            return lesson
        raise NotLearned("Others are teaching me at this moment.", hint="Please try again.")

    def _grown(self, knowledge: KnowledgeBase) -> tuple[KnowledgeBase, Sequence[Lesson]]:
        """The knowledge base without the phrases that a new one displaces, and those."""
        # What is known of their use is as old as the knowledge base: never too little.
        if sum(not (lesson.used or lesson.taught) for lesson in knowledge.learned) <= self._unused_limit:
            return knowledge, ()
        gone = self._phrasebook.outgrown(self._unused_limit)
        numbers = {lesson.number for lesson in gone}
        left = [lesson for lesson in knowledge.learned if lesson.number not in numbers]
        return (knowledge.relearned(left), gone) if gone else (knowledge, ())

    def _checked(
        self, said: str, meant: Intent, knowledge: KnowledgeBase, blank: Lesson
    ) -> tuple[Lesson, KnowledgeBase, Mapping[str, Tries]]:
        """The phrase, the knowledge base with it, and what that tries on every known sentence; when it may be kept."""
        if len(knowledge.learned) >= LIMIT:
            raise NotLearned(f"I have learned {LIMIT:,} phrases, and can keep no more.", hint="Forget some first.")
        if meant.entry not in knowledge.entries:
            raise NotLearned("What it means is not offered any more.")
        entry = knowledge.entries[meant.entry]
        typed = {name: value for name, value in meant.parameters.items() if meant.origins.get(name) == "typed"}
        fixed = _fixed(said, typed, entry) if blank.taught else {}
        slots = {name: value for name, value in typed.items() if name not in fixed}
        phrase = lessons.phrase_of(said, entry, slots, knowledge.words, fixed)
        lesson = replace(blank, entry=entry.name, phrase=phrase, example=said)
        if any(other.phrase == phrase for other in knowledge.learned):
            raise NotLearned("I know that already.")
        after = knowledge.relearned([*knowledge.learned, lesson])
        known = self._tried if knowledge is self._tried_by else None
        tried = lessons.check(knowledge, after, lesson, {**entry.fixed, **typed}, known)
        return lesson, after, tried


_EMPTY = Lesson(entry="", phrase="")


def _fixed(said: str, typed: Mapping[str, Value], entry: Entry) -> dict[str, Value]:
    """The values of a taught meaning that the phrase itself settles, because its own sentence does not have them.

    Only of what reads: nothing is changed without a person having named its target.
    """
    absent = {name: value for name, value in typed.items() if not lessons.stands_in(said, entry, name, value)}
    if absent and entry.effect != "read":
        value = next(iter(absent.values()))
        raise NotLearned(
            f"“{value}” does not stand in “{said}”, and what changes something must be named each time.",
            hint="Teach me with the same names on both sides.",
        )
    bad = [str(value) for value in absent.values() if set("{}") & set(str(value))]
    if bad:
        raise NotLearned(f"“{bad[0]}” cannot stand in a phrase.")
    return absent
