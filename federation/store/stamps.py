"""Datestamps that a harvester can trust: asking `from` its last responseDate never misses a change and never repeats
one.

In: a session. Out: the stamp to write, and the horizon a reader may show. The trouble to avoid: a writer takes a
stamp, a reader answers with a later responseDate, and only then the writer commits; the change would lie before the
reader's next `from`.

So a writer first commits the promise "I began at t" (`open_window`), and only then takes its stamp (`take`), which is
therefore not before t; the stamp and the end of the promise are committed together. A reader asks the time *before*
it opens its snapshot. If the snapshot holds an open promise, it shows nothing at or after that time; if it does not,
every writer it cannot see will take its stamp later than the reader's time. Stamps are whole seconds and a reader
shows only seconds that are over, so a change is in exactly one of two lists that meet at a responseDate. One process
writes at a time (`Database.alone`).
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from federation.clock import whole_second
from federation.store.models import Stamping

ROW = 1


def open_window(session: Session, now: datetime) -> None:
    """Promise that the stamps of the next transaction will not be before `now`; commit this before `take`."""
    session.execute(update(Stamping).where(Stamping.id == ROW).values(open_since=now))


def take(session: Session, now: datetime) -> datetime:
    """Give the stamp for this transaction, a whole second, and end the promise in the same transaction.

    `now` must have been read after `open_window` was committed. A clock that went back does not take stamps back.
    """
    last = session.execute(select(Stamping.last_stamp).where(Stamping.id == ROW)).scalar_one()
    stamp = max(whole_second(now), last) if last else whole_second(now)
    session.execute(update(Stamping).where(Stamping.id == ROW).values(open_since=None, last_stamp=stamp))
    return stamp


def forget(session: Session) -> None:
    """End the promise of a writer that died; only under `Database.alone`, when nobody can be writing."""
    session.execute(
        update(Stamping).where(Stamping.id == ROW, Stamping.open_since.is_not(None)).values(open_since=None)
    )


def horizon(session: Session, now: datetime) -> datetime:
    """Give the time up to which (not including) this snapshot is complete; `now` was read before the snapshot began."""
    since = session.execute(select(Stamping.open_since).where(Stamping.id == ROW)).scalar_one()
    return whole_second(min(now, since) if since else now)


def seconds_until_shown(session: Session, now: datetime) -> float:
    """Give how long it takes until the last stamp is shown by the doors (never more than a clock's step and a
    second).
    """
    last = session.execute(select(Stamping.last_stamp).where(Stamping.id == ROW)).scalar_one()
    return max(0.0, (last + timedelta(seconds=1) - now).total_seconds()) if last else 0.0
