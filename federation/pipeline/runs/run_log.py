"""What is logged while a run is under way goes into the history of this run, so that nobody has to search a journal.

In: the log records of `harvesters` and `federation`, INFO and above, of the thread and context the run works in; runs
beside it keep their own. Out: rows of `run_line`, at most `MOST` a run, secrets blanked out. Lines are written between
pages and at the end, in transactions of their own: a log that cannot be written never costs a record.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from federation import clock
from federation.store import Database, run_lines
from federation.store.run_lines import Line

log = logging.getLogger(__name__)
#: lines that one run keeps; of further ones it keeps how many there were
MOST: Final = 1000
#: characters of one line; an answer that is quoted in it may be long
LONGEST: Final = 2000
#: lines that are worth a transaction between two pages
_WORTH: Final = 20
_HEARD: Final = ("harvesters", "federation")
_RUN: Final[ContextVar["_Lines | None"]] = ContextVar("run whose lines are gathered", default=None)


class _Lines(logging.Handler):
    """The lines of one run that are not yet written; deaf to what is logged outside its context."""

    def __init__(self, database: Database) -> None:
        super().__init__(logging.INFO)
        self.run_id: int | None = None
        self._database = database
        self._waiting: list[Line] = []
        self._count = 0
        self._guard = Lock()  # a harvester may log from threads of its own

    def emit(self, record: logging.LogRecord) -> None:
        """Gather a record that was logged in this run."""
        if _RUN.get() is not self:
            return
        with self._guard:
            self._count += 1
            if self._count <= MOST:
                moment = datetime.fromtimestamp(record.created, UTC)
                self._waiting.append(Line(moment, record.levelname, _text(record)))

    def write(self, at_least: int = 1) -> None:
        """Write what waits, if that is as much as `at_least`; what cannot be written is told and let go."""
        if self.run_id is None or len(self._waiting) < at_least:
            return
        with self._guard:
            lines, self._waiting = self._waiting, []
        try:
            with self._database.write() as session:
                run_lines.add(session, self.run_id, lines)
        except Exception as error:  # whatever it is, the records of the run are worth more than its log
            log.warning("%d lines of the log of run %d could not be written: %s", len(lines), self.run_id, error)

    def end(self) -> None:
        """Write the rest, and how many lines were left out."""
        if self._count > MOST:
            left = f"{self._count - MOST} further lines were left out: a run keeps {MOST}"
            self._waiting.append(Line(clock.now(), "WARNING", left))
        self.write()


@contextmanager
def gathered(database: Database) -> Iterator[None]:
    """Gather what is logged in this block for a run, which `belongs_to` names once it is known."""
    lines = _Lines(database)
    listening = [logging.getLogger(name) for name in _HEARD]
    mark = _RUN.set(lines)
    try:
        for logger in listening:
            if logger.getEffectiveLevel() > logging.INFO:
                logger.setLevel(logging.INFO)  # what is shown in a terminal is for its handler to say
            logger.addHandler(lines)
        yield
    finally:
        for logger in listening:
            logger.removeHandler(lines)
        _RUN.reset(mark)
        lines.end()


def belongs_to(run_id: int) -> None:
    """Say of which run the lines of this block are."""
    if lines := _RUN.get():
        lines.run_id = run_id


def written() -> None:
    """Write the lines that came since the last page, when there are enough of them; not inside a transaction."""
    if lines := _RUN.get():
        lines.write(_WORTH)


def _text(record: logging.LogRecord) -> str:
    text = record.getMessage()
    if record.exc_info and record.exc_info[1] is not None:
        text += f": {record.exc_info[1]!r}"
    text = " ".join(text.replace("\0", "").encode("utf-8", "replace").decode().split())
    # The HTTP client is loaded only where an address can be in a line: reading a file needs none.
    if "://" in text or "=" in text:
        from harvesters.http import masked  # noqa: PLC0415

        text = masked(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)} characters)"
