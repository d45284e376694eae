"""Whether a harvest is to read everything again: for sources that do not date what changes in their records.

In: a source and the time. Out: yes or no. Koha, for one, leaves the datestamp of a record as it is when only its copies
change; what was read is compared by its content, so that a whole harvest finds it.
"""

from datetime import datetime, timedelta
from typing import Final

from federation.store import Session, sources
from federation.store.sources import SourceRow
from harvesters.options import Option, number

FULL_DAYS: Final = Option(
    "full_days",
    "0",
    "days after which a harvest reads everything again, whatever its datestamps say; 0: never",
    0,
    3650,
)


def is_due(session: Session, source: SourceRow, now: datetime) -> bool:
    """Whether everything was last read longer ago than the source's days."""
    days = number(FULL_DAYS, source.options)
    if not days:
        return False
    last = sources.last_whole(session, source.id)
    return last is None or now - last >= timedelta(days=days)
