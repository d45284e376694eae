"""What the page of a record shows, made ready for the template.

In: the ground, a record. Out: one frozen `Shown`.
"""

import json
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from federation.catalogue.records import UnionRecord
from federation.matching.attribution import Line as Attributed
from federation.web.ground import Ground
from federation.web.record import citing, description, exports, holdings
from federation.web.record.linked import linked
from federation.web.wording import imprint
from schemas.crosswalks.citation import Citation, citations
from schemas.crosswalks.cited import cited
from schemas.maps.languages import language_tag


@dataclass(frozen=True, slots=True)
class Shown:
    """A record in words: what it is, who holds it, what is near it, how it is cited, what programs read."""

    id: int
    identifier: str
    address: str
    title: str
    language: str
    responsibility: str
    imprint: str
    material: str
    lines: tuple[description.Line, ...]
    libraries: tuple[holdings.Library, ...]
    printings: tuple[holdings.Printing, ...]
    similar: tuple[holdings.Alike, ...]
    leader: str
    fields: tuple[Attributed, ...]
    contributors: tuple[str, ...]
    citations: tuple[Citation, ...]
    formats: tuple[exports.Offer, ...]
    coins: str
    meta: tuple[tuple[str, str], ...]
    graph_type: str
    summary: str
    linked: Markup


def shown(ground: Ground, record: UnionRecord) -> Shown:
    """Gather all a record's page says."""
    bib, catalogue, labels = record.bib, ground.catalogue, ground.labels()
    editions = catalogue.editions(record)
    held = holdings.libraries(record.holdings, {member.code: member for member in ground.members()})
    leader, fields = catalogue.attributed(record)
    return Shown(
        id=record.id,
        identifier=record.identifier,
        address=record.address,
        title=str(bib.title) or _("[no title]"),
        language=language_tag(bib.languages[0]) if bib.languages else "",
        responsibility=bib.title.responsibility,
        imprint=imprint(bib.publication),
        material=labels.of("material", bib.material),
        lines=description.lines(bib, labels),
        libraries=held,
        printings=tuple(holdings.printing(hit, labels) for hit in editions),
        similar=tuple(map(holdings.alike, catalogue.similar(record, [hit.id for hit in editions]))),
        leader=leader,
        fields=fields,
        contributors=tuple(dict.fromkeys(line.member for line in fields if line.member)),
        citations=citations(cited(bib, record.address)),
        formats=exports.offered(record.id),
        coins=citing.coins(bib, record.address),
        meta=citing.highwire(bib, record.address),
        graph_type=citing.graph_type(bib),
        summary=citing.summary(bib),
        linked=_script(linked(bib, held, record.address, ground.settings.public_url)),
    )


def _script(values: object) -> Markup:
    """Write JSON that can stand in a script element: no letter of it may end the element."""
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - every letter that means something to HTML was taken out above
