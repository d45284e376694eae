"""The scheduler: every few seconds it looks at the schedules and the queue, and lets runs begin.

In: a `Workplace` and how many runs may be under way at once. Out: entries of the queue, and runs. The rows are the
truth: a schedule that was changed, paused or added is noticed at the next look, and what a killed scheduler left is
taken up again. Two schedulers on one database share the work; each step is taken by one of them only.

The times are calculated by APScheduler, its own loop is not used: it sleeps until a time of day, so that a clock set
back an hour would stop it for an hour, and what it remembers is not what another process has written since.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from federation import clock
from federation.errors import FederationError, Stopped, Unavailable
from federation.jobs import nightly, runs
from federation.jobs.agenda import Agenda, Due
from federation.pipeline.runs import notices
from federation.pipeline.runs.beginning import may_begin
from federation.pipeline.runs.holding import free, halting, held, holder, of_source, seize
from federation.pipeline.workplace import Workplace
from federation.store import Session, leases, queue, schedules, sources
from federation.store.leases import LeaseRow
from federation.store.queue import QueuedRow
from federation.store.schedules import ScheduledRow

#: seconds between two looks; as long as a change of a row may take to be noticed
TICK: Final = 2.0
#: seconds between two looks for what the operator has to be told
REMIND: Final = 900.0
#: seconds between two looks for whether it is time to make the open data
DUMP: Final = 60.0
#: and after it could not be made: a full disk is not emptied in a minute, and the attempt reads the whole catalogue
DUMP_AGAIN: Final = 3600.0
#: how long a run waits when its source is being harvested by somebody else
_BUSY: Final = timedelta(seconds=30)
log = logging.getLogger(__name__)


def of_queued(queued_id: int) -> str:
    """Give the name of the lease of a run from the queue: its holder sees it to its end."""
    return f"queued:{queued_id}"


def of_scheduler(who: str) -> str:
    """Give the name of the lease by which a scheduler is known to be there."""
    return f"scheduler:{who}"


def is_there(session: Session, now: datetime) -> bool:
    """Tell whether some scheduler is at work on this database."""
    return any(row.name.startswith(of_scheduler("")) and not free(row, now) for row in leases.every(session))


class Scheduler:
    """Looks, and lets runs begin in threads of its own."""

    def __init__(self, place: Workplace, at_once: int) -> None:
        self._place, self._at_once = place, at_once
        self._who = holder()
        self._agenda = Agenda()
        self._active: dict[int, tuple[QueuedRow, threading.Thread]] = {}
        self._taking_up = threading.Thread(target=self._take_up, name="stages", daemon=True)
        self._reminding = threading.Thread(target=self._remind, name="notices", daemon=True)
        self._dumping = threading.Thread(target=self._dump, name="open data", daemon=True)
        self._stopping = threading.Event()
        self._halt = halting(self._stopping.is_set)

    @property
    def under_way(self) -> int:
        """Runs that this scheduler is at."""
        return len(self._active)

    def serve(self, stop: threading.Event) -> None:
        """Look every `TICK` seconds until told to stop."""
        with held(self._place, of_scheduler(self._who), self._introduced()):
            self._taking_up.start()
            self._reminding.start()
            self._dumping.start()
            while not stop.is_set():
                try:
                    self.look()
                except Unavailable as error:  # the database will come back, or be repaired
                    log.warning("%s", error)
                stop.wait(TICK)

    def _introduced(self) -> str:
        with self._place.database.write() as session:
            for gone in leases.every(session):
                if gone.name.startswith(of_scheduler("")) and free(gone, clock.now()):
                    leases.release(session, gone.name, gone.holder)
            seize(session, of_scheduler(self._who), self._who, clock.now())
        return self._who

    def _take_up(self) -> None:
        self._told("what was left", partial(runs.catch_up, self._place, self._halt))

    def _remind(self) -> None:
        while not self._stopping.wait(REMIND):
            notices.remind(self._place, clock.now())

    def _dump(self) -> None:
        pause = DUMP
        while not self._stopping.wait(pause):
            is_done = self._told("the open data", lambda: nightly.dump(self._place, clock.now(), self._halt))
            pause = DUMP if is_done else DUMP_AGAIN

    def look(self) -> None:
        """See to every schedule whose time has come, and let what waits begin where there is room."""
        now = clock.now()
        rows, asked, held_by = self._seen()
        for due in self._agenda.due(rows, now):
            self._ask(due, now)
        for row in asked:
            if row.started_at is None:
                self._consider(row, now, asked, held_by)
            elif row.id not in self._active and _lost(row, held_by, now):
                log.warning(
                    "run %d of the queue (%s) lost the process that did it; it is done again", row.id, row.source
                )
                self._put_back(row, now)

    def _seen(self) -> tuple[Sequence[ScheduledRow], Sequence[QueuedRow], dict[str, LeaseRow]]:
        with self._place.database.read() as session:
            asked = queue.unended(session)
            held_by = {row.name: row for row in leases.every(session)} if asked else {}
            return schedules.every(session), asked, held_by

    def _ask(self, due: Due, now: datetime) -> None:
        with self._place.database.write() as session:
            if schedules.see_to(session, due.row, due.slot) and due.trigger:
                queue.ask(session, due.row.source_id, "harvest", due.trigger, now)

    def _consider(
        self, row: QueuedRow, now: datetime, asked: Sequence[QueuedRow], held_by: dict[str, LeaseRow]
    ) -> None:
        """Let a run begin, unless there is no room, it is to wait, or its source is being harvested."""
        under_way = {other.source_id for other in asked if other.started_at} | {
            other.source_id for other, _ in list(self._active.values())
        }
        lease = held_by.get(of_source(row.source))
        taken = row.source_id in under_way or (lease is not None and not free(lease, now))
        if taken or row.not_before > now or len(self._active) >= self._at_once:
            return
        if row.trigger != "operator" and (until := self._held_back(row, now)):  # who asks for it now, gets it now
            self._put_back(row, until)
            return
        self._begin(row, now)

    def _held_back(self, row: QueuedRow, now: datetime) -> datetime | None:
        with self._place.database.read() as session:
            source = sources.one(session, row.source)
        return may_begin(source, now)

    def _begin(self, row: QueuedRow, now: datetime) -> None:
        who = holder()
        try:
            with self._place.database.write() as session:
                if not queue.start(session, row.id, now):
                    return
                seize(session, of_queued(row.id), who, now)
        except Unavailable as error:
            log.info("run %d of the queue is taken by another scheduler: %s", row.id, error)
            return
        row = replace(row, started_at=now)
        thread = threading.Thread(target=self._work, args=(row, who), name=f"run {row.source}", daemon=True)
        self._active[row.id] = (row, thread)
        thread.start()

    def _work(self, row: QueuedRow, who: str) -> None:
        try:
            with held(self._place, of_queued(row.id), who):
                self._told(row.source, partial(self._run, row))
        finally:
            self._active.pop(row.id, None)

    def _run(self, row: QueuedRow) -> None:
        """Do a run and say in the queue what became of it: ended, or to be gone on with later."""
        later: datetime | None = None
        try:
            report = runs.run(self._place, row, self._halt)
            log.info("%s: run %d is %s: %s", row.source, report.run, report.status, report.message or report.counts)
        except Stopped as error:
            later = None if error.code == "cancelled" else clock.now()
            raise
        except Unavailable as error:
            later = clock.now() + _BUSY if error.code in ("busy", "database-unavailable") else None
            raise
        finally:
            with self._place.database.write() as session:
                if later:
                    queue.put_back(session, row, later)
                else:
                    queue.end(session, row.id, clock.now())

    def _told(self, what: str, work: Callable[[], None]) -> bool:
        """Work in a thread; what goes wrong is told in the log, and stops nothing else. Give whether it was done."""
        try:
            work()
        except Stopped as error:
            log.info("%s", error)
        except (FederationError, OSError) as error:
            log.warning("%s: %s", what, error)
        except Exception:
            log.exception("%s: this is a fault of ours", what)
        else:
            return True
        return False

    def _put_back(self, row: QueuedRow, until: datetime) -> None:
        with self._place.database.write() as session:
            queue.put_back(session, row, until)

    def drain(self, seconds: float) -> bool:
        """Let every run end after its page and wait for that; what does not end in time is left to be taken up again,
        and then the process must end at once (False).
        """
        self._stopping.set()
        end = time.monotonic() + seconds
        threads = [thread for _, thread in list(self._active.values())]
        threads += [thread for thread in (self._taking_up, self._dumping) if thread.is_alive()]
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        for queued_id in list(self._active):
            self._abandon(queued_id)
        return not any(thread.is_alive() for thread in threads)

    def _abandon(self, queued_id: int) -> None:
        """Take a run from a thread that hangs: it loses its right to write, and the run its place in the history."""
        with self._place.database.write() as session:
            row = next((row for row in queue.unended(session) if row.id == queued_id), None)
            if row is None:
                return
            for lease in map(partial(leases.one, session), (of_queued(row.id), of_source(row.source))):
                if lease:
                    leases.release(session, lease.name, lease.holder)
            if row.run_id and sources.run(session, row.run_id).status == "running":
                why = "the scheduler was stopped while an answer was awaited"
                sources.end_run(session, row.run_id, "interrupted", why, clock.now())
            queue.put_back(session, row, clock.now())


def _lost(row: QueuedRow, held_by: dict[str, LeaseRow], now: datetime) -> bool:
    lease = held_by.get(of_queued(row.id))
    return lease is None or free(lease, now)
