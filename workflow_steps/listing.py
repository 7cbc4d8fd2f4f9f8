"""What a listing of a bucket comes to, at a memory that does not grow with it. Pure: no AWS."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MOST_OBJECTS = 1_000_000
LARGEST = 5
"""How many folders are named."""
CHECK_TIME_EVERY = 1000
"""As many objects as S3 puts on a page."""


@dataclass(slots=True)
class Summary:
    """What a listing came to, at a memory that does not grow with it."""

    objects: int = 0
    size: int = 0
    classes: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Storage class to objects and bytes."""
    oldest: datetime | None = None
    newest: datetime | None = None
    largest: list[tuple[int, int, str]] = field(default_factory=list)
    """Bytes, objects and name of the largest folders, the largest first."""
    complete: bool = True


def summarize(
    objects: Iterable[Mapping[str, Any]],
    *,
    prefix: str = "",
    most: int = MOST_OBJECTS,
    in_time: Callable[[], bool] = lambda: True,
) -> Summary:
    """Sum up a listing in the order of its keys, up to a number of objects and while there is time.

    Keys of one folder follow each other, so only the folder at hand and the largest so far are kept. Only the files
    that are in none lie scattered.
    """
    summary, loose, folder = Summary(), _Folder(prefix or "(in no folder)"), _Folder("")
    largest: list[tuple[int, int, str]] = []
    for each in objects:
        if summary.objects >= most or (summary.objects % CHECK_TIME_EVERY == 0 and not in_time()):
            summary.complete = False
            break
        name = _folder(str(each["Key"]), prefix)
        if name and name != folder.name:
            folder.end(largest)
            folder = _Folder(name)
        (folder if name else loose).add(each["Size"])
        _add(summary, each)
    folder.end(largest)
    loose.end(largest)
    summary.largest = sorted(largest, reverse=True)
    return summary


@dataclass(slots=True)
class _Folder:
    """The folder that the listing is in."""

    name: str
    objects: int = 0
    size: int = 0

    def add(self, size: int) -> None:
        self.objects += 1
        self.size += size

    def end(self, largest: list[tuple[int, int, str]]) -> None:
        if not self.objects:
            return
        heapq.heappush(largest, (self.size, self.objects, self.name))
        if len(largest) > LARGEST:
            heapq.heappop(largest)


def _add(summary: Summary, each: Mapping[str, Any]) -> None:
    summary.objects += 1
    summary.size += each["Size"]
    storage = each.get("StorageClass", "STANDARD")
    count, total = summary.classes.get(storage, (0, 0))
    summary.classes[storage] = (count + 1, total + each["Size"])
    changed = each["LastModified"]
    if summary.oldest is None or changed < summary.oldest:
        summary.oldest = changed
    if summary.newest is None or changed > summary.newest:
        summary.newest = changed


def _folder(key: str, prefix: str) -> str:
    head, slash, _ = key[len(prefix) :].partition("/")
    return f"{prefix}{head}/" if slash else ""
