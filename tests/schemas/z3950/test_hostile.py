"""Whatever the bytes: a message, more to come, or the declared fault; soon, and without keeping much."""

import random
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import DecodeError
from schemas.z3950 import codec, oid
from schemas.z3950.ber import CONTEXT, UNIVERSAL, Limits, element
from schemas.z3950.connection import Connection, PeerFault
from schemas.z3950.external import External
from tests.schemas.z3950 import fuzz


@settings(max_examples=300)
@given(st.sampled_from(fuzz.SEEDS), st.integers(), st.sampled_from(fuzz.WAYS))
def test_broken_messages_end_as_declared(_frame: bytes, seed: int, way: object) -> None:
    assert way(random.Random(seed))  # type: ignore[operator]


@settings(max_examples=300)
@given(st.sampled_from(fuzz.SEEDS), st.data())
def test_one_changed_byte_is_a_message_or_a_fault(frame: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(frame) - 1))
    changed = frame[:at] + bytes([data.draw(st.integers(0, 255))]) + frame[at + 1 :]
    try:
        message = codec.decode(changed)
    except DecodeError:
        return
    assert codec.decode(codec.encode(message)) == message


@given(st.sampled_from(fuzz.SEEDS), st.integers(0, 10_000))
def test_a_message_cut_short_is_a_fault(frame: bytes, at: int) -> None:
    with pytest.raises(DecodeError):
        codec.decode(frame[: at % len(frame)])


@given(st.sampled_from(fuzz.SEEDS), st.binary(min_size=1, max_size=9))
def test_a_message_with_a_tail_is_a_fault(frame: bytes, tail: bytes) -> None:
    with pytest.raises(DecodeError):
        codec.decode(frame + tail)


@given(st.binary(max_size=400))
def test_random_bytes_are_heard_as_declared(data: bytes) -> None:
    target = Connection("target")
    try:
        target.receive(data)
        while target.next_event() is not None:
            pass
        target.receive_end()
    except PeerFault as fault:
        assert target.send(fault.close)
    assert target.state == "closed"


def pieces_in_pieces(depth: int, size: int) -> bytes:
    """Octets in pieces in pieces, which each reader that joins them at every depth copies again."""
    data = element(UNIVERSAL | 4, b"x" * size)
    for _ in range(depth):
        data = element(UNIVERSAL | 4, data, True)
    return data


HEAVY = {
    "octets in pieces": element(CONTEXT | 2, pieces_in_pieces(50, 900_000), True),
    "octets in many pieces": element(CONTEXT | 2, b"\x24\x80" * 50 + b"\x04\x01x" * 49_000 + b"\0\0" * 50, True),
    "an object identifier of a megabyte": element(UNIVERSAL | 6, b"\xff" * 900_000),
    "bits of a megabyte": element(UNIVERSAL | 3, b"\xff" * 900_000),
    "a million small elements": element(UNIVERSAL | 16, b"\x05\x00" * 450_000, True),
    "a long list of one kind": element(CONTEXT | 2, b"\x30\x00" * 40_000, True),
}


@pytest.mark.usefixtures("young")
@pytest.mark.parametrize("content", HEAVY.values(), ids=HEAVY)
@pytest.mark.parametrize("tag", [20, 22, 25, 36, 43], ids=["init", "search", "present", "scan", "sort"])
def test_heavy_messages_are_done_with_soon(tag: int, content: bytes) -> None:
    frame = element(CONTEXT | tag, content, True)
    start = time.thread_time()
    with pytest.raises(DecodeError):
        codec.decode(frame)
    assert time.thread_time() - start < 1


@pytest.mark.parametrize("content", HEAVY.values(), ids=HEAVY)
def test_heavy_messages_are_read_in_little_memory(content: bytes) -> None:
    frame = element(CONTEXT | 22, content, True)
    tracemalloc.start()
    with pytest.raises(DecodeError):
        codec.decode(frame)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000


def test_a_record_of_many_holdings_is_read_within_its_limits() -> None:
    holding = element(CONTEXT | 2, b"", True)
    record = element(UNIVERSAL | 16, element(CONTEXT | 2, holding * 60_000, True), True)
    with pytest.raises(DecodeError) as caught:
        codec.read_record(External(oid.OPAC, record, "element"), Limits(elements=50_000))
    assert caught.value.code == "z3950-size"
