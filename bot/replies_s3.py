"""What the S3 operations answer: pure functions, data in, Slack message out."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.display import count, human_size, moment, shown
from bot.models import Block, Listed, Reply, Undo
from bot.replies import TEXT_LIMIT, Code, Part, bullets, escape, listed, message, paragraph, spoken
from bot.tables import Row, fitting, table

STANDARD = "STANDARD"
_MORE = ", more follow"
_NO_VERSIONS = "The bucket keeps no versions"
NULL_VERSION = "null"
"""The version id of what was written while versioning was off or suspended."""


@dataclass(frozen=True, slots=True)
class File:
    """An object of a bucket, as far as anybody asks."""

    key: str
    size: int
    modified: datetime
    storage_class: str = STANDARD
    etag: str = ""
    version: str = ""
    """Its version id in a versioned bucket."""
    archived: bool = False
    """It cannot be read before it is restored."""

    @property
    def kept_when_gone(self) -> bool:
        """Whether it stays as an older version when it is deleted or written over."""
        return bool(self.version) and self.version != NULL_VERSION


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of the account."""

    name: str
    region: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Protection:
    """What was read of a bucket's protection; None where it could not be read."""

    public_access_blocked: bool | None
    encryption: str | None
    """``AES256``, ``aws:kms`` …, empty for none."""


# --- lists ------------------------------------------------------------------------------------------------------------


def buckets(found: Sequence[Bucket], first: int, more: bool) -> Reply:
    """One page of the account's buckets; ``first`` counts from 1."""
    if not found:
        return message("There are no buckets in this account." if first == 1 else "There are no further buckets.")
    title: list[Part] = [_span(first, len(found), more, "bucket", "buckets"), _MORE if more else ""]
    rows = [(bucket.name, bucket.region or "–", moment(bucket.created)) for bucket in found]
    names = [f"{bucket.name} ({bucket.region})" if bucket.region else bucket.name for bucket in found]
    lists = Listed("bucket", tuple(bucket.name for bucket in found))
    return _listing(title, names, table(("Bucket", "Region", "Created (UTC)"), rows), lists)


def files_that_fit(found: Sequence[File]) -> Sequence[File]:
    """The first of these files, as many as one message takes: long keys make a page shorter, never a key."""
    header, rows = _file_rows(found)
    return found[: fitting(header, rows)]


def files(bucket: str, prefix: str, found: Sequence[File], first: int, more: bool) -> Reply:
    """One page of a bucket's files, no more of them than ``files_that_fit``; ``first`` counts from 1."""
    where: list[Part] = [Code(bucket)]
    if prefix:
        where += [" under ", Code(shown(prefix))]
    if not found and first == 1:
        return (
            message("There are no files in ", *where, ".") if prefix else message("The bucket ", *where, " is empty.")
        )
    if not found:
        return message("There are no further files in ", *where, ".")
    title: list[Part] = [_span(first, len(found), more, "file", "files"), " in ", *where, _MORE if more else ""]
    names = [f"{shown(file.key)} ({human_size(file.size)})" for file in found]
    header, rows = _file_rows(found)
    lists = Listed("key", tuple(file.key for file in found), {"bucket": bucket})
    return _listing(title, names, table(header, rows, right={1}), lists)


def _file_rows(found: Sequence[File]) -> tuple[Row, list[Row]]:
    classes = any(file.storage_class != STANDARD for file in found)
    header = ("File", "Size", "Modified (UTC)", *(("Storage",) if classes else ()))
    rows: list[Row] = [
        (shown(file.key), human_size(file.size), moment(file.modified), *((file.storage_class,) if classes else ()))
        for file in found
    ]
    return header, rows


def _span(first: int, number: int, more: bool, one: str, many: str) -> str:
    """``12 files``, ``Files 1–50``, and on the last page ``Files 51–62 of 62``."""
    last = first + number - 1
    if first == 1 and not more:
        return count(number, one, many)
    now = f"{many.capitalize()} {first:,}–{last:,}"
    return now if more else f"{now} of {last:,}"


def _listing(title: Sequence[Part], names: Sequence[str], rows: Block, lists: Listed) -> Reply:
    """A table under its title; the fallback text names as many as it has room for."""
    text = spoken(*title, ": ")
    for position, name in enumerate(names):
        following = f"{escape(name)}, "
        rest = f"and {len(names) - position:,} more"
        if len(text) + len(following) + len(rest) > TEXT_LIMIT:
            return Reply(text=text + rest, blocks=(paragraph(*title), rows), lists=lists)
        text += following
    return Reply(text=text.removesuffix(", "), blocks=(paragraph(*title), rows), lists=lists)


# --- changes ----------------------------------------------------------------------------------------------------------


