"""What programs that keep references read from a page: COinS, Highwire's meta elements, Open Graph.

In: a `Bib` and its permalink. Out: texts for attributes. OpenURL ANSI/NISO Z39.88-2004 with the keys of its matrices
(book, dissertation, journal); Google Scholar's inclusion guidelines; the Open Graph protocol. Zotero asks unAPI first,
then COinS, then these.
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from schemas.bib import Bib
from schemas.crosswalks.cited import Cited, cited

_NO_BOOKS: Final = {"article": "journal", "serial": "journal", "eserial": "journal", "thesis": "dissertation"}
#: what stands in the matrix of one kind only; the rest stands in all of them, or in those of books and journals
_ONLY: Final = {
    **dict.fromkeys(("btitle", "place", "pub", "edition", "series"), ("book",)),
    **dict.fromkeys(("jtitle", "volume", "issue"), ("journal",)),
    **dict.fromkeys(("genre", "atitle", "aucorp", "issn", "pages", "spage", "epage"), ("book", "journal")),
    "tpages": ("book", "dissertation"),
    "inst": ("dissertation",),
}
_MOST_SUMMARY: Final = 300


def coins(bib: Bib, address: str) -> str:
    """Write the ContextObject that stands in the title of a span."""
    found = cited(bib, address)
    kind = _NO_BOOKS.get(found.material, "book")
    pairs = [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{kind}")]
    pairs += [
        (f"rft.{name}", value) for name, value in _context(found, kind) if value and kind in _ONLY.get(name, (kind,))
    ]
    pairs += [("rft_id", f"urn:isbn:{number}") for number in found.isbns]
    pairs += [("rft_id", f"info:doi/{found.doi}")] if found.doi else []
    return urlencode([*pairs, ("rfr_id", "info:sid/lienthong"), ("rft_id", address)])


def _context(found: Cited, kind: str) -> Iterator[tuple[str, str]]:
    yield "genre", _genre(found)
    yield "atitle" if found.host else {"book": "btitle", "journal": "jtitle"}.get(kind, "title"), found.title
    yield "jtitle", found.journal
    yield "btitle", found.book
    for place, name in enumerate(found.authors):
        if not place and name.family:
            yield "aulast", name.family
            yield "aufirst", name.given
        yield "aucorp" if name.body and kind != "dissertation" else "au", name.inverted
    yield "pub", found.publisher
    yield "inst", found.publisher
    yield "place", found.place
    yield "date", found.year
    yield "edition", found.edition
    yield "series", found.series
    yield "volume", found.volume if found.host else ""
    yield "issue", found.issue
    yield "tpages", "" if found.host else found.pages
    if found.host:
        yield "pages", found.pages
        yield "spage", found.first_page
        yield "epage", found.last_page
    yield "isbn", next(iter(found.isbns), "")
    yield "issn", next(iter(found.issns), "")


def _genre(found: Cited) -> str:
    if found.material in ("serial", "eserial", "article"):
        return "article" if found.material == "article" else "journal"
    if found.book:
        return "bookitem"
    # There is no genre for a map or a recording; "document" is what is none of the others.
    return "book" if found.kind("schema_org") == "Book" else "document"


def highwire(bib: Bib, address: str) -> tuple[tuple[str, str], ...]:
    """Give the names and contents of meta elements."""
    found = cited(bib, address)
    pairs = [
        ("citation_title", found.title),
        *(("citation_author", name.inverted) for name in found.authors),
        *(("citation_editor", name.inverted) for name in found.editors),
        ("citation_journal_title", found.journal),
        ("citation_inbook_title", found.book),
        ("citation_volume", found.volume if found.host else ""),
        ("citation_issue", found.issue),
        ("citation_firstpage", found.first_page if found.host else ""),
        ("citation_lastpage", found.last_page),
        ("citation_dissertation_institution", found.publisher if found.material == "thesis" else ""),
        ("citation_publisher", found.publisher),
        ("citation_publication_date", found.year),
        *(("citation_isbn", number) for number in found.isbns),
        *(("citation_issn", number) for number in found.issns),
        ("citation_doi", found.doi),
        ("citation_language", found.language),
        *(("citation_keywords", word) for word in found.keywords),
        ("citation_abstract_html_url", address),
    ]
    return tuple((name, content) for name, content in pairs if content)


def graph_type(bib: Bib) -> str:
    """Give the type of Open Graph: it knows books, and what is none is a page."""
    return "book" if cited(bib).kind("schema_org") == "Book" else "website"


def summary(bib: Bib) -> str:
    """Say in one line what it is, for those who show links."""
    found = cited(bib)
    told = found.abstract or ". ".join(
        text for text in (", ".join(n.spoken for n in found.authors), found.host, found.publisher, found.year) if text
    )
    return told if len(told) <= _MOST_SUMMARY else told[: _MOST_SUMMARY - 1].rstrip() + "…"
