"""What is made once a night: the open data.

In: a `Workplace` and the time. Out: a dump, when the hour set has passed since somebody last looked and something has
changed. A night that was missed is made up for when the scheduler runs again.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from federation import clock
from federation.catalogue import dumps
from federation.catalogue.catalogue import Catalogue
from federation.pipeline.workplace import Workplace

log = logging.getLogger(__name__)


def night(moment: datetime, hour: int) -> date:
    """Give the day whose hour, in Vietnam, was the last one to pass."""
    local = moment.astimezone(clock.VIETNAM)
    return local.date() if local.hour >= hour else local.date() - timedelta(days=1)


def is_due(now: datetime, hour: str, looked_at: datetime | None) -> bool:
    """Tell whether it is time; never when the hour is `off`."""
    if hour == "off":
        return False
    return looked_at is None or night(looked_at, int(hour)) < night(now, int(hour))


def dump(place: Workplace, now: datetime, halt: Callable[..., None]) -> None:
    """Make the open data when it is time."""
    settings = place.settings
    if not is_due(now, settings.dumps_hour, dumps.looked_at(dumps.folder(settings))):
        return
    made = dumps.make(Catalogue(place.database, place.index, settings), settings, halt)
    if made:
        log.info("the open data is made anew: %d records in %.0f s", made.records, made.seconds)
    else:
        log.info("nothing has changed since the open data was made")
