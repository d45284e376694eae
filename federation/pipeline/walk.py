"""The whole road after the harvest: the stages in their order, and the wait until the doors show the result.

In: a `Workplace` and stage names. Out: rows done per stage. Only one process at a time walks it.
"""

import time
from typing import Any, Final

from federation import clock
from federation.pipeline.cluster import CLUSTER
from federation.pipeline.merge import MERGE
from federation.pipeline.normalise import NORMALISE
from federation.pipeline.publish import PUBLISH
from federation.pipeline.stage import Progress, Stage, Workplace, recover, run, silent
from federation.pipeline.thinkers import Thinkers
from federation.store import stamps

STAGES: Final[tuple[Stage[Any, Any], ...]] = (NORMALISE, CLUSTER, MERGE, PUBLISH)


def walk(place: Workplace, names: tuple[str, ...] = (), progress: Progress = silent) -> dict[str, int]:
    """Run the named stages (all when none is named) in order; on return the doors show what was done."""
    chosen = [stage for stage in STAGES if not names or stage.name in names]
    with place.database.alone(), Thinkers() as thinkers:
        recover(place)
        done = {stage.name: run(place, stage, thinkers, progress) for stage in chosen}
    _wait_until_shown(place)
    return done


def _wait_until_shown(place: Workplace) -> None:
    # OAI-PMH shows only seconds that are over; without this a harvest right after an import could find nothing.
    with place.database.read() as session:
        seconds = stamps.seconds_until_shown(session, clock.now())
    if seconds:
        time.sleep(min(seconds, 2.0))
