"""Every mistake in the seeds is named with its file and entry, before anything is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seeds.check import check
from tests.seeds.small import drop, make, sweep, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path)


def with_parameter(**changes: Any) -> dict[str, Any]:
    key, bucket = drop()["parameters"]
    return drop(parameters=[key, bucket, {"name": "mode", "type": "text", **changes}])


def test_the_seeds_of_this_project_are_right():
    assert check() == []


def test_a_small_right_set_has_no_problem(folder: Path):
    assert check(folder) == []


def test_a_workflow_without_its_state_machine_is_no_mistake(folder: Path):
    (folder.parent / "statemachines" / "sweep.asl.json").unlink()

    assert check(folder) == []


def test_words_are_optional(folder: Path):
    (folder / "words.json").unlink()

    assert check(folder) == []


ENTRY_MISTAKES = [
    (drop(name="S3.Drop"), "its name must be service.verb_noun"),
    (drop(title=""), "it has no title."),
    (drop(phrases=[]), "it has no phrases."),
    (drop(examples=[]), "it has no examples."),
    (drop(colour="red"), "it has a field that entries do not have: colour."),
    ({name: value for name, value in drop().items() if name != "effect"}, "'effect'"),
    (drop(examples=[{"parameters": {}}]), "an example or a parameter lacks the field 'text'."),
    (drop(parameters=[{"name": "key"}]), "it cannot be read:"),
    (drop(gist={"verbs": ["drop"], "vreb": ["drop"]}), "gist: vreb is no field of it."),
    (drop(gist={"idioms": {"del": "must drop"}}), "gist: 'must drop' has more words than 'del'."),
    (drop(gist={"before": {"from": ["buket"]}, "needs": ["key"]}), "gist: buket is no parameter."),
    (drop(effect="explode"), "explode is no effect; there are read, write, destroy."),
    (drop(access="write"), "it has the effect destroy, and asks for write access only."),
    (drop(access="root"), "no group of access.json grants the access root."),
    (drop(confirm=""), "what destroys needs a confirm text that says what will happen."),
    (drop(confirm="Drop {file}."), "the confirm text has {file}, which is no parameter."),
    (drop(state_machine="drop"), "what has a state_machine belongs into workflows.json."),
    (drop(phrases=["drop {file}"]), "phrase “drop {file}”: it names 'file', which is no parameter."),
    (drop(phrases=["drop [{key}"]), "phrase “drop [{key}”: "),
    (drop(phrases=["<destroy> {key}"]), "phrase “<destroy> {key}”: "),
    (drop(examples=[{"text": "x", "parameters": {"file": "a"}}]), "example “x”: file is no parameter."),
    (drop(examples=[{"text": "x", "missing": ["file"]}]), "example “x”: file cannot be missing"),
    (drop(examples=[{"text": "burn a.csv"}]), "example “burn a.csv”: it is not understood: "),
    (drop(examples=[{"text": "sweep my-bucket"}]), "example “sweep my-bucket”: it is read as sweep"),
    (
        drop(examples=[{"text": "drop a.csv from my-bucket", "parameters": {"key": "b.csv", "bucket": "my-bucket"}}]),
        "example “drop a.csv from my-bucket”: it is read with {'key': 'a.csv', 'bucket': 'my-bucket'}",
    ),
    (with_parameter(type="colour"), "parameter mode: colour is no type; there are bucket, key,"),
    (with_parameter(name="Mode"), "parameter Mode: its name must be a Python name in small letters"),
    (with_parameter(name="key"), "the parameter key is there twice."),
    (with_parameter(), "parameter mode: it needs a question: what is optional is asked for too"),
    (with_parameter(required=True), "parameter mode: it needs a question"),
    (with_parameter(required=True, question="?", default="a"), "parameter mode: what has a default is never asked for"),
    (with_parameter(type="choice"), "parameter mode: choices belong to the type choice"),
    (with_parameter(choices=["a"]), "parameter mode: choices belong to the type choice"),
    (with_parameter(type="choice", choices=["A"], default="B"), "parameter mode: its default will not do: "),
    (with_parameter(type="days", default="30"), "parameter mode: its default must be written 30."),
    (with_parameter(type="days", default=0), "parameter mode: its default will not do: "),
]


@pytest.mark.parametrize(("entry", "problem"), ENTRY_MISTAKES, ids=[problem for _, problem in ENTRY_MISTAKES])
def test_a_mistake_in_an_entry_is_named(folder: Path, entry: dict[str, Any], problem: str):
    write(folder / "operations" / "s3.json", [entry])

    problems = check(folder)

    assert any(
        line.startswith(f"seeds/operations/s3.json: {entry['name']}: ") and problem in line for line in problems
    ), problems


def test_every_mistake_is_named_not_only_the_first(folder: Path):
    write(folder / "operations" / "s3.json", [drop(title="", confirm="")])
    write(folder / "workflows.json", [sweep(effect="destroy")])

    assert check(folder) == [
        "seeds/operations/s3.json: s3.drop_file: it has no title.",
        "seeds/operations/s3.json: s3.drop_file: what destroys needs a confirm text that says what will happen.",
        "seeds/workflows.json: sweep: it has the effect destroy, and asks for write access only.",
        "seeds/workflows.json: sweep: what destroys needs a confirm text that says what will happen.",
    ]


def _not_json(folder: Path) -> None:
    write(folder / "operations" / "s3.json", "[{")


def _no_list(folder: Path) -> None:
    write(folder / "operations" / "s3.json", {})


def _no_object(folder: Path) -> None:
    write(folder / "operations" / "s3.json", ["drop"])


def _no_file(folder: Path) -> None:
    (folder / "workflows.json").unlink()


def _wrong_file(folder: Path) -> None:
    (folder / "operations" / "s3.json").rename(folder / "operations" / "ec2.json")


def _twice(folder: Path) -> None:
    write(folder / "workflows.json", [sweep(), sweep()])


def _no_machine(folder: Path) -> None:
    write(folder / "workflows.json", [sweep(state_machine="")])


def _broken_machine(folder: Path) -> None:
    write(folder.parent / "statemachines" / "sweep.asl.json", {"StartAt": "Nowhere", "States": {}})


def _garbled_machine(folder: Path) -> None:
    write(folder.parent / "statemachines" / "sweep.asl.json", "{")


def _broken_words(folder: Path) -> None:
    write(folder / "words.json", "{,}")


def _no_access(folder: Path) -> None:
    (folder / "access.json").unlink()


def _unreadable_access(folder: Path) -> None:
    write(folder / "access.json", {"default": "viewer"})


def _wrong_default(folder: Path) -> None:
    access = json.loads((folder / "access.json").read_text())
    write(folder / "access.json", {**access, "default": "everybody"})


def _wrong_grant(folder: Path) -> None:
    access = json.loads((folder / "access.json").read_text())
    access["groups"][0]["may"] = ["raed"]
    write(folder / "access.json", access)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (_not_json, "seeds/operations/s3.json: it is not JSON: "),
        (_no_list, "seeds/operations/s3.json: it must be a list of entries."),
        (_no_object, "seeds/operations/s3.json: entry 1: it must be an object."),
        (_no_file, "seeds/workflows.json: the file is missing."),
        (_wrong_file, "seeds/operations/ec2.json: s3.drop_file: it belongs into operations/s3.json, by its name."),
        (_twice, "seeds/workflows.json: sweep: an entry of this name is in seeds/workflows.json already."),
        (_no_machine, "seeds/workflows.json: sweep: a workflow needs a state_machine."),
        (_broken_machine, "statemachines/sweep.asl.json: it has no States, or StartAt is none of them."),
        (_garbled_machine, "statemachines/sweep.asl.json: it is not JSON: "),
        (_broken_words, "seeds/words.json: it is not JSON: "),
        (_no_access, "seeds/access.json: the file is missing."),
        (_unreadable_access, "seeds/access.json: it cannot be read: 'groups'."),
        (_wrong_default, "seeds/access.json: the default group everybody is not among the groups."),
        (_wrong_grant, "seeds/access.json: viewer: raed is no access; there are read, write, destroy, teach."),
    ],
)
def test_a_mistake_in_a_file_is_named(folder: Path, spoil: Callable[[Path], None], problem: str):
    spoil(folder)

    assert any(line.startswith(problem) for line in check(folder)), check(folder)
