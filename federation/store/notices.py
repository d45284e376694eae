"""Notices: what an operator should know, and whether he was told.

In: a session and values. Out: frozen rows. A notice is told over one or more channels (mail, webhook); `told_to` names
those that have it already, and `told_at` is set once all have.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.orm import Session

from federation.store.models import Notice, Source

#: what parts the Vietnamese from the English of a message
_BETWEEN: Final = "\n"


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice with the code of its source; `told_at` is None while a channel still waits for it."""

    id: int
    kind: str
    source: str
    run: int | None
    at: datetime
    vietnamese: str
    english: str
    told_at: datetime | None
    told_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewNotice:
    """What it takes to make a notice; both texts are one line."""

    kind: str
    source_id: int
    run_id: int | None
    vietnamese: str
    english: str


def add(session: Session, notice: NewNotice, now: datetime) -> None:
    """Make a notice."""
    texts = (" ".join(text.replace("\0", "").split()) for text in (notice.vietnamese, notice.english))
    values = {"kind": notice.kind, "source_id": notice.source_id, "run_id": notice.run_id, "at": now}
    session.execute(insert(Notice).values(**values, message=_BETWEEN.join(texts)))


def of_run(session: Session, run_id: int) -> bool:
    """Tell whether anything was noticed of this run."""
    return session.scalar(select(Notice.id).where(Notice.run_id == run_id).limit(1)) is not None


def last(session: Session, source_id: int, kind: str) -> datetime | None:
    """Give the time of the last notice of this kind about a source."""
    return session.scalar(select(func.max(Notice.at)).where(Notice.source_id == source_id, Notice.kind == kind))


def untold(session: Session) -> list[NoticeRow]:
    """List what was not told over every channel, the oldest first."""
    return _rows(session, [Notice.told_at.is_(None)], newest_first=False)


def latest(session: Session, limit: int) -> list[NoticeRow]:
    """List the latest notices, told or not, the newest first."""
    return _rows(session, [], newest_first=True, limit=limit)


def _rows(
    session: Session, conditions: Iterable[ColumnElement[bool]], newest_first: bool, limit: int | None = None
) -> list[NoticeRow]:
    query = select(Notice, Source.code).outerjoin(Source).where(*conditions).limit(limit)
    rows = session.execute(query.order_by(Notice.id.desc() if newest_first else Notice.id))
    return [_row(notice, code) for notice, code in rows]


def _row(notice: Notice, code: str | None) -> NoticeRow:
    vietnamese, _, english = notice.message.partition(_BETWEEN)
    channels = tuple(notice.told_to.split())
    texts = (vietnamese, english or vietnamese)
    return NoticeRow(notice.id, notice.kind, code or "", notice.run_id, notice.at, *texts, notice.told_at, channels)


def told(session: Session, ids: Iterable[int], channel: str, channels: Collection[str], now: datetime) -> None:
    """Note that these were told over a channel; those that all `channels` have are done with."""
    for notice_id in ids:
        stored = session.scalar(select(Notice.told_to).where(Notice.id == notice_id)) or ""
        have = {channel, *stored.split()}
        values = {"told_to": " ".join(sorted(have)), "told_at": now if have >= set(channels) else None}
        session.execute(update(Notice).where(Notice.id == notice_id).values(**values))
