"""What changed when: the lists that harvesters walk, whole or for one set, in the order (datestamp, id).

In: a session and a `ChangesWindow`. Out: rows, counts, the earliest datestamp, the names of sets. A page is found by
the position of its last row and never by counting, so that page 10,000 costs what page 1 costs. In a set, a record that
left it or died is a deleted row whose datestamp is the time it left (OAI-PMH 2.0, sections 2.5.1 and 2.7.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, null, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import NullType

from federation.store.models import LibraryKind, Union, UnionSet, Utc

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


#: a row of a list: id, datestamp, deleted, sets, and the form asked for as the store keeps it, compressed, or nothing
ChangeRow: TypeAlias = tuple[int, datetime, bool, tuple[str, ...], bytes]
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
    # As the driver gives them: see `_rows`.
    columns = (key, *(type_coerce(each, NullType()) for each in (stamp, deleted, Union.sets, column)))
    query = select(*columns).where(*_conditions(names)).order_by(stamp, key).limit(bindparam("wanted", type_=Integer))
    return query.join(Union, Union.id == UnionSet.union_id) if in_set else query


def _rows(session: Session, query: Select[*tuple[Any, ...]], values: dict[str, Any]) -> list[ChangeRow]:
    connection = session.connection()
    result = connection.execute(query, values)
    raw = result.cursor.fetchall()
    result.close()
    # A page has few times and few combinations of sets, and many rows of each: making each once halves a row's cost.
    read = Utc().dialect_impl(connection.dialect).result_processor(connection.dialect, None)
    times: dict[Any, Any] = {time: read(time) if read else time for time in {row[1] for row in raw}}
    sets = {text: tuple(text.split()) for text in {row[3] for row in raw}}
    return [(key, times[time], deleted != 0, sets[text], stored or b"") for key, time, deleted, text, stored in raw]


def standing(session: Session, window: ChangesWindow) -> list[ChangeRow]:
    """Give the row whose id is in `after` as it stands in this list now, whatever its datestamp."""
    if window.after is None:
        return []
    limits = {"set_spec": window.set_spec} if window.set_spec else {}
    query = _listed(window.contents, (*limits, "number"))
    return _rows(session, query, {**limits, "number": window.after[1], "wanted": 1})


def page(session: Session, window: ChangesWindow) -> tuple[list[ChangeRow], bool]:
    """Give the next rows of the window, at most `limit`, and whether there are more after them."""
    wanted = window.limit + 1
    rows: list[ChangeRow] = []
    for query, values in _queries(window):
        rows += _rows(session, query, {**values, "wanted": wanted - len(rows)})
        if len(rows) == wanted:
            break
    return rows[: window.limit], len(rows) > window.limit


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
