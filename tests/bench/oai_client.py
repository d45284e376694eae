"""A harvester that costs next to nothing, so that it is the server that is measured.

In: the port of a server whose OAI-PMH door is `/oai`. Out: pages as bytes, and what a whole harvest brought. One
connection is kept open; the token and the records are found by their text, nothing is parsed.
"""

import http.client
import re
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import quote

DOOR = "/oai"
FIRST_PAGE = f"{DOOR}?verb=ListRecords&metadataPrefix=marc21"
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
#: the token stands behind the records
_TAIL = 2000


class Line:
    """A connection that stays open; `received` are the bytes of the last body as it came."""

    def __init__(self, port: int, packed: bool = False) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.received = 0
        self._headers = {"Accept-Encoding": "gzip" if packed else "identity"}

    def get(self, path: str) -> bytes:
        """Give the body of an answer, unpacked; raises for any status but 200."""
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        self.received = len(body)
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered {answer.status}: {body[:500]!r}")
        return zlib.decompress(body, wbits=31) if answer.headers["Content-Encoding"] == "gzip" else body

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


@dataclass(frozen=True)
class Page:
    """One page of the list: the address it was asked by, its records, its bytes, how long it took to arrive."""

    path: str
    records: int
    bytes: int
    seconds: float


@dataclass(frozen=True)
class Harvest:
    """A whole harvest."""

    pages: tuple[Page, ...]

    @property
    def seconds(self) -> float:
        """Give the time spent waiting for pages and receiving them."""
        return sum(page.seconds for page in self.pages)

    @property
    def records(self) -> int:
        """Give the records of all pages."""
        return sum(page.records for page in self.pages)

    @property
    def bytes(self) -> int:
        """Give the bytes of all pages, unpacked."""
        return sum(page.bytes for page in self.pages)

    @property
    def speed(self) -> float:
        """Give records per second."""
        return self.records / self.seconds


def harvest(port: int, packed: bool = False) -> Harvest:
    """Harvest the whole list."""
    with closing(Line(port, packed)) as line:
        return Harvest(tuple(_pages(line)))


def _pages(line: Line) -> Iterator[Page]:
    address = FIRST_PAGE
    while address:
        begun = time.perf_counter()
        body = line.get(address)
        took = time.perf_counter() - begun
        records = body.count(b"</header>")
        if not records:
            raise RuntimeError(f"{address} was answered without a record: {body[:1000]!r}")
        yield Page(address, records, len(body), took)
        token = _TOKEN.search(body, max(0, len(body) - _TAIL))
        address = f"{DOOR}?verb=ListRecords&resumptionToken={quote(token[1])}" if token else ""
