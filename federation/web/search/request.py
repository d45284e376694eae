"""What a reader asked of the search page, and the address that asks the same again.

In: the query part of an address (`q`, `f.<facet>` repeated, `sort`, `page`, `toned`). Out: one frozen `Asked`, or a
`UsageError` that says which part cannot be; `question` turns it into what the catalogue answers, `address` back into
a link. Unknown parameters are ignored, so that links with a tracker's additions keep working.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote_plus, urlencode

from federation.errors import UsageError
from federation.index.engine import Question, Sort
from schemas.query.box import parse
from schemas.query.tree import And, Everything, Near, Node, Not, Or, Term

#: what a search can be narrowed by, in the order the page shows it: names of the table of facets
FACETS: Final = (
    *("place", "member", "area", "district", "kind", "material", "language", "decade", "year"),
    *("title", "creator", "subject", "ddc", "collection", "grade", "programme"),
)
#: those that are counted for the page: the tree of places has the libraries, and nearly every title is another one
COUNTED: Final = tuple(facet for facet in FACETS if facet not in ("member", "area", "title"))
SORTS: Final[tuple[Sort, ...]] = ("relevance", "newest", "oldest", "title", "creator")
PAGE_SIZE: Final = 20
#: deeper pages cost the server much and help nobody: narrowing does
MAX_PAGE: Final = 250
MAX_TEXT: Final = 500
MAX_VALUES: Final = 50
MAX_VALUE: Final = 300
FACET_SIZE: Final = 15
_YEAR_DIGITS: Final = 4


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
        facets=COUNTED,
        facet_size=FACET_SIZE,
    )


def address(asked: Asked, page: str = "/search") -> str:
    """Write the link that asks this of a page; what has its default value is left out."""
    before, after = _pairs(asked, FACETS[-1])
    return f"{page}?{urlencode(before + after)}"


def adding(asked: Asked, facet: str) -> Callable[[str], str]:
    """Give what writes the address of the search with one more value of a facet, from its first page.

    A page has hundreds of such addresses, and all of them but the value is the same.
    """
    before, after = _pairs(replace(asked, page=1, filters=asked.filters or {facet: ()}), facet)
    start = f"/search?{urlencode(before)}{'&' if before else ''}f.{facet}="
    end = f"&{urlencode(after)}" if after else ""
    return lambda value: f"{start}{quote_plus(value)}{end}"


def _pairs(asked: Asked, facet: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Give the parameters of an address up to the values of a facet, and those after them."""
    before = [("q", asked.text)] if asked.text or not asked.filters else []
    after: list[tuple[str, str]] = []
    place = FACETS.index(facet)
    for at, name in enumerate(FACETS):
        (before if at <= place else after).extend((f"f.{name}", value) for value in asked.filters.get(name, ()))
    if asked.sort != "relevance":
        after.append(("sort", asked.sort))
    if asked.toned:
        after.append(("toned", "1"))
    if asked.page > 1:
        after.append(("page", str(asked.page)))
    return before, after


def widened(asked: Asked, facet: str, value: str) -> Asked:
    """Give the search without one value of a facet, from its first page."""
    kept = tuple(held for held in asked.filters.get(facet, ()) if held != value)
    filters = {name: values for name, values in {**asked.filters, facet: kept}.items() if values}
    return replace(asked, filters=filters, page=1)


def span(parameters: Parameters) -> str:
    """Give the years typed into the form (`from`, `to`) as a value of the facet `year`; empty when none were."""
    first, last = (_first(parameters, name).strip() for name in ("from", "to"))
    for name, year in (("from", first), ("to", last)):
        if year and not (year.isascii() and year.isdigit() and len(year) <= _YEAR_DIGITS):
            raise UsageError("year-invalid", f"{year[:40]!r} is no year", name)
    return f"{first}-{last}" if first or last else ""


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
    typed = {"year": span(parameters)}
    for facet in FACETS:
        given = (*parameters.get(f"f.{facet}", ()), typed.get(facet, ""))
        values = tuple(dict.fromkeys(value for value in given if value))
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
