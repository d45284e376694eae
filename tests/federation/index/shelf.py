"""Documents to search, written short."""

from federation.index.engine import Document, Engine, Question, Sort
from schemas.query.tree import Everything, Match, Node, Term
from schemas.vietnamese.order import order_key


def book(number: int, name: str = "", *, year: int = 0, version: int = 1, **values: str | tuple[str, ...]) -> Document:
    """Make a document: its title, texts by the name of their field, codes by `code_` and the name."""
    many = {name: value if isinstance(value, tuple) else (value,) for name, value in values.items()}
    texts = {name: value for name, value in many.items() if not name.startswith("code_")}
    codes = {name.removeprefix("code_"): value for name, value in many.items() if name.startswith("code_")}
    if name:
        texts["title"] = (name,)
    creator = texts.get("creator", ("",))[0]
    headings = {point: tuple(map(order_key, codes[point])) for point in ("creator", "subject") if point in codes}
    return Document(number, version, texts, codes, year, order_key(name), order_key(creator), headings)


def found(
    engine: Engine,
    text: str | Node = "",
    field: str = "any",
    match: Match = "words",
    *,
    masked: bool = False,
    truncated: bool = False,
    toned: bool = False,
    sort: Sort = "relevance",
) -> tuple[int, ...]:
    """Give the ids that a term (or a tree) finds, in order."""
    node = Term(field, text, match, masked=masked, truncated=truncated, toned=toned) if isinstance(text, str) else text
    return engine.search(Question(node, limit=1000, sort=sort)).ids


def everything(engine: Engine, sort: Sort = "relevance") -> tuple[int, ...]:
    """Give all ids in order."""
    return found(engine, Everything(), sort=sort)
