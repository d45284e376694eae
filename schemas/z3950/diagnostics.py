"""The diagnostics of Bib-1: numbers that tell a peer, in any language, what went wrong.

In: `diagnostics.tsv`. Out: messages in English and Vietnamese. Both Z39.50 peers send the number and what it is about;
the words are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from schemas.maps.tables import rows
from schemas.z3950 import oid
from schemas.z3950.external import External
from schemas.z3950.values import AnyDiagnostic


@dataclass(frozen=True, slots=True)
class Message:
    """What a diagnostic says."""

    en: str
    vi: str


@cache
def messages() -> Mapping[int, Message]:
    """Map each number to its message."""
    table = rows("diagnostics", "schemas.z3950")
    return MappingProxyType({int(row["code"]): Message(row["en"], row["vi"]) for row in table})


def told(diagnostic: AnyDiagnostic, lang: str = "en") -> str:
    """Say a diagnostic in words, in `vi` or `en`: `114 The use attribute is not supported: 1999`."""
    if isinstance(diagnostic, External):
        return oid.label(diagnostic.syntax)
    message = messages().get(diagnostic.condition) if diagnostic.set == oid.DIAGNOSTICS else None
    words = (message.vi if lang == "vi" else message.en) if message else oid.label(diagnostic.set)
    return f"{diagnostic.condition} {words}" + (f": {diagnostic.add_info}" if diagnostic.add_info else "")
