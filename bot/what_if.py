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
NEVER = datetime.max.replace(tzinfo=UTC)


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
    first_moved: datetime | None = None
    """When the first of those will be moved that are not old enough yet."""
    first_deleted: datetime | None = None
    """When the first of those will be deleted that are not deleted soon."""
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
        moved_at, deleted_at = due(written, moved), due(written, gone)
        movable = storage == STANDARD and moved_at < deleted_at and deleted_at > now
        moves = movable and moved_at <= now and size >= SMALLEST_MOVED
        expires = deleted_at <= now + timedelta(days=SOON_DAYS)
        if moves:
            found.moving.add(size)
        elif movable and moved_at <= now:
            found.too_small += 1
        elif movable and size >= SMALLEST_MOVED:
            found.first_moved = _earlier(found.first_moved, moved_at)
        if expires:
            found.expiring.add(size)
            found.freed[COLDER if moves else storage] += size
        else:
            found.first_deleted = _earlier(found.first_deleted, deleted_at)
        samples.add(str(each["Key"]), expires=expires, moves=moves)
    found.samples = samples.best()
    return found


def due(written: datetime, days: int | None) -> datetime:
    """When S3 does to a file what a rule says for so many days; never, when it says nothing."""
    if not days:
        return NEVER
    after = written.astimezone(UTC) + timedelta(days=days)
    midnight = datetime.combine(after.date(), time(), UTC)
    return midnight if after == midnight else midnight + timedelta(days=1)


def _earlier(one: datetime | None, other: datetime) -> datetime | None:
    return one if other == NEVER or (one and one <= other) else other


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
