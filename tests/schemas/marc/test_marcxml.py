"""One MARCXML record: any namespace, small faults mended with an issue, everything unsafe refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import DecodeError
from schemas.issues import CODES
from schemas.marc.clean import clean
from schemas.marc.marcxml import decode_xml
from schemas.marc.piece import LIMIT
from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, Subfield
from schemas.marc.write import SLIM

LEADER = "<leader>00000nam a2200000   4500</leader>"
INSIDE = (
    f'{LEADER}<controlfield tag="001">qn1</controlfield>'
    '<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Quảng Ngãi</subfield></datafield>'
)
EXPECTED = MarcRecord(BLANK_LEADER, (Field("001", "qn1"), Field("245", "", "10", (Subfield("a", "Quảng Ngãi"),))))


def title(inner: str) -> str:
    field = f'<datafield tag="245" ind1="1" ind2="0"><subfield code="a">{inner}</subfield></datafield>'
    return decode_xml(f"<record>{LEADER}{field}</record>".encode()).record.fields[0].get("a")


def codes(xml: str) -> list[str]:
    decoded = decode_xml(xml.encode())
    return [found.code for found in (*decoded.issues, *clean(decoded.record)[1])]


def refusal(content: bytes) -> str:
    with pytest.raises(DecodeError) as caught:
        decode_xml(content)
    assert CODES[caught.value.code][0] == "rejected"
    return caught.value.code


@pytest.mark.pathology(25, "MARCXML is read in any namespace or none")
@pytest.mark.parametrize(
    "xml",
    [
        f"<record>{INSIDE}</record>",
        f'<record xmlns="{SLIM}">{INSIDE}</record>',
        f'<record xmlns="info:lc/xmlns/marcxchange-v1">{INSIDE}</record>',
        f'<record xmlns="http://example.org/wrong">{INSIDE}</record>',
        f"<marc:record>{INSIDE}</marc:record>",
        f'<marc:record xmlns:marc="{SLIM}">{INSIDE}</marc:record>',
        f"<record><a:b/>{INSIDE}</record>",
        f'<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="{SLIM}"><record>{INSIDE}</record></collection>',
        f"<record><header/><metadata><m:record>{INSIDE}</m:record></metadata></record>",
        f"<record><!-- note --><?pi x?>{INSIDE}</record>",
        f"<record>{INSIDE}</record>".replace("<", "\n  <").replace("\n  </", "</"),
    ],
)
def test_namespace_prefix_and_wrapping_do_not_matter(xml: str) -> None:
    decoded = decode_xml(xml.encode())
    assert decoded.record == EXPECTED
    assert decoded.issues == ()


def test_prefixes_inside_need_no_declaration() -> None:
    inside = INSIDE.replace("</", "</m:").replace("<", "<m:").replace("<m:/m:", "</m:")
    assert decode_xml(f"<m:record>{inside}</m:record>".encode()).record == EXPECTED


def test_a_declared_encoding_is_followed() -> None:
    xml = f'<?xml version="1.0" encoding="windows-1252"?><record>{INSIDE}</record>'.replace("ả", "à")
    assert decode_xml(xml.encode("cp1252")).record.fields[1].get("a") == "Quàng Ngãi"


@pytest.mark.pathology(25, "a wrong tag or code is mended with an issue, and the text stays")
@pytest.mark.parametrize(
    ("tag", "code"),
    [('tag=" 24"', "tag-mended"), ('tag="24"', "tag-mended"), ('tag=""', "tag-invalid"), ("", "tag-invalid")],
)
def test_a_wrong_tag_is_an_issue(tag: str, code: str) -> None:
    assert code in codes(
        f'<record>{INSIDE}<datafield {tag} ind1=" " ind2=" "><subfield code="a">x</subfield></datafield></record>'
    )


@pytest.mark.pathology(25, "a wrong tag or code is mended with an issue, and the text stays")
def test_a_mended_tag_names_the_field_that_was_meant() -> None:
    field = '<datafield tag=" 24" ind1=" " ind2=" "><subfield code="a">x</subfield></datafield>'
    assert clean(decode_xml(f"<record>{INSIDE}{field}</record>".encode()).record)[0].fields[2].tag == "024"


@pytest.mark.pathology(25, "a wrong tag or code is mended with an issue, and the text stays")
def test_an_empty_subfield_code_is_an_issue_and_keeps_its_text() -> None:
    xml = f"<record>{INSIDE}</record>".replace('code="a"', 'code=""')
    assert "subfield-invalid" in codes(xml)
    assert clean(decode_xml(xml.encode()).record)[0].fields[1].get("a") == "Quảng Ngãi"


def test_a_missing_leader_is_an_issue() -> None:
    decoded = decode_xml(f"<record>{INSIDE}</record>".replace(LEADER, "").encode())
    assert [found.code for found in decoded.issues] == ["leader-invalid"]
    assert decoded.record == EXPECTED


@pytest.mark.parametrize("indicators", ["", 'ind1="" ind2="0"', 'ind1="10" ind2=" "'])
def test_missing_indicators_are_an_issue(indicators: str) -> None:
    xml = f"<record>{INSIDE}</record>".replace('ind1="1" ind2="0"', indicators)
    assert codes(xml) == ["indicator-invalid"]


def test_text_outside_and_markup_inside_subfields_are_kept() -> None:
    inner = 'loose<subfield code="a">A <i>b</i> c</subfield>'
    xml = f'<record>{LEADER}<datafield tag="500" ind1=" " ind2=" ">{inner}</datafield></record>'
    field = clean(decode_xml(xml.encode()).record)[0].fields[0]
    assert field.subfields == (Subfield("a", "loose"), Subfield("a", "A b c"))


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("Sông & núi", "Sông & núi"),
        ("Sông &amp; núi & biển", "Sông & núi & biển"),
        ("a < b", "a < b"),
        ("caf&eacute;&nbsp;x", "café\u00a0x"),
        ("a&#31;b", "ab"),
        ("a\x1fb\x00", "ab"),
        ("&nothing; &#x110;", "&nothing; Đ"),
    ],
)
def test_small_faults_of_the_xml_are_mended(inner: str, expected: str) -> None:
    assert title(inner) == expected
    assert "xml-rescued" in codes(f"<record>{INSIDE}</record>".replace("Quảng Ngãi", inner))


@pytest.mark.pathology(22, "bytes that cannot be decoded are shown as such and reported; the raw record keeps them")
def test_bytes_that_are_no_utf8_are_shown_as_such() -> None:
    decoded = decode_xml(f"<record>{INSIDE}</record>".encode().replace("ả".encode(), b"\xff"))
    assert decoded.record.fields[1].get("a") == "Qu\ufffdng Ngãi"
    assert "encoding-undecodable" in [found.code for found in decoded.issues]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "xml-unreadable"),
        (b"no XML", "xml-unreadable"),
        (b"<record><leader>x</record>", "xml-unreadable"),
        (f"<record>{INSIDE}".encode(), "xml-unreadable"),
        (f"<!DOCTYPE record><record>{INSIDE}</record>".encode(), "xml-doctype"),
        (
            f'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><record>{INSIDE}</record>'.encode("utf-16"),
            "xml-doctype",
        ),
        (b"<record/>", "not-marc"),
        (b"<record><leader>00000nam a2200000   4500</leader></record>", "not-marc"),
        (b"<record><metadata><dc:title>x</dc:title></metadata></record>", "not-marc"),
        (b"<html><body>Error</body></html>", "not-marc"),
        (b"<record>" + b" " * LIMIT, "record-oversize"),
    ],
)
def test_what_is_no_safe_marc_record_is_refused_by_name(content: bytes, code: str) -> None:
    assert refusal(content) == code


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_content_is_read_or_refused(content: str | bytes) -> None:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    for whole in (raw, b"<record>" + raw + b"</record>", f"<record>{INSIDE}".encode() + raw + b"</record>"):
        try:
            decode_xml(whole)
        except DecodeError as error:
            assert CODES[error.code][0] == "rejected"
