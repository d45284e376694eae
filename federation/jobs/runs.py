"""What a run from the queue does: the harvest it asks for and the stages after it, and what is done after every run.

In: a `Workplace`, a queued run and what can stop it. Out: a `Report`. A new kind of run is one row of `KINDS`; what
follows every run (sweeps that are due, notices) is one of `AFTERWARDS`.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from federation.errors import Stopped
from federation.pipeline.runs import notices
from federation.pipeline.runs.harvest import Order, Report, harvest, settle
from federation.pipeline.stages.walk import STAGES, walk, walk_beside
from federation.pipeline.workplace import Workplace
from federation.store import stages
from federation.store.queue import QueuedRow

#: called after every page and every batch; raises `Stopped` to end the run there
Halt = Callable[..., None]
Run = Callable[[Workplace, QueuedRow, Halt], Report]


def _harvested(full: bool, place: Workplace, asked: QueuedRow, halt: Halt) -> Report:
    order = Order(full=full, trigger=asked.trigger, queued=asked.id, on_page=halt)
    try:
        report = walk_beside(place, partial(harvest, place, asked.source, order), halt)
    except Stopped as error:
        if error.code == "cancelled":  # what came before it is good, and nobody else may come by for a day
            walk(place, progress=halt)
        raise
    return settle(place, report.run)


#: kind of a queued run -> what it does
KINDS: Final[dict[str, Run]] = {"harvest": partial(_harvested, False), "full": partial(_harvested, True)}
#: what is done after a run that came to an end, each with what it needs to know of it
AFTERWARDS: Final[tuple[Callable[[Workplace, Report], None], ...]] = (notices.consider,)


def run(place: Workplace, asked: QueuedRow, halt: Halt) -> Report:
    """Do what a queued run asks for."""
    report = KINDS[asked.kind](place, asked, halt)
    for afterwards in AFTERWARDS:
        afterwards(place, report)
    return report


def catch_up(place: Workplace, halt: Halt) -> None:
    """Run the stages over what a process that died left behind."""
    with place.database.read() as session:
        left = any(stages.waiting(session, stage.name) for stage in STAGES)
    if left:
        walk(place, progress=halt)
