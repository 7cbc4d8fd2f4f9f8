"""Of more entries than the model is offered, those that come near a message are: by words, and by types of values."""

from __future__ import annotations

import pytest

from bot.knowledge_base import from_seeds
from bot.model import TOOL_LIMIT, offered
from bot.models import Entry, Parameter
from bot.nearness import near

KNOWLEDGE = from_seeds()
KINDS = ("bucket", "text", "log_group", "days", "number")
VERBS = ("reboot", "list", "resize", "run", "show", "snapshot", "create", "scale")
NOUNS = ("machine", "report", "volume", "user", "alarm")


def _service(number: int) -> Entry:
    """One of forty entries of other services, which share words and types of values with the real ones."""
    verb, noun, kind = VERBS[number % 8], NOUNS[number % 5], KINDS[number // 8]
    return Entry(
        f"ec2.{verb}_{noun}",
        "ec2",
        f"{verb} a {noun}".capitalize(),
        f"{verb} one {noun} in a bucket or from a file.".capitalize(),
        "write",
        "write",
        phrases=(f"({verb}|please {verb}) [the] {noun} {{name}}",),
        parameters=(Parameter("name", kind, required=True),),
    )


REAL = [entry for entry in KNOWLEDGE.entries.values() if offered(entry)]
ENTRIES = [*map(_service, range(40)), *REAL]


def chosen(text: str) -> list[str]:
    return [entry.name for entry in near(text, ENTRIES, KNOWLEDGE.words, TOOL_LIMIT)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("hurl readme.txt upward into acme-app-logs", "s3.copy_file"),
        ("dupe readme.txt acme-a acme-b", "s3.copy_file"),
        ("vaporise readme.txt in acme", "s3.delete_file"),
        ("s3://acme-a/readme.txt is history", "s3.delete_file"),
        ("what is the matter with /aws/lambda/mailer", "log_analysis"),
        ("acme-app-logs should lose its stuff after 90 days", "lifecycle_management"),
        ("did wf-k3m9x2q7 go well", "workflow.status"),
        ("acme-a wants a twin in Frankfurt, eu-central-1", "s3.create_bucket"),
        ("catalogue the holdings, orc if possible", "inventory_report"),
        ("could someone resize the machine", "ec2.resize_machine"),
    ],
)
def test_of_more_than_twenty_entries_the_nearest_are_offered(text: str, wanted: str):
    names = chosen(text)

    assert len(names) == 20
    assert wanted in names


def test_a_word_of_a_shared_list_is_a_word_of_every_entry_that_uses_it():
    words = {"lists": {"vanish": ["(evaporate|<gone>)"], "gone": ["make {key} disappear"]}}
    entry = Entry("x.y", "x", "Y", "", "destroy", "destroy", phrases=("<vanish> {key}",))

    assert entry in near("let it evaporate", [*ENTRIES, entry], words, TOOL_LIMIT)
    assert entry in near("let it disappear", [*ENTRIES, entry], words, TOOL_LIMIT)


def test_up_to_twenty_entries_are_all_offered_and_keep_their_order():
    assert near("anything at all", ENTRIES[30:50], KNOWLEDGE.words, TOOL_LIMIT) == ENTRIES[30:50]
    assert chosen("list files") == [entry.name for entry in ENTRIES if entry.name in chosen("list files")]
