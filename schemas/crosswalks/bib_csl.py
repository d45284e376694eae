"""From the record of the house to CSL JSON, which citation processors and Zotero read.

In: a `Bib`, its number and permalink. Out: one item as JSON. Citation Style Language 1.0.2, csl-data.json.
"""

import json
from collections.abc import Iterable
from typing import Any

from schemas.bib import Bib
from schemas.crosswalks.cited import cited
from schemas.crosswalks.cited_names import Name


def csl(bib: Bib, number: str = "", address: str = "") -> str:
    """Write one item."""
    item = {name: value for name, value in _item(bib, number, address).items() if value}
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def _item(bib: Bib, number: str, address: str) -> dict[str, Any]:
    found = cited(bib, address)
    return {
        "id": number or "1",
        "type": found.kind("csl"),
        "title": found.title,
        "author": _names(found.authors),
        "editor": _names(found.editors),
        "translator": _names(found.translators),
        "illustrator": _names(found.illustrators),
        "edition": found.edition,
        "container-title": found.host,
        "publisher": found.publisher,
        "publisher-place": found.place,
        "issued": _issued(bib, found.year),
        "volume": found.volume,
        "issue": found.issue,
        "collection-title": found.series,
        "collection-number": found.series_volume,
        "page": found.pages if found.host else "",
        "number-of-pages": "" if found.host else found.pages,
        "ISBN": " ".join(found.isbns),
        "ISSN": " ".join(found.issns),
        "DOI": found.doi,
        "language": found.language,
        "abstract": found.abstract,
        "keyword": ", ".join(found.keywords),
        "call-number": found.call_number,
        "note": "\n".join(found.notes),
        "URL": found.address,
    }


def _names(names: Iterable[Name]) -> list[dict[str, str]]:
    return [_name(one) for one in names]


def _name(name: Name) -> dict[str, str]:
    if name.whole:
        return {"literal": name.whole}
    return {"family": name.family, "given": name.given, **({"suffix": name.suffix} if name.suffix else {})}


def _issued(bib: Bib, year: str) -> dict[str, Any]:
    if bib.publication.year:
        return {"date-parts": [[bib.publication.year]]}
    return {"literal": year} if year else {}
