"""The packed form: any record comes back exactly."""

from hypothesis import given

from schemas.marc.pack import pack, unpack
from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, Subfield, data_field
from tests.schemas.marc.samples import NASTY, TAGS, records


@given(records(NASTY, TAGS))
def test_every_record_comes_back_exactly(record: MarcRecord) -> None:
    assert unpack(pack(record)) == record


def test_a_usual_record_takes_little_more_than_its_text() -> None:
    record = MarcRecord(BLANK_LEADER, (Field("001", "1"), data_field("245", "10", ("a", "Tên"), ("b", "sách"))))
    assert pack(record) == b"M" + BLANK_LEADER.encode() + "\x1e0011\x1e24510\x1faTên\x1fbsách".encode()
    assert unpack(pack(record)) == record


def test_length_has_no_limit() -> None:
    record = MarcRecord(BLANK_LEADER, (data_field("500", "  ", ("a", "x" * 200_000)),))
    assert unpack(pack(record)) == record


def test_lone_surrogates_and_delimiters_survive() -> None:
    field = Field("500", "", "  ", (Subfield("a", "\ud800\udc00 \x1e\x1f\x1d"), Subfield("", "")))
    record = MarcRecord(BLANK_LEADER, (field,))
    assert unpack(pack(record)) == record


def test_the_types_come_back_too() -> None:
    for value in ("x", "\x1e"):
        field = unpack(pack(MarcRecord(BLANK_LEADER, (data_field("245", "  ", ("a", value)),)))).fields[0]
        assert type(field) is Field
        assert type(field.subfields[0]) is Subfield
