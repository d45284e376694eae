"""HTTP to one source: patient, bounded, and never to a place it must not go.

In: an address, its arguments and the source's options. Out: an `Answer` with the whole body, decompressed. A body cut
short is fetched again and is never taken for an end; 429 and 5xx wait as Retry-After says (RFC 9110, 10.2.3); nothing
secret reaches a message or a log line. Where we may connect is decided in `reach`.
"""

import logging
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urljoin

import requests
import tenacity
import urllib3

from harvesters.errors import HarvestError, SourceRefused, SourceUnavailable
from harvesters.inflate import CutShort, decompressed, too_large
from harvesters.options import Option, flag, number, text, whole
from harvesters.reach import ALLOW_PRIVATE, Adapter

CONNECT: Final = Option("connect_timeout", "15", "seconds to wait for a connection", 0.01, 600)
TIMEOUT: Final = Option("timeout", "180", "seconds to wait for the next byte of an answer", 0.01, 3600)
ANSWER: Final = Option("answer_timeout", "1800", "seconds one whole answer may take", 0.01, 86400)
RETRIES: Final = Option("retries", "5", "how often a request that failed is sent again", 0, 20)
BACKOFF: Final = Option("backoff", "2", "seconds before the first repeat; doubled for each further one", 0, 600)
LONGEST: Final = Option("longest_wait", "300", "seconds that we wait at most, whatever Retry-After says", 0, 86400)
BYTES: Final = Option(
    "max_bytes", str(64 << 20), "bytes one answer may have, before and after decompression", 1, 1 << 31
)
REDIRECTS: Final = Option("redirects", "5", "redirects followed for one request", 0, 20)
CONTACT: Final = Option("contact", "", "mail address that the source's operator can write to")
OPTIONS: Final = (ALLOW_PRIVATE, CONNECT, TIMEOUT, ANSWER, RETRIES, BACKOFF, LONGEST, BYTES, REDIRECTS, CONTACT)

_TRY_LATER: Final = (429, 500, 502, 503, 504)
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_USERINFO: Final = re.compile(r"(?<=://)[^/?#\s@]*@")
_SECRET: Final = re.compile(
    r"(?i)([?&;](?:[a-z_-]*pass(?:word|wd)?|pwd|secret|[a-z_-]*key|access_token|auth)=)[^&;#\s'\"]+"
)


def masked(text: str) -> str:
    """Blank out user names, passwords and keys that stand in the addresses of a text."""
    return _SECRET.sub(r"\1***", _USERINFO.sub("***@", text))


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, how often and how much: the options of a source as values."""

    public_only: bool
    connect: float
    silence: float
    answer: float
    retries: int
    backoff: float
    longest: float
    bytes: int
    redirects: int


def limits(given: Mapping[str, str]) -> Limits:
    """Read the options that govern HTTP."""
    return Limits(
        public_only=not flag(ALLOW_PRIVATE, given),
        connect=number(CONNECT, given),
        silence=number(TIMEOUT, given),
        answer=number(ANSWER, given),
        retries=whole(RETRIES, given),
        backoff=number(BACKOFF, given),
        longest=number(LONGEST, given),
        bytes=whole(BYTES, given),
        redirects=whole(REDIRECTS, given),
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status below 500 and not 429, body decompressed; `url` is fit to be shown."""

    url: str
    status: int
    content: bytes


