"""Who we are to a source that wants to know: a user with a password (HTTP Basic, RFC 7617) or a token (RFC 6750).

In: the options `user`, `password`, `token`, in the clear. Out: the value of the Authorization header, to be sent to the
source's own host and to no other; a `SourceRefused` that never repeats what it refuses.
"""

import base64
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

from harvesters.errors import SourceRefused
from harvesters.options import Option

USER: Final = Option("user", "", "user name for a source with a password")
PASSWORD: Final = Option("password", "", "password of that user")
TOKEN: Final = Option("token", "", "token for a source that wants one (Bearer)")
#: the options that are kept encrypted and never shown
SECRET: Final = frozenset(option.name for option in (USER, PASSWORD, TOKEN))
#: what an operator types in the place of a secret that is to be asked for, or that is to stay as it is
ASK: Final = "-"
_TOKEN: Final = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_PORTS: Final = {"http": 80, "https": 443}


def login(given: Mapping[str, str]) -> str:
    """Give the Authorization header of a source, nothing for one that wants none."""
    user, password, token = (given.get(option.name, "") for option in (USER, PASSWORD, TOKEN))
    if token and (user or password):
        raise SourceRefused("option-invalid", "give either user and password, or token, not both")
    if token and not _TOKEN.fullmatch(token):
        raise SourceRefused("option-invalid", "option token has letters that no token has (RFC 6750)")
    if bool(user) != bool(password):
        raise SourceRefused("option-invalid", "user and password belong together: one of them is missing")
    if ":" in user or not (user + password).isprintable():
        raise SourceRefused("option-invalid", "a user name has no colon, and neither it nor a password has line breaks")
    if token:
        return f"Bearer {token}"
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}" if user else ""


def is_home(address: str, home: str) -> bool:
    """Whether an address is on the source's own server, or on the same one behind TLS: secrets may go there."""
    try:
        there, here = urlsplit(address), urlsplit(home)
        same = (there.scheme.lower(), there.hostname, _port(there)) == (here.scheme.lower(), here.hostname, _port(here))
        upgraded = there.hostname == here.hostname and (_port(here), _port(there)) == (80, 443)
        return same or (upgraded and there.scheme.lower() == "https")
    except ValueError:
        return False


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme.lower())


def carries_secrets(address: str) -> bool:
    """Whether user and password stand in the address itself."""
    return "@" in urlsplit(address).netloc
