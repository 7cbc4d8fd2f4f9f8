"""The README says what is so: its commands, files, parameters and make targets are those of the project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.knowledge_base import read_seeds
from tests.office import office

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROSE = re.sub(r"^```.*?^```", "", README, flags=re.MULTILINE | re.DOTALL)
"""Without what stands there as it was said or is to be typed."""
SEEDS = read_seeds()


def rows(after: str) -> list[list[str]]:
    """The rows of the first table after a line."""
    table = README.split(after, 1)[1].split("|---", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[1:]]


def least_group(access: str) -> str:
    return next(group.name for group in SEEDS.access.groups if access in group.may)


def test_the_command_table_has_every_entry_with_who_may() -> None:
    written = {(command.strip("`"), who) for command, _, who in rows("## What it does")}

    wanted = {(entry.examples[0].text, least_group(entry.access)) for entry in SEEDS.entries}
    missing = [f"| `{command}` | what it does | {who} |" for command, who in sorted(wanted - written)]
    assert not missing, "rows that the table under “What it does” in README.md lacks:\n" + "\n".join(missing)
    assert written == wanted  # and none of a command that is gone


def test_the_parameter_table_has_every_parameter_of_the_template() -> None:
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    parameters = yaml.compose(text).value  # a composed tree, because CloudFormation's tags are not YAML's own
    (wanted,) = [[name.value for name, _ in value.value] for key, value in parameters if key.value == "Parameters"]

    written = [name for row in rows("## Deploy to AWS") for name in re.findall(r"`([A-Za-z]+)`", row[0])]

    assert sorted(written) == sorted(wanted)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"[`(]([a-z_./]+(?:/|\.(?:py|json|md|yaml)))[`)]", PROSE))))
def test_every_file_that_is_named_is_there(path: str) -> None:
    example = path in {"bot/operations/ec2.py", "seeds/operations/ec2.json"}

    assert example or (ROOT / path).exists()


MAKE = re.compile(r"^make ([a-z]+)|`make (?!(?:a|an|the)\b)([a-z]+)", re.MULTILINE)
"""At the start of a line or of a quoted command; "make a link" is a sentence to the bot."""


@pytest.mark.parametrize("target", sorted({first or quoted for first, quoted in MAKE.findall(README)}))
def test_every_make_target_that_is_named_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_example_of_teaching_teaches_something() -> None:
    (example,) = [command.strip("`") for command, *_ in rows("## What it does") if command.startswith("`teach ")]
    with office(learns=True) as room:
        room.command(example)

        assert room.last == "Learned, as number 1: spill {bucket} means list files."


def test_no_place_was_left_to_be_filled_in() -> None:
    assert not re.search(r"^(TRANSCRIPT|TODO|TBD)", README, re.MULTILINE)
