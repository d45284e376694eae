"""What people said of pairs of records, and whether it can all be true at once.

In: pins as (record, record, said). Out: the chain of pins that contradicts a new one, or nothing. Pins know raw
records, which are never removed; so they sleep while a record is away.
"""

from collections import deque
from collections.abc import Iterable
from typing import Literal, NamedTuple

Said = Literal["same", "different"]


class Pinned(NamedTuple):
    """What a person said of two records."""

    left: int
    right: int
    said: Said


def contradiction(pins: Iterable[Pinned], new: Pinned) -> tuple[Pinned, ...]:
    """Give the pins that cannot be true together with the `new` one; empty when it may be set.

    A pin of the same two records does not count: the new one takes its place.
    """
    ends = {new.left, new.right}
    others = [pin for pin in pins if {pin.left, pin.right} != ends]
    beside: dict[int, list[Pinned]] = {}
    for pin in sorted(pin for pin in others if pin.said == "same"):
        beside.setdefault(pin.left, []).append(pin)
        beside.setdefault(pin.right, []).append(pin)
    if new.left == new.right:
        return (new,) if new.said == "different" else ()
    if new.said == "different":
        return _chain(beside, new.left).get(new.right, ())
    near, far = _chain(beside, new.left), _chain(beside, new.right)
    for pin in sorted(pin for pin in others if pin.said == "different"):
        for left, right in ((pin.left, pin.right), (pin.right, pin.left)):
            if left in near and right in far:
                return (*near[left], pin, *far[right])
    return ()


def _chain(beside: dict[int, list[Pinned]], start: int) -> dict[int, tuple[Pinned, ...]]:
    """Give each record that pins `same` tie to this one, with the shortest chain of them."""
    found: dict[int, tuple[Pinned, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for pin in beside.get(here, ()):
            there = pin.right if pin.left == here else pin.left
            if there not in found:
                found[there] = (*found[here], pin)
                waiting.append(there)
    return found
