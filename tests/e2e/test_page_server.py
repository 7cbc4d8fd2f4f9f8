"""The page's server: what each person is shown, what they may do, and who is let in at all."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import quote

import pytest

from sandbox.slack import Message, Workspace
from sandbox.slack.model import File
from sandbox.stage import Stage
from sandbox.web import Page
from tests.e2e.room import Room


@pytest.fixture(scope="module")
def page(stage: Stage) -> Iterator[Page]:
    with Page(stage) as page:
        yield page


def get(page: Page, path: str, headers: dict[str, str] | None = None) -> tuple[int, str, http.client.HTTPMessage]:
    with closing(http.client.HTTPConnection("127.0.0.1", page.port, timeout=20)) as connection:
        connection.request("GET", path, headers=headers or {})
        with connection.getresponse() as response:
            return response.status, response.read().decode("utf-8", "replace"), response.headers


def act(page: Page, headers: dict[str, str] | None = None, **act: Any) -> tuple[int, dict[str, Any]]:
    sent = {"Content-Type": "application/json", **(headers or {})}
    with closing(http.client.HTTPConnection("127.0.0.1", page.port, timeout=20)) as connection:
        connection.request("POST", "/api/acts", json.dumps(act).encode(), sent)
        with connection.getresponse() as response:
            return response.status, json.loads(response.read())


def snapshot(page: Page, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(get(page, f"/api/workspace?as={name}")[1])
    return found


@contextmanager
def following(page: Page, name: str, after: int) -> Iterator[Iterator[tuple[str, dict[str, Any]]]]:
    """The events of the stream, by name."""
    with closing(http.client.HTTPConnection("127.0.0.1", page.port, timeout=20)) as connection:
        connection.request("GET", f"/api/events?as={name}&after={after}")
        with connection.getresponse() as response:
            yield _events(response)


def _events(response: http.client.HTTPResponse) -> Iterator[tuple[str, dict[str, Any]]]:
    kind = ""
    while line := response.readline().decode():
        if line.startswith("event: "):
            kind = line.removeprefix("event: ").strip()
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


def test_a_person_sees_their_channels_alone(page: Page) -> None:
    carol = {channel["name"] for channel in snapshot(page, "carol")["channels"]}
    mallory = {channel["name"] for channel in snapshot(page, "mallory")["channels"]}

    assert {"ops", "general", "partners", "@carol"} <= carol
    assert "secret" not in carol
    assert "partners" in mallory
    assert "ops" not in mallory


def test_an_ephemeral_message_is_shown_to_its_reader_alone(page: Page, room: Room, stage: Stage) -> None:
    stage.workspace.post(room.channel, "U0S3AGENT", "for carol", only_for="U0CAROL")

    shown = {
        name: [m["text"] for m in snapshot(page, name)["messages"] if m["channel"] == room.channel]
        for name in ("carol", "bob")
    }

    assert shown == {"carol": ["for carol"], "bob": []}


def test_the_stream_goes_on_from_the_snapshot(page: Page, room: Room) -> None:
    before = snapshot(page, "bob")
    status, done = act(page, **{"as": "alice", "act": "say", "channel": room.channel, "text": "good morning"})
    assert (status, done["ok"]) == (200, True)

    with following(page, "bob", before["number"]) as events:
        said = next(event for kind, event in events if kind == "slack" and "message" in event)

    assert (said["kind"], said["message"]["text"], said["message"]["user"]) == ("posted", "good morning", "U0ALICE")


def test_the_stream_tells_what_there_is_in_aws(page: Page) -> None:
    panes: dict[str, Any] = {}
    with following(page, "bob", snapshot(page, "bob")["number"]) as events:
        for kind, event in events:
            if kind == "aws":
                panes[event["pane"]] = event["data"]
            if len(panes) == 5:
                break

    assert set(panes) == {"buckets", "executions", "audit", "queue", "knowledge"}
    assert {"waiting", "working"} == set(panes["queue"]["dead"])
    assert "s3.copy_file" in [entry["name"] for entry in panes["knowledge"]["entries"]]


def test_what_a_person_may_not_do_slack_refuses_by_name(page: Page) -> None:
    assert act(page, **{"as": "carol", "act": "say", "channel": "G0SECRET", "text": "hello"}) == (
        200,
        {"ok": False, "error": "not_in_channel"},
    )
    assert act(page, **{"as": "nobody", "act": "say"})[1] == {"ok": False, "error": "user_not_found"}
    assert act(page, **{"as": "alice", "act": "shout"})[1] == {"ok": False, "error": "unknown_act"}


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://example.com"}, {"Host": "example.com"}, {"Content-Type": "text/plain"}],
)
def test_another_site_in_the_same_browser_can_do_nothing(page: Page, headers: dict[str, str]) -> None:
    status, _ = act(page, headers, **{"as": "alice", "act": "say", "channel": "C0OPS", "text": "forged"})

    assert status == 403


def test_another_site_can_read_nothing_by_a_name_that_leads_here(page: Page) -> None:
    status, body, _ = get(page, "/api/workspace?as=alice", {"Host": "rebound.example.com"})

    assert status == 403
    assert "alice" not in body


@pytest.mark.parametrize("path", ["/../pyproject.toml", "/%2e%2e/pyproject.toml", "/page.js/../../uv/x", "/nothing"])
def test_only_files_of_the_page_are_served(page: Page, path: str) -> None:
    assert get(page, path)[0] == 404


def test_the_browser_is_told_to_ask_nobody_else(page: Page) -> None:
    _, _, headers = get(page, "/")

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "connect-src 'self'" in headers["Content-Security-Policy"]


def test_a_reference_finds_the_log_of_its_request_and_nothing_else(page: Page, room: Room) -> None:
    room.command("list buckets")
    room.command("help")
    asked = {item["text"]: item for item in page.account.audit() if item["channel"] == room.channel}
    mine, other = asked["list buckets"]["reference"], asked["help"]["reference"]

    lines = json.loads(get(page, f"/api/logs?reference={mine}")[1])

    assert {line["group"] for line in lines} == {"s3agent-bot", "s3agent-worker"}
    assert sum(f'"reference": "{mine}"' in line["text"] for line in lines) == 1
    assert other not in str(lines)
    assert json.loads(get(page, f"/api/logs?reference={quote('no such reference')}")[1]) == []


def test_what_others_cannot_see_they_cannot_press(page: Page, room: Room, stage: Stage) -> None:
    button = {"type": "button", "action_id": "say", "value": "help", "text": {"type": "plain_text", "text": "Help"}}
    blocks = [{"type": "actions", "elements": [button]}]
    for_carol = stage.workspace.post(room.channel, "U0S3AGENT", "x", blocks=blocks, only_for="U0CAROL")
    among_us = stage.workspace.post("G0SECRET", "U0S3AGENT", "x", blocks=blocks)

    def press(name: str, message: Message) -> Any:
        where = {"channel": message.channel, "ts": message.ts, "action": "say"}
        return act(page, **{"as": name, "act": "click", **where})[1]

    assert press("bob", for_carol) == {"ok": False, "error": "message_not_found"}
    assert press("mallory", among_us) == {"ok": False, "error": "not_in_channel"}


def test_what_is_not_there_is_not_found(page: Page) -> None:
    assert get(page, "/api/execution?id=wf-aaaaaaaa")[0] == 404
    assert get(page, "/api/machine?workflow=none")[0] == 404
    assert get(page, "/api/workspace?as=nobody")[0] == 404
    assert get(page, "/files/F0")[0] == 404


def test_a_shared_file_is_never_a_page_of_its_own(page: Page, stage: Stage) -> None:
    workspace: Workspace = stage.workspace
    workspace.keep_file(File("F0HTML", "x.html", type="text/html", content=b"<script>alert(1)</script>"))
    workspace.keep_file(File("F0PNG", "x.png", type="image/png", content=b"\x89PNG"))

    assert get(page, "/files/F0HTML")[2]["Content-Type"] == "text/plain; charset=utf-8"
    status, body, headers = get(page, "/files/F0PNG")
    assert (status, headers["Content-Type"], body[1:]) == (200, "image/png", "PNG")
