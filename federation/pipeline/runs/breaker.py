"""When a source rests: after some failed runs in a row it is left alone for a while, longer each time.

In: how a run ended. Out: how many failures that makes and until when the source rests (`beginning` holds runs by
schedule back). A run by hand is always started: somebody wants to know. A success ends the rest; a run that brought
something before it stopped (`partial`), or that we stopped ourselves, counts neither way.
"""

from datetime import datetime, timedelta
from typing import Final

from federation.store import Session, sources

#: failed runs in a row after which a source rests
FAILURES: Final = 5
SHORTEST: Final = timedelta(hours=1)
LONGEST: Final = timedelta(hours=24)


def rest(failures: int) -> timedelta:
    """How long a source rests after so many failures in a row: an hour, doubled with each more, at most a day."""
    if failures < FAILURES:
        return timedelta(0)
    return min(LONGEST, SHORTEST * (1 << min(failures - FAILURES, 10)))


def note(session: Session, source_id: int, status: str, now: datetime) -> None:
    """Keep in mind how a run of a source ended."""
    if status == "success":
        forgive(session, source_id)
    elif status == "failed":
        failures = sources.failures(session, source_id) + 1
        rests = rest(failures)
        sources.change(session, source_id, failures=failures, rest_until=now + rests if rests else None)


def forgive(session: Session, source_id: int) -> None:
    """Let a source begin anew: it answered, or somebody has mended what was wrong."""
    sources.change(session, source_id, failures=0, rest_until=None)
