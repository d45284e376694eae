"""Where a harvester may connect: public addresses only, unless the operator allows others for this source; and where
one certificate is trusted, to its owner only.

In: the address a name leads to, looked at when the connection is made, so that redirects and names that change are
caught. Out: a `requests` adapter, or `SourceRefused`. What is public is told by IANA's special-purpose registries, as
Python's `ipaddress` has them.
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any, Final

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from harvesters.errors import HarvestError, SourceRefused, SourceUnavailable
from harvesters.limits import ALLOW_PRIVATE, Limits
from harvesters.pins import fingerprint

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# A page may take minutes to be made; without traffic a home router forgets the connection after five.
_KEEPALIVE: Final = [
    *HTTPConnection.default_socket_options,
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    *([(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 45)] if hasattr(socket, "TCP_KEEPIDLE") else []),
]


class Adapter(HTTPAdapter):
    """Keeps connections, repeats as `patience` says, and connects only where the limits of the source allow it."""

    def __init__(self, patience: urllib3.Retry, given: Limits) -> None:
        self._pools = _pools(given)
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=patience)

    # The hook of `requests` for making its pools.
    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:  # noqa: D102
        super().init_poolmanager(connections, maxsize, block, socket_options=_KEEPALIVE, **more)
        self.poolmanager.pool_classes_by_scheme = self._pools


class _PublicConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _guarded(self.host, self.port, super()._new_conn)


class _PublicTlsConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _guarded(self.host, self.port, super()._new_conn)


def _pools(given: Limits) -> dict[str, type[HTTPConnectionPool]]:
    plain, tls = (_PublicConnection, _PublicTlsConnection) if given.public_only else (HTTPConnection, HTTPSConnection)
    if given.pin:
        tls = _pinned(tls, given.pin)
    return {
        "http": type("_Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("_TlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }


def _pinned(base: type[HTTPSConnection], pin: str) -> type[HTTPSConnection]:
    class Pinned(base):  # type: ignore[misc, valid-type]
        """Takes one certificate, whatever its name, date or issuer; nothing is sent before it was seen."""

        def connect(self) -> None:
            super().connect()
            found = fingerprint(self.sock.getpeercert(binary_form=True) or b"")
            if found != pin:
                self.close()
                raise other_certificate(found, pin, self.host)
            self.is_verified = True  # by us: neither a proxy nor an authority stands between

    return Pinned


def other_certificate(found: str, pin: str, host: str) -> SourceRefused:
    """Say that a server shows another certificate than the one that is trusted."""
    message = (
        f"the server shows another certificate ({found}) than the one that is trusted ({pin}); ask the library whether "
        "it was renewed, then look at it with `lienthong sources trust`"
    )
    return SourceRefused("certificate-changed", message, host)


def connected(host: str, port: int, given: Limits) -> socket.socket:
    """Connect to a host as the limits allow, for a look at what stands there."""
    try:
        if given.public_only:
            return _guarded(host, port, lambda: socket.create_connection((host, port), given.connect))
        return socket.create_connection((host, port), given.connect)
    except (OSError, ValueError) as error:
        raise SourceUnavailable("no-connection", f"no answer: {error}", f"{host}:{port}") from None


def _guarded(host: str, port: int, connect: Callable[[], socket.socket]) -> socket.socket:
    # Refused before connecting; and once more by whom we reached, for names that change their answer in between.
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)}
    except OSError:
        found = set()
    for address in sorted(found):
        refuse_private(address, host)
    reached = connect()
    try:
        refuse_private(str(reached.getpeername()[0]), host)
    except HarvestError:
        reached.close()
        raise
    return reached


def refuse_private(address: str, host: str) -> None:
    """Raise `SourceRefused` unless the address is one of the public Internet."""
    if not _is_public(ipaddress.ip_address(address.partition("%")[0])):
        message = (
            f"{host} is at {address}, which is not a public address; if that is right, set {ALLOW_PRIVATE.name}=true"
        )
        raise SourceRefused("address-private", message, host)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
    return address.is_global and not address.is_multicast
