"""A file of ISO 2709 records: every byte is accounted for, and a bad record never costs its neighbours."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import DecodeError
from schemas.marc.read import decode, split
from tests.schemas.marc.samples import Drip, Endless, iso

ONE = iso(("001", b"one"), ("245", b"10\x1faM\xe1\xbb\x99t"))
TWO = iso(("001", b"two"), ("245", b"10\x1faHai"))
THREE = iso(("001", b"three"), ("245", b"10\x1faBa"))
SEPARATORS = b"\x00\t\n\r \x1a\x1d\xef\xbb\xbf"


def contents(file: bytes) -> list[bytes]:
    return [piece.content for piece in split(BytesIO(file))]


def readable(file: bytes) -> list[str]:
    """The 001 of each piece that can be read."""
    found = []
    for piece in split(BytesIO(file)):
        try:
            found.append(decode(piece.content).record.control("001"))
        except DecodeError:
            continue
    return found


def test_pieces_carry_their_place_and_number() -> None:
    pieces = list(split(BytesIO(ONE + b"\r\n" + TWO + THREE + b"\n\x1a")))
    assert [(piece.number, piece.offset) for piece in pieces] == [
        (1, 0),
        (2, len(ONE) + 2),
        (3, len(ONE) + 2 + len(TWO)),
    ]
    assert [piece.content for piece in pieces] == [ONE, TWO, THREE]


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n\r\n", b"\x00\x00", b"\x1a", b"\x1d", b"  "])
def test_separators_between_records_are_skipped(between: bytes) -> None:
    assert contents(b"\xef\xbb\xbf" + ONE + between + TWO + between) == [ONE, TWO]


def test_a_stream_that_gives_one_byte_at_a_time_gives_the_same_pieces() -> None:
    file = ONE + b"\n" + TWO[:-1] + THREE + b"junk"
    assert list(split(Drip(file))) == list(split(BytesIO(file)))


@pytest.mark.pathology(24, "a record that cannot be read costs only itself")
@pytest.mark.parametrize(
    ("fault", "middle", "left"),
    [
        ("length too small", b"00020" + TWO[5:], 1),
        ("length too large", b"00999" + TWO[5:], 1),
        ("length that ends in the next record", b"%05d" % (len(TWO) + len(THREE)) + TWO[5:], 1),
        ("no length", b"     " + TWO[5:], 1),
        ("no record terminator", TWO[:-1], 1),
        ("no terminators at the end", TWO[:-2], 1),
        ("a terminator inside the text", iso(("001", b"two"), ("245", b"10\x1faH\x1dai")), 1),
        ("cut off", TWO[:50], 0),
        ("no directory", TWO[:24] + b"\x1e" + TWO.split(b"\x1e", 1)[1], 0),
        ("junk", b"<html>Error 500</html>", 0),
        ("junk with a terminator", b"Error 500\x1d", 0),
    ],
)
def test_a_bad_record_never_costs_its_neighbours(fault: str, middle: bytes, left: int) -> None:
    file = ONE + middle + b"\n" + THREE
    assert readable(file) == ["one", *["two"] * left, "three"], fault


def test_a_record_cut_off_at_the_end_comes_as_a_piece() -> None:
    assert contents(ONE + TWO[:40]) == [ONE, TWO[:40]]


def test_little_is_read_ahead() -> None:
    stream = Endless(ONE + TWO)
    given = 0
    for piece, _ in zip(split(stream), range(20_000), strict=False):
        given += len(piece.content)
        assert stream.taken - given < 600_000


def test_an_empty_file_has_no_pieces() -> None:
    assert contents(b"") == contents(b"\n\n\x1a") == []


@pytest.mark.pathology(24, "fields are found by their delimiters when lengths are wrong; the repair is an issue")
def test_records_over_99999_bytes_are_one_piece() -> None:
    long = iso(("001", b"long"), *[("500", b"  \x1fa" + b"x" * 9000) for _ in range(50)])
    written = b"99999" + long[6:]
    assert contents(ONE + written + TWO) == [ONE, written, TWO]
    assert readable(ONE + written + TWO) == ["one", "long", "two"]


def test_what_never_ends_comes_in_pieces_of_the_limit() -> None:
    endless = b"x" * 600_000
    pieces = list(split(BytesIO(ONE + endless + THREE), limit=200_000))
    assert pieces[0].content == ONE
    assert [len(piece.content) for piece in pieces[1:4]] == [200_000] * 3
    assert pieces[-1].content == THREE
    assert b"".join(piece.content for piece in pieces) == ONE + endless + THREE


@given(st.lists(st.sampled_from([ONE, TWO[:-1], THREE[:50], b"00042", b"\x1d", b"\n", b"junk", b"\x1e\x1d", ONE[24:]])))
def test_every_byte_is_in_a_piece_or_a_separator(parts: list[bytes]) -> None:
    file, at = b"".join(parts), 0
    for number, piece in enumerate(split(BytesIO(file)), 1):
        assert piece.number == number
        assert not file[at : piece.offset].strip(SEPARATORS)
        assert file[piece.offset : piece.offset + len(piece.content)] == piece.content != b""
        at = piece.offset + len(piece.content)
    assert not file[at:].strip(SEPARATORS)


@given(st.binary(max_size=300))
def test_any_bytes_are_cut_without_loss(file: bytes) -> None:
    at = 0
    for piece in split(BytesIO(file)):
        assert not file[at : piece.offset].strip(SEPARATORS)
        at = piece.offset + len(piece.content)
    assert not file[at:].strip(SEPARATORS)
