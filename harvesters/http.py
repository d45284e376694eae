"""HTTP to one source: patient, bounded, and never to a place it must not go.

In: an address, its arguments and the source's options. Out: an `Answer` with the whole body, decompressed; or a body
streamed to a file. A body cut short is fetched again and is never taken for an end; 429 and 5xx wait as Retry-After
says; nothing secret reaches a message, a log line or another host. Where we may connect is decided in `reach`.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, BinaryIO, Final, Self
from urllib.parse import urljoin

import requests
import tenacity
import urllib3

from harvesters.errors import SourceRefused, SourceUnavailable
from harvesters.inflate import CutShort, decompressed, too_large
from harvesters.limits import OPTIONS, Limits, limits
from harvesters.login import carries_secrets, is_home
from harvesters.masking import masked
from harvesters.pace import Pace, host_of, is_address
from harvesters.session import TRY_LATER, session, translated

__all__ = ["OPTIONS", "Answer", "Asked", "Http", "limits", "masked"]

_REDIRECTS: Final = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status below 500 and not 429, body decompressed; `url` is fit to be shown."""

    url: str
    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request says: address, arguments still to be encoded, and headers besides our introduction. Of what is
    written to a file, `most` bytes are read (0: all).
    """

    url: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    most: int = 0


class Http:
    """A connection to one source, kept open from request to request. Use it in a `with` block.

    `folder` is where the processes of one house keep how fast each host was asked.
    """

    def __init__(self, options: Mapping[str, str], contact: str = "", folder: str = "") -> None:
        self._limits = limits(options)
        self._session = session(self._limits, self._limits.contact or contact)
        self._pace = Pace(self._limits.per_minute, folder)
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
        return self._again(self._fetch, Asked(url, dict(arguments or {})), None)

    def download(self, asked: Asked, file: BinaryIO) -> Answer:
        """Write the body of one answer to a file, as it came; the answer's `content` stays empty."""
        return self._again(self._fetch, asked, file)

    def _fetch(self, asked: Asked, file: BinaryIO | None) -> Answer:
        home = asked.url
        for _ in range(self._limits.redirects + 1):
            response = self._send(asked, home)
            with response:
                target = response.headers.get("Location")
                if response.status_code not in _REDIRECTS or not target:
                    return self._answer(response, file, asked.most)
            # The body of a redirect is not read: it could be of any size.
            asked = Asked(self._next(response.url, target, home), {}, asked.headers, asked.most)
        raise SourceRefused("too-many-redirects", f"over {self._limits.redirects} redirects", masked(asked.url))

    def _next(self, base: str, target: str, home: str) -> str:
        following = _joined(base, target)
        if not is_address(following):
            message = f"it redirects to {masked(following)[:200]!r}; only http and https addresses are fetched"
            raise SourceRefused("address-scheme", message, masked(base))
        secret = self._limits.login or carries_secrets(home)
        if secret and base.lower().startswith("https:") and following.lower().startswith("http:"):
            message = f"it redirects to {masked(following)[:200]}, where a password would go unencrypted"
            raise SourceRefused("redirect-downgrade", message, masked(base))
        return following

    def _send(self, asked: Asked, home: str) -> requests.Response:
        if not is_address(asked.url.lstrip()):
            raise SourceRefused("address-scheme", "only http and https addresses are fetched", masked(asked.url))
        patience = (self._limits.connect, self._limits.silence)
        headers = dict(asked.headers)
        if self._limits.login and is_home(asked.url, home):
            headers["Authorization"] = self._limits.login
        try:
            self._pace.wait(host_of(asked.url))
            return self._session.get(
                asked.url, params=asked.arguments, headers=headers, stream=True, timeout=patience, allow_redirects=False
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            raise translated(error, masked(asked.url)) from None

    def _answer(self, response: requests.Response, file: BinaryIO | None, most: int) -> Answer:
        where = masked(response.url)
        if response.status_code in TRY_LATER:
            busy = f"the server answers {response.status_code} {response.reason} after {self._limits.retries} repeats"
            raise SourceUnavailable(f"http-{response.status_code}", busy, where)
        pieces = _pieces(response.raw, self._limits, where)
        if file is not None:
            _write(pieces, file, most)
            return Answer(where, response.status_code, b"", response.headers)
        encoding = response.headers.get("Content-Encoding", "")
        content = decompressed(b"".join(pieces), encoding, self._limits.bytes, where)
        return Answer(where, response.status_code, content, response.headers)


def _write(pieces: Iterator[bytes], file: BinaryIO, most: int) -> None:
    # What an answer that was cut short had left there is written over.
    file.seek(0)
    file.truncate()
    for piece in pieces:
        file.write(piece)
        if 0 < most <= file.tell():
            file.truncate(most)
            return


def _pieces(raw: Any, given: Limits, where: str) -> Iterator[bytes]:
    """Give a body as it comes, within its limits of size and time; a body that is cut short raises `CutShort`."""
    size, end = 0, time.monotonic() + given.answer
    try:
        while chunk := raw.read1(1 << 16, decode_content=False):
            size += len(chunk)
            if size > given.bytes:
                raise too_large(given.bytes, where)
            if time.monotonic() > end:
                slow = f"the answer was not complete after {given.answer:g} s ({size} bytes came)"
                raise SourceUnavailable("answer-too-slow", slow, where)
            yield chunk
    except urllib3.exceptions.ReadTimeoutError:
        silent = f"no byte came for {given.silence:g} s, {size} bytes into the answer"
        raise CutShort("answer-cut", silent, where) from None
    except (urllib3.exceptions.HTTPError, OSError):
        raise CutShort("answer-cut", f"the answer was cut after {size} bytes", where) from None


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        message = f"a redirect leads to {masked(target)[:200]!r}, which is no address"
        raise SourceRefused("address-invalid", message, masked(base)) from None
