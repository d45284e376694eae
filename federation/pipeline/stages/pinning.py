"""What a person says of records, kept as pins: the same publication, different ones, or taken back.

In: raw records, what is said and by whom. Out: pins that do not contradict each other, and their bibs marked, so that
the stages derive the clusters anew. A pin outlives new harvests and new rules.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final

from federation import clock
from federation.errors import UsageError
from federation.matching.pins import Pinned, Said, contradiction
from federation.pipeline.workplace import Workplace
from federation.store import Session, pins
from federation.store.pins import PinRow

#: pairs that one command may pin: more is a mistake, or work for new rules
MOST_PAIRS: Final = 500


def pin(place: Workplace, pairs: Sequence[tuple[int, int]], said: Said, by: str, occasion: str = "") -> None:
    """Keep what `by` says of all these pairs of raw records, or of none; raises `UsageError` for a contradiction."""
    if len(pairs) > MOST_PAIRS:
        message = f"{len(pairs)} pairs of records at once; at most {MOST_PAIRS} can be told apart by one command"
        raise UsageError("too-many-pins", message, "clusters")
    with place.database.write() as session:
        for left, right in pairs:
            _check(session, Pinned(left, right, said))
            low, high = sorted((left, right))
            pins.put(session, PinRow(low, high, said, by, clock.now(), occasion))


def unpin(place: Workplace, pairs: Iterable[tuple[int, int]]) -> int:
    """Take back what was said of these pairs; gives of how many something was."""
    with place.database.write() as session:
        return sum(pins.remove(session, left, right) for left, right in pairs)


def across(left: Iterable[int], right: Iterable[int]) -> list[tuple[int, int]]:
    """Give each pair of one record here and one there, once, without pairs of a record with itself."""
    found = ((min(pair), max(pair)) for pair in product(left, right) if pair[0] != pair[1])
    return list(dict.fromkeys(found))


def _check(session: Session, new: Pinned) -> None:
    known = [
        Pinned(row.raw_a, row.raw_b, "same" if row.decision == "same" else "different") for row in pins.every(session)
    ]
    if against := contradiction(known, new):
        names = pins.names(session, {raw for each in (new, *against) for raw in (each.left, each.right)})
        said = "; ".join(f"{names[each.left]} and {names[each.right]} are {each.said}" for each in against)
        message = (
            f"cannot be {new.said}, for it was said before: {said}. Take that back first: `lienthong clusters unpin`"
        )
        raise UsageError("pin-contradicts", message, f"{names[new.left]} and {names[new.right]}")
