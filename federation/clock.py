"""The time, asked in one place so that tests can set it. In: nothing. Out: aware UTC times."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

#: Asia/Ho_Chi_Minh: seven hours ahead all the year, and no table of time zones is needed to know it
VIETNAM: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Give the current time, aware, in UTC, with microseconds."""
    return datetime.now(UTC)


def whole_second(moment: datetime) -> datetime:
    """Cut a time to its second: the granularity of OAI-PMH datestamps."""
    return moment.replace(microsecond=0)


def iso(moment: datetime) -> str:
    """Write an aware UTC time as OAI-PMH does: 2026-11-22T12:00:00Z."""
    return f"{moment.isoformat()[:19]}Z"


def local(moment: datetime) -> str:
    """Write a time for people in Vietnam, with its zone: 2026-11-22 19:00 +07."""
    return f"{moment.astimezone(VIETNAM):%Y-%m-%d %H:%M} +07"
