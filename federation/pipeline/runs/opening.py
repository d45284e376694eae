"""How a run begins: from where it fetches, what it is the continuation of, and its row in the history.

In: a source and an `Order`. Out: a `Run`, which says what the whole run goes by. A run that was interrupted is gone on
with only in the window it was begun in, and only while a token may still be good.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from federation import clock
from federation.pipeline.runs import manners, replay, run_log, vanished, whole
from federation.pipeline.runs.order import Order
from federation.pipeline.workplace import Workplace
from federation.store import Session, queue, sources
from federation.store.raws import Visit
from federation.store.sources import SourceRow
from harvesters.base import Window

log = logging.getLogger(__name__)
#: ends of a run after which the next one may go on where it stopped
RESUMABLE: Final = ("interrupted", "running", "failed", "partial")


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has begun: the source as it is asked, the window, and where it goes on (`resume`).

    `looks`: what it brings may be a whole look at the source; `keeps`: answers are kept for a replay.
    """

    source: SourceRow
    order: Order
    visit: Visit
    window: Window
    resume: str
    looks: bool
    keeps: bool

    @property
    def id(self) -> int:
        """Its number in the history."""
        return self.visit.run_id


def begin(place: Workplace, source: SourceRow, order: Order) -> Run:
    """Begin a run and write it into the history."""
    now = clock.now()
    with place.database.write() as session:
        window = _window(session, source, order, now)
        last = sources.last_run(session, source.id)
        resume = _resume(last, window, order)
        source = manners.recall(session, source, last, forget=order.full or bool(order.url))
        run_id = _enter(session, source, order, window, now)
        sources.record_page(session, run_id, {}, resume)  # a run that brings no page forgets nothing
        keeps = not order.replay and replay.make_room(session, source, now)
    run_log.belongs_to(run_id)
    log.info("run %d of %s begins: %s", run_id, source.code, _asked(window, resume))
    looks = bool(last and not resume and not order.replay) and vanished.looks(source, window)
    visit = Visit(source.id, run_id, now, replays=order.replay)
    return Run(source, order, visit, window, resume, looks, keeps)


def _window(session: Session, source: SourceRow, order: Order, now: datetime) -> Window:
    if order.full or order.replay or (order.from_ is None and whole.is_due(session, source, now)):
        return Window()
    return Window(from_=order.from_ or source.next_from)


def _enter(session: Session, source: SourceRow, order: Order, window: Window, now: datetime) -> int:
    kind, dates = "replay" if order.replay else "harvest", (window.from_, window.until)
    run_id = sources.begin_run(session, source.id, dates, now, kind, replays=order.replay or None)
    queue.begun(session, order.queued, run_id)
    return run_id


def _resume(last: Any, window: Window, order: Order) -> str:
    anew = order.full or order.url or order.replay
    if anew or last is None or last.status not in RESUMABLE or last.window_from != window.from_:
        return ""
    return str(last.resume)


def _asked(window: Window, resume: str) -> str:
    asked = f"changes since {clock.iso(window.from_)}" if window.from_ else "everything"
    return f"{asked}, going on where the last run stopped" if resume else asked
