"""One question put to a target that speaks Z39.50.

In: its address and options, a query tree, which records are wanted. Out: `Received`; raises `HarvestError`, and
`EncodeError` for what Bib-1 cannot say. A record syntax or element set that is refused is followed by the next.
"""

from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Final

from federation.targets.gathering import Place, Received, gathered, hurried, told_apart
from federation.targets.profile import Habits
from harvesters.asking import Asking
from harvesters.base import SourceSpec
from harvesters.names import Names
from harvesters.result import Taken
from harvesters.z3950 import address
from harvesters.z3950.client import Client, Presented
from harvesters.z3950.faults import BEYOND
from harvesters.z3950.profile import profile
from harvesters.z3950.session import Session
from harvesters.z3950.settings import settings
from harvesters.z3950.taking import taken
from schemas.query import rpn_write
from schemas.query.foreign import adapted, said
from schemas.query.tree import Node
from schemas.z3950.rpn import Operand, Operator, ResultSetOperand, Rpn

#: diagnostics that say the same can be asked in another way: type of an attribute, relation, structure, position,
#: completeness, combination of them
_OF_MANNER: Final = (113, 117, 118, 119, 122, 123)


def ask(spec: SourceSpec, habits: Habits, node: Node, place: Place) -> Received:
    """Put a question; raises `HarvestError` and `EncodeError`."""
    queries = [said(rpn_write.write(adapted(node, manner)), manner).root for manner in habits.manners]
    options = hurried(spec.options, place)
    chosen, limits = profile(options), settings(options).limits
    with closing(Client(address.read(spec.url), options)) as client:
        server = _Server(Session(client, limits, chosen.wanted, chosen.page_size), chosen.names)
        received = gathered(server, list(dict.fromkeys(queries)), place)
        doubt = server.session.found.doubt
    return replace(received, note="; ".join(filter(None, (doubt, received.note))))


@dataclass
class _Server:
    session: Session
    names: Names
    asking: Asking[Rpn, Presented] = field(init=False)

    def __post_init__(self) -> None:
        self.asking = Asking(self.session)

    def page(self, query: Rpn, start: int) -> Taken:
        self.session.open()
        client = self.session.client
        with told_apart(_OF_MANNER, BEYOND):
            asked = in_letters(query, client)
            hits = self.session.find(asked).hits
            records = self.asking.asked(asked, start).records if start <= hits else ()
        return replace(taken(records, 1, self.names, client.limits), hits=hits)


def in_letters(rpn: Rpn, client: Client) -> Rpn:
    """Give the query with its terms in the charset that the target reads."""
    match rpn:
        case Operand(_, str() as term):
            return replace(rpn, term=client.term(term))
        case Operator(_, left, right):
            return replace(rpn, left=in_letters(left, client), right=in_letters(right, client))
        case Operand() | ResultSetOperand():
            return rpn
