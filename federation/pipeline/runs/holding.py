"""The right to harvest one source alone, on any number of machines: a lease in the database that is said again and
again.

In: a `Workplace` and a name. Out: a `Hold` for the length of a block. It is prolonged by a thread and in every
transaction that writes with it; one whose holder was not heard of for `TERM` may be taken over, at once where the
holder was a process of this machine that is no longer there. Who lost it finds that out before it writes again.
"""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from federation import clock
from federation.errors import FederationError, Stopped, Unavailable
from federation.pipeline.workplace import Workplace
from federation.store import Session, leases
from federation.store.leases import CANCELLED, LeaseRow

#: how long a holder may be silent; a page, or a look at a long list, is written well within it
TERM: Final = timedelta(seconds=120)
#: seconds between two signs of life
BEAT: Final = 20.0
#: a lease that ends later than any could is from before the clock was set back; machines may differ by less than this
SKEW: Final = timedelta(minutes=10)
log = logging.getLogger(__name__)


def of_source(code: str) -> str:
    """Give the name of the lease that lets a source be harvested."""
    return f"source:{code}"


def holder() -> str:
    """Name a new holder: this machine, this process and when it began, and a number of its own."""
    return f"{_machine()} {os.getpid()} {_began(os.getpid()) or '-'} {secrets.token_hex(4)}"


def _machine() -> str:
    # Two containers may have one name, but each counts its processes for itself.
    with suppress(OSError):
        return f"{socket.gethostname()}/{Path('/proc/self/ns/pid').readlink().name}"
    return socket.gethostname()


def _began(pid: int) -> str:
    """Give when a process began, in the system's own count (proc(5), stat, field 22); "" where it is not told."""
    with suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        return "gone" if fields[0] in "ZX" else fields[19]
    return ""


def _lives(name: str) -> bool | None:
    """Tell whether a holder is a process that is there; None where only its own machine could tell."""
    machine, pid, began, _ = (*name.removeprefix(CANCELLED).split(), "", "", "", "")[:4]
    if machine != _machine() or not pid.isdigit():
        return None
    if Path("/proc/self/stat").exists():
        return _began(int(pid)) == began
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def free(lease: LeaseRow, now: datetime) -> bool:
    """Tell whether a lease may be taken over."""
    lives = _lives(lease.holder)
    set_back = lease.until > now + TERM + SKEW and not lives
    return lease.until <= now or lives is False or set_back


def seize(session: Session, name: str, who: str, now: datetime) -> None:
    """Take a lease in the transaction of the caller; raises `Unavailable` naming who has it."""
    found = leases.one(session, name)
    if found is None or free(found, now):
        if leases.take(session, LeaseRow(name, who, now, now + TERM), found):
            return
        found = leases.one(session, name)
    raise Unavailable("busy", _busy(name, found), name.partition(":")[2])


def _busy(name: str, found: LeaseRow | None) -> str:
    machine, pid = (*(found.holder.removeprefix(CANCELLED).split() if found else ()), "?", "?")[:2]
    since = f" since {found.since:%Y-%m-%d %H:%M:%S}Z" if found else ""
    told = f"another process is at it{since} (process {pid} on {machine.partition('/')[0]})"
    if name.startswith(of_source("")):
        told += f"; try again when it has ended, or stop it: `lienthong harvest cancel {name.partition(':')[2]}`"
    return told


class Hold:
    """A lease that is ours until someone takes it."""

    def __init__(self, place: Workplace, name: str, who: str) -> None:
        self._place, self._name, self._who = place, name, who
        self._over = threading.Event()

    def keep(self, session: Session) -> None:
        """Prolong the lease in the transaction that writes with it; raises `Stopped` when it is ours no longer."""
        if not leases.prolong(session, self._name, self._who, clock.now() + TERM):
            raise self._stopped(session)

    def ending(self, session: Session, status: str, message: str) -> tuple[str, str]:
        """Give how a run ended: as it says, unless another took over in the meantime."""
        try:
            self.keep(session)
        except Stopped as error:
            if error.code != "cancelled":  # cancelled too late: all is there
                return "interrupted", error.message
        return status, message

    def _stopped(self, session: Session) -> Stopped:
        found = leases.one(session, self._name)
        what = self._name.partition(":")[2]
        if found and found.holder == CANCELLED + self._who:
            return Stopped("cancelled", "cancelled by the operator; what was kept stays", what)
        told = f"this process was not heard of for {TERM.seconds} s or its clock was wrong, and another took over"
        return Stopped("lease-lost", f"{told}; what was kept stays", what)

    def beat(self) -> None:
        """Say again and again that we are alive, until the block ends or the lease is lost."""
        while not self._over.wait(BEAT):
            try:
                with self._place.database.write() as session:
                    if not leases.prolong(session, self._name, self._who, clock.now() + TERM):
                        return
            except Unavailable as error:
                log.warning("cannot prolong %s, trying again: %s", self._name, error)

    def end(self) -> None:
        """Give the lease back."""
        self._over.set()
        with suppress(FederationError), self._place.database.write() as session:
            leases.release(session, self._name, self._who)


@contextmanager
def held(place: Workplace, name: str, who: str = "") -> Iterator[Hold]:
    """Hold a lease for the length of a block; raises `Unavailable` when another has it.

    `who` is given where the caller took it already, in a transaction with more (`seize`).
    """
    if not who:
        who = holder()
        with place.database.write() as session:
            seize(session, name, who, clock.now())
    hold = Hold(place, name, who)
    threading.Thread(target=hold.beat, name=f"lease {name}", daemon=True).start()
    try:
        yield hold
    finally:
        hold.end()


def reason(error: BaseException) -> str:
    """Say in the history why a run did not come to its end."""
    return error.message if isinstance(error, Stopped) else "stopped before its end"


def halting(stopping: Callable[[], bool]) -> Callable[..., None]:
    """Give what ends a run after its page, or a stage after its batch, once it is to stop."""

    def halt(*_: object) -> None:
        if stopping():
            raise Stopped("stopping", "the scheduler was stopped; the run goes on when it is started again")

    return halt
