"""A look at an OAI-PMH server before it is harvested: what it says of itself, and what it really does.

In: a source. Out: `Seen`, from at most a dozen requests; nothing is kept. A server that is not there, or is none of
OAI-PMH, raises `HarvestError`; whatever else goes wrong is part of what is seen (`notes`, and `fault` when no list
could be read).
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from sickle import oaiexceptions

from harvesters.base import Harvested, SourceSpec
from harvesters.errors import HarvestError, SourceRefused
from harvesters.markup import child, texts
from harvesters.oaipmh import page, progress
from harvesters.oaipmh.client import PROTOCOL_ERRORS, OaiClient, RescuedResponse, StrictResponse
from harvesters.oaipmh.formats import Offer, choose
from harvesters.oaipmh.skew import Clocks
from harvesters.timed import HASTE, TimedHttp

#: requests that one look may make
MOST: Final = 12
_TROUBLE: Final = (*PROTOCOL_ERRORS, HarvestError)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen; texts are empty and numbers None where the server did not say."""

    name: str = ""
    protocol: str = ""
    emails: tuple[str, ...] = ()
    earliest: str = ""
    deletions: str = ""
    granularity: str = ""
    formats: tuple[Offer, ...] = ()
    chosen: str = ""
    sets: tuple[tuple[str, str], ...] = ()
    more_sets: bool = False
    records: tuple[Harvested, ...] = ()
    deleted: int = 0
    looked_at: int = 0
    page_size: int = 0
    page_bytes: int = 0
    encoding: str = ""
    promised: int | None = None
    second_page: str = "none"
    taken: str = "untried"
    refused_seconds: bool = False
    minds_dates: bool | None = None
    skew: timedelta | None = None
    ahead: timedelta = timedelta(0)
    latency: float = 0.0
    requests: int = 0
    notes: tuple[str, ...] = ()
    fault: str = ""


def look(spec: SourceSpec, contact: str = "") -> Seen:
    """Look at the server of a source; raises `HarvestError` when there is none, or none of OAI-PMH."""
    with TimedHttp({**HASTE, **spec.options}, contact, spec.shared, MOST) as connection:
        looking = _Looking(spec, OaiClient(spec.url, connection))
        found = looking.all()
        return replace(
            found,
            latency=connection.latency,
            requests=len(connection.times),
            notes=tuple(looking.notes),
            skew=looking.clocks.skew,
            ahead=looking.clocks.ahead,
        )


