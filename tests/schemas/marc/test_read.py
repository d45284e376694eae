"""One ISO 2709 record: what is sound is read as it is, what is broken is read by its terminators or refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import DecodeError
from schemas.issues import CODES
from schemas.marc.piece import LIMIT
from schemas.marc.read import decode
from schemas.marc.record import Field, Subfield
from tests.schemas.marc.samples import TITLE, iso

NUMBER = ("001", b"vn0001")
IMPRINT = ("260", b"  \x1faH\xc3\xa0 N\xe1\xbb\x99i :\x1fbKim \xc4\x90\xe1\xbb\x93ng")
SOUND = iso(NUMBER, ("003", b"QNLIB"), TITLE, IMPRINT)


def codes(content: bytes) -> list[str]:
    return [found.code for found in decode(content).issues]


def refusal(content: bytes) -> str:
    with pytest.raises(DecodeError) as caught:
        decode(content)
    assert CODES[caught.value.code][0] == "rejected"
    return caught.value.code


def test_a_sound_record_is_read_without_an_issue() -> None:
    decoded = decode(SOUND)
    assert decoded.issues == ()
    assert decoded.record.leader == "00000nam a2200000   4500"
    assert decoded.record.fields == (
        Field("001", "vn0001"),
        Field("003", "QNLIB"),
        Field("245", "", "10", (Subfield("a", "Tiểu thuyết"),)),
        Field("260", "", "  ", (Subfield("a", "Hà Nội :"), Subfield("b", "Kim Đồng"))),
    )


@pytest.mark.pathology(24, "fields are found by their delimiters when lengths are wrong; the repair is an issue")
@pytest.mark.parametrize(
    ("fault", "content"),
    [
        ("record length", b"00042" + SOUND[5:]),
        ("record length that is no number", b"abcde" + SOUND[5:]),
        ("base address", SOUND[:12] + b"00024" + SOUND[17:]),
        ("base address that is no number", SOUND[:12] + b"x0024" + SOUND[17:]),
        ("every length in the directory", SOUND.replace(b"0010007", b"0010001").replace(b"2450019", b"2459999")),
        ("record terminator", SOUND[:-1]),
        ("record and field terminator", SOUND[:-2]),
        ("last field terminator", SOUND[:-2] + b"\x1d"),
        ("leader one byte short", SOUND[:19] + SOUND[20:]),
        ("leader two bytes long", SOUND[:18] + b"  " + SOUND[18:]),
        ("terminator of the directory", SOUND.replace(b"\x1evn0001", b"vn0001", 1)),
        ("terminator between two fields", SOUND.replace(b"\x1eQNLIB", b"QNLIB", 1)),
        ("directory entry of no field", SOUND.replace(b"003000600007", b"003000600007999000000000", 1)),
    ],
)
def test_a_broken_structure_is_rescued_with_all_its_fields(fault: str, content: bytes) -> None:
    decoded = decode(content)
    assert [found.code for found in decoded.issues] == ["structure-rescued"], fault
    assert decoded.record.fields == decode(SOUND).record.fields


def test_a_terminator_inside_a_text_does_not_shift_the_fields_behind_it() -> None:
    content = iso(NUMBER, ("245", b"10\x1faOne\x1eTwo"), ("500", b"  \x1faNote"))
    decoded = decode(content)
    assert [field.tag for field in decoded.record.fields] == ["001", "245", "500"]
    assert decoded.record.fields[1].get("a") == "One Two"
    assert codes(content) == ["structure-rescued"]


@pytest.mark.pathology(24, "fields are found by their delimiters when lengths are wrong; the repair is an issue")
def test_lengths_counted_in_characters_are_rescued() -> None:
    right = iso(NUMBER, TITLE, ("500", b"  \x1faGhi ch\xc3\xba"))
    wrong = right.replace(b"2450020", b"2450016").replace(b"5000014", b"5000013")
    assert wrong != right
    assert decode(wrong).record.fields == decode(right).record.fields
    assert codes(wrong) == ["structure-rescued"]


@pytest.mark.pathology(24, "fields are found by their delimiters when lengths are wrong; the repair is an issue")
def test_a_record_longer_than_iso_2709_allows_is_read() -> None:
    content = iso(NUMBER, *[("500", b"  \x1fa" + b"x" * 9000) for _ in range(20)])
    written = b"99999" + content[6:]
    decoded = decode(written)
    assert len(decoded.record.fields) == 21
    assert [found.code for found in decoded.issues] == ["structure-rescued"]


def test_a_field_longer_than_9999_bytes_is_read() -> None:
    content = iso(("245", b"10\x1fa" + b"x" * 20_000))
    short = content.replace(b"24520005", b"2459999", 1)
    assert len(decode(short).record.fields[0].get("a")) == 20_000


def test_a_directory_in_another_order_than_the_fields_is_no_fault() -> None:
    directory = b"245000900007" + b"001000700000"
    content = b"00066nam a2200049   4500" + directory + b"\x1evn0001\x1e10\x1faTilt\x1e\x1d"
    decoded = decode(b"%05d" % len(content) + content[5:])
    assert decoded.issues == ()
    assert [(field.tag, field.value or field.get("a")) for field in decoded.record.fields] == [
        ("245", "Tilt"),
        ("001", "vn0001"),
    ]


@pytest.mark.parametrize("keep", range(30, len(SOUND) - 3, 7))
def test_a_record_that_was_cut_off_is_refused(keep: int) -> None:
    assert refusal(SOUND[:keep]) == "truncated"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x1d",
        b"not MARC at all",
        b"Some words of 24 letters, and more text\x1ewith terminators\x1e\x1d",
        iso(),
        b"00026     2200025   4500\x1e\x1d",
        SOUND[:24] + b"\x1e" + SOUND.split(b"\x1e", 1)[1],
    ],
)
def test_bytes_without_tags_and_fields_are_refused(content: bytes) -> None:
    assert refusal(content) == "structure-unreadable"


def test_what_is_longer_than_the_limit_is_refused_unread() -> None:
    assert refusal(SOUND[:-1] + b"x" * LIMIT) == "record-oversize"


@pytest.mark.parametrize("tail", [b"\n", b"\r\n", b" \x00\x1a", b"\x1a"])
def test_separators_around_a_record_are_no_fault(tail: bytes) -> None:
    assert decode(SOUND + tail) == decode(b"\xef\xbb\xbf\n" + SOUND) == decode(SOUND)


def test_two_records_in_one_are_refused() -> None:
    assert refusal(SOUND + SOUND) == "structure-unreadable"


def test_delimiters_in_strange_places_keep_their_text() -> None:
    content = iso(("001", b"  \x1fa12"), ("245", b"no subfields"), ("246", b"1\x1f\x1fa"), ("500", b""))
    fields = decode(content).record.fields
    assert fields[0] == Field("001", "  \x1fa12")
    assert fields[1] == Field("245", "", "no subfields", ())
    assert fields[2] == Field("246", "", "1", (Subfield("", ""), Subfield("a", "")))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        decode(content)
    except DecodeError as error:
        assert CODES[error.code][0] == "rejected"


@given(st.data())
def test_a_damaged_record_is_read_or_refused(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(SOUND) - 1))
    size = data.draw(st.integers(0, 4))
    damaged = SOUND[:place] + data.draw(st.binary(max_size=4)) + SOUND[place + size :]
    try:
        decode(damaged)
    except DecodeError as error:
        assert CODES[error.code][0] == "rejected"
