"""Object identifiers of Z39.50: attribute sets, record syntaxes, negotiations, and what they are called.

In: `oids.tsv`. Out: the ones the code names, as constants, and `label` for messages. All are strings of dotted numbers.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from schemas.maps.tables import rows

PREFIX: Final = "1.2.840.10003"

BIB_1: Final = f"{PREFIX}.3.1"
DIAGNOSTICS: Final = f"{PREFIX}.4.1"
DIAG_1: Final = f"{PREFIX}.4.2"
UNIMARC: Final = f"{PREFIX}.5.1"
USMARC: Final = f"{PREFIX}.5.10"
SUTRS: Final = f"{PREFIX}.5.101"
OPAC: Final = f"{PREFIX}.5.102"
GRS_1: Final = f"{PREFIX}.5.105"
XML: Final = f"{PREFIX}.5.109.10"
APPLICATION_XML: Final = f"{PREFIX}.5.109.11"
USER_INFO_1: Final = f"{PREFIX}.10.3"
CHARSET_3: Final = f"{PREFIX}.15.3"
CQL: Final = f"{PREFIX}.16.2"


@cache
def _labels() -> Mapping[str, str]:
    return MappingProxyType({row["oid"]: row["label"] for row in rows("oids", "schemas.z3950")})


def label(oid: str) -> str:
    """Give what an object identifier is called; itself when nobody knows."""
    return _labels().get(oid, oid)


@cache
def of_class(name: str) -> Mapping[str, str]:
    """Map the object identifiers of one class (`record-syntax`) to what they are called."""
    found = (row for row in rows("oids", "schemas.z3950") if row["class"] == name)
    return MappingProxyType({row["oid"]: row["label"] for row in found})
