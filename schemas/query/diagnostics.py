"""What each error of a query language is called by SRU and by Z39.50.

In: the code of a `QuerySyntaxError`. Out: its number in the SRU diagnostic list (info:srw/diagnostic/1, version 1.2)
and in the Bib-1 diagnostic set (1.2.840.10003.4.1). One table, `diagnostics.tsv`, serves both doors; what SRU's numbers
mean in words is in `sru_diagnostics.tsv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from schemas.errors import QuerySyntaxError
from schemas.maps.tables import rows

#: "cannot process query; reason unknown", and "unspecified error"
_SRU_UNKNOWN: Final = 47
_BIB1_UNKNOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One diagnostic of SRU: its number, details as the standard wants them for it, and more for people."""

    number: int
    details: str = ""
    more: str = ""

    @property
    def uri(self) -> str:
        """The identifier."""
        return f"info:srw/diagnostic/1/{self.number}"

    @property
    def message(self) -> str:
        """The words of the standard, and ours behind them."""
        return ": ".join(filter(None, (sru_words().get(self.number, ""), self.more)))


def of_error(error: QuerySyntaxError) -> Diagnostic:
    """Give the diagnostic of an error in a query."""
    return Diagnostic(sru(error.code), error.where, error.message)


def sru(code: str) -> int:
    """Give the SRU diagnostic number of an error code."""
    return _numbers("sru").get(code, _SRU_UNKNOWN)


def bib1(code: str) -> int:
    """Give the Bib-1 diagnostic number of an error code."""
    return _numbers("bib1").get(code, _BIB1_UNKNOWN)


@cache
def sru_words() -> Mapping[int, str]:
    """Give the words of the SRU diagnostics, by number."""
    return MappingProxyType({int(row["number"]): row["words"] for row in rows("sru_diagnostics", "schemas.query")})


@cache
def _numbers(column: str) -> Mapping[str, int]:
    return MappingProxyType({row["code"]: int(row[column]) for row in rows("diagnostics", "schemas.query")})
