"""Groups grant accesses; what nobody granted is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.authorize import authorize, groups_of, may
from bot.config import Settings
from bot.errors import NotAllowed
from bot.models import Access, Entry, Group, Request

READ = Entry("s3.list_files", "s3", "List files", "", effect="read", access="read")
WRITE = Entry("s3.copy_file", "s3", "Copy a file", "", effect="write", access="write")
DESTROY = Entry("s3.delete_file", "s3", "Delete a file", "", effect="destroy", access="destroy")
ACCESS = Access(
    default="viewer",
    groups=(
        Group("viewer", ("read",)),
        Group("operator", ("read", "write"), ("U0SEEDED",)),
        Group("admin", ("read", "write", "destroy")),
    ),
)
SETTINGS = Settings(viewers=("U0CAROL",), operators=("U0BOB",), admins=("U0ALICE",))


def asks(user: str, **more: bool) -> Request:
    return Request("id", "command", "T0LOCAL", "C0OPS", user, **more)


@pytest.mark.parametrize(
    ("user", "allowed"),
    [
        ("U0ALICE", [True, True, True]),
        ("U0BOB", [True, True, False]),
        ("U0SEEDED", [True, True, False]),
        ("U0CAROL", [True, False, False]),
        ("U0STRANGER", [True, False, False]),
        ("", [True, False, False]),
    ],
)
def test_each_group_may_what_it_was_granted(user: str, allowed: list[bool]):
    assert [may(entry, asks(user), ACCESS, SETTINGS) for entry in (READ, WRITE, DESTROY)] == allowed


def test_people_from_elsewhere_only_read_whatever_list_they_are_in():
    outsider = asks("U0ALICE", external=True)

    assert [may(entry, outsider, ACCESS, SETTINGS) for entry in (READ, WRITE, DESTROY)] == [True, False, False]
    assert groups_of(outsider, ACCESS, SETTINGS) == ("viewer",)


def test_people_from_elsewhere_do_not_change_anything_through_an_entry_that_asks_for_read_only():
    mislabelled = replace(WRITE, access="read")

    assert not may(mislabelled, asks("U0BOB", external=True), ACCESS, SETTINGS)


def test_the_refusal_names_the_group_the_need_and_who_may():
    with pytest.raises(NotAllowed) as refused:
        authorize(WRITE, asks("U0CAROL"), ACCESS, SETTINGS)

    assert refused.value.sentence == (
        "“Copy a file” needs write access, which the groups operator and admin have. You are in the group viewer."
    )
    assert refused.value.hint == (
        "Ask an operator or an admin to do it, or whoever runs me to put you into that group."
    )


def test_an_operator_is_told_that_destroying_needs_an_admin():
    with pytest.raises(NotAllowed) as refused:
        authorize(DESTROY, asks("U0BOB"), ACCESS, SETTINGS)

    assert refused.value.sentence == (
        "“Delete a file” needs destroy access, which the group admin has. You are in the group operator."
    )


def test_an_outsider_is_told_why():
    with pytest.raises(NotAllowed) as refused:
        authorize(DESTROY, asks("U0MALLORY", external=True), ACCESS, SETTINGS)

    assert refused.value.sentence == (
        "“Delete a file” needs destroy access, and people from another workspace may only read."
    )
    assert refused.value.hint == "Ask an admin of this workspace."


def test_who_may_is_let_through():
    authorize(DESTROY, asks("U0ALICE"), ACCESS, SETTINGS)


def test_an_access_that_no_group_has_is_refused_to_everybody():
    unknown = replace(READ, access="raed")

    assert not may(unknown, asks("U0ALICE"), ACCESS, SETTINGS)
    with pytest.raises(NotAllowed, match="which no group has"):
        authorize(unknown, asks("U0ALICE"), ACCESS, SETTINGS)


def test_without_a_default_group_strangers_may_nothing():
    strict = replace(ACCESS, default="none")

    assert not may(READ, asks("U0STRANGER"), strict, SETTINGS)
    assert may(READ, asks("U0CAROL"), strict, SETTINGS)


def test_somebody_in_two_groups_has_the_rights_of_both():
    settings = replace(SETTINGS, viewers=("U0BOB",))

    assert groups_of(asks("U0BOB"), ACCESS, settings) == ("viewer", "operator")
    assert may(WRITE, asks("U0BOB"), ACCESS, settings)
