"""A record as text for a person at a terminal (SUTRS).

In: a union record and a language. Out: a line for each thing there is to say, with its label from the table of access
points, and a line for each holding.
"""

from collections.abc import Iterator

from federation.catalogue.records import HeldBy, UnionRecord
from schemas.bib import Bib
from schemas.query.access_points import by_name


def of(record: UnionRecord, brief: bool, language: str) -> str:
    """Write a record."""
    said = [*_brief(record.bib), *(() if brief else _rest(record.bib)), ("id", str(record.id))]
    lines = [f"{_label(point, language)}: {value}" for point, value in said if value]
    held = [] if brief else [f"{_label('member', language)}: {_held(each)}" for each in record.holdings]
    return "".join(f"{line}\n" for line in (*lines, *held))


def _brief(bib: Bib) -> Iterator[tuple[str, str]]:
    publication = bib.publication
    yield "title", str(bib.title)
    yield "creator", "; ".join(agent.name for agent in bib.agents)
    yield "place", publication.place
    yield "publisher", publication.publisher
    yield "year", publication.date or str(publication.year or "")


def _rest(bib: Bib) -> Iterator[tuple[str, str]]:
    yield "isbn", "; ".join(bib.numbers("isbn"))
    yield "issn", "; ".join(bib.numbers("issn"))
    yield "series", "; ".join(f"{each.title} {each.volume}".strip() for each in bib.series)
    yield "class", "; ".join(each.number for each in bib.classes)
    for subject in bib.subjects:
        yield "subject", subject.heading
    for note in (bib.summary, *bib.notes):
        yield "note", note


def _held(held: HeldBy) -> str:
    copies = f"× {held.copies}" if held.copies else ""
    return ", ".join(filter(None, (held.member_name, held.location, held.call_number, copies, held.note)))


def _label(point: str, language: str) -> str:
    found = by_name(point)
    return found.label(language) if found else point
