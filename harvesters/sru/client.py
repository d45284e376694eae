"""Asks one SRU server, and believes only whole answers.

In: an address, a `Profile`, and what is asked. Out: `Response`s: the root element, or what could be rescued of a broken
page; diagnostics as `HarvestError` by whose fault they are. Version, schema and page size that a server refuses are
asked for in another way where the profile leaves it to us.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from harvesters import rescue
from harvesters.errors import Diagnosed, HarvestError, SourceBroken, SourceRefused, SourceUnavailable
from harvesters.http import Answer, Http, masked
from harvesters.markup import believed, child, named, persistently, texts
from harvesters.rescue import BrokenPage
from harvesters.sru import answer, explain
from harvesters.sru.answer import SRU, Diagnostic, Said
from harvesters.sru.dialect import dialect
from harvesters.sru.explain import VERSIONS, Offered
from harvesters.sru.profile import Profile
from harvesters.sru.query import quoted

log = logging.getLogger(__name__)
#: diagnostics that may pass
_PASSING: Final = (1, 2, 52, 63, 64, 102)
BEYOND, TOO_MANY, TERMS_END, VERSION, VALUE, SCHEMAS = 61, 60, 120, 5, 6, (66, 67)
#: what a smaller page may help against: errors of the server about the records themselves, and answers too large
_OF_RECORDS: Final = frozenset(
    (
        *("sru-1", "sru-63", "sru-64", "sru-65", "sru-67", "sru-68", "sru-69", "sru-70"),
        *("http-500", "answer-too-large", "page-not-well-formed", "answer-empty"),
    )
)
_TERMS: Final = 100


@dataclass(frozen=True, slots=True)
class Response:
    """One answer to searchRetrieve; `broken` where it was no well-formed XML, and `root` is what stood around."""

    root: Any
    content: bytes
    said: Said
    headers: Mapping[str, str] = field(default_factory=dict)
    broken: BrokenPage | None = None


@dataclass
class SruClient:
    """Asks one server; what it learns of versions, schemas and sizes it keeps."""

    url: str
    http: Http
    profile: Profile
    version: str = ""
    schemas: list[str] = field(default_factory=list)
    size: int = 0
    offered: Offered | None = None
    #: SRU 2.0 has neither operation nor version; some servers want them all the same
    spelt: bool = False
    refused: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.where = masked(self.url)
        self.size = self.profile.page_size
        self._dialect = dialect(self.profile.names)

    @property
    def of_records(self) -> frozenset[str]:
        """Codes of errors that one record of a page may be the reason of."""
        return _OF_RECORDS

    @property
    def of_size(self) -> frozenset[str]:
        """Nothing: a server that gives fewer records than were asked for does so."""
        return frozenset()

    def agree(self) -> None:
        """Settle version and schema, asking for Explain where the profile leaves one of them open."""
        fixed = self.profile.version if self.profile.version != "auto" else ""
        if self.offered is None and not (fixed and self.profile.schema):
            self.explained()
        offered = self.offered or Offered()
        self.version = fixed or offered.version or VERSIONS[0]
        self.schemas = [self.profile.schema] if self.profile.schema else [*explain.choose(offered.schemas, self.where)]

    def explained(self) -> Offered:
        """Ask for the Explain record; raises `SourceUnavailable` only: a server may do without."""
        version = "1.2" if self.profile.version == "auto" else self.profile.version
        asked = {} if version == "2.0" else {"operation": "explain", "version": version}
        try:
            self.offered = explain.read(believed(self.http.get(self.url, asked), SRU))
        except SourceUnavailable:
            raise
        except HarvestError as error:
            log.info("%s: no Explain record: %s", self.where, error.message)
            self.offered = Offered(fault=error.message)
        return self.offered

    def search(self, query: str, start: int, most: int = 0) -> Response:
        """Ask for records from a place on; raises `HarvestError`, of the server's own diagnostics `Diagnosed`."""
        for _ in range(len(VERSIONS) + len(self.schemas) + self.profile.page_size.bit_length()):
            try:
                return self._searched(query, start, min(most or self.size, self.size))
            except Diagnosed as error:
                if not self._yields(error):
                    raise
                log.info("%s: %s; asking in another way", self.where, error.message)
        raise SourceRefused("sru-refused", "the server refuses every version, schema and size", self.where)

    def _yields(self, error: Diagnosed) -> bool:
        """Ask in another way where the server refuses this one and the profile leaves it to us."""
        self.refused.update([self.version] if error.number == VERSION else ())
        others = [version for version in VERSIONS if version not in self.refused]
        if error.number == VERSION and self.profile.version == "auto" and others:
            self.version = others[0]
        elif error.number in SCHEMAS and len(self.schemas) > 1:
            self.schemas = self.schemas[1:]
        elif error.number == VALUE and "maximumrecords" in error.message.lower() and self.size > 1:
            self.size //= 2
        else:
            return False
        return True

    def _searched(self, query: str, start: int, most: int) -> Response:
        arguments = self.arguments(query, start, most)
        return persistently(lambda: self._asked(arguments), self._rescued)

    def arguments(self, query: str, start: int, most: int) -> dict[str, str]:
        """Give the arguments of searchRetrieve as the version has them."""
        sort, old = self.profile.sort, self.version != "2.0"
        asked = {"operation": "searchRetrieve", "version": self.version} if old or self.spelt else {}
        asked["query"] = f"{query} sortBy {sort}" if sort and self.version != "1.1" else query
        asked |= {"startRecord": str(start), "maximumRecords": str(most), "recordSchema": self.schemas[0]}
        asked["recordPacking" if old else "recordXMLEscaping"] = self.profile.packing
        return asked | ({"sortKeys": sort} if sort and self.version == "1.1" else {})

    def _asked(self, arguments: dict[str, str]) -> Response:
        found = self.http.get(self.url, arguments)
        root = self._sound(found)
        if named(root, "explainResponse") and "operation" not in arguments:
            self.spelt = True
            return self._asked({**arguments, "operation": "searchRetrieve", "version": self.version})
        if not named(root, answer.ROOTS[0]):
            raise SourceBroken("not-sru", f"searchRetrieve is answered with {etree.QName(root).localname}", found.url)
        return Response(root, found.content, answer.said(root), found.headers)

    def _sound(self, found: Answer) -> Any:
        """Parse an answer, and raise what it says went wrong; beside records that is a warning."""
        root = believed(found, SRU)
        told = list(answer.diagnostics(root))
        if told and (answer.entries(root) or told[0].number in (58, 59)):
            log.info("%s: %s", self.where, told[0])
        elif told:
            raise fault(told[0], found.url)
        return root

    def _rescued(self, found: Answer, fault: str) -> Response | None:
        broken = rescue.cut(self._dialect, found.content, fault)
        if broken is None:
            return None
        frame = etree.Element(answer.ROOTS[0]) if broken.frame is None else broken.frame
        return Response(frame, found.content, answer.said(frame), found.headers, broken)

    def scan(self, index: str, start: str) -> list[tuple[str, int]]:
        """Give terms of an index with the records that have them, from `start` on; raises `HarvestError`."""
        clause = f"{index} = {quoted(start)}"
        old = {"operation": "scan", "version": self.version} if self.version != "2.0" else {}
        asked = {**old, "scanClause": clause, "responsePosition": "1", "maximumTerms": str(_TERMS)}
        root = self._sound(self.http.get(self.url, asked))
        holder = child(root, "terms")
        rows = [] if holder is None else [term for term in holder if named(term, "term")]
        return [(value, records) for value, records in map(_term, rows) if value]


def _term(row: Any) -> tuple[str, int]:
    records = "".join(texts(row, "numberOfRecords")[:1])
    return "".join(texts(row, "value")[:1]), int(records) if records.isdecimal() else 1


def fault(said: Diagnostic, where: str) -> HarvestError:
    """Give a diagnostic as an error: it may pass, or somebody has to change something."""
    code = f"sru-{said.number}"
    if said.number in _PASSING:
        return SourceUnavailable(code, f"the server answers {said}", where)
    return Diagnosed(code, f"the server answers {said}", where, said.number)
