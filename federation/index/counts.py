"""Counts of facets, the same however the index lies on disk.

In: one state of the index and queries. Out: values with their counts, the commonest first, equal ones in order of
value. Names and subjects have so many values that their words would have to be read for longer than all else takes:
they are counted by numbers (`count_x`), and only those that are shown are put in words, as most records write them
(`spelt_x`). One pass counts all facets that are under the same filters.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import tantivy
from tantivy import Query

from federation.index.document import CODES, COUNTED, TREES, heading_key
from federation.index.engine import MOST_VALUES, Question
from federation.index.hits import total
from federation.index.rows import ascending, spelt
from federation.index.wording import both, either
from schemas.errors import QuerySyntaxError

Counts = tuple[tuple[str, int], ...]
#: words of the numbers that were shown lately, by field and number
Words = dict[tuple[str, int], str]
Buckets = list[dict[str, Any]]

#: fetched beyond what was asked, to see where equal counts end
_SPARE: Final = 32
_ALL: Final = 1 << 31
#: values that each piece of the index tells first: to put those of all pieces together takes longer than all else
_TOLD: Final = 3_000
#: so many values that are equally common are told apart; of more than that some are shown
_MOST_EQUAL: Final = 2_000
#: values of each piece of the index among which the commonest of all are likely to be
_OF_A_PIECE: Final = 200
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
                found = self._exact(query, field, answer[field], size, most)
                if len(found) == most < _MOST_EQUAL and found[-1]["doc_count"] == found[size - 1]["doc_count"]:
                    asked[field] = _MOST_EQUAL
                    continue
                del asked[field]
                done[field] = self._worded(field, found, size)
        return done

    def _exact(self, query: Query, field: str, told: Mapping[str, Any], size: int, most: int) -> Buckets:
        """Give counts that are exact: where pieces of the index left values out, each may lack `missed`.

        Those that may be among the commonest are counted again, and all values where the counts are too near each
        other for that to leave any out: one that no piece told has at most `missed`.
        """
        found: Buckets = told["buckets"]
        missed: int = told["doc_count_error_upper_bound"]
        if not missed:
            return found
        least = found[size - 1]["doc_count"] if len(found) >= size else 0
        likely = [(number, count) for number, count in _numbers(found) if count + missed >= least]
        if missed < least and (len(likely) < len(found) or len(found) < most):
            query = both([query, either([self._having(field, word) for word, _ in self._taken(field, likely)])])
        whole: Buckets = self.searcher.aggregate(query, {field: _terms(field, most, _ALL)})[field]["buckets"]
        return whole

    def _having(self, field: str, word: str) -> Query:
        return Query.term_query(self.schema, f"browse_{field}", ascending(heading_key(word)))

    def values(self, query: Query, facet: str, most: int, start: int = 0) -> Iterator[tuple[str, int]]:
        """Yield so many values of a facet that is counted by numbers, from a place on, the commonest first.

        Each is put in words when it is taken. Equal ones are in order of their numbers.
        """
        yield from self._taken(facet, self._common(query, facet, min(start + most, MOST_VALUES), _ALL)[start:])

    def likely(self, query: Query, facet: str, most: int, fits: Callable[[str], bool]) -> Iterator[tuple[str, int]]:
        """Yield those that fit of so many values that are likely to be the commonest, with the records of the whole
        index that have them: who needs few of many needs no more.
        """
        for value, _ in self._taken(facet, self._common(query, facet, most, _OF_A_PIECE)):
            if fits(value):
                yield value, total(self.searcher, self._having(facet, value))

    def _common(self, query: Query, facet: str, most: int, of_a_piece: int) -> list[tuple[int, int]]:
        if facet not in COUNTED:
            raise QuerySyntaxError("facet-unknown", "the values of this facet are not told one by one", facet)
        return _numbers(self.searcher.aggregate(query, {facet: _terms(facet, most, of_a_piece)})[facet]["buckets"])

    def _taken(self, facet: str, found: Iterable[tuple[int, int]]) -> Iterator[tuple[str, int]]:
        """Put counted numbers in words, each when it is taken."""
        yield from ((word, count) for number, count in found if (word := self._word(facet, number)))

    def _worded(self, field: str, buckets: Buckets, size: int) -> Counts:
        if field not in COUNTED:
            found = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
            # All years are told: they are bars side by side.
            return _commonest(_decades(found) if field == "decade" else found, None if field == "year" else size)
        return _commonest(self._taken(field, _numbers(buckets)[:size]), size)

    def _word(self, field: str, number: int) -> str:
        """Put a number in words, "" when no record has it."""
        word = self.words.get((field, number))
        if word is None:
            if len(self.words) >= _MOST_WORDS:
                self.words.clear()
            word = self.words[field, number] = self._written(field, number)
        return word

    def _written(self, field: str, number: int) -> str:
        """Give a heading as most records write it."""
        name, begun = f"spelt_{field}", spelt(number, "")
        found = [term for term, _ in self.searcher.terms_with_prefix(name, begun)]
        if len(found) > 1:
            # Terms may be of records that are gone, and their frequencies count those too.
            counts = {term: total(self.searcher, Query.term_query(self.schema, name, term)) for term in found}
            found.sort(key=lambda term: (-counts[term], term))
        return found[0].removeprefix(begun) if found else ""


def _tree(facet: str, counted: Mapping[str, Counts]) -> Counts:
    return tuple((f"{field}:{value}", count) for field in TREES[facet] for value, count in counted[field])


def _numbers(buckets: Iterable[dict[str, Any]]) -> list[tuple[int, int]]:
    found = [(int(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _commonest(found: Iterable[tuple[str, int]], size: int | None) -> Counts:
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0]))[:size])


def _terms(facet: str, most: int, segment: int = 0) -> dict[str, dict[str, object]]:
    """Ask for the commonest values, of which each piece of the index tells so many; for one with few values, all."""
    if facet in ("year", "decade"):
        return {"terms": {"field": "year", "size": MOST_VALUES}}
    if facet in COUNTED:
        return {"terms": {"field": f"count_{facet}", "size": most, "segment_size": segment or max(_TOLD, 2 * most)}}
    if facet not in CODES:
        raise QuerySyntaxError("facet-unknown", "there is no such facet", facet)
    return {"terms": {"field": f"code_{facet}", "size": most, "segment_size": _ALL}}


def _decades(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for year, count in found:
        counts[str(int(year) // 10 * 10)] += count
    return list(counts.items())
