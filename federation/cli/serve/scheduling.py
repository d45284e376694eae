"""`lienthong serve scheduler`: harvest by the clock, and what is queued, until told to stop.

In: the settings. Out: nothing; on SIGTERM or SIGINT runs under way end after their page, within `DRAIN` seconds, and
the process exits 0. What did not end in time is taken up by the next scheduler.
"""

import logging
import os
import signal
import sys
import threading
from typing import Final

import click

from federation.cli import context
from federation.jobs.scheduler import Scheduler

#: seconds that runs under way have to end; the whole house has ten
DRAIN: Final = 7.0


def serve() -> None:
    """Run the scheduler."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with context.workplace() as place:
        scheduler = Scheduler(place, int(place.settings.runs_at_once))
        click.echo(f"The scheduler is at work, {place.settings.runs_at_once} runs at once; stop with Ctrl-C.")
        scheduler.serve(stop)
        if not scheduler.drain(DRAIN):
            _leave()


def _leave() -> None:
    """End at once: a thread that waits for a silent server would keep the process for minutes."""
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)
