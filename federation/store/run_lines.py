"""The log of each run, line by line, as an operator reads it afterwards.

In: a session, the id of a run and its lines. Out: the lines in the order in which they were written. Whoever gathers
them sees to it that they are few and hold nothing secret (`pipeline.runs.run_log`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from federation.store.models import RunLine


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, how grave (INFO, WARNING …), and what."""

    at: datetime
    level: str
    message: str


def add(session: Session, run_id: int, lines: Sequence[Line]) -> None:
    """Add lines to the log of a run."""
    rows = [{"run_id": run_id, "at": line.at, "level": line.level, "message": line.message} for line in lines]
    if rows:
        session.execute(insert(RunLine), rows)


def of_run(session: Session, run_id: int) -> list[Line]:
    """Give the log of a run from its beginning."""
    rows = session.execute(
        select(RunLine.at, RunLine.level, RunLine.message).where(RunLine.run_id == run_id).order_by(RunLine.id)
    )
    return [Line(*row) for row in rows]
