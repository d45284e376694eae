"""What the API says of what there is: records, libraries and holdings out of the catalogue, as `shapes`.

In: what was asked, and the catalogue. Out: shapes, or `Refused`. A result that changes while it is walked through is
gone on with behind the record that was given last, wherever that stands by then.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote

from stdnum import isbn

from federation import clock
from federation.api import cursors, request, shapes
from federation.api.cursors import Place
from federation.api.description import described
from federation.api.parameters import DEEPEST
from federation.api.problems import Refused
from federation.api.request import Search
from federation.catalogue import facets
from federation.catalogue.catalogue import Catalogue
from federation.catalogue.facets import Called
from federation.catalogue.formats import FORMATS
from federation.catalogue.records import HeldBy, Hit, UnionRecord
from federation.index.engine import Question, Sort, sorting
from federation.languages.known import Languages
from federation.store.members import MemberRow
from schemas.errors import QuerySyntaxError
from schemas.query import box, cql
from schemas.query.tree import And, Everything, Node, Term

Counts = Iterable[tuple[str, int]]
FACET_SIZE: Final = 20
#: records before the place of a cursor among which the last one given is looked for
_AROUND: Final = 25
#: records that one ISBN may lead to; volumes of a set share one
_MOST_OF_ISBN: Final = 50


@dataclass(frozen=True)
class Room:
    """What answering needs: the catalogue, the names of its records, what gives the key of cursors, the languages."""

    catalogue: Catalogue
    repository_id: str
    public_url: str
    read_key: Callable[[], bytes]
    languages: Languages

    @cached_property
    def key(self) -> bytes:
        """The key that cursors are signed with."""
        return self.read_key()

    def named(self, number: int) -> tuple[int, str, str]:
        """Give the names of a record: number, OAI identifier, permalink."""
        return number, f"oai:{self.repository_id}:{number}", f"{self.public_url}/record/{number}"


# --- records ------------------------------------------------------------------------------------------------------


def records(room: Room, asked: request.Searched) -> shapes.Records:
    """Search."""
    place = _place(room, asked)
    if place.given and place.given + asked.limit > DEEPEST:
        detail = f"a result is given down to its record {DEEPEST:,}: narrow it, or read `changes`, OAI-PMH or the dumps"
        raise Refused("search-too-deep", detail, "cursor")
    try:
        total, ids, counts = _found(room, place, asked)
    except QuerySyntaxError as error:
        raise Refused("query-invalid", str(error), "cql" if place.search.cql else "q") from error
    given = place.given + len(ids)
    goes_on = ids and given < total
    return shapes.Records(
        total=total,
        hits=tuple(_hit(room, hit) for hit in room.catalogue.hits(ids)),
        facets=_facets(room, counts, asked),
        next=cursors.write(Place(place.search, given, ids[-1]), room.key) if goes_on else None,
    )


def _place(room: Room, asked: request.Searched) -> Place:
    if not asked.cursor:
        return Place(asked.search, 0, 0)
    place = cursors.place(asked.cursor, room.key)
    if asked.said and asked.search != place.search:
        raise Refused("cursor-invalid", "this cursor belongs to another search than stands beside it", "cursor")
    return place


def _found(room: Room, place: Place, asked: request.Searched) -> tuple[int, tuple[int, ...], Mapping[str, Counts]]:
    node, order = _query(place.search)
    first = max(place.given - _AROUND, 0)
    around = place.given - first
    question = Question(
        node,
        start=first,
        limit=asked.limit + 2 * around,
        sort=order,
        filters={_field(facet): values for facet, values in place.search.filters},
        facets=() if place.given else tuple(map(_field, asked.facets)),
        facet_size=FACET_SIZE,
    )
    found = room.catalogue.find(question)
    start = found.ids.index(place.last) + 1 if place.last in found.ids else around
    return found.total, found.ids[start : start + asked.limit], found.facets


def _query(search: Search) -> tuple[Node, Sort]:
    node: Node = box.parse(search.q) if search.q.strip() else Everything()
    order: Sort = "relevance"
    if search.cql.strip():
        read = cql.read(search.cql)
        order = sorting(read.sort)
        node = read.node if isinstance(node, Everything) else And(node, read.node)
    return node, request.sorting(search.sort) if search.sort else order


def _hit(room: Room, hit: Hit) -> shapes.Hit:
    bib = hit.bib
    return shapes.Hit(
        *room.named(hit.id),
        datestamp=clock.iso(hit.datestamp),
        title=str(bib.title),
        author=bib.creator,
        year=bib.publication.year or None,
        publisher=bib.publication.publisher,
        edition=bib.edition.statement,
        material=bib.material,
        languages=bib.languages,
        isbns=bib.numbers("isbn"),
        members=hit.members,
    )


def _field(name: str) -> str:
    facet = facets.by_name(name)
    return facet.field if facet else name


def _facets(room: Room, counts: Mapping[str, Counts], asked: request.Searched) -> dict[str, tuple[shapes.Value, ...]]:
    if not counts:
        return {}
    members = room.catalogue.members()
    called = Called(
        members={member.code: member.name for member in members},
        areas=facets.area_names(members),
        kinds=room.catalogue.kinds(),
    )
    language = room.languages.speaking(asked.lang)
    return {
        name: tuple(
            shapes.Value(value, count, facets.value_label(name, value, language, called))
            for value, count in counts.get(_field(name), ())
        )
        for name in asked.facets
    }


def record(room: Room, text: str) -> shapes.Record:
    """Give a record; raises `Refused` naming the successor of a merged one."""
    found = _known(room, text)
    if found is None:
        raise Refused("record-unknown", f"there is no record {text[:80]!r} in this catalogue", "id")
    if found.deleted:
        raise _moved(room, found)
    bib = found.bib
    return shapes.Record(
        *room.named(found.id),
        datestamp=clock.iso(found.datestamp),
        group=found.group_id,
        sets=found.sets,
        title=str(bib.title),
        author=bib.creator,
        year=bib.publication.year or None,
        members=tuple(shapes.Part(*pair) for pair in _parts(found)),
        holdings=_held(found.holdings),
        formats=tuple(_downloads(room, found.id)),
        record=described(bib),
    )


def _known(room: Room, text: str) -> UnionRecord | None:
    number = room.catalogue.resolve(text)
    return room.catalogue.fetch(number) if number else None


def _moved(room: Room, tombstone: UnionRecord) -> Refused:
    successor = room.catalogue.live(tombstone.id)
    if successor is None:
        return Refused("record-gone", "no library has it any longer", "id")
    return Refused("record-moved", f"it is part of record {successor.id} now", "id", room.named(successor.id)[::2])


def _parts(found: UnionRecord) -> list[tuple[str, str]]:
    return sorted({(origin.member_code, origin.local_id) for origin in found.sources})


def _downloads(room: Room, number: int) -> Iterator[shapes.Download]:
    for form in FORMATS:
        yield shapes.Download(form.name, form.media_type, f"{room.public_url}/record/{number}.{form.extension}")


def _held(holdings: Iterable[HeldBy]) -> tuple[shapes.Held, ...]:
    return tuple(
        shapes.Held(
            member=held.member_code,
            name=held.member_name,
            local_id=held.local_id,
            location=held.location,
            call_number=held.call_number,
            copies=held.copies or None,
            note=held.note,
            as_of=held.as_of.isoformat(),
        )
        for held in holdings
    )


# --- libraries and what they hold ---------------------------------------------------------------------------------


def libraries(room: Room, lang: str) -> shapes.Libraries:
    """List the libraries."""
    members = room.catalogue.members()
    counted = room.catalogue.find(Question(Everything(), limit=0, facets=("member",), facet_size=len(members)))
    titles = dict(counted.facets.get("member", ()))
    language = room.languages.speaking(lang)
    kinds = {code: language.caption(facets.KINDS, *names) for code, names in room.catalogue.kinds().items()}
    listed = tuple(_library(room, member, titles, kinds) for member in members)
    return shapes.Libraries(len(listed), listed)


def library(room: Room, code: str, lang: str) -> shapes.Library:
    """Give one library."""
    found = next((each for each in libraries(room, lang).libraries if each.code == code), None)
    if found is None:
        raise Refused("library-unknown", f"there is no library {code[:80]!r}; `libraries` lists them", "code")
    return found


def _library(room: Room, member: MemberRow, titles: Mapping[str, int], kinds: Mapping[str, str]) -> shapes.Library:
    contact = member.contact
    return shapes.Library(
        code=member.code,
        name=member.name,
        page=f"{room.public_url}/library/{quote(member.code)}",
        kind=member.kind,
        kind_name=kinds.get(member.kind, member.kind),
        area=member.area,
        area_name=member.area_name,
        level=member.level,
        districts=tuple(shapes.District(each.code, each.name) for each in member.districts),
        address=contact.address,
        phone=contact.phone,
        email=contact.email,
        website=contact.website,
        hours=contact.hours,
        latitude=contact.latitude,
        longitude=contact.longitude,
        titles=titles.get(member.code, 0),
        set=f"member:{member.code}",
    )


def holdings(room: Room, asked: request.Looked) -> shapes.Holdings:
    """Tell who holds what was asked for."""
    if not asked.isbns and not asked.ids:
        raise Refused("nothing-asked", "ask by `isbn`, by `id`, or by both", "isbn")
    answers: dict[int, list[str]] = {}
    unknown: list[str] = []
    for text, ids in (*_by_isbn(room, asked.isbns), *_by_id(room, asked.ids)):
        if not ids:
            unknown.append(text)
        for number in ids:
            answers.setdefault(number, []).append(text)
    found = {found.id: found for found in room.catalogue.readable(tuple(answers)) if not found.deleted}
    titles = tuple(_title(room, found[number], answers[number]) for number in answers if number in found)
    answered = {text for title in titles for text in title.asked}
    gone = [text for number in answers if number not in found for text in answers[number] if text not in answered]
    return shapes.Holdings(titles, tuple(dict.fromkeys([*unknown, *gone])))


def _by_isbn(room: Room, texts: Iterable[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    for text in texts:
        if not isbn.is_valid(text):
            raise Refused("isbn-invalid", f"{text!r} is no ISBN: its check digit or its length is wrong", "isbn")
        question = Question(Term("isbn", isbn.to_isbn13(isbn.compact(text)), "whole"), limit=_MOST_OF_ISBN)
        yield text, room.catalogue.find(question).ids


def _by_id(room: Room, texts: Iterable[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    for text in texts:
        number = room.catalogue.resolve(text)
        found = room.catalogue.live(number) if number else None
        yield text, (found.id,) if found else ()


def _title(room: Room, found: UnionRecord, asked: Iterable[str]) -> shapes.Title:
    names = room.named(found.id)
    isbns = found.bib.numbers("isbn")
    return shapes.Title(*names, tuple(dict.fromkeys(asked)), str(found.bib.title), isbns, _held(found.holdings))
