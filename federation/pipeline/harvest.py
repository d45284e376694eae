"""Source to raw record: fetch page by page and keep each page in one transaction with how far the run came.

In: a source and an `Order`. Out: a `Report`; what came before an error stays. A run that was interrupted goes on
after its last kept page. What vanished is concluded only from a run that saw everything (`vanished`), and a sweep
follows when it is due.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from federation import clock
from federation.errors import FederationError, UsageError
from federation.pipeline import (
    breaker,
    encoding,
    losses,
    manners,
    notice_rules,
    own,
    replay,
    run_log,
    sweep,
    vanished,
    whole,
)
from federation.pipeline.holding import Hold, held, of_source, reason
from federation.pipeline.naming import Naming
from federation.pipeline.stage import Workplace
from federation.pipeline.thinkers import WORTH_PROCESSES, get_ready
from federation.pipeline.vanished import Look
from federation.store import absences, pages, queue, raws, sources
from federation.store.raws import Received, Visit
from federation.store.sources import SourceRow
from harvesters import open_source
from harvesters.base import Ending, Harvested, Page, Window
from harvesters.errors import HarvestError
from harvesters.hours import HOURS
from harvesters.options import Option

log = logging.getLogger(__name__)
#: a run is gone on with only in the window it was begun in, and only while a token may still be good
RESUMABLE: Final = ("interrupted", "running", "failed", "partial")
#: what this room reads of a source's options, whatever its kind
HOLDINGS: Final = Option("holdings", "", "where the records keep holdings, such as 952,location=c,barcode=p")
OPTIONS: Final = (
    *(HOLDINGS, encoding.ENCODING, vanished.COMPLETE, HOURS, whole.FULL_DAYS, own.COPIES, replay.KEEP_PAGES),
    *(*vanished.OPTIONS, *notice_rules.OPTIONS),
)


@dataclass(frozen=True, slots=True)
class Order:
    """What to fetch: everything (`full`), changes since a time, or what the last run left to fetch.

    `url` and `options` stand in for the source's own in this run: files handed over by the operator. `trigger` says who
    started it, `queued` what asked for it in the queue (0: nothing), `replay` is the run whose kept answers are read
    again in place of the source.
    """

    full: bool = False
    from_: datetime | None = None
    url: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    queued: int = 0
    trigger: str = manners.BY_HAND
    replay: int = 0
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
    """What a run gathers on its way; `seen`, kept where it is a whole look (`sweeps`), are hashes of local ids.

    `replays` is the run that is read again (0: none), `keeps` whether answers are kept.
    """

    visit: Visit
    sweeps: bool
    hold: Hold
    replays: int
    keeps: bool
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
    if source.paused and not order.replay:
        raise UsageError("source-paused", "is paused; `lienthong sources resume` lets it be harvested", code)
    with (
        held(place, of_source(code)) as hold,
        place.database.alone(patience=0, source_id=source.id),
        nullcontext() if order.replay else manners.turns(place, source, waits=not order.queued),
        run_log.gathered(place.database),
    ):
        found = _run(place, source, order, hold)
        if not order.replay:
            sweep.after_harvest(place, source, found.status)
        return found


def _run(place: Workplace, source: SourceRow, order: Order, hold: Hold) -> Report:
    begun = clock.now()
    with place.database.write() as session:
        everything = order.full or order.replay or (order.from_ is None and whole.is_due(session, source, begun))
        window = Window(from_=None if everything else order.from_ or source.next_from)
        last = sources.last_run(session, source.id)
        resume = _resume(last, window, order)
        source = manners.recall(session, source, last, forget=order.full or bool(order.url))
        kind = "replay" if order.replay else "harvest"
        run_id = sources.begin_run(
            session, source.id, (window.from_, window.until), begun, kind, replays=order.replay or None
        )
        queue.begun(session, order.queued, run_id)
        sources.record_page(session, run_id, {}, resume)  # a run that brings no page forgets nothing
        keeps = not order.replay and replay.make_room(session, source, begun)
    run_log.belongs_to(run_id)
    log.info("run %d of %s begins: %s", run_id, source.code, _asked(window, resume))
    is_look = bool(last and not resume and not order.replay) and vanished.looks(source, window)
    visit = Visit(source.id, run_id, begun)
    course = _Course(visit, sweeps=is_look, hold=hold, replays=order.replay, keeps=keeps)
    try:
        status, message = _fetch(place, source, window, resume, course, order)
    except BaseException as error:
        log.info("run %d of %s was interrupted: %r", run_id, source.code, error)
        # Stopped by hand or by a fault of ours: what was kept stays, and the next run goes on from there.
        with suppress(FederationError), place.database.write() as session:
            sources.end_run(session, run_id, "interrupted", reason(error), clock.now())
        raise
    log.info("run %d of %s ends: %s%s", run_id, source.code, status, f", {message}" if message else "")
    with place.database.write() as session:
        status, message = hold.ending(session, status, message)
        sources.end_run(session, run_id, status, _printable(message), clock.now())
        if not order.replay:
            breaker.note(session, source.id, status, clock.now())
            manners.close(session, source, status, course.ending)
        # Records that are held are no reason to fetch everything again.
        fetched = course.ending is not None and course.ending.status == "success"
        if fetched and course.ending and course.ending.next_from and _covers(window, source):
            sources.change(session, source.id, next_from=course.ending.next_from)
    return report(place, run_id)


def _asked(window: Window, resume: str) -> str:
    asked = f"changes since {clock.iso(window.from_)}" if window.from_ else "everything"
    return f"{asked}, going on where the last run stopped" if resume else asked


def _covers(window: Window, source: SourceRow) -> bool:
    """Whether the next harvest may start behind this window: not when one began it later than where we stood."""
    return window.from_ is None or (source.next_from is not None and window.from_ <= source.next_from)


def _printable(text: str) -> str:
    """Give the text without what no database takes: NUL, and the surrogates that stand for bytes of file names."""
    return text.replace("\0", "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _resume(last: Any, window: Window, order: Order) -> str:
    if (
        last is None
        or order.full
        or order.url
        or order.replay
        or last.status not in RESUMABLE
        or last.window_from != window.from_
    ):
        return ""
    return str(last.resume)


def _fetch(
    place: Workplace, source: SourceRow, window: Window, resume: str, course: _Course, order: Order
) -> tuple[str, str]:
    try:
        asked = replace(manners.spec(place, source), remembered=source.remembered)
        if order.replay:
            fetched = replay.Replay(place.database, asked, order.replay).pages(window)
        else:
            fetched = open_source(asked, place.settings.admin_email).pages(window, resume)
            fetched = manners.in_hours(source, order.trigger, fetched, resume)
        course.naming = Naming(source.options)
        course.awaits = vanished.awaits(place, source)
        for page in fetched:
            _keep(place, course, page)
            order.on_page(course.records, page.expected)
            run_log.written()
    except HarvestError as error:
        return ("partial" if course.records else "failed"), str(error)
    ending = course.ending or Ending("partial", message="the source ended without saying that it had")
    notes = [vanished.strangers(course.strangers), ending.message]
    if ending.status == "success" and ending.whole and course.sweeps:
        found = vanished.conclude(place, source, course.visit, Look(course.seen, vanished.has_consent(source)))
        return "partial" if found.held else "success", "; ".join(filter(None, (found.note, *notes)))
    return ending.status, "; ".join(filter(None, notes))


def _keep(place: Workplace, course: _Course, page: Page) -> None:
    received = _distinct(course.naming.named(own.marked(page.records, place.settings)))
    with place.database.write() as session:
        course.hold.keep(session)
        if course.replays:
            received = replay.not_newer(session, course.visit, course.replays, received)
        if course.keeps and page.answer:
            pages.keep(session, course.visit.run_id, page.answer, page.fault, clock.now())
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
