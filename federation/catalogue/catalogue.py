"""The catalogue as its doors see it: search, fetch, and what changed when.

In: questions, numbers, windows. Out: values of `records`. It reads the store and the index and writes neither; every
answer comes from one snapshot of the store. A record the index still names but the store has not is left out of hits.
"""

import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from federation import clock
from federation.catalogue import advice, similar, values
from federation.catalogue.advice import Correction, Dropped, Suggestion
from federation.catalogue.headings import heading, needs_record
from federation.catalogue.ordering import ordered
from federation.catalogue.records import (
    Answer,
    Changes,
    ChangesWindow,
    Heading,
    Hit,
    Names,
    Retrieved,
    Scan,
    UnionRecord,
    unfolded,
    whole,
)
from federation.catalogue.sets import SetLine, lines
from federation.catalogue.values import Called, Where
from federation.config import Settings
from federation.errors import Inconsistent
from federation.index.document import listed
from federation.index.engine import Engine, Entry, Found, Question, Scanned
from federation.matching.attribution import Line, attributed
from federation.matching.merge import Origin
from federation.store import Database, Session, correspondence, query_sets, spans
from federation.store import changes as change_list
from federation.store import members as member_rows
from federation.store import unions as union_rows
from federation.store.changes import ChangeRows
from federation.store.compress import expand_all
from federation.store.members import MemberRow
from federation.store.spans import Span
from federation.store.stamps import horizon
from federation.store.unions import Stock
from schemas.bib import load
from schemas.errors import QuerySyntaxError
from schemas.marc.marcxml import decode_xml
from schemas.query.cql import Sorted
from schemas.query.tree import Node, Term

log = logging.getLogger(__name__)

#: a union id has at most this many digits; more is no number of ours and would not fit the database's
MOST_DIGITS: Final = 18
#: records whose tone marks a correction may get
_DRESSED_BY: Final = 3
#: numbers in one span: a sitemap may have 50,000 addresses (sitemaps.org)
SPAN: Final = 50_000
#: records read at once for an export
EXPORT_PAGE: Final = 200
#: headings looked at beyond those asked for when the index knows some that the store has no more
SPARE: Final = 100
#: other editions that a record is shown with; a school book of forty years has fewer
MOST_EDITIONS: Final = 100
#: where a record without a year stands among dated ones
LAST_YEAR: Final = 9999


