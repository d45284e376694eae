"""Union record to index: what readers search is what the store holds.

In: union records marked `pending`. Out: documents in the index, committed before the mark is cleared, so that a death
in between only publishes the same again; and who is in the operator's own sets (`membership`), for the index is what
answers their queries. `rebuild` makes the whole index anew beside the old one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice
from typing import Final

from msgspec.structs import replace

from federation.index.document import Placement, document
from federation.index.engine import Document, Row, Writer
from federation.index.rows import row
from federation.pipeline.stages import membership
from federation.pipeline.stages.stage import Batch, Progress, Stage, silent, stamped
from federation.pipeline.workplace import Workplace
from federation.store import members, memberships, merged, query_sets
from federation.store.compress import expand
from federation.store.members import Stand
from federation.store.merged import Unpublished
from federation.store.query_sets import QuerySetRow
from schemas.bib import load

#: raise it when the same union record would give another document, or the same query find other ones
RULES: Final = 3
BATCH: Final = 500
#: batches put into the index in one commit: it likes large pieces, small ones it has to merge again
TOGETHER: Final = 20


_Stands = Mapping[str, Stand]
_Placing = Callable[[tuple[str, ...]], Placement]
_NOWHERE: Final = Stand()


@dataclass(frozen=True, slots=True)
class _Taken(Batch[Unpublished]):
    stands: _Stands


def _take(place: Workplace, after: int) -> _Taken | None:
    with place.database.read() as session:
        rows = merged.take(session, after, BATCH)
        return _Taken(tuple(rows), members.stands(session)) if rows else None


def _think(batch: _Taken) -> list[Row]:
    placing = _placing(batch.stands)
    return [row(_document(each, placing)) for each in batch.rows if not each.deleted]


def _store(place: Workplace, made: Iterator[tuple[_Taken, list[Row]]]) -> None:
    if (first := next(made, None)) is not None:
        sets, waiting = membership.settled(place), chain((first,), made)
        with place.index.writing() as index:
            while (first := next(waiting, None)) is not None:
                _publish(place, index, chain((first,), islice(waiting, TOGETHER - 1)), sets)
    membership.catch_up(place)


def _publish(
    place: Workplace, index: Writer, made: Iterator[tuple[_Taken, list[Row]]], sets: Sequence[QuerySetRow]
) -> None:
    """Put batches into the index as they become ready, in one commit, and then note that they are there.

    Which of the operator's own sets they are in now is noted together with that.
    """
    followed: list[tuple[int, bytes, bool]] = []

    def rows() -> Iterator[Row]:
        for batch, ready in made:
            followed.extend([(row.id, row.content_hash, row.deleted) for row in batch.rows])
            yield from ready

    index.publish(rows(), (union_id for union_id, _, deleted in followed if deleted))
    moves = membership.follow(place, sets, [union_id for union_id, _, deleted in followed if not deleted])
    if moves:
        with stamped(place) as (session, stamp):
            merged.published(session, followed)
            for move in moves:
                unchanged = memberships.settled(session, (*move.enter, *move.leave))
                memberships.move(session, move.only(unchanged), stamp)
    else:
        with place.database.write() as session:
            merged.published(session, followed)


def _document(row: Unpublished, placing: _Placing) -> Document:
    placement = replace(placing(row.sets), group_id=row.group_id)
    return document(row.id, row.content_hash, load(expand(row.content)), placement)


def _placing(stands: _Stands) -> _Placing:
    # Most records are in the same few sets.
    return lru_cache(maxsize=4_096)(partial(_placed, stands))


def _placed(stands: _Stands, sets: tuple[str, ...]) -> Placement:
    """Say where a record is that is in these sets."""
    codes = _named("member:", sets)
    placed = [stands.get(code, _NOWHERE) for code in codes]
    return Placement(
        members=codes,
        kinds=tuple(sorted({each.kind for each in placed if each.kind})),
        areas=tuple(sorted({each.area for each in placed if each.area})),
        levels=tuple(sorted({f"{each.area}/{each.level}" for each in placed if each.level})),
        collections=_named("collection:", sets),
        districts=tuple(sorted({code for each in placed for code in each.districts})),
    )


def _named(family: str, sets: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([spec[len(family) :] for spec in sets if spec.startswith(family)])


def rebuild(place: Workplace, progress: Progress = silent) -> int:
    """Make the index anew from the store and put it in the old one's place; the caller holds `Database.alone`."""
    versions: list[tuple[int, bytes, bool]] = []
    count = place.index.rebuild(_all(place, versions, progress))
    with place.database.write() as session:
        merged.published(session, versions)
        query_sets.renew(session)
    membership.catch_up(place)
    return count


def _all(place: Workplace, versions: list[tuple[int, bytes, bool]], progress: Progress) -> Iterator[Document]:
    last = 0
    with place.database.read() as session:
        placing = _placing(members.stands(session))
    while True:
        with place.database.read() as session:
            rows = merged.live_after(session, last, BATCH)
        if not rows:
            return
        last = rows[-1].id
        for each in rows:
            versions.append((each.id, each.content_hash, False))
            yield _document(each, placing)
        progress("rebuild", len(versions), len(versions))


PUBLISH: Final = Stage("publish", lambda _: str(RULES), _take, _think, _store)
