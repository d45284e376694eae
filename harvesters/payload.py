"""What a payload is, told by its root element: MARC, Dublin Core, or neither.

In: the root element. Out: a `Syntax`. The namespaces of MARC21slim and of ISO 25577 MarcXchange count; MARC is known
without them by its parts.
"""

from typing import Any, Final

from lxml import etree

from harvesters.base import Syntax

MARC_NAMESPACES: Final = (
    "http://www.loc.gov/MARC21/slim",
    "info:lc/xmlns/marcxchange-v2",
    "info:lc/xmlns/marcxchange-v1",
)
_DC_ROOTS: Final = ("dc", "qualifieddc", "simpledc")
_MARC_PARTS: Final = {"leader", "controlfield", "datafield"}


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
