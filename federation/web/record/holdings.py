"""Who holds a publication, and its other printings: what brings a reader to a shelf.

In: holdings and hits of the catalogue, the members, the `Labels`. Out: frozen values for the page. Every library says
as of which day its shelves were known to stand so: the oldest day counts, none may look fresher than it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from federation.catalogue.records import HeldBy, Hit
from federation.store.members import NO_CONTACT, Contact, MemberRow
from federation.web.labels import Labels
from federation.web.wording import imprint, published
from schemas.vietnamese.names import natural


@dataclass(frozen=True, slots=True)
class Library:
    """What one library holds of the record: its shelves, when they were known to stand so, how to get there."""

    code: str
    name: str
    as_of: date
    shelves: tuple[HeldBy, ...]
    contact: Contact = NO_CONTACT

    @property
    def copies(self) -> int:
        """How many copies it states in all; 0: it does not say."""
        return sum(shelf.copies for shelf in self.shelves)


@dataclass(frozen=True, slots=True)
class Printing:
    """Another printing or edition of the same work: how it differs, and who has it."""

    id: int
    title: str
    year: str
    edition: str
    publisher: str
    libraries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Another title a reader may want."""

    id: int
    title: str
    creator: str
    imprint: str


def libraries(holdings: Iterable[HeldBy], members: Mapping[str, MemberRow]) -> tuple[Library, ...]:
    """Group holdings by library, in the order they come."""
    grouped: dict[str, list[HeldBy]] = {}
    for held in holdings:
        grouped.setdefault(held.member_code, []).append(held)
    return tuple(
        Library(
            code=code,
            name=shelves[0].member_name,
            as_of=min(shelf.as_of for shelf in shelves),
            shelves=tuple(shelves),
            contact=members[code].contact if code in members else NO_CONTACT,
        )
        for code, shelves in grouped.items()
    )


def printing(hit: Hit, labels: Labels) -> Printing:
    """Put another printing in words."""
    bib = hit.bib
    return Printing(
        id=hit.id,
        title=str(bib.title) or _("[no title]"),
        year=published(bib.publication),
        edition=bib.edition.statement,
        publisher=bib.publication.publisher,
        libraries=tuple(labels.of("member", code) for code in hit.members),
    )


def alike(hit: Hit) -> Alike:
    """Put a similar title in words."""
    bib = hit.bib
    return Alike(hit.id, str(bib.title) or _("[no title]"), natural(bib.creator), imprint(bib.publication))
