"""What a thread remembers, in memory and in DynamoDB alike."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bot.conversations import Conversations, DynamoConversations, InMemoryConversations, ThreadKey, Waiting
from bot.errors import AlreadyDone, BotError, Expired, NotYours
from bot.models import Intent, Listed, Request, Undo
from tests.tables import moto_tables

NOON = 1_800_000_000.0
ALICE = ThreadKey("T0LOCAL", "C0OPS", "1800000000.000100", "U0ALICE")
BOB = replace(ALICE, user="U0BOB")
LIST = Intent("s3.list_files", "s3.list_files", missing=("bucket",))
DELETE = Intent("s3.delete_file", "s3.delete_file", {"key": "ä b/“c”.csv", "bucket": "my-bucket"}, source="model")
CLEAN = Intent("lifecycle_management", "workflow.run", {"bucket": "logs", "transition_days": 30})
REQUEST = Request("T0LOCAL#C0OPS#1800000000.000100", "mention", "T0LOCAL", "C0OPS", "U0ALICE", "delete it")


@pytest.fixture(params=["memory", "dynamodb"])
def conversations(request: pytest.FixtureRequest):
    if request.param == "memory":
        yield InMemoryConversations()
        return
    with moto_tables("Conversations") as client:
        yield DynamoConversations(client, "Conversations")


def test_a_new_thread_is_empty(conversations: Conversations):
    thread = conversations.thread(ALICE, NOON)

    assert (thread.open, thread.settled, thread.lapsed, thread.expires_at) == (None, None, None, 0.0)


def test_a_question_is_open_for_fifteen_minutes(conversations: Conversations):
    conversations.ask(ALICE, LIST, NOON)

    assert conversations.thread(ALICE, NOON + 899).open == LIST
    assert conversations.thread(ALICE, NOON + 899).expires_at == NOON + 900
    assert conversations.thread(ALICE, NOON + 900).open is None
    assert conversations.thread(ALICE, NOON + 900).lapsed == LIST


def test_a_question_belongs_to_the_person_who_was_asked(conversations: Conversations):
    conversations.ask(ALICE, LIST, NOON)

    assert conversations.thread(BOB, NOON).open is None


@pytest.mark.parametrize("other", [{"thread": "1800000000.000200"}, {"channel": "C0DEV"}, {"team": "T0OTHER"}])
def test_a_question_belongs_to_its_thread(conversations: Conversations, other: dict[str, str]):
    conversations.ask(ALICE, LIST, NOON)

    assert conversations.thread(replace(ALICE, **other), NOON).open is None


def test_two_people_have_a_question_each_in_one_thread(conversations: Conversations):
    conversations.ask(ALICE, LIST, NOON)
    conversations.ask(BOB, DELETE, NOON)
    conversations.close(ALICE)

    assert conversations.thread(ALICE, NOON).open is None
    assert conversations.thread(BOB, NOON).open == DELETE


def test_a_new_question_replaces_the_one_that_was_open(conversations: Conversations):
    conversations.ask(ALICE, LIST, NOON)
    conversations.ask(ALICE, DELETE, NOON + 600)

    assert conversations.thread(ALICE, NOON + 1400).open == DELETE


def test_settling_closes_the_question_and_keeps_the_command_for_a_day(conversations: Conversations):
    conversations.ask(ALICE, LIST, NOON)
    conversations.settle(ALICE, CLEAN, NOON)

    assert conversations.thread(ALICE, NOON + 1).open is None
    assert conversations.thread(ALICE, NOON + 86_399).settled == CLEAN
    assert conversations.thread(ALICE, NOON + 86_400).settled is None


def test_asking_and_closing_keep_what_was_settled(conversations: Conversations):
    conversations.settle(ALICE, CLEAN, NOON)
    conversations.ask(ALICE, LIST, NOON)

    assert conversations.thread(ALICE, NOON).settled == CLEAN

    conversations.close(ALICE)

    assert conversations.thread(ALICE, NOON).settled == CLEAN
    assert conversations.thread(ALICE, NOON).open is None


def test_a_list_may_be_pointed_at_for_a_day_whatever_is_said_in_between(conversations: Conversations):
    listed = Listed("key", ("ä b/“c”.csv", "d.csv"), {"bucket": "logs"})
    conversations.show(ALICE, Listed("bucket", ("logs",)), NOON - 60)
    conversations.show(ALICE, listed, NOON)
    conversations.ask(ALICE, LIST, NOON)
    conversations.settle(ALICE, CLEAN, NOON)
    conversations.close(ALICE)

    assert conversations.thread(ALICE, NOON + 86_399).listed == listed
    assert conversations.thread(ALICE, NOON + 86_400).listed is None
    assert conversations.thread(BOB, NOON).listed is None


def test_how_a_command_is_undone_is_known_as_long_as_the_command(conversations: Conversations):
    undo = Undo("Deleting the copy takes it back.", command='delete "ä.csv" from my-bucket')
    conversations.settle(ALICE, CLEAN, NOON, undo=undo)
    conversations.ask(ALICE, LIST, NOON)
    conversations.close(ALICE)

    assert conversations.thread(ALICE, NOON + 86_399).undo == undo
    assert conversations.thread(ALICE, NOON + 86_400).undo is None

    conversations.settle(ALICE, LIST, NOON)

    assert conversations.thread(ALICE, NOON).undo is None


def test_values_come_back_as_they_went_in(conversations: Conversations):
    conversations.ask(ALICE, CLEAN, NOON)

    found = conversations.thread(ALICE, NOON).open

    assert found is not None
    assert found.parameters == {"bucket": "logs", "transition_days": 30}
    assert type(found.parameters["transition_days"]) is int


def test_the_bot_listens_only_in_threads_in_which_it_has_spoken(conversations: Conversations):
    elsewhere = replace(ALICE, thread="1800000000.000900")
    conversations.ask(ALICE, LIST, NOON)

    assert conversations.owned(ALICE)
    assert conversations.owned(BOB), "whoever writes there"
    assert not conversations.owned(elsewhere)

    conversations.own(elsewhere, NOON)

    assert conversations.owned(elsewhere)


def test_closing_where_nothing_is_open_does_not_make_the_thread_the_bots(conversations: Conversations):
    conversations.close(ALICE)

    assert not conversations.owned(ALICE)


def test_a_held_command_is_taken_once(conversations: Conversations):
    held = conversations.hold(DELETE, REQUEST, NOON)

    taken = conversations.take(held, "U0ALICE", NOON + 299)

    assert (taken.id, taken.intent, taken.request, taken.expires_at) == (held, DELETE, REQUEST, NOON + 300)
    with pytest.raises(AlreadyDone, match="confirmed before"):
        conversations.take(held, "U0ALICE", NOON + 299)


def test_a_held_command_expires(conversations: Conversations):
    held = conversations.hold(DELETE, REQUEST, NOON)

    with pytest.raises(Expired):
        conversations.take(held, "U0ALICE", NOON + 300)
    with pytest.raises(Expired):
        conversations.cancel(held, "U0ALICE", NOON + 300)


def test_a_late_second_click_is_told_that_it_ran(conversations: Conversations):
    held = conversations.hold(DELETE, REQUEST, NOON)
    conversations.take(held, "U0ALICE", NOON)

    with pytest.raises(AlreadyDone):
        conversations.take(held, "U0ALICE", NOON + 400)


def test_somebody_elses_click_changes_nothing(conversations: Conversations):
    held = conversations.hold(DELETE, REQUEST, NOON)

    for answer in (conversations.take, conversations.cancel):
        with pytest.raises(NotYours):
            answer(held, "U0BOB", NOON)

    assert conversations.take(held, "U0ALICE", NOON).intent == DELETE


def test_a_cancelled_command_cannot_be_taken(conversations: Conversations):
    held = conversations.hold(DELETE, REQUEST, NOON)

    assert conversations.cancel(held, "U0ALICE", NOON).intent == DELETE
    with pytest.raises(AlreadyDone, match="cancelled before"):
        conversations.take(held, "U0ALICE", NOON)


def test_a_withdrawn_command_cannot_be_taken_and_a_redelivery_withdraws_it_again(conversations: Conversations):
    held = conversations.hold(DELETE, REQUEST, NOON)

    for _ in range(2):
        assert conversations.withdraw(held, "U0ALICE", NOON, by="message-2").intent == DELETE
    with pytest.raises(Expired, match="replaced by what you said after it"):
        conversations.take(held, "U0ALICE", NOON)


def test_a_thread_knows_the_message_with_the_button_as_long_as_it_may_be_pressed(conversations: Conversations):
    waiting = Waiting(conversations.hold(DELETE, REQUEST, NOON), "1800000000.000300")
    conversations.settle(ALICE, DELETE, NOON, waiting)

    assert conversations.thread(ALICE, NOON + 299).waiting == (waiting,)
    assert conversations.thread(ALICE, NOON + 300).waiting == ()


def test_a_taken_command_cannot_be_cancelled(conversations: Conversations):
    held = conversations.hold(DELETE, REQUEST, NOON)
    conversations.take(held, "U0ALICE", NOON, by="trigger-1")

    with pytest.raises(AlreadyDone):
        conversations.cancel(held, "U0ALICE", NOON, by="trigger-1")


def test_a_button_of_nowhere_is_over(conversations: Conversations):
    with pytest.raises(Expired):
        conversations.take("0" * 24, "U0ALICE", NOON)


def test_the_click_that_took_it_gets_it_again_when_redelivered(conversations: Conversations):
    """The worker may die after taking and before acting: the queue brings the same click again."""
    held = conversations.hold(DELETE, REQUEST, NOON)
    conversations.take(held, "U0ALICE", NOON + 299, by="trigger-1")

    assert conversations.take(held, "U0ALICE", NOON + 360, by="trigger-1").intent == DELETE
    with pytest.raises(AlreadyDone):
        conversations.take(held, "U0ALICE", NOON + 299, by="trigger-2")
    with pytest.raises(NotYours):
        conversations.take(held, "U0BOB", NOON + 299, by="trigger-1")


def test_a_redelivered_request_does_not_arm_its_button_again(conversations: Conversations):
    first = conversations.hold(DELETE, REQUEST, NOON)
    conversations.take(first, "U0ALICE", NOON)

    again = conversations.hold(DELETE, REQUEST, NOON + 1)

    assert again == first
    with pytest.raises(AlreadyDone):
        conversations.take(again, "U0ALICE", NOON + 1)


def test_whom_the_bot_met_is_known_for_a_day_and_nobody_else(conversations: Conversations):
    conversations.meet(ALICE, NOON)

    assert conversations.thread(ALICE, NOON + 1).met
    assert conversations.owned(ALICE)
    assert not conversations.thread(BOB, NOON + 1).met
    assert not conversations.thread(ALICE, NOON + 24 * 3600 + 1).met


def test_two_commands_of_one_request_are_held_apart(conversations: Conversations):
    first = conversations.hold(DELETE, REQUEST, NOON)
    conversations.take(first, "U0ALICE", NOON)

    assert conversations.take(conversations.hold(CLEAN, REQUEST, NOON), "U0ALICE", NOON).intent == CLEAN


def test_a_request_that_comes_again_is_held_once_whatever_was_named_meanwhile(conversations: Conversations):
    first = conversations.hold(DELETE, REQUEST, NOON)

    assert conversations.hold(replace(DELETE, named={"bucket": ("acme-a", "acme-b")}), REQUEST, NOON + 1) == first


def test_several_commands_wait_until_their_buttons_are_pressed(conversations: Conversations):
    first = Waiting(conversations.hold(DELETE, REQUEST, NOON), "17.1")
    second = Waiting(conversations.hold(CLEAN, REQUEST, NOON), "17.2")
    conversations.settle(ALICE, DELETE, NOON, first)
    conversations.settle(ALICE, CLEAN, NOON + 1, second)
    conversations.settle(ALICE, CLEAN, NOON + 1, second)  # a redelivery
    assert conversations.thread(ALICE, NOON + 2).was_held == second.held
    conversations.settle(ALICE, LIST, NOON + 2)
    conversations.close(ALICE)

    assert conversations.thread(ALICE, NOON + 3).waiting == (first, second)
    assert conversations.thread(ALICE, NOON + 3).was_held == ""

    conversations.take(first.held, "U0ALICE", NOON + 4)
    assert conversations.thread(ALICE, NOON + 5).waiting == (second,)
    conversations.withdraw(second.held, "U0ALICE", NOON + 6)
    assert conversations.thread(ALICE, NOON + 7).waiting == ()


def test_what_was_named_is_kept_with_the_last_command(conversations: Conversations):
    conversations.settle(ALICE, replace(DELETE, named={"bucket": ["acme-a", "acme-b"]}), NOON)

    settled = conversations.thread(ALICE, NOON + 1).settled

    assert settled is not None
    assert settled.named == {"bucket": ["acme-a", "acme-b"]}


def test_of_many_takers_at_once_one_wins(conversations: Conversations):
    held = conversations.hold(DELETE, REQUEST, NOON)
    outcomes: list[str] = []
    start = threading.Barrier(8)

    def click(number: int) -> None:
        start.wait()
        try:
            conversations.take(held, "U0ALICE", NOON, by=f"trigger-{number}")
            outcomes.append("taken")
        except BotError as error:
            outcomes.append(type(error).__name__)

    clicks = [threading.Thread(target=click, args=(number,)) for number in range(8)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()

    assert sorted(outcomes) == ["AlreadyDone"] * 7 + ["taken"]


def test_a_page_is_kept_for_an_hour_and_may_be_turned_again(conversations: Conversations):
    page = conversations.keep_page(LIST, {"token": "1/abc=", "shown": 50}, "U0ALICE", NOON)

    for _ in range(2):
        found = conversations.page(page, "U0ALICE", NOON + 3599)
        assert (found.intent, found.page) == (LIST, {"token": "1/abc=", "shown": 50})
    with pytest.raises(Expired):
        conversations.page(page, "U0ALICE", NOON + 3600)


def test_a_page_belongs_to_its_asker(conversations: Conversations):
    page = conversations.keep_page(LIST, {"token": "x"}, "U0ALICE", NOON)

    with pytest.raises(NotYours):
        conversations.page(page, "U0BOB", NOON)
    with pytest.raises(Expired):
        conversations.page("unknown", "U0BOB", NOON)


def test_every_item_has_a_time_to_live_after_its_last_use():
    with moto_tables("Conversations") as client:
        stored = DynamoConversations(client, "Conversations")
        stored.ask(ALICE, LIST, NOON)
        stored.close(ALICE)
        stored.hold(DELETE, REQUEST, NOON)
        stored.keep_page(LIST, {}, "U0ALICE", NOON)

        items = client.scan(TableName="Conversations")["Items"]

    until = {item["id"]["S"].split("#")[0]: int(item["expires_at"]["N"]) - int(NOON) for item in items}
    assert until == {"thread": 30 * 86_400, "held": 300 + 86_400, "page": 3600 + 86_400}


def test_a_question_of_a_newer_deployment_can_still_be_read():
    with moto_tables("Conversations") as client:
        stored = DynamoConversations(client, "Conversations")
        stored.ask(ALICE, LIST, NOON)
        name = "thread#T0LOCAL#C0OPS#1800000000.000100"
        item = client.get_item(TableName="Conversations", Key={"id": {"S": name}})["Item"]
        text = item["open#U0ALICE"]["S"].replace('{"entry"', '{"mood": "brisk", "entry"')
        assert "brisk" in text
        client.put_item(TableName="Conversations", Item={**item, "open#U0ALICE": {"S": text}})

        assert stored.thread(ALICE, NOON).open == LIST


def test_what_a_former_version_kept_of_a_button_is_left_alone() -> None:
    with moto_tables("Conversations") as client:
        conversations = DynamoConversations(client, "Conversations")
        conversations.settle(ALICE, CLEAN, NOON)
        former = {"S": '{"until": 1900000000, "id": "held-1", "at": "17.1"}'}
        (thread,) = client.scan(TableName="Conversations")["Items"]
        client.put_item(TableName="Conversations", Item={**thread, f"held#{ALICE.user}": former})

        assert conversations.thread(ALICE, NOON + 1).settled == CLEAN
        assert conversations.thread(ALICE, NOON + 1).waiting == ()
