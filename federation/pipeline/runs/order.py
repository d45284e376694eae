"""What a run is asked to do, and how it went.

In: nothing. Out: the values `Order` and `Report`, which everybody speaks who starts a run or tells of one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

#: who started a run that may go on at any hour
BY_HAND: Final = "operator"


@dataclass(frozen=True, slots=True)
class Order:
    """What to fetch: everything (`full`), changes since a time, or what the last run left to fetch.

    `url` and `options` stand in for the source's own in this run: files handed over by the operator. `trigger` says who
    started it, `queued` what asked for it in the queue (0: nothing), `replay` is the run whose kept answers are read
    again in place of the source.
    """

    full: bool = False
    from_: datetime | None = None
    url: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    queued: int = 0
    trigger: str = BY_HAND
    replay: int = 0
    on_page: Callable[[int, int | None], None] = field(default=lambda _seen, _expected: None)


@dataclass(frozen=True, slots=True)
class Report:
    """How a run went: its row in the history, with the counts, and the sweep that followed it."""

    run: int
    status: str
    message: str
    counts: dict[str, int]
    seconds: float
    sweep: "Report | None" = None
