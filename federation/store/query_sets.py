"""An operator's own sets: what they ask, what they are called, and whether the index has been asked.

In: a session and values. Out: rows of `query_set`. Who is in a set stands in `union_set`, as for every set
(`store.memberships`). A set that is withdrawn stays here until its members have left: those who harvest it are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from federation.errors import NotFound, UsageError
from federation.store.many import insert_rows
from federation.store.models import QuerySet

FAMILY: Final = "query:"


@dataclass(frozen=True, slots=True)
class QuerySetRow:
    """One set. `pending`: the whole index has still to be asked; `fault`: why it could not be."""

    code: str
    query: str
    name_vi: str
    name_en: str
    created_at: datetime
    changed_at: datetime
    pending: bool
    withdrawn: bool
    fault: str

    @property
    def spec(self) -> str:
        """The setSpec."""
        return FAMILY + self.code


@dataclass(frozen=True, slots=True)
class NewSet:
    """A set to make: its code, its query in CQL, its name in Vietnamese and in English (where that is another)."""

    code: str
    query: str
    name_vi: str
    name_en: str = ""


def every(session: Session, withdrawn: bool = False) -> list[QuerySetRow]:
    """List the sets, by code; those that are being withdrawn when they are asked for."""
    stored = session.scalars(select(QuerySet).order_by(QuerySet.code))
    rows = [QuerySetRow(**{each.name: getattr(row, each.name) for each in fields(QuerySetRow)}) for row in stored]
    return [row for row in rows if withdrawn or not row.withdrawn]


def one(session: Session, code: str) -> QuerySetRow:
    """Give the set with this code; raises `NotFound` naming those there are."""
    sets = {row.code: row for row in every(session)}
    if code not in sets:
        known = ", ".join(sorted(sets)) or "none yet; make one with `lienthong sets add`"
        raise NotFound("set-unknown", f"is none of your own sets; they are: {known}", code)
    return sets[code]


def waiting(session: Session) -> int:
    """Count the sets that have still to be asked of the whole index."""
    return session.scalar(select(func.count()).select_from(QuerySet).where(QuerySet.pending)) or 0


def add(session: Session, new: NewSet, now: datetime) -> None:
    """Make a set; raises `UsageError` when the code is taken. One that is being withdrawn begins anew."""
    there = {row.code: row for row in every(session, withdrawn=True)}.get(new.code)
    if there and not there.withdrawn:
        message = "there is a set with this code already; `lienthong sets change` gives it another query or name"
        raise UsageError("set-exists", message, new.code)
    session.execute(delete(QuerySet).where(QuerySet.code == new.code))
    state = {"pending": True, "withdrawn": False, "fault": "", "created_at": now, "changed_at": now}
    names = {"name_vi": new.name_vi, "name_en": new.name_en}
    insert_rows(session, QuerySet, [{"code": new.code, "query": new.query, **names, **state}])


def alter(session: Session, code: str, values: Mapping[str, str], now: datetime) -> None:
    """Change query or names; another query has to be asked of the whole index."""
    more: dict[str, Any] = {"pending": True, "fault": ""} if "query" in values else {}
    session.execute(update(QuerySet).where(QuerySet.code == code).values(**values, **more, changed_at=now))


def withdraw(session: Session, code: str) -> None:
    """Let a set end: its members leave, and then it goes."""
    session.execute(update(QuerySet).where(QuerySet.code == code).values(withdrawn=True, pending=True))


def renew(session: Session) -> None:
    """Mark all sets: the index is another one."""
    session.execute(update(QuerySet).values(pending=True))


def settle(session: Session, row: QuerySetRow, fault: str = "") -> None:
    """Note that the whole index was asked, or why it could not be; a set that was changed meanwhile keeps its mark."""
    same = (QuerySet.code == row.code, QuerySet.query == row.query, QuerySet.withdrawn == row.withdrawn)
    if row.withdrawn:
        session.execute(delete(QuerySet).where(*same))
    else:
        session.execute(update(QuerySet).where(*same).values(pending=bool(fault), fault=fault))
