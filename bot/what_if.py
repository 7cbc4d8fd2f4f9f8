"""What a lifecycle rule would do to the files that are there now: counted in one pass. Pure: no AWS.

S3 adds a rule's days to the time at which a file was written and rounds up to the next midnight UTC; a file that is due
to be moved and deleted is deleted. Of a versioned bucket only the present versions are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.lifecycle import COLDER, SMALLEST_MOVED
from bot.storage_prices import Prices

MOST_FILES = 20_000
SOON_DAYS = 7
SAMPLES = 3
CHECK_TIME_EVERY = 1000
"""As many files as S3 puts on a page."""
STANDARD = "STANDARD"


@dataclass(slots=True)
class Tally:
    """Some files."""

    files: int = 0
    size: int = 0

    def add(self, size: int) -> None:
        """One more."""
        self.files += 1
        self.size += size


@dataclass(slots=True)
class WhatIf:
    """What the listing came to."""

    matching: Tally = field(default_factory=Tally)
    moving: Tally = field(default_factory=Tally)
    """Old enough and large enough to be moved the next time that S3 acts."""
    too_small: int = 0
    """Files that are old enough to be moved, and too small."""
    expiring: Tally = field(default_factory=Tally)
    """Deleted within ``SOON_DAYS`` days."""
    freed: Counter[str] = field(default_factory=Counter)
    """Bytes of these by storage class, as it is when they are deleted."""
    samples: list[str] = field(default_factory=list)
    """Keys of some that would be deleted soon, else moved, else of any."""
    complete: bool = True

    def moving_costs(self, prices: Prices) -> float:
        """Dollars, once."""
        return prices.transition_to_ia * self.moving.files / 1000

    def moving_saves(self, prices: Prices) -> float:
        """Dollars a month, as long as the files are there."""
        return prices.month(STANDARD, self.moving.size) - prices.month(COLDER, self.moving.size)

    def deleting_saves(self, prices: Prices) -> float:
        """Dollars a month, from the classes whose price is known."""
        return sum(prices.month(storage, size) for storage, size in self.freed.items())

    def unpriced(self, prices: Prices) -> list[str]:
        """Storage classes of files to be deleted whose price is not known."""
        return sorted(set(self.freed) - set(prices.storage))


def what_if(
    objects: Iterable[Mapping[str, Any]],
    parameters: Mapping[str, Any],
    now: datetime,
    *,
    most: int = MOST_FILES,
    in_time: Callable[[], bool] = lambda: True,
) -> WhatIf:
    """Count a listing, up to a number of files and while there is time."""
    found, samples = WhatIf(), _Samples()
    moved, gone = parameters.get("transition_days"), parameters.get("expiration_days")
    for each in objects:
        if found.matching.files >= most or (found.matching.files % CHECK_TIME_EVERY == 0 and not in_time()):
            found.complete = False
            break
        written, size, storage = each["LastModified"], each["Size"], each.get("StorageClass", STANDARD)
        found.matching.add(size)
        deleted_at = due(written, gone)
        moves = storage == STANDARD and due(written, moved) <= now < deleted_at
        if moves and size >= SMALLEST_MOVED:
            found.moving.add(size)
            storage = COLDER
        elif moves:
            found.too_small += 1
        expires = deleted_at <= now + timedelta(days=SOON_DAYS)
        if expires:
            found.expiring.add(size)
            found.freed[storage] += size
        samples.add(str(each["Key"]), expires=expires, moves=storage == COLDER and moves)
    found.samples = samples.best()
    return found


def due(written: datetime, days: int | None) -> datetime:
    """When S3 does to a file what a rule says for so many days; never, when it says nothing."""
    if not days:
        return datetime.max.replace(tzinfo=UTC)
    after = written.astimezone(UTC) + timedelta(days=days)
    midnight = datetime.combine(after.date(), time(), UTC)
    return midnight if after == midnight else midnight + timedelta(days=1)


class _Samples:
    """The first few keys of each kind."""

    def __init__(self) -> None:
        self._kinds: tuple[list[str], list[str], list[str]] = ([], [], [])

    def add(self, key: str, *, expires: bool, moves: bool) -> None:
        keys = self._kinds[0 if expires else 1 if moves else 2]
        if len(keys) < SAMPLES:
            keys.append(key)

    def best(self) -> list[str]:
        return next((keys for keys in self._kinds if keys), [])
