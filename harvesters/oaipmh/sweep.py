"""The list of identifiers of an OAI-PMH source (ListIdentifiers, 4.3), walked with the strictness of ListRecords.

In: a source. Out: `Page`s of headers: identifier, datestamp, deleted or not; no content. The last page says whether the
list was seen whole. An empty list is whole too, and it is for the caller to doubt it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from sickle import oaiexceptions

from harvesters.base import Ending, Harvested, Page, SourceSpec, Window
from harvesters.errors import HarvestError, SourceBroken
from harvesters.http import Http
from harvesters.markup import child, texts
from harvesters.oaipmh.client import PROTOCOL_ERRORS, OaiClient
from harvesters.oaipmh.listing import EMPTY_PAGES, PREFIX_WITH_TOKEN
from harvesters.oaipmh.progress import Progress
from harvesters.oaipmh.walk import Manner, Walk
from harvesters.options import flag, whole

_VERB: Final = "ListIdentifiers"


class OaiSweep:
    """Lists the identifiers of one OAI-PMH source."""

    def __init__(self, spec: SourceSpec, contact: str = "") -> None:
        self._spec = spec
        self._contact = contact
        self._manner = Manner(timedelta(0), whole(EMPTY_PAGES, spec.options))
        self._with_prefix = flag(PREFIX_WITH_TOKEN, spec.options)

    def pages(self, window: Window, resume: str = "") -> Iterator[Page]:  # noqa: ARG002
        """Yield the pages of the whole list from its beginning, whatever the window; raises `HarvestError`."""
        with Http(self._spec.options, self._contact, self._spec.shared) as connection:
            client = OaiClient(self._spec.url, connection)
            prefix = self._spec.prefix or client.best_prefix()
            client.prefix_with_token = prefix if self._with_prefix else ""
            chosen = {"set": self._spec.set_spec} if self._spec.set_spec else {}
            try:
                listing = client.ListIdentifiers(metadataPrefix=prefix, **chosen)
            except oaiexceptions.NoRecordsMatch:
                yield Page((), expected=0, ending=Ending("success", True, message="the source lists no record at all"))
                return
            except PROTOCOL_ERRORS as error:
                raise SourceBroken("oai-error", f"the server answers {error} to {_VERB}", client.where) from None
            yield from _followed(listing, Walk(self._manner, Window(), Progress("", prefix)), client.where)


def _followed(listing: Any, walk: Walk, where: str) -> Iterator[Page]:
    ended, nameless = False, 0
    while not ended:
        number = walk.progress.pages + 1
        try:
            response = listing.next()
        except (oaiexceptions.BadResumptionToken, oaiexceptions.NoRecordsMatch) as error:
            yield _judged(walk.ended_by(str(error)), nameless)
            return
        except PROTOCOL_ERRORS as error:
            message = f"the server answers {error} to the token of page {number - 1} of {_VERB}"
            raise SourceBroken("oai-error", message, where) from None
        except HarvestError as error:
            raise type(error)(error.code, f"page {number} of {_VERB}: {error.message}", error.where) from None
        headers = tuple(_headers(response.xml, number))
        nameless += sum(not header.local_id for header in headers)
        page = walk.take(headers, len(response.content), listing.resumption_token)
        ended = page.ending is not None
        yield _judged(page, nameless)


def _judged(page: Page, nameless: int) -> Page:
    """Leave out headers that name nothing; with one of them a list says nothing about what is missing."""
    page = replace(page, records=tuple(header for header in page.records if header.local_id), resume="")
    if page.ending is None or not nameless:
        return page
    message = f"{nameless} headers have no identifier"
    return replace(page, ending=replace(page.ending, status="partial", whole=False, message=message))


def _headers(root: Any, number: int) -> Iterator[Harvested]:
    part = child(root, _VERB)
    for count, header in enumerate([] if part is None else part, 1):
        if isinstance(header.tag, str) and header.tag.rpartition("}")[2] == "header":
            yield Harvested(
                local_id="".join(texts(header, "identifier")[:1]),
                content=b"",
                syntax="unknown",
                where=f"page {number} header {count} of {_VERB}",
                datestamp="".join(texts(header, "datestamp")[:1]),
                deleted=header.get("status") == "deleted",
            )
