"""What changed when: the lists that harvesters walk, whole or for one set, in the order (datestamp, id).

In: a session and a `ChangesWindow`. Out: rows, counts, the earliest datestamp, the names of sets. A page is found by
the position of its last row and never by counting, so that page 10,000 costs what page 1 costs. In a set, a record that
left it or died is a deleted row whose datestamp is the time it left (OAI-PMH 2.0, sections 2.5.1 and 2.7.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, func, null, select
from sqlalchemy.orm import InstrumentedAttribute, Session

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
class ChangeRow:
    """One row of a list; `stored` is compressed as the store keeps it, empty when not asked for."""

    id: int
    datestamp: datetime
    deleted: bool
    sets: str
    stored: bytes


def _position(window: ChangesWindow) -> tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[int]]:
    return (UnionSet.datestamp, UnionSet.union_id) if window.set_spec else (Union.datestamp, Union.id)


def _limits(window: ChangesWindow) -> list[ColumnElement[bool]]:
    stamp, _ = _position(window)
    limits: list[ColumnElement[bool]] = []
    if window.set_spec:
        limits.append(UnionSet.set_spec == window.set_spec)
    if window.from_:
        limits.append(stamp >= window.from_)
    if window.until:
        limits.append(stamp <= window.until)
    if window.before:
        limits.append(stamp < window.before)
    return limits


def _listed(window: ChangesWindow) -> Select[*tuple[Any, ...]]:
    column = {"": null(), "marcxml": Union.marcxml, "content": Union.content}[window.contents]
    if not window.set_spec:
        query = select(Union.id, Union.datestamp, Union.deleted, Union.sets, column)
        return query.where(*_limits(window)).order_by(Union.datestamp, Union.id)
    columns = (UnionSet.union_id, UnionSet.datestamp, UnionSet.deleted, Union.sets, column)
    joined = select(*columns).join(Union, Union.id == UnionSet.union_id)
    return joined.where(*_limits(window)).order_by(UnionSet.datestamp, UnionSet.union_id)


def standing(session: Session, window: ChangesWindow) -> list[ChangeRow]:
    """Give the row whose id is in `after` as it stands in this list now, whatever its datestamp."""
    if window.after is None:
        return []
    _, key = _position(window)
    anytime = replace(window, from_=None, until=None, before=None)
    return [_change(row) for row in session.execute(_listed(anytime).where(key == window.after[1]))]


def _change(row: Any) -> ChangeRow:
    return ChangeRow(row[0], row[1], row[2], row[3], row[4] or b"")


def page(session: Session, window: ChangesWindow) -> tuple[list[ChangeRow], bool]:
    """Give the next rows of the window, at most `limit`, and whether there are more after them."""
    wanted = window.limit + 1
    rows: list[Any] = []
    for query in _queries(window):
        rows += session.execute(query.limit(wanted - len(rows))).all()
        if len(rows) == wanted:
            break
    return [_change(row) for row in rows[: window.limit]], len(rows) > window.limit


def _queries(window: ChangesWindow) -> Iterator[Select[*tuple[Any, ...]]]:
    query = _listed(window)
    if not window.after:
        yield query
        return
    # The rest of the second the last page ended in, then the seconds after it: each of them one seek in the index.
    # (SQLite follows a row value (datestamp, id) only to its datestamp, and an import fills a second with thousands.)
    second, number = window.after
    stamp, key = _position(window)
    yield query.where(stamp == second, key > number)
    yield query.where(stamp > second)


def count(session: Session, window: ChangesWindow) -> int:
    """Count all rows of the window, whatever its position and limit."""
    table = UnionSet if window.set_spec else Union
    return session.scalar(select(func.count()).select_from(table).where(*_limits(window))) or 0


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
