"""Which records fit into a message, and what stands in the place of one that does not.

In: records in order, one at a time, and the sizes that were agreed on. Out: the records of a message, or of segments.
A record over the preferred size goes alone, when it is all that was asked for and within the exceptional size; else
diagnostic 16 (ask for it alone) or 17 stands in its place. Z39.50-1995, 3.3 (segmentation level 1 and none).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from schemas.z3950 import codec
from schemas.z3950.external import External
from schemas.z3950.retrieval import NamedRecord
from schemas.z3950.values import Diagnostic

#: what a response is beside its records: tags, numbers, a reference id of the usual length
OVERHEAD: Final = 256
#: what a record is beside its bytes, at most: tags, its syntax, the name of its database
_AROUND: Final = 64
_OVER_PREFERRED, _OVER_EXCEPTIONAL = 16, 17


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a message, and of one with a single record too large for it."""

    preferred: int
    exceptional: int


def message(records: Iterable[NamedRecord], wanted: int, sizes: Sizes) -> tuple[NamedRecord, ...]:
    """Give those of the records that fit into one message, of `wanted` that were asked for."""
    return next(_messages(records, wanted, sizes), ())


def segments(
    records: Iterable[NamedRecord], wanted: int, sizes: Sizes, most: int
) -> tuple[tuple[NamedRecord, ...], ...]:
    """Give the records in at most so many messages."""
    made = _messages(records, wanted, sizes)
    return tuple(segment for _, segment in zip(range(most), made, strict=False))


def _messages(records: Iterable[NamedRecord], wanted: int, sizes: Sizes) -> Iterator[tuple[NamedRecord, ...]]:
    taken: list[NamedRecord] = []
    used = OVERHEAD
    for given in records:
        record, size = _fitting(given, sizes, wanted == 1)
        if taken and used + size > sizes.preferred:
            yield tuple(taken)
            taken, used = [], OVERHEAD
        taken.append(record)
        used += size
    if taken:
        yield tuple(taken)


def _fitting(record: NamedRecord, sizes: Sizes, alone: bool) -> tuple[NamedRecord, int]:
    size = _size(record)
    if OVERHEAD + size <= sizes.preferred or (alone and OVERHEAD + size <= sizes.exceptional):
        return record, size
    fault = _OVER_EXCEPTIONAL if OVERHEAD + size > sizes.exceptional else _OVER_PREFERRED
    instead = NamedRecord(Diagnostic(fault, f"{size} bytes"), record.database, surrogate=True)
    return instead, codec.record_size(instead)


def _size(record: NamedRecord) -> int:
    """Give the bytes of a record, of a large one a few more than they are."""
    content = record.record
    if isinstance(content, External):
        return len(content.content) + len(record.database or "") * 2 + _AROUND
    return codec.record_size(record)
