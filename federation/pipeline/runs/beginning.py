"""Whether a run that is due may begin now, or has to wait: for a source that rests, or for the hours it is open.

In: a source and the time. Out: the time before which it may not begin, or None. Everything that can hold back a run
that a schedule wants stands in `REASONS`; a run that the operator asked for, by hand or in the queue, is not held back.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from federation.pipeline.runs import manners
from federation.store.sources import SourceRow

#: says until when a source is to be left alone, None when it need not be
Reason = Callable[[SourceRow, datetime], datetime | None]


def _rests(source: SourceRow, _now: datetime) -> datetime | None:
    """It failed too often in a row (`breaker`)."""
    return source.rest_until


REASONS: Final[tuple[Reason, ...]] = (_rests, manners.closed_until)


def may_begin(source: SourceRow, now: datetime, reasons: tuple[Reason, ...] = REASONS) -> datetime | None:
    """Give the time until which a run has to wait, the latest that any reason names; None: it may begin."""
    waits = [until for each in reasons if (until := each(source, now)) is not None and until > now]
    return max(waits, default=None)
