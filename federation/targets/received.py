"""What came back from a target, before anything is made of it.

In: what a protocol gave. Out: `Received`: how many records the target has, and those that came, as they came.
"""

from dataclasses import dataclass

from harvesters.base import Harvested


@dataclass(frozen=True, slots=True)
class Place:
    """Which records of a result are wanted: from a place on (the first is 1), so many, within so many seconds."""

    start: int
    most: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Received:
    """`records` stand in the order of the result, the first at the place that was asked for; `note` says what of them
    could not be had. `total` is None where the target does not say.
    """

    total: int | None
    records: tuple[Harvested, ...]
    note: str = ""
