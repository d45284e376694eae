"""The whole road after the harvest: the stages in their order, and the wait until the doors show the result.

In: a `Workplace` and stage names. Out: rows done per stage. Only one process at a time walks it.
"""

import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Final

from federation import clock
from federation.pipeline.cluster import CLUSTER
from federation.pipeline.merge import MERGE
from federation.pipeline.normalise import NORMALISE
from federation.pipeline.publish import PUBLISH
from federation.pipeline.stage import Progress, Stage, Workplace, recover, run, silent
from federation.pipeline.thinkers import Thinkers
from federation.store import stamps

#: how long publish waits for merge to have something for it
IDLE_SECONDS: Final = 0.1
STAGES: Final[tuple[Stage[Any, Any], ...]] = (NORMALISE, CLUSTER, MERGE, PUBLISH)


def walk(place: Workplace, names: tuple[str, ...] = (), progress: Progress = silent) -> dict[str, int]:
    """Run the named stages (all when none is named) in order; on return the doors show what was done."""
    chosen = [stage for stage in STAGES if not names or stage.name in names]
    with place.database.alone(), Thinkers() as thinkers:
        recover(place)
        walker = _Walker(place, thinkers, progress)
        for stage in chosen:
            if stage is MERGE and PUBLISH in chosen:
                walker.merge_and_publish()
            elif stage.name not in walker.done:
                walker.walk(stage)
    _wait_until_shown(place)
    return walker.done


@dataclass(frozen=True, slots=True)
class _Walker:
    place: Workplace
    thinkers: Thinkers
    progress: Progress
    done: dict[str, int] = field(default_factory=dict)

    def walk(self, stage: Stage[Any, Any]) -> int:
        """Run one stage; gives the rows it did this time."""
        rows = run(self.place, stage, self.thinkers, self.progress)
        self.done[stage.name] = self.done.get(stage.name, 0) + rows
        return rows

    def merge_and_publish(self) -> None:
        """Publish what is merged while the rest is being merged: the index works outside of Python, merge within."""
        with ThreadPoolExecutor(1) as beside:
            merging = beside.submit(self.walk, MERGE)
            while not merging.done():
                if not self.walk(PUBLISH):
                    wait([merging], timeout=IDLE_SECONDS)
            merging.result()
        self.walk(PUBLISH)


def _wait_until_shown(place: Workplace) -> None:
    # OAI-PMH shows only seconds that are over; without this a harvest right after an import could find nothing.
    with place.database.read() as session:
        seconds = stamps.seconds_until_shown(session, clock.now())
    if seconds:
        time.sleep(min(seconds, 2.0))