def created(bucket: str, region: str, protection: Protection) -> Reply:
    """A new bucket, with what is known to protect it."""
    facts = []
    if protection.public_access_blocked is not None:
        facts.append(f"Public access is {'blocked' if protection.public_access_blocked else 'NOT blocked'}.")
    if protection.encryption is not None:
        kind = protection.encryption
        facts.append(f"New files are encrypted ({kind})." if kind else "No encryption is set for new files.")
    facts.append("It keeps no versions: a file that is deleted or replaced is gone for good.")
    undo = Undo(
        "I do not delete buckets. As long as it is empty, an operator can:",
        by_hand=f"aws s3api delete-bucket --bucket {bucket} --region {region}",
    )
    reply = listed(["Created the bucket ", Code(bucket), f" in {region}."], [[fact] for fact in facts])
    return replace(reply, undo=undo)


def copied(file: File, source: str, destination: str, key: str, replaced: File | None) -> Reply:
    """A copy that was made, and what it took the place of."""
    size = human_size(file.size)
    what: list[Part] = ["Copied ", Code(shown(file.key)), f" ({size}) from ", Code(source), " to ", Code(destination)]
    name: list[Part] = [" as ", Code(shown(key))] if key != file.key else []
    fate: list[Part] = [" ", *_replaces(replaced, "It replaced")] if replaced else []
    return message(*what, *name, ".", *fate, undo=_undo_copy(destination, key, replaced))


def _undo_copy(bucket: str, key: str, replaced: File | None) -> Undo:
    sentence = "Deleting the copy takes it back"
    if replaced:
        sentence += f", but does not bring back the file that it replaced, {_fate(replaced)}"
    return Undo(f"{sentence}.", command=next(iter(suggestions("delete {key} from", [key], bucket)), ""))


def copy_preview(replaced: File) -> list[Block]:
    """What stands where a copy would go."""
    return [bullets([_replaces(replaced, "It replaces")])]


def _replaces(file: File, verb: str) -> list[Part]:
    return [f"{verb} a file of that name ({human_size(file.size)}, of {moment(file.modified)} UTC), {_fate(file)}."]


def _fate(replaced: File) -> str:
    if replaced.kept_when_gone:
        return f"which stays as an older version (id {replaced.version})"
    return "which cannot be brought back: the bucket kept no version of it"


def delete_preview(file: File, versioning: str) -> list[Block]:
    """What would be deleted, and whether it could be brought back."""
    storage = f", {file.storage_class}" if file.storage_class != STANDARD else ""
    facts: list[list[Part]] = [
        [f"{human_size(file.size)}{storage}, last changed {moment(file.modified)} UTC"],
        [_prospect(file, versioning)],
    ]
    return [bullets(facts)]


def _prospect(file: File, versioning: str) -> str:
    if versioning == "Enabled" or (versioning == "Suspended" and file.kept_when_gone):
        return "The bucket keeps versions: the file is hidden by a delete marker and can be brought back."
    if versioning == "Suspended":
        return "Versioning is suspended and this file has no version of its own: it cannot be brought back."
    return f"{_NO_VERSIONS}: this cannot be undone."


def deleted(bucket: str, file: File, marker: str) -> Reply:
    """A file that was deleted; ``marker`` is the version id of the delete marker, empty when S3 made none."""
    what: list[Part] = ["Deleted ", Code(shown(file.key)), f" ({human_size(file.size)}) from ", Code(bucket), "."]
    if not marker or (marker == NULL_VERSION and not file.kept_when_gone):
        why = "Versioning is suspended there and the file had no version of its own" if marker else _NO_VERSIONS
        return message(*what, f" {why}: it is gone for good.", undo=Undo(f"{why}: {shown(file.key)} is gone for good."))
    command = f"aws s3api delete-object --bucket {bucket} --key {shlex.quote(file.key)} --version-id {marker}"
    if shown(file.key) == file.key:
        way = " It is hidden by a delete marker. This command removes only the marker, and so brings the file back: "
        undo = Undo(
            f"{shown(file.key)} is hidden by a delete marker. An operator can take the marker away:", "", command
        )
        return message(*what, way, Code(command), undo=undo)
    way = f"It is hidden by a delete marker; deleting the marker brings the file back (version id {marker})."
    return message(*what, f" {way}", undo=Undo(way))


def suggestions(command: str, keys: Sequence[str], bucket: str) -> list[str]:
    """Commands on keys near a mistyped one; a key that cannot be typed is left out."""
    return [f"{command.format(key=_typed(key))} {bucket}" for key in keys if shown(key) == key and '"' not in key]


def _typed(key: str) -> str:
    return f'"{key}"' if " " in key else key
