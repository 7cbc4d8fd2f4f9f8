"""``python -m sandbox demo`` shows the bot working on this machine; ``page`` only opens the page,
``slack`` runs it in a real Slack workspace, ``pictures`` takes pictures of the page, ``timings`` measures it."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from types import FrameType

from sandbox import demo, page, pictures, real, timings
from sandbox.deploy import DeployFailed
from sandbox.ministack import NotInstalled


def main() -> int:
    """Run the command that was asked for. Whatever ends it, everything it started is ended too."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="play a conversation, then let you type")
    only = commands.add_parser("page", help="open the page, and play nothing")
    only.add_argument("--port", type=int, default=0, help="where the page listens; any free port by default")
    workspace = commands.add_parser("slack", help="serve a real Slack workspace from this machine; tokens are in .env")
    workspace.add_argument("--stack", default="", help="a stack in a real account, instead of the local AWS")
    commands.add_parser("pictures", help="take the pictures of the page in docs/")
    measure = commands.add_parser("timings", help="seconds from a signed request to its ack and to its answer")
    measure.add_argument("--requests", type=int, default=20, help="how many warm requests to measure")
    chosen = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        return _run(chosen)
    except (DeployFailed, NotInstalled) as problem:
        print(problem, file=sys.stderr)
        return 1
    except Ended as ended:
        return 128 + ended.number


def _run(chosen: argparse.Namespace) -> int:
    match chosen.command:
        case "demo":
            return demo.run()
        case "page":
            return page.run(chosen.port)
        case "slack":
            return real.run(chosen.stack)
        case "pictures":
            return pictures.run()
        case _:
            return timings.run(chosen.requests)


class Ended(BaseException):
    """Raised by a signal in whatever is going on; passes every ``except Exception`` and every ``finally``."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _end(number: int, _frame: FrameType | None) -> None:
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)  # once is enough: what follows must not be interrupted
    with contextlib.suppress(OSError):  # the terminal may be gone
        os.write(sys.stdout.fileno(), "\nstopping …\n".encode())  # print may be what was interrupted
    raise Ended(number)


if __name__ == "__main__":
    sys.exit(main())
