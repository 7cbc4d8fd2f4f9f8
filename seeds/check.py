"""What is wrong with the seeds, each problem with its file and entry; nothing is written before all is right."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.conversations import Thread
from bot.errors import BadValue
from bot.gist.kinds import check as check_gist
from bot.knowledge_base import SEEDS, KnowledgeBase, Seeds, entry_files, read_seeds
from bot.matching import check as check_phrases
from bot.models import Access, Entry, Example, Parameter
from bot.phrases import PhraseError
from bot.replies import PLACE
from bot.resolve import resolve
from bot.values import TYPES, parse

EFFECTS = ("read", "write", "destroy")
"""From least to most; the accesses that they ask for have the same names."""
ACCESSES = (*EFFECTS, "teach")
"""What groups can be granted; to teach changes what sentences mean, for everybody."""
OPERATION_NAME = re.compile(r"[a-z][a-z0-9]*(\.[a-z][a-z0-9_]*)?")
WORKFLOW_NAME = re.compile(r"[a-z][a-z0-9_]*")


def machines_folder(folder: Path) -> Path:
    """Where the state machines lie, beside the seeds."""
    return folder.parent / "statemachines"


def check(folder: Path = SEEDS) -> list[str]:
    """Every problem of the seeds in a folder, one sentence each; empty when they can be loaded."""
    problems = [*_check_access(folder)]
    words, found = _parsed(folder / "words.json", {}, folder)
    problems += found
    entries: list[tuple[str, Entry]] = []
    for path in entry_files(folder):
        for place, entry, found in _entries(path, folder):
            problems += found
            if entry is not None:
                entries.append((place, entry))
    problems += _duplicates(entries)
    rules = _Rules(_accesses(folder), words if isinstance(words, dict) else {})
    for place, entry in entries:
        problems += [f"{place}: {problem}" for problem in rules.problems(entry)]
        problems += _machine(entry, folder)
    if not problems:
        problems += _unread_examples(read_seeds(folder), {entry.name: place for place, entry in entries})
    return problems


# --- reading the files ------------------------------------------------------------------------------------------


def _parsed(path: Path, absent: Any, folder: Path) -> tuple[Any, list[str]]:
    """The file's data and what is wrong with it as JSON; ``absent`` for an optional file that is not there."""
    shown = _shown(path, folder)
    if not path.exists():
        return absent, ([] if absent is not None else [f"{shown}: the file is missing."])
    try:
        return json.loads(path.read_text(encoding="utf-8")), []
    except ValueError as error:
        return absent, [f"{shown}: it is not JSON: {error}."]


def _entries(path: Path, folder: Path) -> Iterator[tuple[str, Entry | None, list[str]]]:
    """Each entry of a file with the place that names it, or what keeps it from being read."""
    shown = _shown(path, folder)
    data, problems = _parsed(path, None, folder)
    if problems:
        yield shown, None, problems
    elif not isinstance(data, list):
        yield shown, None, [f"{shown}: it must be a list of entries."]
    else:
        for number, item in enumerate(data, start=1):
            name = item.get("name") if isinstance(item, dict) else None
            place = f"{shown}: {name or f'entry {number}'}"
            entry, problem = _entry(item)
            yield place, entry, ([f"{place}: {problem}"] if problem else _wrong_file(place, entry, path))


def _entry(item: Any) -> tuple[Entry | None, str]:
    if not isinstance(item, dict):
        return None, "it must be an object."
    unknown = set(item) - set(Entry.__slots__)
    if unknown:
        return None, f"it has a field that entries do not have: {', '.join(sorted(unknown))}."
    try:
        return Entry.from_dict(item), ""
    except KeyError as error:
        return None, f"an example or a parameter lacks the field {error}."
    except (TypeError, AttributeError, ValueError) as error:
        return None, f"it cannot be read: {str(error).replace('Entry.__init__()', 'it')}."


def _wrong_file(place: str, entry: Entry | None, path: Path) -> list[str]:
    if entry is None or path.name == "workflows.json":
        return [f"{place}: a workflow needs a state_machine."] if entry and not entry.is_workflow else []
    if entry.is_workflow:
        return [f"{place}: what has a state_machine belongs into workflows.json."]
    stem = entry.name.partition(".")[0]
    return [] if stem == path.stem else [f"{place}: it belongs into operations/{stem}.json, by its name."]


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder.parent).as_posix()


# --- who may do what --------------------------------------------------------------------------------------------


def _check_access(folder: Path) -> Iterator[str]:
    shown = _shown(folder / "access.json", folder)
    data, problems = _parsed(folder / "access.json", None, folder)
    yield from problems
    if problems:
        return
    try:
        access = Access.from_dict(data)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        yield f"{shown}: it cannot be read: {error}."
        return
    names = [group.name for group in access.groups]
    yield from (f"{shown}: the group {name} is there twice." for name, count in Counter(names).items() if count > 1)
    if access.default not in names:
        yield f"{shown}: the default group {access.default} is not among the groups."
    for group in access.groups:
        yield from (
            f"{shown}: {group.name}: {granted} is no access; there are {', '.join(ACCESSES)}."
            for granted in group.may
            if granted not in ACCESSES
        )


def _accesses(folder: Path) -> frozenset[str]:
    """What some group grants; everything when the file cannot be read, which is a problem of its own."""
    try:
        access = Access.from_dict(json.loads((folder / "access.json").read_text(encoding="utf-8")))
    except (OSError, TypeError, KeyError, AttributeError, ValueError):
        return frozenset(ACCESSES)
    return frozenset(granted for group in access.groups for granted in group.may)


