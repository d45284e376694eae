"""Labelled pairs: two bibs, and what somebody says about them.

In: what a reader of a set found. Out: frozen values, and what each label demands of a verdict. A label is not the
truth: `doubts.py` names those that are wrong.
"""

from dataclasses import dataclass
from typing import Final

from schemas.bib import Bib
from schemas.crosswalks import bib_marc21
from schemas.marc.record import MarcRecord

#: one union record
SAME: Final = frozenset({"duplicate"})
#: never one union record; whether they may stand in one group is not said, or allowed
NOT_SAME: Final = frozenset({"other-edition", "other-year", "not-same"})
#: neither one union record nor one group
APART: Final = frozenset({"other-volume", "other-work", "distinct"})
UNCOUNTED: Final = frozenset({"unsure"})
LABELS: Final = SAME | NOT_SAME | APART | UNCOUNTED


@dataclass(frozen=True)
class Pair:
    """Two bibs with a label. `kind`: the class it is counted under, where the set has any; `records`: as received."""

    number: str
    label: str
    left: Bib
    right: Bib
    kind: str = ""
    why: str = ""
    records: tuple[MarcRecord, MarcRecord] | None = None

    def marc(self) -> tuple[MarcRecord, MarcRecord]:
        """Give both as MARC records; those that came as fields are written as such."""
        return self.records or (bib_marc21.marc21(self.left), bib_marc21.marc21(self.right))


@dataclass(frozen=True)
class LabelledSet:
    """Pairs of one origin. `held`: a fall on it fails; sets that do not describe books are for information only."""

    name: str
    pairs: tuple[Pair, ...]
    held: bool = True


@dataclass(frozen=True)
class Missing:
    """A set that cannot be read, and why."""

    name: str
    reason: str
