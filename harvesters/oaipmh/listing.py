"""The OAI-PMH harvester: ListRecords from the first page to the last, each page a point from which to go on.

In: a source and a window. Out: `Page`s; the last one says how it ended and where the next harvest starts. Dates are
asked in the granularity of the server, days when it refuses seconds; a first harvest has no `from`, whatever
earliestDatestamp says.
"""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sickle import oaiexceptions

from harvesters import http, quirks, windows
from harvesters.base import Page, SourceSpec, Window
from harvesters.errors import HarvestError, SourceBroken, SourceRefused
from harvesters.http import Http
from harvesters.oaipmh import progress, skew
from harvesters.oaipmh.client import PROTOCOL_ERRORS, OaiClient
from harvesters.oaipmh.cutting import Cutting
from harvesters.oaipmh.drift import Drift
from harvesters.oaipmh.progress import Mark, Progress
from harvesters.oaipmh.skew import Clocks
from harvesters.oaipmh.taking import named, taken
from harvesters.oaipmh.walk import Manner, Walk
from harvesters.options import Option, flag, number, text, whole

log = logging.getLogger(__name__)

OVERLAP: Final = Option(
    "overlap", "86400", "seconds by which a harvest reaches back before the last one", 0, 31_536_000
)
EMPTY_PAGES: Final = Option("empty_pages", "5", "pages in a row that may have a token and no records", 0, 1000)
PREFIX_WITH_TOKEN: Final = Option("prefix_with_token", "false", quirks.PREFIX_WITH_TOKEN.answer)
DAYS: Final = Option("days", "false", "ask with days even where the server declares seconds")
OPTIONS: Final = (OVERLAP, windows.SIZE, DAYS, EMPTY_PAGES, PREFIX_WITH_TOKEN, *http.OPTIONS)

_TOKEN_ENDED: Final = (oaiexceptions.BadResumptionToken, oaiexceptions.NoRecordsMatch)
#: what some servers answer when nothing has changed, and others when they do not understand the question
_UNSAID: Final = ("http-400", "http-404", "http-422")
_SKEW: Final = timedelta(minutes=5)


