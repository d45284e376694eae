"""One house with all its doors open, each asked as its clients ask it: what it finds, in order, and the records.

In: made-up books (`tests/tables/parity-books.tsv`) or any MARC records. Out: a `Doors`; every door answers with the
number of hits and the ids of the first `SHOWN`, read from what it sent and never from the catalogue behind it.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from lxml import etree

from federation import clock
from federation.app import assemble
from federation.pipeline.stages.walk import walk
from federation.pipeline.workplace import Workplace
from federation.store import query_sets
from federation.store.query_sets import NewSet
from schemas.marc import write
from schemas.marc.record import Field, MarcRecord, data_field
from schemas.query.cql import Sorted
from schemas.z3950 import oid
from schemas.z3950.browsing import SortAttributes, SortRequest, SortSpec
from schemas.z3950.retrieval import PresentRequest, SearchRequest
from schemas.z3950.rpn import BIB1, Attribute, RpnQuery
from tests.federation.cli.conftest import Lienthong, command
from tests.support.house import add_files, add_member, bring, catalogue, house
from tests.support.z3950 import yaz_client
from tests.support.z3950_door import Client, client, opened

TABLES = Path(__file__).parent.parent / "tables"
SHOWN = 60
#: as the search page calls orders; it has no others
PAGE_SORTS = {
    Sorted("title"): "title",
    Sorted("creator"): "creator",
    Sorted("year"): "oldest",
    Sorted("year", descending=True): "newest",
}
_CQL_SORTS = {"title": "dc.title", "creator": "dc.creator", "year": "dc.date"}
_BIB1_SORTS = {"title": 4, "creator": 1003, "year": 31}
_NUMBER = re.compile(r'<controlfield tag="001">([0-9]+)</controlfield>')
_ROW = re.compile(r'<h2><a href="/record/([0-9]+)">')


@dataclass(frozen=True)
class Seen:
    """What a door said: how many hits there are, and the ids of the first ones, in order."""

    total: int
    ids: tuple[int, ...]


def table(name: str) -> list[dict[str, str]]:
    """Read a table of tests/tables."""
    with (TABLES / name).open(encoding="utf-8") as stream:
        lines = (line for line in stream if not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def book(row: Mapping[str, str]) -> MarcRecord:
    """Make the MARC record of a row of the books; what is empty is left out."""
    title, _, remainder = row["title"].partition(" : ")
    number = ("022" if len(row["number"]) == 9 else "020", "  ", ("a", row["number"]))
    fields = [
        number,
        ("082", "04", ("a", row["class"])),
        ("100", "1 ", ("a", row["author"])),
        ("245", "10", ("a", title), ("b", remainder)),
        ("260", "  ", ("a", row["place"]), ("b", row["publisher"]), ("c", row["year"])),
        ("490", "0 ", ("a", row["series"])),
        ("500", "  ", ("a", row["note"])),
        *(("650", " 4", ("a", subject)) for subject in row["subjects"].split("; ")),
    ]
    made = (
        data_field(tag, indicators, *said)
        for tag, indicators, *subfields in fields
        if (said := [pair for pair in subfields if pair[1]])
    )
    year = row["year"] or "    "
    control = (Field("001", row["id"]), Field("008", f"200101s{year}    vm            000 0 {row['language']} d"))
    return MarcRecord(f"00000n{row['type']} a2200000   4500", (*control, *made))


def shelves(rows: Iterable[Mapping[str, str]]) -> dict[str, bytes]:
    """Give what each member has of the books, as ISO 2709."""
    found: dict[str, bytes] = {}
    for row in rows:
        for code in row["members"].split():
            found[code] = found.get(code, b"") + write.marc(book(row))
    return found


@dataclass(frozen=True)
class Doors:
    """A house and its doors."""

    place: Workplace
    http: FlaskClient
    port: int
    z3950: Client
    command: Lienthong

    def page(self, text: str, sort: Sorted | None = None, toned: bool = False) -> Seen:
        """Ask the search page, leafing on."""
        asked = {"q": text, **({"sort": PAGE_SORTS[sort]} if sort else {}), **({"toned": "1"} if toned else {})}
        ids: list[int] = []
        while True:
            page = self.http.get(f"/search?{urlencode({**asked, 'page': str(len(ids) // 20 + 1), 'lang': 'en'})}")
            assert page.status_code == 200, (text, page.status_code)
            found = [int(number) for number in _ROW.findall(page.text)]
            ids += found
            if len(found) < 20 or len(ids) >= SHOWN:
                return Seen(_total(page.text), tuple(ids[:SHOWN]))

    def sru(self, query: str, sort: Sorted | None = None) -> Seen:
        """Ask SRU 2.0."""
        asked = {"query": _sorted(query, sort), "maximumRecords": str(SHOWN), "recordSchema": "marcxml"}
        answer = self.http.get(f"/sru?{urlencode(asked)}")
        root = etree.fromstring(answer.data)
        assert not root.findall(".//{*}diagnostic"), (query, answer.text)
        numbers = [int(str(each.text)) for each in root.iterfind(".//{*}controlfield[@tag='001']")]
        return Seen(int(str(root.findtext("{*}numberOfRecords"))), tuple(numbers))

    def rpn(self, query: RpnQuery, sort: Sorted | None = None) -> Seen:
        """Ask Z39.50 with our own client."""
        (found,) = self.z3950.ask(SearchRequest(query=query, databases=("union",)))
        assert found.success, found
        if sort:
            key = SortAttributes(BIB1, (Attribute(None, 1, _BIB1_SORTS[sort.access_point]),))
            (done,) = self.z3950.ask(SortRequest(keys=(SortSpec(key, int(sort.descending)),)))
            assert not done.diagnostics, done
        ids = []
        while len(ids) < min(found.count, SHOWN):
            wanted = PresentRequest(
                start=len(ids) + 1, count=min(found.count, SHOWN) - len(ids), syntax=oid.XML, composition="marcxml"
            )
            (given,) = self.z3950.ask(wanted)
            assert given.records, given
            ids += [int(_NUMBER.search(bytes(each.record.content).decode())[1]) for each in given.records]  # type: ignore[index]
        return Seen(found.count, tuple(ids))

    def yaz(self, queries: Sequence[tuple[str, Sorted | None]]) -> list[Seen]:
        """Ask Z39.50 with yaz-client, which reads the prefix notation itself; all in one session."""
        lines = ["setnames", "format xml", "elements marcxml", "charset utf-8 utf-8"]
        for pqf, sort in queries:
            lines.append(f"find {pqf}")
            if sort:
                lines.append(f"sort 1={_BIB1_SORTS[sort.access_point]} {'>' if sort.descending else '<'}i")
            lines.append("show all")
        said = yaz_client(self.port, *lines)
        parts = re.split(r"^Number of hits: ", said, flags=re.MULTILINE)[1:]
        assert len(parts) == len(queries), said[-2000:]
        return [_shown(part) for part in parts]

    def typed(self, text: str, sort: Sorted | None = None, cql: bool = False) -> Seen:
        """Ask the command line."""
        words = ["search", "--limit", str(SHOWN), "--json", *(["--cql"] if cql else [])]
        ended = self.command(*words, "--", _sorted(text, sort) if cql else text)
        assert ended.code == 0, (text, ended.errors)
        said = json.loads(ended.text)
        return Seen(said["total"], tuple(hit["id"] for hit in said["hits"]))

    def sets(self, family: str, queries: Sequence[str]) -> list[set[int]]:
        """Make an OAI set of each query, named after the family; harvest each, and give who is in them."""
        with self.place.database.write() as session:
            for number, query in enumerate(queries):
                query_sets.add(session, NewSet(f"{family}{number}", query, query), clock.now())
        walk(self.place, ("publish",))
        return [self._harvested(f"query:{family}{number}") for number in range(len(queries))]

    def _harvested(self, spec: str) -> set[int]:
        found: set[int] = set()
        asked = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "set": spec}
        while True:
            root = etree.fromstring(self.http.get(f"/oai?{urlencode(asked)}").data)
            for header in root.iterfind(".//{*}header"):
                assert header.get("status") is None
                assert spec in [each.text for each in header.iterfind("{*}setSpec")]
                found.add(int(str(header.findtext("{*}identifier")).rpartition(":")[2]))
            token = root.findtext(".//{*}resumptionToken")
            if not token:
                return found
            asked = {"verb": "ListIdentifiers", "resumptionToken": token}


def _total(page: str) -> int:
    said = re.search(r">([0-9,]+) titles?[ <]", page)
    return int(said[1].replace(",", "")) if said else 0


def _sorted(query: str, sort: Sorted | None) -> str:
    if not sort:
        return query
    return f"{query} sortBy {_CQL_SORTS[sort.access_point]}/sort.{'descending' if sort.descending else 'ascending'}"


def _shown(said: str) -> Seen:
    total = re.match(r"[0-9]+", said)
    assert total, said[:200]
    ids = tuple(int(number) for number in _NUMBER.findall(said))
    return Seen(int(total[0]), ids[:SHOWN])


@contextmanager
def open_house(folder: Path, stock: Mapping[str, bytes]) -> Iterator[Doors]:
    """Give a house in which each member has its records (ISO 2709), with all doors open."""
    with house(folder / "home") as place:
        for code, content in stock.items():
            kind = "school" if code == "thpt" else "university" if code == "dhsp" else "public"
            path = folder / f"{code}.mrc"
            path.write_bytes(content)
            bring(place, add_files(place, add_member(place, code, kind), f"{code}-files", path))
        app = assemble(catalogue(place), place.index, place.settings)
        with opened(place) as door, client(door.port) as origin:
            yield Doors(place, app.test_client(), door.port, origin, command(folder / "home"))


def local(doors: Doors, rows: Iterable[Mapping[str, str]]) -> dict[int, str]:
    """Say which book each union record is."""
    reading: Any = catalogue(doors.place)
    return {reading.resolve(f"{row['members'].split()[0]}:{row['id']}"): row["id"] for row in rows}
