"""Does a list stay with what was asked? A token may lose the time or the set on its way (Koha bug 10974).

In: the records of each page and the root of the answer. Out: how many lie outside the window or the set that was asked
for, in words. They are kept all the same: they are the member's. But such a list proves nothing about what is gone.
Local time and whole days shift datestamps by less than a day, so a day is let pass.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lxml import etree

from harvesters.base import Harvested, Window
from harvesters.markup import child, texts

_LET_PASS: Final = timedelta(days=1)


@dataclass
class Drift:
    """What was asked, and what came outside it."""

    window: Window = field(default_factory=Window)
    set_spec: str = ""
    records: int = 0
    outside: int = 0
    strangers: int = 0
    _named: bool | None = None
    _example: str = ""
    _stranger: str = ""

    def look(self, root: Any, found: Sequence[Harvested]) -> None:
        """Take a page."""
        self.records += len(found)
        if self.window != Window():
            self._dates(found)
        if self.set_spec:
            self._sets(list(_sets(root)))

    def _dates(self, found: Iterable[Harvested]) -> None:
        low, high = _day(self.window.from_, -_LET_PASS), _day(self.window.until, _LET_PASS)
        for record in found:
            day = record.datestamp[:10]
            # What is no date of ISO 8601 cannot be compared.
            if day[4:5] == "-" and ((low and day < low) or (high and day > high)):
                self.outside += 1
                self._example = self._example or f"{record.local_id} of {record.datestamp}"

    def _sets(self, carried: list[tuple[str, ...]]) -> None:
        told = [specs for specs in carried if specs]
        if self._named is None and told:
            # Some servers give their sets other names in headers than in ListSets: then nothing can be told by them.
            self._named = any(self._belongs(specs) for specs in told)
        if self._named:
            strange = [specs for specs in told if not self._belongs(specs)]
            self.strangers += len(strange)
            self._stranger = self._stranger or (strange[0][0] if strange else "")

    def _belongs(self, specs: Iterable[str]) -> bool:
        return any(spec == self.set_spec or spec.startswith(f"{self.set_spec}:") for spec in specs)

    @property
    def drifted(self) -> bool:
        """Whether anything came that was not asked for."""
        return bool(self.outside or self.strangers)

    @property
    def minds_no_dates(self) -> bool:
        """Whether most of what came lies outside the window: the server does not mind the dates it is asked for."""
        return self.outside * 2 > self.records

    def notes(self) -> list[str]:
        """Say what an operator should know."""
        found = []
        if self.outside:
            asked = f"{_day(self.window.from_) or 'the beginning'} to {_day(self.window.until) or 'now'}"
            found.append(
                f"{self.outside} of {self.records} records lie outside the window asked for ({asked}; such as "
                f"{self._example}); they are kept, but nothing is concluded from what is missing"
            )
        if self.strangers:
            found.append(
                f"{self.strangers} of {self.records} records are of other sets than {self.set_spec!r} (such as "
                f"{self._stranger!r}): a token seems to lose the set; they are kept, but nothing is concluded from "
                "what is missing"
            )
        return found


def _day(moment: datetime | None, shift: timedelta = timedelta(0)) -> str:
    if moment is None or not 1 < moment.year < 9999:
        return ""
    return f"{(moment + shift).astimezone(UTC):%Y-%m-%d}"


def _sets(root: Any) -> Iterator[tuple[str, ...]]:
    """Give the setSpecs of each record of a ListRecords answer."""
    listed = child(root, "ListRecords")
    for record in () if listed is None else listed.iterchildren(etree.Element):
        header = child(record, "header")
        if header is not None:
            yield tuple(texts(header, "setSpec"))
