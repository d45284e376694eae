"""A record as linked data of schema.org, for search engines: what it is, and which libraries lend it.

In: a `Bib`, the libraries that hold it, addresses. Out: values to be written as JSON-LD (`Book` or what the material
is, an `Offer` for each library with `availableAtOrFrom`), and the type alone for Signposting.
"""

from collections.abc import Iterable
from typing import Any, Final

from federation.web.record.holdings import Library
from schemas.bib import Bib
from schemas.crosswalks.cited import Cited, cited
from schemas.crosswalks.cited_names import Name
from schemas.maps.languages import language_tag

_SCHEMA: Final = "https://schema.org"


def type_address(bib: Bib) -> str:
    """Give the address of the type of a publication."""
    return f"{_SCHEMA}/{cited(bib).kind('schema_org')}"


def linked(bib: Bib, held: Iterable[Library], address: str, public_url: str) -> dict[str, Any]:
    """Describe a publication; `address` is its permalink."""
    found = cited(bib, address)
    values = {
        "@context": _SCHEMA,
        "@type": found.kind("schema_org"),
        "@id": address,
        "url": address,
        "name": str(bib.title),
        "image": f"{address}/cover.svg",
        **_made(found),
        **_published(found),
        **(_book(found) if found.kind("schema_org") == "Book" else {}),
        **(_part(found) if found.host else {}),
        "inLanguage": [language_tag(code) for code in bib.languages],
        "about": list(found.keywords),
        "description": bib.summary,
        "offers": [_offer(library, public_url) for library in held],
    }
    return {name: value for name, value in values.items() if value}


def _made(found: Cited) -> dict[str, Any]:
    return {
        "author": _people(found.authors),
        "editor": _people(found.editors),
        "translator": _people(found.translators),
        "illustrator": _people(found.illustrators),
    }


def _people(names: Iterable[Name]) -> list[dict[str, str]]:
    return [{"@type": "Organization" if name.body else "Person", "name": name.spoken} for name in names]


def _published(found: Cited) -> dict[str, Any]:
    return {
        "publisher": {"@type": "Organization", "name": found.publisher} if found.publisher else None,
        "datePublished": found.year,
        "issn": list(found.issns) if found.kind("schema_org") == "Periodical" else None,
        "sameAs": f"https://doi.org/{found.doi}" if found.doi else None,
    }


def _book(found: Cited) -> dict[str, Any]:
    return {
        "bookEdition": found.edition,
        "isbn": list(found.isbns),
        "numberOfPages": int(found.pages) if found.pages else None,
        "isPartOf": {"@type": "BookSeries", "name": found.series} if found.series else None,
    }


def _part(found: Cited) -> dict[str, Any]:
    host = {
        "@type": "Book" if found.book else "Periodical",
        "name": found.host,
        "isbn": list(found.isbns) if found.book else None,
        "issn": None if found.book else list(found.issns),
    }
    return {"isPartOf": {name: value for name, value in host.items() if value}, "pagination": found.pages}


def _offer(library: Library, public_url: str) -> dict[str, Any]:
    contact = library.contact
    place = {
        "@type": "Library",
        "@id": f"{public_url}/library/{library.code}",
        "name": library.name,
        "address": contact.address,
        "telephone": contact.phone,
        "url": contact.website,
    }
    offer = {
        "@type": "Offer",
        "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut",
        "availableAtOrFrom": {name: value for name, value in place.items() if value},
        "sku": next((shelf.call_number for shelf in library.shelves if shelf.call_number), ""),
        "inventoryLevel": {"@type": "QuantitativeValue", "value": library.copies} if library.copies else None,
    }
    return {name: value for name, value in offer.items() if value}
