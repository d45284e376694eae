"""What any search engine must do, so that tantivy and OpenSearch can stand in for each other.

In: documents made by `document`, and query trees. Out: ids of union records in order, counts and facets. An engine
holds nothing that the store does not: it can be rebuilt from it at any time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

from schemas.errors import QuerySyntaxError
from schemas.query.cql import Sorted
from schemas.query.tree import Node

#: in every order what is equal comes by id, and what lacks the value comes last
Sort = Literal["relevance", "newest", "oldest", "title", "creator", "title-descending", "creator-descending", "id"]
#: numbers of libraries: each that a record reaches lifts it a step
HELD: Final = (2, 4, 8, 16, 32, 64)
#: values of one facet of one question that are told
MOST_VALUES: Final = 60_000
#: access point and whether it descends -> the order
_SORTS: Final[Mapping[tuple[str, bool], Sort]] = {
    ("year", False): "oldest",
    ("year", True): "newest",
    ("title", False): "title",
    ("title", True): "title-descending",
    ("creator", False): "creator",
    ("creator", True): "creator-descending",
}


class Document(msgspec.Struct, frozen=True):
    """What the index keeps of one union record.

    `texts`: values per text field, searched by toned and folded tokens. `codes`: exact values per code field (ISBN,
    language, member); facets are counted on them. `year` is 0 when unknown. `sort_title` and `sort_creator` are order
    keys (`schemas.vietnamese.order`), `headings` those of an access point. `version` is the first 8 bytes of the union
    record's content hash, as a number.
    """

    id: int
    version: int
    texts: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, tuple[str, ...]]
    year: int = 0
    sort_title: bytes = b""
    sort_creator: bytes = b""
    headings: Mapping[str, tuple[bytes, ...]] = {}


class Row(NamedTuple):
    """A document as the index writes it, made by `federation.index.rows` in any process, ahead of `publish`."""

    id: int
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """A query with everything that shapes its answer. `filters`: field of codes or
    headings -> values; one of each field must match.

    Filters and facets also know `year` (spans too; all years are counted) and `decade` (by its first year), and trees:
    `place`, with values like `area:51`. A value that is filtered by is counted however rare it is. `relevance` of a
    query without words is by id.
    """

    query: Node
    start: int = 0
    limit: int = 20
    sort: Sort = "relevance"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facets: tuple[str, ...] = ()
    facet_size: int = 20


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: how many in all, the ids of this page in order, and per facet field the values with their counts."""

    total: int
    ids: tuple[int, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One heading of an access point: its key, how many records have it, and the id of one of them."""

    key: bytes
    count: int
    record: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """The headings around a place, all in ascending order: the last ones before it, and the first ones from it on.

    `exact`: the first one from it on is the very place.
    """

    before: tuple[Entry, ...]
    after: tuple[Entry, ...]
    exact: bool = False


def sorting(keys: Sequence[Sorted]) -> Sort:
    """Give the order that sort keys ask for; raises `QuerySyntaxError` for what no index can be in the order of."""
    if len(keys) > 1:
        raise QuerySyntaxError("sort-too-many-keys", "results can be sorted by one key only", keys[1].access_point)
    if not keys:
        return "relevance"
    found = _SORTS.get((keys[0].access_point, keys[0].descending))
    if found is None:
        message = "results can be sorted by title, creator and year"
        raise QuerySyntaxError("sort-unknown", message, keys[0].access_point)
    return found


class Writer(Protocol):
    """What writes to an engine. `publish` is atomic: a search sees all of it or nothing; it may be repeated without
    harm.
    """

    def publish(self, documents: Iterable[Document | Row], removed: Iterable[int]) -> None:
        """Put documents in (replacing those with the same id), then take ids out, in one commit; ids are not asked for
        before the last document was given.
        """
        ...


class Engine(Writer, Protocol):
    """One search engine, read by many and written by one at a time."""

    def writing(self) -> AbstractContextManager[Writer]:
        """Open it for many commits: what there is to tidy after one is done beside the next, all of it by the end."""
        ...

    def search(self, question: Question) -> Found:
        """Answer a question; a commit of another process is seen within a second."""
        ...

    def values(self, question: Question, facet: str, start: int = 0) -> Iterator[tuple[str, int]]:
        """Yield `facet_size` values of the creators or subjects of all that a question finds, with their counts.

        They come from a place on, the commonest first, and cost little before they are taken. The facet's own filter
        is left out. An engine may know but the `MOST_VALUES` commonest ones.
        """
        ...

    def likely(self, query: Node, facet: str, most: int, fits: Callable[[str], bool]) -> Iterator[tuple[str, int]]:
        """Yield those that fit of so many creators or subjects that are likely to be the commonest of what a query
        finds, with the numbers of all records that have them.
        """
        ...

    def scan(self, access_point: str, text: str, before: int, after: int) -> Scanned:
        """Give so many headings before a text and so many from it on, fewer at the ends; the text may be no heading.

        Raises `QuerySyntaxError` for an access point without headings.
        """
        ...

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """Give in how many records each folded word stands, in the field that has it in most; unknown ones are left
        out.
        """
        ...

    def entries(self) -> Iterator[tuple[int, int]]:
        """Yield (id, version) of everything in the index, in order of id, for `check`."""
        ...

    def count(self) -> int:
        """Give the number of documents."""
        ...

    def rebuild(self, documents: Iterable[Document | Row]) -> int:
        """Replace everything by these documents, which come in order of id; the old index serves until then."""
        ...

    def clear(self) -> None:
        """Take everything out."""
        ...

    def close(self) -> None:
        """Give back locks and files."""
        ...
