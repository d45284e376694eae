"""What all sessions of the Z39.50 door share.

In: a catalogue and settings. Out: a `Door`: the catalogue, who may come in, how clients speak, limits and what counts.
"""

from dataclasses import dataclass, field
from typing import Final

from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.z3950 import clients, limits
from federation.z3950.clients import Address, Rule
from federation.z3950.limits import Limits
from federation.z3950.meter import Meter
from federation.z3950.refusals import Refused
from federation.z3950.users import Users

#: wrong passwords from one address in a minute, after which it has to wait
WRONG_PASSWORDS: Final = 10
#: databases one may name: all are the same one
DATABASES: Final = ("union", "default")
_TEMPORARY, _NO_DATABASE, _TOO_MANY_DATABASES = 2, 235, 111
_MOST_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Door:
    """The door, as its sessions see it; `searches` and `records` count by address, `wrong` counts wrong passwords."""

    catalogue: Catalogue
    limits: Limits
    users: Users
    rules: tuple[Rule, ...] = ()
    searches: Meter = field(default_factory=lambda: Meter(0))
    records: Meter = field(default_factory=lambda: Meter(0))
    wrong: Meter = field(default_factory=lambda: Meter(WRONG_PASSWORDS))

    def is_counted(self, address: Address) -> bool:
        """Whether an address is held to the limits of one."""
        return self.limits.loopback or not address.is_loopback

    def charge(self, meter: Meter, address: Address, count: int = 1) -> None:
        """Take from what an address may ask for in a minute; raises `Refused` when that is used up."""
        wait = meter.take(address, count) if self.is_counted(address) else 0
        if wait:
            raise Refused(_TEMPORARY, f"at most {meter.most} a minute; ask again in {wait} s")


def door(catalogue: Catalogue, settings: Settings) -> Door:
    """Make the door of these settings."""
    found = limits.read(settings)
    return Door(
        catalogue,
        found,
        Users(settings.z3950_users),
        clients.read(settings.z3950_charsets),
        Meter(found.searches),
        Meter(found.records),
    )


def database(names: tuple[str, ...]) -> str:
    """Give the database that is meant by these names, as the first of them says it; raises `Refused`."""
    if len(names) > _MOST_NAMED:
        raise Refused(_TOO_MANY_DATABASES, len(names))
    unknown = next((name for name in names if name.lower() not in DATABASES), None if names else "")
    if unknown is not None:
        raise Refused(_NO_DATABASE, unknown)
    return names[0]
