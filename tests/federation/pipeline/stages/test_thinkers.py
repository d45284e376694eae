"""Other processes that think: the same results in the same order, small work at home, and a death told in words."""

import os
import signal

import pytest

from federation.errors import Unavailable
from federation.pipeline.stages.thinkers import WORTH_PROCESSES, Thinkers


def where(number: int) -> tuple[int, int]:
    return number, os.getpid()


def die(_number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_little_work_is_done_in_this_process() -> None:
    with Thinkers(workers=2) as thinkers:
        thinkers.expect(WORTH_PROCESSES - 1)
        assert thinkers.think(where, 7)() == (7, os.getpid())


def test_much_work_is_done_by_others_in_order() -> None:
    with Thinkers(workers=2) as thinkers:
        thinkers.expect(WORTH_PROCESSES)
        thoughts = [thinkers.think(where, number) for number in range(20)]
        found = [thought() for thought in thoughts]
    assert [number for number, _ in found] == list(range(20))
    assert os.getpid() not in {process for _, process in found}


def test_a_killed_helper_is_told_in_words() -> None:
    with Thinkers(workers=2) as thinkers:
        thinkers.expect(WORTH_PROCESSES)
        with pytest.raises(Unavailable, match="lienthong run"):
            thinkers.think(die, 1)()
