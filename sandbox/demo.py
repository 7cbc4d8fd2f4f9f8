"""``python -m sandbox demo``: everything starts, a short conversation plays, and then the person goes on.

In the page, which opens where a browser can be opened, or at the terminal; both show the same workspace.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox import world
from sandbox.cast import ALICE, BOB, BOT, CAROL
from sandbox.page import announce
from sandbox.slack import Message, read
from sandbox.slack.people import COMMAND
from sandbox.stage import Stage
from sandbox.terminal import Terminal
from sandbox.transcript import Transcript
from sandbox.web import Page

OPS = "C0OPS"
ANSWER_SECONDS = 30.0
RESULT_SECONDS = 60.0
"""For workflows that run side by side, on a machine that is busy."""
EXECUTION_ID = re.compile(r"wf-[a-z2-7]{8}")


class NoAnswer(Exception):
    """The bot did not say what the conversation goes on from."""


def run(*, interactive: bool | None = None) -> int:
    """The demo; its exit code: 0 when the results of all workflows arrived in their threads."""
    interactive = sys.stdin.isatty() and sys.stdout.isatty() if interactive is None else interactive
    began = time.monotonic()
    print("Starting the local AWS and the local Slack, and deploying template.yaml …", flush=True)
    with Stage() as stage:
        world.furnish(stage.aws)
        print(f"Ready after {time.monotonic() - began:.1f} s, all of it on 127.0.0.1.", flush=True)
        transcript = Transcript(stage.workspace)
        try:
            Conversation(stage, transcript).play()
        except NoAnswer as missing:
            transcript.show()
            print(f"\nThe demo stops here: {missing}\n{stage.deployment.logs()}", file=sys.stderr)
            return 1
        if interactive:
            stage.hurry()
            with Page(stage) as page:
                announce(page)
                Terminal(stage, transcript, OPS).run()
    return 0


@dataclass(frozen=True, slots=True)
class Conversation:
    """What three people of different groups say in #ops, and what must come of it."""

    stage: Stage
    transcript: Transcript

    def play(self) -> None:
        """The whole conversation. Raises NoAnswer where the bot leaves it hanging."""
        self._command(ALICE.name, "list buckets")
        question = self._mention(BOB.name, "list files")
        self._reply(BOB.name, world.REPORTS, question)
        self._command(CAROL.name, "create bucket acme-scratch")
        self._command(BOB.name, f"copy 2026/q3/revenue.csv from {world.REPORTS} to {world.ARCHIVE}")
        self._click(ALICE.name, self._command(ALICE.name, f"delete 2026/q3/draft.csv from {world.REPORTS}"))
        self.rule_and_back()
        self.three_at_once()

    def rule_and_back(self) -> None:
        """A lifecycle rule: what it would do, its confirmation, its results; and then the former rules again."""
        asked = self._mention(ALICE.name, f"run lifecycle management workflow for {world.LOGS}")
        self._click(ALICE.name, asked)
        (results,) = self._in_threads([asked], _is_done)
        self._command(CAROL.name, f"workflow status {_execution_id(results)}")
        self._click(ALICE.name, self._click(ALICE.name, results, "restore"))

    def three_at_once(self) -> None:
        """The other workflows, side by side, each in its thread; and the report that S3 makes later."""
        inventory = self._mention(BOB.name, f"run inventory report for {world.REPORTS}")
        logs = self._mention(CAROL.name, f"what went wrong in {world.LOG_GROUP}?")
        audit = self._mention(ALICE.name, f"is {world.REPORTS} public?")
        self._in_threads([logs], lambda message: bool(message.files))
        self._in_threads([inventory, logs, audit], _is_done)
        self.transcript.note("  (S3 takes up to 48 hours for its first inventory report; here they pass now)")
        self.stage.deliver_inventories()
        self._in_threads([inventory], lambda message: "the first inventory" in read(message))

    def _in_threads(self, started: Sequence[Message], wanted: Callable[[Message], bool]) -> list[Message]:
        """The message of the bot that is wanted of each thread, as soon as all are there."""
        roots = [message.thread or message.ts for message in started]

        def found() -> list[Message] | None:
            threads = [self.stage.workspace.messages(OPS, thread=root) for root in roots]
            hits = [next((m for m in reversed(t) if m.user == BOT.id and wanted(m)), None) for t in threads]
            there = [hit for hit in hits if hit]
            return there if len(there) == len(roots) else None

        messages = self.transcript.show_until(found, RESULT_SECONDS)
        if not messages:
            raise NoAnswer("not all that was expected arrived in the threads of the workflows")
        return messages

    def _command(self, name: str, text: str) -> Message:
        person = self.stage.person(name)
        self.transcript.typed(person.user, OPS, f"{COMMAND} {text}")
        return self._answer(lambda: person.command(text, OPS), lambda message: not message.thread)

    def _mention(self, name: str, text: str) -> Message:
        said = self.stage.person(name).say(f"@{BOT.name} {text}", OPS).message
        return self._answer(lambda: None, lambda message: message.thread == said.ts)

    def _reply(self, name: str, text: str, to: Message) -> Message:
        root = to.thread or to.ts
        return self._answer(
            lambda: self.stage.person(name).say(text, OPS, thread=root), lambda message: message.thread == root
        )

    def _click(self, name: str, message: Message, action: str = "confirm") -> Message:
        person, (_, button) = self.stage.person(name), message.element(action)
        self.transcript.typed(person.user, OPS, f"presses [{button['text']['text']}]")
        return self._answer(lambda: person.click(message, action), lambda _: True, pressed=message)

    def _answer(
        self, act: Callable[[], object], is_answer: Callable[[Message], bool], pressed: Message | None = None
    ) -> Message:
        """Does something, and waits for what the bot says next, or makes of the message whose button was pressed."""
        before = len(self.stage.workspace.changes())
        act()

        def said() -> Message | None:
            changes = self.stage.workspace.changes()
            # An announcement changes by itself, as its run goes on.
            announced = {c.message.ts for c in changes[:before] if c.message and _execution_id(c.message)}
            announced -= {pressed.ts} if pressed else set()
            new = (c.message for c in changes[before:])
            return next((m for m in new if m and m.user == BOT.id and m.ts not in announced and is_answer(m)), None)

        answer = self.transcript.show_until(said, ANSWER_SECONDS)
        if not answer:
            raise NoAnswer("the bot did not answer")
        return answer


def _is_done(message: Message) -> bool:
    """Whether a message of the last step says that an execution is over, and well."""
    return bool(_execution_id(message)) and " is done" in read(message)


def _execution_id(message: Message) -> str:
    found = EXECUTION_ID.search(read(message))
    return found[0] if found else ""
