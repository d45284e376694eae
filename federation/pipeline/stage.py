"""How a stage runs: take what needs work, work on it, write it and clear the mark in one transaction, until nothing is left.

In: a `Workplace` and a stage. Out: how many rows were worked on. A stage that dies loses at most the batch it was at; the next run
takes it up again. One process at a time runs stages (`Database.alone`).
"""

from collections.abc import Callable
from dataclasses import dataclass

from federation.config import Settings
from federation.index.engine import Engine
from federation.store import Database, stages, stamps


@dataclass(frozen=True, slots=True)
class Workplace:
    """What the stages work with."""

    database: Database
    index: Engine
    settings: Settings


#: told after every batch: stage, rows done so far in this run, rows that were waiting when it began
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its name, its rules (a change makes it do everything again) and one step, which gives the rows it did."""

    name: str
    rules: Callable[[Workplace], str]
    step: Callable[[Workplace], int]


def silent(stage: str, done: int, waiting: int) -> None:
    """Tell nobody."""


def run(place: Workplace, stage: Stage, progress: Progress = silent) -> int:
    """Run one stage until nothing needs its work; the caller holds `Database.alone`."""
    with place.database.read() as session:
        waiting = stages.waiting(session, stage.name)
    with place.database.write() as session:
        if stages.renew_rules(session, stage.name, stage.rules(place)):
            waiting = stages.waiting(session, stage.name)
    done = 0
    while worked := stage.step(place):
        done += worked
        progress(stage.name, done, max(waiting, done))
    return done


def recover(place: Workplace) -> None:
    """Put right what a killed process may have left; the caller holds `Database.alone`."""
    with place.database.write() as session:
        stamps.forget(session)
