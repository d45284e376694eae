"""Where a Z39.50 target is: `z3950://host:port/database`, several databases with `+` between them.

In: an address as an operator writes it. Out: an `Address`, or a `SourceRefused` that says what is wrong with it. The
port is 210 where none is named (IANA, z39.50), the database `Default`. A password does not stand in it.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from harvesters.errors import SourceRefused
from harvesters.masking import masked

SCHEME: Final = "z3950"
PORT: Final = 210
DATABASE: Final = "Default"
_FORM: Final = "write z3950://host:port/database"
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Address:
    """A host, its port, and the databases that are searched together."""

    host: str
    port: int = PORT
    databases: tuple[str, ...] = (DATABASE,)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{SCHEME}://{host}:{self.port}/{'+'.join(self.databases)}"


def read(url: str) -> Address:
    """Read an address; raises `SourceRefused`."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port or PORT
    except ValueError as error:
        raise _refused(url, str(error)) from None
    if parts.scheme.lower() != SCHEME or not host:
        raise _refused(url, "it is no address of a Z39.50 target")
    if "@" in parts.netloc:
        raise _refused(url, "user and password are options of their own (user, password)")
    if parts.query or parts.fragment or not re.fullmatch(r"[\w.:-]+", host):
        raise _refused(url, "it has something that no such address has")
    names = tuple(unquote(name).strip() for name in parts.path.strip("/").split("+"))
    databases = tuple(filter(None, names)) or (DATABASE,)
    if any("/" in name or not name.isprintable() or len(name) > _LONGEST for name in databases):
        raise _refused(url, "a database is one name, without a slash")
    return Address(host, port, databases)


def _refused(url: str, reason: str) -> SourceRefused:
    return SourceRefused("address-invalid", f"{reason}; {_FORM}", masked(url)[:200])
