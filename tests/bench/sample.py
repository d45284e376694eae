"""The files that are imported: real records where they are at hand, made ones otherwise.

In: a `Plan` and a folder. Out: `Sample`s: an ISO 2709 file, how many records it has, and where they came from. Both
sides of a comparison read the very same file.
"""

import gzip
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from schemas.marc import spec
from schemas.marc.read import decode
from tests.bench.plan import Plan
from tests.support.records import iso2709, record

#: the record terminator of ISO 2709
_END = b"\x1d"
_CHUNK = 1 << 20
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Sample:
    """A file to import."""

    path: Path
    records: int
    origin: str

    @property
    def bytes(self) -> int:
        """Give the size of the file."""
        return self.path.stat().st_size


def small(plan: Plan, folder: Path) -> Sample:
    """Give the 10,000 books of the Library of Congress, or as many made records when they are not there."""
    path, packed = folder / "small.mrc", plan.data / "marc" / "lc-books-10000.mrc.gz"
    if not packed.is_file():
        iso2709(path, map(record, range(plan.records)))
        return Sample(path, plan.records, f"made by tests/support/records.py ({packed.name} is not in {plan.data})")
    with gzip.open(packed) as stream:
        return first(stream, plan.records, path, packed.name)


def large(plan: Plan, folder: Path) -> Sample | None:
    """Give the first records of the file of `BENCH_LARGE`; None when none was named."""
    if plan.large is None:
        return None
    with plan.large.open("rb") as stream:
        return first(stream, plan.large_records, folder / "large.mrc", plan.large.name)


def first(stream: IO[bytes], most: int, path: Path, origin: str) -> Sample:
    """Write the first records of a stream to a file."""
    records = 0
    with path.open("wb") as written:
        while records < most and (chunk := stream.read(_CHUNK)):
            pieces = chunk.split(_END, most - records)
            records += len(pieces) - 1
            # What stands behind the last record wanted is not of this sample.
            kept = len(chunk) - len(pieces[-1]) if records == most else len(chunk)
            written.write(chunk[:kept])
    return Sample(path, records, f"{origin}, the first {records}")


def queries(sample: Sample, count: int) -> tuple[str, ...]:
    """Give searches of one to three words that stand in titles, drawn from the whole file, always the same ones."""
    dice = random.Random(1)
    contents = sample.path.read_bytes().split(_END)[:-1]
    made: list[str] = []
    while len(made) < count:
        words = _title_words(dice.choice(contents) + _END)
        if words:
            start, length = dice.randrange(len(words)), dice.randint(1, 3)
            made.append(" ".join(words[start : start + length]))
    return tuple(made)


def _title_words(content: bytes) -> list[str]:
    titles = spec.values(decode(content).record, "245a")
    return _WORD.findall(" ".join(titles))
