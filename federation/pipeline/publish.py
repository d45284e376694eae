"""Union record to index: what readers search is what the store holds.

In: union records marked `pending`. Out: documents in the index, committed before the mark is cleared, so that a death
in between only publishes the same again. `rebuild` makes the whole index anew beside the old one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from federation.index.document import Placement, document
from federation.index.engine import Document, Row, Writer
from federation.index.rows import row
from federation.pipeline.stage import Batch, Progress, Stage, Workplace, silent
from federation.store import Session, merged
from federation.store.compress import expand
from federation.store.merged import Unpublished
from schemas.bib import load

#: raise it when the same union record would give another document
RULES: Final = 2
BATCH: Final = 500
#: batches put into the index in one commit: it likes large pieces, small ones it has to merge again
TOGETHER: Final = 20


@dataclass(frozen=True, slots=True)
class _Taken(Batch[Unpublished]):
    stands: "_Stands"


@dataclass(frozen=True, slots=True)
class _Stands:
    """Where members stand today: kind and area, and level, by code."""

    kinds: dict[str, tuple[str, str]]
    levels: dict[str, str]


def _stands(session: Session) -> _Stands:
    return _Stands(merged.kinds(session), merged.levels(session))


def _take(place: Workplace, after: int) -> _Taken | None:
    with place.database.read() as session:
        rows = merged.take(session, after, BATCH)
        return _Taken(tuple(rows), _stands(session)) if rows else None


def _think(batch: _Taken) -> list[Row]:
    return [row(_document(each, batch.stands)) for each in batch.rows if not each.deleted]


def _store(place: Workplace, made: Iterator[tuple[_Taken, list[Row]]]) -> None:
    if (first := next(made, None)) is None:
        return
    waiting = chain((first,), made)
    with place.index.writing() as index:
        while (first := next(waiting, None)) is not None:
            _publish(place, index, chain((first,), islice(waiting, TOGETHER - 1)))


def _publish(place: Workplace, index: Writer, made: Iterator[tuple[_Taken, list[Row]]]) -> None:
    """Put batches into the index as they become ready, in one commit, and then note that they are there."""
    followed: list[tuple[int, bytes, bool]] = []

    def rows() -> Iterator[Row]:
        for batch, ready in made:
            followed.extend([(row.id, row.content_hash, row.deleted) for row in batch.rows])
            yield from ready

    index.publish(rows(), (union_id for union_id, _, deleted in followed if deleted))
    with place.database.write() as session:
        merged.published(session, followed)


def _document(row: Unpublished, stands: _Stands) -> Document:
    members = _named("member:", row.sets)
    placed = [(*stands.kinds.get(code, ("", "")), stands.levels.get(code, "")) for code in members]
    placement = Placement(
        members=members,
        kinds=tuple(sorted({kind for kind, _, _ in placed if kind})),
        areas=tuple(sorted({area for _, area, _ in placed if area})),
        levels=tuple(sorted({f"{area}/{level}" for _, area, level in placed if level})),
        collections=_named("collection:", row.sets),
        group_id=row.group_id,
    )
    return document(row.id, row.content_hash, load(expand(row.content)), placement)


def _named(family: str, sets: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([spec[len(family) :] for spec in sets if spec.startswith(family)])


def rebuild(place: Workplace, progress: Progress = silent) -> int:
    """Make the index anew from the store and put it in the old one's place; the caller holds `Database.alone`."""
    versions: list[tuple[int, bytes, bool]] = []
    count = place.index.rebuild(_all(place, versions, progress))
    with place.database.write() as session:
        merged.published(session, versions)
    return count


def _all(place: Workplace, versions: list[tuple[int, bytes, bool]], progress: Progress) -> Iterator[Document]:
    last = 0
    with place.database.read() as session:
        stands = _stands(session)
    while True:
        with place.database.read() as session:
            rows = merged.live_after(session, last, BATCH)
        if not rows:
            return
        last = rows[-1].id
        for each in rows:
            versions.append((each.id, each.content_hash, False))
            yield _document(each, stands)
        progress("rebuild", len(versions), len(versions))


PUBLISH: Final = Stage("publish", lambda _: str(RULES), _take, _think, _store)
