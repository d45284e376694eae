"""The whole road after the harvest: the stages in their order, and the wait until the doors show the result.

In: a `Workplace` and stage names, or a harvest that the first stages run beside. Out: rows done per stage, or what the
harvest gave. Only one process at a time walks the road.
"""

import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Any, Final, TypeVar

from federation import clock
from federation.errors import Unavailable
from federation.memory import give_memory_back
from federation.pipeline.stages.cluster import CLUSTER
from federation.pipeline.stages.merge import MERGE
from federation.pipeline.stages.normalise import NORMALISE
from federation.pipeline.stages.publish import PUBLISH
from federation.pipeline.stages.stage import Progress, Stage, recover, run, silent
from federation.pipeline.stages.thinkers import Thinkers
from federation.pipeline.workplace import Workplace
from federation.store import stages, stamps

#: how often the second of two kinds of work looks whether the first has enough for it
IDLE_SECONDS: Final = 0.1
#: rows that are enough: fewer are not worth processes, and make an index in small pieces
_ENOUGH: Final = {"normalise": 2000, "cluster": 2000, "publish": 3000}
STAGES: Final[tuple[Stage[Any, Any], ...]] = (NORMALISE, CLUSTER, MERGE, PUBLISH)
#: stages that run side by side: the second follows the first piece by piece
_PAIRS: Final = ((NORMALISE, CLUSTER), (MERGE, PUBLISH))
R = TypeVar("R")


def walk(place: Workplace, names: tuple[str, ...] = (), progress: Progress = silent) -> dict[str, int]:
    """Run the named stages (all when none is named) in order; on return the doors show what was done."""
    with Thinkers() as thinkers:
        walker = _Walker(place, thinkers, progress)
        walker.all(names or [stage.name for stage in STAGES])
    _wait_until_shown(place)
    return walker.done


def walk_beside(place: Workplace, harvest: Callable[[], R], progress: Progress = silent) -> R:
    """Harvest, normalise and cluster meanwhile what has come in already, and run all stages in the end.

    Between two passes another process may run stages: a harvest can take hours.
    """
    with Thinkers() as thinkers:
        walker = _Walker(place, thinkers, progress)
        result = walker.beside(harvest, NORMALISE, partial(walker.all, ("normalise", "cluster"), patience=0))
        give_memory_back()  # what the harvest remembered
        walker.all([stage.name for stage in STAGES])
    _wait_until_shown(place)
    return result


class _Stopped(Exception):
    """What this work went beside has ended badly, or the operator wants to stop."""


@dataclass(frozen=True, slots=True)
class _Walker:
    place: Workplace
    thinkers: Thinkers
    show: Progress
    done: dict[str, int] = field(default_factory=dict)
    stop: Event = field(default_factory=Event)

    def all(self, names: Collection[str], patience: float = 3600.0) -> None:
        """Run these stages alone; raises `Unavailable` when another process is at it longer than `patience`."""
        with self.place.database.alone(patience):
            recover(self.place)
            for first, second in _PAIRS:
                if first.name in names and second.name in names:
                    self.beside(partial(self.one, first), second, partial(self.one, second))
                for stage in (first, second):
                    if stage.name in names:
                        self.one(stage)

    def one(self, stage: Stage[Any, Any]) -> None:
        """Run one stage and add to what it did."""
        rows = run(self.place, stage, self.thinkers, self._progress)
        self.done[stage.name] = self.done.get(stage.name, 0) + rows

    def beside(self, ahead: Callable[[], R], stage: Stage[Any, Any], follow: Callable[[], None]) -> R:
        """Do what goes `ahead` here, and `follow` in a thread whenever there is enough for its first `stage`.

        One waits for the network, for other processes or for the index while the other works. Stages read what they
        settle in the transaction that settles it, or settle it only unchanged, so neither can lose the other's marks.
        """
        over = Event()
        with ThreadPoolExecutor(1) as thread:
            following = thread.submit(self._following, over, stage, follow)
            try:
                result = ahead()
            except BaseException:
                self.stop.set()
                raise
            finally:
                over.set()
        following.result()
        return result

    def _following(self, over: Event, stage: Stage[Any, Any], follow: Callable[[], None]) -> None:
        while not over.wait(IDLE_SECONDS):
            if self._waiting(stage) >= _ENOUGH[stage.name]:
                try:
                    follow()
                except Unavailable as error:
                    if error.code != "busy":  # another process is at it: what it leaves is done in the end
                        raise

    def _progress(self, stage: str, done: int, waiting: int) -> None:
        if self.stop.is_set():
            raise _Stopped
        self.show(stage, done, waiting)

    def _waiting(self, stage: Stage[Any, Any]) -> int:
        with self.place.database.read() as session:
            return stages.waiting(session, stage.name)


def _wait_until_shown(place: Workplace) -> None:
    # OAI-PMH shows only seconds that are over; without this a harvest right after an import could find nothing.
    with place.database.read() as session:
        seconds = stamps.seconds_until_shown(session, clock.now())
    if seconds:
        time.sleep(min(seconds, 2.0))
