"""Which words of error lines are values, seen in many of them."""

from __future__ import annotations

import random
import time

import pytest

from workflow_steps.log_grouping import merged, named

USERS = ("alice", "bob", "carol", "dave", "erin")


def kinds(*messages: str) -> set[str]:
    return set(named(messages).values())


def test_a_place_at_which_five_words_stood_is_a_value():
    lines = [f"ERROR login of user {user} was refused" for user in USERS]

    assert kinds(*lines) == {"login of user <word> was refused"}
    assert len(kinds(*lines[:4])) == 4


def test_two_with_placeholders_are_enough_and_three_with_digits_or_punctuation():
    assert kinds("volume data-17 is lost", "volume i-88 is lost") == {"volume <word> is lost"}
    assert kinds("the disk xa1 is lost now", "the disk xb2 is lost now", "the disk y-z is lost now") == {
        "the disk <word> is lost now"
    }
    assert len(kinds("the disk xa1 is lost now", "the disk xb2 is lost now")) == 2


def test_what_has_little_in_common_is_not_one_kind():
    """Five words are five errors where nearly nothing else is said."""
    assert len(kinds(*[f"{what} failed" for what in ("payment", "import", "login", "upload", "refund")])) == 5


def test_the_type_of_an_error_and_a_status_are_no_values():
    types = ("KeyError", "ValueError", "TypeError", "IndexError", "OSError")
    requests = [
        f'10.0.0.1 - - [22/Nov/2026:10:00:00 +0000] "GET /a/b HTTP/1.1" {status} 7 ' for status in range(500, 506)
    ]

    assert len(kinds(*[f"{each}: no such order in the table" for each in types])) == 5
    assert len(kinds(*requests)) == 6


def test_a_word_that_stands_twice_is_one_value_also_within_other_words():
    lines = [f"consumer-{user}-7 of group {user} lost its lease again" for user in USERS]

    assert kinds(*lines) == {"consumer-<word>-<n> of group <word> lost its lease again"}


def test_several_values_at_once_are_found_and_a_rare_pair_of_them_with_the_others():
    tables = ("orders", "carts", "prices", "stock", "users")
    lines = [f"could not lock table {table} for {user}" for table in tables for user in USERS]

    assert kinds(*lines, "could not lock table audit for zoe") == {"could not lock table <word> for <word>"}


def test_a_long_word_where_ids_stand_is_an_id():
    assert kinds("coupon k2Fq8ZtR0xWv4LmP expired", "coupon kQFqbZtRcxWvdLmP expired") == {"coupon <word> expired"}


def test_the_order_of_the_lines_changes_nothing():
    lines = [
        f"login of user {user} from {place} was refused" for user in USERS for place in ("a", "b", "c", "d-1", "e.f")
    ]
    shuffled = random.Random(1).sample(lines, len(lines))

    assert named(lines) == named(shuffled)


@pytest.mark.parametrize("words", [12, 80])
def test_lines_that_have_nothing_in_common_are_compared_quickly(words: int):
    choose = random.Random(1)
    lines = [" ".join("".join(choose.choices("abcdefgh", k=5)) for _ in range(words)) for _ in range(500)]

    started = time.thread_time()
    assert len(set(merged(lines).values())) == 500

    assert time.thread_time() - started < 2
