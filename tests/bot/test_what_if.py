"""What a rule would do to a listing: counted by the days of S3, priced by the table of the seeds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import storage_prices
from bot.what_if import Tally, WhatIf, due, what_if

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
KB, MB, GB = 1024, 1024**2, 1024**3
USUAL = {"prefix": "logs/", "transition_days": 30, "expiration_days": 365}


def file(key: str, days: float, size: int = MB, storage: str = "STANDARD") -> dict[str, Any]:
    """A file as a listing has it, written so many days ago."""
    return {"Key": key, "Size": size, "LastModified": NOW - timedelta(days=days), "StorageClass": storage}


def count(*files: dict[str, Any], **more: Any) -> WhatIf:
    return what_if(files, USUAL, NOW, **more)


@pytest.mark.parametrize(
    ("written", "days", "then"),
    [
        ("2014-01-15T10:30:00+00:00", 3, "2014-01-19T00:00:00+00:00"),  # the example of the S3 user guide
        ("2014-01-15T00:00:00+00:00", 3, "2014-01-18T00:00:00+00:00"),
        ("2014-01-15T23:30:00-05:00", 1, "2014-01-18T00:00:00+00:00"),
    ],
)
def test_s3_adds_the_days_and_rounds_up_to_midnight(written: str, days: int, then: str):
    assert due(datetime.fromisoformat(written), days) == datetime.fromisoformat(then)


def test_files_are_counted_by_what_becomes_of_them():
    found = count(
        file("young", 1, 5 * MB),
        file("old", 40, 3 * MB),
        file("old-and-small", 40, 127 * KB),
        file("old-and-just-large-enough", 40, 128 * KB),
        file("gone-next-week", 360, 7 * MB),
        file("overdue", 500, 11 * MB),
    )

    assert found.matching == Tally(6, 26 * MB + 255 * KB)
    assert found.moving == Tally(3, 10 * MB + 128 * KB)
    assert found.too_small == 1
    assert found.expiring == Tally(2, 18 * MB)
    assert found.freed == {"STANDARD_IA": 7 * MB, "STANDARD": 11 * MB}
    assert found.complete


def test_what_lies_in_another_class_already_does_not_move():
    found = count(*(file("a", 40, MB, each) for each in ("STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER")))

    assert found.moving == Tally()
    assert found.too_small == 0


def test_without_an_expiration_nothing_is_deleted_and_without_a_transition_nothing_is_moved():
    files = [file("a", 4000)]

    only_moved = what_if(files, {"prefix": "", "transition_days": 400}, NOW)
    only_deleted = what_if(files, {"prefix": "", "expiration_days": 7}, NOW)

    assert (only_moved.moving.files, only_moved.expiring.files, only_moved.first_deleted) == (1, 0, None)
    assert (only_deleted.moving.files, only_deleted.expiring.files) == (0, 1)


def test_the_days_of_the_first_ones_to_come_are_known():
    found = count(file("younger", 1), file("older", 10.25), file("small", 20, KB))

    assert found.first_moved == datetime(2026, 12, 13, tzinfo=UTC)
    assert found.first_deleted == datetime(2027, 11, 3, tzinfo=UTC)


def test_the_samples_are_of_what_is_lost_soonest():
    everything = [file("young", 1), *(file(f"old-{n}", 40) for n in range(5)), file("gone", 400)]

    assert count(*everything).samples == ["gone"]
    assert count(*everything[:-1]).samples == ["old-0", "old-1", "old-2"]
    assert count(everything[0]).samples == ["young"]
    assert count().samples == []


def test_no_more_is_counted_than_was_asked_for_and_it_says_so():
    files = [file(str(n), 40) for n in range(11)]

    assert count(*files, most=10).matching.files == 10
    assert not count(*files, most=10).complete
    assert count(*files, most=11).complete


def test_counting_ends_with_the_page_when_the_time_is_over():
    clock = iter([True, True, False])

    found = count(*(file(str(n), 40) for n in range(5000)), in_time=lambda: next(clock))

    assert found.matching.files == 2000
    assert not found.complete


def test_what_it_costs_and_saves_at_the_prices_of_ireland():
    prices = storage_prices.of("eu-west-1")
    assert prices is not None
    found = count(*(file(str(n), 40, GB) for n in range(2000)), file("gone", 400, 100 * GB))

    assert round(found.moving_costs(prices), 4) == 0.02  # 2,000 × $0.01 a thousand
    assert round(found.moving_saves(prices), 4) == 21.0  # 2,000 GB × ($0.023 − $0.0125)
    assert round(found.deleting_saves(prices), 4) == 2.3  # 100 GB × $0.023


def test_a_class_without_a_price_is_named():
    prices = storage_prices.of("us-east-1")
    assert prices is not None
    found = count(file("a", 400, GB, "INTELLIGENT_TIERING"), file("b", 400, GB, "GLACIER"))

    assert found.unpriced(prices) == ["INTELLIGENT_TIERING"]
    assert round(found.deleting_saves(prices), 4) == 0.0036


def test_a_region_that_is_not_in_the_table_has_no_prices():
    assert storage_prices.of("ap-southeast-7") is None


@pytest.mark.parametrize(
    ("amount", "said"),
    [(0, "nothing"), (0.00002, "less than a cent"), (0.02, "$0.02"), (1204.5, "$1,204.50")],
)
def test_amounts_are_said_as_on_a_bill(amount: float, said: str):
    assert storage_prices.dollars(amount) == said
