"""A MARCXML file cut into its records as received: streaming, and one bad record costs only itself."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import DecodeError
from schemas.marc.marcxml import decode_xml, split_xml
from tests.schemas.marc.samples import Drip, Endless

LEADER = "<leader>00000nam a2200000   4500</leader>"


def record(number: str, prefix: str = "") -> bytes:
    field = f'<{prefix}controlfield tag="001">{number}</{prefix}controlfield>'
    return (
        f"<{prefix}record>{LEADER}{field}</{prefix}record>".replace("leader>", f"{prefix}leader>")
        .replace(f"<{prefix}/", "</")
        .encode()
    )


ONE, TWO, THREE = record("one"), record("two"), record("three")
HEAD, TAIL = b'<?xml version="1.0"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n', b"\n</collection>\n"


def contents(file: bytes) -> list[bytes]:
    return [piece.content for piece in split_xml(BytesIO(file))]


def readable(file: bytes) -> list[str]:
    found = []
    for content in contents(file):
        try:
            found.append(decode_xml(content).record.control("001"))
        except DecodeError:
            continue
    return found


def test_pieces_are_the_bytes_received_with_their_place() -> None:
    pieces = list(split_xml(BytesIO(HEAD + ONE + b"\n" + TWO + TAIL)))
    assert [piece.content for piece in pieces] == [ONE, TWO]
    assert [(piece.number, piece.offset) for piece in pieces] == [(1, len(HEAD)), (2, len(HEAD) + len(ONE) + 1)]


def test_little_is_read_ahead() -> None:
    stream = Endless(ONE + b"\n<!-- x -->" + TWO)
    for piece, _ in zip(split_xml(stream), range(10_000), strict=False):
        assert stream.taken - piece.offset < 600_000


@pytest.mark.pathology(25, "MARCXML is read in any namespace or none")
@pytest.mark.parametrize("prefix", ["", "marc:", "ns0:", "m-1.x:"])
def test_any_prefix_is_a_record(prefix: str) -> None:
    one, two = record("one", prefix), record("two", prefix)
    assert contents(b"<c>" + one + two + b"</c>") == [one, two]


def test_records_without_a_collection_are_found() -> None:
    assert contents(ONE + b"\n" + TWO) == [ONE, TWO]


def test_a_stream_that_gives_one_byte_at_a_time_gives_the_same_pieces() -> None:
    file = HEAD + ONE + b"<!-- <record> -->" + TWO[:40] + THREE + TAIL
    assert list(split_xml(Drip(file))) == list(split_xml(BytesIO(file)))


def test_elements_with_longer_names_are_no_records() -> None:
    assert contents(b"<recordset><records>" + ONE + b"</records></recordset>") == [ONE]


def test_wrappers_called_record_are_skipped() -> None:
    wrapped = b"<record><header><identifier>oai:x:1</identifier></header><metadata>" + ONE + b"</metadata></record>"
    assert contents(b"<ListRecords>" + wrapped + wrapped + b"</ListRecords>") == [ONE, ONE]


@pytest.mark.parametrize(
    ("fault", "middle"),
    [
        ("not closed", TWO[:60]),
        ("start tag lost", TWO[8:]),
        ("tags crossed", TWO.replace(b"</controlfield>", b"</leader>")),
        ("bad bytes and bad markup", TWO.replace(b"two", b"\xff\xfe<<")),
        ("comment never closed", TWO.replace(b"two", b"<!-- two")),
        ("CDATA never closed", TWO.replace(b"two", b"<![CDATA[two")),
        ("empty", b"<record/>"),
        ("empty with an attribute", b'<record type="Bibliographic" />'),
    ],
)
def test_a_bad_record_never_costs_its_neighbours(fault: str, middle: bytes) -> None:
    found = readable(HEAD + ONE + middle + THREE + TAIL)
    assert (found[0], found[-1]) == ("one", "three"), fault
    assert len(contents(HEAD + ONE + middle + THREE + TAIL)) == 3


def test_comments_and_cdata_hide_their_tags() -> None:
    hidden = record("<![CDATA[</record>]]>")
    assert contents(b"<c><!-- " + ONE + b" -->" + hidden + b"</c>") == [hidden]


def test_a_doctype_is_refused_before_any_record() -> None:
    with pytest.raises(DecodeError) as caught:
        contents(b'<!DOCTYPE c [<!ENTITY a "x">]>' + HEAD + ONE + TAIL)
    assert caught.value.code == "xml-doctype"


@pytest.mark.parametrize("file", [b"", b"  \n", b"<collection/>", HEAD + TAIL])
def test_nothing_inside_gives_no_pieces(file: bytes) -> None:
    assert contents(file) == []


@pytest.mark.parametrize("file", [b"no XML at all", b"<html><br></html>", b"<collection><rec"])
def test_a_file_that_is_no_xml_comes_as_a_piece_to_be_refused(file: bytes) -> None:
    assert contents(file) == [file]
    assert readable(file) == []


def test_the_encoding_of_the_file_goes_with_each_piece() -> None:
    file = b'<?xml version="1.0" encoding="windows-1252"?><c>' + record("é").decode().encode("cp1252") + b"</c>"
    assert readable(file) == ["é"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_read(codec: str) -> None:
    mark = "" if codec == "utf-16" else "\ufeff"
    file = (mark + '<?xml version="1.0" encoding="UTF-16"?><c>' + record("Đà").decode() + "</c>").encode(codec)
    assert readable(file) == ["Đà"]
    assert len(list(split_xml(Drip(file)))) == 1


def test_what_never_ends_comes_in_pieces_of_the_limit() -> None:
    file = HEAD + ONE + b"<record>" + b"x" * 900_000
    pieces = [piece.content for piece in split_xml(BytesIO(file), limit=300_000)]
    assert pieces[0] == ONE
    assert b"".join(pieces[1:]) == file[len(HEAD) + len(ONE) :]
    assert max(map(len, pieces)) <= 300_000


PARTS = [
    ONE,
    TWO[:50],
    THREE[8:],
    b"<record>",
    b"</record>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"text",
    HEAD,
    b"<datafield>",
]


@given(st.lists(st.sampled_from(PARTS), max_size=8))
def test_every_piece_stands_in_the_file_and_no_field_is_passed_over(parts: list[bytes]) -> None:
    file, at, skipped = b"".join(parts), 0, b""
    for number, piece in enumerate(split_xml(BytesIO(file)), 1):
        assert piece.number == number
        assert file[piece.offset : piece.offset + len(piece.content)] == piece.content
        skipped += file[at : piece.offset]
        at = piece.offset + len(piece.content)
    assert b"<!--" in file or b"<leader" not in skipped
