"""``python -m sandbox demo`` shows the bot working on this machine; ``page`` only opens the page,
``timings`` measures it there."""

from __future__ import annotations

import argparse
import signal
import sys
from types import FrameType

from sandbox import demo, page, timings
from sandbox.deploy import DeployFailed
from sandbox.ministack import NotInstalled


def main() -> int:
    """Run the command that was asked for. Whatever ends it, everything it started is ended too."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="play a conversation, then let you type")
    only = commands.add_parser("page", help="open the page, and play nothing")
    only.add_argument("--port", type=int, default=0, help="where the page listens; any free port by default")
    measure = commands.add_parser("timings", help="seconds from a signed request to its ack and to its answer")
    measure.add_argument("--requests", type=int, default=20, help="how many warm requests to measure")
    chosen = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        match chosen.command:
            case "demo":
                return demo.run()
            case "page":
                return page.run(chosen.port)
            case _:
                return timings.run(chosen.requests)
    except (DeployFailed, NotInstalled) as problem:
        print(problem, file=sys.stderr)
        return 1
    except Ended as ended:
        print()
        return 128 + ended.number


class Ended(BaseException):
    """Raised by a signal in whatever is going on; passes every ``except Exception`` and every ``finally``."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _end(number: int, _frame: FrameType | None) -> None:
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)  # once is enough: what follows must not be interrupted
    raise Ended(number)


if __name__ == "__main__":
    sys.exit(main())
