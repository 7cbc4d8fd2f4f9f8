"""The numbers of a report in ORC or Parquet, from the end of its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workflow_steps.inventory_footers import GUESS, Counted, of_orc, of_parquet

REPORTS = Path(__file__).parent / "reports"
ORC, PARQUET = (REPORTS / "three.orc").read_bytes(), (REPORTS / "three.parquet").read_bytes()


def ending(content: bytes) -> Callable[[int], bytes]:
    return lambda length: content[-length:]


def test_orc_says_how_many_rows_and_what_they_come_to() -> None:
    assert of_orc(ending(ORC)) == Counted(3, 3072)


def test_parquet_says_how_many_rows() -> None:
    assert of_parquet(ending(PARQUET)) == Counted(3, None)


@pytest.mark.parametrize(("read", "content", "counted"), [(of_orc, ORC, 3), (of_parquet, PARQUET, 3)])
def test_a_footer_that_is_longer_than_was_thought_is_read_again(
    read: Callable[[Callable[[int], bytes]], Counted], content: bytes, counted: int
) -> None:
    asked: list[int] = []

    def tail(length: int) -> bytes:
        asked.append(length)
        return content[-100:] if length == GUESS else content[-length:]

    assert read(tail).objects == counted
    assert len(asked) == 2


@pytest.mark.parametrize("read", [of_orc, of_parquet])
def test_what_is_no_such_file_is_refused(read: Callable[[Callable[[int], bytes]], Counted]) -> None:
    other = PARQUET if read is of_orc else ORC
    own = ORC if read is of_orc else PARQUET
    for content in (b"", b"short", b"\0" * 1000, other, own[-60:]):
        with pytest.raises(ValueError, match=r"file|cut off|missing|bytes"):
            read(ending(content))
