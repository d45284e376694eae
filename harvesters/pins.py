"""The one certificate an operator has looked at and trusts for a source (option `certificate`), as SHA-256.

In: options, or a certificate as bytes (DER). Out: 64 hexadecimal digits; a `SourceRefused` for what is no fingerprint.
It loads no HTTP client; who compares is `reach`, when the connection is made and before anything is sent.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from harvesters.errors import SourceRefused
from harvesters.options import Option, text

CERTIFICATE: Final = Option("certificate", "", "sha256:… of the only certificate accepted (`lienthong sources trust`)")
_PREFIX: Final = "sha256:"


def fingerprint(certificate: bytes) -> str:
    """Give the fingerprint of a certificate as the option `certificate` writes it."""
    return _PREFIX + hashlib.sha256(certificate).hexdigest()


def pin(given: Mapping[str, str]) -> str:
    """Give the fingerprint that an option names, without colons and in lower case; nothing where there is none."""
    found = text(CERTIFICATE, given)
    if not found:
        return ""
    digits = found.lower().removeprefix(_PREFIX).replace(":", "")
    if not re.fullmatch("[0-9a-f]{64}", digits):
        raise SourceRefused(
            "option-invalid",
            f"option {CERTIFICATE.name} is {found[:80]!r}; write sha256: and 64 hexadecimal digits, or let "
            "`lienthong sources trust` write it",
        )
    return _PREFIX + digits
