"""Turns: a place is held while the block runs and free behind it, whatever happened in it."""

from threading import BoundedSemaphore

import pytest

from federation.turn import Crowded, turn


def test_who_finds_no_place_is_told_so_and_a_place_is_free_again_behind_the_block() -> None:
    places = BoundedSemaphore(2)
    with turn(places, 0.01), turn(places, 0.01), pytest.raises(Crowded), turn(places, 0.01):
        pass
    with turn(places, 0.01), turn(places, 0.01):
        pass


def test_a_place_is_free_again_when_the_work_failed() -> None:
    places = BoundedSemaphore(1)
    with pytest.raises(ValueError, match="spoilt"), turn(places, 0.01):
        raise ValueError("spoilt")
    with turn(places, 0.01):
        pass
