"""``python -m sandbox timings``: how long from a signed request to its ack and to the answer in the channel."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

from sandbox import world
from sandbox.cast import BOT
from sandbox.stage import Stage

CHANNEL = "C0OPS"
TEXT = "list buckets"
ANSWER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one request."""

    ack: float
    answer: float


def run(requests: int) -> int:
    """Measure the first request after a deployment, then warm ones, and print them."""
    with Stage() as stage:
        world.furnish(stage.aws)
        cold = measure(stage)
        warm = [measure(stage) for _ in range(requests)]
    print(f"/s3agent {TEXT}, seconds from the signed request")
    print(f"{'':14}{'to the ack':>12}{'to the answer':>16}")
    print(f"{'cold':14}{cold.ack:>12.2f}{cold.answer:>16.2f}")
    for name, part in (("warm, median", statistics.median), ("warm, slowest", max)):
        print(f"{name:14}{part([t.ack for t in warm]):>12.2f}{part([t.answer for t in warm]):>16.2f}")
    return 0


def measure(stage: Stage) -> Timing:
    """One command, from its signed request to its answer."""
    workspace = stage.workspace
    before = len(workspace.changes())

    def answered() -> bool:
        return any(c.message and c.message.user == BOT.id for c in workspace.changes(before))

    began = time.monotonic()
    delivery = stage.person("alice").command(TEXT, CHANNEL)
    workspace.wait_for(answered, ANSWER_SECONDS, "the answer")
    return Timing(delivery.ack_seconds, time.monotonic() - began)
