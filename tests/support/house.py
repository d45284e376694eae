"""A whole house in a temporary folder, for tests that walk the road: made, filled, stepped through, looked at.

In: a database address and a folder. Out: an open `Workplace` and a few verbs, without the command line between.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from federation import clock, config
from federation.catalogue.catalogue import Catalogue
from federation.index import open_engine
from federation.pipeline.runs.harvest import Order, Report, harvest, settle
from federation.pipeline.stages.stage import recover, run
from federation.pipeline.stages.thinkers import Thinkers
from federation.pipeline.stages.walk import STAGES
from federation.pipeline.workplace import Workplace
from federation.store import Database, members, sources
from federation.store.members import Placement
from federation.store.sources import NewSource
from tests.support import planted


@contextmanager
def house(folder: Path, database_url: str = "") -> Iterator[Workplace]:
    """Make a catalogue in `folder` and open it."""
    settings = replace(config.read({"LIENTHONG_HOME": str(folder)}))
    settings = replace(settings, database_url=database_url or settings.database_url)
    folder.mkdir(parents=True, exist_ok=True)
    planted.plant(settings.database_url)
    database = Database(settings.database_url)
    index = open_engine(settings.index_url, create=True)
    try:
        yield Workplace(database, index, settings)
    finally:
        index.close()
        database.close()


def add_member(place: Workplace, code: str, kind: str = "public") -> int:
    """Add a member."""
    with place.database.write() as session:
        return members.add(session, code, f"Thư viện {code}", Placement(kind), clock.now())


def add_files(place: Workplace, member_id: int, code: str, path: Path, **options: str) -> str:
    """Add a source of files to a member."""
    with place.database.write() as session:
        sources.add(session, member_id, NewSource(code, "files", str(path), options=options), clock.now())
    return code


def step_through(place: Workplace) -> dict[str, int]:
    """Run all stages without waiting until the doors show it."""
    with place.database.alone(), Thinkers(workers=1) as thinkers:
        recover(place)
        return {stage.name: run(place, stage, thinkers) for stage in STAGES}


def bring(place: Workplace, code: str, order: Order | None = None) -> Report:
    """Harvest a source and run all stages."""
    report = harvest(place, code, order)
    step_through(place)
    return settle(place, report.run)


def catalogue(place: Workplace) -> Catalogue:
    """The read side of the same house."""
    return Catalogue(place.database, place.index, place.settings)
