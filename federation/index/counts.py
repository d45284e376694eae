"""Counts of facets, the same however the index lies on disk.

In: one state of the index and queries. Out: values with their counts, the commonest first, equal ones in order of
value. Names and subjects have so many values that their words would have to be read for longer than all else takes:
they are counted by numbers (`count_x`), and only those that are shown are put in words, as the record with the lowest
id that has them writes them. One pass counts all facets that are under the same filters.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import tantivy
from tantivy import Order, Query

from federation.index.document import CODES, COUNTED, TREES, facet_number
from federation.index.engine import MOST_VALUES, Question
from federation.index.hits import total
from federation.index.wording import both, either
from schemas.errors import QuerySyntaxError

Counts = tuple[tuple[str, int], ...]
#: words of the numbers that were shown lately, by field and number
Words = dict[tuple[str, int], str]

#: fetched beyond what was asked, to see where equal counts end
_SPARE: Final = 32
_ALL: Final = 1 << 31
#: so many values that are equally common are told apart; of more than that some are shown
_MOST_EQUAL: Final = 2_000
#: values of each piece of the index among which the commonest of all are likely to be
_OF_A_PIECE: Final = 200
#: values put in words together by who takes one after the other: each takes as long as all else for a rare word
_PUT_IN_WORDS: Final = 6
#: words kept for one state of the index
_MOST_WORDS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter in force: the query of all its values, and one for each of them."""

    query: Query
    values: Mapping[str, Query]


