"""How a stage runs: take what needs work, think about it, save it and clear the mark in one transaction, until
nothing is left.

In: a `Workplace` and a stage. Out: how many rows were worked on. `take` and `save` touch the store; `think` is a pure
function of the batch, so large amounts are thought about by other processes while this one saves what is ready. A
stage that dies loses at most the batches that were not saved; the next run takes them up again. One process at a time
runs stages (`Database.alone`).
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, Protocol, TypeVar

from federation import clock
from federation.pipeline.stages.thinkers import Thinkers
from federation.pipeline.workplace import Workplace
from federation.store import Session, stages, stamps


class Numbered(Protocol):
    """A row with an id."""

    @property
    def id(self) -> int:
        """The id of the row."""
        ...


R = TypeVar("R", bound=Numbered)


@dataclass(frozen=True, slots=True)
class Batch(Generic[R]):
    """Rows taken together, their ids ascending; a stage adds what it must know beside them."""

    rows: tuple[R, ...]

    @property
    def last(self) -> int:
        """The id after which the next batch begins."""
        return self.rows[-1].id

    def __len__(self) -> int:
        return len(self.rows)


B = TypeVar("B", bound=Batch[Any])
T = TypeVar("T")


#: told after every batch: stage, rows done so far in this run, rows that were waiting when it began
Progress = Callable[[str, int, int], None]
#: batches that are thought about while one is saved
AHEAD: Final = 2


@dataclass(frozen=True, slots=True)
class Stage(Generic[B, T]):
    """One stage: its name, its rules (a change makes it do everything again), and how it takes, thinks and saves.

    `take` gives the next batch after an id, or None; `think` must be a function of a module, for it goes to other
    processes; `save` goes through the batches of a pass as they become ready, each with what was thought about it.
    """

    name: str
    rules: Callable[[Workplace], str]
    take: Callable[[Workplace, int], B | None]
    think: Callable[[B], T]
    save: Callable[[Workplace, Iterator[tuple[B, T]]], None]


def silent(stage: str, done: int, waiting: int) -> None:
    """Tell nobody."""


def run(place: Workplace, stage: Stage[Any, Any], thinkers: Thinkers, progress: Progress = silent) -> int:
    """Run one stage until nothing needs its work; the caller holds `Database.alone`."""
    waiting = _marked(place, stage)
    thinkers.expect(waiting)
    done = 0

    def counted() -> Iterator[tuple[Any, Any]]:
        nonlocal done
        for pair in _thought_about(place, stage, thinkers):
            yield pair
            done += len(pair[0])
            progress(stage.name, done, max(waiting, done))

    passed = -1
    while passed != done:  # what came in behind us is taken by another pass
        passed = done
        stage.save(place, counted())
    return done


def _marked(place: Workplace, stage: Stage[Any, Any]) -> int:
    """Mark everything if the stage has new rules, and count what is marked."""
    rules = stage.rules(place)
    with place.database.read() as session:
        if stages.rules_are(session, stage.name, rules):
            return stages.waiting(session, stage.name)
    with place.database.write() as session:
        stages.renew_rules(session, stage.name, rules)
        return stages.waiting(session, stage.name)


def _thought_about(place: Workplace, stage: Stage[B, T], thinkers: Thinkers) -> Iterator[tuple[B, T]]:
    """Yield batches in order with what was thought about them, a few being thought about ahead."""
    ahead: deque[tuple[B, Callable[[], T]]] = deque()
    last, more = 0, True
    while more or ahead:
        while more and len(ahead) < AHEAD:
            batch = stage.take(place, last)
            more = batch is not None
            if batch is not None:
                last = batch.last
                ahead.append((batch, thinkers.think(stage.think, batch)))
        if ahead:
            batch, thought = ahead.popleft()
            yield batch, thought()


@contextmanager
def stamped(place: Workplace) -> Iterator[tuple[Session, datetime]]:
    """Give a transaction that writes what harvesters see, and its stamp (`store.stamps`); think before, not inside."""
    with place.database.stamping:
        with place.database.write() as session:
            stamps.open_window(session, clock.now())
        with place.database.write() as session:
            yield session, stamps.take(session, clock.now())


def recover(place: Workplace) -> None:
    """Put right what a killed process may have left; the caller holds `Database.alone`."""
    with place.database.write() as session:
        stamps.forget(session)
