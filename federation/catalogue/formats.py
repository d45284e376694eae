"""The formats in which a record leaves the house: one table for every door.

In: a record (`Described` is enough for all that OAI-PMH spreads). Out: bytes, UTF-8. A new export format is one row of
`FORMATS`: metadataPrefix, recordSchema, record syntax and download follow from it. A writer raises `EncodeError` or
`CrosswalkError` for a record that the format cannot hold; the record is then served in the others.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from federation.catalogue.records import Described, UnionRecord
from federation.clock import iso
from federation.store.changes import Contents
from schemas import bib as bib_json
from schemas.bib import Bib, Holding
from schemas.crosswalks import bib_bibtex, bib_csl, bib_csv, bib_endnote, bib_ris
from schemas.crosswalks.bib_dc import oai_dc, srw_dc
from schemas.crosswalks.bib_mods import mods
from schemas.errors import SchemaError
from schemas.marc import straight
from schemas.marc.in_json import in_json
from schemas.marc.marcxml import decode_xml

MARCXML: Final = "http://www.loc.gov/MARC21/slim"
_MARCXML_XSD: Final = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"
_STORED: Final = f'<record xmlns="{MARCXML}"'.encode()
_LOCATED: Final = _STORED + (
    f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{MARCXML} {_MARCXML_XSD}"'.encode()
)
_END: Final = len(_STORED)

#: how a record opens, and the rest of it, in the very memory it was unfolded into: a page of a list is copied only once
Pieces: TypeAlias = tuple[bytes, bytes | memoryview]


class Wrapping(NamedTuple):
    """What makes one file of several records: what stands before them, between two, and behind them; `inner` writes a
    record among others where that is not what it is alone.
    """

    before: bytes = b""
    between: bytes = b""
    behind: bytes = b""
    inner: "Callable[[UnionRecord], bytes] | None" = None


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `prefix` (OAI), `sru` (schema) and `syntax` (Z39.50) are empty where that door does not give it.

    `sru_uri` is the schema's identifier there, and `srw` writes it where it differs from what OAI-PMH spreads.
    `write` gives a record as a file; `spread` gives what stands in OAI-PMH's `<metadata>`, in two pieces, and
    needs only the stored form named by `contents`, and the holdings where `holdings` says so. Where that form is all
    that is needed, `as_stored` gives the same from it. `many` says how several stand in one file.
    """

    name: str
    label: str
    extension: str
    media_type: str
    write: Callable[[UnionRecord], bytes]
    prefix: str = ""
    namespace: str = ""
    schema: str = ""
    sru: str = ""
    sru_uri: str = ""
    srw: Callable[[Described], bytes] | None = None
    syntax: str = ""
    spread: Callable[[Described], Pieces] | None = None
    as_stored: Callable[[bytes | memoryview], Pieces] | None = None
    contents: Contents = "marcxml"
    holdings: bool = False
    many: Wrapping = field(default_factory=Wrapping)


def marcxml(exported: bytes | memoryview) -> bytes:
    """Write MARCXML from the form that is stored: every door gives the same bytes."""
    return b"".join(_located(exported))


def _marcxml(record: Described) -> bytes:
    return marcxml(record.exported)


def _located(stored: bytes | memoryview) -> Pieces:
    # What is stored is what is exported; OAI-PMH (section 2.5) wants the schema named on the first element.
    if stored[:_END] != _STORED:
        return b"", stored
    return _LOCATED, stored[_END:]


def _marc(record: UnionRecord) -> bytes:
    return straight.marc(record.exported)


def _oai_dc(record: Described) -> bytes:
    return oai_dc(record.bib, (record.address, record.identifier)).encode()


def _srw_dc(record: Described) -> bytes:
    return srw_dc(record.bib, (record.address, record.identifier)).encode()


def _whole(write: Callable[[Described], bytes]) -> Callable[[Described], Pieces]:
    return lambda record: (b"", write(record))


def _lined(write: Callable[[UnionRecord], bytes]) -> Callable[[UnionRecord], bytes]:
    return lambda record: write(record) + b"\n"


def _mods(record: Described) -> bytes:
    # The code and not the name, as in 852 $a: a library that is renamed changes no record.
    held = [
        (each.member_code, Holding(each.location, each.call_number, each.copies, each.note)) for each in record.holdings
    ]
    return mods(record.bib, str(record.id), held, record.address).encode()


