"""How sentences are understood, from the seeds alone: no AWS, no Slack.

python -m bot "list files in my-bucket"     one sentence, explained
python -m bot --json                        one message a line on standard input, one JSON object a line out
python -m bot chat                          a conversation; commands only say what they would do
python -m bot chat --json                   the same, {"user": …, "text": …} a line; an empty line begins a new one.
                                            "shown": {"bucket": [names]} in it is the list that the answer would show
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot import replies
from bot.conversations import InMemoryConversations, Thread, ThreadKey, Waiting
from bot.display import shown
from bot.errors import BadValue
from bot.knowledge_base import KnowledgeBase, from_seeds
from bot.models import Intent, Listed, Request, Turn, Undo
from bot.resolve import resolve

NOBODY = Thread()
Line = tuple[str, str]
"""A name and what is said of it."""
NOTHING_DONE = "I have done nothing: here I only say what I would do."
LEAST_WIDTH = 11
"""Of the column of names, when none is longer."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit code is 0 whenever there was an answer."""
    options = _parser().parse_args(arguments)
    words = options.text
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    knowledge = from_seeds()
    gc.freeze()  # what is known stays: no need to look through it again and again
    if words == ["chat"]:
        with contextlib.suppress(KeyboardInterrupt):
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
        source = turn.intent.source.replace("_", " ")
        lines.append(("source", f"{source}: {turn.intent.phrase}" if turn.intent.phrase else source))
    lines.append(("time", f"{microseconds} µs"))
    width = max(LEAST_WIDTH, *(len(name) for name, _ in lines))
    return "\n".join(f"{name:<{width}} {text}" for name, text in lines)


def _about(turn: Turn, knowledge: KnowledgeBase) -> list[Line]:
    intent = turn.intent
    if intent is None:
        return _no_command(turn)
    lines = [("intent", intent.name)]
    for name, value in intent.parameters.items():
        lines.append((name, f"{value!r} ({intent.origins.get(name, 'from the phrase')})"))
    for name, sentence in intent.problems.items():
        lines.append(("wrong", f"{name}: {sentence}"))
    if intent.aside:
        lines.append(("left out", f"“{shown(intent.aside)}”"))
    if intent.missing:
        lines.append(("missing", ", ".join(intent.missing)))
        lines.append(("question", _question(intent, knowledge)))
    return [*lines, *_needs(intent, knowledge)]


def _needs(intent: Intent, knowledge: KnowledgeBase) -> list[Line]:
    """What stays as it is unless said, who may, and whether it would wait for a confirmation."""
    entry = knowledge.entries[intent.entry]
    lines = [
        (name, f"{value!r} (default)")
        for name, value in entry.with_defaults(intent.parameters).items()
        if name not in (*intent.parameters, *intent.missing)
    ]
    groups = [group.name for group in knowledge.access.groups if entry.access in group.may]
    confirmed = ", and a confirmation" if entry.confirms(intent) else ""
    return [*lines, ("needs", f"{entry.access} access ({', '.join(groups)}){confirmed}")]


def _no_command(turn: Turn) -> list[Line]:
    if turn.state == "cancelled":
        return [("intent", "none: it drops the question that is open, and here none is")]
    if turn.says:
        return [("intent", f"none: {turn.says}")]
    if turn.state == "unchanged":
        return [("intent", "none: it is left alone, as talk among people")]
    lines = [("intent", f"none: {turn.error}")]
    if turn.unknown:
        lines.append(("model", "would be asked, where one is configured"))
    if turn.problem and turn.problem.hint:
        lines.append(("instead", turn.problem.hint))
    return lines + [("try", example) for example in _examples(turn)]


def _examples(turn: Turn) -> Sequence[str]:
    return turn.problem.examples if turn.problem else turn.suggestions


def _question(intent: Intent, knowledge: KnowledgeBase) -> str:
    return knowledge.entries[intent.entry].parameter(intent.missing[0]).asks


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
        self._said = 0
        self._started = False

    def begin(self) -> None:
        """A new thread: nothing is open, nothing settled."""
        self._thread += 1
        self._started = False

    def say(self, user: str, text: str, shown: Mapping[str, Sequence[str]] | None = None) -> Turn:
        """What one person's message comes to. What opens a thread is said to the bot, what follows to whomever.

        ``shown`` are the names that the answer would list, by their type: with no AWS there are none to look up.
        """
        now = time.time()
        self._said += 1
        key = ThreadKey("local", "chat", str(self._thread), user)
        thread = self._conversations.thread(key, now)
        turn = resolve(text, thread, self._knowledge, addressed=not self._started)
        if not self._started or turn.state == "cancelled":
            self._conversations.meet(key, now)
        self._started = True
        if turn.state == "ask" and turn.intent:
            self._conversations.ask(key, turn.intent, now)
        elif turn.state == "resolved" and turn.intent:
            self._settle(key, turn.intent, now)
            for kind, names in (shown or {}).items():
                self._conversations.show(key, Listed(kind, tuple(names), turn.intent.parameters), now)
        elif turn.state == "cancelled" and thread.open:
            self._conversations.close(key)
        elif turn.state == "cancelled":
            for waits in thread.waiting:
                self._conversations.cancel(waits.held, user, now)
        return turn

    def _settle(self, key: ThreadKey, intent: Intent, now: float) -> None:
        entry = self._knowledge.entries[intent.entry]
        waiting = None
        if entry.confirms(intent):
            request = Request(id=str(self._said), kind="message", team=key.team, channel=key.channel, user=key.user)
            waiting = Waiting(self._conversations.hold(intent, request, now))
        undo = Undo(NOTHING_DONE) if entry.effect != "read" else None
        self._conversations.settle(key, intent, now, waiting, undo)


