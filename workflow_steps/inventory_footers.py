"""What a report in ORC or Parquet counts, from the footers of its files alone: some kilobytes, however long it is.

Libraries that read these formats are compiled and larger than everything else here together; of their footers three
numbers are wanted. The formats are https://orc.apache.org/specification/ORCv1/ (protobuf, in chunks of raw deflate
as S3 writes them) and https://parquet.apache.org/docs/file-format/metadata/ (Thrift's compact protocol).
A footer that is not as they say raises ValueError.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

Tail = Callable[[int], bytes]
"""The last so many bytes of a file."""
GUESS = 16 * 1024
"""Most footers are shorter; a longer one is read again."""
LONGEST = 64 * 1024 * 1024

_SIZE = "size"
"""The column that holds the bytes of an object."""


class Counted(NamedTuple):
    """What a file of a report counts."""

    objects: int
    size: int | None
    """Bytes of the objects together; None where the footer does not say."""


def of_orc(tail: Tail) -> Counted:
    """Rows and the sum of the column: ORC keeps both in its footer."""
    end = tail(GUESS)
    at = len(end) - 1 - (end[-1] if end else 0)
    if at < 0 or not end.endswith(b"ORC", 0, -1):
        raise ValueError("no ORC file")
    postscript = dict(_messages(end[at:-1]))
    length = _number(postscript.get(1))
    footer = _last(tail, end, length + len(end) - at)[:length]
    if _number(postscript.get(2)):
        footer = _inflated(footer, kind=_number(postscript[2]))
    fields = list(_messages(footer))
    rows = _number(dict(fields).get(6))
    types, statistics = [[_bytes(value) for name, value in fields if name == wanted] for wanted in (4, 7)]
    return Counted(rows, _sum_of_sizes(types, statistics))


def of_parquet(tail: Tail) -> Counted:
    """Rows. Of a column Parquet keeps the least and the greatest, and no sum."""
    end = tail(GUESS)
    if end[-4:] != b"PAR1":
        raise ValueError("no Parquet file")
    length = int.from_bytes(end[-8:-4], "little")
    fields = _struct(io.BytesIO(_last(tail, end, length + 8)[:length]))
    rows = next((value for name, value in fields if name == 3), None)
    return Counted(_number(rows), None)


FOOTERS: Mapping[str, Callable[[Tail], Counted]] = {"ORC": of_orc, "Parquet": of_parquet}
"""By the format as a manifest names it."""


def _last(tail: Tail, end: bytes, length: int) -> bytes:
    """The last so many bytes; ``end`` is what was read of them already."""
    if length > LONGEST:
        raise ValueError(f"a footer of {length} bytes")
    found = end[-length:] if length <= len(end) else tail(length)
    if len(found) != length:
        raise ValueError("the file is shorter than its footer")
    return found


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError("a number is missing")  # noqa: TRY004 - the file is wrong, not the caller
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("a message is missing")  # noqa: TRY004
    return value


def _varint(source: io.BytesIO) -> int:
    value = shift = 0
    while True:
        (byte,) = _exactly(source, 1)
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value
        shift += 7


def _exactly(source: io.BytesIO, length: int) -> bytes:
    found = source.read(length)
    if len(found) != length:
        raise ValueError("cut off")
    return found


def _zigzag(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


# --- ORC -------------------------------------------------------------------------------------------------------------

_DEFLATE = 1
_INTEGERS = 2
"""Of a column's statistics, those of whole numbers; their third is the sum."""


def _sum_of_sizes(types: list[bytes], statistics: list[bytes]) -> int | None:
    """The root's fields are named in order, and the columns of a flat file are numbered in that order from 1."""
    names = [_bytes(value).decode().lower() for name, value in _messages(types[0]) if name == 3]
    if _SIZE not in names or len(statistics) != len(names) + 1:
        return None
    of_column = dict(_messages(statistics[names.index(_SIZE) + 1]))
    if _INTEGERS not in of_column:
        return None
    total = dict(_messages(_bytes(of_column[_INTEGERS]))).get(3)
    return None if total is None else _zigzag(_number(total))


def _inflated(data: bytes, kind: int) -> bytes:
    """Each chunk has three bytes before it: twice its length, plus one when it was left as it was."""
    if kind != _DEFLATE:
        raise ValueError(f"compression {kind}")
    source, parts = io.BytesIO(data), []
    while header := source.read(3):
        length, as_it_was = divmod(int.from_bytes(header, "little"), 2)
        chunk = _exactly(source, length)
        try:
            parts.append(chunk if as_it_was else zlib.decompress(chunk, wbits=-zlib.MAX_WBITS))
        except zlib.error as error:
            raise ValueError(str(error)) from error
    return b"".join(parts)


def _messages(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a protobuf message, by number."""
    source = io.BytesIO(data)
    while source.tell() < len(data):
        number, kind = divmod(_varint(source), 8)
        if kind == 0:
            yield number, _varint(source)
        elif kind in (1, 5):
            yield number, _exactly(source, 8 if kind == 1 else 4)
        elif kind == 2:
            yield number, _exactly(source, _varint(source))
        else:
            raise ValueError(f"wire type {kind}")


# --- Parquet ---------------------------------------------------------------------------------------------------------

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _, _STRUCT = range(1, 13)


def _struct(source: io.BytesIO) -> Iterator[tuple[int, object]]:
    """The fields of a struct in Thrift's compact protocol, by number; what lies within them is read over."""
    number = 0
    while header := _exactly(source, 1)[0]:
        step, kind = divmod(header, 16)
        number = number + step if step else _zigzag(_varint(source))
        yield number, kind == _TRUE if kind in (_TRUE, _FALSE) else _value(source, kind)


def _value(source: io.BytesIO, kind: int) -> object:
    if kind in (_TRUE, _FALSE, _BYTE):
        return _exactly(source, 1)
    if kind in (_I16, _I32, _I64):
        return _zigzag(_varint(source))
    if kind == _DOUBLE:
        return _exactly(source, 8)
    if kind == _BINARY:
        return _exactly(source, _varint(source))
    if kind in (_LIST, _SET):
        length, inner = divmod(_exactly(source, 1)[0], 16)
        return [_value(source, inner) for _ in range(_varint(source) if length == 15 else length)]
    if kind == _STRUCT:
        return dict(_struct(source))
    raise ValueError(f"type {kind}")
