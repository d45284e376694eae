"""The SRU harvester: what `harvesters.divided` walks, asked for by SRU.

In: a source and a window. Out: `Page`s of its records. Queries are CQL, places are startRecord; parts are made by
comparing an index, whose terms a server may list (scan).
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from harvesters import divided
from harvesters.asking import Asking
from harvesters.base import Page, SourceSpec, Window, question
from harvesters.errors import Diagnosed, SourceRefused
from harvesters.http import Http, limits
from harvesters.parts import UNTOLD, Axis, Part
from harvesters.result import Beyond, Taken, TooMany
from harvesters.searching import terms
from harvesters.sru import query as cql
from harvesters.sru.client import BEYOND, TERMS_END, TOO_MANY, Response, SruClient
from harvesters.sru.profile import Profile, profile
from harvesters.sru.taking import taken


class SruHarvester:
    """Harvests one SRU source; checks its options when it is made."""

    def __init__(self, spec: SourceSpec, contact: str = "") -> None:
        self._spec = spec
        self._contact = contact
        self._profile = profile(spec.options)
        limits(spec.options)

    def pages(self, window: Window, resume: str = "") -> Iterator[Page]:
        """Yield the pages of the window, going on after `resume`; raises `HarvestError`."""
        chosen = self._profile
        with Http(self._spec.options, self._contact, self._spec.shared) as connection:
            client = SruClient(self._spec.url, connection, chosen)
            client.agree()
            asked = question(self._spec.url, chosen.query, chosen.sort, chosen.division, chosen.changed, window)
            plan = divided.Plan(
                window, bool(chosen.changed), chosen.overlap, chosen.most, chosen.cap, bool(chosen.division)
            )
            yield from divided.harvested(SruResults(client, chosen, window), plan, asked, resume)


class SruResults:
    """Asks an SRU server for the parts of what is to be harvested."""

    def __init__(self, client: SruClient, chosen: Profile, window: Window) -> None:
        self._client = client
        self._profile = chosen
        self._window = window
        self._asking: Asking[str, Response] = Asking(client)
        self._answered: datetime | None = None
        self.where = client.where

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
        """Nothing: what SRU tells is in its answers."""
        return []

    def page(self, part: Part, start: int, number: int) -> Taken:
        """Fetch a page."""
        try:
            response = self._asking.asked(self._query(part), start)
        except Diagnosed as error:
            raise self._refused(error) from None
        self._answered = _answered(response)
        return taken(response, number, self._profile.names)

    def is_alive(self, part: Part, start: int) -> bool:
        """Whether a record that came before can still be had."""
        return self._asking.is_alive(self._query(part), start)

    def count(self, part: Part) -> int:
        """Give the records of a part."""
        try:
            hits = self._client.search(self._query(part), 1, 1).said.hits
        except Diagnosed as error:
            if error.number not in (BEYOND, TOO_MANY):
                raise
            return 0 if error.number == BEYOND else UNTOLD
        return UNTOLD if hits is None else hits

    def shown(self, part: Part) -> str:
        """Name a part."""
        return cql.shown(part, self._profile.division.index if self._profile.division else "")

    def answered(self) -> datetime:
        """Give when the last answer was given."""
        return self._answered or datetime.now(UTC)

    def _refused(self, error: Diagnosed) -> SourceRefused:
        kind = {BEYOND: Beyond, TOO_MANY: TooMany}.get(error.number)
        return kind(error.code, error.message, error.where) if kind else error

    def _query(self, part: Part) -> str:
        changes = ""
        if self._profile.changed:
            changes = cql.changed(self._profile.changed, self._window, self._profile.changed_form)
        query = cql.narrowed(self._profile.query, changes)
        return cql.part(query, self._profile.division.index, part) if self._profile.division else query

    def _terms(self, start: str) -> list[tuple[str, int]]:
        try:
            return self._client.scan(self._profile.division.index if self._profile.division else "", start)
        except Diagnosed as error:
            if error.number == TERMS_END:
                return []
            raise


def _answered(response: Response) -> datetime:
    """Give when the answer was given, by the clock that is behind."""
    now = datetime.now(UTC)
    try:
        theirs = parsedate_to_datetime(response.headers.get("Date", ""))
    except (TypeError, ValueError):
        return now
    return min(now, theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC))
