"""The sitemap: every live record's permalink, for those who crawl (sitemaps.org 0.9).

In: spans of numbers and what stands in them. Out: XML, the long parts piece by piece: a million records are twenty
files of which none is ever whole in memory. A file holds the records of one span of numbers, so that a crawler need
fetch only those files whose time has changed.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final
from xml.sax.saxutils import escape

from federation.clock import iso
from federation.store.spans import Span

SPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: addresses in one piece
_PIECE: Final = 2_000


def index(public_url: str, spans: Iterable[Span]) -> bytes:
    """Write the list of sitemaps: that of pages, and one for each span."""
    base = escape(public_url)
    files = [f"<sitemap><loc>{base}/sitemap-pages.xml</loc></sitemap>"]
    files += [
        f"<sitemap><loc>{base}/sitemap-{span.number}.xml</loc><lastmod>{iso(span.changed)}</lastmod></sitemap>"
        for span in spans
    ]
    return "\n".join((f'{_HEAD}<sitemapindex xmlns="{SPACE}">', *files, "</sitemapindex>\n")).encode()


def pages(addresses: Iterable[str]) -> bytes:
    """Write the sitemap of the pages that are no records."""
    found = (f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
    return "\n".join((f'{_HEAD}<urlset xmlns="{SPACE}">', *found, "</urlset>\n")).encode()


def records(public_url: str, found: Iterable[tuple[int, datetime]]) -> Iterator[bytes]:
    """Write the sitemap of one span, piece by piece."""
    base = escape(public_url)
    rows = iter(found)
    yield f'{_HEAD}<urlset xmlns="{SPACE}">\n'.encode()
    while piece := list(islice(rows, _PIECE)):
        lines = [
            f"<url><loc>{base}/record/{number}</loc><lastmod>{iso(changed)}</lastmod></url>\n"
            for number, changed in piece
        ]
        yield "".join(lines).encode()
    yield b"</urlset>\n"
