"""The Z39.50 harvester: what `harvesters.divided` walks, asked for by Z39.50.

In: a source and a window. Out: `Page`s of its records. Queries are RPN, places are those of a result set that the
target may forget; parts are made by comparing an index, whose terms a target may list (scan).
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

from harvesters import divided
from harvesters.asking import Asking
from harvesters.base import Page, SourceSpec, Window, question
from harvesters.errors import Diagnosed
from harvesters.parts import UNTOLD, Axis, Part
from harvesters.result import Beyond, Taken, TooMany
from harvesters.searching import terms
from harvesters.z3950 import address, query
from harvesters.z3950.client import Client, Presented
from harvesters.z3950.everything import agreed
from harvesters.z3950.faults import BEYOND, NO_SCAN_MORE, TOO_MANY
from harvesters.z3950.profile import Profile, profile
from harvesters.z3950.session import Session
from harvesters.z3950.settings import settings
from harvesters.z3950.taking import taken
from schemas.z3950.rpn import Operand, Rpn

#: numbers at which targets stop counting
_ROUND: Final = frozenset(lead * 10**zeros for lead in (1, 2, 3, 5) for zeros in (3, 4, 5, 6)) | {2**15 - 1, 2**16 - 1}


class Z3950Harvester:
    """Harvests one target; checks its options when it is made."""

    def __init__(self, spec: SourceSpec, contact: str = "") -> None:  # noqa: ARG002  (the protocol has no place for it)
        self._spec = spec
        self._address = address.read(spec.url)
        self._profile = profile(spec.options)
        self._settings = settings(spec.options)

    def pages(self, window: Window, resume: str = "") -> Iterator[Page]:
        """Yield the pages of the window, going on after `resume`; raises `HarvestError`."""
        chosen = self._profile
        with closing(Client(self._address, self._spec.options, self._spec.shared)) as client:
            session = Session(client, self._settings.limits, chosen.wanted, chosen.page_size, chosen.sort)
            asked = question(self._spec.url, chosen.queries, chosen.sort, chosen.division, chosen.changed, window)
            plan = divided.Plan(
                window, bool(chosen.changed), chosen.overlap, chosen.most, chosen.cap, bool(chosen.division)
            )
            yield from divided.harvested(Z3950Results(session, chosen, window), plan, asked, resume)


class Z3950Results:
    """Asks a target for the parts of what is to be harvested."""

    def __init__(self, session: Session, chosen: Profile, window: Window) -> None:
        self._session = session
        self._profile = chosen
        self._window = window
        self._asking: Asking[Rpn, Presented] = Asking(session)
        self._doubts: dict[str, None] = {}
        self._everything = agreed(session, chosen.queries)
        self.where = session.client.where
        if len(chosen.queries) > 1:
            said = f"that the query {self._everything.text} finds everything is a guess; the option query says it"
            self._doubts[said] = None

    @property
    def size(self) -> int:
        """How many records are asked for at once."""
        return self._asking.size

    @property
    def axis(self) -> Axis | None:
        """Along what results are divided."""
        return self._profile.division.axis(lambda start: terms(self._terms, start)) if self._profile.division else None

    @property
    def doubts(self) -> list[str]:
        """Say what makes the target's numbers no proof."""
        return list(self._doubts)

    def page(self, part: Part, start: int, number: int) -> Taken:
        """Fetch a page."""
        asked = self._query(part)
        try:
            self._session.find(asked)
            given = self._asking.asked(asked, start)
        except Diagnosed as error:
            if error.number == BEYOND or (error.number in TOO_MANY and start > 1):
                raise Beyond(error.code, error.message, error.where) from None
            if error.number in TOO_MANY:
                raise TooMany(error.code, error.message, error.where) from None
            raise
        self._suspect()
        found = taken(given.records, number, self._profile.names, self._session.client.limits)
        return Taken(found.records, found.count, found.lost, "", self._session.found.hits, None, given.content)

    def is_alive(self, part: Part, start: int) -> bool:
        """Whether a record that came before can still be had."""
        return self._asking.is_alive(self._query(part), start)

    def count(self, part: Part) -> int:
        """Give the records of a part."""
        try:
            return self._session.find(self._query(part)).hits
        except TooMany:
            return UNTOLD

    def shown(self, part: Part) -> str:
        """Name a part."""
        return query.shown(part, self._profile.divided_by)

    def answered(self) -> datetime:
        """Give the present time: Z39.50 has no clock."""
        return datetime.now(UTC)

    def _suspect(self) -> None:
        found = self._session.found
        if found.doubt:
            self._doubts[f"of {found.hits} records {found.doubt}"] = None
        if found.hits in _ROUND and not self._profile.cap:
            self._doubts[f"the target tells {found.hits} records, which may be where it stops counting"] = None

    def _query(self, part: Part) -> Rpn:
        chosen, term = self._profile, self._session.client.term
        asked = self._everything.rpn(term)
        if chosen.changed:
            asked = query.changed(asked, chosen.changed, self._window, chosen.changed_form, term)
        return query.part(asked, chosen.divided_by, part, term)

    def _terms(self, start: str) -> list[tuple[str, int]]:
        at = Operand(self._profile.divided_by, self._session.client.term(start))
        try:
            return [(each.term, 1 if each.records is None else each.records) for each in self._session.terms(at)]
        except Diagnosed as error:
            if error.number == NO_SCAN_MORE:
                return []
            raise
