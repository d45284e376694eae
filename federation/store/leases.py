"""Leases: who may do something alone, and until when unless he says again that he is alive.

In: a session, names, holders and times. Out: rows, or whether a change took hold. Every change names what it expects to
find, so of two that try at once one succeeds, on SQLite and PostgreSQL alike. When a lease is free to be taken over is
thought about in `pipeline.runs.holding`; here is only what is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CursorResult, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from federation.store.models import Lease

#: stands before the holder of a lease that was taken away: he finds it when he wants to prolong
CANCELLED: Final = "cancelled "


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """One lease."""

    name: str
    holder: str
    since: datetime
    until: datetime


def one(session: Session, name: str) -> LeaseRow | None:
    """Give the lease of this name, live or not."""
    row = session.execute(select(Lease.name, Lease.holder, Lease.since, Lease.until).where(Lease.name == name)).first()
    return LeaseRow(*row) if row else None


def every(session: Session) -> list[LeaseRow]:
    """List all leases, live or not."""
    rows = session.execute(select(Lease.name, Lease.holder, Lease.since, Lease.until).order_by(Lease.name))
    return [LeaseRow(*row) for row in rows]


def take(session: Session, new: LeaseRow, over: LeaseRow | None) -> bool:
    """Take a lease that nobody has, or take it over as it was found; False when another was quicker."""
    values = {"holder": new.holder, "since": new.since, "until": new.until}
    if over is not None:
        found = (Lease.name == over.name, Lease.holder == over.holder, Lease.until == over.until)
        return _touched(session.execute(update(Lease).where(*found).values(values)))
    try:
        with session.begin_nested():
            session.execute(insert(Lease).values(name=new.name, **values))
    except IntegrityError:
        return False
    return True


def prolong(session: Session, name: str, holder: str, until: datetime) -> bool:
    """Move the end of a lease; False when this holder has it no longer.

    The row stays locked until the transaction ends: nobody can take the lease between this and what is written with it.
    """
    mine = (Lease.name == name, Lease.holder == holder)
    return _touched(session.execute(update(Lease).where(*mine).values(until=until)))


def release(session: Session, name: str, holder: str) -> None:
    """Give a lease back, even one that was taken away from this holder."""
    session.execute(delete(Lease).where(Lease.name == name, Lease.holder.in_([holder, CANCELLED + holder])))


def cancel(session: Session, lease: LeaseRow, until: datetime) -> bool:
    """Take a lease away; it stays taken until its holder has noticed, or until this time."""
    if lease.holder.startswith(CANCELLED):
        return True
    mine = (Lease.name == lease.name, Lease.holder == lease.holder)
    return _touched(session.execute(update(Lease).where(*mine).values(holder=CANCELLED + lease.holder, until=until)))


def _touched(result: Any) -> bool:
    return isinstance(result, CursorResult) and result.rowcount == 1
