"""Tokens that only we can make: where a list stands, given to the client, so that nothing has to be remembered here.

In: the home, and what a token holds. Out: text that is safe in an address without encoding, and back (HMAC-SHA-256, 128
bits of it). The key is 32 random bytes, made once, kept in the home and read by every process. Whoever deletes the file
only makes running harvests begin their lists again.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Final

from federation.errors import Unavailable
from federation.keyfile import make_once

NAME: Final = "oai-token.key"
_LENGTH: Final = 32
_SIGNATURE: Final = 16


def seal(content: bytes, key: bytes) -> str:
    """Write content as a token."""
    return base64.urlsafe_b64encode(_signature(content, key) + content).rstrip(b"=").decode()


def unseal(text: str, key: bytes) -> bytes | None:
    """Read a token; None when it was altered or somebody else made it; raises `ValueError` when it is none."""
    try:
        sealed = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError):
        raise ValueError("this is no token") from None
    signature, content = sealed[:_SIGNATURE], sealed[_SIGNATURE:]
    return content if hmac.compare_digest(signature, _signature(content, key)) else None


def key(home: Path) -> bytes:
    """Give the key, making it first when it is not there; raises `Unavailable` when it can be neither read nor made."""
    file = home / NAME
    try:
        make_once(file, lambda: secrets.token_bytes(_LENGTH))
        content = file.read_bytes()
    except OSError as error:
        raise Unavailable("token-key-unavailable", f"{error.strerror}; the home must be writable", str(file)) from error
    if len(content) < _LENGTH:
        raise Unavailable("token-key-unavailable", "the file is damaged; delete it, a new one will be made", str(file))
    return content


def _signature(content: bytes, key: bytes) -> bytes:
    return hmac.digest(key, content, hashlib.sha256)[:_SIGNATURE]
