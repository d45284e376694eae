"""The number a record goes by, read from the bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.marc.identity import control_number, fingerprint
from tests.schemas.marc.samples import TITLE, iso

BOTH = iso(("001", b" qn1 "), ("003", b"QNLIB"), TITLE)
XML = (
    '<m:record><m:leader>00000nam a2200000   4500</m:leader><m:controlfield tag="001"> qn&amp;1</m:controlfield>'
    "<m:controlfield note='x' tag = '003'>QNLIB</m:controlfield></m:record>"
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (BOTH, ("qn1", "QNLIB")),
        (iso(("001", b"qn1"), TITLE), ("qn1", "")),
        (iso(TITLE), ("", "")),
        (iso(("001", b"one"), ("001", b"two")), ("one", "")),
        (iso(("001", "số1".encode()), TITLE), ("số1", "")),
        (iso(("001", b"  \x1faqn1"), TITLE), ("qn1", "")),
        (BOTH.replace(b"0010006", b"0010099"), ("qn1", "QNLIB")),
        (b"00000" + BOTH[5:12] + b"00000" + BOTH[17:-1], ("qn1", "QNLIB")),
        (b"", ("", "")),
        (b"junk", ("", "")),
    ],
)
def test_the_number_of_an_iso_2709_record(content: bytes, expected: tuple[str, str]) -> None:
    assert control_number(content, "iso2709") == expected


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (XML, ("qn&1", "QNLIB")),
        (XML.replace("m:", ""), ("qn&1", "QNLIB")),
        (XML.replace(" qn&amp;1", "<![CDATA[qn1]]>"), ("qn1", "QNLIB")),
        (XML.replace(" qn&amp;1", "a & b"), ("a & b", "QNLIB")),
        ("<record><leader/></record>", ("", "")),
        ("junk", ("", "")),
    ],
)
def test_the_number_of_a_marcxml_record(xml: str, expected: tuple[str, str]) -> None:
    assert control_number(xml.encode(), "marcxml") == expected


def test_the_order_of_the_directory_decides_which_field_is_001() -> None:
    content = b"00000nam a2200049   4500" + b"245000900007" + b"001000700000" + b"\x1evn0001\x1e10\x1faTilt\x1e\x1d"
    assert control_number(b"%05d" % len(content) + content[5:], "iso2709") == ("vn0001", "")


@given(st.binary(max_size=80), st.sampled_from(["iso2709", "marcxml"]))
def test_it_never_raises(content: bytes, syntax: str) -> None:
    assert len(control_number(content, syntax)) == 2


def test_a_fingerprint_follows_the_content_and_not_the_blanks_around_it() -> None:
    assert fingerprint(BOTH) == fingerprint(b"\n" + BOTH + b"\r\n")
    assert fingerprint(BOTH) != fingerprint(BOTH.replace(b"QNLIB", b"QNLIC"))
    assert len(fingerprint(b"")) == 20
