"""The operations: one module a service, one function an intent, found by name.

``s3.list_files`` is the function ``list_files`` in ``bot/operations/s3.py``, reachable only when it carries
``@operation(...)`` with the IAM actions that it needs. Adding one edits no existing Python file.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.aws import Aws
from bot.models import Block, Entry, Lesson, Reply, Request, Turn

Preview = Callable[..., list[Block]]
"""``(call, **parameters) -> blocks``: what running it would do now. Raises the BotError that running it would meet."""


Recall = Callable[["Call"], Reply | None]
"""``(call) -> reply``: what helps to answer the question for its first parameter, when nothing was said yet."""


class Lessons(Protocol):
    """The learned phrases, as far as people work on them."""

    def all(self) -> Sequence[Lesson]:
        """Every learned phrase, by number."""
        ...

    def teach(self, said: str, meaning: str, user: str) -> Lesson:
        """Learn that one sentence means what another one does. Raises NotLearned."""
        ...

    def forget(self, number: int) -> Lesson:
        """Remove a learned phrase. Raises NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation is given beside its parameters."""

    aws: Aws
    request: Request
    entries: Mapping[str, Entry]
    """All entries by name, for help and lists."""
    may: Callable[[Entry], bool]
    """Whether the asker may run an entry."""
    seconds_left: Callable[[], float]
    """How long the caller may still take."""
    page: Mapping[str, Any] | None = None
    """What the former page left in ``Reply.next_page``; None on the first."""
    refusal: Callable[[Entry], str] = lambda _entry: ""
    """Why the asker may not run an entry, in words for them; empty when they may."""
    understand: Callable[[str], Turn] = lambda _text: Turn("not_understood")
    """How a sentence would be read in this thread by the knowledge base, without a model."""
    model: Callable[[], str] = lambda: ""
    """The name of the model that is asked for the rest; empty when there is none, or it may not be asked today."""
    lessons: Lessons | None = None
    """What was learned; None where nothing can be."""


class Operation(Protocol):
    """A function ``(call, **parameters) -> Reply``; AWS's errors pass through it untouched."""

    actions: tuple[str, ...]
    """The IAM actions that it needs, its preview's included."""
    preview: Preview | None
    """What a confirmation shows before it runs."""
    recall: Recall | None
    """What is shown above the question for what it needs."""

    def __call__(self, call: Call, /, **parameters: Any) -> Reply:
        """Run it with the parameters of its entry, by name."""
        ...


def operation(
    *actions: str, preview: Preview | None = None, recall: Recall | None = None
) -> Callable[[Callable[..., Reply]], Operation]:
    """Mark a function as an operation and name the IAM actions it needs; the template test holds the role to them."""

    def mark(function: Callable[..., Reply]) -> Operation:
        function.actions = actions  # type: ignore[attr-defined]
        function.preview = preview  # type: ignore[attr-defined]
        function.recall = recall  # type: ignore[attr-defined]
        return function  # type: ignore[return-value]

    return mark


def find(name: str) -> Operation:
    """The operation of an intent such as ``s3.list_files``; LookupError that says which file and function to write."""
    service, _, verb = name.partition(".")
    verb = verb or service
    missing = f"write the function {verb}, marked @operation, in bot/operations/{service}.py"
    try:
        module = importlib.import_module(f"bot.operations.{service}")
    except ModuleNotFoundError as error:
        raise LookupError(missing) from error
    function = getattr(module, verb, None)
    if function is None or not hasattr(function, "actions"):
        raise LookupError(missing)
    found: Operation = function
    return found
