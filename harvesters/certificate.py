"""A look at the certificate that a server shows, without trusting it and without sending anything.

In: an https address and the options of its source. Out: a `Certificate`: what it says of itself (a stranger's text, so
only what can be printed), its fingerprint, and why the usual rules refuse it, if they do. X.509 is RFC 5280.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from harvesters.errors import SourceRefused, SourceUnavailable
from harvesters.limits import Limits, limits
from harvesters.pins import fingerprint
from harvesters.reach import connected

_UNREADABLE: Final = "(cannot be read)"
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a server showed. `refused` is empty when the usual rules accept it."""

    server: str
    fingerprint: str
    refused: str
    subject: str = _UNREADABLE
    issuer: str = _UNREADABLE
    begins: datetime | None = None
    ends: datetime | None = None


def look(address: str, options: Mapping[str, str]) -> Certificate:
    """Give the certificate of the server at an address; raises `HarvestError` when there is none to see."""
    given = limits(options)
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError as error:
        raise SourceRefused("address-invalid", f"this is no address: {error}", address) from None
    server = f"{host}:{port}"
    try:
        shown = _shown(host, port, given, _open_minded())
    except (OSError, ValueError) as error:
        raise SourceUnavailable("tls-none", f"no TLS is spoken there: {error}", server) from None
    return _read(server, shown, _objection(host, port, given))


def _open_minded() -> ssl.SSLContext:
    # Nothing is sent and nothing believed over this connection.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _shown(host: str, port: int, given: Limits, context: ssl.SSLContext) -> bytes:
    with connected(host, port, given) as plain, context.wrap_socket(plain, server_hostname=host) as secured:
        return secured.getpeercert(binary_form=True) or b""


def _objection(host: str, port: int, given: Limits) -> str:
    try:
        _shown(host, port, given, ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH))
    except ssl.SSLCertVerificationError as error:
        return _printable(error.verify_message)
    except (OSError, ValueError) as error:
        return _printable(str(error))
    return ""


def _read(server: str, shown: bytes, refused: str) -> Certificate:
    mark = fingerprint(shown)
    try:
        found = x509.load_der_x509_certificate(shown)
        subject, issuer = (_printable(name.rfc4514_string()) for name in (found.subject, found.issuer))
        return Certificate(
            server, mark, refused, subject, issuer, found.not_valid_before_utc, found.not_valid_after_utc
        )
    except ValueError:
        return Certificate(server, mark, refused)


def _printable(text: str) -> str:
    # It is a stranger's text on an operator's terminal: no control codes, no marks that turn lines round.
    kept = "".join(letter if letter.isprintable() else "?" for letter in text[: _MOST + 1])
    return kept[:_MOST] + ("…" if len(kept) > _MOST else "")
