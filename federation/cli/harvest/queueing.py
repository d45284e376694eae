"""Commands about the queue: runs that the scheduler is to do, and how to stop them.

In: a source, or a number of the queue. Out: rows of the queue, or what was done.
"""

from datetime import datetime
from typing import Final

import click

from federation import clock
from federation.cli import context
from federation.cli.context import say, say_json, table
from federation.errors import NotFound, UsageError
from federation.jobs.scheduler import is_there
from federation.pipeline.runs.holding import TERM, free, of_source
from federation.pipeline.workplace import Workplace
from federation.store import Session, leases, sources
from federation.store import queue as store
from federation.store.queue import QueuedRow

_NOBODY: Final = "; no scheduler is running, `lienthong serve` starts one"


def ask(code: str, full: bool) -> None:
    """Have the scheduler harvest a source as soon as it can."""
    with context.workplace() as place, place.database.write() as session:
        source = sources.one(session, code)
        if source.paused:
            raise UsageError("source-paused", "is paused; `lienthong sources resume` lets it be harvested", code)
        now = clock.now()
        number = store.ask(session, source.id, "full" if full else "harvest", "operator", now)
        there = is_there(session, now)
    say(f"{code}: queued as {number}{'' if there else _NOBODY}")


@click.command("queue")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def list_queue(as_json: bool) -> None:
    """List the runs that wait or are under way."""
    with context.workplace() as place, place.database.read() as session:
        asked, there = store.unended(session), is_there(session, clock.now())
    rows = [_shown(row, clock.now()) for row in asked]
    if as_json:
        say_json({"scheduler": there, "queue": rows})
        return
    table(rows, "id", "source", "kind", "trigger", "asked", "state", "run")
    if not there:
        say(_NOBODY.removeprefix("; "))


def _shown(row: QueuedRow, now: datetime) -> dict[str, object]:
    state = f"waits until {row.not_before:%Y-%m-%d %H:%M:%S}Z" if row.not_before > now else "waits"
    if row.started_at:
        state = f"since {row.started_at:%Y-%m-%d %H:%M:%S}Z"
    return {
        "id": row.id,
        "source": row.source,
        "kind": row.kind,
        "trigger": row.trigger,
        "asked": f"{row.asked_at:%Y-%m-%d %H:%M:%S}Z",
        "state": state,
        "run": row.run_id or "",
    }


@click.command()
@click.argument("what", metavar="ID|CODE")
def cancel(what: str) -> None:
    """Take a run from the queue, or stop one that is under way after its page.

    ID is a number of the queue; CODE a source, whose runs are all cancelled, also one by hand. What was kept stays, and
    the next run goes on from there.
    """
    with context.workplace() as place:
        done = _cancelled(place, what)
    for line in done:
        say(line)


def _cancelled(place: Workplace, what: str) -> list[str]:
    with place.database.write() as session:
        asked = store.unended(session)
        by_number = [row for row in asked if what.isascii() and what.isdigit() and row.id == int(what)]
        chosen = by_number or [row for row in asked if row.source == what]
        for row in chosen:
            store.cancel(session, row.id, clock.now())
        waited = [f"{row.source}: {row.id} is taken from the queue" for row in chosen if not row.started_at]
        codes = [row.source for row in chosen if row.started_at] if by_number else [what]
        stopped = [told for code in codes if (told := _stopped(session, code))]
        if not waited and not stopped:
            late = any(row.started_at for row in chosen)
            told = "all is fetched already and being brought into the catalogue" if late else _nothing(asked)
            raise NotFound("too-late" if late else "nothing-queued", told, what)
    return waited + stopped


def _stopped(session: Session, code: str) -> str:
    """Take the lease of a source from whoever harvests it."""
    lease = leases.one(session, of_source(code))
    if lease is None or free(lease, clock.now()) or not leases.cancel(session, lease, clock.now() + TERM):
        return ""
    return f"{code}: stops after its page"


def _nothing(asked: list[QueuedRow]) -> str:
    known = ", ".join(f"{row.id} ({row.source})" for row in asked)
    return f"no run of this number or source is waiting or under way; there is: {known or 'nothing'}"
