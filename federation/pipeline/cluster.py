"""Bib to cluster: compare each bib with those that share a key, then derive which stand together.

In: bibs marked `pending`. Out: match keys, verdicts, and every bib in a cluster. A pass compares everything before it
derives anything, so that a cluster does not fall apart and grow together again while its bibs come by one by one.
"""

from collections.abc import Iterator
from typing import Final

from federation.matching import RULES
from federation.pipeline.derive import derive
from federation.pipeline.judge import judge
from federation.pipeline.stage import Batch, Stage, Workplace
from federation.store import bibs
from federation.store.bibs import Marked

BATCH: Final = 1000


def _take(place: Workplace, after: int) -> Batch[Marked] | None:
    with place.database.read() as session:
        rows = bibs.take(session, after, BATCH)
    return Batch(tuple(rows)) if rows else None


def _store(place: Workplace, batches: Iterator[tuple[Batch[Marked], None]]) -> None:
    for batch, _ in batches:
        with place.database.write() as session:
            # Normalise may be at work beside us: what a bib says is read in the transaction that notes it as judged.
            if rows := bibs.unjudged(session, [row.id for row in batch.rows]):
                judge(session, rows)
    last: int | None = 0
    while last is not None:
        last = _derive(place, last)


def _derive(place: Workplace, after: int) -> int | None:
    """Put some bibs that were judged into clusters; gives the last of them, None when none was left."""
    with place.database.write() as session:
        found = bibs.judged(session, after, BATCH)
        if found:
            derive(session, found)
    return found[-1] if found else None


CLUSTER: Final = Stage("cluster", lambda _: str(RULES), _take, None, _store)
