"""Summing up buckets of 10,000 to 1,000,000 files: files a second of processor time, and a memory that stays the same.

The code is what the inventory report runs, down to botocore: its requests go to an S3 of another process that answers
ListObjectsV2 in pages of 1,000 as S3 writes them, so the XML is really read. Each bucket is listed by a process of its
own, whose peak is what the system counted for it. Beside it, what keeping the files in a list would take.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, urlsplit

from bot.aws import Aws
from bot.config import Settings
from workflow_steps.inventory_report import LIST_SECONDS, objects_of
from workflow_steps.listing import summarize

SIZES = (10_000, 100_000, 1_000_000)
KEPT = 100_000
"""Files of the bucket that is kept in a list."""
PAGE = 1000
FOLDERS = 40
"""Pages of one folder at the top."""
MB = 1024 * 1024
_FRAME = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    "<Name>{bucket}</Name><Prefix></Prefix><KeyCount>{count}</KeyCount><MaxKeys>1000</MaxKeys>"
    "<EncodingType>url</EncodingType><IsTruncated>{more}</IsTruncated>{token}{files}</ListBucketResult>"
)
_FILE = (
    "<Contents><Key>team-{folder:05}/2026/11/22/part-{number:09}.json.gz</Key>"
    "<LastModified>2026-11-{day:02}T10:00:00.000Z</LastModified><ETag>&quot;{number:032x}&quot;</ETag>"
    "<Size>{number}</Size><StorageClass>{storage}</StorageClass></Contents>"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one listing took."""

    seconds: float
    """Of the processor, in the process that lists."""
    grown: float
    """MB that the process grew while it listed."""


class S3(BaseHTTPRequestHandler):
    """Answers ListObjectsV2 for buckets whose names end in the number of their files."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for header and body

    def do_GET(self) -> None:
        """One page."""
        url = urlsplit(self.path)
        bucket = url.path.strip("/")
        page = int(parse_qs(url.query).get("continuation-token", ["0"])[0])
        body = _page(bucket, int(bucket.rsplit("-", 1)[1]), page).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the output is the table."""


def _page(bucket: str, size: int, page: int) -> str:
    last = min((page + 1) * PAGE, size)
    files = "".join(
        _FILE.format(
            folder=page // FOLDERS,
            number=number,
            day=1 + number % 28,
            storage=("STANDARD", "STANDARD", "STANDARD_IA", "GLACIER")[number % 4],
        )
        for number in range(page * PAGE, last)
    )
    token = f"<NextContinuationToken>{page + 1}</NextContinuationToken>" if last < size else ""
    return _FRAME.format(
        bucket=bucket, count=last - page * PAGE, more=str(last < size).lower(), token=token, files=files
    )


def serve(port: Connection) -> None:
    """The process that plays S3."""
    server = HTTPServer(("127.0.0.1", 0), S3)
    port.send(server.server_port)
    server.serve_forever()


def list_bucket(port: int, size: int, keep: bool, answer: Connection) -> None:
    """The process that lists a bucket of that size."""
    nobody = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "bench")
    os.environ.update(nobody, AWS_ENDPOINT_URL_S3=f"http://127.0.0.1:{port}")
    client = Aws(Settings(account_id="123456789012", region="us-east-1")).client("s3")
    summarize(objects_of(client, f"bench-{PAGE}", ""))  # imports and connections are not the listing's
    before, started = _peak(), time.process_time()
    objects = objects_of(client, f"bench-{size}", "")
    found = summarize(list(objects) if keep else objects)
    measured = Measured(time.process_time() - started, _peak() - before)
    if (found.objects, found.size) != (size, size * (size - 1) // 2):
        raise SystemExit(f"not what was listed: {found}")
    answer.send(measured)


def _peak() -> float:
    """MB that this process has taken at the most."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MB if sys.platform == "darwin" else peak / 1024


def measure(port: int, size: int, *, keep: bool = False) -> Measured:
    """One listing, in a fresh process."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=list_bucket, args=(port, size, keep, theirs))
    process.start()
    theirs.close()  # so that a process that dies ends the wait
    found: Measured = mine.recv()
    process.join()
    return found


def main() -> None:
    """Measures, prints the table."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    s3 = context.Process(target=serve, args=(theirs,), daemon=True)
    s3.start()
    port = mine.recv()
    print("Summing up a bucket, from an S3 on this machine, XML and all (one core):\n")
    print(f"{'files':>10} {'files/s':>9} {'seconds':>8} {'memory grows by':>16}")
    found = [(size, measure(port, size), "") for size in SIZES]
    found.append((KEPT, measure(port, KEPT, keep=True), "  kept in a list"))
    s3.terminate()
    for size, each, note in found:
        print(f"{size:10,} {size / each.seconds:9,.0f} {each.seconds:8.1f} {each.grown:13.1f} MB{note}")
    print(
        f"\nA run lists for {LIST_SECONDS:.0f} s at the most, S3's own time included; then its report says “at least”."
    )


if __name__ == "__main__":
    main()
