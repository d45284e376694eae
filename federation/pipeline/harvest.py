"""Source to raw record: fetch page by page and keep each page in one transaction with how far the run came.

In: a source and an `Order`. Out: a `Report`; what came before an error stays. A run that was interrupted goes on
after its last kept page. What vanished is concluded only from a run that saw everything (`vanished`), and a sweep
follows when it is due.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from federation import clock
from federation.errors import FederationError, UsageError
from federation.pipeline import losses, sweep, vanished
from federation.pipeline.naming import Naming
from federation.pipeline.stage import Workplace
from federation.pipeline.thinkers import WORTH_PROCESSES, get_ready
from federation.pipeline.vanished import Look
from federation.store import absences, raws, sources
from federation.store.raws import Received, Visit
from federation.store.sources import SourceRow
from harvesters import open_source
from harvesters.base import Ending, Harvested, Page, SourceSpec, Window
from harvesters.errors import HarvestError
from harvesters.options import Option

log = logging.getLogger(__name__)
#: a run is gone on with only in the window it was begun in, and only while a token may still be good
RESUMABLE: Final = ("interrupted", "running", "failed", "partial")
#: what this room reads of a source's options, whatever its kind
HOLDINGS: Final = Option("holdings", "", "where the records keep holdings, such as 952,location=c,barcode=p")
COMPLETE: Final = Option("complete", "false", "what a whole run does not bring is withdrawn without a second look")
OPTIONS: Final = (HOLDINGS, COMPLETE, *vanished.OPTIONS)


@dataclass(frozen=True, slots=True)
class Order:
    """What to fetch: everything (`full`), changes since a time, or what the last run left to fetch.

    `url` and `options` stand in for the source's own in this run: files handed over by the operator.
    """

    full: bool = False
    from_: datetime | None = None
    url: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    on_page: Callable[[int, int | None], None] = field(default=lambda _seen, _expected: None)


@dataclass(frozen=True, slots=True)
class Report:
    """How a run went: its row in the history, with the counts."""

    run: int
    status: str
    message: str
    counts: dict[str, int]
    seconds: float


@dataclass
class _Course:
    """What a run gathers on its way; `seen`, kept where a sweep may follow, are hashes of local ids."""

    visit: Visit
    sweeps: bool
    seen: set[int] = field(default_factory=set)
    records: int = 0
    changed: int = 0
    strangers: int = 0
    awaits: bool = False
    naming: Naming = field(default_factory=lambda: Naming({}))
    ending: Ending | None = None


def harvest(place: Workplace, code: str, order: Order | None = None) -> Report:
    """Fetch from one source; raises `UsageError` for a paused one and `Unavailable` when another process is at it."""
    order = order or Order()
    with place.database.read() as session:
        source = sources.one(session, code)
    if order.url:
        source = replace(source, url=order.url, options={**source.options, **order.options})
    if source.paused:
        raise UsageError("source-paused", "is paused; `lienthong sources resume` lets it be harvested", code)
    with place.database.alone(patience=0, source_id=source.id):
        report = _run(place, source, order)
        sweep.after_harvest(place, source, spec(source), report.status)
        return report


def _run(place: Workplace, source: SourceRow, order: Order) -> Report:
    begun = clock.now()
    window = Window(from_=None if order.full else order.from_ or source.next_from)
    with place.database.write() as session:
        last = sources.last_run(session, source.id)
        resume = _resume(last, window, order)
        run_id = sources.begin_run(session, source.id, (window.from_, window.until), begun)
    course = _Course(
        Visit(source.id, run_id, begun), sweeps=bool(last and not resume) and vanished.looks(source, window)
    )
    try:
        status, message = _fetch(place, source, window, resume, course, order)
    except BaseException:
        # Stopped by hand or by a fault of ours: what was kept stays, and the next run goes on from there.
        with suppress(FederationError), place.database.write() as session:
            sources.end_run(session, run_id, "interrupted", "stopped before its end", clock.now())
        raise
    with place.database.write() as session:
        sources.end_run(session, run_id, status, _printable(message), clock.now())
        # Records that are held are no reason to fetch everything again.
        fetched = course.ending is not None and course.ending.status == "success"
        if fetched and course.ending and course.ending.next_from and _covers(window, source):
            sources.change(session, source.id, next_from=course.ending.next_from)
    return report(place, run_id)


def _covers(window: Window, source: SourceRow) -> bool:
    """Whether the next harvest may start behind this window: not when one began it later than where we stood."""
    return window.from_ is None or (source.next_from is not None and window.from_ <= source.next_from)


def _printable(text: str) -> str:
    """Give the text without what no database takes: NUL, and the surrogates that stand for bytes of file names."""
    return text.replace("\0", "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _resume(last: Any, window: Window, order: Order) -> str:
    if last is None or order.full or order.url or last.status not in RESUMABLE or last.window_from != window.from_:
        return ""
    return str(last.resume)


def _fetch(
    place: Workplace, source: SourceRow, window: Window, resume: str, course: _Course, order: Order
) -> tuple[str, str]:
    try:
        harvester = open_source(spec(source), place.settings.admin_email)
        course.naming = Naming(source.options)
        course.awaits = vanished.awaits(place, source)
        for page in harvester.pages(window, resume):
            _keep(place, course, page)
            order.on_page(course.records, page.expected)
    except HarvestError as error:
        log.info("run %d of %s stopped: %s", course.visit.run_id, source.code, error)
        return ("partial" if course.records else "failed"), str(error)
    ending = course.ending or Ending("partial", message="the source ended without saying that it had")
    notes = [vanished.strangers(course.strangers), ending.message]
    if ending.status == "success" and ending.whole and course.sweeps:
        found = vanished.conclude(place, source, course.visit, Look(course.seen, vanished.has_consent(source)))
        return "partial" if found.held else "success", "; ".join(filter(None, (found.note, *notes)))
    return ending.status, "; ".join(filter(None, notes))


def spec(source: SourceRow) -> SourceSpec:
    """Give what a harvester has to know of a source."""
    return SourceSpec(source.code, source.kind, source.url, source.prefix, source.set_spec, source.options)


def _keep(place: Workplace, course: _Course, page: Page) -> None:
    received = _distinct(course.naming.named(page.records))
    with place.database.write() as session:
        counts = raws.keep(session, course.visit, received, losses.alike)
        if course.awaits:
            absences.came(session, course.visit.source_id, [record.local_id for record in received])
        counts["unchanged"] += len(page.records) - len(received)
        counts |= {"seen": len(page.records), "pages": 1, "bytes": page.bytes}
        sources.record_page(session, course.visit.run_id, counts, page.resume)
    if course.sweeps:
        course.seen.update(hash(record.local_id) for record in received if not record.deleted)
    course.records += len(page.records)
    course.strangers += counts["strangers"]
    changed = course.changed + counts["added"] + counts["changed"]
    if course.changed < WORTH_PROCESSES <= changed:
        get_ready()  # the stages will want other processes: let them load while we fetch
    course.changed = changed
    course.ending = page.ending or course.ending


def _distinct(records: Iterable[Harvested]) -> list[Received]:
    """Give one record per local id, the last one where a source says an id twice on a page."""
    found = {
        record.local_id: Received(
            record.local_id,
            record.content,
            record.syntax,
            _printable(record.where),
            record.datestamp,
            record.deleted,
            " ".join(record.findings),
        )
        for record in records
    }
    return list(found.values())


def settle(place: Workplace, run_id: int) -> Report:
    """Add to a run what the stages found out about its records, once they have run."""
    with place.database.write() as session:
        sources.set_counts(session, run_id, raws.outcome(session, run_id))
    return report(place, run_id)


def report(place: Workplace, run_id: int) -> Report:
    """Give how a run went."""
    with place.database.read() as session:
        row = sources.run(session, run_id)
    seconds = ((row.ended_at or clock.now()) - row.started_at).total_seconds()
    return Report(row.id, row.status, row.message, dict(row.counts), seconds)
