"""One question put to a target that speaks SRU.

In: its address and options, a query tree, which records are wanted. Out: `Received`; raises `HarvestError`. Somebody
waits for the answer, so no Explain record is asked for: a version or schema that is refused is followed by the next.
"""

from dataclasses import dataclass
from typing import Final

from federation.targets.gathering import Place, Received, gathered, hurried, told_apart
from federation.targets.profile import Habits
from harvesters.asking import Asking
from harvesters.base import SourceSpec
from harvesters.http import Http
from harvesters.names import Names
from harvesters.result import Taken
from harvesters.sru.client import BEYOND, Response, SruClient
from harvesters.sru.explain import Offered
from harvesters.sru.profile import profile
from harvesters.sru.taking import taken
from schemas.query import cql_write
from schemas.query.foreign import adapted
from schemas.query.tree import Node

#: diagnostics that say the same can be asked in other words: relation, its combination with an index
_OF_MANNER: Final = (19, 22)


def ask(spec: SourceSpec, habits: Habits, node: Node, place: Place, contact: str = "") -> Received:
    """Put a question; raises `HarvestError`."""
    queries = [cql_write.write(adapted(node, manner), indexes=habits.indexes) for manner in habits.manners]
    options = hurried(spec.options, place)
    with Http(options, contact) as connection:
        client = SruClient(spec.url, connection, profile(options), offered=Offered())
        client.agree()
        return gathered(_Server(Asking(client), client.profile.names), list(dict.fromkeys(queries)), place)


@dataclass(frozen=True)
class _Server:
    asking: Asking[str, Response]
    names: Names

    def page(self, query: str, start: int) -> Taken:
        with told_apart(_OF_MANNER, BEYOND):
            return taken(self.asking.asked(query, start), 1, self.names)
