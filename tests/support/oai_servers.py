"""OAI-PMH servers that others wrote: the PyPI packages oaipmh and oai-repo, and Perl's HTTP::OAI.

In: a `Shelf`, which a test may change while a server runs. Out: the address of a server on a free loopback port,
stopped when the block ends.
"""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import oai_repo
import oaipmh.common
import oaipmh.metadata
import oaipmh.server
from lxml import etree

from tests.support.peers import free_port, missing, program, wait_for_port

MARC = "http://www.loc.gov/MARC21/slim"
DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"


@dataclass(frozen=True)
class Entry:
    """One item on a shelf; `datestamp` is naive UTC, `xml` MARCXML without line ends or tabs."""

    identifier: str
    datestamp: datetime
    xml: str
    deleted: bool = False


@dataclass
class Shelf:
    """What a server serves, by identifier."""

    entries: dict[str, Entry] = field(default_factory=dict)

    def put(self, entry: Entry) -> None:
        """Add or replace an item."""
        self.entries[entry.identifier] = entry

    def between(self, from_: datetime | None, until: datetime | None) -> list[Entry]:
        """The items of a window, oldest first."""
        chosen = [
            entry
            for entry in self.entries.values()
            if (from_ is None or entry.datestamp >= from_) and (until is None or entry.datestamp <= until)
        ]
        return sorted(chosen, key=lambda entry: (entry.datestamp, entry.identifier))


def _naive(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=None) if moment else None


# --- PyPI oaipmh (pyoai) ---------------------------------------------------------------------------------------------


class _PyoaiShelf(oaipmh.common.ResumptionOAIPMH):
    def __init__(self, shelf: Shelf, url: str) -> None:
        self._shelf = shelf
        self._url = url

    def identify(self) -> Any:
        return oaipmh.common.Identify(
            "pyoai", self._url, "2.0", ["a@example.org"], datetime(2020, 1, 1), "persistent",  # noqa: DTZ001
            "YYYY-MM-DDThh:mm:ssZ", ["identity"],
        )  # fmt: skip

    def listMetadataFormats(self, identifier: str | None = None) -> list[tuple[str, str, str]]:  # noqa: N802
        return [("oai_dc", f"{DC}x.xsd", DC), ("marc21", f"{MARC}.xsd", MARC)]

    def listRecords(  # noqa: N802
        self, metadataPrefix: str, cursor: int = 0, batch_size: int = 10, set: str | None = None,  # noqa: N803
        from_: datetime | None = None, until: datetime | None = None,
    ) -> list[tuple[Any, Any, None]]:  # fmt: skip
        chosen = self._shelf.between(from_, until)[cursor : cursor + batch_size]
        return [
            (
                oaipmh.common.Header(None, entry.identifier, entry.datestamp, [], entry.deleted),
                oaipmh.common.Metadata(None, {"xml": entry.xml}),
                None,
            )
            for entry in chosen
        ]


def _write_marc(element: Any, metadata: Any) -> None:
    element.append(etree.fromstring(metadata["xml"]))


