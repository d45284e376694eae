"""What is wanted of a target, and what came back, before anything is made of it.

In: places of a result and a time; what a protocol gave. Out: `Received`: how many records the target has, and those
that came, as they came; a harvester's options for somebody who waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from harvesters.base import Harvested
from harvesters.limits import ANSWER, CONNECT, PER_MINUTE, RETRIES, TIMEOUT

#: seconds by which a connection outlives who waits, so that what is told is that it was late
_GRACE: Final = 1.0
#: requests a minute to a host, where nobody said less: a person is no harvest
_BRISK: Final = "600"


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


def hurried(options: Mapping[str, str], place: Place) -> dict[str, str]:
    """Give the options of a harvester for somebody who waits: nothing is repeated, nothing outlasts the time."""
    seconds = f"{place.seconds + _GRACE:g}"
    limits = {each.name: seconds for each in (CONNECT, TIMEOUT, ANSWER)}
    return {PER_MINUTE.name: _BRISK, **options, **limits, RETRIES.name: "0"}
