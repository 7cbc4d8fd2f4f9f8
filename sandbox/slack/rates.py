"""How often Slack lets an app call: so often a minute by method, and about a message a second in a channel.

Slack promises the rate and tolerates short bursts, without saying how long ones; here they are as short as it takes
for one request and its answer. Only the method that was called too often is blocked, for the seconds of Retry-After.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """``per_minute`` calls on the average; ``burst`` of them at once."""

    per_minute: int
    burst: int


TIER_2, TIER_3, TIER_4 = Rate(20, 20), Rate(50, 50), Rate(100, 100)
SEVERAL_HUNDRED = Rate(300, 60)
METHODS = {
    "auth.test": TIER_4,
    "assistant.threads.setStatus": Rate(600, 600),
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": SEVERAL_HUNDRED,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
"""By method, for the whole workspace."""
PLACES = {"chat.postMessage": Rate(60, 5), "response_url": Rate(60, 5)}
"""Beside that, in one channel or at one address."""


@dataclass(slots=True)
class _Bucket:
    """Holds a call for each that may be made at once; every call takes one out, time puts them back."""

    left: float
    looked: float


class Rates:
    """Counts the calls of one app in one workspace."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def seconds_to_wait(self, method: str, place: str = "") -> float:
        """Count a call; 0 when it may be made, else how long it is too early. ``place`` is its channel or address."""
        with self._lock:
            limited = (((method, ""), METHODS.get(method)), ((method, f"in {place}"), PLACES.get(method)))
            limits = {name: rate for name, rate in limited if rate}
            early = max((self._early(name, rate) for name, rate in limits.items()), default=0.0)
            if not early:
                for name in limits:
                    self._buckets[name].left -= 1
            return early

    def _early(self, name: tuple[str, str], rate: Rate) -> float:
        """How long until a call may be taken out."""
        now = self._clock()
        bucket = self._buckets.setdefault(name, _Bucket(rate.burst, now))
        a_second = rate.per_minute / 60
        bucket.left = min(rate.burst, bucket.left + (now - bucket.looked) * a_second)
        bucket.looked = now
        return 0.0 if bucket.left >= 1 else (1 - bucket.left) / a_second
