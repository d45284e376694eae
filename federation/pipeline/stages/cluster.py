"""Bib to cluster: compare each bib with those that share a key, then derive which stand together.

In: bibs marked `pending`. Out: match keys, verdicts, and every bib in a cluster. A pass compares everything before it
derives anything, so that a cluster does not fall apart and grow together again while its bibs come by one by one.
"""

from collections import ChainMap
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from federation.matching import RULES
from federation.pipeline.stages.derive import derive
from federation.pipeline.stages.judge import Heard, hear, judge
from federation.pipeline.stages.stage import Batch, Stage
from federation.pipeline.workplace import Workplace
from federation.store import bibs
from federation.store.bibs import Marked
from federation.store.compress import expand

BATCH: Final = 1000
#: batches that are compared together: the keys of any two lie far from each other, those of many lie side by side, and
#: neighbours are written together. With 150,000 records one at a time takes two thirds as long again.
TOGETHER: Final = 4
#: bibs that are put into clusters together
DERIVED: Final = 1000
_Heard = dict[int, Heard]


def _take(place: Workplace, after: int) -> Batch[Marked] | None:
    with place.database.read() as session:
        rows = bibs.take(session, after, BATCH)
    return Batch(tuple(rows)) if rows else None


def _think(batch: Batch[Marked]) -> _Heard:
    return {row.id: hear(row.content_hash, expand(row.content)) for row in batch.rows if row.content}


def _store(place: Workplace, batches: Iterator[tuple[Batch[Marked], _Heard]]) -> None:
    while some := list(islice(batches, TOGETHER)):
        _judge(place, [row.id for batch, _ in some for row in batch.rows], ChainMap(*(heard for _, heard in some)))
    last: int | None = 0
    while last is not None:
        last = _derive(place, last)


def _judge(place: Workplace, ids: list[int], heard: Mapping[int, Heard]) -> None:
    with place.database.write() as session:
        judge(session, bibs.unjudged(session, ids), heard)


def _derive(place: Workplace, after: int) -> int | None:
    """Put some bibs that were judged into clusters; gives the last of them, None when none was left."""
    with place.database.write() as session:
        found = bibs.judged(session, after, DERIVED)
        if found:
            derive(session, found)
    return found[-1] if found else None


CLUSTER: Final = Stage("cluster", lambda _: str(RULES), _take, _think, _store)
