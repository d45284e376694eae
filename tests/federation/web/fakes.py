"""A catalogue of a handful of records: answers what it was told to, and remembers what it was asked."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from flask import Flask

from federation.app import assemble
from federation.catalogue.advice import Correction, Dropped, Suggestion
from federation.catalogue.records import Answer, Heading, HeldBy, Hit, Names, Scan, UnionRecord
from federation.catalogue.values import Called
from federation.config import Settings, read
from federation.index.engine import Found, Question
from federation.matching.attribution import Line, attributed
from federation.matching.merge import Origin
from federation.store.members import Contact, MemberRow
from federation.store.unions import Stock
from schemas.bib import (
    Agent,
    Bib,
    Classification,
    Edition,
    Identifier,
    Link,
    Publication,
    Series,
    Subject,
    Title,
)
from schemas.marc.marcxml import decode_xml
from schemas.query.tree import Everything

NAMES = Names("lienthong.example", "http://127.0.0.1:8080")
STAMP = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)

RICH = Bib(
    title=Title("Mắt biếc", remainder="truyện dài", responsibility="Nguyễn Nhật Ánh ; minh hoạ: Đỗ Hoàng Tường"),
    material="book",
    languages=("vie",),
    other_titles=(Title("Green eyes"),),
    agents=(Agent("Nguyễn Nhật Ánh", dates="1955-", main=True), Agent("Đỗ Hoàng Tường", role="minh hoạ")),
    identifiers=(Identifier("isbn", "9786041140530", qualifier="bìa mềm"),),
    subjects=(Subject("Văn học thiếu nhi -- Việt Nam"), Subject("Truyện dài", "genre")),
    classes=(Classification("ddc", "895.92234"),),
    edition=Edition("In lần thứ 40"),
    publication=Publication("Tp. Hồ Chí Minh", "Nxb. Trẻ", "2019", 2019, "vm"),
    extent="298 tr.",
    dimensions="20 cm",
    series=(Series("Tủ sách Tuổi mới lớn", "T. 4"),),
    summary="Chuyện của Ngạn và Hà Lan ở làng Đo Đo.",
    notes=("Tái bản nhiều lần",),
    links=(Link("https://thuvien.example.vn/mat-biec", "Bản số hoá"), Link("javascript:alert(1)", "Bẫy")),
)
PLAIN = Bib(title=Title("Địa chí Quảng Ngãi"), publication=Publication("Hà Nội", "Từ điển Bách khoa", "2008", 2008))
HOSTILE = Bib(
    title=Title('<script>alert(1)</script> & "quotes"'), agents=(Agent("<b>bold</b>"),), summary="</dd><img src=x>"
)

MEMBERS = (
    MemberRow(
        *(1, "tvt", "Thư viện tổng hợp tỉnh Quảng Ngãi", "public", "51", "province", "Quảng Ngãi"),
        Contact(
            address="12 Lê Trung Đình, Quảng Ngãi",
            phone="0255 3822 000",
            email="tv@example.vn",
            website="https://thuvien.example.vn",
            hours="Thứ 2 - Thứ 6: 7:30-17:00\nThứ 7: 8:00-11:00",
            latitude=15.1205,
            longitude=108.7923,
        ),
    ),
    MemberRow(2, "lqd", "Trường THPT chuyên Lê Khiết", "school"),
    MemberRow(3, "pvd", "Trường Đại học Phạm Văn Đồng", "university"),
)
KINDS = {"public": ("Thư viện công cộng", "Public library"), "school": ("Thư viện trường học", "School library")}
HOLDINGS = (
    HeldBy("tvt", MEMBERS[0].name, "b-17", "Kho mượn", "895.92234 / M124B", 5, "", date(2026, 11, 20)),
    HeldBy("tvt", MEMBERS[0].name, "b-17", "Kho đọc", "895.92234 / M124B", 1, "Đọc tại chỗ", date(2026, 11, 21)),
    HeldBy("lqd", MEMBERS[1].name, "0042", "Tủ văn học", "V25", 0, "", date(2026, 10, 3)),
)


def record(number: int, bib: Bib = RICH, deleted: bool = False, successor: int | None = None) -> UnionRecord:
    """Make a union record as the catalogue gives it."""
    marcxml = (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000   4500</leader>'
        f'<controlfield tag="001">{number}</controlfield><datafield tag="245" ind1="1" ind2="0">'
        f'<subfield code="a">{escape(bib.title.main)}</subfield></datafield></record>'
    )
    holdings = () if deleted else HOLDINGS
    return UnionRecord(
        *(number, number, STAMP, deleted, successor, (), bib, marcxml, holdings, (), STAMP),
        identifier=NAMES.identifier(number),
        address=NAMES.address(number),
    )


@dataclass
class FakeCatalogue:
    """Answers every search with its live records; `total` and `facets` can be set, `down` makes it fail."""

    records: dict[int, UnionRecord] = field(default_factory=dict)
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    total: int | None = None
    printings: tuple[Hit, ...] = ()
    alike: tuple[Hit, ...] = ()
    headings: tuple[Heading, ...] = ()
    down: Exception | None = None
    asked: list[Question] = field(default_factory=list)

    def search(self, question: Question) -> Answer:
        """Give every live record, whatever is asked."""
        self._up()
        self.asked.append(question)
        live = [one for one in self.records.values() if not one.deleted]
        total = len(live) if self.total is None else self.total
        hits = tuple(Hit(one.id, one.bib, ("tvt", "lqd"), one.datestamp) for one in live) if total else ()
        return Answer(total, hits[: question.limit], self.facets)

    def corrected(self, text: str, answer: Answer) -> Correction | None:
        """Know one slip."""
        return Correction("mắt biếc", 3) if text in ("mawts bieecs", "mất biếc") else None

    def dropped(self, text: str) -> tuple[Dropped, ...]:
        """Say that the first word is unknown and the rest finds one record."""
        first, _, rest = text.partition(" ")
        return (Dropped(first, 0, rest, 1), Dropped(rest, 1, first, 0)) if rest else ()

    def suggested(self, text: str, most: int) -> tuple[Suggestion, ...]:
        """Give one of each kind."""
        kinds = (("title", "Mắt biếc", 1), ("creator", "Nguyễn Nhật Ánh", 16), ("subject", "Văn học", 4))
        return tuple(Suggestion(*each) for each in kinds)[:most]

    def find(self, question: Question) -> Found:
        """Find one record where less than two facets narrow, and none else."""
        return Found(int(len(question.filters) < 2), ())

    def values(self, question: Question, where: str, start: int = 0) -> Iterator[tuple[str, int]]:
        """Give the facet as it was set, from a place on."""
        self.asked.append(question)
        yield from self.facets.get(where, ())[start : start + question.facet_size]

    def called(self, question: Question, where: str, text: str) -> Called:
        """Give those values of the facet that have the text in them; more than these may be there."""
        self.asked.append(question)
        return Called(tuple(pair for pair in self.facets.get(where, ()) if text in pair[0]), whole=False)

    def scan(self, access_point: str, text: str, before: int, after: int) -> Scan:
        """Give what there is of the headings around a text, in the order of letters."""
        self._up()
        place = sum(heading.value < text for heading in self.headings)
        return Scan(self.headings[max(0, place - before) : place], self.headings[place : place + after])

    def fetch(self, union_id: int) -> UnionRecord | None:
        """Give a record, a tombstone too."""
        self._up()
        return self.records.get(union_id)

    def readable(self, ids: Collection[int]) -> tuple[UnionRecord, ...]:
        """Give those there are."""
        return tuple(self.records[number] for number in ids if number in self.records)

    def editions(self, record: UnionRecord) -> tuple[Hit, ...]:
        """Give the same other printings of every record but themselves."""
        return tuple(hit for hit in self.printings if hit.id != record.id)

    def similar(self, record: UnionRecord, but: Collection[int] = (), limit: int = 6) -> tuple[Hit, ...]:
        """Give the same similar titles of every record."""
        return tuple(hit for hit in self.alike if hit.id not in (record.id, *but))[:limit]

    def attributed(self, record: UnionRecord) -> tuple[str, tuple[Line, ...]]:
        """Say that all is from one library but for one field."""
        marc = decode_xml(record.exported).record
        return marc.leader, attributed(marc.fields, (Origin("tvt", "b-17"), Origin("lqd", "0042", "008/35-37")))

    def resolve(self, text: str) -> int | None:
        """Know records by number and OAI identifier."""
        number = text.rpartition(":")[2]
        return int(number) if number.isdigit() else None

    def live(self, union_id: int) -> UnionRecord | None:
        """Follow successors."""
        found = self.records.get(union_id)
        while found and found.deleted:
            found = self.records.get(found.successor_id or 0)
        return found

    def members(self) -> tuple[MemberRow, ...]:
        """Give the three members."""
        self._up()
        return MEMBERS

    def latest(self, member: MemberRow, limit: int) -> tuple[Hit, ...]:
        """Give all live records."""
        return self.search(Question(Everything(), limit=limit)).hits

    def stock(self, member: MemberRow) -> Stock:
        """Give the same stock of every member."""
        return Stock(1234, date(2026, 11, 20))

    def kinds(self) -> dict[str, tuple[str, str]]:
        """Give the kinds of library."""
        return KINDS

    def count(self) -> int:
        """Stand in for the index."""
        self._up()
        return len(self.records)

    def _up(self) -> None:
        if self.down:
            raise self.down


def settings(home: Path, **more: str) -> Settings:
    """Read settings of a home, as from an environment with nothing else in it."""
    return read({"LIENTHONG_HOME": str(home), **more})


def application(catalogue: FakeCatalogue, home: Path) -> Flask:
    """Put the doors on a fake catalogue."""
    app = assemble(catalogue, catalogue, settings(home))  # type: ignore[arg-type]
    app.testing = True
    return app
