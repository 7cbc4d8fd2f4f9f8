"""The conversation goes on with a person at the terminal: they type, switch people and channels, press buttons."""

from __future__ import annotations

import threading
import time

from sandbox.slack import Person, View
from sandbox.slack.model import Json, Refused
from sandbox.slack.people import COMMAND
from sandbox.stage import Stage
from sandbox.transcript import Transcript

try:
    import readline
except ImportError:  # pragma: no cover - a Python without it: no editing of lines, all else works
    readline = None  # type: ignore[assignment]

HELP = f"""\
  {COMMAND} list buckets      a command: others see only the answer, if that
  @s3agent list buckets      a message that mentions the bot
  my-bucket                  any other text: a reply in the thread in which the bot spoke last
  !3                         press button 3
  as bob                     be somebody else: alice (admin), bob (operator), carol (viewer), mallory (a guest)
  in general                 go to another channel: ops, general (the bot is not in it), partners, secret; or: in dm
  quit                       end (so do Ctrl-D and Ctrl-C)

  S3's first inventory report takes up to 48 hours; the local AWS makes it in seconds, when it is CSV."""
SETTLE_SECONDS = 6.0
UNKNOWN = f"  There is no such command here; type it after {COMMAND}, or ? for help."


class Terminal:
    """The prompt, and what each line of it does."""

    def __init__(self, stage: Stage, transcript: Transcript, channel: str) -> None:
        self._stage = stage
        self._person = stage.person("alice")
        self._channel = channel
        self._typing = ""
        self._transcript = transcript
        transcript.prompt = self._line
        self._over = threading.Event()

    def run(self) -> None:
        """Until the person leaves."""
        print(f"\nYour turn.\n{HELP}\n")
        follower = threading.Thread(target=self._follow, name="terminal", daemon=True)
        follower.start()
        try:
            while self._act(self._ask(self._prompt()).strip()):
                pass
        except EOFError:
            print()
        finally:
            self._over.set()
            follower.join()

    def _act(self, line: str) -> bool:
        """One line; False when it was the last."""
        verb, _, rest = line.partition(" ")
        try:
            match verb:
                case "":
                    return True
                case "quit" | "exit":
                    return False
                case "?" | "help":
                    print(HELP)
                case "as" if rest:
                    self._person = self._stage.person(rest.strip())
                case "in" if rest:
                    self._channel = self._place(rest.strip().lstrip("#"))
                case _ if verb.startswith("!") and verb[1:].isdigit():
                    self._press(int(verb[1:]))
                case _ if verb.startswith("!") or (verb.startswith("/") and verb != COMMAND):
                    print(UNKNOWN)
                case _:
                    self._speak(line)
        except Refused as refused:
            print(f"  Slack refuses: {refused.error}")
        return True

    def _prompt(self) -> str:
        """Who speaks where."""
        place = self._stage.workspace.channel(self._channel)
        where = "a direct message" if place.kind == "im" else f"#{place.name}"
        return f"{self._person.user.name} in {where} › "

    def _place(self, name: str) -> str:
        workspace = self._stage.workspace
        return workspace.direct(self._person.user.id).id if name == "dm" else workspace.channel(name).id

    def _speak(self, line: str) -> None:
        before = len(self._stage.workspace.changes())
        if line.startswith(COMMAND):
            self._person.command(line.removeprefix(COMMAND).strip(), self._channel)
        else:
            self._person.say(line, self._channel, thread=self._thread(line))
        self._settle(before)

    def _thread(self, line: str) -> str:
        """Where plain text goes: to the bot's last thread here, since outside of one nobody would hear it."""
        last = self._transcript.last_from_bot
        if line.startswith("@") or last is None or last.channel != self._channel or last.only_for:
            return ""
        direct = self._stage.workspace.channel(self._channel).kind == "im"
        return last.thread if direct else last.thread or last.ts

    def _press(self, number: int) -> None:
        button = self._transcript.buttons.get(number)
        if button is None:
            print(f"  There is no button {number}.")
            return
        workspace = self._stage.workspace
        forms = {view.id for view in workspace.views(self._person.user.id)}
        before = len(workspace.changes())
        self._person.click(button.message, button.action, button.value)
        self._settle(before)
        for view in workspace.views(self._person.user.id):
            if view.id not in forms:
                self._fill(self._person, view)

    def _fill(self, person: Person, view: View) -> None:
        """A modal, asked field by field."""
        values: dict[str, str] = {}
        for block in view.content["blocks"]:
            if block["type"] == "input":
                entered = self._ask(f"  {_label(block)}: ").strip()
                if entered:
                    values[block["block_id"]] = entered
        before = len(self._stage.workspace.changes())
        try:
            person.submit(view, values)
        except KeyError as unknown:
            print(f"  {unknown} is not one of the choices.")
            return
        self._settle(before)

    def _ask(self, prompt: str) -> str:
        self._typing = prompt
        try:
            return input(prompt)
        finally:
            self._typing = ""

    def _line(self) -> str:
        """What stands on the prompt's line now."""
        if not self._typing:
            return ""
        return self._typing + (readline.get_line_buffer() if readline else "")

    def _settle(self, before: int) -> None:
        """Wait for the bot's reaction, so that the prompt comes after it."""
        bot = self._stage.workspace.bot.id

        def reacted() -> bool:
            new = self._stage.workspace.changes(before)
            return any(change.view or (change.message and change.message.user == bot) for change in new)

        try:
            self._stage.workspace.wait_for(reacted, SETTLE_SECONDS)
        except TimeoutError:
            self._transcript.note("  (no answer so far; what is not said to it, the bot leaves alone)")
        time.sleep(0.1)
        self._transcript.show()

    def _follow(self) -> None:
        while not self._over.is_set():
            self._transcript.show(wait=0.5)


def _label(block: Json) -> str:
    element = block["element"]
    choices = [option["value"] for option in element.get("options", ())]
    preset = element.get("initial_value") or element.get("initial_option", {}).get("value", "")
    hints = [", ".join(choices)] if choices else []
    hints += [f"Enter for {preset}"] if preset else ["Enter to leave empty"] if block.get("optional") else []
    text = f" ({'; '.join(hints)})" if hints else ""
    return f"{block['label']['text']}{text}"
