"""``python -m sandbox demo``: everything starts, a short conversation plays, and then the person goes on.

In the page, which opens where a browser can be opened, or at the terminal; both show the same workspace.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
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
EXECUTION_ID = re.compile(r"wf-[a-z2-7]{8}")


class NoAnswer(Exception):
    """The bot did not say what the conversation goes on from."""


def run(*, interactive: bool | None = None) -> int:
    """The demo; its exit code: 0 when the workflow's results arrived in the thread."""
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
        results = self._workflow()
        self._command(CAROL.name, f"workflow status {_execution_id(results)}")
        self._click(ALICE.name, self._click(ALICE.name, results, "restore"))

    def _workflow(self) -> Message:
        """Starts a workflow and waits until its last step has posted into the thread: the results."""
        asked = self._mention(ALICE.name, f"run lifecycle management workflow for {world.LOGS}")
        root = asked.thread or asked.ts
        self._click(ALICE.name, asked)
        results = self.transcript.show_until(lambda: self._results(root), ANSWER_SECONDS)
        if not results:
            raise NoAnswer("the workflow's results did not arrive in the thread")
        return results

    def _results(self, root: str) -> Message | None:
        """The message of the last step, which says that the execution is over."""
        for message in reversed(self.stage.workspace.messages(OPS, thread=root)):
            if message.user == BOT.id and _execution_id(message) and " is done" in read(message):
                return message
        return None

    def _command(self, name: str, text: str) -> Message:
        person = self.stage.person(name)
        self.transcript.typed(person.user, OPS, f"{COMMAND} {text}")
        return self._answer(lambda: person.command(text, OPS))

    def _mention(self, name: str, text: str) -> Message:
        return self._answer(lambda: self.stage.person(name).say(f"@{BOT.name} {text}", OPS))

    def _reply(self, name: str, text: str, to: Message) -> Message:
        return self._answer(lambda: self.stage.person(name).say(text, OPS, thread=to.thread or to.ts))

    def _click(self, name: str, message: Message, action: str = "confirm") -> Message:
        person, (_, button) = self.stage.person(name), message.element(action)
        self.transcript.typed(person.user, OPS, f"presses [{button['text']['text']}]")
        return self._answer(lambda: person.click(message, action), pressed=message)

    def _answer(self, act: Callable[[], object], pressed: Message | None = None) -> Message:
        """Does something, and waits for what the bot says next, or makes of the message whose button was pressed."""
        before = len(self.stage.workspace.changes())
        act()

        def said() -> Message | None:
            changes = self.stage.workspace.changes()
            # An announcement changes by itself, as its run goes on.
            announced = {c.message.ts for c in changes[:before] if c.message and _execution_id(c.message)}
            announced -= {pressed.ts} if pressed else set()
            new = (c.message for c in changes[before:])
            return next((m for m in new if m and m.user == BOT.id and m.ts not in announced), None)

        answer = self.transcript.show_until(said, ANSWER_SECONDS)
        if not answer:
            raise NoAnswer("the bot did not answer")
        return answer


def _execution_id(message: Message) -> str:
    found = EXECUTION_ID.search(read(message))
    return found[0] if found else ""
