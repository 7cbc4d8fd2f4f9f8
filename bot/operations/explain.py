"""How a sentence is read, without doing it. No model is asked: what is shown is the same at every time."""

from __future__ import annotations

from bot import replies_explain
from bot.models import Reply
from bot.operations import Call, operation


@operation()
def explain(call: Call, sentence: str) -> Reply:
    """The reading: phrase, values and where each comes from, what is missing, what it needs and would do."""
    turn = call.understand(sentence)
    if turn.intent is None:
        return replies_explain.not_understood(sentence, turn, call.model() if turn.unknown else "")
    entry = call.entries[turn.intent.entry]
    return replies_explain.reading(sentence, turn.intent, entry, call.refusal(entry))
