"""HTTP for a look at a server: it counts its requests, takes their time, and is in more haste than a harvest.

In: the options of a source. Out: an `Http` that makes so many requests and no more.
"""

import statistics
import time
from collections.abc import Mapping
from typing import Final

from harvesters.errors import SourceRefused
from harvesters.http import Answer, Http

#: options of a look where the source has none of its own
HASTE: Final = {"retries": "1", "backoff": "0.5", "longest_wait": "30", "timeout": "120", "answer_timeout": "300"}


class TimedHttp(Http):
    """Counts its requests and takes their time."""

    def __init__(self, options: Mapping[str, str], contact: str, folder: str, most: int) -> None:
        super().__init__(options, contact, folder)
        self.times: list[float] = []
        self._most = most

    @property
    def latency(self) -> float:
        """The seconds of an ordinary answer so far."""
        return statistics.median(self.times)

    def get(self, url: str, arguments: Mapping[str, str] | None = None) -> Answer:
        """Fetch one answer."""
        if len(self.times) >= self._most:
            raise SourceRefused("looked-enough", f"{self._most} requests are enough for a look", "")
        begun = time.monotonic()
        try:
            return super().get(url, arguments)
        finally:
            self.times.append(time.monotonic() - begun)
