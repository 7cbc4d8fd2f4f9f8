"""The kind of an error, read from a log line: what is the same of every such error, without what differs.

Read are structured lines (JSON, logfmt), Lambda's own reports, stack traces of Python, Java, Node, .NET and Rust, lines
of proxies, and plain text. Numbers, ids, addresses, timestamps and paths become placeholders; which words are values
too is seen in many lines only (``log_grouping``). Pure text, no AWS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

LONGEST_LINE = 8_000
LONGEST_HEAD = 2_000
"""Of one line of it. Patterns are matched against no more, so that no line, however made, takes long."""
LONGEST_SIGNATURE = 500
LONG_WORD = 16
MANY_DIGITS = 6
"""A long word with many digits, or with digits in several places, was made by a machine."""
SHORT_HASH = 7
"""Digits of the shortest hexadecimal number that is known by its looks: what Git shows of a commit."""

_VARIABLE = re.compile(
    r"""
    # passed over at once: what is within a word or between words, and words of letters alone
    (?<![A-Za-z])(?=[\w/[+-])(?![A-Za-z]++(?:[\s,;)]|$))(?:
    (?P<time>\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:\s?(?:Z|[+-]\d\d:?\d\d))?
        | \d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d(?:\s[+-]\d{4})?
        | (?<!\d)\d\d/\d\d/\d\d\s\d\d:\d\d:\d\d
        | (?<!\d)\d{1,2}\s[A-Z][a-z]{2}\s\d{4}\s\d\d:\d\d:\d\d(?:[.,]\d+)?
        | (?<!\d)\d\d:\d\d:\d\d(?:[.,]\d+)?
        | (?<!\d)\d{4}-\d\d-\d\d(?!\d))
    | (?P<url>\b(?:https?|s3|wss?|jdbc:\w+|postgres(?:ql)?|redis|amqps?|mongodb)://[^\s"'<>)\],]+)
    | (?P<arn>\barn:aws[\w-]*:[^\s"'<>)\],]+)
    | (?P<email>\b[\w.+-]{1,64}+@[\w-]{1,63}\.[\w.-]{1,64}\b)
    | (?P<id>\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b
        | \b0x[0-9a-fA-F]+\b)
    | (?P<address>(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\d.])
        | \[?\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\b\]?(?::\d+)?)
    | (?P<path>(?<![\w/])(?:/[\w.@+~=-]+){2,}/?(?::\d+)? | \b[A-Za-z]:\\[\w\\ .-]+
        | (?<![\w/.@+~=-])(?:[\w.@+~=-]++/){2,}[\w.@+~=-]*)
    | (?P<duration>(?<![A-Za-z_\d.])(?:\d+(?:[.,]\d+)*(?:[num\u00b5\u03bc]?s|(?<!\d{5})[mhd])){1,9}\b)
    | (?P<size>(?<![A-Za-z_\d.])\d+(?:[.,]\d+)*\s?(?:[kKMGT]i?)?B\b)
    | (?P<word>\b(?=[A-Za-z_]*+\d)(?!\d+\b)\w{7,}\b)
    | (?P<n>(?<![A-Za-z_\d])[-+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?))
    """,
    re.VERBOSE,
)
_HEX = re.compile(r"[0-9a-f]+")
_DIGITS = re.compile(r"\d+")
_LIST = re.compile(r"(<\w+>)(?:,\s?\1)+")
"""Of which it does not matter how long it is."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LEADING = re.compile(
    r"""^(?:
        \s+ | [|\-–:·]+\s
        | \[?\d{4}[-/]\d\d[-/]\d\d[T ]?[\d:.,]*\s?(?:Z|[+-]\d\d:?\d\d)?\]?
        | [A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d\s
        | \d\d:\d\d:\d\d[\d.,]*
        | \[?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|SEVERE|FATAL|CRITICAL|PANIC|EMERG|ALERT|E)\]?:?(?=[\s:])
        | [A-Z],\s\[[^\]]*\]\s+[A-Z]+\s--\s[\w.]*:\s  # Ruby's
        | [IWEF]\d{4}\s\d\d:\d\d:\d\d\.\d+\s+\d+\s[\w.]+:\d+\]\s  # of Kubernetes
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
    r"(?P<type>(?:[A-Za-z_][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error|Throwable|Failure))(?: \(0x[0-9A-Fa-f]+\))?"
    r"(?::\s*(?P<text>.*))?$"
)
"""Of .NET too, which adds a number to some."""
_NODE = re.compile(r"^(?:Uncaught )?(?P<type>[A-Z]\w*(?:Error|Exception)(?: \[\w+\])?): ?(?P<text>.*)$")
_FRAME = re.compile(r"^\s+at \S|^\tat ", re.MULTILINE)
_RUST = re.compile(r"^thread '[^']*' (?:\(\d+\) )?panicked at [^\n]*\n(?P<text>[^\n]+)")
_ACCESS = re.compile(r'^\S+ \S+ \S+ \[[^\]]+\] "(?P<method>[A-Z]+) [^"]*" (?P<status>\d{3}) ')
_NGINX = re.compile(r"^\d{4}/\d\d/\d\d [\d:]+ \[\w+\] \d+#\d+: (?:\*\d+ )?(?P<text>.+?)(?:, client: .*)?$")
_PAIR = re.compile(r'(?<!\S)(?P<name>[A-Za-z_][\w.]*)=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>\S*))')
_STATUS = re.compile(r"\bStatus: (?P<status>timeout|error)(?:\s+Error Type: (?P<type>[\w.]+))?")

_TYPES = ("errorType", "error_type", "exception_name", "exc_type", "exceptionClass", "error.type", "error.name")
_NESTED = ("error", "err", "exception", "thrown")
_TEXTS = (
    "errorMessage",
    "error_message",
    "error.message",
    "message",
    "msg",
    "log",
    "event",
    "error",
    "err",
    "exception",
    "text",
)
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
    flat = _LIST.sub(r"\1", " ".join(_VARIABLE.sub(_placeholder, text[:LONGEST_HEAD]).split()))
    return flat if len(flat) <= LONGEST_SIGNATURE else flat[: LONGEST_SIGNATURE - 1] + "…"


def _placeholder(match: re.Match[str]) -> str:
    if match.lastgroup != "word":
        return f"<{match.lastgroup}>"
    word = match[0]
    return "<id>" if _is_made(word) else word


def _is_made(word: str) -> bool:
    """By a machine. Names that people give have digits in them too, but all in one place: ``AmazonS3Exception``."""
    runs = _DIGITS.findall(word)
    if not runs:
        return False
    if len(word) >= LONG_WORD and (len(runs) > 1 or len(runs[0]) >= MANY_DIGITS):
        return True
    return bool((word.isupper() and len(word) > SHORT_HASH) or _HEX.fullmatch(word))


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
    inner = (data.get(name) for name in _NESTED)
    nested: Mapping[str, Any] = next((each for each in inner if isinstance(each, Mapping)), {})
    kind = _first(data, _TYPES) or _first(nested, ("type", "name", "kind", "class", "code"))
    text = _first(nested, ("message", "msg")) or _first(data, _TEXTS)
    trace = next((value for value in data.values() if isinstance(value, str) and "\n" in value), "")
    kind = kind.rpartition(".")[2]
    raised = signature(trace) if trace else ""
    if raised and raised.startswith(kind):  # the trace says what was raised, the message what was being done
        return raised
    if not text:
        return ""
    if not kind:
        return signature(text) if not text.lstrip().startswith("{") else normalise(text)
    return _named(kind, text)


def _first(data: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(data[name]) for name in names if isinstance(data.get(name), (str, int)) and data[name]), "")


def _logfmt(line: str) -> str:
    """``time=… level=error msg="…"``, as programs in Go write it."""
    if not any(f"{level}=" in line for level in _LEVELS):
        return ""
    pairs = _PAIR.finditer(line[:LONGEST_HEAD])
    found = {pair["name"]: pair["bare"] or (pair["quoted"] or "").replace('\\"', '"') for pair in pairs}
    return _of_fields(found) if any(level in found for level in _LEVELS) else ""


def _proxy(line: str) -> str:
    """Lines of nginx and Apache: what became of a request, or what an error says before its circumstances."""
    head = line[:LONGEST_HEAD]
    if found := _ACCESS.match(head):
        return f"HTTP {found['status']}: {found['method']}"
    return normalise(error["text"]) if (error := _NGINX.match(head)) else ""


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


def _rust(line: str) -> str:
    found = _RUST.match(line)
    return normalise(f"panic: {found['text']}") if found else ""


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


_READERS: tuple[Callable[[str], str], ...] = (_json, _lambda, _proxy, _python, _java, _node, _rust, _logfmt)
