"""The calls to Slack's Web API, over HTTP to a fake that records, and what becomes of its refusals."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest

from bot.errors import CannotPost, NotInChannel
from bot.models import Reply
from bot.slack import Slack, SlackUnavailable
from tests.fakes import Answer, FakeSlack, slack_server

BLOCK = {"type": "rich_text", "elements": []}
REPLY = Reply("Two buckets", blocks=(BLOCK,))
PLAIN = Reply("Two buckets")


class Tokens:
    """The secret's part: the token, and the one that is there when it is read again."""

    def __init__(self) -> None:
        self.token = "xoxb-old"

    def __call__(self, refresh: bool) -> str:
        self.token = "xoxb-new" if refresh else self.token
        return self.token


@pytest.fixture(scope="module")
def server() -> Iterator[FakeSlack]:
    with slack_server() as fake:
        yield fake


@pytest.fixture
def fake(server: FakeSlack) -> FakeSlack:
    server.forget()
    return server


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def slack(fake: FakeSlack, slept: list[float]) -> Slack:
    return Slack(Tokens(), fake.api_url, sleep=slept.append)


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_a_message_is_posted_without_previews_or_notifications(slack: Slack, fake: FakeSlack) -> None:
    ts = slack.post("C1", REPLY)

    assert ts == "1700000001.000001"
    assert fake.calls[0].token == "xoxb-old"
    assert fake.sent("chat.postMessage") == [
        {
            "channel": "C1",
            "text": "Two buckets",
            "blocks": [BLOCK],
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
    ]


def test_a_message_is_posted_in_a_thread(slack: Slack, fake: FakeSlack) -> None:
    slack.post("C1", PLAIN, "5.1")

    assert [(body["thread_ts"], "blocks" in body) for body in fake.sent("chat.postMessage")] == [("5.1", False)]


def test_a_message_takes_the_place_of_another_and_of_its_buttons(slack: Slack, fake: FakeSlack) -> None:
    slack.update("C1", "5.2", PLAIN)

    assert fake.sent("chat.update") == [
        {"channel": "C1", "ts": "5.2", "text": "Two buckets", "blocks": [], "link_names": False}
    ]


def test_a_message_is_shown_to_one_person(slack: Slack, fake: FakeSlack) -> None:
    slack.whisper("C1", "U1", REPLY, "5.1")

    assert fake.sent("chat.postEphemeral") == [
        {
            "channel": "C1",
            "user": "U1",
            "thread_ts": "5.1",
            "text": "Two buckets",
            "blocks": [BLOCK],
            "link_names": False,
        }
    ]


def test_a_response_url_is_answered_privately(slack: Slack, fake: FakeSlack) -> None:
    slack.respond(fake.response_url, REPLY)
    slack.respond(fake.response_url, PLAIN, thread="5.1")

    assert fake.sent("respond") == [
        {"text": "Two buckets", "blocks": [BLOCK], "response_type": "ephemeral", "replace_original": False},
        {"text": "Two buckets", "thread_ts": "5.1", "response_type": "ephemeral", "replace_original": False},
    ]
    assert fake.calls[0].token == ""


def test_a_response_url_replaces_the_message_that_was_clicked(slack: Slack, fake: FakeSlack) -> None:
    slack.respond(fake.response_url, PLAIN, replace=True)

    assert fake.sent("respond") == [{"text": "Two buckets", "replace_original": True}]


def test_a_modal_is_opened(slack: Slack, fake: FakeSlack) -> None:
    slack.open_view("13.7", {"type": "modal", "callback_id": "run"})

    assert fake.sent("views.open") == [{"trigger_id": "13.7", "view": {"type": "modal", "callback_id": "run"}}]


# --- what Slack refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["not_in_channel", "channel_not_found"])
def test_a_channel_without_the_bot_says_how_to_invite_it(slack: Slack, fake: FakeSlack, code: str) -> None:
    fake.refuses("chat.postMessage", code)

    with pytest.raises(NotInChannel) as raised:
        slack.post("C1", REPLY)

    assert raised.value.sentence == "I am not in this channel, so I cannot answer in it."
    assert raised.value.hint == "Invite me with /invite @s3agent and ask again."
    assert raised.value.code == code
    assert len(fake.calls) == 1


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("is_archived", "This channel is archived, so nobody can write in it."),
        ("restricted_action", "The settings of this workspace or channel do not let me write here."),
        (
            "restricted_action_thread_only_channel",
            "The settings of this workspace or channel do not let me write here.",
        ),
        ("missing_scope", "My Slack app lacks a permission; it has to be installed again from its manifest."),
        ("message_not_found", "The message that I should change is gone."),
        ("something_new", "Slack refused my message (something_new)."),
    ],
)
def test_each_refusal_has_its_sentence(slack: Slack, fake: FakeSlack, code: str, sentence: str) -> None:
    fake.refuses("chat.update", code)

    with pytest.raises(CannotPost) as raised:
        slack.update("C1", "5.2", REPLY)

    assert (raised.value.sentence, raised.value.code) == (sentence, code)


