"""Union records as Z39.50 carries them: MARC 21, XML, text, holdings, GRS-1.

In: numbers, and what a client wants. Out: records in their order, read a page at a time, each only when it is asked
for. Of those that are MARC nothing but the exported form is read. A record that is gone or damaged, or that a syntax
cannot hold, is a diagnostic in its place. Z39.50-1995, appendix REC.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, Protocol

from federation.catalogue.formats import marcxml
from federation.catalogue.records import HeldBy, UnionRecord, unfolded
from federation.errors import Inconsistent
from federation.z3950 import text
from federation.z3950.wanted import Wanted
from schemas.errors import SchemaError
from schemas.marc import straight
from schemas.query.charset_names import MARC_8, UTF_8
from schemas.z3950 import codec, oid
from schemas.z3950.external import External
from schemas.z3950.records import Element, GenericRecord, Holding, OpacRecord, SutrsRecord
from schemas.z3950.retrieval import NamedRecord
from schemas.z3950.values import Diagnostic

#: records that are read at once
PAGE: Final = 50
#: the fields of a brief record
BRIEF: Final = frozenset(
    ["001", "003", "005", "008", "020", "022", "100", "110", "111", "245", "250", "260", "264", "300", "490"]
)
_ALL: Final = frozenset[str]()
_NOT_IN_SYNTAX, _DELETED = 238, 1028
_TAG_M, _TAG_G = 1, 2
_IDENTIFIER: Final = 14


class Source(Protocol):
    """What records are read from."""

    def stored(self, ids: tuple[int, ...]) -> Mapping[int, bytes]:
        """Give the MARCXML of records that are live, still folded."""
        ...

    def readable(self, ids: tuple[int, ...]) -> tuple[UnionRecord, ...]:
        """Give whole records, without those that are damaged."""
        ...


@dataclass(frozen=True, slots=True)
class Writing:
    """How records are written for one client: what it wants, the charset of MARC, its language, the database's name."""

    wanted: Wanted
    charset: str = UTF_8
    language: str = "vi"
    database: str = "union"

    @property
    def plain(self) -> bool:
        """Whether the exported form is all that is needed."""
        form = self.wanted.form
        return form is not None and form.name in ("marc", "marcxml")


def named(numbers: Iterable[int | None], writing: Writing, source: Source) -> Iterator[NamedRecord]:
    """Yield the records of these numbers."""
    waiting = iter(numbers)
    while page := tuple(islice(waiting, PAGE)):
        yield from _page(page, writing, source)


def _page(page: tuple[int | None, ...], writing: Writing, source: Source) -> Iterator[NamedRecord]:
    ids = tuple(number for number in page if number is not None)
    if writing.plain:
        stored = source.stored(ids)
        forms = {number: form for number, content in stored.items() if (form := _plain(content, writing, number))}
    else:
        live = (record for record in source.readable(ids) if not record.deleted)
        forms = {record.id: _whole(record, writing) for record in live}
    for number in page:
        gone = Diagnostic(_DELETED, str(number or ""))
        record = gone if number is None else forms.get(number, gone)
        yield NamedRecord(record, writing.database, surrogate=isinstance(record, Diagnostic))


def _plain(stored: bytes, writing: Writing, number: int) -> External | Diagnostic | None:
    """Write a record as it is exported; None when it is damaged: `lienthong check` tells of it."""
    wanted = writing.wanted
    only = BRIEF if wanted.brief else _ALL
    try:
        if wanted.form and wanted.form.name == "marcxml":
            exported = unfolded(stored, number)
            return External(wanted.syntax, straight.brief_xml(exported, only) if only else marcxml(exported))
        return External(oid.USMARC, _ready(stored, number, only, writing.charset == MARC_8))
    except SchemaError as error:
        return _unwritable(error)
    except Inconsistent:
        return None


@lru_cache(maxsize=4_096)
def _ready(stored: bytes, number: int, only: frozenset[str], marc8: bool) -> bytes:
    # New books are asked for by many libraries in the same weeks; some 2 KB each.
    return _iso2709(unfolded(stored, number), only, marc8)


def _iso2709(exported: bytes, only: frozenset[str], marc8: bool) -> bytes:
    return straight.marc(exported, only, "marc-8" if marc8 else "utf-8")


def _whole(record: UnionRecord, writing: Writing) -> External | Diagnostic:
    wanted = writing.wanted
    try:
        if wanted.form is not None:
            return External(wanted.syntax, wanted.form.write(record))
        if wanted.syntax == oid.SUTRS:
            return codec.write_record(SutrsRecord(text.of(record, wanted.brief, writing.language)))
        if wanted.syntax == oid.GRS_1:
            return codec.write_record(_generic(record, wanted.brief))
        only = BRIEF if wanted.brief else _ALL
        marc = External(oid.USMARC, _iso2709(record.exported, only, writing.charset == MARC_8))
        return codec.write_record(OpacRecord(marc, tuple(map(_holding, record.holdings)) or None))
    except SchemaError as error:
        return _unwritable(error)


def _unwritable(error: SchemaError) -> Diagnostic:
    return Diagnostic(_NOT_IN_SYNTAX, str(error)[:200])


def _holding(held: HeldBy) -> Holding:
    return Holding(
        nuc_code=held.member_code,
        local_location=held.member_name,
        shelving_location=held.location or None,
        call_number=held.call_number or None,
        copy_number=str(held.copies) if held.copies else None,
        public_note=held.note or None,
        date_of_report=held.as_of.isoformat(),
    )


def _generic(record: UnionRecord, brief: bool) -> GenericRecord:
    """Give the elements of tag sets M and G that a record has."""
    bib, publication = record.bib, record.bib.publication
    said = [
        (1, (str(bib.title),)),
        (2, [agent.name for agent in bib.agents]),
        (31, (publication.publisher,)),
        (4, (publication.date or str(publication.year or ""),)),
    ]
    if not brief:
        said += [
            (3, (publication.place,)),
            (28, [number.value for number in bib.identifiers]),
            (20, bib.languages),
            (21, [subject.heading for subject in bib.subjects]),
            (6, (bib.summary,)),
        ]
    elements = (Element(tag, value, _TAG_G) for tag, values in said for value in values if value)
    return GenericRecord((Element(_IDENTIFIER, str(record.id), _TAG_M), *elements))
