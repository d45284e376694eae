"""From the record of the house to MODS 3.7.

In: a `Bib`, its number in this catalogue and, for a union record, who holds it. Out: the element `mods` as text,
valid against mods-3-7.xsd. MODS User Guidelines version 3 (Library of Congress); codes are those of MARC 21.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from schemas.bib import Agent, Bib, Holding, Identifier, Series, Subject, Title
from schemas.crosswalks.cited import part_of
from schemas.crosswalks.cited_host import Within, within
from schemas.crosswalks.dc_types import marc_genre, mods_type
from schemas.crosswalks.marc21_agents import is_relator_code
from schemas.crosswalks.xml_text import element, escaped, wrapped
from schemas.maps import material_label

_OPENING: Final = (
    '<mods xmlns="http://www.loc.gov/mods/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.7"'
    ' xsi:schemaLocation="http://www.loc.gov/mods/v3 http://www.loc.gov/standards/mods/v3/mods-3-7.xsd">'
)
_CLOSING: Final = "</mods>"
_NAME_TYPES: Final = {"person": "personal", "corporate": "corporate", "meeting": "conference"}
#: relator codes of the roles that are known by their words; None is the role that is not
_RELATORS: Final[Mapping[str | None, str]] = MappingProxyType(
    {"author": "aut", "editor": "edt", "translator": "trl", "illustrator": "ill"}
)
_ISSUANCE: Final = {"s": "serial", "b": "serial", "i": "integrating resource"}


def mods(bib: Bib, record_id: str, holdings: Iterable[tuple[str, Holding]] = (), address: str = "") -> str:
    """Write the complete element; `holdings` are pairs of a member's name or code and what it holds, `address` is the
    permalink.
    """
    place = within(bib)
    parts = [
        _title_info(bib.title),
        *(_title_info(title, 'type="alternative"') for title in bib.other_titles),
        *map(_name, bib.agents),
        element("typeOfResource", mods_type(bib.material)),
        element(
            "genre", "" if place.book and bib.material == "article" else marc_genre(bib.material), 'authority="marcgt"'
        ),
        element("genre", material_label(bib.material, "en")),
        _origin(bib),
        *_languages(bib),
        wrapped("physicalDescription", element("extent", _extent(bib))),
        *_content(bib),
        _host(place),
        *map(_series, bib.series),
        *map(_identifier, bib.identifiers),
        *_locations(bib, holdings),
        wrapped("location", element("url", address, 'access="object in context"')),
        wrapped("recordInfo", element("recordIdentifier", record_id)),
    ]
    return _OPENING + "".join(parts) + _CLOSING


def _title_info(title: Title, attributes: str = "") -> str:
    return wrapped(
        "titleInfo",
        element("title", title.main)
        + element("subTitle", title.remainder)
        + element("partNumber", title.number)
        + element("partName", title.part),
        attributes,
    )


def _name(agent: Agent) -> str:
    code = agent.role if is_relator_code(agent.role) else _RELATORS.get(part_of(agent.role), "")
    told = element("roleTerm", "" if code == agent.role else agent.role, 'type="text"')
    primary = ' usage="primary"' if agent.main else ""
    return wrapped(
        "name",
        element("namePart", agent.name)
        + element("namePart", agent.dates, 'type="date"')
        + wrapped("role", told + element("roleTerm", code, 'type="code" authority="marcrelator"')),
        f'type="{_NAME_TYPES[agent.kind]}"{primary}',
    )


def _origin(bib: Bib) -> str:
    stated = bib.publication
    issued = element("dateIssued", stated.date)
    if stated.year:
        issued += f'<dateIssued encoding="w3cdtf" keyDate="yes">{stated.year}</dateIssued>'
    return wrapped(
        "originInfo",
        wrapped("place", element("placeTerm", stated.country, 'type="code" authority="marccountry"'))
        + wrapped("place", element("placeTerm", stated.place, 'type="text"'))
        + element("publisher", stated.publisher)
        + issued
        + element("edition", bib.edition.statement)
        + element("issuance", _ISSUANCE.get(bib.level, "monographic")),
    )


def _languages(bib: Bib) -> Iterator[str]:
    for code in bib.languages:
        yield wrapped("language", _language_term(code))
    for code in bib.original_languages:
        yield wrapped("language", _language_term(code), 'objectPart="original"')


def _language_term(code: str) -> str:
    return element("languageTerm", code, 'type="code" authority="iso639-2b"')


def _extent(bib: Bib) -> str:
    return " ; ".join(text for text in (bib.extent, bib.dimensions) if text)


def _content(bib: Bib) -> Iterator[str]:
    yield element("abstract", bib.summary)
    yield element("tableOfContents", bib.contents)
    yield element("note", bib.title.responsibility, 'type="statement of responsibility"')
    for note in bib.notes:
        yield element("note", note)
    yield from map(_subject, bib.subjects)
    for one in bib.classes:
        yield element("classification", one.number, f'authority="{escaped(one.scheme)}"')


def _subject(subject: Subject) -> str:
    first, *rest = subject.heading.split(" -- ")
    authority = f'authority="{escaped(subject.scheme)}"' if subject.scheme else ""
    if subject.kind in ("person", "corporate"):
        head = wrapped("name", element("namePart", first), f'type="{_NAME_TYPES[subject.kind]}"')
    elif subject.kind == "title":
        head = wrapped("titleInfo", element("title", first))
    elif subject.kind == "genre":
        return element("genre", subject.heading, authority)
    else:
        head = element("geographic" if subject.kind == "place" else "topic", first)
    return wrapped("subject", head + "".join(element("topic", part) for part in rest), authority)


def _series(series: Series) -> str:
    title = wrapped("titleInfo", element("title", series.title) + element("partNumber", series.volume))
    return wrapped("relatedItem", title + element("identifier", series.issn, 'type="issn"'), 'type="series"')


def _host(place: Within) -> str:
    details = (("volume", place.volume), ("issue", place.issue))
    first, _, last = place.pages.partition("-")
    part = "".join(wrapped("detail", element("number", text), f'type="{kind}"') for kind, text in details)
    part += wrapped("extent", element("start", first) + element("end", last), 'unit="pages"')
    return wrapped(
        "relatedItem",
        wrapped("titleInfo", element("title", place.title))
        + wrapped("part", part + element("date", place.year))
        + element("identifier", place.issn, 'type="issn"')
        + element("identifier", place.isbn, 'type="isbn"'),
        'type="host"',
    )


def _identifier(identifier: Identifier) -> str:
    invalid = "" if identifier.valid else ' invalid="yes"'
    return element("identifier", identifier.value, f'type="{escaped(identifier.scheme)}"{invalid}')


def _locations(bib: Bib, holdings: Iterable[tuple[str, Holding]]) -> Iterator[str]:
    for link in bib.links:
        label = f'displayLabel="{escaped(link.text)}"' if link.text else ""
        yield wrapped("location", element("url", link.url, label))
    for member, holding in holdings:
        copy = (
            element("subLocation", holding.location)
            + element("shelfLocator", holding.call_number)
            + element("note", str(holding.copies or ""), 'type="copies"')
            + element("note", holding.note)
        )
        simple = wrapped("holdingSimple", wrapped("copyInformation", copy))
        yield wrapped("location", element("physicalLocation", member) + simple)
