"""What the bot knows: read from the seeds, or from the table that the seeds fill, and compiled once.

The table (keys ``kind`` and ``name``) holds one item an ``entry``, the shared ``words``, the ``access`` rules,
the ``phrase`` items that people taught, and a ``version`` item whose value is a new one after every
change: a warm worker reads only that one, at most once a minute, and compiles again when it differs.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot.gist import Gist
from bot.matching import Matcher, check
from bot.models import Access, Entry, Lesson, Parameter

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
"""Beside ``bot/`` in a checkout as in the Lambda package."""
RECHECK_SECONDS = 60.0
VERSION_KEY: Mapping[str, Any] = {"kind": {"S": "version"}, "name": {"S": "knowledge_base"}}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seeds:
    """The seed files, read."""

    entries: tuple[Entry, ...]
    words: Mapping[str, Any]
    """The word lists that phrases share; empty when there are none."""
    access: Access


def entry_files(folder: Path) -> list[Path]:
    """The files that hold entries: one a service, and the workflows."""
    return [*sorted((folder / "operations").glob("*.json")), folder / "workflows.json"]


def read_seeds(folder: Path = SEEDS) -> Seeds:
    """The seeds of a folder. Raises ValueError, KeyError or TypeError on a broken file; ``seeds.load`` says which."""
    entries = _knowing_workflows([Entry.from_dict(data) for path in entry_files(folder) for data in _read(path)])
    words = folder / "words.json"
    return Seeds(
        entries=tuple(entries),
        words=_read(words) if words.exists() else {},
        access=Access.from_dict(_read(folder / "access.json")),
    )


def _knowing_workflows(entries: Sequence[Entry]) -> list[Entry]:
    """A parameter of the type workflow may be any of the workflows there are, and its question names them."""
    names = tuple(entry.name for entry in entries if entry.is_workflow)
    *others, last = [name.replace("_", " ") for name in names] or [""]
    listed = f"{', '.join(others)} or {last}" if others else last

    def knowing(parameter: Parameter) -> Parameter:
        if parameter.type != "workflow":
            return parameter
        return replace(parameter, choices=names, question=parameter.question.replace("{workflows}", listed))

    return [replace(entry, parameters=tuple(map(knowing, entry.parameters))) for entry in entries]


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    """Everything that ``resolve``, ``authorize`` and help look things up in; the order is that of the seeds."""

    entries: Mapping[str, Entry]
    matcher: Matcher
    access: Access
    words: Mapping[str, Any] = field(default_factory=dict)
    learned: tuple[Lesson, ...] = ()
    """The phrases that are in no seeds."""
    gist: Gist = field(init=False, repr=False, compare=False)
    """Reads what no phrase reads as a whole."""

    def __post_init__(self) -> None:
        """Compiles what follows from the rest."""
        object.__setattr__(self, "gist", Gist(self.entries, self.words, self.matcher))

    @classmethod
    def compile(cls, seeds: Seeds, learned: Sequence[Mapping[str, Any]] = ()) -> Self:
        """Ready for matching: the phrases of the seeds, and those that people taught."""
        matcher = Matcher(seeds.entries, seeds.words, learned)
        entries = {entry.name: entry for entry in seeds.entries}
        return cls(entries, matcher, seeds.access, seeds.words, tuple(Lesson.from_dict(item) for item in learned))

    def relearned(self, lessons: Sequence[Lesson]) -> KnowledgeBase:
        """The same with these learned phrases, and no others."""
        matcher = self.matcher.relearned([lesson.to_dict() for lesson in lessons])
        return replace(self, matcher=matcher, learned=tuple(lessons))


@cache
def from_seeds(folder: Path = SEEDS) -> KnowledgeBase:
    """The knowledge base as the seeds alone make it, for ``python -m bot`` and tests; read once."""
    return KnowledgeBase.compile(read_seeds(folder))


class Store:
    """The knowledge base in DynamoDB, kept in memory between messages."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table
        self._known: KnowledgeBase | None = None
        self._version = ""
        self._checked_at = 0.0

    def load(self, now: float) -> KnowledgeBase:
        """The newest knowledge base that is at most a minute old.

        When the table cannot be read, or holds something that does not compile, a worker that already knows
        something goes on with it: an answer from yesterday's phrases is better than none.
        """
        if self._known is not None and now - self._checked_at < RECHECK_SECONDS:
            return self._known
        self._checked_at = now
        try:
            self._refresh()
        except Exception:
            if self._known is None:
                raise
            log.exception("the knowledge base could not be read again; going on with version %s", self._version)
        if self._known is None:
            raise RuntimeError(f"the table {self._table} is empty: run python -m seeds.load")
        return self._known

    def fresh(self) -> tuple[KnowledgeBase, str]:
        """What stands in the table at this moment, with its version: what a change is made from."""
        self._refresh(consistent=True)
        if self._known is None:
            raise RuntimeError(f"the table {self._table} is empty: run python -m seeds.load")
        return self._known, self._version

    def adopt(self, known: KnowledgeBase, version: str) -> None:
        """Go on with what was just written to the table, without reading all of it again."""
        self._known, self._version = known, version

    def _refresh(self, *, consistent: bool = False) -> None:
        found = self._client.get_item(TableName=self._table, Key=VERSION_KEY, ConsistentRead=consistent).get("Item")
        if found is None:
            return
        version = found["value"]["S"]
        if version != self._version:
            self._known = _compiled(self._items())
            self._version = version

    def _items(self) -> Iterator[Mapping[str, Any]]:
        # Consistent: else items of before could be kept under the new version, and never be read again.
        for page in self._client.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True):
            yield from page["Items"]


def _compiled(items: Iterable[Mapping[str, Any]]) -> KnowledgeBase:
    kinds: dict[str, list[Any]] = {"entry": [], "phrase": [], "words": [], "access": []}
    for item in sorted(items, key=_order):
        kinds.get(item["kind"]["S"], []).append(json.loads(item.get("body", {}).get("S", "null")))
    (access,) = kinds["access"]
    seeds = Seeds(
        entries=tuple(Entry.from_dict(data) for data in kinds["entry"]),
        words=next(iter(kinds["words"]), {}),
        access=Access.from_dict(access),
    )
    entries = {entry.name: entry for entry in seeds.entries}
    return KnowledgeBase.compile(seeds, [item for item in kinds["phrase"] if _usable(item, entries, seeds.words)])


def _usable(learned: Mapping[str, Any], entries: Mapping[str, Entry], words: Mapping[str, Any]) -> bool:
    """Whether a taught phrase still fits the entries: one that does not must not take all others with it."""
    try:
        check(replace(entries[learned["entry"]], phrases=(learned["phrase"],)), words)
    except (KeyError, TypeError, ValueError) as error:
        log.warning("a learned phrase is left aside: %s", error, extra={"learned": learned})
        return False
    return True


def _order(item: Mapping[str, Any]) -> tuple[int, str]:
    return int(item.get("position", {}).get("N", "0")), item["name"]["S"]
