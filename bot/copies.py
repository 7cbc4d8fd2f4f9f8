"""Copying one object within S3, inside the time that is left.

Up to 5 GB S3 copies in one atomic request; above, s3transfer copies parts side by side and puts them together. Either
way the destination has the whole file or is as it was. Only ``operations.s3.copy_file`` needs this module, and it
imports it when it runs: s3transfer costs a cold start that every other request would pay for.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import HTTPClientError
from s3transfer.exceptions import CancelledError
from s3transfer.futures import TransferFuture
from s3transfer.manager import TransferConfig, TransferManager
from s3transfer.subscribers import BaseSubscriber

from bot.aws import PARTS_AT_ONCE, Aws
from bot.display import duration, human_size, shown
from bot.errors import AwsRefused, BotError, TooLarge

MB = 1024**2
ATOMIC_BYTES = 5 * 1024 * MB
"""The most that CopyObject takes."""
PART_BYTES = 64 * MB

ATOMIC_RATE = 100 * MB
"""Bytes a second that one CopyObject is counted on to copy within a region; it is mostly faster."""
PARTS_RATE = 250 * MB
"""The same for parts copied side by side."""
ACROSS_REGIONS = 0.5
"""What is left of a rate between two regions."""
ANSWER_SECONDS = 4
"""Kept back to answer with."""
ABORT_SECONDS = 8
"""Kept back to end the parts under way and abort the rest."""


@dataclass(frozen=True, slots=True)
class Place:
    """An object's place."""

    bucket: str
    key: str


def copy(aws: Aws, source: Place, destination: Place, *, size: int, etag: str, seconds: float) -> None:
    """Copy the version that was looked at (``etag``), with its metadata and tags.

    Raises TooLarge, before anything is done, when it would not end within ``seconds``, and when against all
    expectation it does not.
    """
    room = seconds - ANSWER_SECONDS - _seconds_to_abort(size)
    same_region = aws.bucket_region(source.bucket) == aws.bucket_region(destination.bucket)
    _check_time(source, size, seconds_needed(size, same_region), room)
    Transfer(aws, source, destination, size=size, seconds=room).run(etag)


def seconds_needed(size: int, same_region: bool) -> float:
    """How long a copy is counted on to take."""
    rate = ATOMIC_RATE if size <= ATOMIC_BYTES else PARTS_RATE
    return 1 + size / (rate if same_region else rate * ACROSS_REGIONS)


def _seconds_to_abort(size: int) -> float:
    return ABORT_SECONDS if size > ATOMIC_BYTES else 0


def _check_time(source: Place, size: int, needed: float, room: float) -> None:
    if needed > room:
        raise TooLarge(
            f"{shown(source.key)} has {human_size(size)}. Copying it can take {duration(needed)}, and I have"
            f" {duration(max(room, 0))} for it. Nothing was copied.",
            hint="From a terminal, “aws s3 cp” copies any size; S3 Batch Operations does so without one.",
        )


class _Ended(BaseSubscriber):  # type: ignore[misc, unused-ignore]
    """Knows when a transfer is over, its parts aborted if it failed."""

    def __init__(self) -> None:
        self.event = threading.Event()

    def on_done(self, future: TransferFuture, **_: Any) -> None:
        self.event.set()


class Transfer:
    """One managed copy that is given up when its time is over."""

    def __init__(self, aws: Aws, source: Place, destination: Place, *, size: int, seconds: float) -> None:
        self._source, self._destination, self._size, self._seconds = source, destination, size, seconds
        self._source_client = aws.s3(source.bucket)
        config = TransferConfig(
            multipart_threshold=ATOMIC_BYTES + 1,
            multipart_chunksize=PART_BYTES,
            max_request_concurrency=PARTS_AT_ONCE,
        )
        self._manager = TransferManager(aws.s3_copier(destination.bucket, seconds), config)

    def run(self, etag: str) -> None:
        """Copy, or leave the destination as it was. ``etag`` is that of the source as it was looked at."""
        ended = _Ended()
        future = self._manager.copy(
            copy_source={"Bucket": self._source.bucket, "Key": self._source.key},
            bucket=self._destination.bucket,
            key=self._destination.key,
            # Tags of a file that is copied in parts come along only when asked for.
            extra_args={"CopySourceIfMatch": etag, "TaggingDirective": "COPY"},
            subscribers=[ended],
            source_client=self._source_client,
        )
        if not ended.event.wait(self._seconds):
            future.cancel()  # a success that arrives after this still counts as one
            if not ended.event.wait(_seconds_to_abort(self._size)):
                raise self._unknown()  # the request runs on in its thread; nobody waits for it
        self._manager.shutdown()
        try:
            future.result()
        except CancelledError as error:
            raise self._out_of_time() from error
        except HTTPClientError as error:
            raise self._unknown() from error

    def _out_of_time(self) -> BotError:
        if self._size <= ATOMIC_BYTES:
            return self._unknown()
        return TooLarge(
            f"Copying {shown(self._source.key)} did not end within {duration(self._seconds)}, so I stopped it and took"
            f" its parts back. {self._destination.bucket} is as it was.",
            hint="From a terminal, “aws s3 cp” copies any size.",
        )

    def _unknown(self) -> AwsRefused:
        return AwsRefused(
            f"AWS did not say within {duration(self._seconds)} whether it copied {shown(self._source.key)};"
            " it may still do so.",
            code="CopyNotAnswered",
            hint=f"List the files in {self._destination.bucket} in a minute to see.",
        )