# --- the rules of an entry --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rules:
    granted: frozenset[str]
    words: Mapping[str, Any]

    def problems(self, entry: Entry) -> Iterator[str]:
        yield from _names(entry)
        yield from self._rights(entry)
        for parameter in entry.parameters:
            yield from (f"parameter {parameter.name}: {problem}" for problem in _parameter(parameter))
        yield from self._phrases(entry)
        yield from check_gist(entry)
        for example in entry.examples:
            yield from (f"example “{example.text}”: {problem}" for problem in _example(entry, example))
        known = {parameter.name for parameter in entry.parameters}
        for place in PLACE.findall(entry.confirm):
            if place not in known:
                yield f"the confirm text has {{{place}}}, which is no parameter."

    def _rights(self, entry: Entry) -> Iterator[str]:
        if entry.effect not in EFFECTS:
            yield f"{entry.effect} is no effect; there are {', '.join(EFFECTS)}."
        elif entry.access not in self.granted:
            yield f"no group of access.json grants the access {entry.access}."
        elif entry.access in EFFECTS and EFFECTS.index(entry.access) < EFFECTS.index(entry.effect):
            yield f"it has the effect {entry.effect}, and asks for {entry.access} access only."
        if entry.effect == "destroy" and not entry.confirm:
            yield "what destroys needs a confirm text that says what will happen."

    def _phrases(self, entry: Entry) -> Iterator[str]:
        try:
            check_phrases(entry, self.words)
        except (KeyError, PhraseError):  # which of them, and what else: each alone, with the lists read anew
            for phrase in entry.phrases:
                yield from self._phrase(entry, phrase)

    def _phrase(self, entry: Entry, phrase: str) -> Iterator[str]:
        try:
            check_phrases(replace(entry, phrases=(phrase,)), self.words)
        except KeyError as error:
            yield f"phrase “{phrase}”: it names {error}, which is no parameter."
        except PhraseError as error:
            yield f"phrase “{phrase}”: {error}."


def _names(entry: Entry) -> Iterator[str]:
    form = WORKFLOW_NAME if entry.is_workflow else OPERATION_NAME
    if not form.fullmatch(entry.name):
        yield "its name must be service.verb_noun in small letters, or a workflow's name."
    for field in ("service", "title", "summary", "phrases", "examples"):
        if not getattr(entry, field):
            yield f"it has no {field}."
    names = Counter(parameter.name for parameter in entry.parameters)
    yield from (f"the parameter {name} is there twice." for name, count in names.items() if count > 1)
    if entry.is_workflow and "workflow" in names:
        yield "a workflow's own name is its parameter workflow; it cannot have another."


def _parameter(parameter: Parameter) -> Iterator[str]:
    if not parameter.name.isidentifier() or parameter.name != parameter.name.lower():
        yield "its name must be a Python name in small letters: it is an argument of the function."
    if parameter.type not in TYPES:
        yield f"{parameter.type} is no type; there are {', '.join(TYPES)}."
        return
    if not parameter.question:
        yield "it needs a question: what is optional is asked for too, once a value will not do."
    if parameter.required and parameter.default is not None:
        yield "what has a default is never asked for, so it cannot be required."
    if (parameter.type == "choice") != bool(parameter.choices):
        yield "choices belong to the type choice, and that type needs them."
    elif parameter.default is not None:
        yield from _default(parameter)


def _default(parameter: Parameter) -> Iterator[str]:
    try:
        value = parse(parameter.type, str(parameter.default), parameter.choices)
    except BadValue as error:
        yield f"its default will not do: {error.sentence}"
        return
    if value != parameter.default or type(value) is not type(parameter.default):
        yield f"its default must be written {json.dumps(value)}."


def _example(entry: Entry, example: Example) -> Iterator[str]:
    names = {parameter.name for parameter in entry.parameters} | set(entry.fixed)
    yield from (f"{name} is no parameter." for name in example.parameters if name not in names)
    yield from (
        f"{name} cannot be missing: it is not required." for name in example.missing if name not in entry.required
    )


def _machine(entry: Entry, folder: Path) -> Iterator[str]:
    """A workflow may be without its state machine, and is not available then; a broken one is a mistake."""
    path = machines_folder(folder) / f"{entry.state_machine}.asl.json"
    if not entry.is_workflow or not path.exists():
        return
    machine, problems = _parsed(path, None, folder)
    yield from problems
    states = machine.get("States") if isinstance(machine, dict) else None
    if not problems and not (isinstance(states, dict) and machine.get("StartAt") in states):
        yield f"{_shown(path, folder)}: it has no States, or StartAt is none of them."


def _duplicates(entries: list[tuple[str, Entry]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for place, entry in entries:
        if entry.name in seen:
            yield f"{place}: an entry of this name is in {seen[entry.name]} already."
        seen[entry.name] = place.partition(":")[0]


# --- the examples are the test ----------------------------------------------------------------------------------


def _unread_examples(seeds: Seeds, places: Mapping[str, str]) -> Iterator[str]:
    knowledge = KnowledgeBase.compile(seeds)
    for entry in seeds.entries:
        for example in entry.examples:
            problem = _misread(knowledge, entry, example)
            if problem:
                yield f"{places[entry.name]}: example “{example.text}”: {problem}"


def _misread(knowledge: KnowledgeBase, entry: Entry, example: Example) -> str:
    read = resolve(example.text, Thread(), knowledge)
    if read.intent is None:
        return f"it is not understood: {read.error}" if read.error else "it is not understood."
    if read.intent.entry != entry.name:
        return f"it is read as {read.intent.entry}, by the phrase “{read.intent.phrase}”."
    said, missing = dict(read.intent.parameters), list(read.intent.missing)
    if said != {**entry.fixed, **example.parameters} or set(missing) != set(example.missing):
        return f"it is read with {said} and without {missing}, by the phrase “{read.intent.phrase}”."
    return ""
