"""The description of one publication, line by line, in the order a catalogue card has it.

In: a `Bib` and the `Labels` of the reader's language. Out: `Line`s of a label and its values; a value with an address
is a link. What the record does not state has no line. Headings keep the order of the record; creators and subjects
lead to searches.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from flask_babel import gettext as _

from federation.index.document import name
from federation.web.labels import Labels
from federation.web.search.request import Asked, address
from federation.web.wording import imprint
from schemas.bib import Agent, Bib, Identifier, Link, Series

#: the fewest digits of what may be an ISBN or ISSN with a slip
_SHORTEST: Final = 7


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a line, and where it leads (empty: nowhere). `outside`: it leaves the catalogue."""

    text: str
    address: str = ""
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the description; values are shown one under the other, or side by side when `inline`."""

    label: str
    values: tuple[Value, ...]
    inline: bool = False


def lines(bib: Bib, labels: Labels) -> tuple[Line, ...]:
    """Give the lines of a record that have something to say."""
    made = (*_made_by(bib), *_published(bib, labels), *_about(bib), *_numbers(bib), *_told(bib))
    return tuple(line for line in made if line.values)


def web_address(url: str) -> str:
    """Give an address that is safe to link to, or an empty string: only http and https leave this page."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme.lower() in ("http", "https") and parts.netloc else ""


def _plain(*texts: str) -> tuple[Value, ...]:
    return tuple(Value(text) for text in texts if text)


def _search(facet: str, value: str) -> str:
    return address(Asked(filters={facet: (value,)}))


def _agent(agent: Agent) -> Value:
    called = name(agent.name)
    text = ", ".join(text for text in (called, agent.dates) if text)
    return Value(f"{text} ({agent.role})" if agent.role else text, _search("creator", called))


def _made_by(bib: Bib) -> Iterator[Line]:
    yield Line(_("Creator"), tuple(_agent(agent) for agent in bib.agents if agent.main))
    yield Line(_("Contributors"), tuple(_agent(agent) for agent in bib.agents if not agent.main))
    yield Line(_("Other titles"), _plain(*(str(title) for title in bib.other_titles)))
    yield Line(_("Edition"), _plain(bib.edition.statement))


def _published(bib: Bib, labels: Labels) -> Iterator[Line]:
    yield Line(_("Published"), _plain(imprint(bib.publication)))
    yield Line(_("Extent"), _plain(" ; ".join(text for text in (bib.extent, bib.dimensions) if text)))
    yield Line(_("Series"), _plain(*(_series(series) for series in bib.series)))
    yield Line(_("Material"), _plain(labels.of("material", bib.material)))
    yield Line(_("Language"), _languages(bib.languages, labels), inline=True)
    yield Line(_("Translated from"), _languages(bib.original_languages, labels), inline=True)


def _languages(codes: tuple[str, ...], labels: Labels) -> tuple[Value, ...]:
    return _plain(*(labels.of("language", code) for code in codes))


def _series(series: Series) -> str:
    return " ; ".join(text for text in (series.title, series.volume) if text)


def _about(bib: Bib) -> Iterator[Line]:
    # Libraries take one heading from several lists; a reader needs it once.
    headings = dict.fromkeys(subject.heading for subject in bib.subjects if subject.heading)
    yield Line(_("Subjects"), tuple(Value(heading, _search("subject", heading)) for heading in headings))
    yield Line(_("Classification"), _plain(*(f"{c.scheme.upper()} {c.number}" for c in bib.classes)), inline=True)


def _numbers(bib: Bib) -> Iterator[Line]:
    shown = {"isbn": "ISBN", "issn": "ISSN", "doi": "DOI", "lccn": "LCCN", "oclc": "OCLC"}
    for scheme, label in shown.items():
        qualifiers: dict[str, list[str]] = {}
        for found in bib.identifiers:
            if found.scheme == scheme and _is_number(found):
                qualifiers.setdefault(found.value, []).append(found.qualifier)
        yield Line(label, _plain(*(_qualified(value, stated) for value, stated in qualifiers.items())))


def _is_number(found: Identifier) -> bool:
    # A reader may hold a book with the wrong number it states; what is far too short is the row of somebody's list.
    return found.valid or sum(letter.isdecimal() for letter in found.value) >= _SHORTEST


def _qualified(value: str, qualifiers: Iterable[str]) -> str:
    stated = ", ".join(dict.fromkeys(text for text in qualifiers if text))
    return f"{value} ({stated})" if stated else value


def _told(bib: Bib) -> Iterator[Line]:
    yield Line(_("Summary"), _plain(bib.summary))
    yield Line(_("Contents"), _plain(bib.contents))
    yield Line(_("Notes"), _plain(*bib.notes))
    yield Line(_("Online"), tuple(_links(bib.links)))


def _links(links: tuple[Link, ...]) -> Iterator[Value]:
    """Name each address; of several that are called alike say where they lead."""
    called = Counter(link.text for link in links)
    for link in dict.fromkeys(links):
        address = web_address(link.url)
        alike = called[link.text] > 1 and address
        text = f"{link.text} ({urlsplit(address).netloc})" if link.text and alike else link.text or link.url
        yield Value(text, address, outside=True)
