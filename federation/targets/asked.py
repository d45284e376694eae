"""What a cataloguer asks of other catalogues.

In: nothing. Out: the question as a value, its limits, and the formats in which records can be taken over. It loads
nothing that speaks with servers: who asks our own catalogue need not wait for that.
"""

from dataclasses import dataclass
from typing import Final

from schemas.query.tree import Node

#: targets of one question: each costs a thread and a connection
MOST_TARGETS: Final = 30
#: records of one target that are looked at together
MOST_RECORDS: Final = 200
#: seconds within which all must have answered
WITHIN: Final = 60.0
#: the formats in which records can be taken over
FORMS: Final = ("marcxml", "marc", "mods", "oai_dc")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: records from place `start` on (the first is 1), at most so many of each target.

    `seconds` is the time each target has; None: what its option `wait` says. `within` is the time of all together.
    """

    node: Node
    codes: tuple[str, ...]
    start: int = 1
    most: int = 10
    seconds: float | None = None
    within: float = WITHIN
