"""Random histories of a small catalogue: records come, change, go and come back, people pin them; and what stands then.

In: a `Workplace` and steps. Out: the state without ids, to compare with that of a house that got only the end. The
rules are made up, so that chains, vetoes, doubts and crowded keys happen all the time: a title is a row of keys, and
two records with a key in common are the same when their years are next to each other, related when they are two apart.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import strategies as st
from sqlalchemy import delete, select

from federation import clock
from federation.matching.compare import Decision, Verdict
from federation.matching.pins import Pinned, contradiction
from federation.matching.profile import Profile
from federation.pipeline.stages import cluster, derive, judge, normalise, rederive
from federation.pipeline.stages.cluster import CLUSTER
from federation.pipeline.stages.merge import MERGE
from federation.pipeline.stages.normalise import NORMALISE
from federation.pipeline.stages.stage import run
from federation.pipeline.stages.thinkers import Thinkers
from federation.pipeline.workplace import Workplace
from federation.store import pins, raws, sources
from federation.store import verdicts as stored_verdicts
from federation.store.compress import expand
from federation.store.models import METADATA, Bib, Cluster, MatchKey, Raw, Source, Union
from federation.store.models import Profile as StoredProfile
from federation.store.models import Verdict as StoredVerdict
from federation.store.pins import PinRow
from federation.store.raws import Received, Visit
from schemas.marc import write
from tests.support.records import record

SLOTS = 8
#: profiles that may share a made-up key
SHARING = 4
DOUBTFUL = 2009
_START = datetime(2026, 1, 1, tzinfo=UTC)
_KEPT = {
    "admin_unit",
    "unit_origin",
    "library_kind",
    "member",
    "affiliation",
    "source",
    "run",
    "stage_rules",
    "stamping",
}


def keys(said: Profile) -> tuple[str, ...]:
    """Give the words of a title but the last as keys."""
    return tuple(said.title.proper.split()[:-1])


def compare(left: Profile, right: Profile) -> Verdict:
    """Judge by years alone; one of them is doubtful, even to itself."""
    apart = abs(left.year - right.year)
    if DOUBTFUL in (left.year, right.year):
        return Verdict("unsure", 0.4, (), related=apart == 0)
    decision: Decision = "same" if apart <= 1 else "different"
    return Verdict(decision, 1 - apart / 10, (), vetoed=apart > 1, related=apart <= 2)


@contextmanager
def made_up_rules(batch: int) -> Iterator[None]:
    """Work by the made-up rules, and in small batches."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (judge, normalise, rederive):
            patch.setattr(module, "MOST_SHARING", SHARING)
        for module in (judge, derive, rederive):
            patch.setattr(module, "compare", compare)
        for module in (cluster, normalise):
            patch.setattr(module, "BATCH", batch)
        patch.setattr(cluster, "DERIVED", batch)
        patch.setattr(judge, "keys", keys)
        yield


@dataclass(frozen=True)
class Put:
    """A record as its library has it now; `shelf` is nothing that the rules read."""

    slot: int
    words: tuple[str, ...]
    year: int
    shelf: str


@dataclass(frozen=True)
class Drop:
    """A record goes."""

    slot: int


@dataclass(frozen=True)
class Say:
    """A person says something of two records, or takes it back (empty)."""

    left: int
    right: int
    said: Literal["same", "different", ""]


Action = Put | Drop | Say
slots = st.integers(0, SLOTS - 1)
puts = st.builds(
    Put,
    slots,
    st.sampled_from([("lan",), ("lan", "mai"), ("mai",), ("mai", "cúc"), ("cúc",), ()]),
    st.sampled_from([2000, 2001, 2001, 2002, 2002, 2003, DOUBTFUL]),
    st.sampled_from(["x", "y"]),
)
pairs = st.tuples(slots, slots).filter(lambda pair: pair[0] != pair[1])
opinions = st.builds(lambda pair, said: Say(*pair, said), pairs, st.sampled_from(["same", "different", ""]))
batches = st.lists(st.one_of(puts, puts, st.builds(Drop, slots), opinions), min_size=1, max_size=8)
histories = st.tuples(st.lists(puts, min_size=6, max_size=12), st.lists(batches, min_size=1, max_size=5)).map(
    lambda parts: [parts[0], *parts[1]]
)


@dataclass
class End:
    """What is there after a history, however it came about."""

    records: dict[int, Put] = field(default_factory=dict)
    pins: dict[tuple[int, int], str] = field(default_factory=dict)

    def pinned(self) -> list[Pinned]:
        """The pins as the check for contradictions takes them."""
        return [Pinned(*pair, said) for pair, said in self.pins.items()]  # type: ignore[arg-type]


