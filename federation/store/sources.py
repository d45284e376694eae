"""Sources and their runs: where a member's records come from, and how each harvest went.

In: a session and values. Out: frozen rows. A run that never ended because its process died is marked `interrupted` by
the next one, which may go on where the last kept page says (`resume`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from federation.errors import NotFound
from federation.store import targets
from federation.store.models import Member, Run, Source


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source with the code of its member."""

    id: int
    code: str
    member: str
    member_id: int
    kind: str
    url: str
    prefix: str
    set_spec: str
    schedule: str
    options: Mapping[str, str]
    paused: bool
    next_from: datetime | None
    failures: int = 0
    rest_until: datetime | None = None
    remembered: str = ""
    swept_at: datetime | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewSource:
    """What it takes to make a source."""

    code: str
    kind: str
    url: str
    prefix: str = ""
    set_spec: str = ""
    schedule: str = ""
    options: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as history shows it."""

    id: int
    source: str
    started_at: datetime
    ended_at: datetime | None
    status: str
    message: str
    counts: Mapping[str, int]
    kind: str = "harvest"
    trigger: str = "operator"


COUNTS = ("seen", "added", "changed", "unchanged", "deleted", "rejected", "repaired", "pages", "bytes")


def add(session: Session, member_id: int, source: NewSource, now: datetime) -> int:
    """Make a source; raises `UsageError` when the code is taken, by a target too."""
    targets.check_free(session, source.code)
    values = {name: getattr(source, name) for name in ("code", "kind", "url", "prefix", "set_spec", "schedule")}
    row = insert(Source).values(
        **values, options=dict(source.options), member_id=member_id, created_at=now, paused=False
    )
    return int(session.scalar(row.returning(Source.id)) or 0)


def every(session: Session) -> list[SourceRow]:
    """List all sources by code."""
    rows = session.execute(select(Source, Member.code).join(Member).order_by(Source.code))
    return [_row(source, member) for source, member in rows]


def one(session: Session, code: str) -> SourceRow:
    """Give the source with this code; raises `NotFound` naming those there are."""
    row = session.execute(select(Source, Member.code).join(Member).where(Source.code == code)).first()
    if row is None:
        known = ", ".join(session.scalars(select(Source.code).order_by(Source.code))) or "none yet"
        raise NotFound("source-unknown", f"is no source; sources are: {known}", code)
    return _row(row[0], row[1])


def _row(source: Source, member: str) -> SourceRow:
    return SourceRow(
        id=source.id,
        code=source.code,
        member=member,
        member_id=source.member_id,
        kind=source.kind,
        url=source.url,
        prefix=source.prefix,
        set_spec=source.set_spec,
        schedule=source.schedule,
        options=dict(source.options),
        paused=source.paused,
        next_from=source.next_from,
        failures=source.failures,
        rest_until=source.rest_until,
        remembered=source.remembered,
        swept_at=source.swept_at,
        created_at=source.created_at,
    )


def change(session: Session, source_id: int, **values: Any) -> None:
    """Change columns of a source (url, options, paused, next_from …)."""
    session.execute(update(Source).where(Source.id == source_id).values(**values))


def failures(session: Session, source_id: int) -> int:
    """Count the failed runs of a source since the last good one."""
    return session.scalar(select(Source.failures).where(Source.id == source_id)) or 0


def begin_run(
    session: Session,
    source_id: int,
    window: tuple[datetime | None, datetime | None],
    now: datetime,
    kind: str = "harvest",
    replays: int | None = None,
) -> int:
    """Open a run, or a replay of another one; runs of this source that never ended become `interrupted`."""
    unfinished = (Run.source_id == source_id, Run.status == "running")
    died = {"status": "interrupted", "message": "its process ended before the run did"}
    session.execute(update(Run).where(*unfinished).values(**died, ended_at=now))
    row = insert(Run).values(
        source_id=source_id, started_at=now, status="running", window_from=window[0], window_until=window[1],
        replays=replays, kind=kind,
    )  # fmt: skip
    return int(session.scalar(row.returning(Run.id)) or 0)


def record_page(session: Session, run_id: int, counts: Mapping[str, int], resume: str) -> None:
    """Add a page's counts to its run and remember where to go on."""
    columns = {name: getattr(Run, name) + counts.get(name, 0) for name in COUNTS}
    session.execute(update(Run).where(Run.id == run_id).values(**columns, resume=resume))


def end_run(session: Session, run_id: int, status: str, message: str, now: datetime) -> None:
    """Close a run; a successful one has nothing to resume."""
    values: dict[str, Any] = {"status": status, "message": message, "ended_at": now}
    if status == "success":
        values["resume"] = ""
    session.execute(update(Run).where(Run.id == run_id).values(**values))


def set_counts(session: Session, run_id: int, counts: Mapping[str, int]) -> None:
    """Write counts that only the stages after the harvest know (rejected, repaired)."""
    session.execute(update(Run).where(Run.id == run_id).values(**counts))


def last_run(session: Session, source_id: int, kind: str = "harvest") -> Run | None:
    """Give the latest run of a source of this kind, whatever became of it."""
    mine = (Run.source_id == source_id, Run.kind == kind)
    return session.scalars(select(Run).where(*mine).order_by(Run.id.desc()).limit(1)).first()


def last_whole(session: Session, source_id: int) -> datetime | None:
    """Give when the latest good harvest of everything began; None when there was none."""
    whole = (Run.source_id == source_id, Run.kind == "harvest", Run.status == "success", Run.window_from.is_(None))
    return session.scalar(select(Run.started_at).where(*whole).order_by(Run.id.desc()).limit(1))


def run(session: Session, run_id: int) -> RunRow:
    """Give one run with its counts."""
    return _history(session, Run.id == run_id, 1)[0]


def exists(session: Session, run_id: int) -> bool:
    """Tell whether there is a run of this number."""
    return abs(run_id) < 1 << 31 and session.get(Run, run_id) is not None


def history(session: Session, code: str | None = None, limit: int = 50) -> list[RunRow]:
    """List runs, the latest first, of one source or of all."""
    return _history(session, Source.code == code if code else Source.id.is_not(None), limit)


def _history(session: Session, condition: Any, limit: int) -> list[RunRow]:
    rows = session.execute(select(Run, Source.code).join(Source).where(condition).order_by(Run.id.desc()).limit(limit))
    return [
        RunRow(
            run.id,
            code,
            run.started_at,
            run.ended_at,
            run.status,
            run.message,
            {name: getattr(run, name) for name in COUNTS},
            run.kind,
            run.trigger,
        )
        for run, code in rows
    ]
