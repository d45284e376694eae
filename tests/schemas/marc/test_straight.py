"""Our MARCXML straight to ISO 2709: the same bytes as by way of the parser, and MARC-8 that loses nothing."""

import gzip
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import EncodeError, SchemaError
from schemas.marc import marc8, marc8_write, straight, write
from schemas.marc.marcxml import decode_xml
from schemas.marc.read import decode
from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, data_field

RECORD = MarcRecord(
    BLANK_LEADER,
    (
        Field("001", "7"),
        data_field("100", "1 ", ("a", "Nguyễn Du")),
        data_field("245", "10", ("a", 'Truyện <Kiều> & "thơ"'), ("c", "Nguyễn Du; \u0110oàn\rx")),
    ),
)


def by_the_parser(exported: bytes) -> bytes | str:
    try:
        return write.marc(decode_xml(exported).record)
    except SchemaError as error:
        return str(error)


def straightly(exported: bytes) -> bytes | str:
    try:
        return straight.marc(exported)
    except SchemaError as error:
        return str(error)


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")))
_CODES = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
_FIELDS = st.builds(
    lambda tag, indicators, pairs: data_field(tag, indicators, *pairs),
    st.from_regex(r"[1-9][0-9]{2}", fullmatch=True),
    st.text(_CODES, min_size=2, max_size=2),
    st.lists(st.tuples(_CODES, _TEXT), min_size=1),
)

#: on a busy machine these take long to make up
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@UNHURRIED
@given(st.lists(_FIELDS, min_size=1))
def test_any_record_of_ours_gives_the_same_bytes(fields: list[Field]) -> None:
    exported = write.marcxml(MarcRecord(BLANK_LEADER, (Field("001", "1"), *fields))).encode()
    assert straightly(exported) == by_the_parser(exported)


def test_real_records_give_the_same_bytes(shared_data: Path) -> None:
    content = gzip.decompress((shared_data / "marc" / "lc-books-10000.mrc.gz").read_bytes())
    for piece in content.split(b"\x1d")[:1_000]:
        exported = write.marcxml(decode(piece + b"\x1d").record).encode()
        assert straightly(exported) == by_the_parser(exported)


def test_marcxml_of_another_hand_is_read_by_the_parser() -> None:
    other = b'<m:record xmlns:m="http://www.loc.gov/MARC21/slim"><m:leader>00000nam a2200000   4500</m:leader>'
    other += b'<m:datafield ind1="1" ind2="0" tag="245"><m:subfield code="a">T</m:subfield></m:datafield></m:record>'
    assert decode(straight.marc(other)).record.of("245")


def test_some_fields_only() -> None:
    exported = write.marcxml(RECORD).encode()
    assert [field.tag for field in decode(straight.marc(exported, {"001", "245"})).record.fields] == ["001", "245"]
    assert [field.tag for field in decode_xml(straight.brief_xml(exported, {"245"})).record.fields] == ["245"]


def test_a_record_that_iso_2709_cannot_hold_is_refused() -> None:
    for fields in (
        (data_field("500", "  ", ("a", "x" * 10_000)),),
        (data_field("500", "  ", ("a", "x" * 9_000)),) * 12,
    ):
        with pytest.raises(EncodeError):
            straight.marc(write.marcxml(MarcRecord(BLANK_LEADER, fields)).encode())


def test_in_marc_8_the_leader_says_so_and_lengths_are_of_bytes() -> None:
    content = straight.marc(write.marcxml(RECORD).encode(), charset="marc-8")
    assert (content[9:10], int(content[:5])) == (b" ", len(content))
    assert b"Truy\xf2\xe3en <Ki\xe3\xe1eu>" in content or b"Truy\xe3\xf2en" in content
    assert decode(content).record.first("245").get("a") == 'Truyện <Kiều> & "thơ"'  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "aăâ đ eê oôơ uư ỳ ỹ ỷ ý ỵ",
        "Nghiêng đường Ưu ương ưởng Ợ",
        "Ångström, Þórr, Łódź, œuvre",
        "中国 Россия",
        "a\u0328\u0301",
        "",
    ],
)
def test_a_text_comes_back_from_marc_8(text: str) -> None:
    assert marc8.decode(marc8_write.encode(text)) == (unicodedata.normalize("NFC", text), 0)


def test_all_vietnamese_letters_have_their_place_in_marc_8() -> None:
    vowels = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    letters = "".join(unicodedata.normalize("NFC", vowel + tone) for vowel in vowels for tone in tones) + "đ"
    written = marc8_write.encode(letters + letters.upper())
    assert b"&#x" not in written
    assert marc8.decode(written) == (letters + letters.upper(), 0)
