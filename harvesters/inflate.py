"""Undo the compression of an HTTP answer without being led to fill the memory.

In: a body as it came and the cap in bytes. Out: the body decompressed; `CutShort` when it ends before it should (the
request may be sent again), `SourceRefused` when it grows over the cap (RFC 1950-1952, RFC 8878).
"""

import gzip
import io
import zlib

import zstandard

from harvesters.errors import SourceBroken, SourceRefused, SourceUnavailable


class CutShort(SourceUnavailable):
    """The body ended before it should."""


def decompressed(body: bytes, encoding: str, cap: int, where: str) -> bytes:
    """Undo gzip, zlib or zstd, told by the first bytes rather than by what was announced; refuse over `cap` bytes."""
    announced = encoding.strip().lower()
    try:
        if body[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
                whole = packed.read(cap + 1)
        elif body[:4] == b"\x28\xb5\x2f\xfd":
            with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body) as stream:
                whole = bytes(stream.read(cap + 1))
        elif announced == "deflate":
            whole = _inflated(body, cap)
        elif announced in ("br", "compress"):
            raise SourceBroken("encoding-unknown", f"the answer is compressed as {encoding!r}, unasked", where)
        else:
            whole = body
    except (EOFError, OSError, zlib.error, zstandard.ZstdError) as error:
        raise CutShort("answer-cut", f"the compressed answer is cut or damaged: {error}", where) from None
    if len(whole) > cap:
        raise too_large(cap, where)
    return whole


def _inflated(body: bytes, cap: int) -> bytes:
    # Servers send either of two formats under this name (RFC 9110, 8.4.1.2).
    stream = zlib.decompressobj(15 if body[:1] == b"\x78" else -15)
    whole = stream.decompress(body, cap + 1)
    if not stream.eof and len(whole) <= cap:
        raise EOFError("the end is missing")
    return whole


def too_large(cap: int, where: str) -> SourceRefused:
    """Say that an answer is over its cap."""
    message = f"the answer has more than {cap} bytes; if that is right, raise the option max_bytes"
    return SourceRefused("answer-too-large", message, where)
