"""Undo the compression of an HTTP answer without being led to fill the memory.

In: a body as it came and the cap in bytes. Out: the body decompressed; `CutShort` when it ends before it should (the
request may be sent again), `SourceRefused` when it grows over the cap (RFC 1950-1952, RFC 8878).
"""

import zlib

import zstandard

from harvesters.errors import SourceBroken, SourceRefused, SourceUnavailable


class CutShort(SourceUnavailable):
    """The body ended before it should."""


def decompressed(body: bytes, encoding: str, cap: int, where: str) -> bytes:
    """Undo gzip, zlib or zstd, told by the first bytes rather than by what was announced; refuse over `cap` bytes."""
    if body[:2] == b"\x1f\x8b":
        return _inflated(body, 31, cap, where)
    if body[:4] == b"\x28\xb5\x2f\xfd":
        return _unzstd(body, cap, where)
    if encoding.strip().lower() == "deflate":
        return _inflated(body, 15 if body[:1] == b"\x78" else -15, cap, where)
    if encoding.strip().lower() in ("br", "compress"):
        raise SourceBroken("encoding-unknown", f"the answer is compressed as {encoding!r}, unasked", where)
    return body


def _inflated(body: bytes, kind: int, cap: int, where: str) -> bytes:
    parts, size = [], 0
    while body.rstrip(b"\0"):
        stream = zlib.decompressobj(kind)
        try:
            part = stream.decompress(body, cap - size + 1)
        except zlib.error:
            raise CutShort("answer-cut", "the compressed answer is damaged", where) from None
        parts.append(part)
        size += len(part)
        if size > cap:
            raise too_large(cap, where)
        if not stream.eof:
            raise CutShort("answer-cut", f"the compressed answer was cut after {len(body)} bytes", where)
        body = stream.unused_data
    return b"".join(parts)


def _unzstd(body: bytes, cap: int, where: str) -> bytes:
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body) as stream:
            whole = bytes(stream.read(cap + 1))
    except zstandard.ZstdError:
        raise CutShort("answer-cut", "the compressed answer is damaged", where) from None
    if len(whole) > cap:
        raise too_large(cap, where)
    return whole


def too_large(cap: int, where: str) -> SourceRefused:
    """Say that an answer is over its cap."""
    message = f"the answer has more than {cap} bytes; if that is right, raise the option max_bytes"
    return SourceRefused("answer-too-large", message, where)
