"""What is said to a harvester: the six verbs answered from the catalogue.

In: an `Asked` and the catalogue. Out: an `Answer` that `render` can write, or `Refused` (OAI-PMH 2.0, sections 3.5, 3.6
and 4). responseDate is always the horizon of what is said: a harvester that asks `from` its last responseDate misses
nothing and receives nothing twice. All pages of one list have the horizon of its first page.

A record that cannot be written in the format asked for stays in its place in the list as a deleted header (it is
deleted *in this format*, section 2.5.1), is logged for the operator, and is given whole in every other format.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from federation import clock
from federation.catalogue.catalogue import Catalogue
from federation.catalogue.formats import FORMATS, Format, Pieces, of_prefix
from federation.catalogue.records import Changes, ChangesWindow, Described, Origin, UnionRecord
from federation.catalogue.sets import SetLine
from federation.oaipmh import tokens
from federation.oaipmh.request import Asked, Fault, Refused, shown
from federation.oaipmh.tokens import Position, TokenError

log = logging.getLogger(__name__)

TOKEN_LIVES: Final = timedelta(days=7)
#: a page ends early when it has become this long: clients with a limit of 10 MB for one text node or page exist
PAGE_BYTES: Final = 4 * 1024 * 1024


#: what stands in <metadata>; None where the record is deleted, or cannot be written in the format asked for
Metadata: TypeAlias = Pieces | None


@dataclass(frozen=True, slots=True)
class Records:
    """The records of an answer, column by column: numbers, datestamps and sets for their headers, their metadata, and
    from where those that have an entry in `origins` were received. They end where the shortest column ends.
    """

    ids: Sequence[int]
    datestamps: Sequence[datetime]
    sets: Sequence[tuple[str, ...]]
    metadata: Sequence[Metadata]
    origins: Mapping[int, tuple[Origin, ...]]


@dataclass(frozen=True, slots=True)
class Resumption:
    """What a resumptionToken element says; `token` is empty on the last page."""

    token: str
    cursor: int
    size: int
    expires: datetime | None


@dataclass(frozen=True, slots=True)
class Identity:
    """What Identify says beyond the settings."""

    earliest: datetime


@dataclass(frozen=True, slots=True)
class Formats:
    """The metadata formats of the repository, or of one item."""

    formats: tuple[Format, ...]


@dataclass(frozen=True, slots=True)
class Sets:
    """The sets."""

    sets: tuple[SetLine, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A record, or a page of a list; `resumption` is None when the list is this one page."""

    records: Records
    resumption: Resumption | None = None


