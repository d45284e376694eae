"""The queries that a harvest asks, in CQL 1.2: everything, what changed since, a part of it.

In: the query of the source, a window, a `Part`. Out: CQL. Terms stand in quotation marks, with those in them escaped.
"""

import re
from typing import Final

from harvesters.base import Window
from harvesters.errors import SourceRefused
from harvesters.parts import WHOLE, Part

_INDEX: Final = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)?(?:\s*/\s*[\w.=-]+)*")


def index(text: str, option: str) -> str:
    """Check the name of an index; raises `SourceRefused`."""
    if not _INDEX.fullmatch(text):
        raise SourceRefused("option-invalid", f"option {option} names the index {text!r}; write one such as rec.id")
    return text


def quoted(term: str) -> str:
    """Give a term as CQL."""
    return '"{}"'.format(re.sub(r'([\\"])', r"\\\1", term))


def narrowed(query: str, *clauses: str) -> str:
    """Give a query with clauses that must hold as well."""
    said = [clause for clause in clauses if clause]
    return " and ".join((f"({query})", *said)) if said else query


def changed(name: str, window: Window, form: str) -> str:
    """Say in CQL which changes are asked for; the ends are in it."""
    edges = ((">=", window.from_), ("<=", window.until))
    return " and ".join(f"{name} {sign} {quoted(moment.strftime(form))}" for sign, moment in edges if moment)


def part(query: str, name: str, piece: Part) -> str:
    """Give the query of a part of what a query finds."""
    if piece == WHOLE:
        return query
    low, high = f"{name} >= {quoted(piece.low)}", f"{name} < {quoted(piece.high)}"
    if piece.rest:
        return f"({query}) not ({low} or {name} < {quoted(piece.low)})"
    return narrowed(query, low if piece.low else "", high if piece.high else "")


def shown(piece: Part, name: str) -> str:
    """Name a part for people."""
    if piece == WHOLE:
        return "everything"
    if piece.rest:
        return f"what has no {name}"
    return f"{name} from {piece.low or 'the first'} to below {piece.high}" if piece.high else f"{name} from {piece.low}"
