"""What a confirmation shows of a workflow before it runs: one module a workflow, found by the workflow's name.

A workflow ``NAME`` for which there is ``bot/previews/NAME.py`` has the function ``preview`` in it asked; any other is
confirmed by its sentence alone. Adding one edits no existing Python file.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.models import Block
from bot.operations import Call


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees before confirming."""

    blocks: tuple[Block, ...] = ()
    text: str = ""
    """The same for screen readers, escaped."""
    basis: str = ""
    """What it was made from, as a fingerprint. The workflow compares, and stops when it is no longer so."""


class Preview(Protocol):
    """A function ``(call, **parameters) -> Shown``; AWS's errors pass through it untouched."""

    actions: tuple[str, ...]
    """The IAM actions that it needs."""

    def __call__(self, call: Call, /, **parameters: Any) -> Shown:
        """What running the workflow would do now. Raises the BotError that running it would meet."""
        ...


def needs(*actions: str) -> Callable[[Callable[..., Shown]], Preview]:
    """Name the IAM actions that a preview needs; the template test holds the worker's role to them."""

    def mark(function: Callable[..., Shown]) -> Preview:
        function.actions = actions  # type: ignore[attr-defined]
        return function  # type: ignore[return-value]

    return mark


def find(workflow: str) -> Preview | None:
    """The preview of a workflow, or None."""
    name = f"bot.previews.{workflow}"
    if importlib.util.find_spec(name) is None:
        return None
    found: Preview = importlib.import_module(name).preview
    return found
