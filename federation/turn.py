"""So many at once and no more: whoever finds no place waits a moment, and is then told to come back.

In: the places of a door, how long one waits. Out: a block that holds a place while it runs, or `Crowded`. What is said
to the peer then is the door's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore


class Crowded(Exception):
    """All places are taken."""


@contextmanager
def turn(places: Semaphore, patience: float) -> Iterator[None]:
    """Hold a place; raises `Crowded` when none became free within so many seconds."""
    if not places.acquire(timeout=patience):
        raise Crowded
    try:
        yield
    finally:
        places.release()
