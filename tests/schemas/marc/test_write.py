"""MARC out: ISO 2709 as pymarc writes and reads it, MARCXML valid against its schema, and nothing cut silently."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree
from pymarc import Field as TheirField
from pymarc import Indicators, MARCReader, Record
from pymarc import Subfield as TheirSubfield

from schemas.errors import EncodeError
from schemas.marc.clean import clean
from schemas.marc.marcxml import decode_xml, split_xml
from schemas.marc.read import decode
from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, data_field
from schemas.marc.write import collection, marc, marcxml
from tests.schemas.marc.samples import NASTY, TAGS, records

RECORD = MarcRecord(
    BLANK_LEADER,
    (
        Field("001", "qn1"),
        Field("008", "240101s2024    vm            000 0 vie d"),
        data_field("245", "10", ("a", "Quảng Ngãi :"), ("b", "đất & người <mới>")),
        data_field("500", "  ", ("<", "x"), ('"', "y")),
    ),
)


def test_iso_2709_is_written_as_pymarc_writes_it() -> None:
    theirs = Record()
    theirs.leader = RECORD.leader
    for field in RECORD.fields:
        if field.subfields:
            subfields = [TheirSubfield(code, value) for code, value in field.subfields]
            theirs.add_field(TheirField(field.tag, Indicators(*field.indicators), subfields))
        else:
            theirs.add_field(TheirField(field.tag, data=field.value))
    assert marc(RECORD) == theirs.as_marc()


def test_pymarc_reads_what_is_written() -> None:
    theirs = next(MARCReader(marc(RECORD)))
    assert theirs is not None
    assert [field.tag for field in theirs.fields] == [field.tag for field in RECORD.fields]
    assert theirs["245"]["b"] == "đất & người <mới>"
    assert theirs.leader[9] == "a"


def test_what_is_written_reads_the_same() -> None:
    assert decode(marc(RECORD)).record == RECORD
    assert decode_xml(marcxml(RECORD).encode()).record == RECORD


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (data_field("500", "  ", ("a", "x" * 10_000)), "field-too-long"),
        (data_field("500", "  ", ("a", "x\x1ey")), "field-unwritable"),
        (data_field("500", "  ", ("a", "x\x1fy")), "field-unwritable"),
        (data_field("500", "  ", ("a", "x\x1dy")), "field-unwritable"),
        (data_field("50", "  ", ("a", "x")), "field-unwritable"),
        (data_field("500", " ", ("a", "x")), "field-unwritable"),
        (data_field("50é", "  ", ("a", "x")), "field-unwritable"),
        (data_field("500", "  ", ("a", "\ud800")), "text-unwritable"),
    ],
)
def test_what_iso_2709_cannot_carry_is_said(field: Field, code: str) -> None:
    with pytest.raises(EncodeError) as caught:
        marc(MarcRecord(BLANK_LEADER, (field,)))
    assert caught.value.code == code


def test_a_record_over_99999_bytes_is_refused_with_its_length() -> None:
    long = MarcRecord(BLANK_LEADER, (Field("001", "qn9"), *[data_field("500", "  ", ("a", "x" * 9000))] * 12))
    with pytest.raises(EncodeError, match="qn9: 1082") as caught:
        marc(long)
    assert caught.value.code == "record-too-long"
    assert decode_xml(marcxml(long).encode()).record == long


def test_markup_is_escaped_and_forbidden_characters_are_left_out() -> None:
    record = MarcRecord(BLANK_LEADER, (data_field("500", "  ", ("a", 'a<b>&c"\x00\x1f\ufffe\ud800\rd')),))
    assert decode_xml(marcxml(record).encode()).record.fields[0].get("a") == 'a<b>&c"\rd'


def test_control_fields_come_first_because_the_schema_says_so() -> None:
    record = MarcRecord(BLANK_LEADER, (data_field("245", "10", ("a", "x")), Field("001", "1")))
    assert marcxml(record).index("controlfield") < marcxml(record).index("datafield")


@given(records(NASTY, TAGS))
def test_written_from_its_text_a_record_is_what_it_is_field_by_field(record: MarcRecord) -> None:
    cleaned = clean(record)[0]
    assert marcxml(cleaned) == marcxml(MarcRecord(cleaned.leader, cleaned.fields))


def test_a_collection_is_a_file_of_records() -> None:
    file = "".join(collection([RECORD, RECORD])).encode()
    assert [decode_xml(piece.content).record for piece in split_xml(BytesIO(file))] == [RECORD, RECORD]
    assert file.count(b"xmlns=") == 1
    assert etree.fromstring(file).tag == "{http://www.loc.gov/MARC21/slim}collection"


@given(records(NASTY, TAGS))
def test_a_cleaned_record_reads_back_the_same_from_both_formats(record: MarcRecord) -> None:
    cleaned = clean(record)[0]
    if cleaned.fields:
        assert decode(marc(cleaned)).record == cleaned
        assert decode_xml(marcxml(cleaned).encode()).record == cleaned


@given(records(NASTY, TAGS))
def test_a_cleaned_record_is_valid_against_the_schema(slim: etree.XMLSchema, record: MarcRecord) -> None:
    slim.assertValid(etree.fromstring(marcxml(clean(record)[0]).encode()))


@pytest.fixture(scope="module")
def slim(shared_data: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared_data / "xsd" / "marc" / "MARC21slim.xsd"))
