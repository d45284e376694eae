"""Where each field of a union record comes from, and why its base is the base: for a cataloguer who asks.

In: a session and the id of a union record. Out: a `Provenance`. It merges the records of the cluster once more, with
the very function that made the union record, and writes nothing.
"""

from dataclasses import dataclass

from federation.matching.attribution import Line, attributed
from federation.matching.merge import Member, merge, ranked
from federation.matching.quality import Score
from federation.pipeline.stages.merge import member
from federation.store import Session, bibs
from federation.store.compress import expand
from schemas.bib import load
from schemas.marc.marcxml import decode_xml


@dataclass(frozen=True, slots=True)
class Contributor:
    """A record of a library and its score; the first of a list is the base."""

    member: str
    local_id: str
    score: Score


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
    return attributed(decode_xml(union.marcxml.encode()).record.fields, union.origins)
