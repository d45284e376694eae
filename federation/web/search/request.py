"""What a reader asked of the search page, and the address that asks the same again.

In: the query part of an address (`q`, `f.<facet>` repeated, `sort`, `page`, `toned`). Out: one frozen `Asked`, or a
`UsageError` that says which part cannot be; `question` turns it into what the catalogue answers, `address` back into
a link. Unknown parameters are ignored, so that links with a tracker's additions keep working.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from federation.errors import UsageError
from federation.index.engine import Question, Sort
from schemas.query.box import parse
from schemas.query.tree import And, Everything, Near, Node, Not, Or, Term

#: in the order the page shows them; each is a code field of the index
FACETS: Final = ("member", "kind", "material", "language", "decade", "creator", "subject")
SORTS: Final[tuple[Sort, ...]] = ("relevance", "newest", "oldest", "title", "creator")
PAGE_SIZE: Final = 20
#: deeper pages cost the server much and help nobody: narrowing does
MAX_PAGE: Final = 250
MAX_TEXT: Final = 500
MAX_VALUES: Final = 50
MAX_VALUE: Final = 300
FACET_SIZE: Final = 15


#: the parameters of an address, each with all its values
Parameters = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One search as a reader asked it. `toned`: find words with the tone marks as typed only."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    toned: bool = False


def read(parameters: Parameters) -> Asked:
    """Read the parameters of a search; raises `UsageError` naming the one that is wrong."""
    text = " ".join(_first(parameters, "q").split())
    if len(text) > MAX_TEXT:
        raise UsageError("query-too-long", f"the query has {len(text)} characters; at most {MAX_TEXT} are read", "q")
    return Asked(
        text=text,
        filters=_filters(parameters),
        sort=_sort(_first(parameters, "sort")),
        page=_page(_first(parameters, "page")),
        toned=_first(parameters, "toned") == "1",
    )


def question(asked: Asked) -> Question:
    """Turn a search into what the catalogue answers; raises `QuerySyntaxError`."""
    return Question(
        query=_query(asked),
        start=(asked.page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        sort=asked.sort,
        filters=asked.filters,
        facets=FACETS,
        facet_size=FACET_SIZE,
    )


def address(asked: Asked) -> str:
    """Write the link that asks this; what has its default value is left out."""
    pairs = [("q", asked.text)] if asked.text or not asked.filters else []
    pairs += [(f"f.{facet}", value) for facet in FACETS for value in asked.filters.get(facet, ())]
    if asked.sort != "relevance":
        pairs.append(("sort", asked.sort))
    if asked.toned:
        pairs.append(("toned", "1"))
    if asked.page > 1:
        pairs.append(("page", str(asked.page)))
    return "/search?" + urlencode(pairs)


def narrowed(asked: Asked, facet: str, value: str) -> Asked:
    """Give the search with one more value of a facet, from its first page."""
    values = (*asked.filters.get(facet, ()), value)
    return replace(asked, filters={**asked.filters, facet: values}, page=1)


def widened(asked: Asked, facet: str, value: str) -> Asked:
    """Give the search without one value of a facet, from its first page."""
    kept = tuple(held for held in asked.filters.get(facet, ()) if held != value)
    filters = {name: values for name, values in {**asked.filters, facet: kept}.items() if values}
    return replace(asked, filters=filters, page=1)


def _query(asked: Asked) -> Node:
    if not asked.text:
        return Everything()
    node = parse(asked.text)
    return _toned(node) if asked.toned else node


def _toned(node: Node) -> Node:
    match node:
        case Term():
            return replace(node, toned=True)
        case And(left, right):
            return And(_toned(left), _toned(right))
        case Or(left, right):
            return Or(_toned(left), _toned(right))
        case Not(left, right):
            return Not(_toned(left), _toned(right))
        case Near(left, right):
            return replace(node, left=replace(left, toned=True), right=replace(right, toned=True))
        case Everything():
            return node


def _first(parameters: Parameters, name: str) -> str:
    return next(iter(parameters.get(name, ())), "")


def _filters(parameters: Parameters) -> dict[str, tuple[str, ...]]:
    filters = {}
    for facet in FACETS:
        values = tuple(dict.fromkeys(value for value in parameters.get(f"f.{facet}", ()) if value))
        if len(values) > MAX_VALUES or any(len(value) > MAX_VALUE for value in values):
            raise UsageError(
                "filter-too-long", f"more than {MAX_VALUES} values, or one over {MAX_VALUE} characters", f"f.{facet}"
            )
        if values:
            filters[facet] = values
    return filters


def _sort(value: str) -> Sort:
    for sort in SORTS:
        if sort == (value or "relevance"):
            return sort
    raise UsageError("sort-unknown", f"{value[:40]!r} is none of {', '.join(SORTS)}", "sort")


def _page(value: str) -> int:
    if value and not (value.isascii() and value.isdigit() and len(value) < 8):
        raise UsageError("page-invalid", f"{value[:40]!r} is no page number", "page")
    page = int(value or 1)
    if not 1 <= page <= MAX_PAGE:
        raise UsageError(
            "page-too-far", f"page {page} is not shown; the last is {MAX_PAGE}: narrow the search instead", "page"
        )
    return page