@pytest.mark.parametrize(
    "code", ["expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "invalid_trigger_id"]
)
def test_a_trigger_that_is_over_cannot_open_a_modal(slack: Slack, fake: FakeSlack, code: str) -> None:
    fake.refuses("views.open", code)

    with pytest.raises(CannotPost) as raised:
        slack.open_view("13.7", {"type": "modal"})

    assert (raised.value.sentence, raised.value.hint) == ("The form took too long to open.", "Press the button again.")


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "msg_blocks_too_long", "invalid_blocks_format"])
def test_when_slack_does_not_take_the_blocks_the_person_gets_the_text(
    slack: Slack, fake: FakeSlack, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    fake.refuses("chat.postMessage", code, response_metadata={"messages": ["[ERROR] no more than 50 items"]})

    ts = slack.post("C1", Reply("long " * 2000, blocks=(BLOCK,)), "5.1")

    assert ts == "1700000001.000002"
    assert "blocks" not in fake.sent("chat.postMessage")[1]
    assert fake.sent("chat.postMessage")[1]["text"] == ("long " * 2000)[:4000]
    assert fake.sent("chat.postMessage")[1]["thread_ts"] == "5.1"
    assert f"chat.postMessage refused the blocks: {code} ['[ERROR] no more than 50 items']" in caplog.text


def test_an_edit_whose_blocks_slack_does_not_take_is_its_text_without_the_old_buttons(
    slack: Slack, fake: FakeSlack
) -> None:
    fake.refuses("chat.update", "invalid_blocks")

    slack.update("C1", "5.2", REPLY)

    assert [(body["text"], body["blocks"]) for body in fake.sent("chat.update")] == [
        ("Two buckets", [BLOCK]),
        ("Two buckets", []),
    ]


def test_a_text_that_slack_does_not_take_either_is_a_refusal(slack: Slack, fake: FakeSlack) -> None:
    fake.refuses("chat.postMessage", "invalid_blocks")
    fake.refuses("chat.postMessage", "msg_too_long")

    with pytest.raises(CannotPost, match="msg_too_long"):
        slack.post("C1", REPLY)

    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, "used_url", "used_url"),
        (404, '{"ok": false, "error": "expired_url"}', "expired_url"),
        (404, "<html>Not found</html>", "http_404"),
        (410, "", "http_410"),
    ],
)
def test_a_response_url_that_is_over_is_a_refusal(
    slack: Slack, fake: FakeSlack, status: int, body: str, code: str
) -> None:
    fake.answers("respond", Answer(body, status))

    with pytest.raises(CannotPost) as raised:
        slack.respond(fake.response_url, REPLY)

    assert raised.value.code == code
    assert len(fake.calls) == 1


# --- tokens ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "token_expired", "not_authed", "account_inactive"])
def test_a_token_that_is_refused_is_read_again_once(slack: Slack, fake: FakeSlack, code: str) -> None:
    fake.refuses("chat.postMessage", code)

    slack.post("C1", REPLY)

    assert [call.token for call in fake.calls] == ["xoxb-old", "xoxb-new"]


def test_a_token_that_stays_refused_leaves_the_message_to_the_queue(slack: Slack, fake: FakeSlack) -> None:
    fake.refuses("chat.postMessage", "token_revoked")
    fake.refuses("chat.postMessage", "token_revoked")

    with pytest.raises(SlackUnavailable, match="token_revoked") as raised:
        slack.post("C1", REPLY)

    assert raised.value.maybe_sent is False
    assert len(fake.calls) == 2


def test_no_token_is_ever_logged(slack: Slack, fake: FakeSlack, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fake.refuses("chat.postMessage", "token_revoked")
    fake.refuses("chat.postMessage", "is_archived")

    with pytest.raises(CannotPost):
        slack.post("C1", REPLY)

    assert "xoxb" not in caplog.text


# --- what is tried again, and what is not ----------------------------------------------------------------------------

BUSY = Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "2"})
VERY_BUSY = Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "30"})
BROKEN = Answer("<html>Sorry</html>", 502)
LOST = Answer(lost=True)


def test_a_short_wait_that_slack_asks_for_is_waited(slack: Slack, fake: FakeSlack, slept: list[float]) -> None:
    fake.answers("chat.postMessage", BUSY)

    slack.post("C1", REPLY)

    assert (len(fake.calls), slept) == (2, [2.0])


def test_a_long_wait_is_left_to_the_queue(slack: Slack, fake: FakeSlack, slept: list[float]) -> None:
    fake.answers("chat.postMessage", VERY_BUSY)

    with pytest.raises(SlackUnavailable) as raised:
        slack.post("C1", REPLY)

    assert (raised.value.retry_after, raised.value.maybe_sent) == (30.0, False)
    assert (len(fake.calls), slept) == (1, [])


def test_slack_is_asked_twice_at_most(slack: Slack, fake: FakeSlack, slept: list[float]) -> None:
    fake.answers("chat.postMessage", BUSY, BUSY, BUSY)

    with pytest.raises(SlackUnavailable):
        slack.post("C1", REPLY)

    assert (len(fake.calls), slept) == (2, [2.0])


