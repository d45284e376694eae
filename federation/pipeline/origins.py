"""Where each field of a union record comes from, and why its base is the base: for a cataloguer who asks.

In: a session and the id of a union record. Out: a `Provenance`. It merges the records of the cluster once more, with
the very function that made the union record, and writes nothing.
"""

from dataclasses import dataclass

from federation.matching.merge import Member, merge, ranked
from federation.matching.quality import Score
from federation.pipeline.merge import member
from federation.store import Session, bibs
from federation.store.compress import expand
from schemas.bib import load
from schemas.marc.marcxml import decode_xml
from schemas.marc.record import Field


@dataclass(frozen=True, slots=True)
class Contributor:
    """A record of a library and its score; the first of a list is the base."""

    member: str
    local_id: str
    score: Score


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the union record, whose it is, and what in it came from others (positions of 008)."""

    field: Field
    member: str
    filled: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """The records of a cluster, the best first, and the fields of the union record with their origin."""

    contributors: tuple[Contributor, ...]
    lines: tuple[Line, ...]


def provenance(session: Session, union_id: int, repository: str) -> Provenance:
    """Tell where everything in a union record comes from; empty when no library has it."""
    parts = bibs.contributions(session, [union_id]).get(union_id, [])
    if not parts:
        return Provenance((), ())
    members = [member(part, load(expand(part.content))) for part in parts]
    contributors = tuple(Contributor(one.code, one.local_id, score) for one, _, score in ranked(members))
    return Provenance(contributors, _lines(union_id, repository, members))


def _lines(union_id: int, repository: str, members: list[Member]) -> tuple[Line, ...]:
    union = merge(union_id, repository, members)
    base = union.origins[0].code
    filled = [(each.field, each.code) for each in union.origins if each.field.startswith("008")]
    fields = decode_xml(union.marcxml.encode()).record.fields
    return tuple(_line(field, base, filled) for field in fields)


def _line(field: Field, base: str, filled: list[tuple[str, str]]) -> Line:
    match field.tag:
        case "001" | "003":
            return Line(field, "")
        case "008":
            return Line(field, base, tuple(filled))
        case "852":
            return Line(field, field.get("a"))
    return Line(field, field.get("9") or base)
