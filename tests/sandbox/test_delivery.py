"""What people do reaches the bot as Slack would send it: signed, in Slack's shapes, again when it was not taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from sandbox.slack import Bot, Echo, LocalSlack, Person, Workspace
from tests.sandbox.recording_bot import RecordingBot

OPS, ALICE = "C0OPS", "U0ALICE"


@pytest.fixture
def bot(workspace: Workspace, recording_bot: RecordingBot) -> Iterator[Bot]:
    bot = Bot(recording_bot.url, workspace.signing_secret, haste=1000, ack_seconds=0.5)
    yield bot
    bot.close()


@pytest.fixture
def alice(slack: LocalSlack, bot: Bot) -> Person:
    return Person(slack.workspace, bot, slack.url, "alice")


def form(body: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body).items()}


def events(recording_bot: RecordingBot) -> list[dict[str, Any]]:
    return [json.loads(body)["event"] for _, body in recording_bot.requests]


def test_every_delivery_is_signed_as_slack_signs(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    alice.command("list buckets", "ops")

    ((headers, body),) = recording_bot.requests
    assert SignatureVerifier(workspace.signing_secret).is_valid_request(body, headers)
    assert not SignatureVerifier("another").is_valid_request(body, headers)


def test_a_command_carries_its_text_and_two_ways_to_answer(alice: Person, recording_bot: RecordingBot) -> None:
    delivery = alice.command("list files in a&b ", "ops")

    sent = form(recording_bot.requests[0][1])
    assert delivery.acked
    assert (sent["command"], sent["text"], sent["channel_id"], sent["user_id"]) == (
        "/s3agent",
        "list files in a&b",
        OPS,
        ALICE,
    )
    assert sent["response_url"].startswith("http://127.0.0.1:")
    assert sent["trigger_id"].count(".") == 2


def test_a_command_in_a_private_channel_does_not_say_its_name(alice: Person, recording_bot: RecordingBot) -> None:
    alice.command("help", "secret")

    assert form(recording_bot.requests[0][1])["channel_name"] == "privategroup"


def test_slack_tells_the_person_when_a_command_was_not_taken(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    recording_bot.answers = [(0, "", {}), (500, "", {})]
    alice.command("help", "ops")
    alice.command("help", "ops")

    assert [m.text for m in workspace.messages(OPS, reader=ALICE)] == [
        "/s3agent failed with the error “operation_timeout”",
        "/s3agent failed with the error “dispatch_failed”",
    ]


def test_what_the_ack_of_a_command_says_is_shown_to_the_person(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    recording_bot.answers = [(200, "plain words", {}), (200, '{"text": "to all", "response_type": "in_channel"}', {})]
    alice.command("help", "ops")
    alice.command("help", "ops")

    assert [(m.text, m.only_for) for m in workspace.messages(OPS)] == [("plain words", ALICE), ("to all", "")]


def test_a_guest_has_no_command_of_this_workspace(
    slack: LocalSlack, bot: Bot, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    Person(workspace, bot, slack.url, "mallory").command("list buckets", "partners")

    assert recording_bot.requests == []
    assert workspace.messages("C0PARTNERS")[0].text == "/s3agent is not a valid command."


def test_a_mention_arrives_twice_with_different_event_ids(alice: Person, recording_bot: RecordingBot) -> None:
    said = alice.say("@s3agent list buckets", "ops")
    for delivery in said.deliveries:
        assert delivery.result(5).acked

    bodies = [json.loads(body) for _, body in recording_bot.requests]
    assert {body["event"]["type"] for body in bodies} == {"app_mention", "message"}
    assert {body["event"]["ts"] for body in bodies} == {said.message.ts}
    assert bodies[0]["event_id"] != bodies[1]["event_id"]
    assert bodies[0]["event"]["text"] == "<@U0S3AGENT> list buckets"


def test_a_direct_message_arrives_once(alice: Person, recording_bot: RecordingBot) -> None:
    (delivery,) = alice.direct("list buckets").deliveries
    delivery.result(5)

    (event,) = events(recording_bot)
    assert (event["type"], event["channel"], event["channel_type"]) == ("message", "D0ALICE", "im")


def test_a_reply_names_the_root_and_its_author(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    root = workspace.post(OPS, "U0S3AGENT", "Which bucket?")
    alice.say("my-bucket", "ops", thread=root.ts).deliveries[0].result(5)

    (event,) = events(recording_bot)
    assert (event["thread_ts"], event["parent_user_id"]) == (root.ts, "U0S3AGENT")


def test_who_mentions_the_bot_where_it_is_no_member_is_told_so(alice: Person, workspace: Workspace) -> None:
    assert alice.say("@s3agent hello", "C0GENERAL").deliveries == ()

    told = workspace.messages("C0GENERAL", reader=ALICE)[-1]
    assert (told.user, told.only_for) == ("USLACKBOT", ALICE)
    assert "/invite @s3agent" in told.text


def test_the_bot_hears_nothing_where_it_is_no_member(alice: Person, recording_bot: RecordingBot) -> None:
    assert alice.say("@s3agent hello", "general").deliveries == ()
    assert recording_bot.requests == []


@pytest.mark.parametrize(
    ("events", "heard"),
    [
        ({"app_mention"}, ["app_mention"]),
        ({"message.channels"}, ["message"]),
        ({"message.groups", "message.im"}, []),
    ],
)
def test_the_bot_hears_what_it_subscribed_to(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace, events: set[str], heard: list[str]
) -> None:
    workspace.events = frozenset(events)

    for delivery in alice.say("@s3agent hello", OPS).deliveries:
        delivery.result(timeout=5)

    assert [json.loads(body)["event"]["type"] for _, body in recording_bot.requests] == heard


def test_a_guests_message_says_which_workspace_they_are_from(
    slack: LocalSlack, bot: Bot, recording_bot: RecordingBot
) -> None:
    said = Person(slack.workspace, bot, slack.url, "mallory").say("hello", "partners")
    said.deliveries[0].result(5)

    body = json.loads(recording_bot.requests[0][1])
    assert (body["team_id"], body["is_ext_shared_channel"], body["event"]["user_team"]) == ("T0LOCAL", True, "T0OTHER")


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("@bob look", "<@U0BOB> look"),
        ("@channel look", "<!channel> look"),
        ("see https://example.com/a?b=1", "see <https://example.com/a?b=1>"),
        ("files in my.bucket.com", "files in <http://my.bucket.com|my.bucket.com>"),
        ("report.csv from s3://my-bucket", "report.csv from s3://my-bucket"),
    ],
)
def test_typed_text_arrives_as_slack_writes_it(
    alice: Person, recording_bot: RecordingBot, typed: str, sent: str
) -> None:
    alice.say(typed, "ops").deliveries[0].result(5)

    assert events(recording_bot)[0]["text"] == sent


def test_an_event_that_is_not_acknowledged_comes_three_times_more(alice: Person, recording_bot: RecordingBot) -> None:
    recording_bot.answers = [(500, "", {}), (0, "", {}), (503, "", {}), (500, "", {})]
    delivery = alice.direct("hello").deliveries[0].result(10)

    retries = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in recording_bot.requests]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_timeout"), ("3", "http_error")]
    assert not delivery.acked


def test_an_event_is_not_repeated_once_it_was_taken(alice: Person, recording_bot: RecordingBot) -> None:
    recording_bot.answers = [(500, "", {})]
    delivery = alice.direct("hello").deliveries[0].result(5)

    assert [attempt.status for attempt in delivery.attempts] == [500, 200]


def test_a_bot_can_decline_retries(alice: Person, recording_bot: RecordingBot) -> None:
    recording_bot.answers = [(403, "", {"x-slack-no-retry": "1"})]

    assert len(alice.direct("hello").deliveries[0].result(5).attempts) == 1


CHOICE = {
    "type": "actions",
    "elements": [
        {"type": "button", "text": {"type": "plain_text", "text": "Confirm"}, "action_id": "confirm", "value": "h1"}
    ],
}


def test_a_click_carries_the_button_and_the_message(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    root = workspace.post(OPS, "U0S3AGENT", "root")
    message = workspace.post(OPS, "U0S3AGENT", "Sure?", blocks=[CHOICE], thread=root.ts)
    assert alice.click(message, "confirm").acked

    payload = json.loads(form(recording_bot.requests[0][1])["payload"])
    assert payload["actions"][0]["value"] == "h1"
    assert payload["actions"][0]["block_id"] == message.blocks[0]["block_id"]
    assert (payload["container"]["message_ts"], payload["container"]["thread_ts"]) == (message.ts, root.ts)
    assert payload["message"]["text"] == "Sure?"


def test_a_click_on_an_ephemeral_message_has_no_message(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    alice.click(workspace.post(OPS, "U0S3AGENT", "Sure?", blocks=[CHOICE], only_for=ALICE), "confirm")

    payload = json.loads(form(recording_bot.requests[0][1])["payload"])
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload


def test_a_button_that_is_not_there_cannot_be_clicked(alice: Person, workspace: Workspace) -> None:
    with pytest.raises(LookupError, match=r"no button 'delete' .* only \['confirm'\]"):
        alice.click(workspace.post(OPS, "U0S3AGENT", "Sure?", blocks=[CHOICE]), "delete")


MODAL = {
    "type": "modal",
    "callback_id": "run",
    "private_metadata": "m",
    "title": {"type": "plain_text", "text": "Run"},
    "submit": {"type": "plain_text", "text": "Run"},
    "blocks": [
        {
            "type": "input",
            "block_id": "bucket",
            "label": {"type": "plain_text", "text": "Bucket"},
            "element": {"type": "plain_text_input", "action_id": "value"},
        }
    ],
}


def test_a_submission_carries_what_was_entered_and_closes_the_modal(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    view = workspace.open_view(workspace.new_trigger(ALICE), MODAL)
    alice.submit(view, {"bucket": "my-bucket"})

    payload = json.loads(form(recording_bot.requests[0][1])["payload"])
    assert (payload["type"], payload["view"]["private_metadata"]) == ("view_submission", "m")
    assert payload["view"]["state"]["values"]["bucket"]["value"]["value"] == "my-bucket"
    assert workspace.views(ALICE) == []


def test_a_submission_that_is_refused_leaves_the_modal_open_with_the_reason(
    alice: Person, recording_bot: RecordingBot, workspace: Workspace
) -> None:
    recording_bot.answers = [(200, '{"response_action": "errors", "errors": {"bucket": "too short"}}', {})]
    alice.submit(workspace.open_view(workspace.new_trigger(ALICE), MODAL), {"bucket": "x"})

    assert [view.errors for view in workspace.views(ALICE)] == [{"bucket": "too short"}]


def test_the_bot_hears_its_own_messages_edits_and_deletions(
    workspace: Workspace, bot: Bot, recording_bot: RecordingBot
) -> None:
    echo = Echo(workspace, bot)
    echo.start()
    message = workspace.update(workspace.post(OPS, "U0S3AGENT", "one"), "two", ())
    workspace.delete(message)
    workspace.post(OPS, ALICE, "not by the bot")
    workspace.post(OPS, "U0S3AGENT", "psst", only_for=ALICE)
    workspace.post("C0GENERAL", "U0S3AGENT", "elsewhere")
    recording_bot.wait_for(3)
    echo.stop()

    heard = [(event.get("subtype", ""), event.get("bot_id", "")) for event in events(recording_bot)]
    assert sorted(heard) == [("", "B0S3AGENT"), ("message_changed", ""), ("message_deleted", "")]
