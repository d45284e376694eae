"""Secrets of sources in the database, so that a copy of the database alone tells nobody a password.

In: the home, and options of which some are secrets. Out: the same options with the secrets encrypted (Fernet:
AES-128-CBC with HMAC-SHA-256), or in the clear again. The key lies in the home, for its owner only, made at first need;
whoever loses it sets the passwords again, nothing else is lost.
"""

import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from federation.errors import Unavailable
from federation.keyfile import make_once

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

# ruff: noqa: PLC0415  (most commands meet no secret, and need not wait for the library that keeps them)

NAME: Final = "vault.key"
_MARK: Final = "locked."


def is_locked(value: str) -> bool:
    """Whether a value is an encrypted one."""
    return value.startswith(_MARK)


def lock(home: Path, options: Mapping[str, str], secret: Collection[str]) -> dict[str, str]:
    """Give options as they are stored: the secret ones encrypted. Raises `Unavailable` when there can be no key."""
    wanted = [name for name in options if name in secret and options[name]]
    if not wanted:
        return dict(options)
    cipher = _cipher(home, make=True)
    return {
        name: _MARK + cipher.encrypt(value.encode()).decode() if name in wanted else value
        for name, value in options.items()
    }


def unlock(home: Path, options: Mapping[str, str], code: str) -> dict[str, str]:
    """Give options as they were typed; raises `Unavailable` when the key is lost or another one."""
    if not any(is_locked(str(value)) for value in options.values()):
        return dict(options)
    from cryptography.fernet import InvalidToken

    try:
        cipher = _cipher(home, make=False)
        return {
            name: cipher.decrypt(value[len(_MARK) :]).decode() if is_locked(str(value)) else value
            for name, value in options.items()
        }
    except FileNotFoundError:
        raise _lost(f"the key {home / NAME} is not there", code) from None
    except InvalidToken:
        raise _lost(f"the key {home / NAME} is not the one that the password was stored with", code) from None


def _lost(what: str, code: str) -> Unavailable:
    message = f"{what}; restore it from a backup, or set the password again with `lienthong sources login {code}`"
    return Unavailable("secret-unreadable", message, code)


def _cipher(home: Path, make: bool) -> "Fernet":
    from cryptography.fernet import Fernet

    file = home / NAME
    try:
        if make:
            make_once(file, Fernet.generate_key)
        if (mode := file.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            message = f"others may read it (mode {stat.S_IMODE(mode):o}); `chmod 600` it, or the secrets are none"
            raise Unavailable("key-open", message, str(file))
        return Fernet(file.read_bytes().strip())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unavailable("key-unavailable", f"{error.strerror}; the home must be ours", str(file)) from error
    except ValueError:
        message = "the file is damaged; restore it from a backup, or delete it and set the passwords again"
        raise Unavailable("key-damaged", message, str(file)) from None