@contextmanager
def pyoai(shelf: Shelf, page_size: int) -> Iterator[str]:
    """Serve by the package oaipmh: pages by token, no size of the list, no empty token at its end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/oai"
    registry = oaipmh.metadata.MetadataRegistry()
    registry.registerWriter("marc21", _write_marc)
    server = oaipmh.server.BatchingServer(_PyoaiShelf(shelf, url), registry, resumption_batch_size=page_size)
    with _wsgi(port, server.handleRequest):
        yield url


# --- PyPI oai-repo ---------------------------------------------------------------------------------------------------


class _RepoShelf(oai_repo.DataInterface):
    def __init__(self, shelf: Shelf, url: str, page_size: int) -> None:
        self.limit = page_size
        self._shelf = shelf
        self._url = url

    def get_identify(self) -> Any:
        found = oai_repo.Identify()
        found.base_url = self._url
        found.admin_email = ["a@example.org"]
        found.repository_name = "oai-repo"
        found.repository_identifier = "example.org"
        found.earliest_datestamp = "2020-01-01T00:00:00Z"
        found.deleted_record = "persistent"
        found.granularity = "YYYY-MM-DDThh:mm:ssZ"
        return found

    def is_valid_identifier(self, identifier: str) -> bool:
        return identifier in self._shelf.entries

    def get_metadata_formats(self, identifier: str | None = None) -> list[Any]:
        return [oai_repo.MetadataFormat("marcxml", f"{MARC}.xsd", MARC), oai_repo.MetadataFormat("oai_dc", DC, DC)]

    def get_record_header(self, identifier: str) -> Any:
        entry = self._shelf.entries[identifier]
        status = "deleted" if entry.deleted else None
        return oai_repo.RecordHeader(identifier, f"{entry.datestamp:%Y-%m-%dT%H:%M:%SZ}", [], status)

    def get_record_metadata(self, identifier: str, metadataprefix: str) -> Any:
        entry = self._shelf.entries[identifier]
        return None if entry.deleted else etree.fromstring(entry.xml)

    def get_record_abouts(self, identifier: str) -> list[Any]:
        return []

    def list_set_specs(self, identifier: str | None = None, cursor: int = 0) -> tuple[None, None, None]:
        return None, None, None

    def list_identifiers(
        self, metadataprefix: str, filter_from: datetime | None = None, filter_until: datetime | None = None,
        filter_set: str | None = None, cursor: int = 0,
    ) -> tuple[list[str], int, None]:  # fmt: skip
        chosen = self._shelf.between(_naive(filter_from), _naive(filter_until))
        return [entry.identifier for entry in chosen[cursor : cursor + self.limit]], len(chosen), None


@contextmanager
def oairepo(shelf: Shelf, page_size: int) -> Iterator[str]:
    """Serve by the package oai-repo: pages by token, with the size of the list."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/oai"
    repository = oai_repo.OAIRepository(_RepoShelf(shelf, url, page_size))
    with _wsgi(port, lambda asked: bytes(repository.process(asked))):
        yield url


class _Quiet(WSGIRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def _wsgi(port: int, answer: Callable[[dict[str, str]], bytes]) -> Iterator[None]:
    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        asked = dict(parse_qsl(urlsplit("?" + environ.get("QUERY_STRING", "")).query))
        body = answer(asked)
        start("200 OK", [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(body)))])
        return [body]

    server = make_server("127.0.0.1", port, application, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# --- Perl HTTP::OAI --------------------------------------------------------------------------------------------------


class FileShelf(Shelf):
    """A shelf whose items also stand in a file, for servers in other languages."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file

    def written(self) -> Path:
        """Write the file anew and give its path."""
        lines = (
            "\t".join(
                (
                    entry.identifier,
                    f"{entry.datestamp:%Y-%m-%dT%H:%M:%SZ}",
                    "deleted" if entry.deleted else "live",
                    entry.xml,
                )
            )
            for entry in self.between(None, None)
        )
        part = self.file.with_suffix(".part")
        part.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        return part.replace(self.file)

    def put(self, entry: Entry) -> None:
        super().put(entry)
        if self.file.exists():
            self.written()


@contextmanager
def perl(shelf: FileShelf, page_size: int) -> Iterator[str]:
    """Serve by Perl's HTTP::OAI; skips where it is not installed."""
    interpreter = program("perl", "perl")
    known = subprocess.run([interpreter, "-MHTTP::OAI", "-e", "1"], capture_output=True, check=False)
    if known.returncode:
        missing("Perl's HTTP::OAI is not installed (Debian package libhttp-oai-perl)")
    port = free_port()
    script = Path(__file__).with_name("oai_provider.pl")
    command = [interpreter, str(script), str(port), str(shelf.written()), str(page_size)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}/oai"
    finally:
        process.terminate()
        process.wait(10)
        if process.stderr:
            process.stderr.close()
