"""Signposts: what a record is, how it is cited and where its descriptions are, in HTTP headers.

In: a record. Out: the value of a Link header. Signposting the Scholarly Web, level 1 (RFC 8288; RFC 8574 for cite-as).
"""

from federation.catalogue.formats import FORMATS
from federation.catalogue.records import UnionRecord
from federation.web.record.linked import type_address


def signs(record: UnionRecord) -> str:
    """Write the header of a record's page."""
    links = [
        f'<{record.address}>; rel="cite-as"',
        f'<{type_address(record.bib)}>; rel="type"',
        '<https://schema.org/AboutPage>; rel="type"',
        *(f'<{record.address}.{form.extension}>; rel="describedby"; type="{form.media_type}"' for form in FORMATS),
    ]
    return ", ".join(links)


def back(record: UnionRecord) -> str:
    """Write the header of a description: what it describes."""
    return f'<{record.address}>; rel="describes"; type="text/html"'
