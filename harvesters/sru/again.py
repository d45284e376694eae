"""A kept answer read once more, without the network: a replay must give what the harvest would give today.

In: the source, the bytes of an answer, the number of its page. Out: its `Page`; `SourceBroken` when nothing can be read
in it.
"""

from harvesters import rescue
from harvesters.base import Page, SourceSpec
from harvesters.errors import SourceBroken
from harvesters.sru import answer as answers
from harvesters.sru.client import Response
from harvesters.sru.dialect import dialect
from harvesters.sru.profile import profile
from harvesters.sru.taking import taken


def read_again(spec: SourceSpec, answer: bytes, number: int) -> Page:
    """Read a kept answer once more; raises `SourceBroken`."""
    names = profile(spec.options).names
    where = f"page {number}"
    try:
        root = answers.parsed(answer, where)
        found = taken(Response(root, answer, answers.said(root)), number, names)
    except SourceBroken as error:
        broken = rescue.cut(dialect(names), answer, error.message) if error.code == "page-not-well-formed" else None
        if broken is None:
            raise
        found = taken(Response(broken.frame, answer, answers.Said(None, None), broken=broken), number, names)
    lost = f"{where}: {found.lost} records were withheld or could not be read" if found.lost else ""
    return Page(found.records, bytes=len(answer), fault=lost)
