"""The `requests` session of a source: how it introduces itself, how it waits, and what its errors mean.

In: the `Limits` of the source and the mail address to be told. Out: a session that repeats what may pass (RFC 9110,
10.2.3), follows no redirect by itself and takes nothing from the environment; errors of `requests` as ours.
"""

import logging
import random
import re
from importlib import metadata
from typing import Any, Final

import requests
import urllib3

from harvesters.errors import HarvestError, SourceRefused, SourceUnavailable
from harvesters.limits import Limits
from harvesters.masking import Mask, masked
from harvesters.reach import Adapter

#: throttling and faults of a server that may pass
TRY_LATER: Final = (429, 500, 502, 503, 504)
_MASK: Final = Mask()


class _Patience(urllib3.Retry):
    """Waits as Retry-After asks, else twice as long each time, give or take a quarter, so that clients drift apart."""

    def get_backoff_time(self) -> float:
        waited: float = min(self.backoff_max, self.backoff_factor * 2 ** max(0, len(self.history) - 1))
        return waited * random.uniform(0.75, 1.25)  # noqa: S311  (not a secret)


class _Session(requests.Session):
    """Leaves redirects to us: `requests` would read their bodies whole, of whatever size, even when not following."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


def session(given: Limits, contact: str) -> requests.Session:
    """Make the session of a source."""
    made = _Session()
    # Neither a proxy of the environment, which would hide where we connect, nor passwords from ~/.netrc.
    made.trust_env = False
    # Where one certificate is trusted, `reach` compares it; no authority knows it.
    made.verify = not given.pin
    made.headers.update(_introduction(contact))
    for scheme in ("http://", "https://"):
        made.mount(scheme, Adapter(_patience(given), given))
    for speaker in ("urllib3.connectionpool", "urllib3.util.retry"):
        logging.getLogger(speaker).addFilter(_MASK)
    return made


def _patience(given: Limits) -> urllib3.Retry:
    return _Patience(
        total=None,
        connect=given.retries,
        read=given.retries,
        status=given.retries,
        other=0,
        redirect=0,
        status_forcelist=TRY_LATER,
        backoff_factor=given.backoff,
        backoff_max=given.longest,
        retry_after_max=int(given.longest),
        raise_on_status=False,
    )


def _introduction(contact: str) -> dict[str, str]:
    try:
        version = metadata.version("lienthong")
    except metadata.PackageNotFoundError:
        version = "0"
    named = {"User-Agent": f"Lienthong/{version}" + (f" (mailto:{contact})" if contact else "")}
    return {**named, "Accept-Encoding": "gzip", "Accept": "*/*"} | ({"From": contact} if contact else {})


def translated(error: Exception, where: str) -> HarvestError:
    """Give an error of `requests` as one of ours, without anything secret."""
    if isinstance(error, requests.exceptions.SSLError):
        hint = "; if the library cannot mend it, `lienthong sources trust` shows the certificate"
        refused = f"the server's certificate or TLS is not accepted: {_reason(error)}{hint}"
        return SourceRefused("tls-refused", refused, where)
    if isinstance(error, requests.exceptions.Timeout):
        return SourceUnavailable("timeout", "the server did not answer in time", where)
    if isinstance(error, requests.exceptions.ConnectionError | urllib3.exceptions.ProtocolError):
        return SourceUnavailable("no-connection", f"no answer: {_reason(error)}", where)
    return SourceRefused("address-invalid", f"this address cannot be asked: {_reason(error)}", where)


def _reason(error: BaseException) -> str:
    # The innermost cause is the one that a person understands ("Connection refused").
    cause: Any = error.args[0] if error.args else error
    cause = getattr(cause, "reason", None) or cause
    return masked(re.sub(r"^\S*(?:object at|Connection\(host)[^:]*: |^<[^>]*>: ", "", str(cause)))[:300]
