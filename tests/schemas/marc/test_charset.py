"""Character sets: decided by the bytes of each field, whatever leader/09 says, with nothing lost in silence."""

from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymarc.marc8 import marc8_to_unicode

from schemas.marc import marc8
from schemas.marc.read import decode
from tests.schemas.marc.samples import iso

FRENCH = "Bibliothèque de l'École française : récits d'été à Genève"


def read(text: bytes, labelled: str = " ") -> tuple[str, list[str]]:
    decoded = decode(iso(("245", b"10\x1fa" + text), status=f"nam {labelled}"))
    return decoded.record.fields[0].get("a"), [found.code for found in decoded.issues]


@pytest.mark.pathology(
    22,
    "UTF-8, MARC-8 and Windows-1252 are told by the bytes of each field; a guess is an issue",
)
@pytest.mark.parametrize(
    ("text", "label", "expected", "issues"),
    [
        (b"plain", " ", "plain", []),
        (b"plain", "a", "plain", []),
        ("Quảng Ngãi".encode(), "a", "Quảng Ngãi", []),
        ("Quảng Ngãi".encode(), " ", "Quảng Ngãi", ["encoding-mislabelled"]),
        (b"Rodr\xe2iguez", " ", "Rodríguez", []),
        (b"Rodr\xe2iguez", "a", "Rodríguez", ["encoding-mislabelled"]),
        (b"\x1b$1!Q1!G4\x1b(B = CJK", " ", "統治 = CJK", []),
        (b"Phu&#x31B;o&#x31B;ng", " ", "Phương", []),
        (b"Phu&#x31B;ng", "a", "Phu&#x31B;ng", []),
        (FRENCH.encode("cp1252"), " ", FRENCH, ["encoding-guessed"]),
        (FRENCH.encode("cp1252"), "a", FRENCH, ["encoding-guessed"]),
        (b"Qu\xe1\xba\xa3ng Ng\xc3\xa3i, \xc3", "a", "Quảng Ngãi, \ufffd", ["encoding-undecodable"]),
    ],
)
def test_the_bytes_decide(text: bytes, label: str, expected: str, issues: list[str]) -> None:
    assert read(text, label) == (expected, issues)


def test_the_leader_of_a_decoded_record_says_unicode() -> None:
    assert decode(iso(("245", b"10\x1faRodr\xe2iguez"), status="nam  ")).record.leader[9] == "a"


@pytest.mark.pathology(
    22,
    "UTF-8, MARC-8 and Windows-1252 are told by the bytes of each field; a guess is an issue",
)
def test_each_field_may_have_its_own_character_set() -> None:
    content = iso(("100", b"1 \x1faRodr\xe2iguez"), ("245", "10\x1faQuảng".encode()))
    decoded = decode(content)
    assert [field.get("a") for field in decoded.record.fields] == ["Rodríguez", "Quảng"]
    assert [found.code for found in decoded.issues] == ["encoding-mislabelled"]


@pytest.mark.pathology(
    22,
    "UTF-8, MARC-8 and Windows-1252 are told by the bytes of each field; a guess is an issue",
)
def test_windows_1252_loses_no_byte() -> None:
    every = bytes(range(0x80, 0x100))
    text, issues = read(b"\xe9\xe9\xe9 " + every)
    assert len(text) == len(every) + 4
    assert "\ufffd" not in text
    assert issues == ["encoding-guessed"]


def test_a_high_byte_in_the_leader_says_nothing_about_the_text() -> None:
    content = iso(("245", "10\x1faQuảng".encode()))
    decoded = decode(content[:21] + b"\x92" + content[22:])
    assert decoded.record.fields[0].get("a") == "Quảng"
    assert "encoding-guessed" not in [found.code for found in decoded.issues]


def test_marks_of_marc8_move_behind_their_letters() -> None:
    assert marc8.decode(b"Rodr\xe2iguez \xebi\xeca") == ("Rodríguez i\ufe20a\ufe21", 0)


def test_marks_at_the_end_and_control_characters_are_kept() -> None:
    assert marc8.decode(b"abc\xe2") == ("ab\u0107", 0)
    assert marc8.decode(b"a\x01b") == ("a\x01b", 0)


def test_character_sets_are_reset_at_each_subfield() -> None:
    assert marc8.decode(b"\x1fa\x1b(N\x61\x1fbabc") == ("\x1faА\x1fbabc", 0)


@pytest.mark.parametrize("content", [b"\x80", b"\x1b$1\x21\x21\x21\x1b(B", b"\x1b$1ab\x1b(B"])
def test_unknown_bytes_of_marc8_are_counted(content: bytes) -> None:
    text, unknown = marc8.decode(content)
    assert text == "\ufffd"
    assert unknown == 1


@given(st.binary(max_size=40))
def test_any_bytes_are_decoded_as_marc8(content: bytes) -> None:
    text, unknown = marc8.decode(content)
    assert unknown <= text.count("\ufffd") + 1
    assert 0.0 <= marc8.likeness(content) <= 1.0


ANSEL = st.sampled_from([bytes([byte]) for byte in (*b"aeiouyAEOUcnstz 12,.", *range(0xA1, 0xAF), *range(0xE0, 0xEB))])


@given(st.lists(ANSEL, max_size=20))
def test_marc8_is_read_as_pymarc_reads_it(parts: list[bytes]) -> None:
    content = b"".join(parts) + b"."
    text, unknown = marc8.decode(content)
    if not unknown:
        assert text == marc8_to_unicode(content, hide_utf8_warnings=True)


def test_1515_lines_read_alike_in_marc8_and_in_utf8(shared_data: Path) -> None:
    broken = shared_data / "marc" / "broken"
    old = (broken / "pymarc-tests__test_marc8.txt").read_bytes().split(b"\n")
    new = (broken / "pymarc-tests__test_utf8.txt").read_bytes().split(b"\n")
    assert len(old) == len(new) == 1516
    assert [marc8.decode(line)[0] for line in old] == [normalize("NFC", line.decode()) for line in new]