def _json(record: UnionRecord) -> bytes:
    holdings = [
        {
            "member": held.member_code,
            "local_id": held.local_id,
            "location": held.location,
            "call_number": held.call_number,
            "copies": held.copies,
            "note": held.note,
            "as_of": held.as_of.isoformat(),
        }
        for held in record.holdings
    ]
    values = {
        "id": record.id,
        "oai": record.identifier,
        "address": record.address,
        "datestamp": iso(record.datestamp),
        "deleted": record.deleted,
        "group": record.group_id,
        "title": str(record.bib.title),
        "members": [{"member": code, "local_id": local_id} for code, local_id in _records_of(record)],
        "holdings": holdings,
        "record": json.loads(bib_json.dump(record.bib)),
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _marc_in_json(record: UnionRecord) -> bytes:
    return in_json(decode_xml(record.exported).record).encode()


def _cited(walk: Callable[[Bib, str, str], str]) -> Callable[[UnionRecord], bytes]:
    return lambda record: walk(record.bib, str(record.id), record.address).encode()


def _csl(record: UnionRecord) -> bytes:
    return b"[" + _csl_item(record) + b"]"


def _csv(record: UnionRecord) -> bytes:
    return _CSV_HEAD + _csv_line(record)


def _csv_line(record: UnionRecord) -> bytes:
    held = [(each.member_name, each.call_number) for each in record.holdings]
    return bib_csv.line(record.bib, str(record.id), record.address, held).encode()


def _records_of(record: UnionRecord) -> list[tuple[str, str]]:
    pairs = ((origin.member_code, origin.local_id) for origin in record.sources)
    return sorted(set(pairs) or {(held.member_code, held.local_id) for held in record.holdings})


_csl_item: Final = _cited(bib_csl.csl)
_CSV_HEAD: Final = (bib_csv.MARK + bib_csv.head()).encode()
_XML: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'

FORMATS: Final[tuple[Format, ...]] = (
    Format(
        name="marcxml",
        label="MARCXML",
        extension="marcxml",
        media_type="application/marcxml+xml",
        write=_marcxml,
        prefix="marc21",
        namespace=MARCXML,
        schema=_MARCXML_XSD,
        sru="marcxml",
        sru_uri="info:srw/schema/1/marcxml-v1.1",
        syntax="XML",
        spread=lambda record: _located(record.exported),
        as_stored=_located,
        many=Wrapping(
            before=_XML + f'<collection xmlns="{MARCXML}">\n'.encode(),
            behind=b"</collection>\n",
            inner=_lined(_marcxml),
        ),
    ),
    Format(
        name="marc",
        label="MARC 21 (ISO 2709)",
        extension="mrc",
        media_type="application/marc",
        write=_marc,
        syntax="USMARC",
    ),
    Format(
        name="mods",
        label="MODS",
        extension="mods",
        media_type="application/mods+xml",
        write=_mods,
        prefix="mods",
        namespace="http://www.loc.gov/mods/v3",
        schema="http://www.loc.gov/standards/mods/v3/mods-3-7.xsd",
        sru="mods",
        sru_uri="info:srw/schema/1/mods-v3.7",
        syntax="XML",
        spread=_whole(_mods),
        contents="content",
        holdings=True,
        many=Wrapping(
            before=_XML + b'<modsCollection xmlns="http://www.loc.gov/mods/v3">\n',
            behind=b"</modsCollection>\n",
            inner=_lined(_mods),
        ),
    ),
    Format(
        name="oai_dc",
        label="Dublin Core",
        extension="dc",
        media_type="application/xml",
        write=_oai_dc,
        prefix="oai_dc",
        namespace="http://www.openarchives.org/OAI/2.0/oai_dc/",
        schema="http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        sru="dc",
        sru_uri="info:srw/schema/1/dc-v1.1",
        srw=_srw_dc,
        syntax="XML",
        spread=_whole(_oai_dc),
        contents="content",
        many=Wrapping(_XML + b"<records>\n", b"", b"</records>\n", _lined(_oai_dc)),
    ),
    Format(
        name="ris",
        label="RIS (Zotero, Mendeley)",
        extension="ris",
        media_type="application/x-research-info-systems",
        write=_cited(bib_ris.ris),
        many=Wrapping(between=b"\r\n"),
    ),
    Format(
        name="bibtex",
        label="BibTeX",
        extension="bib",
        media_type="application/x-bibtex",
        write=_cited(bib_bibtex.bibtex),
        many=Wrapping(between=b"\n"),
    ),
    Format(
        name="endnote",
        label="EndNote",
        extension="enw",
        media_type="application/x-endnote-refer",
        write=_cited(bib_endnote.endnote),
    ),
    Format(
        name="csl",
        label="CSL JSON",
        extension="csl",
        media_type="application/vnd.citationstyles.csl+json",
        write=_csl,
        many=Wrapping(b"[", b",\n", b"]\n", _csl_item),
    ),
    Format(
        name="csv",
        label="CSV (Excel)",
        extension="csv",
        media_type="text/csv",
        write=_csv,
        many=Wrapping(before=_CSV_HEAD, inner=_csv_line),
    ),
    Format(
        name="marcjson",
        label="MARC-in-JSON",
        extension="marcjson",
        media_type="application/marc-in-json",
        write=_marc_in_json,
        many=Wrapping(b"[", b",\n", b"]\n"),
    ),
    Format(
        name="json",
        label="JSON",
        extension="json",
        media_type="application/json",
        write=_json,
        many=Wrapping(b"[", b",\n", b"]\n"),
    ),
)


def of_prefix(prefix: str) -> Format | None:
    """Give the format of an OAI metadataPrefix; None when there is none."""
    return next((form for form in FORMATS if form.prefix == prefix and form.spread), None) if prefix else None


def named(name: str) -> Format | None:
    """Give the format called so, or whose files end so; None when there is none."""
    return next((form for form in FORMATS if name in (form.name, form.extension)), None) if name else None


def together(
    form: Format, records: Iterable[UnionRecord], refused: Callable[[UnionRecord, SchemaError], None]
) -> Iterator[bytes]:
    """Yield one file of several records, piece by piece; a record that the format cannot hold is handed to `refused`
    and left out.
    """
    write, between = form.many.inner or form.write, b""
    yield form.many.before
    for record in records:
        try:
            content = write(record)
        except SchemaError as error:
            refused(record, error)
            continue
        yield between + content
        between = form.many.between
    yield form.many.behind


def of_sru(name: str) -> Format | None:
    """Give the format of an SRU record schema, by its short name, its identifier or its namespace."""
    for form in FORMATS:
        if form.sru and name in (form.sru, form.sru_uri, form.namespace):
            return form
    return None
