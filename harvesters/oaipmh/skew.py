"""Two clocks that differ, and what it means for the next harvest.

In: what a server says that the time is (responseDate), our own time, and datestamps. Out: by how much the overlap is
widened, and what is told to the operator. Datestamps later than the answer that brings them are local time written as
UTC, as far as can be told (UTC+7 in Vietnam); those of a zone behind UTC look like any others, and for them there is
the overlap.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from harvesters.oaipmh.progress import moment

#: what clocks and slow answers differ by without a word
_UNTOLD: Final = timedelta(minutes=5)
#: what the seconds of a responseDate and the time of an answer on its way amount to
_NONE: Final = timedelta(seconds=2)
#: a clock that is further off is not set at all: the one that is behind is taken, and nothing is measured by it
_BELIEVED: Final = timedelta(hours=26)
_ZONES: Final = timedelta(hours=14)


def now() -> datetime:
    """Give our own time, aware, in UTC; asked here so that tests can set it."""
    return datetime.now(UTC)


@dataclass
class Clocks:
    """What the answers of a harvest tell: `skew` is theirs less ours, `ahead` how far datestamps lie in the future."""

    skew: timedelta | None = None
    ahead: timedelta = field(default=timedelta(0))

    def look(self, answered: str, stamps: Iterable[str]) -> None:
        """Take the responseDate of an answer that has just come, and the datestamps it brings."""
        theirs = moment(answered)
        if theirs is None:
            return
        found = theirs - now()
        # An answer that was long on its way looks like a clock that is behind: the smallest difference is the truest.
        if self.skew is None or abs(found) < abs(self.skew):
            self.skew = found
        latest = moment(max(stamps, default=""))
        if latest is not None:
            self.ahead = max(self.ahead, latest - theirs)

    @property
    def widening(self) -> timedelta:
        """By how much the overlap is widened: the difference of the clocks, where they can be believed."""
        skew = abs(self.skew or timedelta(0))
        return skew if _NONE < skew <= _BELIEVED else timedelta(0)

    def notes(self) -> list[str]:
        """Say what an operator should know."""
        found = []
        if self.skew is not None and _UNTOLD < abs(self.skew) <= _BELIEVED:
            found.append(f"the server's clock is {described(self.skew)}; the overlap is widened by as much")
        if _UNTOLD < self.ahead <= _ZONES + _UNTOLD:
            found.append(f"datestamps lie up to {_long(self.ahead)} in the future: {_zone(self.ahead)}")
        return found


def described(skew: timedelta) -> str:
    """Put a difference of clocks into words, and into a time zone where it looks like one."""
    side = "ahead of ours" if skew > timedelta(0) else "behind ours"
    hours = round(skew / timedelta(hours=1))
    local = abs(skew) > timedelta(minutes=45) and abs(skew - timedelta(hours=hours)) <= _UNTOLD
    zone = f", as if it wrote local time (UTC{hours:+d}) as UTC" if local and abs(hours) <= 14 else ""
    return f"{_long(abs(skew))} {side}{zone}"


def _zone(ahead: timedelta) -> str:
    hours = -(-ahead // timedelta(hours=1))
    return f"perhaps local time (UTC+{hours}) that is written as UTC"


def _long(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    if minutes >= 2880:
        return f"{minutes // 1440} days"
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes} min" if minutes else f"{span.total_seconds():.0f} s"
