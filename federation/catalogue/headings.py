"""Headings as readers see them: what the index found by keys, written as the records write it.

In: what an engine scanned, and the records it names. Out: `Heading`s. Of several ways to write one heading (case,
punctuation, the place of a tone mark) the one of the record at hand is shown: all of them find the same records.
"""

from collections.abc import Mapping

from federation.catalogue.records import Heading
from federation.index.document import HEADINGS, MANY, headings, list_key
from federation.index.engine import Entry
from schemas.bib import Bib
from schemas.maps.languages import language_name
from schemas.maps.materials import material_label
from schemas.query.access_points import AccessPoint


def heading(point: AccessPoint | None, entry: Entry, bib: Bib | None, members: Mapping[str, str]) -> Heading | None:
    """Give a heading; None when the record that had it is gone. `members`: code -> name."""
    if point is None or (needs_record(point) and bib is None):
        return None
    if bib is not None:
        written = (each for each in headings(bib, point.field) if _key(point, each) == entry.key)
        value = next(written, "")
        return Heading(value, entry.count) if value else None
    value = entry.key.decode().strip()
    return Heading(value, entry.count, _label(point, value, members))


def needs_record(point: AccessPoint | None) -> bool:
    """Tell whether a record must say how a heading is written."""
    return point is not None and point.field in (*HEADINGS, *MANY)


def _key(point: AccessPoint, written: str) -> bytes:
    return list_key(written, point.field) if point.field in HEADINGS else written.lower().encode()


def _label(point: AccessPoint, value: str, members: Mapping[str, str]) -> str:
    match point.field:
        case "member":
            return members.get(value, "")
        case "material":
            return material_label(value)
        case "language":
            return language_name(value)
    return ""
