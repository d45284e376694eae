"""Elements: what is one, what is none, and that no bytes take long or much."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.errors import DecodeError, EncodeError
from schemas.z3950 import primitives
from schemas.z3950.ber import CONTEXT, UNIVERSAL, Limits, element, parse, pieces

LIMITS = Limits(message=1 << 20, depth=16, elements=1_000)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    start = time.thread_time()
    yield
    assert time.thread_time() - start < seconds


@given(st.integers(0, 3), st.integers(0, 2**14 - 1), st.binary(max_size=300))
def test_a_primitive_element_comes_back(cls: int, number: int, content: bytes) -> None:
    node = parse(element(cls << 14 | number, content), LIMITS)
    assert (node.tag, node.constructed, bytes(node.content)) == (cls << 14 | number, False, content)


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_535, 65_536])
def test_lengths_are_written_in_as_few_bytes_as_they_need(size: int) -> None:
    data = element(UNIVERSAL | 4, b"x" * size)
    assert len(data) - size == 2 + (size > 127) + (size > 255) + (size > 65_535)
    assert len(parse(data, LIMITS).content) == size


def test_an_indefinite_element_is_read_like_a_definite_one() -> None:
    inside = b"\x04\x01a" + b"\x30\x80\x04\x01b\x00\x00"
    node = parse(b"\x30\x80" + inside + b"\x00\x00", LIMITS)
    assert bytes(node.content) == inside
    assert [bytes(piece) for piece in pieces(node)] == [b"a", b"b"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30",
        b"\x30\x03\x04\x01",
        b"\x30\x02\x04\x01",
        b"\x30\x80\x04\x01x",
        b"\x30\x80\x00",
        b"\x30\x04\x30\x80\x00\x00\x00",
        b"\x30\x02\x30\x80\x00\x00",
        b"\x04\x80\x00\x00",
        b"\x04\x85\x00\x00\x00\x00\x01x",
        b"\x04\xff",
        b"\x3f\xff\xff\x01\x00",
        b"\x3f\xff",
        b"\x04\x01xx",
        b"\x04\x84\xff\xff\xff\xff",
    ],
    ids=bytes.hex,
)
def test_what_is_no_element_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(DecodeError):
        parse(data, LIMITS)


@given(st.binary(max_size=200))
@example(b"\x30\x80" * 100)
@example(b"\x30\x82\x00\xc4" + b"\x30\x00" * 98)
def test_whatever_the_bytes_there_is_a_tree_or_a_fault(data: bytes) -> None:
    with suppress(DecodeError):
        assert bytes(parse(data, LIMITS).raw) == data


@pytest.mark.parametrize("data", [b"\x30\x80" * 100_000, element(UNIVERSAL | 16, b"\x05\x00" * 100_000, True)])
def test_depth_and_number_of_elements_have_their_limits(data: bytes) -> None:
    with within(0.5), pytest.raises(DecodeError) as caught:
        parse(data, LIMITS)
    assert caught.value.code == "z3950-size"


# --- primitives -------------------------------------------------------------------------------------------------------


@given(st.integers(-(2**63), 2**63 - 1))
@example(127)
@example(128)
@example(-128)
@example(-129)
def test_a_number_comes_back_and_takes_no_more_bytes_than_it_needs(number: int) -> None:
    data = primitives.write_integer(number)
    assert primitives.read_integer(data) == number
    assert len(data) == 1 or not -(1 << 8 * len(data) - 9) <= number < 1 << 8 * len(data) - 9


@given(st.tuples(st.integers(0, 2), st.integers(0, 39)), st.lists(st.integers(0, 2**40), max_size=10))
def test_an_object_identifier_comes_back(head: tuple[int, int], tail: list[int]) -> None:
    oid = ".".join(map(str, (*head, *tail)))
    assert primitives.read_oid(primitives.write_oid(oid)) == oid


def test_object_identifiers_of_the_joint_branch_go_beyond_39() -> None:
    assert primitives.write_oid("2.999.3") == b"\x88\x37\x03"
    assert primitives.read_oid(b"\x88\x37\x03") == "2.999.3"


@given(st.frozensets(st.integers(0, 200)))
def test_bits_come_back(bits: frozenset[int]) -> None:
    assert primitives.read_bits(primitives.write_bits(bits)) == bits


@given(st.binary(max_size=40))
def test_text_is_always_read(data: bytes) -> None:
    primitives.read_text(data).encode()


@pytest.mark.parametrize("oid", ["", "1", "1.", "1.40", "3.1", "1.2.x", "1..2", "-1.2", "1.2 ", "①.2"])
def test_what_is_no_object_identifier_is_not_written(oid: str) -> None:
    with pytest.raises(EncodeError):
        primitives.write_oid(oid)


def test_numbers_of_a_megabyte_are_refused_at_once() -> None:
    huge = b"\xff" * (1 << 20)
    readers = (primitives.read_integer, primitives.read_oid, primitives.read_bits)
    with within(0.1):
        for reader in readers:
            with pytest.raises(DecodeError):
                reader(huge)
    with pytest.raises(EncodeError):
        primitives.write_integer(2**63)


def test_an_object_identifier_cut_in_the_middle_of_a_number_is_none() -> None:
    with pytest.raises(DecodeError):
        primitives.read_oid(b"\x2a\x86")


def test_tags_up_to_the_highest_of_the_standard_are_written() -> None:
    assert element(CONTEXT | 1007, b"", True) == b"\xbf\x87\x6f\x00"
