"""What a person at the terminal reads."""

from __future__ import annotations

import io
from typing import Any

import pytest

from sandbox.slack import Workspace, read
from sandbox.slack.model import File
from sandbox.transcript import Transcript

OPS, ALICE, BOT = "C0OPS", "U0ALICE", "U0S3AGENT"


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def transcript(workspace: Workspace, out: io.StringIO) -> Transcript:
    return Transcript(workspace, out)


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def buttons(*labels: str) -> dict[str, Any]:
    elements = [
        {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": label.lower(), "value": "1"}
        for label in labels
    ]
    return {"type": "actions", "elements": elements}


def test_a_conversation_reads_like_one(workspace: Workspace, transcript: Transcript, out: io.StringIO) -> None:
    root = workspace.post(OPS, ALICE, "<@U0S3AGENT> list files")
    workspace.post(OPS, BOT, "Which bucket?", thread=root.ts)
    workspace.post(OPS, BOT, "psst", only_for=ALICE)
    transcript.show()

    assert out.getvalue() == (
        "\n#ops\n  alice    @s3agent list files\n  ↳ s3agent  Which bucket?\n  s3agent  psst  (only visible to alice)\n"
    )


def test_a_picture_is_shown_by_its_title(workspace: Workspace, transcript: Transcript, out: io.StringIO) -> None:
    workspace.post(OPS, BOT, "", files=(File("F1", "errors.png", title="Errors by kind"),))
    transcript.show()

    assert out.getvalue() == "\n#ops\n  s3agent  [Errors by kind]\n"


def test_buttons_have_numbers_until_their_message_changes(
    workspace: Workspace, transcript: Transcript, out: io.StringIO
) -> None:
    message = workspace.post(OPS, BOT, "Sure?", blocks=[buttons("Confirm", "Cancel")])
    transcript.show()
    assert "[Confirm] !1  [Cancel] !2" in out.getvalue()
    assert [transcript.buttons[number].action for number in (1, 2)] == ["confirm", "cancel"]

    workspace.update(message, "Done", [])
    transcript.show()

    assert transcript.buttons == {}
    assert "Done  (edited)" in out.getvalue()

    workspace.post(OPS, BOT, "Sure of this one?", blocks=[buttons("Confirm")])
    transcript.show()

    assert list(transcript.buttons) == [3], "a number that is typed late presses nothing else"


def test_of_an_edited_message_the_new_lines_are_printed_and_its_buttons_keep_their_numbers(
    workspace: Workspace, transcript: Transcript, out: io.StringIO
) -> None:
    def lines(*texts: str) -> list[dict[str, Any]]:
        title = rich({"type": "text", "text": "Started "}, {"type": "text", "text": "wf-1", "style": {"code": True}})
        return [title, *(rich({"type": "text", "text": text}) for text in texts), buttons("Stop")]

    message = workspace.post(OPS, BOT, "", blocks=lines("○ read", "○ write"))
    transcript.show()
    out.truncate(0)
    workspace.update(message, "", lines("● read", "○ write"))
    workspace.update(message, "", lines("● read", "○ write"))
    transcript.show()

    assert out.getvalue().strip("\0") == "  s3agent  ● read  (edited wf-1)\n"
    assert list(transcript.buttons) == [1]


def test_nothing_is_printed_twice(workspace: Workspace, transcript: Transcript, out: io.StringIO) -> None:
    workspace.post(OPS, BOT, "once")
    transcript.show()
    transcript.show()

    assert out.getvalue().count("once") == 1


def test_blocks_are_read_as_slack_shows_them(workspace: Workspace) -> None:
    cell = {"type": "raw_text", "text": "a.txt"}
    message = workspace.post(
        OPS,
        BOT,
        "the fallback, which nobody sees",
        blocks=[
            rich(
                {"type": "text", "text": "Hello "},
                {"type": "user", "user_id": ALICE},
                {"type": "text", "text": " in "},
                {"type": "text", "text": "my-bucket", "style": {"code": True}},
            ),
            {"type": "table", "rows": [[cell, {"type": "raw_text", "text": "1 KB"}], [cell, cell]]},
            {"type": "section", "text": {"type": "mrkdwn", "text": "&lt;!channel&gt; <@U0ALICE> <https://a.b|a link>"}},
            {"type": "divider"},
            {"type": "context", "elements": [{"type": "plain_text", "text": "small"}]},
        ],
    )

    assert read(message, lambda user: workspace.user(user).name).splitlines() == [
        "Hello @alice in `my-bucket`",
        "a.txt  1 KB",
        "a.txt  a.txt",
        "<!channel> @alice a link",
        "small",
    ]
