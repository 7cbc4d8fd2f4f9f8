"""The kind of an error, read from a log line: what is the same of every such error, without what differs.

Read are structured JSON lines, Lambda's own reports, stack traces of Python, Java and Node, and plain text. Numbers,
ids, addresses, timestamps and paths become placeholders. Pure text, no AWS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

LONGEST_LINE = 8_000
LONGEST_HEAD = 2_000
"""Of one line of it. Patterns are matched against no more, so that no line, however made, takes long."""
LONGEST_SIGNATURE = 160
LONG_WORD = 16
"""A word with digits in it that is this long was made by a machine."""

_VARIABLE = re.compile(
    r"""
    (?P<time>\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?(?:Z|[+-]\d\d:?\d\d))?
        | \d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?:\s[+-]\d{4})?
        | (?<!\d)\d\d:\d\d:\d\d(?:[.,]\d+)?
        | (?<!\d)\d{4}-\d\d-\d\d(?!\d))
    | (?P<url>\b(?:https?|s3|wss?|jdbc:\w+|postgres(?:ql)?|redis|amqps?|mongodb)://[^\s"'<>)\],]+)
    | (?P<arn>\barn:aws[\w-]*:[^\s"'<>)\],]+)
    | (?P<email>\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,64}\b)
    | (?P<id>\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b
        | \b0x[0-9a-fA-F]+\b)
    | (?P<address>(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\d.])
        | \[?\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\b\]?(?::\d+)?)
    | (?P<path>(?<![\w/])(?:/[\w.@+~-]+){2,}/?(?::\d+)? | \b[A-Za-z]:\\[\w\\ .-]+)
    | (?P<word>\b\w{8,}\b)
    | (?P<n>(?<![A-Za-z_\d])[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?)
    """,
    re.VERBOSE,
)
_HEX = re.compile(r"[0-9a-f]+")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LEADING = re.compile(
    r"""^(?:
        \s+ | [|\-–:·]+\s
        | \[?\d{4}[-/]\d\d[-/]\d\d[T ]?[\d:.,]*\s?(?:Z|[+-]\d\d:?\d\d)?\]?
        | [A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d\s
        | \d\d:\d\d:\d\d[\d.,]*
        | \[?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|SEVERE|FATAL|CRITICAL|PANIC|EMERG|ALERT|E)\]?:?(?=[\s:])
        | RequestId:\s[\w-]+\s
        | [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b
        | \[(?:main|[\w./-]*\d[\w./-]*)\]
    )""",
    re.VERBOSE,
)
_PYTHON = re.compile(r"^(?P<type>[A-Za-z_][\w.]*(?:Error|Exception|Warning|Exit|Interrupt|Timeout|Fault|[A-Z]\w+))"
                     r"(?::\s*(?P<text>.*))?$")  # fmt: skip
_JAVA = re.compile(
    r"^(?:Exception in thread \"[^\"]*\" |Caused by: |.*?\s)?"
    r"(?P<type>(?:[a-z_][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error|Throwable|Failure))(?::\s*(?P<text>.*))?$"
)
_NODE = re.compile(r"^(?:Uncaught )?(?P<type>[A-Z]\w*(?:Error|Exception)(?: \[\w+\])?): ?(?P<text>.*)$")
_FRAME = re.compile(r"^\s+at \S|^\tat ", re.MULTILINE)
_STATUS = re.compile(r"\bStatus: (?P<status>timeout|error)(?:\s+Error Type: (?P<type>[\w.]+))?")

_TYPES = ("errorType", "error_type", "exception_name", "exc_type", "exceptionClass", "error.type", "error.name")
_TEXTS = ("errorMessage", "error_message", "message", "msg", "log", "event", "error", "err", "exception", "text")
_LEVELS = ("level", "levelname", "severity", "log.level")


def signature(message: str) -> str:
    """What all errors of this kind have in common; never empty."""
    line = _COLOURS.sub("", message[:LONGEST_LINE]).strip()
    for read in _READERS:
        found = read(line)
        if found:
            return found
    return _plain(line)


def normalise(text: str) -> str:
    """Text with placeholders for what differs from one error of a kind to the next."""
    flat = " ".join(_VARIABLE.sub(_placeholder, text[:LONGEST_HEAD]).split())
    return flat if len(flat) <= LONGEST_SIGNATURE else flat[: LONGEST_SIGNATURE - 1] + "…"


def _placeholder(match: re.Match[str]) -> str:
    if match.lastgroup != "word":
        return f"<{match.lastgroup}>"
    word = match[0]
    if word.isdecimal():
        return "<n>"
    digits = any(character.isdigit() for character in word)
    looks_made = len(word) >= LONG_WORD or word.isupper() or _HEX.fullmatch(word)
    return "<id>" if digits and looks_made else word


def _json(line: str) -> str:
    start = line.find("{")
    if start < 0 or not line.endswith("}") or (start and "\t" not in line[:start] and len(line[:start].split()) > 4):
        return ""
    try:
        data = json.loads(line[start:])
    except ValueError:
        return ""
    return _of_fields(data) if isinstance(data, Mapping) else ""


def _of_fields(data: Mapping[str, Any]) -> str:
    inner = (data.get(name) for name in ("error", "err", "exception"))
    nested: Mapping[str, Any] = next((each for each in inner if isinstance(each, Mapping)), {})
    kind = _first(data, _TYPES) or _first(nested, ("type", "name", "kind", "class", "code"))
    text = _first(nested, ("message", "msg")) or _first(data, _TEXTS)
    trace = next((value for value in data.values() if isinstance(value, str) and "\n" in value), "")
    if not kind and trace:
        return signature(trace)
    if not text:
        return ""
    if not kind:
        return signature(text) if not text.lstrip().startswith("{") else normalise(text)
    return _named(kind, text)


def _first(data: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(data[name]) for name in names if isinstance(data.get(name), (str, int)) and data[name]), "")


def _lambda(line: str) -> str:
    if line.startswith("REPORT RequestId"):
        found = _STATUS.search(line)
        return f"Lambda: {found['status']} {found['type'] or ''}".strip() if found else "Lambda: report"
    if "Task timed out after" in line:
        return "Lambda: task timed out"
    if "Runtime exited" in line or "Runtime.ExitError" in line:
        killed = "killed" in line or "OutOfMemory" in line
        return "Lambda: runtime was killed (out of memory?)" if killed else "Lambda: runtime exited"
    return ""


def _python(line: str) -> str:
    """The last exception of a traceback: the one that was raised at the end."""
    _, mark, after = line.rpartition("Traceback (most recent call last)")
    if not mark:
        return ""
    for candidate in reversed(after.splitlines()):
        found = _PYTHON.match(candidate[:LONGEST_HEAD]) if candidate[:1].strip() else None
        if found:
            return _named(found["type"].rpartition(".")[2], found["text"] or "")
    return _raised_first(line)


def _raised_first(line: str) -> str:
    """Lambda puts the exception before its traceback: ``[ERROR] KeyError: 'id'``."""
    head = _stripped(line.splitlines()[0])[:LONGEST_HEAD]
    found = _PYTHON.match(head)
    return _named(found["type"].rpartition(".")[2], found["text"] or "") if found else ""


def _java(line: str) -> str:
    """The innermost cause of a Java stack trace."""
    found = [match for match in map(_JAVA.match, _heads(line)) if match]
    return _named(found[-1]["type"].rpartition(".")[2], found[-1]["text"] or "") if found else ""


def _node(line: str) -> str:
    if not _FRAME.search(line):
        return ""
    found = next((match for match in (_NODE.match(_stripped(head)) for head in _heads(line)) if match), None)
    return _named(found["type"], found["text"]) if found else ""


def _heads(line: str) -> Iterator[str]:
    """The lines of a stack trace that are not frames."""
    return (each.strip()[:LONGEST_HEAD] for each in line.splitlines() if each.strip() and not _FRAME.match(each))


def _plain(line: str) -> str:
    head = next((each[:LONGEST_HEAD] for each in line.splitlines() if each.strip()), "")
    return normalise(_stripped(head)) or normalise(head) or "(an empty line)"


def _stripped(head: str) -> str:
    """Without the timestamps, levels and ids that loggers put in front."""
    while True:
        rest = _LEADING.sub("", head, count=1)
        if rest == head or not rest.strip():
            return head.strip()
        head = rest


def _named(kind: str, text: str) -> str:
    return normalise(f"{kind}: {text}" if text else kind)


_READERS: tuple[Callable[[str], str], ...] = (_json, _lambda, _python, _java, _node)
