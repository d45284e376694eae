"""An OAI-PMH server that does what real ones do wrong: honest unless a test spoils its answers.

In: items, a page size, and `spoil`, which gets each request with the honest reply and gives the reply to send. Out: a
server on a free loopback port, with every request and connection remembered.
"""

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol, TypeVar
from urllib.parse import parse_qsl, urlsplit

MARC = "http://www.loc.gov/MARC21/slim"
DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SECONDS = "YYYY-MM-DDThh:mm:ssZ"


def marc(title: str, number: str = "1") -> str:
    """A small MARCXML record."""
    return (
        f'<record xmlns="{MARC}"><leader>00000nam a2200000   4500</leader>'
        f'<controlfield tag="001">{number}</controlfield>'
        f'<datafield tag="245" ind1="0" ind2="0"><subfield code="a">{title}</subfield></datafield></record>'
    )


@dataclass(frozen=True)
class Item:
    """One item of the server; `payload` is XML text, empty for an item without metadata."""

    identifier: str
    datestamp: str = "2026-03-01T10:00:00Z"
    payload: str = ""
    deleted: bool = False
    sets: tuple[str, ...] = ()

    def header(self) -> str:
        status = ' status="deleted"' if self.deleted else ""
        said = f"<identifier>{self.identifier}</identifier><datestamp>{self.datestamp}</datestamp>"
        return f"<header{status}>{said}{''.join(f'<setSpec>{spec}</setSpec>' for spec in self.sets)}</header>"

    def xml(self) -> str:
        metadata = f"<metadata>{self.payload}</metadata>" if self.payload and not self.deleted else ""
        return f"<record>{self.header()}{metadata}</record>"


def items(count: int, first: int = 1) -> list[Item]:
    """Items `oai:x:1` and so on with MARCXML."""
    return [Item(f"oai:x:{n}", payload=marc(f"Sách số {n}", str(n))) for n in range(first, first + count)]


@dataclass(frozen=True)
class Asked:
    """One request: its place among the requests (from 1), its arguments decoded once, and its query as it was sent."""

    number: int
    arguments: dict[str, str]
    query: str
    headers: dict[str, str]

    @property
    def verb(self) -> str:
        return self.arguments.get("verb", "")

    @property
    def token(self) -> str:
        return self.arguments.get("resumptionToken", "")


@dataclass(frozen=True)
class Reply:
    """What is sent. `cut`: so many bytes, then the connection is closed; `pause`: seconds before each tenth of it."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    chunked: bool = False
    pause: float = 0.0
    hang: float = 0.0


def envelope(inner: str, date: str = "2026-03-02T12:00:00Z") -> bytes:
    """An OAI-PMH response around `inner`."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<responseDate>{date}</responseDate><request>http://x/oai</request>{inner}</OAI-PMH>"
    ).encode()


def error(code: str, date: str = "2026-03-02T12:00:00Z") -> bytes:
    """An OAI-PMH error response."""
    return envelope(f'<error code="{code}">said the server</error>', date)


def listing(
    listed: list[Item], token: str | None = None, size: int | None = None, date: str = "2026-03-02T12:00:00Z"
) -> bytes:
    """A ListRecords response; `token` None leaves the element out, an empty one closes the list."""
    counted = f' completeListSize="{size}"' if size is not None else ""
    element = "" if token is None else f"<resumptionToken{counted}>{token}</resumptionToken>"
    return envelope(f"<ListRecords>{''.join(item.xml() for item in listed)}{element}</ListRecords>", date)


def identifiers(
    listed: list[Item], token: str | None = None, size: int | None = None, date: str = "2026-03-02T12:00:00Z"
) -> bytes:
    """A ListIdentifiers response."""
    counted = f' completeListSize="{size}"' if size is not None else ""
    element = "" if token is None else f"<resumptionToken{counted}>{token}</resumptionToken>"
    return envelope(f"<ListIdentifiers>{''.join(item.header() for item in listed)}{element}</ListIdentifiers>", date)


def compressed(reply: Reply, announced: bool = True) -> Reply:
    """The same reply in gzip, announced or not."""
    headers = {**reply.headers, **({"Content-Encoding": "gzip"} if announced else {})}
    return replace(reply, body=gzip.compress(reply.body), headers=headers)


def _honest(asked: Asked, reply: Reply) -> Reply:
    return reply


