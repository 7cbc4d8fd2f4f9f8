"""Summing up a listing."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from workflow_steps import listing
from workflow_steps.listing import Summary, summarize

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def file(key: str, size: int = 1, modified: datetime = JANUARY, storage: str = "STANDARD") -> dict[str, Any]:
    return {"Key": key, "Size": size, "LastModified": modified, "StorageClass": storage}


def test_an_empty_listing_is_an_empty_summary():
    assert summarize([]) == Summary()


def test_files_are_counted_by_class_with_the_oldest_and_the_newest():
    found = summarize([file("a", 10), file("b", 5, JUNE, "GLACIER"), file("c", 1)])

    assert (found.objects, found.size) == (3, 16)
    assert found.classes == {"STANDARD": (2, 11), "GLACIER": (1, 5)}
    assert (found.oldest, found.newest) == (JANUARY, JUNE)
    assert found.complete


def test_the_five_largest_folders_come_first_and_loose_files_count_as_one():
    keys = ["a.txt", "b/1", "b/2/3", "c.txt", "d/1", "e/1", "f/1", "g/1"]
    sizes = [4, 10, 10, 5, 3, 2, 1, 7]

    found = summarize(file(key, size) for key, size in zip(keys, sizes, strict=True))

    assert found.largest == [(20, 2, "b/"), (9, 2, "(in no folder)"), (7, 1, "g/"), (3, 1, "d/"), (2, 1, "e/")]


def test_below_a_prefix_the_folders_are_those_below_it():
    found = summarize([file("logs/2025/a", 1), file("logs/2026/a", 2), file("logs/x", 4)], prefix="logs/")

    assert [name for _, _, name in found.largest] == ["logs/", "logs/2026/", "logs/2025/"]


def test_a_listing_is_cut_off_at_the_bound_and_when_time_is_over():
    by_number = summarize([file("a"), file("b"), file("c")], most=2)
    by_time = summarize([file("a")], in_time=lambda: False)

    assert (by_number.objects, by_number.complete) == (2, False)
    assert (by_time.objects, by_time.complete) == (0, False)


def test_a_listing_that_just_fits_is_complete():
    assert summarize([file("a"), file("b")], most=2).complete


def test_the_memory_does_not_grow_with_the_listing():
    assert kept_at_the_end_of(20_000) < 2 * kept_at_the_end_of(100)


def kept_at_the_end_of(objects: int) -> int:
    """Bytes that are still held when the last object was read, of what was allocated here and in the listing.

    Not of the whole process, in which other threads may run.
    """
    held = 0

    def listed() -> Iterator[dict[str, Any]]:
        nonlocal held
        yield from (file(f"{number:09d}/x") for number in range(objects))
        here = [tracemalloc.Filter(inclusive=True, filename_pattern=name) for name in (__file__, listing.__file__)]
        traces = tracemalloc.take_snapshot().filter_traces(here).traces
        held = sum(trace.size for trace in traces)

    tracemalloc.start()
    try:
        listing.summarize(listed())
    finally:
        tracemalloc.stop()
    return held
