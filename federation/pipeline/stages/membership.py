"""Who is in an operator's own sets: their queries asked of the index that all doors ask.

In: records that were just published, or a set that is new or was changed. Out: records that enter and leave sets, under
datestamps of their own. A record's place in a set can change only when it is published, so only what is published is
asked about; the whole index is asked for a set that is `pending`. Without own sets nothing is done.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Final

from federation.index.engine import Engine, Question
from federation.pipeline.stages.stage import stamped
from federation.pipeline.workplace import Workplace
from federation.store import memberships, query_sets
from federation.store.memberships import Move
from federation.store.query_sets import QuerySetRow
from schemas.errors import QuerySyntaxError
from schemas.query import cql
from schemas.query.tree import And, Node, Or, Term

log = logging.getLogger(__name__)

#: records that enter or leave under one stamp: readers wait while they are written
TOGETHER: Final = 5_000
#: rows of ids without a gap in one question, which may have some thousand words
RUNS: Final = 250


def settled(place: Workplace) -> list[QuerySetRow]:
    """Give the sets whose members are known, so that only what is published has to be asked about."""
    with place.database.read() as session:
        return [row for row in query_sets.every(session) if not row.pending]


def follow(place: Workplace, sets: Sequence[QuerySetRow], ids: Sequence[int]) -> list[Move]:
    """Ask which of these live records, in order of id, enter or leave these sets now that the index has them.

    A set whose query cannot be answered is marked, to be asked of the whole index later.
    """
    moves = []
    for row in sets:
        try:
            found = _among(place.index, cql.read(row.query).node, ids)
        except QuerySyntaxError as error:
            _put_off(place, row, error)
            continue
        with place.database.read() as session:
            moves.append(_move(row.spec, found, memberships.members(session, row.spec, ids)))
    return [move for move in moves if move]


def catch_up(place: Workplace) -> None:
    """Ask the whole index for the sets that are marked, and let those that are withdrawn end."""
    with place.database.read() as session:
        marked = [row for row in query_sets.every(session, withdrawn=True) if row.pending]
    for row in marked:
        try:
            found = set() if row.withdrawn else set(everyone(place.index, row.query))
        except QuerySyntaxError as error:
            _put_off(place, row, error)
            continue
        with place.database.read() as session:
            move = _move(row.spec, found, memberships.members(session, row.spec))
        for part in move.parts(TOGETHER):
            _write(place, part, row.withdrawn)
        with place.database.write() as session:
            query_sets.settle(session, row)


def everyone(engine: Engine, query: str) -> tuple[int, ...]:
    """Give the ids of all records in the index that a query finds, in order; raises `QuerySyntaxError`."""
    return engine.search(Question(cql.read(query).node, limit=max(engine.count(), 1), sort="id")).ids


def astray(place: Workplace, row: QuerySetRow) -> list[int]:
    """Give, of the records that the index has as they are, those that are wrongly in a set or wrongly not in it."""
    found = set(everyone(place.index, row.query))
    with place.database.read() as session:
        wrong = found ^ memberships.members(session, row.spec)
        return sorted(memberships.settled(session, wrong))


def _write(place: Workplace, move: Move, withdrawn: bool) -> None:
    with stamped(place) as (session, stamp):
        # What waits to be published is asked about then; from a set that ends all go.
        ids = (*move.enter, *move.leave)
        memberships.move(session, move if withdrawn else move.only(memberships.settled(session, ids)), stamp)


def _move(spec: str, found: set[int], inside: set[int]) -> Move:
    return Move(spec, tuple(sorted(found - inside)), tuple(sorted(inside - found)))


def _put_off(place: Workplace, row: QuerySetRow, error: QuerySyntaxError) -> None:
    log.warning("the set %s cannot be asked for (%s): %s", row.spec, row.query, error)
    with place.database.write() as session:
        query_sets.settle(session, row, str(error))


def _among(engine: Engine, node: Node, ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    runs = list(_runs(ids))
    for start in range(0, len(runs), RUNS):
        these = reduce(Or, (_from_to(first, last) for first, last in runs[start : start + RUNS]))
        found.update(engine.search(Question(And(node, these), limit=len(ids), sort="id")).ids)
    return found


def _from_to(first: int, last: int) -> Node:
    if first == last:
        return Term("id", str(first))
    return And(Term("id", str(first), relation=">="), Term("id", str(last), relation="<="))


def _runs(ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each row of ids without a gap."""
    first = last = -1
    for number in ids:
        if number != last + 1:
            if first >= 0:
                yield first, last
            first = number
        last = number
    if first >= 0:
        yield first, last
