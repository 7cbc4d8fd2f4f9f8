"""Help shows what the asker may do, and nothing that is not there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.knowledge_base import from_seeds
from bot.models import Entry, Example, Parameter
from tests.operations.conftest import Asker, lines

LIST = Entry(
    name="s3.list_files",
    service="s3",
    title="List files",
    summary="Shows the files of a bucket.",
    effect="read",
    access="read",
    phrases=("(list|show) files in {bucket}",),
    examples=(Example("list files in my-bucket"), Example("show files in logs under 2026/")),
    parameters=(
        Parameter("bucket", "bucket", required=True, description="the bucket's name"),
        Parameter("prefix", "prefix", description="only files whose key begins with this"),
    ),
)
DELETE = Entry(
    name="s3.delete_file",
    service="s3",
    title="Delete a file",
    summary="Deletes one file.",
    effect="destroy",
    access="destroy",
    phrases=("(delete|remove|rm) {key} from {bucket}",),
    examples=(Example("delete report.csv from my-bucket"),),
    confirm="Delete {key} from {bucket}.",
)
ANALYSIS = Entry(
    name="log_analysis",
    service="logs",
    title="Log analysis",
    summary="Looks for errors in a log group.",
    effect="read",
    access="read",
    state_machine="log_analysis",
    examples=(Example("run log analysis workflow for /aws/lambda/f"),),
    parameters=(Parameter("hours", "hours", default=24), Parameter("format", "choice", choices=("CSV", "ORC"))),
)
HELP = Entry("help", "help", "Help", "Shows what you can ask for.", "read", "read", examples=(Example("help"),))


@pytest.fixture
def ask(ask: Asker) -> Asker:
    ask.entries = {entry.name: entry for entry in (HELP, ANALYSIS, DELETE, LIST)}
    return ask


def test_help_shows_a_group_a_line_operations_first_and_itself_last(ask: Asker):
    assert lines(ask("help").blocks) == [
        "You can ask me for this:",
        "Buckets and files: list files in my-bucket · delete report.csv from my-bucket",
        "Workflows: run log analysis workflow for /aws/lambda/f",
        "How I understand you: help",
    ]


def test_what_the_asker_may_not_run_is_counted_but_not_shown(ask: Asker):
    ask.may = lambda entry: entry.access == "read"

    reply = ask("help")

    assert not any("delete" in line for line in lines(reply.blocks))
    assert reply.blocks[-1]["elements"][0]["text"].startswith("1 more command may be run by other groups than yours.")


@pytest.mark.parametrize("topic", ["delete", "DELETE", "remove", "rm"])
def test_a_topic_that_means_one_command_shows_it_closely(ask: Asker, topic: str):
    reply = ask("help", topic=topic)

    assert lines(reply.blocks) == [
        "Delete a file – Deletes one file.",
        "You can say:",
        "delete report.csv from my-bucket",
    ]
    assert reply.blocks[-1]["elements"][0]["text"].startswith("It takes something away")


def test_a_command_shown_closely_has_its_parameters(ask: Asker):
    assert lines(ask("help", topic="list files").blocks)[1:3] == [
        "bucket – the bucket's name (needed)",
        "prefix – only files whose key begins with this (if you like)",
    ]
    assert lines(ask("help", topic="log analysis").blocks)[1:3] == [
        "hours – hours (24 unless you say otherwise)",
        "format – format: CSV, ORC (if you like)",
    ]


def test_a_topic_of_several_commands_narrows_the_list(ask: Asker):
    assert lines(ask("help", topic="buckets").blocks) == [
        "About “buckets” you can ask me for this:",
        "list files in my-bucket – Shows the files of a bucket.",
        "delete report.csv from my-bucket – Deletes one file.",
    ]


def test_an_unknown_topic_is_said_to_be_unknown_and_all_is_shown(ask: Asker):
    shown = lines(ask("help", topic="<!channel>\n").blocks)

    assert shown == [
        r"I know nothing about “<!channel>\n”. You can ask me for this:",
        "Buckets and files: list files in my-bucket · delete report.csv from my-bucket",
        "Workflows: run log analysis workflow for /aws/lambda/f",
        "How I understand you: help",
    ]


@pytest.mark.parametrize("topic", ["delete", "rm"])
def test_a_topic_that_the_asker_may_not_run_is_there_and_who_may_is_said(ask: Asker, topic: str):
    ask.may = lambda entry: entry.access == "read"

    assert lines(ask("help", topic=topic).blocks) == [
        f"About “{topic}” I know this, and you may not ask for it:",
        "Delete a file – Deletes one file. It needs destroy access.",
    ]


def test_a_topic_that_the_asker_may_run_in_part_counts_the_rest(ask: Asker):
    ask.may = lambda entry: entry.access == "read"

    reply = ask("help", topic="buckets")

    assert lines(reply.blocks)[1:] == ["list files in my-bucket – Shows the files of a bucket."]
    assert reply.blocks[-1]["elements"][0]["text"].startswith("1 more command about that may be run by other groups")


def test_help_stays_on_a_screen_when_the_bot_has_grown(ask: Asker):
    ask.entries = {
        f"ec2.op_{i:02}": replace(LIST, name=f"ec2.op_{i:02}", service="ec2" if i % 2 else "rds") for i in range(60)
    }

    reply = ask("help")

    assert sum(line.count("list files") for line in lines(reply.blocks)) == 24
    assert reply.blocks[-1]["elements"][0]["text"].startswith("And 36 more: say “help” with one of ec2, rds.")


def test_someone_who_may_do_nothing_is_told_so_politely(ask: Asker):
    ask.may = lambda entry: False

    assert ask("help").blocks[-1]["elements"][0]["text"].startswith("4 more commands may be run by other groups")


@pytest.fixture
def real(ask: Asker) -> Asker:
    ask.entries = dict(from_seeds().entries)
    return ask


def test_the_commands_on_files_come_first_then_workflows_then_what_is_about_the_bot(real: Asker):
    groups = [line.partition(": ") for line in lines(real("help").blocks)[1:]]
    shown = [command for _, _, commands in groups for command in commands.split(" · ")]

    assert [name for name, _, _ in groups] == ["Buckets and files", "Workflows", "How I understand you"]
    assert shown == [
        "list buckets",
        "list files in my-bucket",
        "copy report.csv from my-bucket to other-bucket",
        "create bucket my-bucket",
        "delete report.csv from my-bucket",
        "list workflows",
        "run a workflow",
        "workflow stop wf-k3m9x2q7",
        "workflow status wf-k3m9x2q7",
        "run bucket audit workflow for my-bucket",
        "run log analysis workflow for /aws/lambda/my-function",
        "run inventory report workflow for my-bucket",
        "run lifecycle management workflow for my-bucket",
        "undo wf-k3m9x2q7",
        "phrases",
        "forget phrase 3",
        'teach "spill my-bucket" means list files in my-bucket',
        "explain delete report.csv from my-bucket",
        "help",
    ]


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("copy", "Copy a file"),
        ("delete", "Delete a file"),
        ("teach", "Teach a phrase"),
        ("inventory", "Inventory report"),
    ],
)
def test_a_word_of_one_command_shows_that_one_closely(real: Asker, topic: str, title: str):
    assert lines(real("help", topic=topic).blocks)[0].startswith(f"{title} – ")


def test_a_command_of_the_seeds_is_shown_with_its_parameters(real: Asker):
    assert lines(real("help", topic="copy").blocks)[1:5] == [
        "key – the file's key, with its folders (needed)",
        "source bucket – the bucket to copy from (needed)",
        "destination bucket – the bucket to copy to (needed)",
        "destination key – the new name, when it shall differ (if you like)",
    ]
