"""Source to raw record: a run from its beginning to its end, and the sweep that follows when it is due.

In: a source and an `Order`. Out: a `Report`; what came before an error stays. How a run begins stands in `opening`,
what becomes of its pages in `keeping`, what is concluded from them in `closing`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Final

from federation import clock
from federation.errors import UsageError
from federation.pipeline.runs import closing, keeping, manners, notice_rules, replay, run_log, sweep, vanished, whole
from federation.pipeline.runs.holding import Hold, held, of_source
from federation.pipeline.runs.keeping import Gathered
from federation.pipeline.runs.opening import Run, begin
from federation.pipeline.runs.order import Order, Report
from federation.pipeline.stages import encoding, own
from federation.pipeline.workplace import Workplace
from federation.store import raws, sources
from federation.store.sources import SourceRow
from harvesters import open_source
from harvesters.base import Ending, Page
from harvesters.errors import HarvestError
from harvesters.hours import HOURS
from harvesters.options import Option

__all__ = ["HOLDINGS", "OPTIONS", "Order", "Report", "harvest", "report", "settle"]

#: what this room reads of a source's options, whatever its kind
HOLDINGS: Final = Option("holdings", "", "where the records keep holdings, such as 952,location=c,barcode=p")
OPTIONS: Final = (
    *(HOLDINGS, encoding.ENCODING, vanished.COMPLETE, HOURS, whole.FULL_DAYS, own.COPIES, replay.KEEP_PAGES),
    *(*vanished.OPTIONS, *notice_rules.OPTIONS),
)


def harvest(place: Workplace, code: str, order: Order | None = None) -> Report:
    """Fetch from one source; raises `UsageError` for a paused one and `Unavailable` when another process is at it."""
    order = order or Order()
    source = _chosen(place, code, order)
    with _alone(place, source, order) as hold, run_log.gathered(place.database):
        run = begin(place, source, order)
        with closing.told_when_stopped(place, code, run.id):
            ending, found = _fetched(place, run, hold)
        closing.end(place, run, hold, ending, found)
        told = report(place, run.id)
        swept = None if order.replay else sweep.after_harvest(place, source, told.status, hold)
    return replace(told, sweep=report(place, swept) if swept else None)


def _chosen(place: Workplace, code: str, order: Order) -> SourceRow:
    with place.database.read() as session:
        source = sources.one(session, code)
    if source.paused and not order.replay:
        raise UsageError("source-paused", "is paused; `lienthong sources resume` lets it be harvested", code)
    return replace(source, url=order.url, options={**source.options, **order.options}) if order.url else source


@contextmanager
def _alone(place: Workplace, source: SourceRow, order: Order) -> Iterator[Hold]:
    """Have a source and its host for ourselves; a replay asks no host."""
    turns = nullcontext() if order.replay else manners.turns(place, source, waits=not order.queued)
    with held(place, of_source(source.code)) as hold, turns:
        yield hold


def _fetched(place: Workplace, run: Run, hold: Hold) -> tuple[Ending | None, tuple[str, str]]:
    """Keep the pages of a source, and say how it ended and what is concluded from it."""
    gathered: Gathered | None = None
    try:
        gathered = keeping.gathering(place, run, hold)
        for page in _pages(place, run):
            gathered.keep(page)
            run.order.on_page(gathered.records, page.expected)
            run_log.written()
    except HarvestError as error:
        if gathered is None:
            return None, ("failed", str(error))
        return gathered.ending, ("partial" if gathered.records else "failed", str(error))
    return gathered.ending, closing.conclude(gathered)


def _pages(place: Workplace, run: Run) -> Iterator[Page]:
    """Fetch the pages of a source, or those kept of an earlier run."""
    asked = replace(manners.spec(place, run.source), remembered=run.source.remembered)
    if run.order.replay:
        return replay.Replay(place.database, asked, run.order.replay).pages(run.window)
    fetched = open_source(asked, place.settings.admin_email).pages(run.window, run.resume)
    return manners.in_hours(run.source, run.order.trigger, fetched, run.resume)


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
