"""How a run ends: what is concluded from what came, and what the next run has to know.

In: what a run gathered, or what stopped it. Out: its status and message in the history; withdrawn records where it was
a whole look; and where the next harvest starts.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from federation import clock
from federation.errors import FederationError
from federation.pipeline.runs import breaker, manners, vanished
from federation.pipeline.runs.holding import Hold, reason
from federation.pipeline.runs.keeping import Gathered, printable
from federation.pipeline.runs.opening import Run
from federation.pipeline.runs.vanished import Look
from federation.pipeline.workplace import Workplace
from federation.store import Session, sources
from harvesters.base import Ending

log = logging.getLogger(__name__)


@contextmanager
def told_when_stopped(place: Workplace, code: str, run_id: int) -> Iterator[None]:
    """Write into the history that a run was interrupted, whatever stops it in this block: what was kept stays."""
    try:
        yield
    except BaseException as error:
        log.info("run %d of %s was interrupted: %r", run_id, code, error)
        with suppress(FederationError), place.database.write() as session:
            sources.end_run(session, run_id, "interrupted", reason(error), clock.now())
        raise


def conclude(gathered: Gathered) -> tuple[str, str]:
    """Say how a run went whose source was read to its end, and withdraw what a whole look shows to be gone."""
    place, run = gathered.place, gathered.run
    ending = gathered.ending or Ending("partial", message="the source ended without saying that it had")
    notes = [vanished.strangers(gathered.strangers), ending.message]
    status: str = ending.status
    if ending.status == "success" and ending.whole and run.looks:
        look = Look(gathered.seen, vanished.has_consent(run.source))
        found = vanished.conclude(place, run.source, run.visit, look, gathered.hold)
        status, notes = "partial" if found.held else "success", [found.note, *notes]
    return status, "; ".join(filter(None, notes))


def end(place: Workplace, run: Run, hold: Hold, ending: Ending | None, found: tuple[str, str]) -> None:
    """Write into the history how a run ended, and leave to the next one what it has to know.

    `found` is status and message of the run, `ending` what the source said.
    """
    status, message = found
    log.info("run %d of %s ends: %s%s", run.id, run.source.code, status, f", {message}" if message else "")
    with place.database.write() as session:
        status, message = hold.ending(session, status, message)
        sources.end_run(session, run.id, status, printable(message), clock.now())
        if not run.order.replay:
            breaker.note(session, run.source.id, status, clock.now())
            manners.close(session, run.source, status, ending)
        # Records that are held are no reason to fetch everything again.
        if ending is not None and ending.status == "success":
            _move_on(session, run, ending)


def _move_on(session: Session, run: Run, ending: Ending) -> None:
    """Let the next harvest start behind this one, unless this one began later than where we stood."""
    began, stood = run.window.from_, run.source.next_from
    if ending.next_from and (began is None or (stood is not None and began <= stood)):
        sources.change(session, run.source.id, next_from=ending.next_from)
