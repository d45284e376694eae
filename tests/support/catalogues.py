"""A small catalogue written straight into a database, as the pipeline would leave it, at times the test chooses.

In: a database address. Out: `Shelf`: members, union records with sets and holdings, changes, departures, tombstones. It
stamps through `store.stamps` and writes through `store.merged`: what the doors read is what the pipeline writes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from federation import config
from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.index.engine import Found, Question, Scanned
from federation.store import Database, members, merged, stamps
from federation.store.compress import squeeze
from federation.store.members import Placement
from federation.store.merged import Held, MergedRow
from federation.store.models import Bib as BibRow
from federation.store.models import Cluster, Raw, Run, Source, Stamping, Union, UnionHolding, UnionSet
from federation.store.raws import digest
from schemas.bib import Agent, Bib, Identifier, Publication, Title, dump
from schemas.marc import write
from schemas.marc.record import Field
from schemas.query.tree import Node
from tests.support import planted
from tests.support.records import isbn, record

START = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)


class SteppingClock:
    """The time of a test; put in the place of `federation.clock.now`."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def step(self, seconds: float) -> datetime:
        """Let time pass."""
        self.moment += timedelta(seconds=seconds)
        return self.moment


class Unindexed:
    """An engine that finds what it was told to."""

    def __init__(self, found: Found | None = None) -> None:
        self.found = found or Found(0, ())
        self.scanned = Scanned((), ())

    def count(self) -> int:
        """Give the number of documents."""
        return self.found.total

    def scan(self, access_point: str, text: str, before: int, after: int) -> Scanned:
        """Answer every scan alike."""
        return self.scanned

    def likely(self, query: Node, facet: str, most: int, fits: Callable[[str], bool]) -> Iterator[tuple[str, int]]:
        """Give one creator, whatever is asked."""
        return iter([("Trần Sông", 7)][: facet == "creator"])

    def search(self, question: Question) -> Found:
        """Answer every question alike."""
        return self.found


def bib(number: int, version: int = 0) -> Bib:
    """The internal record of a number."""
    return Bib(
        title=Title(f"Sông núi <nước> & Nam {number}", remainder=f"bản {version}" if version else ""),
        languages=("vie",),
        agents=(Agent("Nguyễn Văn An", main=True),),
        identifiers=(Identifier("isbn", isbn(number)),),
        publication=Publication("Hà Nội", "Kim Đồng", "2019", 2019),
    )


def marcxml(number: int, version: int = 0, repository_id: str = "lienthong.example") -> str:
    """The exported MARCXML of a number."""
    made = record(number, title=f"Sông núi <nước> & Nam {number} bản {version}", local_id=str(number))
    fields = (made.fields[0], Field("003", repository_id), *made.fields[1:])
    return write.marcxml(replace(made, fields=fields))


@dataclass
class Shelf:
    """A catalogue under construction, with the settings and the clock that belong to it."""

    database: Database
    settings: Settings
    clock: SteppingClock
    engine: Unindexed

    @classmethod
    def make(cls, url: str, home: Path, codes: Iterable[str] = ("tvt", "lqd"), **changes: str) -> "Shelf":
        """Make an empty catalogue with members of these codes."""
        home.mkdir(parents=True, exist_ok=True)
        settings = replace(config.read({"LIENTHONG_HOME": str(home)}), database_url=url, **changes)
        planted.plant(url)
        database = Database(url)
        shelf = cls(database, settings, SteppingClock(), Unindexed())
        with database.write() as session:
            for code in codes:
                members.add(session, code, f"Thư viện {code}", Placement("public"), START)
        return shelf

    @property
    def catalogue(self) -> Catalogue:
        """The read side of it."""
        return Catalogue(self.database, self.engine, self.settings)  # type: ignore[arg-type]

    def promise(self) -> datetime:
        """Promise, as a writer does, that its stamp will not be before now; a slow one then takes just this time."""
        with self.database.write() as session:
            stamps.open_window(session, self.clock())
        return self.clock()

    def put(self, sets: Mapping[int, Iterable[str]], version: int = 0, promised: datetime | None = None) -> datetime:
        """Write or change records, each with its sets, at the time of the clock (or as promised); give their stamp."""
        moment = promised or self.promise()
        with self.database.write() as session:
            there = set(session.scalars(select(Cluster.id).where(Cluster.id.in_(list(sets)))))
            if new := [{"id": number, "pending": False} for number in sets if number not in there]:
                session.execute(insert(Cluster), new)
            codes = {member.code: member.id for member in members.every(session)}
            stamp = stamps.take(session, moment)
            rows = [_row(number, version, tuple(sorted(specs)), codes) for number, specs in sets.items()]
            merged.save(session, rows, there, stamp, 1)
        return stamp

    def bury(self, graves: Mapping[int, int | None], promised: datetime | None = None) -> datetime:
        """Make tombstones: id -> successor or None."""
        moment = promised or self.promise()
        with self.database.write() as session:
            stamp = stamps.take(session, moment)
            merged.bury(session, list(graves.items()), stamp)
        return stamp

    def receive(self, number: int, local_id: str, kind: str = "oaipmh") -> None:
        """Give record `number` a record as received, from a source of the first member."""
        member = min(self.catalogue.members(), key=lambda member: member.id)
        run = {"started_at": START, "ended_at": START, "status": "success", "window_from": None, "window_until": None}
        source = {"code": f"s{number}", "kind": kind, "url": "https://u:p@lib.example/oai?k=1", "created_at": START}
        raw = {"syntax": "marcxml", "content": b"", "content_hash": b"", "datestamp": "2026-02-03T04:05:06Z"}
        described = {"marc": b"", "content": b"", "content_hash": b"", "input_hash": b"", "rules": 1, "as_of": START}
        with self.database.write() as session:
            session.execute(insert(Source).values(id=number, member_id=member.id, **source))
            session.execute(insert(Run).values(id=number, source_id=number, **run))
            runs = {"first_run_id": number, "last_run_id": number, "changed_at": START}
            session.execute(insert(Raw).values(id=number, source_id=number, local_id=local_id, **raw, **runs))
            keys = {"raw_id": number, "member_id": member.id, "local_id": local_id, "cluster_id": number}
            session.execute(insert(BibRow).values(id=number, **keys, **described))

    def empty(self) -> None:
        """Take all records out and set the clock back, as if the catalogue were new."""
        with self.database.write() as session:
            for table in (UnionSet, UnionHolding, Union, Cluster):
                session.execute(delete(table))
            session.execute(update(Stamping).values(open_since=None, last_stamp=None))
        self.clock.moment = START

    def close(self) -> None:
        """Give back the database."""
        self.database.close()


def _row(number: int, version: int, sets: tuple[str, ...], codes: Mapping[str, int]) -> MergedRow:
    exported = marcxml(number, version).encode()
    held = [spec.partition(":")[2] for spec in sets if spec.startswith("member:")]
    return MergedRow(
        id=number,
        group_id=number,
        sets=sets,
        marcxml=squeeze(exported),
        content=squeeze(dump(bib(number, version))),
        content_hash=digest(exported + " ".join(sets).encode()),
        holdings=tuple(
            Held(codes[code], number, f"{code}-{number}", "Kho mở", f"895.922 {number}", 2, "", START.date())
            for code in held
        ),
    )
