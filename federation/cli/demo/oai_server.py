"""The provincial library of the demonstration: its records behind an OAI-PMH server that others wrote (package oaipmh).

In: a folder with `records.jsonl` and a port, as arguments of a process of its own; the file may be replaced any time,
and the next request sees it. Out: OAI-PMH 2.0 on the loopback address at /oai: Dublin Core and MARCXML, sets,
persistent deletions, resumption tokens. It ends when its standard input does: it never outlives whoever started it.
Nothing of the federation is imported here: what is harvested comes from a stranger.
"""

import json
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from lxml import etree
from oaipmh.common import Header, Identify, Metadata  # type: ignore[import-untyped]
from oaipmh.error import CannotDisseminateFormatError, IdDoesNotExistError  # type: ignore[import-untyped]
from oaipmh.metadata import MetadataRegistry  # type: ignore[import-untyped]
from oaipmh.server import BatchingServer, oai_dc_writer  # type: ignore[import-untyped]

BATCH: Final = 50
RECORDS: Final = "records.jsonl"
_PATH: Final = "/oai"
_FORMATS: Final = (
    ("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
    ("marcxml", "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", "http://www.loc.gov/MARC21/slim"),
)
_SETS: Final = (("sach", "Sách"), ("khac", "Báo, tạp chí, bản đồ, bản ghi âm"))


@dataclass(frozen=True, slots=True)
class Served:
    """One record as the file states it; `datestamp` is naive UTC, as the package wants it."""

    identifier: str
    datestamp: datetime
    sets: tuple[str, ...]
    deleted: bool
    marcxml: str
    dc: dict[str, list[str]]

    def header(self) -> Any:
        """Give the header in the package's own shape."""
        return Header(None, self.identifier, self.datestamp, list(self.sets), self.deleted)


class Repository:
    """The records of the file, read again when the file is another one."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self._file = folder / RECORDS
        self._base_url = base_url
        self._seen: tuple[int, int] = (0, 0)
        self._records: tuple[Served, ...] = ()

    def records(self) -> tuple[Served, ...]:
        """Give what the file holds now, oldest datestamp first."""
        status = self._file.stat()
        if (status.st_mtime_ns, status.st_ino) != self._seen:
            with self._file.open(encoding="utf-8") as lines:
                found = [_served(json.loads(line)) for line in lines]
            self._records = tuple(sorted(found, key=lambda record: (record.datestamp, record.identifier)))
            self._seen = (status.st_mtime_ns, status.st_ino)
        return self._records

    def interface(self) -> SimpleNamespace:
        """Give the functions that the package calls, under the names that it calls them by."""
        return SimpleNamespace(
            identify=self._identify,
            getRecord=self._get,
            listRecords=lambda **asked: [_whole(record) for record in self._selected(**asked)],
            listIdentifiers=lambda **asked: [record.header() for record in self._selected(**asked)],
            listMetadataFormats=self._formats,
            listSets=lambda cursor=0, batch_size=10: [(*one, None) for one in _SETS][cursor : cursor + batch_size],
        )

    def _identify(self) -> Any:
        earliest = min(record.datestamp for record in self.records())
        return Identify(
            repositoryName="Thư viện tỉnh (trình diễn)",
            baseURL=self._base_url,
            protocolVersion="2.0",
            adminEmails=["tinh@lienthong.example"],
            earliestDatestamp=earliest,
            deletedRecord="persistent",
            granularity="YYYY-MM-DDThh:mm:ssZ",
            compression=["identity"],
        )

    def _get(self, **asked: Any) -> tuple[Any, Any, None]:
        _known_format(asked["metadataPrefix"])
        return _whole(self._one(asked["identifier"]))

    def _formats(self, identifier: str | None = None) -> tuple[tuple[str, str, str], ...]:
        if identifier is not None:
            self._one(identifier)
        return _FORMATS

    def _one(self, identifier: str) -> Served:
        for record in self.records():
            if record.identifier == identifier:
                return record
        raise IdDoesNotExistError(f"no record {identifier}")

    def _selected(self, **asked: Any) -> Iterable[Served]:
        _known_format(asked["metadataPrefix"])
        found = [record for record in self.records() if _matches(record, asked)]
        return found[asked["cursor"] : asked["cursor"] + asked["batch_size"]]


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Make the HTTP server, listening but not yet answering."""
    registry = MetadataRegistry()
    registry.registerWriter("oai_dc", lambda element, record: oai_dc_writer(element, _dublin_core(record)))
    registry.registerWriter("marcxml", lambda element, record: element.append(etree.fromstring(record.marcxml)))
    listening = ThreadingHTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler)
    repository = Repository(folder, f"http://127.0.0.1:{listening.server_address[1]}{_PATH}")
    answers = BatchingServer(repository.interface(), registry, resumption_batch_size=BATCH)
    listening.RequestHandlerClass = _handler(answers)
    return listening


def main(arguments: list[str]) -> int:
    """Serve FOLDER on PORT until standard input ends; says `ready URL` when it listens."""
    try:
        listening = server(Path(arguments[0]), int(arguments[1]))
    except OSError as error:
        sys.stdout.write(f"port {arguments[1]} cannot be opened: {error}\n")
        return 1
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    sys.stdout.write(f"ready http://127.0.0.1:{listening.server_address[1]}{_PATH}\n")
    sys.stdout.flush()
    sys.stdin.read()
    listening.shutdown()
    return 0


def _served(row: dict[str, Any]) -> Served:
    stamp = datetime.fromisoformat(row["datestamp"]).astimezone(UTC).replace(tzinfo=None)
    return Served(row["id"], stamp, tuple(row["sets"]), row["deleted"], row["marcxml"], row["dc"])


def _matches(record: Served, asked: dict[str, Any]) -> bool:
    start, end = asked.get("from_") or record.datestamp, asked.get("until") or record.datestamp
    return bool(start <= record.datestamp <= end) and asked.get("set", "") in ("", *record.sets)


def _whole(record: Served) -> tuple[Any, Any, None]:
    return record.header(), None if record.deleted else record, None


def _dublin_core(record: Served) -> Any:
    return Metadata(None, record.dc)


def _known_format(prefix: str) -> None:
    if prefix not in {name for name, _, _ in _FORMATS}:
        raise CannotDisseminateFormatError(f"no format {prefix}")


def _handler(answers: Any) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """GET and POST alike: arguments in, one XML answer out."""

        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace"))

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the operator watches the harvest, not the stranger's log."""

        def _answer(self, query: str) -> None:
            found = urlsplit(self.path).path == _PATH
            content = answers.handleRequest(dict(parse_qsl(query))) if found else b""
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