class Http:
    """A connection to one source, kept open from request to request. Use it in a `with` block."""

    def __init__(self, options: Mapping[str, str], contact: str = "") -> None:
        self._limits = limits(options)
        self._session = _session(self._limits, text(CONTACT, options) or contact)
        self._again = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self._limits.retries + 1),
            wait=tenacity.wait_exponential(self._limits.backoff, max=self._limits.longest)
            + tenacity.wait_random(0, self._limits.backoff / 2),
            retry=tenacity.retry_if_exception_type(CutShort),
            reraise=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def get(self, url: str, arguments: Mapping[str, str] | None = None) -> Answer:
        """Fetch one answer; `arguments` are encoded here, once. Raises `HarvestError`."""
        return self._again(self._fetch, url, dict(arguments or {}))

    def _fetch(self, url: str, arguments: dict[str, str]) -> Answer:
        for _ in range(self._limits.redirects + 1):
            response = self._send(url, arguments)
            with response:
                target = response.headers.get("Location")
                if response.status_code not in _REDIRECTS or not target:
                    return self._answer(response)
            # The body of a redirect is not read: it could be of any size.
            url, arguments = _joined(response.url, target), {}
        raise SourceRefused("too-many-redirects", f"over {self._limits.redirects} redirects", masked(url))

    def _send(self, url: str, arguments: dict[str, str]) -> requests.Response:
        if not re.match(r"(?i)https?:", url.lstrip()):
            raise SourceRefused("address-scheme", "only http and https addresses are fetched", masked(url))
        patience = (self._limits.connect, self._limits.silence)
        try:
            return self._session.get(url, params=arguments, stream=True, timeout=patience, allow_redirects=False)
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            raise _translated(error, masked(url)) from None

    def _answer(self, response: requests.Response) -> Answer:
        where = masked(response.url)
        if response.status_code in _TRY_LATER:
            busy = f"the server answers {response.status_code} {response.reason} after {self._limits.retries} repeats"
            raise SourceUnavailable(f"http-{response.status_code}", busy, where)
        body = self._body(response.raw, where)
        encoding = response.headers.get("Content-Encoding", "")
        return Answer(where, response.status_code, decompressed(body, encoding, self._limits.bytes, where))

    def _body(self, raw: Any, where: str) -> bytes:
        chunks, size, end = [], 0, time.monotonic() + self._limits.answer
        try:
            while chunk := raw.read1(1 << 16, decode_content=False):
                chunks.append(chunk)
                size += len(chunk)
                if size > self._limits.bytes:
                    raise too_large(self._limits.bytes, where)
                if time.monotonic() > end:
                    slow = f"the answer was not complete after {self._limits.answer:g} s ({size} bytes came)"
                    raise SourceUnavailable("answer-too-slow", slow, where)
        except urllib3.exceptions.ReadTimeoutError:
            silent = f"no byte came for {self._limits.silence:g} s, {size} bytes into the answer"
            raise CutShort("answer-cut", silent, where) from None
        except (urllib3.exceptions.HTTPError, OSError):
            raise CutShort("answer-cut", f"the answer was cut after {size} bytes", where) from None
        return b"".join(chunks)


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        message = f"a redirect leads to {masked(target)[:200]!r}, which is no address"
        raise SourceRefused("address-invalid", message, masked(base)) from None


def _translated(error: Exception, where: str) -> HarvestError:
    if isinstance(error, requests.exceptions.SSLError):
        return SourceRefused("tls-refused", f"the server's certificate or TLS is not accepted: {_reason(error)}", where)
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


class _Patience(urllib3.Retry):
    """Waits as Retry-After asks, else twice as long each time, give or take a quarter, so that clients drift apart."""

    def get_backoff_time(self) -> float:
        waited: float = min(self.backoff_max, self.backoff_factor * 2 ** max(0, len(self.history) - 1))
        # Not a secret: any generator will do.
        return waited * (0.75 + (time.monotonic_ns() % 1000) / 2000)


class _Session(requests.Session):
    """Leaves redirects to us: `requests` would read their bodies whole, of whatever size, even when not following."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


def _session(given: Limits, contact: str) -> requests.Session:
    patience = _Patience(
        total=None,
        connect=given.retries,
        read=given.retries,
        status=given.retries,
        other=0,
        redirect=0,
        status_forcelist=_TRY_LATER,
        backoff_factor=given.backoff,
        backoff_max=given.longest,
        retry_after_max=int(given.longest),
        raise_on_status=False,
    )
    session = _Session()
    # Neither a proxy of the environment, which would hide where we connect, nor passwords from ~/.netrc.
    session.trust_env = False
    session.headers.update(_introduction(contact))
    for scheme in ("http://", "https://"):
        session.mount(scheme, Adapter(patience, given.public_only))
    for speaker in ("urllib3.connectionpool", "urllib3.util.retry"):
        logging.getLogger(speaker).addFilter(_MASK)
    return session


def _introduction(contact: str) -> dict[str, str]:
    try:
        version = metadata.version("lienthong")
    except metadata.PackageNotFoundError:
        version = "0"
    named = {"User-Agent": f"Lienthong/{version}" + (f" (mailto:{contact})" if contact else "")}
    return {**named, "Accept-Encoding": "gzip", "Accept": "*/*"} | ({"From": contact} if contact else {})


class _Mask(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), ()
        return True


_MASK: Final = _Mask()
