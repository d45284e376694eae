"""Frames are cut the same whatever pieces they come in, and what can be none is told at once."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import DecodeError
from schemas.z3950 import codec
from schemas.z3950.ber import Limits
from schemas.z3950.framing import Framer
from tests.schemas.z3950.samples import MESSAGES

FRAMES = [codec.encode(message) for message in MESSAGES]


def indefinite() -> bytes:
    return b"\xbf\x30\x80\x9f\x81\x53\x01\x00\xbf\x81\x49\x80\x30\x80\x82\x01x\x00\x00\x00\x00\x00\x00"


def cut(data: bytes, size: int) -> list[bytes]:
    framer, found = Framer(Limits()), []
    for at in range(0, len(data), size):
        framer.feed(data[at : at + size])
        while (frame := framer.take()) is not None:
            found.append(frame)
    assert len(framer) == 0
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1_000_000])
def test_frames_are_cut_the_same_in_pieces_of_any_size(size: int) -> None:
    frames = [*FRAMES, indefinite(), FRAMES[0]]
    assert cut(b"".join(frames), size) == frames


def test_what_follows_a_frame_is_kept_for_the_next_one() -> None:
    framer = Framer(Limits())
    framer.feed(indefinite() + FRAMES[0][:-1])
    assert framer.take() == indefinite()
    assert framer.take() is None
    framer.feed(FRAMES[0][-1:])
    assert framer.take() == FRAMES[0]


@pytest.mark.parametrize(
    "start", [b"GET / HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00", b"\x00\x00", b"\x30\x05", b"SSH-2.0"]
)
def test_what_is_no_z3950_is_told_by_its_first_byte(start: bytes) -> None:
    framer = Framer(Limits())
    framer.feed(start)
    with pytest.raises(DecodeError):
        framer.take()


def test_a_frame_is_refused_for_its_length_before_it_has_come() -> None:
    framer = Framer(Limits(message=100))
    framer.feed(b"\xb4\x60")
    assert framer.take() is None
    framer = Framer(Limits(message=100))
    framer.feed(b"\xb4\x81\x80")
    with pytest.raises(DecodeError) as caught:
        framer.take()
    assert caught.value.code == "z3950-size"


@pytest.mark.parametrize("inside", [b"\x04\x20" + b"x" * 32, b"\x30\x80", b"\x04\x82\x10\x00"])
def test_a_frame_without_a_length_is_refused_when_it_grows_beyond_it(inside: bytes) -> None:
    framer = Framer(Limits(message=200, depth=8))
    framer.feed(b"\xb4\x80" + inside * 20)
    with pytest.raises(DecodeError) as caught:
        framer.take()
    assert caught.value.code == "z3950-size"


def test_a_frame_without_a_length_is_not_walked_again_for_every_byte() -> None:
    data = b"\xb4\x80" + b"\x05\x00" * 100_000 + b"\x00\x00"
    framer, start = Framer(Limits()), time.thread_time()
    for at in range(0, len(data), 100):
        framer.feed(data[at : at + 100])
        frame = framer.take()
    assert frame == data
    assert time.thread_time() - start < 2


@given(st.binary(max_size=100), st.integers(1, 9))
def test_whatever_the_bytes_they_are_frames_a_fault_or_unfinished(data: bytes, size: int) -> None:
    framer = Framer(Limits(message=50, depth=4))
    try:
        for at in range(0, len(data), size):
            framer.feed(data[at : at + size])
            while framer.take() is not None:
                pass
    except DecodeError:
        return
    assert len(framer) <= len(data)
