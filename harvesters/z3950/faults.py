"""What a target says went wrong, as one of our errors: may it pass, or has somebody to change something.

In: diagnostics of Bib-1, the reason of a Close. Out: a `HarvestError`; of diagnostics that waiting does not help
against a `Diagnosed`, with their number.
"""

from collections.abc import Sequence
from typing import Final

from harvesters.errors import Diagnosed, HarvestError, SourceBroken, SourceRefused, SourceUnavailable
from schemas.z3950 import diagnostics, oid
from schemas.z3950.session import Close, CloseReason
from schemas.z3950.values import AnyDiagnostic, Diagnostic

#: diagnostics that may pass
PASSING: Final = (2, 28, 29, 109, 1014, 1015, 1018, 1019, 1020)
#: what the target says of a result that is larger than it gives
TOO_MANY: Final = (12, 31, 32, 33, 112)
BEYOND, NO_SET, DELETED_SET, NO_SCAN_MORE = 13, 30, 27, 241
_LONGEST: Final = 300


def diagnosed(found: Sequence[AnyDiagnostic], where: str) -> HarvestError:
    """Give the first diagnostic as an error; all of them are told."""
    number = number_of(found[0]) if found else 0
    said = "; ".join(diagnostics.told(each) for each in found)[:_LONGEST] or "it does not say why"
    if number in PASSING:
        return SourceUnavailable(f"z3950-{number}", f"the target answers {said}", where)
    return Diagnosed(f"z3950-{number}", f"the target answers {said}", where, number)


def number_of(diagnostic: AnyDiagnostic) -> int:
    """Give the number of a diagnostic of Bib-1, 0 for others."""
    known = isinstance(diagnostic, Diagnostic) and diagnostic.set == oid.DIAGNOSTICS
    return diagnostic.condition if known and isinstance(diagnostic, Diagnostic) else 0


def closed(close: Close, where: str) -> HarvestError:
    """Give a Close that came unasked as an error."""
    words = "".join(each if each.isprintable() else " " for each in close.message or "")[:_LONGEST]
    reason = close.reason.name.lower().replace("_", " ")
    said = f"the target closed the session ({reason})" + (f": {words}" if words else "")
    if close.reason in (CloseReason.SECURITY_VIOLATION, CloseReason.COST_LIMIT):
        return SourceRefused("z3950-closed", said, where)
    if close.reason == CloseReason.PROTOCOL_ERROR:
        return SourceBroken("z3950-closed", said, where)
    return SourceUnavailable("z3950-closed", said, where)
