"""Who is connected to the Z39.50 door, and who has to go when it is full.

In: connections that come and go. Out: whether one may stay, and which other one goes for it: the oldest that has not
introduced itself, else the one that was silent longest, if that is long. No socket: who holds it ends it.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from federation.z3950.clients import Address
from federation.z3950.limits import Limits

#: seconds of silence after which a session may have to make room
SILENT: Final = 30.0


@dataclass(eq=False, slots=True)
class Guest:
    """One connection: where from, since when, when it last said something whole, and whether it has introduced itself
    or is being answered; `leave` ends it.
    """

    address: Address
    leave: Callable[[], object]
    since: float = 0.0
    heard: float = 0.0
    known: bool = False
    busy: bool = False


@dataclass
class Crowd:
    """All connections."""

    limits: Limits
    now: Callable[[], float] = time.monotonic
    guests: dict[Guest, None] = field(default_factory=dict)
    _addresses: Counter[Address] = field(default_factory=Counter)

    def enter(self, guest: Guest) -> bool:
        """Let a connection in, at another one's cost if need be; tells whether it may stay."""
        of_address = self._addresses[guest.address]
        if self._is_counted(guest.address) and of_address >= self.limits.sessions_of_address:
            return False
        if len(self.guests) >= self.limits.sessions and not self._make_room():
            return False
        guest.since = guest.heard = self.now()
        self.guests[guest] = None
        self._addresses[guest.address] += 1
        return True

    def go(self, guest: Guest) -> None:
        """Take note that a connection has ended; once is enough."""
        if guest in self.guests:
            del self.guests[guest]
            self._addresses[guest.address] -= 1
            if not self._addresses[guest.address]:
                del self._addresses[guest.address]

    def _is_counted(self, address: Address) -> bool:
        return self.limits.loopback or not address.is_loopback

    def _make_room(self) -> bool:
        strangers = (guest for guest in self.guests if not guest.known)
        silent = sorted((guest for guest in self.guests if not guest.busy), key=lambda guest: guest.heard)
        chosen = next(strangers, None) or (silent[0] if silent else None)
        if chosen is None or (chosen.known and self.now() - chosen.heard < SILENT):
            return False
        self.go(chosen)
        chosen.leave()
        return True