@dataclass
class House:
    """A house that lives through histories, with the time of its next step."""

    place: Workplace
    sources: tuple[int, ...]
    run_id: int
    steps: int = 0

    def empty(self) -> None:
        """Forget every record."""
        with self.place.database.write() as session:
            for table in reversed(METADATA.sorted_tables):
                if table.name not in _KEPT:
                    session.execute(delete(table))

    def live(self, batch: Iterable[Action], end: End) -> None:
        """Do what a batch says, and let the stages follow."""
        with self.place.database.write() as session:
            for action in batch:
                if isinstance(action, Say):
                    self._say(session, action, end)
                else:
                    self._keep(session, action, end)
        self.follow()

    def follow(self) -> None:
        """Run the stages up to the union records, a minute after the last time."""
        self.steps += 1
        with pytest.MonkeyPatch.context() as patch, Thinkers(workers=1) as thinkers:
            patch.setattr(clock, "now", lambda: _START + timedelta(minutes=self.steps))
            for stage in (NORMALISE, CLUSTER, MERGE):
                run(self.place, stage, thinkers)

    def _keep(self, session: Any, action: Put | Drop, end: End) -> None:
        source = self.sources[action.slot % len(self.sources)]
        content = b"" if isinstance(action, Drop) else _marc(action)
        received = Received(f"r{action.slot}", content, "iso2709", deleted=isinstance(action, Drop))
        raws.keep(session, Visit(source, self.run_id, _START), [received])
        end.records.pop(action.slot, None)
        if isinstance(action, Put):
            end.records[action.slot] = action

    def _say(self, session: Any, action: Say, end: End) -> None:
        pair = (min(action.left, action.right), max(action.left, action.right))
        ids = [self._raw(session, slot) for slot in pair]
        if None in ids:
            return
        low, high = sorted(ids)
        if not action.said:
            pins.remove(session, low, high)
            end.pins.pop(pair, None)
        elif not contradiction(end.pinned(), Pinned(*pair, action.said)):
            pins.put(session, PinRow(low, high, action.said, "tester", _START))
            end.pins[pair] = action.said

    def _raw(self, session: Any, slot: int) -> Any:
        mine = (Raw.source_id == self.sources[slot % len(self.sources)], Raw.local_id == f"r{slot}")
        return session.scalar(select(Raw.id).where(*mine))

    def rebuild(self, end: End, order: Sequence[int]) -> None:
        """Empty the house, and give it only the end, the records in this order."""
        self.empty()
        ranked = sorted(end.records.values(), key=lambda put: order.index(put.slot))
        said = [Say(*pair, said) for pair, said in end.pins.items()]  # type: ignore[arg-type]
        self.live([*ranked, *said], End())

    def homes(self) -> dict[int, int]:
        """Give for each bib its cluster."""
        with self.place.database.read() as session:
            return {row[0]: row[1] for row in session.execute(select(Bib.id, Bib.cluster_id))}

    def lineage(self) -> dict[int, tuple[int | None, int | None]]:
        """Give origin and successor of every cluster."""
        with self.place.database.read() as session:
            rows = session.execute(select(Cluster.id, Cluster.origin_id, Cluster.successor_id))
            return {row[0]: (row[1], row[2]) for row in rows}

    def exports(self) -> dict[int, tuple[datetime, tuple[bool, bytes, str]]]:
        """Give for each union record its datestamp, and what the doors say of it."""
        with self.place.database.read() as session:
            columns = (Union.id, Union.datestamp, Union.deleted, Union.marcxml, Union.sets)
            rows = session.execute(select(*columns))
            return {row[0]: (row[1], (row[2], b"" if row[2] else expand(row[3]), row[4])) for row in rows}

    def state(self) -> dict[str, Any]:
        """What stands, by the names of records: clusters, title groups, profiles, keys and verdicts."""
        with self.place.database.read() as session:
            query = select(Source.code, Bib.local_id, Bib.cluster_id, Cluster.group_id).select_from(Bib)
            query = query.join(Raw, Raw.id == Bib.raw_id).join(Source, Source.id == Raw.source_id)
            rows = [tuple(row) for row in session.execute(query.join(Cluster, Cluster.id == Bib.cluster_id))]
            verdicts = select(StoredVerdict.profile_a, StoredVerdict.profile_b, StoredVerdict.decision)
            return {
                "clusters": _parts((f"{row[0]}:{row[1]}", row[2]) for row in rows),
                "titles": _parts((f"{row[0]}:{row[1]}", row[3] or row[2]) for row in rows),
                "links": stored_verdicts.every_link(session),
                "verdicts": sorted(tuple(row) for row in session.execute(verdicts)),
                "profiles": sorted(session.scalars(select(StoredProfile.id))),
                "keys": sorted(tuple(row) for row in session.execute(select(MatchKey.key, MatchKey.profile))),
            }


def _parts(members: Iterable[tuple[str, int]]) -> set[frozenset[str]]:
    found: dict[int, set[str]] = {}
    for name, home in members:
        found.setdefault(home, set()).add(name)
    return set(map(frozenset, found.values()))


def _marc(put: Put) -> bytes:
    title = " ".join((*put.words, "sen"))
    made = record(1, local_id=f"r{put.slot}", title=title, year=str(put.year), location=put.shelf)
    return write.marc(made)


def moved_in(place: Workplace, source_codes: Sequence[str]) -> House:
    """Give a house of these sources, each with one run."""
    with place.database.write() as session:
        ids = tuple(sources.one(session, code).id for code in source_codes)
        run_id = sources.begin_run(session, ids[0], (None, None), _START)
    return House(place, ids, run_id)
