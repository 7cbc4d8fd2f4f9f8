"""Bad input gets a clear answer, or none where none is due, and changes nothing."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import boto3
import pytest

from sandbox.slack import payloads, read
from sandbox.slack.server import Fault
from sandbox.stage import Stage
from tests.e2e.room import Room, actions, root

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
HOSTILE_KEYS = (
    "with space.txt",
    "`code`.txt",
    "a&b<c>.txt",
    "emoji 🪣.txt",
    "ü" * 512,  # 1,024 bytes of UTF-8, the longest key there is
)
KEYS_NOT_TAKEN = ('it\'s "quoted".txt', "<!channel> hello.txt", "*bold*_it_~no~.txt", "\u202egnp.exe")
"""What reads as a mention, a wildcard or nothing at all is never taken for a file's name."""


def form(room: Room, text: str) -> bytes:
    """The body of a command that alice types."""
    place, alice = room.workspace.channel(room.channel), room.person("alice").user
    url = room.stage.slack.url
    fields = payloads.command(room.workspace, place, alice, name="/s3agent", text=text, url=url)
    return urlencode(fields).encode()


# --- Requests that are not Slack's ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "yesterday"},
        {"X-Slack-Request-Timestamp": ""},
    ],
    ids=["forged", "unsigned", "odd timestamp", "no timestamp"],
)
def test_a_forged_request_is_refused(room: Room, stage: Stage, headers: dict[str, str]) -> None:
    bucket = room.bucket("keep.csv")
    attempt = stage.bot.request(form(room, f"list files in {bucket}"), FORM, headers)

    assert 400 <= attempt.status < 500
    room.no_answer(lambda: None)


def test_a_replayed_request_is_refused_after_five_minutes(room: Room, stage: Stage) -> None:
    body = form(room, "list buckets")

    assert 400 <= stage.bot.request(body, FORM, at=time.time() - 301).status < 500
    room.no_answer(lambda: None)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b'{"type": "event_callback"}', JSON),
        (b"payload=%7B", FORM),
        (b"\xff\xfe", FORM),
        (b"", JSON),
    ],
)
def test_a_malformed_request_is_refused_without_an_exception(stage: Stage, body: bytes, content_type: str) -> None:
    assert 400 <= stage.bot.request(body, content_type).status < 500


def test_the_challenge_of_the_request_url_is_answered(stage: Stage) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c1", "token": "t"}).encode()

    attempt = stage.bot.request(body, JSON)

    assert (attempt.status, "c1" in attempt.body) == (200, True)


# --- Odd text ---------------------------------------------------------------------------------------------------------


def test_the_word_payload_is_an_ordinary_word(room: Room) -> None:
    bucket = room.bucket("a.txt", name="e2e-payload-archive")

    assert "a.txt" in read(room.command(f"list files in {bucket}"))


def test_empty_text_gets_help(room: Room) -> None:
    assert "list files" in read(room.command("")).lower()


@pytest.mark.parametrize(
    "text",
    [
        "frobnicate the widgets",
        "x" * 4000,
        "list files in " + "a" * 4000,
        "\x00\x07\x1b[31mlist",
        "🪣 🪣 🪣",
        "קבצים בדלי שלי",
        "\u202estekcub tsil",
        "{{resolve:secretsmanager:x}} ${jndi:ldap://x} '; DROP TABLE",
    ],
    ids=["unknown", "4,000 characters", "a name of 4,000", "control", "emoji", "hebrew", "overridden", "injection"],
)
def test_what_is_not_understood_gets_one_answer(room: Room, text: str) -> None:
    assert read(room.command(text))
    room.settle()

    assert len(room.from_bot()) == 1


@pytest.mark.parametrize(
    "name", ["ab", "My-Bucket", "under_score", "192.168.0.1", "-dash", "dots..dots", "xn--punycode"]
)
def test_a_bucket_name_that_breaks_a_rule_is_refused_with_it(room: Room, name: str) -> None:
    said = read(room.command(f"create bucket {name}"))

    assert name in said
    assert name not in [found["Name"] for found in room.s3().list_buckets()["Buckets"]]


@pytest.mark.parametrize(
    "text", ["move a.txt from {b} to c", "delete *.txt from {b}", "delete bucket {b}", "upload x to {b}"]
)
def test_what_is_not_offered_is_said_to_be_so_and_not_done(room: Room, text: str) -> None:
    bucket = room.bucket("a.txt")

    said = room.command(text.format(b=bucket))

    assert "confirm" not in actions(said)
    assert room.keys(bucket) == ["a.txt"]


# --- Hostile names ----------------------------------------------------------------------------------------------------


