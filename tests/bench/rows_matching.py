"""Rows 10 to 12: what it costs to find out which records are one book, and to merge them.

In: `Grounds`. Out: `Row`s. The stages are timed on records that are normalised already, as a first import has them;
keys and comparisons by themselves, on the records of the small file.
"""

import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations

from federation import clock
from federation.index import open_engine
from federation.matching.compare import compare
from federation.matching.keys import MOST_SHARING, keys
from federation.matching.profile import Profile, profile
from federation.pipeline.runs.harvest import Order, harvest
from federation.pipeline.stages.walk import walk
from federation.pipeline.workplace import Workplace
from federation.store import Database, members, sources
from federation.store.compress import expand
from federation.store.sources import NewSource
from schemas.bib import load
from tests.bench import homes
from tests.bench.grounds import Grounds
from tests.bench.homes import MEMBER, Imported
from tests.bench.report import Row, Target
from tests.bench.sample import Sample
from tests.bench.timing import middle, seconds

_GROWTH = Target(1.3, at_most=True)
#: comparisons of one round; enough for the clock
_ROUND = 20_000


def stages(grounds: Grounds) -> Iterator[Row]:
    """Give row 10: cluster and merge, records per second, and how the cost of a record grows with their number."""
    costs = []
    for sample in filter(None, (grounds.small, grounds.large)):
        runs = [_cluster_and_merge(grounds, sample) for _ in range(grounds.plan.runs if sample is grounds.small else 1)]
        clustered, merged = (middle(run[part] for run in runs) for part in (0, 1))
        costs.append((clustered + merged) / sample.records)
        speeds = [sample.records / sum(run) for run in runs]
        note = f"cluster {clustered:.2f} s, merge {merged:.2f} s; {sample.origin}"
        name = f"cluster and merge, {sample.records:,} records"
        yield Row(10, name, middle(speeds), "records/s", runs={"ours": speeds}, note=note)
    if len(costs) == 2:
        note = f"{costs[1] * 1e6:.0f} µs a record of the large file, {costs[0] * 1e6:.0f} µs of the small one"
        yield Row(10, "growth of the cost of a record", costs[1] / costs[0], "times", target=_GROWTH, note=note)


def _cluster_and_merge(grounds: Grounds, sample: Sample) -> tuple[float, float]:
    settings = homes.new(grounds.place()).settings
    database, index = Database(settings.database_url), open_engine(settings.index_url)
    place = Workplace(database, index, settings)
    try:
        with database.write() as session:
            source = NewSource("all", "files", str(sample.path))
            sources.add(session, members.one(session, MEMBER).id, source, clock.now())
        harvest(place, "all", Order(full=True))
        walk(place, ("normalise",))
        return seconds(lambda: walk(place, ("cluster",))), _without_the_wait(place)
    finally:
        index.close()
        database.close()


def _without_the_wait(place: Workplace) -> float:
    """Time the merge by its last write: `walk` then waits until its second is over, for the doors' sake."""
    ended = time.perf_counter()
    begun = ended

    def told(_stage: str, _done: int, _waiting: int) -> None:
        nonlocal ended
        ended = time.perf_counter()

    walk(place, ("merge",), told)
    return ended - begun


def comparisons(grounds: Grounds) -> Iterator[Row]:
    """Give row 11: profiles with their keys, and comparisons of records that share a key, per second."""
    said, reading = _profiles(grounds.small_home)
    groups: dict[str, list[Profile]] = {}
    for one in said:
        for key in keys(one):
            groups.setdefault(key, []).append(one)
    pairs = [pair for those in groups.values() if 1 < len(those) <= MOST_SHARING for pair in combinations(those, 2)]
    name, note = "comparisons of records that share a key", f"{len(pairs):,} pairs"
    if pairs:
        work = (pairs * (_ROUND // len(pairs) + 1))[:_ROUND]
        speeds = [_ROUND / seconds(lambda: [compare(*pair) for pair in work]) for _ in range(grounds.plan.runs)]
        yield Row(11, name, middle(speeds), "pairs/s", runs={"ours": speeds}, note=note)
    yield Row(11, "profiles and keys", len(said) / reading, "records/s", note="from the internal record on, one run")


def _profiles(imported: Imported) -> tuple[list[Profile], float]:
    with closing(sqlite3.connect(imported.home.path / "lienthong.db")) as connection:
        bibs = [load(expand(row[0])) for row in connection.execute("SELECT content FROM bib")]
    begun = time.perf_counter()
    said = [profile(bib) for bib in bibs]
    for one in said:
        keys(one)
    return said, time.perf_counter() - begun


def groups(grounds: Grounds) -> Iterator[Row]:
    """Give row 12: the key that most records carry, and with how many others a record is compared."""
    for imported in grounds.homes():
        carriers = _carriers(imported)
        sizes = [len(those) for those in carriers.values()]
        compared = _compared(carriers)
        idle = sum(size > MOST_SHARING for size in sizes)
        each = sorted(compared)
        note = (
            f"{idle} keys of {len(sizes):,} are carried by more than {MOST_SHARING} and not used; a record meets "
            f"{statistics.fmean(each):.2f} others, 99 of 100 at most {each[len(each) * 99 // 100]}"
        )
        name = f"records with the commonest key, of {imported.sample.records:,}"
        yield Row(12, name, max(sizes), "records", note=note)


def _carriers(imported: Imported) -> dict[int, list[int]]:
    carriers: dict[int, list[int]] = {}
    with closing(sqlite3.connect(imported.home.path / "lienthong.db")) as connection:
        for key, found in connection.execute("SELECT key, profile FROM match_key"):
            carriers.setdefault(key, []).append(found)
    return carriers


def _compared(carriers: dict[int, list[int]]) -> list[int]:
    """Give for each profile how many others it is compared with."""
    beside: dict[int, set[int]] = {found: set() for those in carriers.values() for found in those}
    for those in carriers.values():
        if len(those) <= MOST_SHARING:
            for found in those:
                beside[found].update(those)
    return [max(0, len(others) - 1) for others in beside.values()]
