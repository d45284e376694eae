"""Certificates made by hand, as small schools make them: self-signed, expired, for another name.

In: names and dates. Out: an `ssl` context for a server and the fingerprint of its certificate.
"""

import hashlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class SelfMade:
    """A server's context and what a client should find."""

    context: ssl.SSLContext
    fingerprint: str


def self_made(folder: Path, name: str = "thuvien.truong.example", days: tuple[int, int] = (-10, 10)) -> SelfMade:
    """Make a certificate that nobody vouches for, valid from and until so many days from today."""
    key = ec.generate_private_key(ec.SECP256R1())
    owner = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(owner)
        .issuer_name(owner)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today + timedelta(days=days[0]))
        .not_valid_after(today + timedelta(days=days[1]))
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{made.serial_number}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    shown = made.public_bytes(serialization.Encoding.DER)
    return SelfMade(context, "sha256:" + hashlib.sha256(shown).hexdigest())
