"""One question put to a target that speaks SRU.

In: its address and options, a query tree, which records are wanted. Out: `Received`; raises `HarvestError`. Somebody
waits for the answer: no Explain record is asked for (a version or schema that is refused is followed by the next), a
request that failed is not repeated, and records that came are given even when the next page does not.
"""

from dataclasses import dataclass, field
from typing import Final

from federation.targets.profile import Habits
from federation.targets.received import Place, Received, hurried
from harvesters.base import Harvested, SourceSpec
from harvesters.errors import HarvestError
from harvesters.http import Http
from harvesters.options import whole
from harvesters.sru.asking import Asking, PassedOver
from harvesters.sru.client import BEYOND, Diagnosed, SruClient
from harvesters.sru.explain import Offered
from harvesters.sru.profile import PAGE, profile
from harvesters.sru.walk import taken
from schemas.issues import BROKEN
from schemas.query import cql_write
from schemas.query.foreign import adapted
from schemas.query.tree import Node

#: diagnostics that say the same can be asked in other words: relation, its combination with an index
_OF_RELATION: Final = (19, 22)


def ask(spec: SourceSpec, habits: Habits, node: Node, place: Place, contact: str = "") -> Received:
    """Put a question; raises `HarvestError`."""
    queries = [cql_write.write(adapted(node, manner), indexes=habits.indexes) for manner in habits.manners]
    page = min(place.most, whole(PAGE, spec.options))
    options = {**hurried(spec.options, place), PAGE.name: str(page)}
    with Http(options, contact) as connection:
        client = SruClient(spec.url, connection, profile(options))
        client.offered = Offered()
        client.agree()
        walk = _Walk(client, place)
        walk.asked(list(dict.fromkeys(queries)))
    return Received(walk.total, tuple(walk.found[: place.most]), walk.note)


@dataclass
class _Walk:
    client: SruClient
    place: Place
    total: int | None = None
    note: str = ""
    found: list[Harvested] = field(default_factory=list)

    def asked(self, queries: list[str]) -> None:
        """Ask the first of these queries that is understood."""
        asking = Asking(self.client)
        try:
            while len(self.found) < self.place.most and self._more(asking, queries[0]):
                pass
        except Diagnosed as error:
            if error.number not in _OF_RELATION or len(queries) == 1:
                raise
            self.asked(queries[1:])

    def _more(self, asking: Asking, query: str) -> bool:
        place = self.place.start + len(self.found)
        try:
            response = asking.asked(query, place)
        except PassedOver as error:
            self.found.append(Harvested("", b"", "unknown", error.message, findings=(BROKEN,)))
            return True
        except HarvestError as error:
            return self._ended(error)
        self.total = self.total if response.said.hits is None else response.said.hits
        records = taken(response, 1, self.client.profile.names).records
        self.found += records
        return bool(records) and (self.total is None or place + len(records) <= self.total)

    def _ended(self, error: HarvestError) -> bool:
        """Whatever ends a result, what came before it stays."""
        if isinstance(error, Diagnosed) and error.number == BEYOND:
            self.total = self.total or (0 if self.place.start == 1 else None)
        elif any(BROKEN not in record.findings for record in self.found):
            self.note = f"the records from place {self.place.start + len(self.found)} on did not come: {error.message}"
        else:
            raise error
        return False
