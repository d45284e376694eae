"""Headings of an access point in their order, from any place up and down, counted.

In: one state of the index. Out: `Entry`s. The terms of `browse_x` are written so that the order of the dictionary of
terms is the order of the headings, but tantivy gives only all terms that begin alike, and takes long for many. So the
walk goes from one beginning to the next; those that are shared by many headings of the sample are taken apart into
longer ones first. The sample shapes how long it takes, never what is found. Codes are in the order of their letters;
those with few values are put in order as a whole, and so are years.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice
from string import ascii_uppercase
from typing import Final

import tantivy
from tantivy import Query

from federation.index.analysis import number
from federation.index.document import CODES, HEADINGS, MANY, SORT_BYTES, list_key, listed
from federation.index.engine import Entry, Scanned
from federation.index.rows import ASCENDING, LAST, ascending, descended
from schemas.errors import QuerySyntaxError
from schemas.query.access_points import AccessPoint, code

#: callers cap what they ask for; this keeps the engine whole whoever calls
MOST: Final = 1_000
#: as many headings of the sample may begin alike in terms that are fetched together
_FEW: Final = 4
_MOST_YEARS: Final = 60_000


class Headings:
    """The headings of one access point, in one state of the index; raises `QuerySyntaxError` where there are none."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema, access_point: str) -> None:
        self._searcher = searcher
        self._schema = schema
        self._point = point_of(access_point)
        self._name = self._point.field
        self._field = f"browse_{self._name}" if self._name in HEADINGS else f"code_{self._name}"
        self._walk = _Walk(searcher, self._name, self._field) if self._name in (*HEADINGS, *MANY) else None
        self._all = [] if self._walk else self._few()

    def around(self, text: str, before: int, after: int) -> Scanned:
        """Give so many headings before a text and from it on."""
        key, before, after = _key(self._point, text), min(max(before, 0), MOST), min(max(after, 0), MOST)
        below, above = self._sides(key, before, max(after, 1))
        exact = bool(above) and above[0].key == key
        return Scanned(tuple(below), tuple(above[:after]), exact)

    def _sides(self, key: bytes, before: int, after: int) -> tuple[list[Entry], list[Entry]]:
        if self._walk is None:
            place = bisect_left(self._all, key, key=lambda entry: entry.key)
            return self._all[max(place - before, 0) : place], self._all[place : place + after]
        start = ascending(key) if self._name in HEADINGS else key.decode("utf-8", "ignore")
        below = list(islice(self._entries(self._walk.downward(start)), before))
        return below[::-1], list(islice(self._entries(self._walk.upward(start)), after))

    def _few(self) -> list[Entry]:
        if self._name == "year":
            asked = {"year": {"terms": {"field": "year", "size": _MOST_YEARS}}}
            buckets = self._searcher.aggregate(Query.all_query(), asked)["year"]["buckets"]
            years = sorted((int(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets)
            return [Entry(_year(year), count, 0) for year, count in years]
        terms = sorted(term for term, _ in self._searcher.terms_with_prefix(self._field, ""))
        return list(self._entries(terms))

    def _entries(self, terms: Iterable[str]) -> Iterator[Entry]:
        """Count terms; those that only records have which are gone are left out."""
        for term in terms:
            found = self._searcher.search(Query.term_query(self._schema, self._field, term), 1)
            if found.hits:
                (record,) = self._searcher.fast_field_values("id", [found.hits[0][1]])
                total: int = found.count  # type: ignore[attr-defined]  # the stubs forget it
                key = descended(term) if self._name in HEADINGS else term.encode()
                yield Entry(key, total, int(record or 0))


class _Walk:
    """A walk through the terms of one field."""

    def __init__(self, searcher: tantivy.Searcher, name: str, field: str) -> None:
        self._searcher = searcher
        self._field = field
        self._sample = sorted(term for term, _ in searcher.terms_with_prefix(f"sample_{name}", ""))
        self._letters = ASCENDING if name in HEADINGS else _letters_of_codes(searcher)

    def upward(self, start: str) -> Iterator[str]:
        """Yield the terms from `start` on, ascending."""
        depth = self._depth(start)
        yield from (term for term in self._bucket(start[:depth], up=True) if term >= start)
        for place in reversed(range(depth)):
            for letter in self._letters[bisect_right(self._letters, start[place]) :]:
                yield from self._bucket(start[:place] + letter, up=True)

    def downward(self, start: str) -> Iterator[str]:
        """Yield the terms before `start`, descending."""
        depth = self._depth(start)
        if depth < len(start):
            yield from (term for term in self._bucket(start[:depth], up=False) if term < start)
        for place in reversed(range(depth)):
            for letter in reversed(self._letters[: bisect_left(self._letters, start[place])]):
                yield from self._bucket(start[:place] + letter, up=False)
            yield from self._itself(start[:place])

    def _depth(self, start: str) -> int:
        """Give the length of the shortest beginning of `start` that few terms share."""
        return next((length for length in range(len(start)) if self._is_small(start[:length])), len(start))

    def _bucket(self, beginning: str, up: bool) -> Iterator[str]:
        if self._is_small(beginning):
            found = (term for term, _ in self._searcher.terms_with_prefix(self._field, beginning))
            yield from sorted(found, reverse=not up)
            return
        if up:
            yield from self._itself(beginning)
        for letter in self._letters if up else reversed(self._letters):
            yield from self._bucket(beginning + letter, up)
        if not up:
            yield from self._itself(beginning)

    def _itself(self, term: str) -> Iterator[str]:
        if term and self._searcher.doc_freq(self._field, term):
            yield term

    def _is_small(self, beginning: str) -> bool:
        first = bisect_left(self._sample, beginning)
        return bisect_left(self._sample, beginning + LAST, first) - first <= _FEW


def _letters_of_codes(searcher: tantivy.Searcher) -> str:
    unusual = {term for term, _ in searcher.terms_with_prefix("letters", "")}
    return "".join(sorted({*map(chr, range(0x20, 0x7F)), *unusual} - set(ascii_uppercase)))


def point_of(name: str) -> AccessPoint:
    """Give an access point that has headings; raises `QuerySyntaxError` for another one."""
    point = listed(name)
    if point is None or point.field not in (*HEADINGS, *CODES, "year"):
        raise QuerySyntaxError("scan-unknown", "the headings of this access point cannot be listed", name)
    return point


def _key(point: AccessPoint, text: str) -> bytes:
    if point.field in HEADINGS:
        return list_key(text, point.field)
    if point.field != "year":
        return number(point.field, code(point, text)).lower().encode("utf-8", "replace")[:SORT_BYTES]
    year = text.strip()
    if year and not (year.isascii() and year.isdigit()):
        raise QuerySyntaxError("query-number", f"{text!r} is not a year (2012)", point.name)
    return _year(int(year[:9])) if year else b""


def _year(number: int) -> bytes:
    return str(number).rjust(9).encode()
