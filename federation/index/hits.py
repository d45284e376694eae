"""Pages of hits, the same however the index lies on disk.

In: one state of the index and queries. Out: ids in order. Tantivy leaves what is equal as it lies, and that changes
with every merge; so equal ranks are put in order of id here.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final, cast

import tantivy
from tantivy import FieldType, Order, Query

from federation.index.engine import Question
from federation.index.rows import BEHIND_KEY
from federation.index.wording import both

#: fetched beyond what was asked, to see where equal ranks end
_SPARE: Final = 32
_SORTS: Final = {
    "newest": ("by_newest", Order.Desc),
    "oldest": ("by_oldest", Order.Asc),
    "title": ("by_title", Order.Asc),
    "creator": ("by_creator", Order.Asc),
}
#: these have their ids ascending in their keys, so that equal keys have to be turned round
_DESCENDING: Final = {"title-descending": "by_title", "creator-descending": "by_creator"}


def page(
    searcher: tantivy.Searcher, schema: tantivy.Schema, query: Query, question: Question, scored: bool
) -> tuple[int, tuple[int, ...]]:
    """Give the number of hits and the ids of the page asked for."""
    start = max(question.start, 0)
    stop = min(start + max(question.limit, 0), searcher.num_docs)
    if start >= stop:
        return total(searcher, query), ()
    if question.sort == "relevance" and scored:
        return _ranked(searcher, query, start, stop)
    if question.sort in _DESCENDING:
        return _descending(searcher, schema, query, _DESCENDING[question.sort], (start, stop))
    field, order = _SORTS.get(question.sort, ("id", Order.Asc))
    found = searcher.search(query, stop - start, offset=start, order_by_field=field, order=order)
    return _total(found), tuple(_ids(searcher, found.hits))


def _descending(
    searcher: tantivy.Searcher, schema: tantivy.Schema, query: Query, field: str, bounds: tuple[int, int]
) -> tuple[int, tuple[int, ...]]:
    """Order by a key from its high end, then by id, and then what has no key."""
    start, stop = bounds
    keyless = Query.term_query(schema, "lacks", field)
    keyed = both([query], [keyless])
    size = stop + _SPARE
    found = searcher.search(keyed, size, order_by_field=field, order=Order.Desc)
    hits, with_key = found.hits, _total(found)
    while len(hits) == size and _bare(hits[-1][0]) == _bare(hits[stop - 1][0]):
        size *= 4
        hits = searcher.search(keyed, size, count=False, order_by_field=field, order=Order.Desc).hits
    ids = [number for _, group in groupby(hits, key=lambda hit: _bare(hit[0])) for number in _turned(searcher, group)]
    ids = ids[start:stop]
    if stop <= with_key:
        return total(searcher, query), tuple(ids)
    first = max(start - with_key, 0)
    most = stop - with_key - first
    rest = searcher.search(both([query, keyless]), most, offset=first, order_by_field=field, order=Order.Asc)
    return with_key + _total(rest), (*ids, *_ids(searcher, rest.hits))


def _bare(key: Any) -> str:
    return str(key).rpartition(BEHIND_KEY)[0]


def _turned(searcher: tantivy.Searcher, group: Iterable[tuple[Any, tantivy.DocAddress]]) -> list[int]:
    return _ids(searcher, list(group))[::-1]


def _ranked(searcher: tantivy.Searcher, query: Query, start: int, stop: int) -> tuple[int, tuple[int, ...]]:
    """Order by rank and then id: the whole last rank of the page is fetched."""
    size = stop + _SPARE
    found = searcher.search(query, size)
    hits = found.hits
    while len(hits) == size and hits[-1][0] == hits[stop - 1][0]:
        size *= 4
        hits = searcher.search(query, size, count=False).hits
    ranked = sorted((-rank, number) for (rank, _), number in zip(hits, _ids(searcher, hits), strict=True))
    return _total(found), tuple(number for _, number in ranked[start:stop])


def entries(searcher: tantivy.Searcher, schema: tantivy.Schema, first: int, most: int) -> list[tuple[int, int]]:
    """Give (id, version) of the documents from an id on, in order of id."""
    query = Query.range_query(schema, "id", FieldType.Integer, first)
    found = searcher.search(query, most, count=False, order_by_field="id", order=Order.Asc).hits
    versions = searcher.fast_field_values("version", [address for _, address in found])
    return [(cast("int", number), cast("int", version)) for (number, _), version in zip(found, versions, strict=True)]


def highest(searcher: tantivy.Searcher) -> int:
    """Give the highest id, -1 when there is none."""
    found = searcher.search(Query.all_query(), 1, count=False, order_by_field="id", order=Order.Desc).hits
    return cast("int", found[0][0]) if found else -1


def total(searcher: tantivy.Searcher, query: Query) -> int:
    """Count what a query finds."""
    return _total(searcher.search(query, 1))


def _total(found: tantivy.SearchResult) -> int:
    total: int = found.count  # type: ignore[attr-defined]  # the stubs forget it
    return total


def _ids(searcher: tantivy.Searcher, hits: list[tuple[Any, tantivy.DocAddress]]) -> list[int]:
    return cast("list[int]", searcher.fast_field_values("id", [address for _, address in hits]))
