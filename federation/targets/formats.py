"""The formats in which a record of a target is taken over.

In: a `Hit`. Out: bytes. Raises `DecodeError` for one that could not be read, `EncodeError` for what a format cannot
hold.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from federation.targets.hits import Hit
from schemas.bib import Bib
from schemas.crosswalks.bib_dc import oai_dc
from schemas.crosswalks.bib_mods import mods
from schemas.errors import DecodeError
from schemas.marc import straight

FORMATS: Final[Mapping[str, Callable[[bytes, Bib], bytes]]] = MappingProxyType(
    {
        "marcxml": lambda marcxml, _: marcxml,
        "marc": lambda marcxml, _: straight.marc(marcxml),
        "mods": lambda _, bib: mods(bib, bib.control_number).encode(),
        "oai_dc": lambda _, bib: oai_dc(bib).encode(),
    }
)


def written(hit: Hit, form: str) -> bytes:
    """Give a record in a format."""
    if hit.bib is None:
        raise DecodeError("record-unreadable", hit.fault)
    return FORMATS[form](hit.marcxml, hit.bib)
