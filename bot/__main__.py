"""How sentences are understood, from the seeds alone: no AWS, no Slack.

python -m bot "list files in my-bucket"     one sentence, explained
python -m bot --json                        one message a line on standard input, one JSON object a line out
python -m bot chat [--json]                 a conversation; commands only say what they would do
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any

from bot.conversations import InMemoryConversations, Thread, ThreadKey
from bot.knowledge_base import KnowledgeBase, from_seeds
from bot.models import Intent, Turn
from bot.resolve import resolve

NOBODY = Thread()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit code is 0 whenever there was an answer."""
    options = _parser().parse_args(arguments)
    words = options.text
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    knowledge = from_seeds()
    gc.freeze()  # what is known stays: no need to look through it again and again
    if words == ["chat"]:
        (_chat_json if options.json else _chat)(knowledge, sys.stdin)
    elif options.json:
        _messages_json(knowledge, [" ".join(words)] if words else sys.stdin)
    elif words:
        print(explained(" ".join(words), knowledge))
    else:
        _parser().print_help()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text", nargs="*", help="a sentence, or the word chat")
    parser.add_argument("--json", action="store_true", help="read lines, write JSON lines")
    return parser


# --- one sentence -----------------------------------------------------------------------------------------------


def understood(text: str, knowledge: KnowledgeBase) -> dict[str, Any]:
    """How a message is understood, as JSON-ready data; ``intent`` is None when it is not."""
    started = time.perf_counter_ns()
    turn = resolve(text, NOBODY, knowledge)
    microseconds = (time.perf_counter_ns() - started) // 1000
    intent = turn.intent
    return {
        "text": text,
        "intent": intent.name if intent else None,
        "parameters": dict(intent.parameters) if intent else {},
        "missing": list(intent.missing) if intent else [],
        "source": intent.source if intent else None,
        "microseconds": microseconds,
    }


def explained(text: str, knowledge: KnowledgeBase) -> str:
    """The same for a reader: where each value came from, what is missing, and why it was not understood."""
    started = time.perf_counter_ns()
    turn = resolve(text, NOBODY, knowledge)
    microseconds = (time.perf_counter_ns() - started) // 1000
    lines = _about(turn, knowledge)
    if turn.intent:
        lines.append(f"source      {turn.intent.source.replace('_', ' ')}: {turn.intent.phrase}")
    return "\n".join([*lines, f"time        {microseconds} µs"])


def _about(turn: Turn, knowledge: KnowledgeBase) -> list[str]:
    intent = turn.intent
    if intent is None:
        return _not_understood(turn)
    lines = [f"intent      {intent.name}"]
    for name, value in intent.parameters.items():
        lines.append(f"{name:<11} {value!r} ({intent.origins.get(name, 'from the phrase')})")
    for name, sentence in intent.problems.items():
        lines.append(f"wrong       {name}: {sentence}")
    if intent.missing:
        lines.append(f"missing     {', '.join(intent.missing)}")
        lines.append(f"question    {_question(intent, knowledge)}")
    return [*lines, *_needs(intent, knowledge)]


def _needs(intent: Intent, knowledge: KnowledgeBase) -> list[str]:
    """What stays as it is unless said, who may, and whether it would wait for a confirmation."""
    entry = knowledge.entries[intent.entry]
    lines = [
        f"{name:<11} {value!r} (default)"
        for name, value in entry.with_defaults(intent.parameters).items()
        if name not in (*intent.parameters, *intent.missing)
    ]
    groups = [group.name for group in knowledge.access.groups if entry.access in group.may]
    confirmed = ", and a confirmation" if entry.effect == "destroy" else ""
    return [*lines, f"needs       {entry.access} access ({', '.join(groups)}){confirmed}"]


def _not_understood(turn: Turn) -> list[str]:
    lines = [f"intent      none: {turn.error or turn.state}"]
    if turn.unknown:
        lines.append("model       would be asked, where one is configured")
    if turn.problem and turn.problem.hint:
        lines.append(f"instead     {turn.problem.hint}")
    examples = turn.problem.examples if turn.problem else turn.suggestions
    return lines + [f"try         {example}" for example in examples]


def _question(intent: Intent, knowledge: KnowledgeBase) -> str:
    name = intent.missing[0]
    asked = knowledge.entries[intent.entry].parameter(name)
    return asked.question or f"What is the {name.replace('_', ' ')}?"


def _messages_json(knowledge: KnowledgeBase, lines: Iterable[str]) -> None:
    for line in lines:
        _write(understood(line.rstrip("\r\n"), knowledge))


# --- a conversation ---------------------------------------------------------------------------------------------


class Conversation:
    """Threads one after another, with everything kept in memory."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._conversations = InMemoryConversations()
        self._thread = 0
        self._started = False

    def begin(self) -> None:
        """A new thread: nothing is open, nothing settled."""
        self._thread += 1
        self._started = False

    def say(self, user: str, text: str) -> Turn:
        """What one person's message comes to. What opens a thread is said to the bot, what follows to whomever."""
        now = time.time()
        key = ThreadKey("local", "chat", str(self._thread), user)
        thread = self._conversations.thread(key, now)
        turn = resolve(text, thread, self._knowledge, addressed=not self._started)
        self._started = True
        if turn.state == "ask" and turn.intent:
            self._conversations.ask(key, turn.intent, now)
        elif turn.state == "resolved" and turn.intent:
            self._conversations.settle(key, turn.intent, now)
        elif turn.state == "cancelled":
            self._conversations.close(key)
        return turn


def _chat_json(knowledge: KnowledgeBase, lines: Iterable[str]) -> None:
    conversation = Conversation(knowledge)
    for line in lines:
        if not line.strip():
            conversation.begin()
            continue
        said = json.loads(line)
        turn = conversation.say(str(said.get("user", "you")), str(said.get("text", "")))
        intent = turn.intent
        _write(
            {
                "state": turn.state,
                "intent": intent.name if intent else None,
                "parameters": dict(intent.parameters) if intent else {},
                "missing": list(intent.missing) if intent else [],
                "error": turn.error or None,
            }
        )


def _chat(knowledge: KnowledgeBase, lines: Iterable[str]) -> None:
    conversation = Conversation(knowledge)
    print("Say something, such as “list files in my-bucket”. An empty line begins a new conversation.")
    for line in lines:
        if line.strip():
            print(_spoken(conversation.say("you", line.strip()), knowledge))
        else:
            conversation.begin()
            print("— a new conversation —")


def _spoken(turn: Turn, knowledge: KnowledgeBase) -> str:
    intent = turn.intent
    if turn.state == "ask" and intent:
        return f"{turn.error} {_question(intent, knowledge)}".strip()
    if turn.state == "resolved" and intent:
        entry = knowledge.entries[intent.entry]
        given = ", ".join(f"{name} {value}" for name, value in intent.parameters.items() if name != "workflow")
        confirmed = " after you confirm it" if entry.effect == "destroy" else ""
        inherited = [name for name, origin in intent.origins.items() if origin == "inherited"]
        note = f" (from before: {', '.join(inherited)})" if inherited else ""
        return f"I would do “{entry.title}”{': ' + given if given else ''}{confirmed}.{note}"
    if turn.state == "cancelled":
        return "All right, I have dropped it."
    if turn.state == "unchanged":
        return "(not for me)"
    return "\n".join(line.partition(" ")[2].strip() for line in _not_understood(turn))


def _write(data: dict[str, Any]) -> None:
    line = json.dumps(data, ensure_ascii=False)
    print(line.encode("utf-8", "backslashreplace").decode(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
