"""Which metadata format to ask for, and what a payload is: told by namespaces, because prefixes have any name.

In: the formats a server lists, or the root element of a payload. Out: a metadataPrefix, or a `Syntax`. Servers call
MARCXML marc21, marcxml, marc, MARC21 or oai_marc; the namespace of MARC21slim (or of ISO 25577 MarcXchange) counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from harvesters.base import Syntax
from harvesters.errors import SourceRefused

MARC_NAMESPACES: Final = (
    "http://www.loc.gov/MARC21/slim",
    "info:lc/xmlns/marcxchange-v2",
    "info:lc/xmlns/marcxchange-v1",
)
OAI_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DC_ROOTS: Final = ("dc", "qualifieddc", "simpledc")
_MARC_PREFIXES: Final = ("marc21", "marcxml", "marc")
_MARC_PARTS: Final = {"leader", "controlfield", "datafield"}


@dataclass(frozen=True, slots=True)
class Offer:
    """One format of ListMetadataFormats."""

    prefix: str
    namespace: str
    schema: str = ""


def choose(offers: Iterable[Offer], where: str) -> str:
    """Give the prefix to ask for: MARCXML before Dublin Core. Raises `SourceRefused` when neither is offered."""
    found = [offer for offer in offers if offer.prefix]
    for fits in (_is_marc, _is_called_marc, _is_dc):
        fitting = sorted((offer.prefix for offer in found if fits(offer)), key=_rank)
        if fitting:
            return fitting[0]
    offered = ", ".join(f"{offer.prefix} ({offer.namespace})" for offer in found) or "none"
    message = f"no format that we can read is offered; offered: {offered}; name one of them as the source's prefix"
    raise SourceRefused("no-known-format", message, where)


def _is_marc(offer: Offer) -> bool:
    return _bare(offer.namespace) in {_bare(known) for known in MARC_NAMESPACES}


def _is_called_marc(offer: Offer) -> bool:
    # Wrong namespaces are common (the schema's address, a trailing word); oai_marc is another, older format.
    return "marc21slim" in offer.schema.lower() or offer.prefix.lower() in _MARC_PREFIXES


def _is_dc(offer: Offer) -> bool:
    return offer.prefix == "oai_dc" or _bare(offer.namespace) == _bare(OAI_DC)


def _bare(namespace: str) -> str:
    return namespace.strip().rstrip("/").lower().replace("https://", "http://")


def _rank(prefix: str) -> tuple[int, str]:
    name = prefix.lower()
    return (_MARC_PREFIXES.index(name) if name in _MARC_PREFIXES else len(_MARC_PREFIXES), prefix)


def syntax(payload: Any) -> Syntax:
    """Tell by its root element what a payload is; MARC is also known without its namespace, by its parts."""
    name = etree.QName(payload)
    namespace = name.namespace or ""
    if namespace in MARC_NAMESPACES or (name.localname in ("record", "collection") and _has_marc_parts(payload)):
        return "marcxml"
    # Namespaces of Dublin Core are wrong more often than its names; what holds none is refused when it is read.
    if name.localname.lower() in _DC_ROOTS:
        return "oai_dc"
    return "unknown"


def _has_marc_parts(payload: Any) -> bool:
    record = payload
    if etree.QName(payload).localname == "collection":
        record = next(payload.iterchildren(etree.Element), payload)
    return any(etree.QName(part).localname in _MARC_PARTS for part in record.iterchildren(etree.Element))
