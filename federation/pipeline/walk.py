"""The whole road after the harvest: the stages in their order, and the wait until the doors show the result.

In: a `Workplace` and stage names. Out: rows done per stage. Only one process at a time walks it.
"""

import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Final

from federation import clock
from federation.pipeline.cluster import CLUSTER
from federation.pipeline.merge import MERGE
from federation.pipeline.normalise import NORMALISE
from federation.pipeline.publish import BATCH as ENOUGH
from federation.pipeline.publish import PUBLISH
from federation.pipeline.stage import Progress, Stage, Workplace, recover, run, silent
from federation.pipeline.thinkers import Thinkers
from federation.store import stages, stamps

#: how often the second of two stages looks whether the first has `ENOUGH` for it: as much as publish takes at once
#: once
IDLE_SECONDS: Final = 0.1
STAGES: Final[tuple[Stage[Any, Any], ...]] = (NORMALISE, CLUSTER, MERGE, PUBLISH)


def walk(place: Workplace, names: tuple[str, ...] = (), progress: Progress = silent) -> dict[str, int]:
    """Run the named stages (all when none is named) in order; on return the doors show what was done."""
    chosen = [stage for stage in STAGES if not names or stage.name in names]
    with place.database.alone(), Thinkers() as thinkers:
        recover(place)
        walker = _Walker(place, thinkers, progress)
        for first, second in ((NORMALISE, CLUSTER), (MERGE, PUBLISH)):
            if first in chosen and second in chosen:
                walker.beside(first, second)
            else:
                for stage in (first, second):
                    if stage in chosen:
                        walker.walk(stage, progress)
    _wait_until_shown(place)
    return walker.done


class _Stopped(Exception):
    """The other stage ended badly, or the operator wants to stop."""


@dataclass(frozen=True, slots=True)
class _Walker:
    place: Workplace
    thinkers: Thinkers
    progress: Progress
    done: dict[str, int] = field(default_factory=dict)

    def walk(self, stage: Stage[Any, Any], progress: Progress) -> None:
        """Run one stage and add to what it did."""
        rows = run(self.place, stage, self.thinkers, progress)
        self.done[stage.name] = self.done.get(stage.name, 0) + rows

    def beside(self, first: Stage[Any, Any], second: Stage[Any, Any]) -> None:
        """Run `first` in a thread and `second` after it, piece by piece, whenever there is enough for it.

        One waits for other processes or for the index while the other works. Both read what they settle in the
        transaction that settles it, or settle it only unchanged, so neither can lose the other's marks.
        """
        stop = Event()

        def progress(stage: str, done: int, waiting: int) -> None:
            if stop.is_set():
                raise _Stopped
            self.progress(stage, done, waiting)

        with ThreadPoolExecutor(1) as thread:
            ahead = thread.submit(self.walk, first, progress)
            try:
                while wait([ahead], timeout=IDLE_SECONDS).not_done:
                    if self._waiting(second) >= ENOUGH:
                        self.walk(second, self.progress)
            except BaseException:
                stop.set()
                raise
            ahead.result()
        self.walk(second, self.progress)

    def _waiting(self, stage: Stage[Any, Any]) -> int:
        with self.place.database.read() as session:
            return stages.waiting(session, stage.name)


def _wait_until_shown(place: Workplace) -> None:
    # OAI-PMH shows only seconds that are over; without this a harvest right after an import could find nothing.
    with place.database.read() as session:
        seconds = stamps.seconds_until_shown(session, clock.now())
    if seconds:
        time.sleep(min(seconds, 2.0))
