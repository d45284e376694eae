"""Holdings of OPAC records, written behind the fields of the bibliographic record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters.z3950.holdings import with_holdings
from schemas.marc import write
from schemas.marc.marcxml import decode_xml
from schemas.marc.read import decode
from schemas.marc.record import Field, MarcRecord, data_field
from schemas.z3950 import oid
from schemas.z3950.external import External
from schemas.z3950.records import Circulation, Holding

BOOK = MarcRecord("00000nam a2200000   4500", (Field("001", "7"), data_field("245", "00", ("a", "Số đỏ"))))
MARC = write.marc(BOOK)
HELD = Holding(local_location="Kho mượn", call_number="895.922 S", public_note="rách", copy_number="2")
FIELD = data_field("852", "  ", ("b", "Kho mượn"), ("h", "895.922 S"), ("t", "2"), ("z", "rách"))


def test_a_record_of_iso_2709_gets_fields_and_stays_what_it_was() -> None:
    found = decode(with_holdings(MARC, "iso2709", [HELD, HELD]))
    assert found.issues == ()
    assert found.record.fields == (*decode(MARC).record.fields, FIELD, FIELD)


def test_a_record_in_marc_8_gets_them_in_marc_8() -> None:
    old = MARC[:9] + b" " + MARC[10:].replace("Số đỏ".encode(), b"So do    ")
    content = with_holdings(old, "iso2709", [HELD])
    assert decode(content).record.fields[-1] == FIELD
    assert content[9:10] == b" "


@pytest.mark.parametrize("prefix", ["", "marc:"])
@pytest.mark.parametrize("around", ["%s", "<collection xmlns='http://www.loc.gov/MARC21/slim'>%s</collection>\n"])
def test_a_record_of_marcxml_gets_fields_whatever_its_prefix(prefix: str, around: str) -> None:
    text = write.marcxml(BOOK).replace('<record xmlns="', f'<record xmlns{":" + prefix[:-1] if prefix else ""}="')
    if prefix:
        for name in ("record", "leader", "controlfield", "datafield", "subfield"):
            text = text.replace(f"<{name}", f"<{prefix}{name}").replace(f"</{name}", f"</{prefix}{name}")
    found = decode_xml(with_holdings((around % text).encode(), "marcxml", [HELD]))
    assert found.issues == ()
    assert found.record.fields == (*BOOK.fields, FIELD)


def test_copies_are_counted_by_their_numbers() -> None:
    copies = (Circulation(True, item_id="VN.1"), Circulation(False, item_id="VN.2", restrictions="thẻ 12"))
    last = decode(with_holdings(MARC, "iso2709", [Holding(circulation=copies, copy_number="9")])).record.fields[-1]
    assert last == data_field("852", "  ", ("p", "VN.1"), ("p", "VN.2"))


def test_holdings_that_are_marc_give_their_fields() -> None:
    held = MarcRecord("00000nx  a2200000zn 4500", (Field("001", "h7"), FIELD, data_field("876", "  ", ("p", "VN.1"))))
    found = decode(with_holdings(MARC, "iso2709", [External(oid.USMARC, write.marc(held))])).record
    assert [field.tag for field in found.fields] == ["001", "245", "852", "876"]


OWN = write.marc(MarcRecord(BOOK.leader, (*BOOK.fields, FIELD)))


@pytest.mark.parametrize(
    "content",
    [
        OWN,
        MARC[:-1],
        MARC[:30],
        b"",
        b"x" * 40 + MARC,
        MARC[:12] + b"99999" + MARC[17:],
        write.marc(MarcRecord(BOOK.leader, (*BOOK.fields, *(data_field("500", "  ", ("a", "x" * 9990)),) * 9))),
    ],
)
def test_a_record_that_has_its_own_or_cannot_hold_more_stays_as_it_is(content: bytes) -> None:
    assert with_holdings(content, "iso2709", [HELD] * 500) == content
    assert with_holdings(content, "iso2709", [External(oid.USMARC, b"no MARC")]) == content
    assert with_holdings(content, "marcxml", [HELD]) == content
    assert with_holdings(content, "unknown", [HELD]) == content


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
def test_whatever_a_place_is_called_the_record_can_be_read(name: str) -> None:
    found = decode(with_holdings(MARC, "iso2709", [Holding(local_location=name or "x")]))
    assert found.issues == ()
    assert found.record.fields[:-1] == decode(MARC).record.fields
