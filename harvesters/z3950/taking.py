"""What an answer of Z39.50 brought: the records in their places, and why some are none.

In: records as presented, the number of the page, how records are named. Out: `Taken`, to be judged by
`harvesters.result`. A diagnostic in the place of a record is put aside with what it says.
"""

import hashlib
from collections.abc import Iterable

from harvesters.base import Harvested
from harvesters.names import Names
from harvesters.result import Taken
from harvesters.z3950.holdings import with_holdings
from harvesters.z3950.received import Payload, payload
from schemas.issues import BROKEN
from schemas.z3950.ber import Limits
from schemas.z3950.retrieval import NamedRecord


def taken(records: Iterable[NamedRecord], number: int, names: Names, limits: Limits) -> Taken:
    """Read the records of a page."""
    found = tuple(
        _harvested(payload(record, limits), f"page {number} record {count}", names)
        for count, record in enumerate(records, 1)
    )
    return Taken(found, len(found), sum(BROKEN in record.findings for record in found))


def _harvested(found: Payload, where: str, names: Names) -> Harvested:
    if found.fault:
        content = found.content or found.fault.encode()
        name = f"sha256:{hashlib.sha256(content + where.encode()).hexdigest()[:32]}"
        return Harvested(name, content, "unknown", f"{where}: {found.fault}", findings=(BROKEN,))
    content = with_holdings(found.content, found.syntax, found.holdings)
    name, findings = names.of(content, found.syntax)
    return Harvested(name, content, found.syntax, where, findings=findings)
