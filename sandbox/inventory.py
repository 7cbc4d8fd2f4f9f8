"""S3 Inventory for the local AWS, which has none: a small server before MiniStack's S3.

MiniStack takes ``?inventory`` for something else (a PUT makes a bucket, a GET answers ``{}``). So these calls are
answered here, with the documents of S3's own wire format, after MiniStack has said whether the caller may make them;
every other call is passed on as it came. Nobody waits two days here: ``deliver`` writes the first reports.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
"""Headers of one connection, which are not passed on."""
VALUES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "Size": lambda item: str(item["Size"]),
    "LastModifiedDate": lambda item: f"{item['LastModified']:%Y-%m-%dT%H:%M:%S.000Z}",
    "StorageClass": lambda item: str(item.get("StorageClass", "STANDARD")),
    "ETag": lambda item: str(item["ETag"]).strip('"'),
    "IsMultipartUploaded": lambda item: str("-" in item["ETag"]).lower(),
    "EncryptionStatus": lambda _: "SSE-S3",
}
"""How a column of a report is filled from a listing; the others stay empty."""

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]


@dataclass(slots=True)
class Configuration:
    """What was put for a bucket."""

    document: bytes
    """As it was put, without the XML declaration."""
    put_at: float
    delivered: bool = False


@dataclass(slots=True)
class Inventory:
    """The server. ``upstream`` is where MiniStack listens, once it does; ``bucket_exists`` asks it."""

    upstream: Callable[[], str]
    bucket_exists: Callable[[str], bool]
    _kept: dict[tuple[str, str], Configuration] = field(default_factory=dict, init=False)
    """Bucket and Id of every configuration."""
    _server: ThreadingHTTPServer = field(init=False)

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Where S3 is, with its inventory."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Serve, in a thread."""
        serve = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        serve.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, target: str, headers: Headers, body: bytes) -> Answer:
        """What a request gets: from MiniStack, or from here where MiniStack has no answer."""
        parts = urlsplit(target)
        query = parse_qs(parts.query, keep_blank_values=True)
        bucket, _, key = parts.path.lstrip("/").partition("/")
        if "inventory" not in query or key:
            return self._passed_on(method, target, headers, body)
        if not self.bucket_exists(bucket):
            return _error(404, "NoSuchBucket", "The specified bucket does not exist")
        if method not in ("GET", "PUT"):
            return _error(501, "NotImplemented", "The sandbox's S3 Inventory can be put, read and listed.")
        status, returned, said = self._passed_on(method, target, headers, body)
        if status == 403:
            return status, returned, said
        configuration_id = query.get("id", [""])[0]
        if method == "GET":
            return self._read(bucket, configuration_id)
        self._kept[bucket, configuration_id] = Configuration(DECLARATION.sub(b"", body), time.monotonic())
        return 200, [], b""

    def deliver(self, s3: Any, *, after: float = 0.0) -> int:
        """Write the first report of each configuration that has none, as S3 does within 48 hours; how many.

        Of those only that were put so many seconds ago. Reports are CSV here: others are never delivered.
        """
        before = time.monotonic() - after
        waiting = [each for each in self._kept.items() if not each[1].delivered and each[1].put_at <= before]
        for (bucket, configuration_id), kept in waiting:
            found = s3.get_bucket_inventory_configuration(Bucket=bucket, Id=configuration_id)["InventoryConfiguration"]
            kept.delivered = found["Destination"]["S3BucketDestination"]["Format"] == "CSV"
            if kept.delivered:
                _write_report(s3, bucket, found, datetime.now(UTC))
        return sum(kept.delivered for _, kept in waiting)

    def _read(self, bucket: str, configuration_id: str) -> Answer:
        if not configuration_id:
            found = b"".join(kept.document for (of, _), kept in sorted(self._kept.items()) if of == bucket)
            listing = b"<IsTruncated>false</IsTruncated>" + found
            whole = f'<ListInventoryConfigurationsResult xmlns="{NAMESPACE}">%s</ListInventoryConfigurationsResult>'
            return 200, [("Content-Type", "application/xml")], whole.encode() % listing
        kept = self._kept.get((bucket, configuration_id))
        if kept is None:
            return _error(404, "NoSuchConfiguration", "The specified configuration does not exist.")
        return 200, [("Content-Type", "application/xml")], kept.document

    def _passed_on(self, method: str, target: str, headers: Headers, body: bytes) -> Answer:
        """As it came, with the Host that was signed."""
        connection = HTTPConnection(urlsplit(self.upstream()).netloc, timeout=60)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                if name.lower() not in HOP:
                    connection.putheader(name, value)
            if body or method in ("PUT", "POST"):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()


def _handler(inventory: Inventory) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, headers, content = inventory.answer(self.command, self.path, self.headers.items(), body)
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in HOP:
                    self.send_header(name, value)
            sizes = [value for name, value in headers if name.lower() == "content-length"]
            is_head = self.command == "HEAD"
            self.send_header("Content-Length", sizes[0] if is_head and sizes else str(len(content)))
            self.end_headers()
            if not is_head:
                self.wfile.write(content)

        do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815 - the base class knows them by these names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """MiniStack has a log of its own."""

    return Handler


def _error(status: int, code: str, message: str) -> Answer:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return status, [("Content-Type", "application/xml")], body.encode()


# --- a report, as https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html has it -------


def _write_report(s3: Any, bucket: str, configuration: Mapping[str, Any], now: datetime) -> None:
    """The rows first, the manifest last."""
    destination = configuration["Destination"]["S3BucketDestination"]
    target = destination["Bucket"].rpartition(":")[2]
    folder = "/".join(filter(None, [destination.get("Prefix", ""), bucket, configuration["Id"]]))
    columns = configuration.get("OptionalFields", [])
    prefix = configuration.get("Filter", {}).get("Prefix", "")
    content = gzip.compress("".join(_rows(s3, bucket, prefix, columns)).encode())
    data = f"{folder}/data/{uuid.uuid4()}.csv.gz"
    s3.put_object(Bucket=target, Key=data, Body=content)
    manifest = {
        "sourceBucket": bucket,
        "destinationBucket": destination["Bucket"],
        "version": "2016-11-30",
        "creationTimestamp": str(int(now.timestamp() * 1000)),
        "fileFormat": destination["Format"],
        "fileSchema": ", ".join(["Bucket", "Key", *columns]),
        "files": [{"key": data, "size": len(content), "MD5checksum": _md5(content)}],
    }
    body = json.dumps(manifest).encode()
    made = f"{folder}/{now:%Y-%m-%dT%H-%MZ}"
    s3.put_object(Bucket=target, Key=f"{made}/manifest.checksum", Body=_md5(body).encode())
    s3.put_object(Bucket=target, Key=f"{made}/manifest.json", Body=body)


def _rows(s3: Any, bucket: str, prefix: str, columns: list[str]) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", ()):
            line = io.StringIO()
            filled = [VALUES[name](item) if name in VALUES else "" for name in columns]
            csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow([bucket, quote(item["Key"]), *filled])
            yield line.getvalue()


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