class OaiHarvester:
    """Harvests one OAI-PMH source; checks its options when it is made."""

    def __init__(self, spec: SourceSpec, contact: str = "") -> None:
        self._spec = spec
        self._contact = contact
        self._manner = Manner(timedelta(seconds=number(OVERLAP, spec.options)), whole(EMPTY_PAGES, spec.options))
        self._with_prefix = flag(PREFIX_WITH_TOKEN, spec.options)
        self._days = flag(DAYS, spec.options)
        self._size = windows.size(text(windows.SIZE, spec.options))
        http.limits(spec.options)

    def pages(self, window: Window, resume: str = "") -> Iterator[Page]:
        """Yield the pages of the window, from `resume` on when a token of it is still good; raises `HarvestError`."""
        with Http(self._spec.options, self._contact, self._spec.shared) as connection:
            client = OaiClient(self._spec.url, connection)
            asked = progress.question(self._spec, window)
            fresh = Progress(asked, self._spec.prefix)
            if self._size == "none":
                yield from self._list(client, replace(self._walk(window, fresh), mark=progress.read(resume, asked)))
                return
            cutting = self._cutting(client, fresh)
            course = windows.read(resume, asked) or cutting.planned(window, asked)
            yield from cutting.pages(window, course)

    def _walk(self, window: Window, known: Progress) -> Walk:
        return Walk(self._manner, window, known, drift=Drift(window, self._spec.set_spec))

    def _cutting(self, client: OaiClient, fresh: Progress) -> Cutting:
        clocks = Clocks()
        return Cutting(
            client,
            self._size,
            walk=lambda part: replace(self._walk(part, fresh), clocks=clocks, part=True),
            listed=lambda walk: self._list(client, walk),
            any_until=lambda moment: self._any_until(client, moment),
        )

    def _any_until(self, client: OaiClient, moment: datetime) -> bool:
        """Ask whether there are records with a datestamp that old."""
        prefix, days = client.terms = client.terms or self._terms(client)
        try:
            client.ListIdentifiers(**self._arguments(Window(until=moment), prefix, days))
        except oaiexceptions.NoRecordsMatch:
            return False
        return True

    def _list(self, client: OaiClient, walk: Walk) -> Iterator[Page]:
        listing = None
        if walk.mark and walk.mark.before.token:  # behind its first page alone, a list is as soon begun again
            try:
                listing = self._going_on(client, walk, walk.mark)
            except PROTOCOL_ERRORS as error:
                if walk.has_all_promised:
                    yield walk.ended_by(_text(error))
                    return
                log.info("%s: the token of the last run has expired; reading the window again", client.where)
                walk.begin_again("the resumption token had expired, so the window was read from its beginning")
            except HarvestError as error:
                # A server that is down says so once more; a token that it stumbles over must not hold us up for ever.
                log.info("%s: %s; reading the window again", client.where, error)
                walk.begin_again(f"going on failed ({error.message}), so the window was read from its beginning")
        if listing is None:
            listing = self._first(client, walk)
        yield from _followed(listing, walk, client.where) if listing is not None else [walk.nothing()]

    def _going_on(self, client: OaiClient, walk: Walk, mark: Mark) -> Any:
        """Ask again for the page that was kept last, to go on behind it; None when the list has to be begun again."""
        client.prefix_with_token = mark.behind.prefix if self._with_prefix else ""
        walk.progress = mark.before
        try:
            listing = client.ListRecords(resumptionToken=mark.before.token)
        except (*PROTOCOL_ERRORS, HarvestError) as error:
            log.info("%s: %s; the token before may have been good only once", client.where, _text(error))
            walk.progress = mark.behind
            return client.ListRecords(resumptionToken=mark.behind.token)
        if mark.has_moved(named(listing.oai_response)):
            walk.begin_again("the list had moved since the last run, so the window was read from its beginning")
            return None
        return listing

    def _first(self, client: OaiClient, walk: Walk) -> Any:
        """Ask for the first page; None when no records match."""
        prefix, days = client.terms = client.terms or self._terms(client)
        client.prefix_with_token = prefix if self._with_prefix else ""
        walk.progress = replace(walk.progress, prefix=prefix, days=days)
        try:
            listing = self._asked(client, walk)
        except oaiexceptions.NoRecordsMatch:
            listing = None
        except (
            oaiexceptions.CannotDisseminateFormat,
            oaiexceptions.NoSetHierarchy,
            oaiexceptions.BadArgument,
        ) as error:
            asked = f"prefix {prefix!r}, set {self._spec.set_spec!r}, {walk.window}"
            raise SourceRefused("oai-refused", f"the server answers {_text(error)} to {asked}", client.where) from None
        except PROTOCOL_ERRORS as error:
            raise SourceBroken("oai-error", f"the server answers {_text(error)} to ListRecords", client.where) from None
        except SourceRefused as error:
            raise _unsaid(error, walk.window) from None
        walk.progress = replace(walk.progress, began=client.answered)
        client.terms = (prefix, walk.progress.days)
        if walk.clocks.skew is None:  # once, not for every window
            _warn_of_skew(client)
        walk.clocks.look(client.answered, ())
        return listing

    def _terms(self, client: OaiClient) -> tuple[str, bool]:
        days = self._days or _takes_days(client)
        return self._spec.prefix or client.best_prefix(), days

    def _asked(self, client: OaiClient, walk: Walk) -> Any:
        """Ask with the granularity declared; with days when the server refuses its own seconds, and remember that."""
        found = walk.progress
        try:
            return client.ListRecords(**self._arguments(walk.window, found.prefix, found.days))
        except (oaiexceptions.BadArgument, SourceRefused) as error:
            rejected = isinstance(error, oaiexceptions.BadArgument) or error.code.startswith("http-4")
            if not rejected or found.days or walk.window == Window():
                raise
            log.info("%s: %s (quirk %s)", client.where, _text(error), quirks.SECONDS_REFUSED.name)
            walk.progress = replace(found, days=True)
            return client.ListRecords(**self._arguments(walk.window, found.prefix, days=True))

    def _arguments(self, window: Window, prefix: str, days: bool) -> dict[str, str]:
        dates = (("from", window.from_), ("until", window.until))
        asked = {name: progress.written(moment, days) for name, moment in dates if moment is not None}
        return {"metadataPrefix": prefix} | ({"set": self._spec.set_spec} if self._spec.set_spec else {}) | asked


def _followed(listing: Any, walk: Walk, where: str) -> Iterator[Page]:
    ended = False
    while not ended:
        try:
            response = listing.next()
        except _TOKEN_ENDED as error:
            yield walk.ended_by(_text(error))
            return
        except PROTOCOL_ERRORS as error:
            message = f"the server answers {_text(error)} to the token of page {walk.progress.pages}"
            raise SourceBroken("oai-error", message, where) from None
        except HarvestError as error:
            raise type(error)(error.code, f"page {walk.progress.pages + 1}: {error.message}", error.where) from None
        kept = taken(response, walk, listing.resumption_token)
        ended = kept.ending is not None
        yield kept


def _unsaid(error: SourceRefused, window: Window) -> SourceRefused:
    """Say of what was asked for with dates and refused without a word of OAI-PMH that it proves nothing."""
    if window == Window() or error.code not in _UNSAID:
        return error
    asked = f"it was asked for records {windows.shown(window)}, and no OAI-PMH error says whether there are none"
    return SourceRefused(error.code, f"{error.message}; {asked}", error.where)


def _takes_days(client: OaiClient) -> bool:
    """Say whether only days may be asked; every server must take days (3.3.1), so they serve in doubt."""
    try:
        return client.granularity() != "YYYY-MM-DDThh:mm:ssZ"
    except PROTOCOL_ERRORS:
        return True


def _warn_of_skew(client: OaiClient) -> None:
    theirs, ours = progress.moment(client.answered), skew.now()
    if theirs is None:
        log.warning("%s: no readable responseDate (%r); our own clock is used", client.where, client.answered)
    elif abs(theirs - ours) > _SKEW:
        log.warning("%s: the server's clock says %s, ours %s", client.where, theirs, ours)


def _text(error: Exception) -> str:
    """Name an error of the protocol as the protocol does: `badResumptionToken: message`."""
    return error.message if isinstance(error, HarvestError) else str(error)