@dataclass(frozen=True, slots=True)
class Counting:
    """One state of the index, in which facets are counted."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    words: Words

    def facets(self, asked: Query, filters: Mapping[str, Narrowing], question: Question) -> dict[str, Counts]:
        """Count each facet under the query and all filters but its own: what a further value of it would bring.

        A value that is filtered by is counted too, however rare it is.
        """
        unfiltered = [facet for facet in question.facets if facet not in filters]
        groups = [unfiltered, *([facet] for facet in question.facets if facet in filters)]
        counts: dict[str, Counts] = {}
        for group in groups:
            others = [narrowing.query for facet, narrowing in filters.items() if facet not in group]
            if not group or question.facet_size <= 0:
                continue
            query = both([asked, *others])
            counts |= self._group(query, group, question.facet_size)
            for facet in set(group) & filters.keys():
                counts[facet] = self._with_chosen(query, filters[facet], counts[facet])
        return {facet: counts.get(facet, ()) for facet in question.facets}

    def _with_chosen(self, query: Query, narrowing: Narrowing, found: Counts) -> Counts:
        there = {value for value, _ in found}
        missing = [value for value in narrowing.values if value not in there]
        return (*found, *((value, total(self.searcher, both([query, narrowing.values[value]]))) for value in missing))

    def _group(self, query: Query, facets: Sequence[str], size: int) -> dict[str, Counts]:
        fields = list(dict.fromkeys(field for facet in facets for field in TREES.get(facet, (facet,))))
        counted = self._counted(query, fields, size)
        return {facet: _tree(facet, counted) if facet in TREES else counted[facet] for facet in facets}

    def _counted(self, query: Query, fields: Sequence[str], size: int) -> dict[str, Counts]:
        """Give the commonest values: more are fetched until a lesser count ends the last equal ones."""
        done: dict[str, Counts] = {}
        asked = dict.fromkeys(fields, size + _SPARE)
        while asked:
            answer = self.searcher.aggregate(query, {field: _terms(field, most) for field, most in asked.items()})
            for field, most in list(asked.items()):
                found = answer[field]["buckets"]
                if len(found) == most < _MOST_EQUAL and found[-1]["doc_count"] == found[size - 1]["doc_count"]:
                    asked[field] = min(most * 8, _MOST_EQUAL)
                    continue
                del asked[field]
                done[field] = self._worded(field, found, size)
        return done

    def values(self, query: Query, facet: str, most: int, start: int = 0) -> Iterator[tuple[str, int]]:
        """Yield so many values of a facet that is counted by numbers, from a place on, the commonest first.

        Each is put in words when it is taken. Equal ones are in order of their numbers.
        """
        found = dict(self._common(query, facet, min(start + most, MOST_VALUES), _ALL)[start:])
        yield from ((value, found[number]) for value, number in self._taken(facet, found))

    def likely(self, query: Query, facet: str, most: int, fits: Callable[[str], bool]) -> Iterator[tuple[str, int]]:
        """Yield those that fit of so many values that are likely to be the commonest, with the records of the whole
        index that have them: who needs few of many needs no more.
        """
        for value, number in self._taken(facet, dict(self._common(query, facet, most, _OF_A_PIECE))):
            if fits(value):
                yield value, total(self.searcher, Query.term_query(self.schema, f"count_{facet}", number))

    def _common(self, query: Query, facet: str, most: int, of_a_piece: int) -> list[tuple[int, int]]:
        if facet not in COUNTED:
            raise QuerySyntaxError("facet-unknown", "the values of this facet are not told one by one", facet)
        shape = {"terms": {"field": f"count_{facet}", "size": most, "segment_size": of_a_piece}}
        return _numbers(self.searcher.aggregate(query, {facet: shape})[facet]["buckets"])

    def _taken(self, facet: str, found: Iterable[int]) -> Iterator[tuple[str, int]]:
        numbers = list(found)
        for place in range(0, len(numbers), _PUT_IN_WORDS):
            some = numbers[place : place + _PUT_IN_WORDS]
            words = self._words(facet, some)
            yield from ((words[number], number) for number in some if number in words)

    def _worded(self, field: str, buckets: list[dict[str, Any]], size: int) -> Counts:
        if field not in COUNTED:
            found = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
            # All years are told: they are bars side by side.
            return _commonest(_decades(found) if field == "decade" else found, None if field == "year" else size)
        numbers = _numbers(buckets)[:size]
        words = self._words(field, [number for number, _ in numbers])
        return _commonest([(words[number], count) for number, count in numbers if number in words], size)

    def _words(self, field: str, numbers: Iterable[int]) -> dict[int, str]:
        unknown = [number for number in numbers if (field, number) not in self.words]
        found = {number: word for number in numbers if (word := self.words.get((field, number)))}
        if unknown:
            found |= (read := self._read(field, unknown))
            if len(self.words) > _MOST_WORDS:
                self.words.clear()
            self.words.update({(field, number): word for number, word in read.items()})
        return found

    def _read(self, field: str, numbers: Iterable[int]) -> dict[int, str]:
        """Put numbers in words: by the values of the first record that has each."""
        ids: set[int] = set()
        for number in numbers:
            query = Query.term_query(self.schema, f"count_{field}", number)
            found = self.searcher.search(query, 1, count=False, order_by_field="id", order=Order.Asc)
            ids.update(int(hit[0]) for hit in found.hits)
        query = either([Query.term_query(self.schema, "id", number) for number in sorted(ids)])
        asked = {"words": {"terms": {"field": f"code_{field}", "size": MOST_VALUES, "segment_size": _ALL}}}
        buckets = self.searcher.aggregate(query, asked)["words"]["buckets"]
        values = sorted((str(bucket["key"]) for bucket in buckets), reverse=True)
        return {facet_number(value): value for value in values}


def _tree(facet: str, counted: Mapping[str, Counts]) -> Counts:
    return tuple((f"{field}:{value}", count) for field in TREES[facet] for value, count in counted[field])


def _numbers(buckets: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    found = [(int(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _commonest(found: Iterable[tuple[str, int]], size: int | None) -> Counts:
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:size])


def _terms(facet: str, most: int) -> dict[str, dict[str, object]]:
    if facet in ("year", "decade"):
        return {"terms": {"field": "year", "size": MOST_VALUES}}
    if facet in COUNTED:
        return {"terms": {"field": f"count_{facet}", "size": most, "segment_size": _ALL}}
    if facet not in CODES:
        raise QuerySyntaxError("facet-unknown", "there is no such facet", facet)
    # Each piece of the index counts all its values, or the sums would be guesses.
    return {"terms": {"field": f"code_{facet}", "size": most, "segment_size": _ALL}}


def _decades(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for year, count in found:
        counts[str(int(year) // 10 * 10)] += count
    return list(counts.items())