class Catalogue:
    """The read side of the federation, one per process, used by all doors and from any thread."""

    def __init__(self, database: Database, engine: Engine, settings: Settings) -> None:
        self._database = database
        self._engine = engine
        self._names = Names(settings.repository_id, settings.public_url)
        oai = re.escape(settings.repository_id)
        self._number = re.compile(rf"(?:oai:{oai}:)?([1-9][0-9]{{0,{MOST_DIGITS - 1}}})", re.ASCII)

    def search(self, question: Question) -> Answer:
        """Answer a question with hits in the order of the index."""
        found = self._engine.search(question)
        with self._database.read() as session:
            hits = self._hits(session, found.ids)
        return Answer(found.total, hits, found.facets)

    def retrieve(self, question: Question) -> Retrieved:
        """Answer a question with whole records; a place whose record is gone or damaged is None."""
        found = self._engine.search(question)
        records = {record.id: record for record in self.readable(found.ids) if not record.deleted}
        return Retrieved(found.total, tuple(map(records.get, found.ids)), found.facets)

    def matching(self, node: Node) -> Iterator[UnionRecord]:
        """Yield every record that a query finds, in order of id, a page in memory at a time."""
        ids = sorted(self._engine.search(Question(node, limit=self._engine.count())).ids)
        for start in range(0, len(ids), EXPORT_PAGE):
            yield from (record for record in self.fetch_all(ids[start : start + EXPORT_PAGE]) if not record.deleted)

    def scan(self, access_point: str, text: str, before: int, after: int) -> Scan:
        """Give so many headings of an access point before a text and from it on; the text need not be one of them.

        Words are in Vietnamese dictionary order, codes in that of their letters, years in that of numbers. Raises
        `QuerySyntaxError` for an access point without headings.
        """
        scanned = self._engine.scan(access_point, text, before, after)
        found = self._written(access_point, scanned)
        if len(found.before) + len(found.after) == len(scanned.before) + len(scanned.after):
            return found
        # Who gets less than was asked for takes it for the end of the list, and it is but records that have changed.
        wider = self._written(access_point, self._engine.scan(access_point, text, before + SPARE, after + SPARE))
        return replace(wider, before=wider.before[-before:] if before else (), after=wider.after[:after])

    def _written(self, access_point: str, scanned: Scanned) -> Scan:
        """Write headings as the records write them, without those whose record is gone."""
        point = listed(access_point)
        ids = {entry.record for entry in (*scanned.before, *scanned.after)} if needs_record(point) else set()
        with self._database.read() as session:
            stored = union_rows.stored(session, ids, "content")
            names = {member.code: member.name for member in member_rows.every(session)}
        bibs = {number: load(content) for number, content in _unfolded_all(stored).items()}

        def told(entries: Iterable[Entry]) -> tuple[Heading, ...]:
            found = (heading(point, entry, bibs.get(entry.record), names) for entry in entries)
            return tuple(each for each in found if each)

        return Scan(told(scanned.before), told(scanned.after), scanned.exact)

    def corrected(self, text: str, answer: Answer) -> Correction | None:
        """Give what may have been meant by a query, by what it found: nothing, or nothing with these tone marks."""
        if answer.total:
            return advice.retoned(self._engine, text, (hit.bib for hit in answer.hits))
        found = advice.fielded(self._engine, text)
        return found or next(map(self._dressed, advice.corrections(self._engine, text)), None)

    def _dressed(self, correction: Correction) -> Correction:
        records = self.search(Question(Term("any", correction.text), limit=_DRESSED_BY)).hits
        return replace(correction, text=advice.dressed(correction.text, (hit.bib for hit in records)))

    def dropped(self, text: str) -> tuple[Dropped, ...]:
        """Tell of each word of a query that found nothing what leaving it out would find."""
        return advice.dropped(self._engine, text)

    def suggested(self, text: str, most: int) -> tuple[Suggestion, ...]:
        """Give what a beginning may become: up to so many titles, creators and subjects each."""
        asked = advice.beginning(text)
        found: list[Suggestion] = []
        with suppress(QuerySyntaxError):  # too many words begin so
            found = [Suggestion("title", title) for title in self._titles(asked, most)] if asked else []
        for where in values.WHERE:
            found += advice.headings(self._engine, text, where, most)
        return tuple(found)

    def values(self, question: Question, where: Where, start: int = 0) -> Iterator[tuple[str, int]]:
        """Yield `facet_size` creators or subjects of what a question finds, from a place on, the commonest first."""
        return self._engine.values(question, where, start)

    def called(self, question: Question, where: Where, text: str) -> Called:
        """Give the creators or subjects of what a question finds that are called so, the last word begun."""
        return values.called(self._engine, question, where, text)

    def find(self, question: Question) -> Found:
        """Answer a question with the numbers of records only, for those who show them later or never."""
        return self._engine.search(question)

    def hits(self, ids: Collection[int]) -> tuple[Hit, ...]:
        """Give the lines of those of the records that are live, in the order asked."""
        with self._database.read() as session:
            return self._hits(session, ids)

    def stored(self, ids: Collection[int]) -> dict[int, bytes]:
        """Give the exported MARCXML of those of the records that are live, still folded, and nothing else."""
        return union_rows.glanced(self._database, ids, "marcxml")

    def ordered(self, ids: Collection[int], keys: Sequence[Sorted]) -> tuple[int, ...]:
        """Put those of some records that are live in order by several keys; raises `QuerySyntaxError` for a key that
        nothing is in the order of.
        """
        with self._database.read() as session:
            stored = union_rows.stored(session, ids, "content")
        return ordered({number: load(content) for number, content in _unfolded_all(stored).items()}, keys)

    def fetch(self, union_id: int) -> UnionRecord | None:
        """Give the record with this number, a tombstone too; None when the number was never given out."""
        return next(iter(self.fetch_all((union_id,))), None)

    def fetch_all(self, ids: Collection[int]) -> tuple[UnionRecord, ...]:
        """Give the records with these numbers, tombstones too, in the order asked; unknown numbers are left out."""
        with self._database.read() as session:
            return self._records(session, ids)

    def editions(self, record: UnionRecord) -> tuple[Hit, ...]:
        """Give the other printings and editions of a record's work, by year (without one last) and number."""
        with self._database.read() as session:
            ids = correspondence.of_group(session, record.group_id, record.id, MOST_EDITIONS)
            hits = self._hits(session, ids)
        return tuple(sorted(hits, key=lambda hit: (hit.bib.publication.year or LAST_YEAR, hit.id)))

    def similar(self, record: UnionRecord, but: Collection[int] = (), limit: int = 6) -> tuple[Hit, ...]:
        """Give records that share subjects, makers or series with one, the likest first, without it and those named."""
        left_out = {record.id, *but}
        question = similar.question(record.bib, limit + len(left_out))
        if question is None:
            return ()
        ids = [number for number in self._engine.search(question).ids if number not in left_out]
        with self._database.read() as session:
            return self._hits(session, ids[:limit])

    def attributed(self, record: UnionRecord) -> tuple[str, tuple[Line, ...]]:
        """Give a record's MARC: its leader, and its fields with the member that each is from."""
        with self._database.read() as session:
            noted = union_rows.provenance(session, record.id)
        marc = decode_xml(record.exported).record
        return marc.leader, attributed(marc.fields, [Origin(*each) for each in noted])

    def every(self, set_spec: str = "") -> Iterator[UnionRecord]:
        """Yield every live record in order of id, of one set when it is named, a page in memory at a time."""
        last = 0
        while True:
            with self._database.read() as session:
                ids = union_rows.live_ids(session, last, EXPORT_PAGE, set_spec)
                records = self._records(session, ids)
            if not ids:
                return
            yield from records
            last = ids[-1]

    def newest(self, limit: int) -> tuple[UnionRecord, ...]:
        """Give the live records that came last, the last one first."""
        with self._database.read() as session:
            return self._records(session, spans.newest(session, limit))

    def spans(self) -> list[Span]:
        """List the spans of `SPAN` numbers that have or had records, with the time of their last change."""
        with self._database.read() as session:
            return spans.spans(session, SPAN)

    def span(self, number: int) -> Iterator[tuple[int, datetime]] | None:
        """Give number and datestamp of every live record of a span, one by one; None for a span behind the last."""
        with self._database.read() as session:
            behind = number * SPAN >= spans.highest(session)
        return None if behind else self._span(number)

    def _span(self, number: int) -> Iterator[tuple[int, datetime]]:
        with self._database.read() as session:
            yield from spans.live(session, number * SPAN + 1, (number + 1) * SPAN)

    def live(self, union_id: int) -> UnionRecord | None:
        """Give the record that stands under this number today, following merges; None when it was deleted for good."""
        with self._database.read() as session:
            seen: set[int] = set()
            following: int | None = union_id
            while following and following not in seen:
                seen.add(following)
                row = union_rows.by_ids(session, (following,)).get(following)
                if row and not row.deleted:
                    return self._records(session, (following,))[0]
                following = row.successor_id if row else None
        return None

    def members(self) -> tuple[MemberRow, ...]:
        """List the members as they stand today, by code."""
        with self._database.read() as session:
            return tuple(member_rows.every(session))

    def latest(self, member: MemberRow, limit: int) -> tuple[Hit, ...]:
        """Give the titles a member got last, the newest first."""
        with self._database.read() as session:
            return self._hits(session, union_rows.latest(session, member.id, limit))

    def stock(self, member: MemberRow) -> Stock:
        """Count what a member has."""
        with self._database.read() as session:
            return union_rows.stock(session, member.id)

    def kinds(self) -> dict[str, tuple[str, str]]:
        """Give the kinds of library: code -> names in Vietnamese and English."""
        with self._database.read() as session:
            return change_list.kinds(session)

    def resolve(self, text: str) -> int | None:
        """Give the union id meant by a number, an OAI identifier of ours, or `MEMBER:local-id`; None if nothing is."""
        if number := self._number.fullmatch(text.strip()):
            return int(number[1])
        code, colon, local_id = text.partition(":")
        if not colon or not local_id or "\0" in text:  # PostgreSQL has no NUL, so no record has that name
            return None
        with self._database.read() as session:
            return union_rows.of_local(session, code, local_id)

    def horizon(self) -> datetime:
        """Give the time up to which (not including) lists are complete: the responseDate of what is asked now."""
        now = clock.now()  # before the snapshot begins, or a change could fall between the two
        with self._database.read() as session:
            return horizon(session, now)

    def changes(self, window: ChangesWindow, origins: bool = False, holdings: bool = False) -> Changes:
        """Give the next page of a list; with `origins` its live lines say from which OAI-PMH sources they come."""
        with self._database.read() as session:
            rows, more = change_list.page(session, window)
            page = self._page(session, rows, more, origins, holdings)
        return replace(page, contents=expand_all(rows.stored) or ()) if window.contents else page

    def standing(self, window: ChangesWindow, origins: bool = False, holdings: bool = False) -> Changes:
        """Give the last record of the page before (`window.after`) as it stands in this list now, wherever it moved."""
        with self._database.read() as session:
            return self._page(session, change_list.standing(session, window), False, origins, holdings)

    def successors(self, ids: Collection[int]) -> dict[int, int]:
        """Give for those of the records that were merged what stands for them today, following merges."""
        with self._database.read() as session:
            return union_rows.successors(session, ids)

    def count(self, window: ChangesWindow) -> int:
        """Count all lines of the window, whatever its position."""
        with self._database.read() as session:
            return change_list.count(session, replace(window, after=None))

    def earliest(self) -> datetime | None:
        """Give the earliest datestamp any list shows; None while the catalogue is empty."""
        with self._database.read() as session:
            return change_list.earliest(session)

    def sets(self) -> tuple[SetLine, ...]:
        """List the sets, those of members even when they are empty."""
        with self._database.read() as session:
            known, members = change_list.sets(session), member_rows.every(session)
            kinds, own = change_list.kinds(session), query_sets.every(session)
        return lines(known, members, kinds, own)

    def readable(self, ids: Collection[int]) -> tuple[UnionRecord, ...]:
        """As `fetch_all`; a record that is damaged is left out and costs no other."""
        try:
            return self.fetch_all(ids)
        except Inconsistent:  # one of them: the others are read by themselves
            log.exception("a record cannot be read")
        return tuple(record for number in ids for record in self._if_readable(number))

    def _if_readable(self, union_id: int) -> tuple[UnionRecord, ...]:
        try:
            return self.fetch_all((union_id,))
        except Inconsistent:
            return ()

    def _page(self, session: Session, rows: ChangeRows, more: bool, origins: bool, holdings: bool) -> Changes:
        origins = origins and union_rows.has_source(session, "oaipmh")
        wanted = zip(rows.ids, rows.deleted, strict=True) if origins or holdings else ()
        live = [number for number, gone in wanted if not gone]
        return Changes(
            rows,
            more,
            self._names,
            origins=union_rows.origins(session, live, "oaipmh") if origins and live else {},
            holdings=union_rows.holdings(session, live) if holdings and live else {},
        )

    def _titles(self, asked: Question, most: int) -> list[str]:
        """Give the first different titles: few are asked for, and more where those are printings of the same."""
        titles: list[str] = []
        for limit in advice.TITLES:
            found = self._engine.search(replace(asked, limit=limit))
            stored = union_rows.glanced(self._database, found.ids, "content")
            bibs = {number: load(content) for number, content in _unfolded_all(stored).items()}
            titles = list(dict.fromkeys(bibs[number].title.main for number in found.ids if number in bibs))
            if len(titles) >= most or found.total <= limit:
                break
        return titles[:most]

    def _hits(self, session: Session, ids: Collection[int]) -> tuple[Hit, ...]:
        rows, held = union_rows.shown(session, ids), union_rows.held(session, ids)
        hits = []
        for union_id in ids:
            if row := rows.get(union_id):
                held_by = held.get(union_id, {})
                bib = load(unfolded(row[0], union_id))
                hits.append(Hit(union_id, bib, tuple(held_by), row[1], max(held_by.values(), default=None)))
        return tuple(hits)

    def _records(self, session: Session, ids: Collection[int]) -> tuple[UnionRecord, ...]:
        rows = union_rows.by_ids(session, ids)
        held, made_of = union_rows.holdings(session, rows), union_rows.origins(session, rows)
        found = (rows[number] for number in ids if number in rows)
        return tuple(whole(row, self._names, held.get(row.id, ()), made_of.get(row.id, ())) for row in found)


def _unfolded_all(stored: Mapping[int, bytes]) -> dict[int, bytes]:
    """Unfold stored forms; what is damaged is left out: `lienthong check` tells of it."""
    found: dict[int, bytes] = {}
    for number, content in stored.items():
        with suppress(Inconsistent):
            found[number] = unfolded(content, number)
    return found
