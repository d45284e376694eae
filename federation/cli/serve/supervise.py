"""`lienthong serve` without a name: every part in a process of its own, started again when it dies.

In: names of parts with their options. Out: nothing. A part that ends is started again after a second, then two, up to a
minute; one that lived a minute is forgiven. On SIGTERM or SIGINT all parts are told to stop, and whatever is left after
`GRACE` seconds is killed. When this process is killed itself, the system tells the parts to stop (prctl(2),
PR_SET_PDEATHSIG, where there is such a thing).
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

#: seconds from being told to stop until the last process has ended
GRACE: Final = 9.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
#: seconds after which a part is taken to be well
WELL: Final = 60.0
#: seconds between two looks at the parts
_LOOK: Final = 0.25
_PDEATHSIG: Final = 1
_COMMAND: Final = (sys.executable, "-c", "from federation.cli import main; main()", "serve")
log = logging.getLogger(__name__)

Start = Callable[[], "subprocess.Popen[bytes]"]


def run(parts: Mapping[str, tuple[str, ...]]) -> None:
    """Keep these parts alive until told to stop."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    parent = os.getpid()
    keep([Part(name, partial(_started, name, options, parent)) for name, options in parts.items()], stop)


def keep(parts: "list[Part]", stop: threading.Event) -> None:
    """Look after the parts until told to stop, then end them."""
    try:
        while not stop.wait(_LOOK):
            for part in parts:
                part.look()
    finally:
        end(parts, GRACE)


def end(parts: "list[Part]", grace: float) -> None:
    """Tell all parts, each of its own process group, to stop, and kill what has not ended when the time is over."""
    processes = [part.process for part in parts if part.process]
    for process in processes:
        process.terminate()
    until = time.monotonic() + grace
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("process %d did not stop within %g s and is killed", process.pid, grace)
            _kill(process)
            process.wait()
        _kill(process)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and what it started; a process of a door that outlives its own would keep the address taken."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@dataclass
class Part:
    """One process that is to live: how it is started, and how long is waited before it is started again."""

    name: str
    start: Start
    now: Callable[[], float] = time.monotonic
    process: "subprocess.Popen[bytes] | None" = None
    _begun: float = 0.0
    _due: float = field(default=float("-inf"))
    _wait: float = FIRST_WAIT

    def look(self) -> None:
        """Start the process when it is due; when it has ended, set the time when it is started again."""
        now = self.now()
        if self.process is not None and self.process.poll() is not None:
            self._ended(now, self.process.returncode)
        if self.process is None and now >= self._due:
            self.process, self._begun = self.start(), now

    def _ended(self, now: float, code: int) -> None:
        if now - self._begun >= WELL:
            self._wait = FIRST_WAIT
        how = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
        log.warning(
            "the %s %s after %.0f s; it is started again in %g s", self.name, how, now - self._begun, self._wait
        )
        self._due, self._wait = now + self._wait, min(self._wait * 2, LONGEST_WAIT)
        if self.process:
            _kill(self.process)
        self.process = None


def _started(name: str, options: tuple[str, ...], parent: int) -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C comes to us alone, and we tell the parts.
    before = partial(_follow, _prctl(), parent)
    command = [*_COMMAND, name, *options]
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, preexec_fn=before)  # noqa: S603, PLW1509  (our own command; no thread but this one)


def _prctl() -> Callable[..., object] | None:
    return getattr(ctypes.CDLL(None), "prctl", None)


def _follow(prctl: Callable[..., object] | None, parent: int) -> None:
    """Ask, in the new process, to be told to stop when its parent dies; it may have died already."""
    if prctl:
        prctl(_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
