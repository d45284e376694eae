"""What readers look for: a log of searches, without a word about who asked.

In: the words of a search, how many records it found and how long that took. Out: a line of JSON in a file of the day,
in the folder `searches` of the home. Files older than the setting says are removed when a new day begins; a day's file
does not grow beyond `MOST_BYTES`. A log that cannot be written costs no reader an answer.
"""

import logging
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import msgspec

from federation import clock

FOLDER: Final = "searches"
MOST_BYTES: Final = 20_000_000
#: characters of a search that are kept
MOST_TEXT: Final = 200
log = logging.getLogger(__name__)


class Journal:
    """The log of one home, written by every process that answers searches: a line is one write, so none is cut."""

    def __init__(self, home: Path, days: int) -> None:
        self._folder = home / FOLDER
        self._days = days

    def note(self, door: str, text: str, hits: int, begun: float) -> None:
        """Keep a search that was begun at this time of `time.perf_counter`."""
        text = " ".join(text.split())[:MOST_TEXT]
        if not self._days or not text:
            return
        now, took = clock.now(), round((time.perf_counter() - begun) * 1000, 1)
        values = {"at": f"{now:%H:%M}", "door": door, "q": text, "hits": hits, "ms": took}
        try:
            self._write(now.date(), msgspec.json.encode(values) + b"\n")
        except OSError as error:
            log.warning("a search could not be logged: %s", error)

    def _write(self, day: date, line: bytes) -> None:
        file = self._folder / f"{day}.jsonl"
        if not file.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            self._forget(day)
        with file.open("ab", buffering=0) as stream:
            if stream.tell() < MOST_BYTES:
                stream.write(line)

    def _forget(self, today: date) -> None:
        oldest = f"{today - timedelta(days=self._days - 1)}.jsonl"
        for file in self._folder.glob("????-??-??.jsonl"):
            if file.name < oldest:
                file.unlink(missing_ok=True)