@dataclass
class _Looking:
    spec: SourceSpec
    client: OaiClient
    notes: list[str] = field(default_factory=list)
    clocks: Clocks = field(default_factory=Clocks)

    def all(self) -> Seen:
        found = self._formats(self._identify())
        found = self._sets(found)
        try:
            response = self._page(metadataPrefix=found.chosen, **self._set())
        except _TROUBLE as error:
            return replace(found, fault=f"no record could be listed: {_text(error)}")
        found = self._first(found, response)
        found = self._token(found, response)
        return self._dates(found)

    def _set(self) -> dict[str, str]:
        return {"set": self.spec.set_spec} if self.spec.set_spec else {}

    def _page(self, **arguments: str) -> StrictResponse:
        return self.client.harvest(verb="ListRecords", **arguments)

    def _identify(self) -> Seen:
        try:
            root = self.client.harvest(verb="Identify").xml
        except PROTOCOL_ERRORS as error:
            self.notes.append(f"Identify: {error}")
            return Seen()
        self.clocks.look(self.client.answered, ())
        said = child(root, "Identify")
        if said is None:
            self.notes.append("Identify: the answer says nothing")
            return Seen()

        def one(name: str) -> str:
            return "".join(texts(said, name)[:1])

        if one("protocolVersion") != "2.0":
            self.notes.append(f"the protocol is {one('protocolVersion') or 'not named'}; only 2.0 is harvested")
        return Seen(
            name=one("repositoryName"),
            protocol=one("protocolVersion"),
            emails=tuple(texts(said, "adminEmail")),
            earliest=one("earliestDatestamp"),
            deletions=one("deletedRecord"),
            granularity=one("granularity"),
        )

    def _formats(self, found: Seen) -> Seen:
        offers: tuple[Offer, ...] = ()
        try:
            offers = tuple(self.client.offers())
        except _TROUBLE as error:
            self.notes.append(f"ListMetadataFormats: {_text(error)}")
        try:
            chosen = self.spec.prefix or (choose(offers, self.client.where) if offers else "oai_dc")
        except SourceRefused as error:
            self.notes.append(error.message)
            chosen = "oai_dc"
        if self.spec.prefix and offers and self.spec.prefix not in {offer.prefix for offer in offers}:
            self.notes.append(f"the prefix {self.spec.prefix!r} is not among the formats the server lists")
        return replace(found, formats=offers, chosen=chosen)

    def _sets(self, found: Seen) -> Seen:
        try:
            root = self.client.harvest(verb="ListSets").xml
        except oaiexceptions.NoSetHierarchy:
            return found
        except _TROUBLE as error:
            self.notes.append(f"ListSets: {_text(error)}")
            return found
        listed = child(root, "ListSets")
        rows = [] if listed is None else [entry for entry in listed if child(entry, "setSpec") is not None]
        pairs = tuple(("".join(texts(row, "setSpec")[:1]), "".join(texts(row, "setName")[:1])) for row in rows)
        return replace(found, sets=pairs, more_sets=bool(_token(root, "ListSets")[0]))

    def _first(self, found: Seen, response: StrictResponse) -> Seen:
        records = self._records(response, 1)
        token, size = _token(response.xml, "ListRecords")
        return replace(
            found,
            records=records,
            looked_at=len(records),
            deleted=sum(record.deleted for record in records),
            page_size=len(records),
            page_bytes=len(response.content),
            encoding=response.xml.getroottree().docinfo.encoding or "UTF-8",
            promised=int(size) if size.isdecimal() else None,
            second_page="untried" if token else "none",
        )

    def _records(self, response: StrictResponse, number: int) -> tuple[Harvested, ...]:
        found = tuple(page.records(response.xml, response.content, number))
        self.clocks.look(response.date, (record.datestamp for record in found))
        return found

    def _token(self, found: Seen, response: StrictResponse) -> Seen:
        token = _token(response.xml, "ListRecords")[0]
        if not token:
            return found
        try:
            return self._second(found, self._page(resumptionToken=token), "taken")
        except _TROUBLE as error:
            refused = _text(error)
        # The token may have been good only once: another one is asked for.
        self.client.prefix_with_token = found.chosen
        try:
            again = _token(self._page(metadataPrefix=found.chosen, **self._set()).xml, "ListRecords")[0]
            return self._second(found, self._page(resumptionToken=again or token), "taken only with metadataPrefix")
        except _TROUBLE:
            self.notes.append(f"the second page cannot be had: {refused}")
            return replace(found, second_page=f"refused ({refused})")

    def _second(self, found: Seen, response: StrictResponse, how: str) -> Seen:
        if isinstance(response, RescuedResponse):
            self.notes.append(f"the second page is broken: {response.broken.fault}")
            return replace(found, second_page=f"refused ({response.broken.fault})")
        records = self._records(response, 2)
        known = {record.local_id for record in found.records}
        if records and known.issuperset(record.local_id for record in records):
            self.notes.append("the second page brings the records of the first again: the token goes round")
        deleted = found.deleted + sum(record.deleted for record in records)
        return replace(found, second_page=how, deleted=deleted, looked_at=found.looked_at + len(records))

    def _dates(self, found: Seen) -> Seen:
        stamp = max((record.datestamp for record in found.records), default="")
        moment = progress.moment(stamp)
        if moment is None:
            if stamp:
                self.notes.append(f"datestamps are no dates of the protocol (such as {stamp!r})")
            return found
        for name, days in (("seconds", False), ("days", True)):
            edge = progress.written(moment, days)
            try:
                response = self._page(metadataPrefix=found.chosen, **self._set(), **{"from": edge, "until": edge})
            except oaiexceptions.NoRecordsMatch:
                if not days and len(stamp) > 10:
                    self.notes.append(f"asked for the very second of a record ({stamp}), the server finds none")
                continue
            except _TROUBLE as error:
                self.notes.append(f"a request with {name} is refused: {_text(error)}")
                found = replace(found, refused_seconds=True)
                continue
            minds = all(record.datestamp[:10] == edge[:10] for record in page.records(response.xml, b"", 1))
            if not minds:
                self.notes.append("records of other days came as well: the server does not mind the dates asked for")
            return replace(found, taken=name, minds_dates=minds)
        return replace(found, taken="neither seconds nor days")


def _token(root: Any, verb: str) -> tuple[str, str]:
    """Give the token of a list and the size the server promises."""
    listed = child(root, verb)
    element = None if listed is None else child(listed, "resumptionToken")
    if element is None:
        return "", ""
    return (element.text or "").strip(), (element.get("completeListSize") or "").strip()


def _text(error: BaseException) -> str:
    return error.message if isinstance(error, HarvestError) else str(error)
