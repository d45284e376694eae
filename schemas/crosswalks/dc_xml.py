"""Reading an oai_dc element: its values by name, whatever namespaces a repository got right or wrong.

In: the bytes of one record's metadata. Out: the texts of each Dublin Core element, in NFC, blanks normalised. A
document type is refused and no entity is expanded: nothing a record says makes us read anything else.
"""

import unicodedata
from typing import Final

from lxml import etree

from schemas.errors import CrosswalkError, DecodeError
from schemas.mend import mend

_OURS: Final = frozenset(
    (
        "",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/dc/elements/1.0/",
        "http://purl.org/dc/terms/",
        "http://www.openarchives.org/OAI/2.0/oai_dc/",
        "http://www.openarchives.org/OAI/2.0/",
        "http://www.openarchives.org/OAI/1.1/dc",
    )
)
#: Elements around the values: dc (oai_dc, srw_dc), qualifieddc (oai_qdc), metadata with nothing in between.
_CONTAINERS: Final = ("dc", "qualifieddc", "simpledc", "metadata")
#: Refinements of DCMI Terms that mean an element of the simple set for us.
_REFINEMENTS: Final = {
    "alternative": "title",
    "issued": "date",
    "created": "date",
    "spatial": "coverage",
    "temporal": "coverage",
    "extent": "format",
    "ispartof": "relation",
    "bibliographiccitation": "source",
    "accessrights": "rights",
    "license": "rights",
}
_ELEMENTS: Final = """
title creator subject description publisher contributor date type format identifier source language relation
coverage rights abstract tableofcontents
"""
ELEMENTS: Final = frozenset(_ELEMENTS.split())


def values(content: bytes) -> tuple[dict[str, list[str]], bool]:
    """Give the texts of each element, and whether all of them were in NFC.

    Raises `DecodeError` when this is no XML we may read, `CrosswalkError` when it holds no Dublin Core.
    """
    found: dict[str, list[str]] = {}
    as_is = True
    for child in _container(_parsed(content)):
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child)
        local = name.localname.lower()
        local = _REFINEMENTS.get(local, local)
        text = " ".join("".join(child.itertext()).split())
        if text and local in ELEMENTS and (name.namespace or "") in _OURS:
            composed = unicodedata.normalize("NFC", text)
            as_is = as_is and composed == text
            found.setdefault(local, []).append(composed)
    if not found:
        raise CrosswalkError("format-unsupported", "this record holds no Dublin Core element with a value", "metadata")
    return found, as_is


def _parsed(content: bytes) -> etree._Element:
    try:
        root = _read(content)
    except (etree.XMLSyntaxError, ValueError) as error:
        root = _mended(content, error)
    if root.getroottree().docinfo.doctype:
        message = "the Dublin Core record brings a document type (DOCTYPE), which is refused"
        raise DecodeError("xml-doctype", message, "line 1")
    return root


def _read(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return etree.fromstring(content.lstrip(), parser)


def _mended(content: bytes, error: Exception) -> etree._Element:
    """Read what a harvester has cut out of a page that was not well-formed: it knows, and has told, that it mends."""
    try:
        return _read(mend(content).content)
    except (etree.XMLSyntaxError, ValueError):
        raise DecodeError("xml-unreadable", f"the Dublin Core record is not well-formed XML: {error}") from error


def _container(root: etree._Element) -> etree._Element:
    for element in root.iter():
        if isinstance(element.tag, str) and etree.QName(element).localname.lower() in _CONTAINERS:
            inner = next((child for child in element if _is_container(child)), None)
            return element if inner is None else inner
    raise CrosswalkError("format-unsupported", "there is no dc element in this record", f"<{root.tag}>")


def _is_container(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname.lower() in _CONTAINERS
