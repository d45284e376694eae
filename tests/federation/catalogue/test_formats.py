"""The table of formats: every row writes the same record, names are told apart, what cannot be written says why."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lxml import etree

from federation.catalogue.formats import FORMATS, Format, named, of_prefix, together
from federation.catalogue.records import HeldBy, Names, Origin, UnionRecord
from schemas.errors import EncodeError
from schemas.marc import write
from schemas.marc.read import decode
from schemas.marc.record import MarcRecord, data_field
from tests.support.catalogues import bib, marcxml

STAMP = datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC)
NAMES = Names("l.example", "https://l.example")
RECORD = UnionRecord(
    id=7,
    group_id=7,
    datestamp=STAMP,
    deleted=False,
    successor_id=None,
    sets=("member:tvt",),
    bib=bib(7),
    marcxml=marcxml(7),
    holdings=(HeldBy("tvt", "Thư viện tỉnh", "t7", "Kho mở", "895.922", 2, "", date(2026, 2, 1)),),
    sources=(Origin("tvt", "s1", "files", "/srv/x.mrc", "t7", "iso2709", "", STAMP),),
    created_at=STAMP,
    identifier=NAMES.identifier(7),
    address=NAMES.address(7),
)
ROWS = {form.name: form for form in FORMATS}


def test_every_name_stands_once() -> None:
    for column in ("name", "extension", "prefix"):
        values = [value for form in FORMATS if (value := getattr(form, column))]
        assert len(values) == len(set(values))
    libraries = {"marcxml", "marc", "marcjson", "mods", "oai_dc", "json"}
    assert set(ROWS) == libraries | {"ris", "bibtex", "endnote", "csl", "csv"}


def test_a_row_that_oai_gives_is_whole() -> None:
    for form in FORMATS:
        assert bool(form.prefix) == bool(form.spread) == bool(form.namespace) == bool(form.schema)
        assert of_prefix(form.prefix) == (form if form.prefix else None)
    assert of_prefix("json") is None


@pytest.mark.parametrize("name", ["marcxml", "mods", "oai_dc"])
def test_xml_formats_name_their_schema_and_say_the_title(name: str) -> None:
    form = ROWS[name]
    root = etree.fromstring(form.write(RECORD))
    assert etree.QName(root).namespace == form.namespace
    located = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "").split()
    assert located == [form.namespace, form.schema]
    assert "Sông núi <nước> & Nam 7" in "".join(root.itertext())
    assert form.spread is not None
    assert b"".join(form.spread(RECORD)) == form.write(RECORD)
    if form.as_stored:
        assert form.as_stored(memoryview(RECORD.exported)) == form.spread(RECORD)


def test_marcxml_is_what_is_stored_but_for_the_name_of_the_schema() -> None:
    given = ROWS["marcxml"].write(RECORD).decode()
    assert given.endswith(RECORD.marcxml[len('<record xmlns="http://www.loc.gov/MARC21/slim"') :])
    other = "<x:record xmlns:x='http://www.loc.gov/MARC21/slim'/>"
    assert ROWS["marcxml"].write(replace(RECORD, marcxml=other)).decode() == other


def test_marc_is_the_same_record() -> None:
    record = decode(ROWS["marc"].write(RECORD)).record
    assert record.control("001") == "7"
    assert write.marcxml(record).partition("</leader>")[2] == RECORD.marcxml.partition("</leader>")[2]


def test_a_record_too_long_for_iso_2709_says_so_and_is_given_as_marcxml() -> None:
    fields = tuple(data_field("520", "  ", ("a", "x" * 5000)) for _ in range(30))
    long = replace(RECORD, marcxml=write.marcxml(MarcRecord("00000nam a2200000   4500", fields)))
    with pytest.raises(EncodeError, match="MARCXML"):
        ROWS["marc"].write(long)
    assert len(ROWS["marcxml"].write(long)) > 150_000


def test_json_says_who_holds_it() -> None:
    told = json.loads(ROWS["json"].write(RECORD))
    assert (told["id"], told["oai"], told["datestamp"]) == (7, "oai:l.example:7", "2026-03-01T08:00:00Z")
    assert told["members"] == [{"member": "tvt", "local_id": "t7"}]
    assert told["holdings"][0]["call_number"] == "895.922"
    assert (told["deleted"], told["group"], told["holdings"][0]["as_of"]) == (False, 7, "2026-02-01")
    assert told["record"]["languages"] == ["vie"]
    assert told["title"] == "Sông núi <nước> & Nam 7"


def test_mods_says_who_holds_it() -> None:
    assert "<physicalLocation>tvt</physicalLocation>" in ROWS["mods"].write(RECORD).decode()


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_several_records_are_one_file(form: Format) -> None:
    other = replace(RECORD, id=8, address=NAMES.address(8))
    whole = b"".join(together(form, [RECORD, other], lambda *_: None))
    assert COUNTED[form.name](whole) == 2
    if form.name != "marc":
        assert whole.decode()
    empty = b"".join(together(form, [], lambda *_: None))
    assert COUNTED[form.name](empty) == 0


COUNTED = {
    **dict.fromkeys(("marcxml", "mods", "oai_dc"), lambda text: len(etree.fromstring(text))),
    **dict.fromkeys(("csl", "marcjson", "json"), lambda text: len(json.loads(text))),
    "marc": lambda text: text.count(b"\x1d"),
    "ris": lambda text: text.count(b"ER  - "),
    "endnote": lambda text: text.count(b"%0 "),
    "bibtex": lambda text: text.count(b"@book{"),
    "csv": lambda text: len(list(csv.reader(text.decode("utf-8-sig").splitlines()))) - 1,
}


def test_what_a_format_cannot_hold_is_left_out_of_a_file_and_told() -> None:
    fields = tuple(data_field("520", "  ", ("a", "x" * 5000)) for _ in range(30))
    long = replace(RECORD, id=8, marcxml=write.marcxml(MarcRecord("00000nam a2200000   4500", fields)))
    told = []
    whole = b"".join(together(ROWS["marc"], [long, RECORD], lambda record, error: told.append((record.id, error.code))))
    assert decode(whole).record.control("001") == "7"
    assert [number for number, _ in told] == [8]


def test_a_format_is_known_by_its_name_and_its_ending() -> None:
    assert named("bibtex") is named("bib") is ROWS["bibtex"]
    assert named("") is None
    assert named("docx") is None
