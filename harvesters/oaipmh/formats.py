"""Which metadata format to ask for: told by namespaces, because prefixes have any name.

In: the formats a server lists. Out: a metadataPrefix. Servers call MARCXML marc21, marcxml, marc, MARC21 or oai_marc;
the namespace of MARC21slim (or of ISO 25577 MarcXchange) counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from harvesters.errors import SourceRefused
from harvesters.payload import MARC_NAMESPACES

OAI_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_MARC_PREFIXES: Final = ("marc21", "marcxml", "marc")


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
