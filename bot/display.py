"""How names, sizes and times are shown: pure text, at the bottom of everything that speaks.

A file's key may hold any character. It is shown as it is unless part of it cannot be seen; then that part is written
out, and no two keys ever look alike.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

_UNITS = ("bytes", "KB", "MB", "GB", "TB")
_WRITTEN_OUT = re.compile(r"\\(?:\\|n|r|t|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
_INVISIBLE_SPACES = re.compile(r"^ +| +$| {2,}")


def shown(name: str) -> str:
    """A key so that a reader can tell it from every other: line ends, control and direction marks are written out."""
    seen = name.isprintable() and not _INVISIBLE_SPACES.search(name) and not _WRITTEN_OUT.search(name)
    if seen:
        return name
    visible = "".join(_written_out(character) for character in name)
    return _INVISIBLE_SPACES.sub(lambda spaces: r"\x20" * len(spaces[0]), visible)


def _written_out(character: str) -> str:
    if character == "\\" or not character.isprintable():
        return character.encode("unicode_escape").decode()
    return character


def human_size(size: int) -> str:
    """Bytes as people read them: ``0 bytes``, ``1 byte``, ``1.5 KB`` (of 1,024 bytes), ``12 MB``."""
    if size == 1:
        return "1 byte"
    amount = float(size)
    for unit in _UNITS:
        if amount < (1024 if unit == "bytes" else 1023.5) or unit == _UNITS[-1]:
            break
        amount /= 1024
    short = f"{amount:.1f}" if unit != "bytes" and amount < 9.95 else f"{amount:,.0f}"
    return f"{short.removesuffix('.0')} {unit}"


def moment(when: datetime) -> str:
    """A time to the minute, in UTC: ``2026-11-22 10:28``."""
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def duration(seconds: float) -> str:
    """A span of time: ``45 s``, ``3 min``, ``2 h 10 min``."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes = round(whole / 60)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours:,} h {rest} min" if rest else f"{hours:,} h"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: ``1 file``, ``12 files``, ``1,204 files``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
