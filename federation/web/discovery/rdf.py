"""Statements about things, written in the two ways that catalogues of data read: JSON-LD and RDF/XML.

In: `Node`s. Out: text. Only what a description of data needs: names, texts in a language, typed values, other things.
Standards: JSON-LD 1.1 with its context inside, RDF 1.1 XML Syntax.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec
from lxml import etree

SPACES: Final[Mapping[str, str]] = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_XML: Final = "http://www.w3.org/XML/1998/namespace"


@dataclass(frozen=True, slots=True)
class Text:
    """A text, in a language, or of a type (`xsd:dateTime`)."""

    text: str
    lang: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that has an address and is told of elsewhere."""

    address: str


@dataclass(frozen=True, slots=True)
class Node:
    """Something of a type (`dcat:Dataset`), perhaps with an address, and what is said of it."""

    type: str
    address: str
    said: tuple[tuple[str, "Value"], ...] = ()


Value: TypeAlias = Text | Thing | Node


def json_ld(node: Node) -> bytes:
    """Write as JSON-LD."""
    context = {prefix: space for prefix, space in SPACES.items() if prefix != "rdf"}
    return msgspec.json.format(msgspec.json.encode({"@context": context, **_json(node)}))


def _json(value: Value) -> dict[str, Any]:
    match value:
        case Text(text, lang, kind):
            return {"@value": text, **({"@language": lang} if lang else {}), **({"@type": kind} if kind else {})}
        case Thing(address):
            return {"@id": address}
        case Node(kind, address, said):
            found: dict[str, Any] = {"@type": kind, **({"@id": address} if address else {})}
            for name, each in said:
                found.setdefault(name, []).append(_json(each))
            return found


def rdf_xml(node: Node) -> bytes:
    """Write as RDF/XML."""
    root = etree.Element(_qualified("rdf:RDF"), nsmap=dict(SPACES))
    _element(root, node)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def _element(parent: etree._Element, node: Node) -> None:
    element = etree.SubElement(parent, _qualified(node.type))
    if node.address:
        element.set(_qualified("rdf:about"), node.address)
    for name, value in node.said:
        said = etree.SubElement(element, _qualified(name))
        match value:
            case Text(text, lang, kind):
                said.text = text
                _mark(said, ((f"{{{_XML}}}lang", lang), (_qualified("rdf:datatype"), _whole(kind))))
            case Thing(address):
                said.set(_qualified("rdf:resource"), address)
            case Node():
                _element(said, value)


def _mark(element: etree._Element, marks: Iterable[tuple[str, str]]) -> None:
    for name, value in marks:
        if value:
            element.set(name, value)


def _qualified(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def _whole(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{SPACES[prefix]}{local}" if name else ""
