"""Pages of hits and counts of facets, the same however the index lies on disk.

In: one state of the index and queries. Out: ids in order, values with their counts. Tantivy leaves what is equal as it
lies, and that changes with every merge; so equal ranks are put in order of id here, equal counts in order of value.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, cast

import tantivy
from tantivy import FieldType, Order, Query

from federation.index.document import CODES, TREES
from federation.index.engine import Question
from federation.index.rows import BEHIND_KEY
from federation.index.wording import both
from schemas.errors import QuerySyntaxError

Counts = tuple[tuple[str, int], ...]
#: fetched beyond what was asked, to see where equal ranks and counts end
_SPARE: Final = 32
_ALL: Final = 1 << 31
#: tantivy gives no more values of a facet than this
_MOST_VALUES: Final = 60_000
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
        return _total(searcher.search(query, 1)), ()
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
        return _total(searcher.search(query, 1)), tuple(ids)
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


def _total(found: tantivy.SearchResult) -> int:
    total: int = found.count  # type: ignore[attr-defined]  # the stubs forget it
    return total


def _ids(searcher: tantivy.Searcher, hits: list[tuple[Any, tantivy.DocAddress]]) -> list[int]:
    return cast("list[int]", searcher.fast_field_values("id", [address for _, address in hits]))


def facets(
    searcher: tantivy.Searcher, asked: Query, filters: Mapping[str, Query], question: Question
) -> dict[str, Counts]:
    """Count each facet under the query and all filters but its own: what a further value of it would bring."""
    unfiltered = [facet for facet in question.facets if facet not in filters]
    groups = [unfiltered, *([facet] for facet in question.facets if facet in filters)]
    counts: dict[str, Counts] = {}
    for group in groups:
        others = [query for facet, query in filters.items() if facet not in group]
        if group and question.facet_size > 0:
            fields = list(dict.fromkeys(field for facet in group for field in TREES.get(facet, (facet,))))
            counted = _counts(searcher, both([asked, *others]), fields, question.facet_size)
            counts |= {facet: _tree(facet, counted) if facet in TREES else counted[facet] for facet in group}
    return {facet: counts.get(facet, ()) for facet in question.facets}


def _tree(facet: str, counted: Mapping[str, Counts]) -> Counts:
    return tuple((f"{field}:{value}", count) for field in TREES[facet] for value, count in counted[field])


def _counts(searcher: tantivy.Searcher, query: Query, facets: Sequence[str], size: int) -> dict[str, Counts]:
    """Give the commonest values of facets: more are fetched until a lesser count ends the last equal ones."""
    done: dict[str, Counts] = {}
    asked = dict.fromkeys(facets, size + _SPARE)
    while asked:
        answer = searcher.aggregate(query, {facet: _terms(facet, most) for facet, most in asked.items()})
        for facet, most in list(asked.items()):
            found = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer[facet]["buckets"]]
            if len(found) == most < _MOST_VALUES and found[-1][1] == found[size - 1][1]:
                asked[facet] = min(most * 8, _MOST_VALUES)
                continue
            del asked[facet]
            found = _decades(found) if facet == "decade" else found
            done[facet] = tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:size])
    return done


def _terms(facet: str, most: int) -> dict[str, dict[str, object]]:
    if facet in ("year", "decade"):
        return {"terms": {"field": "year", "size": _MOST_VALUES}}
    if facet not in CODES:
        raise QuerySyntaxError("facet-unknown", "there is no such facet", facet)
    # Each piece of the index counts all its values, or the sums would be guesses.
    return {"terms": {"field": f"code_{facet}", "size": most, "segment_size": _ALL}}


def _decades(years: list[tuple[str, int]]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for year, count in years:
        counts[str(int(year) // 10 * 10)] += count
    return list(counts.items())
