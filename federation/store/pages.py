"""Answers of sources as they came: kept compressed for some days, so that they can be read again without the network.

In: a session and bytes. Out: the answers of a run in their order. They are plain zstandard frames (RFC 8878): what
`zstd -d` unfolds is the very answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import zstandard
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from federation.errors import Inconsistent, NotFound
from federation.store.models import Raw, ReceivedPage, Run, Source

_LEVEL: Final = 3
#: no database has a row of this number
_NO_ID: Final = 1 << 31


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer: its number in the run, its bytes, and why it was no sound page."""

    number: int
    answer: bytes
    fault: str


def keep(session: Session, run_id: int, answer: bytes, fault: str, now: datetime) -> None:
    """Keep one more answer of a run."""
    number = select(func.coalesce(func.max(ReceivedPage.number), 0) + 1).where(ReceivedPage.run_id == run_id)
    content = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(answer)
    values = {"run_id": run_id, "content": content, "fault": fault, "received_at": now}
    session.execute(insert(ReceivedPage).values(**values, number=number.scalar_subquery()))


def source_of(session: Session, run_id: int) -> str:
    """Give the code of the source of a run; raises `NotFound` when there is no such run."""
    query = select(Source.code).join(Run, Run.source_id == Source.id).where(Run.id == run_id)
    code = session.scalar(query) if abs(run_id) < _NO_ID else None
    if code is None:
        raise NotFound("run-unknown", "is no run; `lienthong harvest history` lists them", str(run_id))
    return code


def numbers(session: Session, run_id: int) -> list[int]:
    """Give the numbers of the answers of a run, in order."""
    rows = select(ReceivedPage.number).where(ReceivedPage.run_id == run_id).order_by(ReceivedPage.number)
    return list(session.scalars(rows))


def one(session: Session, run_id: int, number: int) -> Kept | None:
    """Give one answer of a run; None when it is no longer there. Raises `Inconsistent` when it is damaged."""
    row = session.execute(
        select(ReceivedPage.content, ReceivedPage.fault).where(
            ReceivedPage.run_id == run_id, ReceivedPage.number == number
        )
    ).first()
    if row is None:
        return None
    try:
        return Kept(number, zstandard.ZstdDecompressor().decompress(row.content), row.fault)
    except zstandard.ZstdError as error:
        message = f"the kept page is damaged ({error}); harvest again"
        raise Inconsistent("page-damaged", message, f"run {run_id} page {number}") from error


def drop(session: Session, source_id: int, before: datetime) -> None:
    """Remove the answers of a source that came before a time."""
    runs = select(Run.id).where(Run.source_id == source_id)
    session.execute(delete(ReceivedPage).where(ReceivedPage.run_id.in_(runs), ReceivedPage.received_at < before))


def changed_since(session: Session, source_id: int, local_ids: Sequence[str], run_id: int) -> set[str]:
    """Give those of some records that a later run than `run_id` has changed; what a replay of it, or of an earlier one,
    wrote is no later.
    """
    changed = (
        select(Raw.local_id, Run.replays)
        .join(Run, Run.id == Raw.last_run_id)
        .where(Raw.source_id == source_id, Raw.local_id.in_(local_ids), Raw.last_run_id > run_id)
    )
    return {name for name, replays in session.execute(changed) if replays is None or replays > run_id}
