"""Records in order by several keys: what no index is in the order of, for results small enough to be looked through.

In: records and keys, the most important one first. Out: ids. The same order as the index has by one key: titles and
creators as in a Vietnamese dictionary, what lacks a value last in either direction, what is equal by id.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from federation.index.document import heading_key, name
from schemas.bib import Bib
from schemas.errors import QuerySyntaxError
from schemas.query.cql import Sorted

_YEAR_BYTES: Final = 8
_KEYS: Final[Mapping[str, Callable[[Bib], bytes]]] = {
    "title": lambda bib: heading_key(str(bib.title)),
    "creator": lambda bib: heading_key(name(bib.creator)),
    "year": lambda bib: bib.publication.year.to_bytes(_YEAR_BYTES, "big") if bib.publication.year else b"",
}


def ordered(bibs: Mapping[int, Bib], keys: Sequence[Sorted]) -> tuple[int, ...]:
    """Give the ids of records in order."""
    ids = sorted(bibs)
    for key in reversed(keys):
        if key.access_point not in _KEYS:
            raise QuerySyntaxError("sort-unknown", "results can be sorted by title, creator and year", key.access_point)
        keyed = {number: _KEYS[key.access_point](bibs[number]) for number in ids}
        there = [number for number in ids if keyed[number]]
        lacking = [number for number in ids if not keyed[number]]
        # `reverse` keeps what is equal in its order.
        ids = [*sorted(there, key=keyed.__getitem__, reverse=key.descending), *lacking]
    return tuple(ids)
