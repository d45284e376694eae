"""Logging for people who read it in a terminal or a journal: one line an event, UTC, no secrets.

In: a level name. Out: the root logger is set up once, by `cli` or a door's process, never at import.
"""

import logging
import time


def start(level: str = "INFO") -> None:
    """Send log lines of `level` and above to standard error."""
    formatter = logging.Formatter("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    handler.setLevel(level)  # what a run keeps for its history may be less grave than what is shown here
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
