"""The sweep: all identifiers of a source are listed to find which of its records are gone, whatever it claims of
deletions.

In: a source that can list its identifiers. Out: a run of the kind `sweep`, with what it concluded. A list that was not
seen whole concludes nothing. Due sweeps follow a harvest of the same source.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from federation import clock
from federation.errors import UsageError
from federation.pipeline.runs import losses, manners, vanished
from federation.pipeline.runs.closing import told_when_stopped
from federation.pipeline.runs.holding import Hold, held, of_source
from federation.pipeline.runs.keeping import printable
from federation.pipeline.runs.naming import Naming
from federation.pipeline.runs.vanished import SWEEP_DAYS, Look
from federation.pipeline.workplace import Workplace
from federation.store import absences, raws, sources
from federation.store.raws import Received, Visit
from federation.store.sources import SourceRow
from harvesters import open_sweep
from harvesters.base import Ending, Page, Window
from harvesters.errors import HarvestError
from harvesters.options import number

log = logging.getLogger(__name__)
#: kinds of source that can list their identifiers
LISTING: Final = ("oaipmh",)
#: what shows what is gone from the others
_INSTEAD: Final = {
    "files": "import a file that is all there is with --complete",
    **dict.fromkeys(("sru", "z3950"), "`lienthong harvest run CODE --full` reads everything and finds what is gone"),
}


@dataclass
class _Listed:
    """What a sweep gathers: hashes of the ids that are there, and how the list ended."""

    naming: Naming
    hold: Hold
    seen: set[int] = field(default_factory=set)
    ending: Ending | None = None


def after_harvest(place: Workplace, source: SourceRow, status: str, hold: Hold) -> int | None:
    """Sweep a source whose harvest has just ended well, when it is due; gives the run, or None.

    The caller has the source (`hold`) and its host for itself.
    """
    if status != "success" or source.kind not in LISTING or not _is_due(place, source.code, clock.now()):
        return None
    return _sweep(place, source, hold)


def _is_due(place: Workplace, code: str, now: datetime) -> bool:
    with place.database.read() as session:
        source = sources.one(session, code)
        last = sources.last_run(session, source.id, "sweep")
        missing = absences.oldest(session, source.id)
    concluded = source.swept_at or source.created_at or now
    habit = losses.Habit(concluded, last.started_at if last else None, missing)
    return losses.is_due(habit, number(SWEEP_DAYS, source.options), now)


def by_hand(place: Workplace, source: SourceRow) -> int:
    """Sweep a source now; raises `UsageError` where it cannot list, `Unavailable` when another process is at it."""
    if source.kind not in LISTING:
        raise UsageError(
            "no-list",
            f"is a source of {source.kind}, which cannot list its identifiers; {_INSTEAD.get(source.kind, '')}",
            source.code,
        )
    if source.paused:
        raise UsageError("source-paused", "is paused; `lienthong sources resume` lets it be swept", source.code)
    with held(place, of_source(source.code)) as hold, manners.turns(place, source, waits=True):
        return _sweep(place, source, hold)


def _sweep(place: Workplace, source: SourceRow, hold: Hold) -> int:
    """List all identifiers of a source, conclude what is gone, and give the run that tells it."""
    begun = clock.now()
    with place.database.write() as session:
        run_id = sources.begin_run(session, source.id, (None, None), begun, "sweep")
    with told_when_stopped(place, source.code, run_id):
        status, message = _listed(place, source, Visit(source.id, run_id, begun), hold)
    with place.database.write() as session:
        sources.end_run(session, run_id, status, printable(message), clock.now())
    return run_id


def _listed(place: Workplace, source: SourceRow, visit: Visit, hold: Hold) -> tuple[str, str]:
    try:
        listed = _Listed(Naming(source.options), hold)
        for page in open_sweep(manners.spec(place, source), place.settings.admin_email).pages(Window()):
            _take(place, visit, page, listed)
    except HarvestError as error:
        log.info("sweep %d of %s stopped: %s", visit.run_id, source.code, error)
        return "failed", f"nothing was concluded: {error}"
    ending = listed.ending or Ending("partial", message="the list ended without saying that it had")
    if ending.status != "success" or not ending.whole:
        return "partial", f"the list was not seen whole, so nothing was concluded: {ending.message}"
    found = vanished.conclude(place, source, visit, Look(listed.seen, ids_only=True), hold)
    if found.unknown:
        # A list that moved while it was read can hide a record for ever from whoever asks for changes alone.
        with place.database.write() as session:
            sources.change(session, source.id, next_from=None)
    unknown = f"{found.unknown} records are listed that never came; the next harvest reads everything"
    notes = (found.note, unknown if found.unknown else "", ending.message)
    return "partial" if found.held else "success", "; ".join(filter(None, notes))


def _take(place: Workplace, visit: Visit, page: Page, listed: _Listed) -> None:
    """Note what is there; what the list says is deleted, the source itself has withdrawn."""
    headers = list(listed.naming.named(page.records))
    listed.seen.update(hash(header.local_id) for header in headers if not header.deleted)
    gone = {header.local_id for header in headers if header.deleted}
    counts = {"seen": len(headers), "pages": 1, "bytes": page.bytes}
    with place.database.write() as session:
        listed.hold.keep(session)
        tombstones = [Received(local_id, b"", "unknown", deleted=True) for local_id in sorted(gone)]
        deleted = raws.keep(session, visit, tombstones)["deleted"] if tombstones else 0
        absences.came(session, visit.source_id, sorted(gone))
        sources.record_page(session, visit.run_id, counts | {"deleted": deleted}, "")
    listed.ending = page.ending or listed.ending