def test_hostile_keys_are_shown_and_notify_nobody(room: Room) -> None:
    bucket = room.bucket(*HOSTILE_KEYS, *KEYS_NOT_TAKEN)

    shown = room.command(f"list files in {bucket}")

    assert "<!channel> hello.txt" in read(shown)
    assert "<!channel>" not in shown.text
    assert all(element.get("type") != "broadcast" for block in shown.blocks for element in _deep(block))


@pytest.mark.parametrize("key", HOSTILE_KEYS)
def test_a_hostile_key_can_be_deleted_and_nothing_else_is(room: Room, key: str) -> None:
    bucket = room.bucket("keep.txt", key)

    room.click(room.command(f'delete "{key}" from {bucket}'), "confirm")

    assert room.keys(bucket) == ["keep.txt"]


def test_a_key_that_slack_escapes_in_messages_is_the_same_key(room: Room) -> None:
    bucket = room.bucket("keep.txt", "a&b<c>.txt")

    room.click(room.mention(f"delete a&b<c>.txt from {bucket}"), "confirm")

    assert room.keys(bucket) == ["keep.txt"]


@pytest.mark.parametrize("key", KEYS_NOT_TAKEN)
def test_what_does_not_read_as_a_key_is_answered_and_deletes_nothing(room: Room, key: str) -> None:
    bucket = room.bucket("keep.txt", "gnp.exe", key)
    quoted = key if '"' in key else f'"{key}"'

    assert read(room.command(f"delete {quoted} from {bucket}"))
    assert len(room.keys(bucket)) == 3


def test_a_bucket_of_another_account_is_not_looked_into(room: Room, stage: Stage) -> None:
    session = boto3.session.Session("111111111111", "secret", region_name="us-east-1")
    theirs = session.client("s3", endpoint_url=stage.aws.url)
    theirs.create_bucket(Bucket="e2e-of-somebody-else")
    theirs.put_object(Bucket="e2e-of-somebody-else", Key="secret.txt", Body=b"x")

    said = read(room.command("list files in e2e-of-somebody-else"))

    assert "secret.txt" not in said
    assert "e2e-of-somebody-else" in said


# --- Too often --------------------------------------------------------------------------------------------------------


def test_the_same_command_delivered_five_times_at_once_has_one_answer(room: Room, stage: Stage) -> None:
    body = form(room, "list buckets")

    with ThreadPoolExecutor(5) as pool:
        statuses = [attempt.status for attempt in pool.map(lambda _: stage.bot.request(body, FORM), range(5))]
    room.wait_for_text("Bucket")
    room.settle()

    # 0 is no answer within Slack's three seconds, as when a busy machine starts five functions at once.
    assert 200 in statuses
    assert set(statuses) <= {200, 0}
    assert len(room.from_bot()) == 1


def test_the_same_click_delivered_five_times_at_once_has_one_effect_and_one_answer(room: Room, stage: Stage) -> None:
    bucket = room.bucket("old.csv", versioned=True)
    asked = room.command(f"delete old.csv from {bucket}")
    alice = room.person("alice").user
    click = payloads.click(room.workspace, alice, asked, action="confirm", url=stage.slack.url)
    body = urlencode({"payload": json.dumps(click)}).encode()
    before = len(room.workspace.changes())

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: stage.bot.request(body, FORM), range(5)))
    room.wait_for_text("delete marker")
    room.settle()

    assert len(room.s3().list_object_versions(Bucket=bucket)["DeleteMarkers"]) == 1
    assert [change.kind for change in room.workspace.changes(before)] == ["updated"]


def test_a_mention_that_arrives_twice_has_one_answer(room: Room) -> None:
    room.mention("list buckets")
    room.settle()

    assert len(room.from_bot()) == 1


def test_an_event_that_slack_repeats_has_one_answer(room: Room, stage: Stage) -> None:
    place = room.workspace.channel(room.channel)
    message = room.workspace.post(room.channel, "U0ALICE", "<@U0S3AGENT> list buckets")
    event = json.dumps(payloads.event(room.workspace, payloads.said(room.workspace, place, message, "app_mention")))
    again = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}

    stage.bot.request(event.encode(), JSON)
    room.wait_for_text("Bucket")
    stage.bot.request(event.encode(), JSON, again)
    room.settle()

    assert len(room.from_bot()) == 1


# --- When Slack has trouble -------------------------------------------------------------------------------------------


def test_an_answer_waits_out_a_rate_limit(room: Room, stage: Stage) -> None:
    stage.slack.faults.append(Fault(status=429, seconds=1, method="chat.postMessage"))

    asked = room.mention("list files")

    assert "Which bucket" in read(asked)
    assert root(asked) != asked.ts
    assert len(room.from_bot()) == 1


def _deep(value: object) -> list[dict[str, object]]:
    """Every object inside of a block."""
    if isinstance(value, dict):
        return [value, *(found for part in value.values() for found in _deep(part))]
    if isinstance(value, list):
        return [found for part in value for found in _deep(part)]
    return []