Said: TypeAlias = Identity | Formats | Sets | Listing


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and the responseDate it is true for."""

    horizon: datetime
    said: Said


class Room:
    """What answering needs: the catalogue, the name in our identifiers, the signing key, the size of a page."""

    def __init__(self, catalogue: Catalogue, repository_id: str, key: bytes, page_size: int) -> None:
        self.catalogue = catalogue
        self.key = key
        self.page_size = page_size
        self._identifier = re.compile(rf"oai:{re.escape(repository_id)}:[1-9][0-9]*", re.ASCII)

    def known(self, identifier: str) -> UnionRecord:
        """Give the record, or tombstone, of an identifier; raises `Refused` when there is none."""
        if self._identifier.fullmatch(identifier):
            number = self.catalogue.resolve(identifier)
            if number and (record := self.catalogue.fetch(number)):
                return record
        raise Refused([Fault("idDoesNotExist", f"there is no {shown(identifier)} in this repository")])


def give(room: Room, asked: Asked) -> Answer:
    """Answer a request; raises `Refused`."""
    if asked.verb in ("ListRecords", "ListIdentifiers"):
        return _list(room, asked)
    horizon = room.catalogue.horizon()
    try:
        return Answer(horizon, _said(room, asked, horizon))
    except Refused as refused:
        raise Refused(refused.faults, horizon) from None


def _said(room: Room, asked: Asked, horizon: datetime) -> Said:
    match asked.verb:
        case "Identify":
            return Identity(min(room.catalogue.earliest() or horizon, horizon))
        case "ListMetadataFormats":
            return Formats(_formats(room, asked.identifier))
        case "ListSets":
            return Sets(_sets(room, asked))
        case _:
            return Listing(_one(room, asked))


def _formats(room: Room, identifier: str) -> tuple[Format, ...]:
    spread = tuple(form for form in FORMATS if form.prefix)
    if not identifier:
        return spread
    record = room.known(identifier)
    able = tuple(form for form in spread if record.deleted or _metadata(form, record) is not None)
    if not able:
        raise Refused([Fault("noMetadataFormats", "this record cannot be written in any format")])
    return able


def _sets(room: Room, asked: Asked) -> tuple[SetLine, ...]:
    if asked.token is not None:
        raise Refused([Fault("badResumptionToken", "the list of sets is given whole, it has no resumption token")])
    sets = room.catalogue.sets()
    if not sets:
        raise Refused([Fault("noSetHierarchy", "there are no sets yet: no library has joined")])
    return sets


def _format(prefix: str) -> Format:
    form = of_prefix(prefix)
    if form is None:
        raise Refused([_no_format(prefix)])
    return form


def _no_format(prefix: str) -> Fault:
    known = ", ".join(form.prefix for form in FORMATS if form.prefix)
    return Fault("cannotDisseminateFormat", f"there is no format {shown(prefix)}; there are {known}")


def _one(room: Room, asked: Asked) -> Records:
    try:
        record = room.known(asked.identifier)
    except Refused as refused:
        unknown = [] if of_prefix(asked.prefix) else [_no_format(asked.prefix)]
        raise Refused([*refused.faults, *unknown]) from None
    form = _format(asked.prefix)
    metadata = None if record.deleted else _metadata(form, record)
    if metadata is None and not record.deleted:
        message = "this record cannot be written in this format; ListMetadataFormats tells in which it can"
        raise Refused([Fault("cannotDisseminateFormat", message)])
    return Records([record.id], [record.datestamp], [record.sets], [metadata], {record.id: record.origins})


def _metadata(form: Format, record: Described) -> Metadata:
    """Write a record, or tell the operator why it cannot be written: no record may cost a page."""
    try:
        return form.spread(record) if form.spread else None
    except Exception:
        log.exception("record %s cannot be written as %s", record.identifier, form.prefix)
        return None


# --- lists ------------------------------------------------------------------------------------------------------------


def _list(room: Room, asked: Asked) -> Answer:
    position = _begin(room, asked) if asked.token is None else _resumed(room, asked)
    form = _format(position.prefix)
    whole = position.verb == "ListRecords"
    window = ChangesWindow(
        set_spec=position.set_spec,
        from_=position.from_,
        until=position.until,
        after=position.last if position.cursor else None,
        limit=room.page_size,
        before=position.horizon,
        contents=form.contents if whole else "",
    )
    changes = _page(room, window, form if whole else None)
    rows, metadata = changes.rows, _written(form, changes) if whole else _named(changes)
    given = len(metadata)
    more = changes.more or given < len(changes)
    if more and not position.cursor:
        position = replace(position, size=max(room.catalogue.count(window), given + 1))
    records = Records(rows.ids, rows.datestamps, rows.sets, metadata, changes.origins)
    last = rows.datestamps[given - 1], rows.ids[given - 1]
    return Answer(position.horizon, Listing(records, _resumption(room, position, given, last if more else None)))


def _begin(room: Room, asked: Asked) -> Position:
    _format(asked.prefix)
    horizon = room.catalogue.horizon()
    expires = clock.now() + TOKEN_LIVES
    return Position(
        asked.verb, asked.prefix, asked.set_spec, asked.from_, asked.until, horizon, (horizon, 0), 0, 0, expires
    )


def _resumed(room: Room, asked: Asked) -> Position:
    try:
        position = tokens.unseal(asked.token or "", room.key, clock.now())
    except TokenError as error:
        raise Refused([Fault("badResumptionToken", str(error))]) from error
    if position.verb != asked.verb:
        raise Refused([Fault("badResumptionToken", f"this resumption token belongs to {position.verb}")])
    if not of_prefix(position.prefix):
        raise Refused([Fault("badResumptionToken", "the format of this list is no longer given")])
    return position


def _page(room: Room, window: ChangesWindow, form: Format | None) -> Changes:
    wanted = (form is not None, form is not None and form.holdings)
    changes = room.catalogue.changes(window, *wanted)
    if changes.rows.ids:
        return changes
    if window.after is None:
        fault = Fault("noRecordsMatch", "no record changed in this window of time and this set")
        raise Refused([fault], horizon=window.before)
    # Everything left changed since the page before and belongs to the next harvest now. An answer must hold a record,
    # and an error would make clients throw the list away: the record they had last is said again, as it stands.
    return room.catalogue.standing(window, *wanted)


def _named(changes: Changes) -> list[Metadata]:
    return [None if gone else (b"", b"") for gone in changes.rows.deleted]


def _written(form: Format, changes: Changes) -> list[Metadata]:
    """Write the records of a page, until it has become long."""
    if form.as_stored and changes.contents and sum(map(len, changes.contents)) <= PAGE_BYTES:
        lines = zip(changes.rows.deleted, changes.contents, strict=True)
        return [None if gone else form.as_stored(content) for gone, content in lines]
    written: list[Metadata] = []
    length = 0
    for change in changes:
        metadata = None if change.deleted else _metadata(form, change)
        written.append(metadata)
        length += len(metadata[1]) if metadata else 0
        if length > PAGE_BYTES:
            break
    return written


def _resumption(room: Room, position: Position, given: int, last: tuple[datetime, int] | None) -> Resumption | None:
    """Tell how the list goes on after its last record, or that it ends (`last` is None)."""
    cursor = position.cursor
    if last is None:
        return Resumption("", cursor, position.size, None) if cursor else None
    expires = clock.whole_second(clock.now() + TOKEN_LIVES)
    reached = replace(position, last=last, cursor=cursor + given, expires=expires)
    return Resumption(tokens.seal(reached, room.key), cursor, position.size, expires)
