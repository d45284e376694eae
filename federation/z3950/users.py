"""Who may use the Z39.50 door, where the operator does not let everybody in.

In: the file that `LIENTHONG_Z3950_USERS` names, a line `USER:HASH` for each, and what a client says of itself. Out:
whether it may come in. Hashes are scrypt (RFC 7914), made by `lienthong z3950 password`. The file is read each time, so
that a user who was struck out is out.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from federation.errors import Unavailable
from schemas.z3950.session import Anonymous, Authentication, IdPass

_KIND: Final = "scrypt"
_COST, _BLOCK, _LANES, _SALT, _KEY = 2**14, 8, 1, 16, 32
_MEMORY: Final = 64 * 1024 * 1024
_LONGEST: Final = 200


def hashed(password: str) -> str:
    """Give what is stored of a password."""
    salt = os.urandom(_SALT)
    return f"{_KIND}${salt.hex()}${_key(password, salt).hex()}"


def names(said: Authentication | Anonymous | None) -> tuple[str, str]:
    """Give user and password as a client said them; the open form is `user/password`."""
    if isinstance(said, IdPass):
        return said.user or said.group or "", said.password or ""
    user, _, password = said.partition("/") if isinstance(said, str) else ("", "", "")
    return user, password


class Users:
    """The users of one file; without a file everybody may come in."""

    def __init__(self, file: str) -> None:
        self._file = Path(file) if file else None

    @property
    def all_are_welcome(self) -> bool:
        """Whether no password is needed."""
        return self._file is None

    def admits(self, user: str, password: str) -> bool:
        """Tell whether user and password are right; raises `Unavailable` when the file cannot be read."""
        if self._file is None:
            return True
        if not user or len(user) > _LONGEST or len(password) > _LONGEST:
            return False
        # A user who is not there takes as long as one who is.
        stored = _read(self._file).get(user) or f"{_KIND}${'00' * _SALT}${'00' * _KEY}"
        _, salt, key = stored.split("$")
        return hmac.compare_digest(_key(password, bytes.fromhex(salt)).hex(), key)


def _key(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY, dklen=_KEY)


def _read(file: Path) -> Mapping[str, str]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"the users of the Z39.50 door cannot be read: {error}"
        raise Unavailable("users-unreadable", message, str(file)) from error
    found = (line.strip().rpartition(":") for line in lines if line.strip() and not line.startswith("#"))
    return {user: stored for user, _, stored in found if user and stored.count("$") == 2}
