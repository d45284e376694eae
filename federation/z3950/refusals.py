"""Why the Z39.50 door does not do what it was asked, as the diagnostic that says so.

In: errors of the query languages, the catalogue and this door. Out: a `Diagnostic` of Bib-1. Nobody is told more of a
fault of ours than that it is one.
"""

import logging
from typing import Final

from federation.errors import FederationError, Unavailable
from schemas.errors import QuerySyntaxError
from schemas.query import diagnostics
from schemas.z3950.values import Diagnostic

_LONGEST: Final = 200
_UNAVAILABLE, _OUR_FAULT = 109, 2
log = logging.getLogger(__name__)


class Refused(Exception):
    """A request that is answered by a diagnostic."""

    def __init__(self, condition: int, about: object = "") -> None:
        super().__init__(condition, about)
        self.diagnostic = Diagnostic(condition, str(about)[:_LONGEST])


def told(error: Exception) -> Diagnostic:
    """Give the diagnostic of an error."""
    if isinstance(error, Refused):
        return error.diagnostic
    if isinstance(error, QuerySyntaxError):
        return Diagnostic(diagnostics.bib1(error.code), (error.where or error.message)[:_LONGEST])
    if isinstance(error, Unavailable):
        log.warning("a request could not be answered: %s", error)
        return Diagnostic(_UNAVAILABLE, error.code)
    log.error("a request failed: %s", error, exc_info=not isinstance(error, FederationError) and error)
    return Diagnostic(_OUR_FAULT)
