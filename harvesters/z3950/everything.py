"""The query that finds everything a target has: the operator's, or the first that the target takes.

In: a session and queries in PQF. Out: the one that is asked. Neither Z39.50 nor Bib-1 has one that every target knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from harvesters.errors import Diagnosed, SourceRefused
from harvesters.result import TooMany
from harvesters.z3950.session import Session
from schemas.z3950 import pqf
from schemas.z3950.rpn import Rpn, Term

#: what says that the target does not know such a query
_UNKNOWN: Final = frozenset({3, 4, 107, 108, *range(113, 128), 246, 1024, 1051, 1056, 1073, 1, 100})


@dataclass(frozen=True, slots=True)
class Everything:
    """A query in PQF."""

    text: str

    def rpn(self, terms: Callable[[str], Term]) -> Rpn:
        """Give it with its words in the charset of the target."""
        return pqf.read(self.text, terms)


def agreed(session: Session, queries: Sequence[str]) -> Everything:
    """Give the first query that finds something, else the first that is taken; raises `HarvestError`."""
    session.open()
    if len(queries) == 1:
        return Everything(queries[0])
    taken: list[Everything] = []
    for each in map(Everything, queries):
        try:
            if session.find(each.rpn(session.client.term)).hits:
                return each
            taken.append(each)
        except TooMany:
            return each
        except SourceRefused as error:
            if not isinstance(error, Diagnosed) or error.number not in _UNKNOWN:
                raise
            refused = error
    if taken:
        return taken[0]
    hint = "; the option query says in PQF what finds everything"
    raise SourceRefused(refused.code, f"{refused.message}{hint}", refused.where)
