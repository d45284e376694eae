"""The peer of the OAI-PMH door: oai-repo (PyPI) with the records of our own export in memory, as a WSGI application.

In: a MARCXML file. Out: `application`, which gunicorn calls in each process. It is given all it can use: headers and
settings made once, datestamps as text, and records in one of two ways. "parsed": a tree is made from bytes at each
request, which any number of harvesters can stand; copying a tree that is ready takes half as long again. "ready": the
trees are made once and handed over, but oai-repo hangs them into its answer, so that only one harvester may come at a
time.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from lxml import etree
from oai_repo import DataInterface, Identify, MetadataFormat, OAIRepository, RecordHeader

from tests.bench.servers import READY

_NAMESPACE = "http://www.loc.gov/MARC21/slim"
_STAMP = "2026-01-01T00:00:00Z"
_SETS = ["kind:public", "member:lc", "type:book"]


class Shelf(DataInterface):  # type: ignore[misc]
    """Records in memory, in the order of the file."""

    def __init__(self, records: Path, page: int, way: str) -> None:
        contents = list(_contents(records))
        self.limit = page
        self.way = way
        self.ids = [f"oai:peer.example:{number}" for number in range(1, len(contents) + 1)]
        self.headers = {each: RecordHeader(each, _STAMP, _SETS) for each in self.ids}
        self.records = dict(zip(self.ids, map(etree.fromstring, contents) if way == READY else contents, strict=True))
        self.identify = Identify(
            "Peer", "http://peer.example/oai", ["admin@peer.example"], _STAMP, "no", "YYYY-MM-DDThh:mm:ssZ"
        )
        self.formats = [MetadataFormat("marc21", f"{_NAMESPACE}.xsd", _NAMESPACE)]

    def get_identify(self) -> Identify:
        return self.identify

    def is_valid_identifier(self, identifier: str) -> bool:
        return identifier in self.headers

    def get_metadata_formats(self, identifier: str | None = None) -> list[MetadataFormat]:
        return self.formats

    def get_record_header(self, identifier: str) -> RecordHeader:
        return self.headers[identifier]

    def get_record_metadata(self, identifier: str, metadataprefix: str) -> Any:
        held = self.records[identifier]
        return held if self.way == READY else etree.fromstring(held)

    def get_record_abouts(self, identifier: str) -> list[Any]:
        return []

    def list_identifiers(
        self,
        metadataprefix: str,
        filter_from: datetime | None = None,
        filter_until: datetime | None = None,
        filter_set: str | None = None,
        cursor: int = 0,
    ) -> tuple[list[str], int, None]:
        return self.ids[cursor : cursor + self.limit], len(self.ids), None


def application(records: str, page: int, way: str) -> Callable[..., Iterable[bytes]]:
    """Make the application."""
    repository = OAIRepository(Shelf(Path(records), page, way))

    def answer(environment: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        body = bytes(repository.process(dict(parse_qsl(environment["QUERY_STRING"]))))
        start("200 OK", [("Content-Type", "text/xml; charset=UTF-8"), ("Content-Length", str(len(body)))])
        return (body,)

    return answer


def _contents(records: Path) -> Iterable[bytes]:
    for _, element in etree.iterparse(str(records), tag=f"{{{_NAMESPACE}}}record"):
        yield etree.tostring(element, encoding="UTF-8", with_tail=False)
        element.clear()
