"""The parameters of the API: one table for those who read a request and for the document that describes it.

In: nothing. Out: `Parameter`s and the `Operation`s they belong to. What a parameter may hold is said once, as JSON
Schema; `request` holds every request to it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from federation.api import shapes
from federation.catalogue import facets
from federation.languages.making import HOUSE

VERSION: Final = "v1"
ROOT: Final = f"/api/{VERSION}"
#: each may be a filter
FACETS: Final = tuple(facet.name for facet in facets.FACETS)
#: those that are counted when nobody says which
COUNTED: Final = (*(facet.name for facet in facets.FACETS if facet.shown), "member")
#: said instead of a facet by who wants none counted
NONE: Final = "none"
SORTS: Final = ("relevance", "newest", "oldest", "title", "creator")
MOST_TEXT: Final = 500
MOST_CQL: Final = 2_000
MOST_VALUES: Final = 20
MOST_VALUE: Final = 300
MOST_CURSOR: Final = 7_000
#: bytes of the parameters of one request: a cursor that holds all of them must still fit into an address
MOST_BYTES: Final = 4_096
MOST_HITS: Final = 100
MOST_CHANGES: Final = 1_000
MOST_NUMBERS: Final = 50
#: the place of the last record of a result that is given
DEEPEST: Final = 10_000
#: characters of the code of a language
MOST_CODE: Final = 35


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an address: `schema` of one value, at most `most` of them."""

    name: str
    description: str
    schema: Mapping[str, Any]
    most: int = 1
    inside: str = "query"


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: what it gives, from which parameters, and which problems it may answer with."""

    name: str
    path: str
    summary: str
    description: str
    gives: type
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[str, ...] = ()
    moves: bool = False
    links: Mapping[str, str] = field(default_factory=dict)


def _text(most: int, least: int = 0) -> dict[str, Any]:
    return {"type": "string", "maxLength": most, **({"minLength": least} if least else {})}


def _whole(low: int, high: int, usual: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high, "default": usual}


CURSOR: Final = Parameter(
    "cursor", "What the page before gave as `next`; it holds the whole request.", _text(MOST_CURSOR, 1)
)
LANG: Final = Parameter(
    "lang", "Language of labels, one of those of the pages.", {**_text(MOST_CODE), "default": HOUSE}
)
ID: Final = Parameter(
    "id",
    "Number of a union record, its OAI identifier, or `MEMBER:local-id`.",
    {**_text(MOST_VALUE, 1), "examples": ["1"]},
    inside="path",
)
_FILTERS: Final = tuple(
    Parameter(f"f.{facet}", f"Only records with one of these values of {facet}.", _text(MOST_VALUE, 1), MOST_VALUES)
    for facet in FACETS
)
RECORDS: Final = Operation(
    name="records",
    path="/records",
    summary="Search",
    description=(
        "Finds records: `q` as the search box of the web page reads it, `cql` as SRU does; both together: what both "
        "find. Without either: everything. One filter may have several values, of which one must fit. The first "
        f"{DEEPEST:,} records of a result can be walked through; for all there are dumps, OAI-PMH and `changes`."
    ),
    gives=shapes.Records,
    parameters=(
        Parameter("q", "Words, phrases in quotes, -word, field:word, ISBN.", _text(MOST_TEXT)),
        Parameter("cql", "A query in CQL 1.2; its sortBy counts where `sort` is not given.", _text(MOST_CQL)),
        *_FILTERS,
        Parameter(
            "facet",
            f"Facets to count, or {NONE}; usually {', '.join(COUNTED)}.",
            {"type": "string", "enum": [*FACETS, NONE]},
            len(FACETS),
        ),
        Parameter("sort", "Order; usually by relevance.", {"type": "string", "enum": list(SORTS)}),
        Parameter("limit", "Records in a page; 0: only count.", _whole(0, MOST_HITS, 20)),
        CURSOR,
        LANG,
    ),
    problems=("query-invalid", "cursor-invalid", "search-too-deep", "address-too-long"),
    links={"next": "cursor"},
)
RECORD: Final = Operation(
    name="record",
    path="/records/{id}",
    summary="A record",
    description="Gives a record whole. A merged one answers 301 with its successor, a deleted one 410.",
    gives=shapes.Record,
    parameters=(ID,),
    problems=("record-unknown", "record-gone"),
    moves=True,
)
LIBRARIES: Final = Operation(
    name="libraries",
    path="/libraries",
    summary="The libraries",
    description="Gives all libraries as they stand today.",
    gives=shapes.Libraries,
    parameters=(LANG,),
)
LIBRARY: Final = Operation(
    name="library",
    path="/libraries/{code}",
    summary="A library",
    description="Gives one library.",
    gives=shapes.Library,
    parameters=(
        Parameter("code", "Code of the library.", {**_text(MOST_VALUE, 1), "examples": ["tvt"]}, inside="path"),
        LANG,
    ),
    problems=("library-unknown",),
)
HOLDINGS: Final = Operation(
    name="holdings",
    path="/holdings",
    summary="Who holds it",
    description=f"Tells which libraries hold up to {MOST_NUMBERS} ISBNs and records, where and how many copies.",
    gives=shapes.Holdings,
    parameters=(
        Parameter("isbn", "ISBNs, of 10 or 13 digits, with or without hyphens.", _text(20, 1), MOST_NUMBERS),
        Parameter("id", "Records, as in `/records/{id}`.", _text(MOST_VALUE, 1), MOST_NUMBERS),
    ),
    problems=("isbn-invalid", "nothing-asked", "address-too-long"),
)
CHANGES: Final = Operation(
    name="changes",
    path="/changes",
    summary="What changed",
    description=(
        "Lists records that came, changed or went, in the order of that, from a time on or from where a cursor stands. "
        "Whoever always goes on from the last `next` misses no change; a cursor never expires."
    ),
    gives=shapes.Changes,
    parameters=(
        Parameter(
            "since",
            "Changes at or after this day or time.",
            {
                # each with its type: programs that write clients go by it
                "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
                "examples": ["2026-11-01", "2026-11-01T08:00:00Z"],
            },
        ),
        Parameter("set", "Only of one OAI-PMH set, such as `member:tvt`.", _text(MOST_VALUE, 1)),
        Parameter("limit", "Changes in a page.", _whole(1, MOST_CHANGES, 200)),
        CURSOR,
    ),
    problems=("cursor-invalid", "set-unknown"),
    links={"next": "cursor"},
)
BEGINNING: Final = Operation(
    name="beginning",
    path="",
    summary="Where to begin",
    description="Gives the addresses of the parts.",
    gives=shapes.Beginning,
)
OPERATIONS: Final = (BEGINNING, RECORDS, RECORD, LIBRARIES, LIBRARY, HOLDINGS, CHANGES)


def spoken(languages: Collection[str]) -> Mapping[str, Operation]:
    """Give the operations by name, as a house knows them that speaks these languages."""
    lang = replace(LANG, schema={"type": "string", "enum": list(languages), "default": HOUSE})
    return {
        each.name: replace(each, parameters=tuple(lang if one is LANG else one for one in each.parameters))
        for each in OPERATIONS
    }
