"""A clock that stands until a test moves it.

In: an aware time. Out: what `federation.clock.now` gives while the test runs.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from federation import clock


@dataclass
class StandingClock:
    """Tells the time it was set to."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment

    def on(self, **span: float) -> None:
        """Go on (or back, with negative figures) by days, hours, minutes, seconds."""
        self.moment += timedelta(**span)


def standing(monkeypatch: pytest.MonkeyPatch, *moment: int) -> StandingClock:
    """Have everybody see a clock that stands, set to this time in UTC."""
    made = StandingClock(datetime(*moment, tzinfo=UTC))  # type: ignore[arg-type, misc]
    monkeypatch.setattr(clock, "now", made)
    return made