@dataclass
class Hostile:
    """The server: set its fields before or while it runs."""

    listed: list[Item] = field(default_factory=list)
    page_size: int = 3
    spoil: Callable[[Asked, Reply], Reply] = _honest
    granularity: str = SECONDS
    formats: tuple[tuple[str, str], ...] = (("oai_dc", DC), ("marc21", MARC))
    sized: bool = True
    date: str = "2026-03-02T12:00:00Z"
    requests: list[Asked] = field(default_factory=list)
    connections: int = 0
    url: str = ""

    def asked(self, verb: str) -> list[Asked]:
        """The requests with this verb, in order."""
        return [request for request in self.requests if request.verb == verb]

    def answer(self, asked: Asked) -> Reply:
        """The honest reply."""
        verbs = {
            "Identify": self._identify,
            "ListMetadataFormats": self._formats,
            "ListRecords": self._list,
            "ListIdentifiers": self._list,
        }
        if asked.verb not in verbs:
            return Reply(error("badVerb", self.date))
        return Reply(verbs[asked.verb](asked), headers={"Content-Type": "text/xml; charset=utf-8"})

    def _identify(self, asked: Asked) -> bytes:
        inner = (
            "<repositoryName>x</repositoryName><baseURL>http://x/oai</baseURL><protocolVersion>2.0</protocolVersion>"
        )
        inner += "<earliestDatestamp>2030-01-01T00:00:00Z</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
        return envelope(f"<Identify>{inner}<granularity>{self.granularity}</granularity></Identify>", self.date)

    def _formats(self, asked: Asked) -> bytes:
        rows = (
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>http://x/{prefix}.xsd</schema>"
            f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>"
            for prefix, namespace in self.formats
        )
        return envelope(f"<ListMetadataFormats>{''.join(rows)}</ListMetadataFormats>", self.date)

    def _list(self, asked: Asked) -> bytes:
        found = asked.arguments
        if asked.token and asked.token.count("|") != 2:
            return error("badResumptionToken", self.date)
        if asked.token:
            start, low, high = asked.token.split("|")
        else:
            start, low, high = "0", found.get("from", ""), found.get("until", "")
        chosen = [item for item in self.listed if item.datestamp >= low and (not high or item.datestamp <= high)]
        if not chosen:
            return error("noRecordsMatch", self.date)
        part = chosen[int(start) : int(start) + self.page_size]
        following = int(start) + self.page_size
        token = f"{following}|{low}|{high}" if following < len(chosen) else ("" if asked.token else None)
        written = identifiers if asked.verb == "ListIdentifiers" else listing
        return written(part, token, len(chosen) if self.sized else None, self.date)


class Speaker(Protocol):
    """What gives the answers of a server, of whatever protocol."""

    requests: list[Asked]
    connections: int
    url: str

    @property
    def spoil(self) -> Callable[[Asked, Reply], Reply]: ...

    def answer(self, asked: Asked) -> Reply: ...


S = TypeVar("S", bound=Speaker)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # headers and body leave in two pieces; the second would wait 40 ms for the first to be acknowledged
    disable_nagle_algorithm = True
    source: Speaker

    def setup(self) -> None:
        super().setup()
        self.source.connections += 1

    def do_GET(self) -> None:
        query = urlsplit(self.path).query
        asked = Asked(len(self.source.requests) + 1, dict(parse_qsl(query, True)), query, dict(self.headers))
        self.source.requests.append(asked)
        try:
            self._send(self.source.spoil(asked, self.source.answer(asked)))
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        time.sleep(reply.hang)
        self.send_response(reply.status)
        framing = {"Transfer-Encoding": "chunked"} if reply.chunked else {"Content-Length": str(len(reply.body))}
        for name, value in (framing | reply.headers).items():
            self.send_header(name, value)
        self.end_headers()
        part = reply.body[: reply.cut]
        step = max(1, len(part) // 10) if reply.pause else max(1, len(part))
        for start in range(0, len(part), step):
            time.sleep(reply.pause)
            self._write(part[start : start + step], reply.chunked)
        if reply.cut is not None:
            self.close_connection = True
        elif reply.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _write(self, part: bytes, chunked: bool) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
        self.wfile.flush()

    def log_message(self, *arguments: object) -> None:
        """Say nothing: the requests are kept."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that were killed."""


@contextmanager
def serving(source: S, tls: ssl.SSLContext | None = None) -> Iterator[S]:
    """Run the server on a free loopback port until the block ends; `source.url` is its address."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"source": source}))
    server.daemon_threads = True
    if tls is not None:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that refuse the certificate
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    source.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/oai"
    try:
        yield source
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
