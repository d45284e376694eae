"""Atom: what is new in the catalogue, or in what a search finds (RFC 4287, with the totals of OpenSearch 1.1).

In: records, and what the feed is called. Out: XML. An entry's id is the permalink of its record, which outlives
re-harvest and merge; it is updated when the record last changed and was published when it came.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from federation.catalogue.records import UnionRecord
from federation.clock import iso
from federation.web.discovery.opensearch import SPACE as OPENSEARCH
from federation.web.wording import imprint
from schemas.vietnamese.names import natural

SPACE: Final = "http://www.w3.org/2005/Atom"
MEDIA_TYPE: Final = "application/atom+xml"
_SUBJECTS: Final = 10


@dataclass(frozen=True, slots=True)
class Feed:
    """What stands above the entries: `address` is that of the feed, `page` that of the same for readers."""

    title: str
    publisher: str
    address: str
    page: str
    icon: str
    updated: datetime
    total: int


def write(feed: Feed, records: Iterable[UnionRecord], untitled: str) -> bytes:
    """Write a feed; `untitled` is what a record without a title is called."""
    root = etree.Element(f"{{{SPACE}}}feed", nsmap={None: SPACE, "os": OPENSEARCH})
    _say(root, "id", feed.address)
    _say(root, "title", feed.title)
    _say(root, "updated", iso(feed.updated))
    _say(_say(root, "author"), "name", feed.publisher)
    _say(root, "icon", feed.icon)
    _say(root, "link", rel="self", type=MEDIA_TYPE, href=feed.address)
    _say(root, "link", rel="alternate", type="text/html", href=feed.page)
    etree.SubElement(root, f"{{{OPENSEARCH}}}totalResults").text = str(feed.total)
    for record in records:
        _entry(root, record, untitled)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content


def _entry(root: etree._Element, record: UnionRecord, untitled: str) -> None:
    bib = record.bib
    entry = _say(root, "entry")
    _say(entry, "id", record.address)
    _say(entry, "title", str(bib.title) or untitled)
    _say(entry, "updated", iso(record.datestamp))
    _say(entry, "published", iso(min(record.created_at, record.datestamp)))
    if bib.creator:
        _say(_say(entry, "author"), "name", natural(bib.creator))
    _say(entry, "link", rel="alternate", type="text/html", href=record.address)
    _say(entry, "link", rel="alternate", type="application/marcxml+xml", href=f"{record.address}.marcxml")
    for heading in list(dict.fromkeys(subject.heading for subject in bib.subjects if subject.heading))[:_SUBJECTS]:
        _say(entry, "category", term=heading)
    libraries = dict.fromkeys(held.member_name for held in record.holdings)
    _say(entry, "summary", "\n".join(filter(None, (imprint(bib.publication), "; ".join(libraries)))))


def _say(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{SPACE}}}{tag}", attributes)
    element.text = text or None
    return element