@pytest.mark.parametrize("value", ["soon", "", "-5", "1e9"])
def test_a_wait_that_makes_no_sense_is_one_second(
    slack: Slack, fake: FakeSlack, slept: list[float], value: str
) -> None:
    fake.answers("chat.postMessage", Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": value}))

    slack.post("C1", REPLY)

    assert slept == [1.0]


@pytest.mark.parametrize(
    "answer",
    [LOST, BROKEN, Answer({"ok": False, "error": "internal_error"}), Answer("<html>Welcome</html>"), Answer("", 503)],
    ids=["lost", "502", "internal_error", "a page", "503"],
)
def test_a_post_that_may_have_been_done_is_not_repeated(slack: Slack, fake: FakeSlack, answer: Answer) -> None:
    fake.answers("chat.postMessage", answer)

    with pytest.raises(SlackUnavailable) as raised:
        slack.post("C1", REPLY)

    assert raised.value.maybe_sent is True
    assert len(fake.calls) == 1


@pytest.mark.parametrize("answer", [LOST, BROKEN], ids=["lost", "502"])
def test_an_edit_is_repeated_for_it_changes_nothing_more(slack: Slack, fake: FakeSlack, answer: Answer) -> None:
    fake.answers("chat.update", answer)
    fake.answers("respond", answer)

    slack.update("C1", "5.2", REPLY)
    slack.respond(fake.response_url, REPLY, replace=True)

    assert [call.method for call in fake.calls] == ["chat.update", "chat.update", "respond", "respond"]


@pytest.mark.parametrize("answer", [LOST, Answer("", 500)], ids=["lost", "500"])
def test_a_private_answer_that_may_have_arrived_is_not_repeated(slack: Slack, fake: FakeSlack, answer: Answer) -> None:
    fake.answers("respond", answer)

    with pytest.raises(SlackUnavailable) as raised:
        slack.respond(fake.response_url, REPLY)

    assert (raised.value.maybe_sent, len(fake.calls)) == (True, 1)


def test_a_connection_that_was_refused_is_tried_again_and_left_to_the_queue(slept: list[float]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/api/"

    with pytest.raises(SlackUnavailable, match="no connection") as raised:
        Slack(Tokens(), address, sleep=slept.append).post("C1", REPLY)

    assert raised.value.maybe_sent is False
    assert slept == [0]


# --- files -----------------------------------------------------------------------------------------------------------

PICTURE = b"\x89PNG\r\n"


def test_a_file_is_put_into_a_thread_in_three_steps(slack: Slack, fake: FakeSlack) -> None:
    assert slack.upload("C1", "1700000000.000001", "errors.png", "Errors", PICTURE)

    assert [(call.method, call.body) for call in fake.calls] == [
        ("files.getUploadURLExternal", {"filename": "errors.png", "length": "6"}),
        ("upload", {"content": PICTURE}),
        (
            "files.completeUploadExternal",
            {"files": [{"id": "F1", "title": "Errors"}], "channel_id": "C1", "thread_ts": "1700000000.000001"},
        ),
    ]


def test_the_bytes_of_a_file_go_out_without_the_token(slack: Slack, fake: FakeSlack) -> None:
    slack.upload("C1", "", "errors.png", "Errors", PICTURE)

    assert [call.token for call in fake.calls] == ["xoxb-old", "", "xoxb-old"]


def test_a_file_that_may_not_be_shared_is_seen_by_nobody(slack: Slack, fake: FakeSlack) -> None:
    assert not slack.upload("C1", "", "errors.png", "Errors", PICTURE, may_share=lambda: False)

    assert fake.sent("files.completeUploadExternal") == []


@pytest.mark.parametrize("answer", [Answer(status=503), Answer(lost=True)])
def test_the_bytes_are_sent_again_when_slack_stumbles(slack: Slack, fake: FakeSlack, answer: Answer) -> None:
    fake.answers("upload", answer)

    assert slack.upload("C1", "", "errors.png", "Errors", PICTURE)
    assert len(fake.sent("upload")) == 2
    assert len(fake.sent("files.completeUploadExternal")) == 1


def test_a_file_is_not_shared_again_when_it_may_stand_there_already(slack: Slack, fake: FakeSlack) -> None:
    fake.answers("files.completeUploadExternal", Answer(lost=True))

    with pytest.raises(SlackUnavailable) as raised:
        slack.upload("C1", "", "errors.png", "Errors", PICTURE)

    assert raised.value.maybe_sent
    assert len(fake.sent("files.completeUploadExternal")) == 1


def test_an_app_without_the_scope_says_that_it_must_be_installed_again(slack: Slack, fake: FakeSlack) -> None:
    fake.refuses("files.getUploadURLExternal", "missing_scope", needed="files:write")

    with pytest.raises(CannotPost, match="installed again"):
        slack.upload("C1", "", "errors.png", "Errors", PICTURE)


def test_an_address_that_takes_no_bytes_is_a_refusal(slack: Slack, fake: FakeSlack) -> None:
    fake.answers("upload", Answer("expired", status=404))

    with pytest.raises(CannotPost):
        slack.upload("C1", "", "errors.png", "Errors", PICTURE)