def _chat_json(knowledge: KnowledgeBase, lines: Iterable[str]) -> None:
    conversation = Conversation(knowledge)
    for line in lines:
        if not line.strip():
            conversation.begin()
            continue
        try:
            said = _message(line)
        except BadValue as problem:
            turn = Turn("not_understood", error=problem.sentence)
        else:
            turn = conversation.say(*said)
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


def _message(line: str) -> tuple[str, str, Mapping[str, Sequence[str]]]:
    """Who says what in a line of JSON. Raises BadValue that says what the line should have been."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadValue(f"The line is not JSON: {error}.") from error
    if not isinstance(said, dict):
        raise BadValue('The line is no JSON object such as {"user": "alice", "text": "list buckets"}.')
    for name, value in {"user": said.get("user", "you"), "text": said.get("text")}.items():
        if not isinstance(value, str):
            raise BadValue(f"The line's “{name}” is {'missing' if name not in said else 'no text'}.")
    shown = said.get("shown", {})
    if not isinstance(shown, dict) or not all(isinstance(names, list) for names in shown.values()):
        raise BadValue('The line\'s “shown” is no object such as {"bucket": ["my-bucket"]}.')
    return said.get("user", "you"), said["text"], {kind: [str(name) for name in shown[kind]] for kind in shown}


def _chat(knowledge: KnowledgeBase, lines: Iterable[str]) -> None:
    """Prompts only where somebody types: what is piped in stands nowhere between the answers."""
    conversation = Conversation(knowledge)
    offers: Sequence[str] = ()
    prompt = "you › " if sys.stdin.isatty() else ""
    print("Say something, such as “list files in my-bucket”. An empty line begins a new conversation, “quit” ends it.")
    print(prompt, end="", flush=True)
    for line in lines:
        said = line.strip()
        if said.lower() in ("quit", "exit"):
            return
        if said.isdigit() and 0 < int(said) <= len(offers):
            said = offers[int(said) - 1]
            print(f"“{said}”")
        if said:
            turn = conversation.say("you", said)
            offers = _offers(turn)
            print(_spoken(turn, knowledge))
        else:
            conversation.begin()
            print("— a new conversation —")
        print(prompt, end="", flush=True)
    print()


def _offers(turn: Turn) -> Sequence[str]:
    """The commands that are buttons in Slack; here, their number says them."""
    return turn.problem.offers if turn.problem else turn.offers


def _spoken(turn: Turn, knowledge: KnowledgeBase) -> str:
    intent = turn.intent
    offers = {text: f"{number}  " for number, text in enumerate(_offers(turn), 1)}
    if turn.state == "ask" and intent:
        asked = f"{turn.error} {_question(intent, knowledge)}".strip()
        return "\n".join([asked, *(f"  {number}{text}" for text, number in offers.items())])
    if turn.state == "resolved" and intent:
        entry = knowledge.entries[intent.entry]
        given = ", ".join(f"{name} {value}" for name, value in intent.parameters.items() if name != "workflow")
        confirmed = " after you confirm it" if entry.confirms(intent) else ""
        return f"I would do “{entry.title}”{': ' + given if given else ''}{confirmed}.\n  {replies.understood(intent)}"
    if turn.state == "cancelled":
        return "All right, I have dropped it."
    if turn.state == "unchanged":
        return turn.says or "(not for me)"
    hint = f" {turn.problem.hint}" if turn.problem and turn.problem.hint else ""
    hint = f" My question is still open: {turn.still_open}" if turn.still_open else hint
    return "\n".join([f"{turn.error}{hint}", *(f"  {offers.get(text, '')}{text}" for text in _examples(turn))])


def _write(data: dict[str, Any]) -> None:
    line = json.dumps(data, ensure_ascii=False)
    print(line.encode("utf-8", "backslashreplace").decode(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
