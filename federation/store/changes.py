"""What changed when: the lists that harvesters walk, whole or for one set, in the order (datestamp, id).

In: a session and a `ChangesWindow`. Out: rows as columns, counts, the earliest datestamp, the names of sets. A page is
found by the position of its last row and never by counting, so that page 10,000 costs what page 1 costs. In a set, what
left it or died is a deleted row whose datestamp is the time it left (OAI-PMH 2.0, sections 2.5.1 and 2.7.1).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    and_,
    bindparam,
    func,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import NullType

from federation.store.base import Utc
from federation.store.models import LibraryKind, Union, UnionSet

Contents = Literal["", "marcxml", "content"]


@dataclass(frozen=True, slots=True)
class ChangesWindow:
    """Which changes: of one set or all (""), `from_` and `until` inclusive, nothing at or after `before` (the horizon).

    `after` is the (datestamp, id) of the last row of the page before; `contents` is the stored form that rows bring.
    """

    set_spec: str = ""
    from_: datetime | None = None
    until: datetime | None = None
    after: tuple[datetime, int] | None = None
    limit: int = 200
    before: datetime | None = None
    contents: Contents = ""


@dataclass(frozen=True, slots=True)
class ChangeRows:
    """Rows of a list, column by column. `sets` of a row that is deleted in a set's list is that set alone; `stored` is
    the form asked for as the store keeps it, compressed, or nothing.
    """

    ids: Sequence[int] = ()
    datestamps: Sequence[datetime] = ()
    deleted: Sequence[bool] = ()
    sets: Sequence[tuple[str, ...]] = ()
    stored: Sequence[bytes] = ()


#: what a window may limit, in the names of its fields
_LIMITS: Final = ("set_spec", "from_", "until", "before")


def _limits(window: ChangesWindow) -> dict[str, Any]:
    return {name: value for name in _LIMITS if (value := getattr(window, name))}


def _position(in_set: bool) -> tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[int]]:
    return (UnionSet.datestamp, UnionSet.union_id) if in_set else (Union.datestamp, Union.id)


def _conditions(names: tuple[str, ...]) -> Iterator[ColumnElement[bool]]:
    stamp, key = _position("set_spec" in names)
    known = {
        "set_spec": UnionSet.set_spec == bindparam("set_spec"),
        "from_": stamp >= bindparam("from_"),
        "until": stamp <= bindparam("until"),
        "before": stamp < bindparam("before"),
        "number": key == bindparam("number"),
        # The rest of the second the last page ended in, then the seconds after it: each of them one seek in the
        # index. (SQLite follows a row value only to its datestamp, and an import fills a second with thousands.)
        "rest": and_(stamp == bindparam("second"), key > bindparam("number")),
        "later": stamp > bindparam("second"),
    }
    return (known[name] for name in names)


@lru_cache(maxsize=256)
def _listed(contents: Contents, names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """Build the query of rows that meet the conditions named; built once, since that takes as long as 200 rows."""
    in_set = "set_spec" in names
    stamp, key = _position(in_set)
    deleted = UnionSet.deleted if in_set else Union.deleted
    column = {"": null(), "marcxml": Union.marcxml, "content": Union.content}[contents]
    told = null() if "rest" in names else stamp  # the rest of a second has its datestamp
    # As the driver gives them: see `_columns`.
    columns = (key, *(type_coerce(each, NullType()) for each in (told, deleted, Union.sets, column)))
    query = select(*columns).where(*_conditions(names)).order_by(stamp, key).limit(bindparam("wanted", type_=Integer))
    return query.join(Union, Union.id == UnionSet.union_id) if in_set else query


def _fetched(connection: Connection, query: Select[*tuple[Any, ...]], values: dict[str, Any]) -> Sequence[Any]:
    result = connection.execute(query, values)
    rows: Sequence[Any] = result.cursor.fetchall()
    result.close()
    return rows


def _columns(dialect: Dialect, window: ChangesWindow, rows: Sequence[Any]) -> ChangeRows:
    if not rows:
        return ChangeRows()
    ids, stamps, deleted, texts, stored = zip(*rows, strict=True)
    # A page has few times and few combinations of sets, and many rows of each: each is made once.
    read: Any = Utc().dialect_impl(dialect).result_processor(dialect, None)
    times = {stamp: read(stamp) if read else stamp for stamp in set(stamps)}
    if window.after:
        times[None] = window.after[0]
    sets = {text: tuple(text.split()) for text in set(texts)}
    named = [sets[text] for text in texts]
    if window.set_spec and any(deleted):
        named = [(window.set_spec,) if gone else specs for gone, specs in zip(deleted, named, strict=True)]
    return ChangeRows(
        ids=ids,
        datestamps=[times[stamp] for stamp in stamps],
        deleted=list(map(bool, deleted)),
        sets=named,
        stored=stored if window.contents else (b"",) * len(rows),
    )


def standing(session: Session, window: ChangesWindow) -> ChangeRows:
    """Give the row whose id is in `after` as it stands in this list now, whatever its datestamp."""
    if window.after is None:
        return ChangeRows()
    limits = {"set_spec": window.set_spec} if window.set_spec else {}
    query = _listed(window.contents, (*limits, "number"))
    connection = session.connection()
    rows = _fetched(connection, query, {**limits, "number": window.after[1], "wanted": 1})
    return _columns(connection.dialect, window, rows)


def page(session: Session, window: ChangesWindow) -> tuple[ChangeRows, bool]:
    """Give the next rows of the window, at most `limit`, and whether there are more after them."""
    connection, wanted = session.connection(), window.limit + 1
    rows: list[Any] = []
    for query, values in _queries(window):
        rows += _fetched(connection, query, {**values, "wanted": wanted - len(rows)})
        if len(rows) == wanted:
            break
    return _columns(connection.dialect, window, rows[: window.limit]), len(rows) > window.limit


def _queries(window: ChangesWindow) -> Iterator[tuple[Select[*tuple[Any, ...]], dict[str, Any]]]:
    limits = _limits(window)
    if not window.after:
        yield _listed(window.contents, tuple(limits)), limits
        return
    second, number = window.after
    yield _listed(window.contents, (*limits, "rest")), {**limits, "second": second, "number": number}
    yield _listed(window.contents, (*limits, "later")), {**limits, "second": second}


def count(session: Session, window: ChangesWindow) -> int:
    """Count all rows of the window, whatever its position and limit."""
    limits = _limits(window)
    return session.scalar(_counted(tuple(limits)), limits) or 0


@lru_cache(maxsize=256)
def _counted(names: tuple[str, ...]) -> Select[int]:
    table = UnionSet if "set_spec" in names else Union
    return select(func.count()).select_from(table).where(*_conditions(names))


def earliest(session: Session) -> datetime | None:
    """Give the earliest datestamp that any list shows; None when there is nothing."""
    first = session.scalar(select(func.min(Union.datestamp)))
    # One look into the index per set; the minimum over the whole table would read all of it.
    stamps = (session.scalar(select(func.min(UnionSet.datestamp)).where(UnionSet.set_spec == s)) for s in sets(session))
    return min((stamp for stamp in (first, *stamps) if stamp), default=None)


def sets(session: Session) -> list[str]:
    """List the sets that have or had a record, by name; leaps through the index from name to name."""
    name = select(func.min(UnionSet.set_spec).label("name")).cte("names", recursive=True)
    following = select(func.min(UnionSet.set_spec)).where(UnionSet.set_spec > name.c.name).scalar_subquery()
    names = name.union_all(select(following).where(name.c.name.is_not(None)))
    return sorted(session.scalars(select(names.c.name).where(names.c.name.is_not(None))))


def kinds(session: Session) -> dict[str, tuple[str, str]]:
    """Give the kinds of library: code -> names in Vietnamese and English."""
    rows = session.execute(
        select(LibraryKind.code, LibraryKind.name_vi, LibraryKind.name_en).order_by(LibraryKind.code)
    )
    return {row[0]: (row[1], row[2]) for row in rows}
