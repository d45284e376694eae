"""`lienthong search --target`: what other catalogues have, as a list.

In: a query, targets, time limits, the places of the records to take. Out: a list that grows as the answers come, or
JSON with what became of each target; `taking` writes records instead.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from federation.cli import context, ending
from federation.cli.context import say, say_json
from federation.cli.targets import taking
from federation.errors import UsageError
from federation.targets.asked import Asked
from federation.targets.asking import Answer, in_order, search
from federation.targets.hits import Hit
from schemas.query.tree import Node


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a cataloguer typed; `take` are places, of one target among several as `TARGET:PLACE`. `form`: the format of
    records, empty for a list.
    """

    query: str
    node: Node
    targets: tuple[str, ...]
    limit: int
    within: float
    timeout: float | None = None
    as_json: bool = False
    take: tuple[str, ...] = ()
    form: str = ""
    output: Path | None = None


def find(wanted: Wanted) -> None:
    """Ask the targets, and show or write what they have; ends the command with its exit code."""
    records = bool(wanted.take or wanted.form or wanted.output)
    if wanted.as_json and records:
        raise UsageError("json-or-records", "gives a list; --take, --format and -o give records", "--json")
    taken = taking.places(wanted.take, wanted.targets)
    start, most = taking.span(taken) if taken else (1, wanted.limit)
    asked = Asked(wanted.node, wanted.targets, start, most, wanted.timeout, wanted.within)
    with context.workplace() as place:
        answers = search(place.database, place.settings, asked)
        if not records:
            ending.leave(_listed(wanted, answers))
        came, form = in_order(list(answers), wanted.targets), wanted.form or taking.FORM
    if taken:
        taking.take(came, taken, form, wanted.output)
        ending.leave(ending.DONE)
    ending.leave(taking.write_all(came, form, wanted.output))


def _listed(wanted: Wanted, answers: Iterator[Answer]) -> int:
    kept = []
    for answer in answers:
        kept.append(answer)
        if not wanted.as_json:
            say("\n".join(_lines(answer)))
    if wanted.as_json:
        say_json(described(wanted.query, in_order(kept, wanted.targets)))
    elif len(kept) > 1:
        say(f"{sum(each.status == 'answered' for each in kept)} of {len(kept)} targets answered")
    return taking.code(kept)


def _lines(answer: Answer) -> Iterator[str]:
    if answer.status != "answered":
        yield f"{answer.target.code}: {answer.status}: {answer.message}"
        return
    total = "an untold number of" if answer.total is None else answer.total
    more = f", {len(answer.hits)} shown" if len(answer.hits) != answer.total else ""
    yield f"{answer.target.code}: {total} {'record' if total == 1 else 'records'}{more} ({answer.seconds:.1f} s)"
    yield from map(_line, answer.hits)
    if answer.message:
        yield f"        {answer.message}"


def _line(hit: Hit) -> str:
    if hit.bib is None:
        return f"{hit.position:>6}  (cannot be read: {hit.fault})"
    by = f" / {hit.bib.creator}" if hit.bib.creator else ""
    shown = f"{hit.position:>6}  {hit.bib.title or '(no title)'}{by} ({hit.bib.publication.year or '?'})"
    isbns = hit.bib.numbers("isbn")
    number = f"  ISBN {isbns[0]}" if isbns else ""
    held = f"  already in the union as {hit.held.id} [{', '.join(hit.held.members)}]" if hit.held else ""
    return f"{shown}{number}{held}"


def described(query: str, answers: Sequence[Answer]) -> dict[str, Any]:
    """Give answers as plain values: the shape of a search, with what became of each target."""
    return {
        "query": query,
        "total": sum(answer.total or 0 for answer in answers),
        "hits": [_hit(answer, hit) for answer in answers for hit in answer.hits],
        "facets": {},
        "targets": [_target(answer) for answer in answers],
    }


def _hit(answer: Answer, hit: Hit) -> dict[str, Any]:
    bib = hit.bib
    return {
        "id": hit.held.id if hit.held else None,
        "title": str(bib.title) if bib else "",
        "author": bib.creator if bib else "",
        "year": (bib.publication.year or None) if bib else None,
        "members": list(hit.held.members) if hit.held else [],
        "isbn": list(bib.numbers("isbn")) if bib else [],
        "target": answer.target.code,
        "position": hit.position,
        "fault": hit.fault,
    }


def _target(answer: Answer) -> dict[str, Any]:
    return {
        "target": answer.target.code,
        "name": answer.target.name,
        "status": answer.status,
        "total": answer.total,
        "shown": len(answer.hits),
        "seconds": round(answer.seconds, 3),
        "code": answer.code,
        "message": answer.message,
    }
