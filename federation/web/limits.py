"""How much one address may ask: so many pages and so many answers of the API a minute.

In: every request. Out: nothing, or 429 with the seconds to wait, as a page or as a problem. Requests from this machine,
style sheets and the pages of monitors are not counted; OAI-PMH, SRU and Z39.50 have limits of their own. Each process
counts for itself, so that N processes give N times as much, unless a store they share is named (`limits`, PyPI).
"""

import logging
import re
import time
from ipaddress import ip_address, ip_network
from typing import Final

from flask import Flask, request
from limits import RateLimitItemPerMinute
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from werkzeug.exceptions import TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from federation.config import Settings
from federation.errors import SettingsError

log = logging.getLogger(__name__)

#: bits by which one household or school is known: providers give each a network of IPv6
_NETWORK: Final = 64
#: what is not counted
FREE: Final = frozenset({"static", "healthz", "readyz", "metrics", "oai", "sru", "robots.txt"})
#: an address with a port behind it, as some servers in front write it
_WITH_PORT: Final = re.compile(r"\[(?P<six>[^]]+)\](:\d+)?|(?P<four>[\d.]+):\d+")
#: under which all are counted of whom a server in front does not tell an address
_UNKNOWN: Final = "unknown"


class Limits:
    """The counts of one application."""

    def __init__(self, settings: Settings) -> None:
        try:
            self._limiter = SlidingWindowCounterRateLimiter(storage_from_string(settings.limits_store or "memory://"))
        except ConfigurationError as error:
            raise SettingsError("settings-invalid", str(error), "LIENTHONG_LIMITS_STORE") from error
        self._most = {"api": int(settings.api_requests_per_minute), "web": int(settings.web_requests_per_minute)}
        self._most["suggest"] = self._most["web"]

    def check(self) -> None:
        """Count a request; raises `TooManyRequests`."""
        door = _door(request.path)
        most = self._most.get(door, 0)
        address = _counted(request.remote_addr or "")
        if not most or not address:
            return
        limit = RateLimitItemPerMinute(most, namespace="lienthong")
        try:
            if self._limiter.hit(limit, door, address):
                return
            wait = max(1, int(self._limiter.get_window_stats(limit, door, address).reset_time - time.time()) + 1)
        except Exception:  # a store that is away must not close the catalogue
            log.exception("requests cannot be counted")
            return
        raise TooManyRequests(f"{most} requests a minute are answered; come back in {wait} seconds", retry_after=wait)


def start(app: Flask, settings: Settings) -> None:
    """Count the requests of an application, each for the address it really comes from."""
    if int(settings.proxies):
        trusted = int(settings.proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted)  # type: ignore[method-assign]
    app.before_request(Limits(settings).check)


def _door(path: str) -> str:
    if path.lstrip("/").partition("/")[0] in FREE:
        return ""
    if path == "/search/suggest":
        return "suggest"  # a script asks while somebody types: that must not use up his pages
    return "api" if path.startswith("/api/") else "web"


def _counted(text: str) -> str:
    """Give the name under which an address is counted; this machine, and who comes by a socket of it, has none."""
    if found := _WITH_PORT.fullmatch(text):
        text = found["six"] or found["four"]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return _UNKNOWN if text else ""
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return ""
    return str(address) if address.version == 4 else str(ip_network((address, _NETWORK), strict=False))
