"""What an operator decides about a source, carried out as a run of its own, so that the history tells it and `restore`
can take it back.

In: a source, the kind of decision, and what carries it out. Out: the run. Nobody harvests the source meanwhile.
"""

from collections.abc import Callable
from typing import Final

from federation import clock
from federation.pipeline.runs.holding import held, of_source
from federation.pipeline.workplace import Workplace
from federation.store import Session, sources
from federation.store.raws import Visit
from federation.store.sources import SourceRow

#: kind of decision -> what it counts
_COUNTED: Final = {"withdraw": "deleted", "restore": "changed"}


def decide(place: Workplace, source: SourceRow, kind: str, act: Callable[[Session, Visit], tuple[int, str]]) -> int:
    """Carry out a decision as a run of its own, so that the history tells it; gives the run.

    `act` says how many records were touched, and what to write into the history.
    """
    with held(place, of_source(source.code)) as hold, place.database.write() as session:
        hold.keep(session)
        now = clock.now()
        visit = Visit(source.id, sources.begin_run(session, source.id, (None, None), now, kind), now)
        touched, message = act(session, visit)
        sources.record_page(session, visit.run_id, {_COUNTED[kind]: touched}, "")
        sources.end_run(session, visit.run_id, "success", message, clock.now())
    return visit.run_id
