"""From the record of the house to unqualified Dublin Core, as every OAI-PMH provider must offer it.

In: a `Bib`, and identifiers that only the door knows (permalink, OAI identifier). Out: the element `oai_dc:dc` as
text, valid against oai_dc.xsd. Dublin Core Metadata Element Set 1.1; OAI-PMH 2.0, guidelines for oai_dc.
"""

from collections.abc import Iterator
from typing import Final

from schemas.bib import Agent, Bib, Series
from schemas.crosswalks.dc_types import dcmi_type
from schemas.crosswalks.xml_text import element
from schemas.maps import material_label

_OPENING: Final = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
)
_CLOSING: Final = "</oai_dc:dc>"
_SRW_OPENING: Final = (
    '<srw_dc:dc xmlns:srw_dc="info:srw/schema/1/dc-schema" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="info:srw/schema/1/dc-schema http://www.loc.gov/standards/sru/recordSchemas/dc-schema.xsd">'
)
_SRW_CLOSING: Final = "</srw_dc:dc>"
_AUTHOR_ROLES: Final = ("aut", "cre", "author", "creator", "tác giả", "joint author", "đồng tác giả")
#: Identifiers that mean something outside the system they come from, and how their URN or address begins.
_NAMESPACES: Final = {"isbn": "URN:ISBN:", "issn": "URN:ISSN:", "doi": "https://doi.org/"}


def oai_dc(bib: Bib, identifiers: tuple[str, ...] = ()) -> str:
    """Write the complete element; `identifiers` come first among the identifiers of the record."""
    return _OPENING + _inner(bib, identifiers) + _CLOSING


def srw_dc(bib: Bib, identifiers: tuple[str, ...] = ()) -> str:
    """Write the same elements as the record schema of SRU wants them (info:srw/schema/1/dc-v1.1)."""
    return _SRW_OPENING + _inner(bib, identifiers) + _SRW_CLOSING


def _inner(bib: Bib, identifiers: tuple[str, ...]) -> str:
    written: dict[str, None] = {}
    for name, text in _elements(bib, identifiers):
        if one := element(name, text):
            written[one] = None
    return "".join(written)


def _elements(bib: Bib, identifiers: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield "dc:title", str(bib.title)
    for title in bib.other_titles:
        yield "dc:title", str(title)
    for agent in bib.agents:
        yield "dc:creator" if _is_creator(agent) else "dc:contributor", _named(agent)
    yield from _content(bib)
    yield "dc:publisher", bib.publication.publisher
    yield "dc:date", str(bib.publication.year or bib.publication.date)
    yield "dc:type", dcmi_type(bib.material)
    yield "dc:type", material_label(bib.material, "en")
    yield "dc:format", bib.extent
    yield "dc:format", bib.dimensions
    for text in (*identifiers, *_identifiers(bib)):
        yield "dc:identifier", text
    for language in bib.languages:
        yield "dc:language", language
    for series in bib.series:
        yield "dc:relation", series_text(series)


def _content(bib: Bib) -> Iterator[tuple[str, str]]:
    for subject in bib.subjects:
        yield "dc:subject", subject.heading
        if subject.kind == "place":
            yield "dc:coverage", subject.heading.partition(" -- ")[0]
    for one in bib.classes:
        if one.scheme == "ddc":
            yield "dc:subject", f"ddc:{one.number}"
    yield "dc:description", bib.summary
    yield "dc:description", bib.contents
    yield "dc:description", bib.edition.statement
    for note in bib.notes:
        yield "dc:description", note


def _identifiers(bib: Bib) -> Iterator[str]:
    for identifier in bib.identifiers:
        if identifier.valid and identifier.scheme in _NAMESPACES:
            yield _NAMESPACES[identifier.scheme] + identifier.value
    for link in bib.links:
        yield link.url


def series_text(series: Series) -> str:
    """Write a series the way a series statement is read: title ; volume."""
    return f"{series.title} ; {series.volume}" if series.volume else series.title


def _is_creator(agent: Agent) -> bool:
    return agent.main or agent.role.casefold().rstrip(".") in _AUTHOR_ROLES


def _named(agent: Agent) -> str:
    return f"{agent.name}, {agent.dates}" if agent.dates else agent.name
