"""What each error of a query language is called by SRU and by Z39.50.

In: the code of a `QuerySyntaxError`. Out: its number in the SRU diagnostic list (info:srw/diagnostic/1, version 1.2)
and in the Bib-1 diagnostic set (1.2.840.10003.4.1). One table, `diagnostics.tsv`, serves both doors.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from schemas.maps.tables import rows

#: "cannot process query; reason unknown", and "unspecified error"
_SRU_UNKNOWN: Final = 47
_BIB1_UNKNOWN: Final = 100


def sru(code: str) -> int:
    """Give the SRU diagnostic number of an error code."""
    return _numbers("sru").get(code, _SRU_UNKNOWN)


def bib1(code: str) -> int:
    """Give the Bib-1 diagnostic number of an error code."""
    return _numbers("bib1").get(code, _BIB1_UNKNOWN)


@cache
def _numbers(column: str) -> Mapping[str, int]:
    return MappingProxyType({row["code"]: int(row[column]) for row in rows("diagnostics", "schemas.query")})
