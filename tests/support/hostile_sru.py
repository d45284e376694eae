"""An SRU server that does what real ones do wrong: honest unless a test spoils its answers or caps its results.

In: books, a page size, a cap, and `spoil`, which gets each request with the honest reply and gives the reply to send.
Out: a server on a free loopback port (the one of `hostile_oai`), with every request remembered. It understands the CQL
that our harvester writes: cql.allRecords=1, comparisons of rec.id, dc.date and rec.changed, and, or, not.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from tests.support.hostile_oai import Asked, Reply, marc

SRU1 = "http://www.loc.gov/zing/srw/"
SRU2 = "http://docs.oasis-open.org/ns/search-ws/sruResponse"
DIAGNOSTIC = "http://www.loc.gov/zing/srw/diagnostic/"
MARCXML = "info:srw/schema/1/marcxml-v1.1"


@dataclass(frozen=True)
class Book:
    """One record: its number, year, day of change, and what is sent for it."""

    number: str
    year: str = "2001"
    changed: str = "2026-03-01"
    payload: str = ""

    def xml(self) -> str:
        return self.payload or marc(f"Sách số {self.number}", self.number)


def books(count: int, first: int = 1, **more: Any) -> list[Book]:
    """Books with numbers of four digits, and years that repeat."""
    return [Book(f"{n:04}", str(1990 + n % 30), **more) for n in range(first, first + count)]


def diagnostic(number: int, details: str = "", message: str = "") -> str:
    """A diagnostic as text."""
    return (
        f'<diagnostic xmlns="{DIAGNOSTIC}"><uri>info:srw/diagnostic/1/{number}</uri>'
        f"<details>{details}</details><message>{message}</message></diagnostic>"
    )


def response(inner: str, kind: str = "searchRetrieveResponse", version: str = "1.1") -> bytes:
    """A whole answer around `inner`."""
    space = SRU2 if version == "2.0" else SRU1
    said = f"<version>{version}</version>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{space}">{said}{inner}</{kind}>'.encode()


def refused(number: int, details: str = "", version: str = "1.1") -> bytes:
    """An answer that holds a diagnostic and nothing else."""
    inner = f"<numberOfRecords>0</numberOfRecords><diagnostics>{diagnostic(number, details)}</diagnostics>"
    return response(inner, version=version)


def entry(payload: str, position: int, packing: str = "xml", schema: str = MARCXML, identifier: str = "") -> str:
    """A record element."""
    given = f"<recordIdentifier>{identifier}</recordIdentifier>" if identifier else ""
    content = escape(payload) if packing == "string" else payload
    return (
        f"<record><recordSchema>{schema}</recordSchema><recordPacking>{packing}</recordPacking>"
        f"<recordData>{content}</recordData>{given}<recordPosition>{position}</recordPosition></record>"
    )


def _honest(asked: Asked, reply: Reply) -> Reply:
    return reply


@dataclass
class HostileSru:
    """The server: set its fields before or while it runs."""

    listed: list[Book] = field(default_factory=list)
    page_size: int = 3
    cap: int | None = None
    capped_by: str = "diagnostic"
    spoil: Callable[[Asked, Reply], Reply] = _honest
    version: str = "1.1"
    schemas: tuple[tuple[str, str], ...] = (("marcxml", MARCXML), ("dc", "info:srw/schema/1/dc-v1.1"))
    explains: bool = True
    tells_next: bool = True
    identifies: bool = False
    requests: list[Asked] = field(default_factory=list)
    connections: int = 0
    url: str = ""

    @property
    def searches(self) -> list[dict[str, str]]:
        """The arguments of the requests for records, in order."""
        return [each.arguments for each in self.requests if "query" in each.arguments]

    def answer(self, asked: Asked) -> Reply:
        """The honest reply."""
        found = asked.arguments
        if "query" in found:
            body = self._search(found)
        elif "scanClause" in found:
            body = self._scan(found)
        else:
            body = self._explain() if self.explains else refused(4, "explain")
        return Reply(body, headers={"Content-Type": "text/xml; charset=utf-8"})

    def _explain(self) -> bytes:
        schemas = "".join(
            f'<schema name="{name}" identifier="{uri}"><title>x</title></schema>' for name, uri in self.schemas
        )
        indexes = "".join(
            f'<index><map><name set="{name[0]}">{name[1]}</name></map></index>'
            for name in (("rec", "id"), ("dc", "date"), ("rec", "changed"))
        )
        inner = (
            f'<serverInfo protocol="SRU" version="{self.version}"><host>x</host></serverInfo>'
            "<databaseInfo><title>Thư viện thử</title></databaseInfo>"
            f"<indexInfo>{indexes}</indexInfo><schemaInfo>{schemas}</schemaInfo>"
            f'<configInfo><setting type="maximumRecords">{self.page_size}</setting></configInfo>'
        )
        record = f'<explain xmlns="http://explain.z3950.org/dtd/2.0/">{inner}</explain>'
        return response(entry(record, 1, schema="http://explain.z3950.org/dtd/2.0/"), "explainResponse", self.version)

    def _search(self, found: dict[str, str]) -> bytes:
        chosen = [book for book in self.listed if matches(found["query"], book)]
        start, most = int(found["startRecord"]), min(int(found["maximumRecords"]), self.page_size)
        if self.cap is not None and self.capped_by == "refusal" and len(chosen) > self.cap:
            return refused(60, str(len(chosen)), self.version)
        end = len(chosen) if self.cap is None else min(self.cap, len(chosen))
        if start > max(end, 1) and (self.capped_by == "diagnostic" or start > len(chosen)):
            return refused(61, str(start), self.version)
        packing = found.get("recordPacking") or found.get("recordXMLEscaping") or "xml"
        part = list(enumerate(chosen, 1))[start - 1 : min(start - 1 + most, end)]
        rows = "".join(
            entry(book.xml(), n, packing, identifier=f"id:{book.number}" if self.identifies else "") for n, book in part
        )
        following = start + len(part)
        told = f"<nextRecordPosition>{following}</nextRecordPosition>" if self.tells_next and following <= end else ""
        counted = f"<numberOfRecords>{len(chosen)}</numberOfRecords>"
        return response(f"{counted}<records>{rows}</records>{told}", version=self.version)

    def _scan(self, found: dict[str, str]) -> bytes:
        name, _, term = found["scanClause"].partition(" = ")
        term = term.strip('"')
        values = sorted({_value(name, book) for book in self.listed} - {""})
        later = [value for value in values if value >= term][: min(20, int(found["maximumTerms"]))]
        counts = {value: sum(_value(name, book) == value for book in self.listed) for value in later}
        rows = "".join(
            f"<term><value>{value}</value><numberOfRecords>{counts[value]}</numberOfRecords></term>" for value in later
        )
        return response(f"<terms>{rows}</terms>", "scanResponse", self.version)


def _value(name: str, book: Book) -> str:
    return {"rec.id": book.number, "dc.date": book.year, "rec.changed": book.changed}[name]


def matches(query: str, book: Book) -> bool:
    """Whether a book is found by a query of the kind that our harvester writes."""
    found, rest = _or(_words(query), book)
    assert not rest, f"not understood: {query} at {rest}"
    return found


def _words(query: str) -> list[str]:
    return re.findall(r'"[^"]*"|[()]|>=|<=|[<>=]|[\w.]+', query)


def _or(words: list[str], book: Book) -> tuple[bool, list[str]]:
    """CQL knows no precedence: booleans are taken from the left."""
    found, words = _one(words, book)
    while words and words[0] in ("and", "or", "not"):
        how = words[0]
        other, words = _one(words[1:], book)
        found = {"and": found and other, "or": found or other, "not": found and not other}[how]
    return found, words


def _one(words: list[str], book: Book) -> tuple[bool, list[str]]:
    if words[0] == "(":
        found, words = _or(words[1:], book)
        assert words[0] == ")"
        return found, words[1:]
    name, sign, term = words[0], words[1], words[2].strip('"')
    if name == "cql.allRecords":
        return True, words[3:]
    value = _value(name, book)
    said = {">=": value >= term, "<=": value <= term, "<": value < term, ">": value > term, "=": value == term}[sign]
    return bool(value) and said, words[3:]


def numbers(found: Iterable[Book]) -> list[str]:
    """The numbers of books."""
    return [book.number for book in found]
