"""Labels that are wrong: a committed table says which, what is right, and why.

In: `wrong_labels.tsv`. Out: `Doubt`s. A doubted pair leaves the figures; the figures as given are shown beside them.
A row that names no pair, or another label than the set gives, is an error: such a table would hide what it should not.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.accuracy.pairs import LABELS, LabelledSet, Pair

TABLE: Final = Path(__file__).with_name("wrong_labels.tsv")


@dataclass(frozen=True)
class Doubt:
    """A label of a set that is wrong: what it says, what is right, and the reason."""

    set: str
    pair: str
    label: str
    right: str
    reason: str


def read(path: Path = TABLE) -> tuple[Doubt, ...]:
    """Read the table."""
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(Doubt(**row) for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def of(labelled: LabelledSet, doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Give the doubts about one set; raises `ValueError` where table and set do not fit."""
    mine = tuple(doubt for doubt in doubts if doubt.set == labelled.name)
    if faults := list(_faults({pair.number: pair for pair in labelled.pairs}, mine)):
        raise ValueError(f"{TABLE.name}: {labelled.name}: {'; '.join(faults)}")
    return mine


def _faults(pairs: dict[str, Pair], doubts: Iterable[Doubt]) -> Iterator[str]:
    for doubt in doubts:
        pair = pairs.get(doubt.pair)
        if pair is None:
            yield f"there is no pair {doubt.pair}"
        elif pair.label != doubt.label:
            yield f"pair {doubt.pair} is labelled {pair.label}, not {doubt.label}"
        if doubt.right not in LABELS:
            yield f"pair {doubt.pair}: no such label: {doubt.right}"
        if not doubt.reason:
            yield f"pair {doubt.pair}: a doubt needs a reason"
