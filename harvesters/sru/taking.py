"""What an answer of SRU brought, also one that is no well-formed XML.

In: a `Response`, the number of its page, how records are named. Out: `Taken`, to be judged by `harvesters.result`.
"""

from harvesters.names import Names
from harvesters.result import Taken
from harvesters.sru import answer
from harvesters.sru.client import Response
from schemas.issues import BROKEN


def taken(response: Response, number: int, names: Names) -> Taken:
    """Read the records of an answer, of a broken one those that can be rescued."""
    hits, following, sent = response.said.hits, response.said.next, response.content
    if response.broken is None:
        found = tuple(answer.records(response.root, response.content, number, names))
        lost = sum(BROKEN in record.findings for record in found)
        return Taken(found, len(found), lost, "", hits, following, sent)
    rescued, count = response.broken.rescued(number), len(response.broken.pieces)
    records, lost, fault = rescued.records, rescued.lost, response.broken.fault
    last = [record for record in records if record.where == f"page {number} record {count}"]
    if response.broken.frame is None and count > 1 and all(BROKEN in record.findings for record in last):
        # Cut off in its last record: the next page begins with it.
        records = tuple(record for record in records if record not in last)
        count, lost = count - 1, lost - 1
    return Taken(records, count, lost, fault, hits, following, sent)
