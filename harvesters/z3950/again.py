"""A kept answer read once more, without the network: a replay must give what the harvest would give today.

In: the source, the bytes of an answer to a Present, the number of its page. Out: its `Page`; `SourceBroken` when
nothing can be read in it.
"""

from collections.abc import Iterator
from dataclasses import replace

from harvesters.base import Page, SourceSpec
from harvesters.errors import SourceBroken
from harvesters.z3950.profile import profile
from harvesters.z3950.settings import settings
from harvesters.z3950.taking import taken
from schemas.errors import DecodeError
from schemas.z3950 import codec
from schemas.z3950.ber import Limits
from schemas.z3950.framing import Framer
from schemas.z3950.retrieval import NamedRecord, PresentResponse, Segment


def read_again(spec: SourceSpec, answer: bytes, number: int) -> Page:
    """Read a kept answer once more; raises `SourceBroken`."""
    given, where = settings(spec.options).ber, f"page {number}"
    # What was taken once is taken again, also where the option has been lowered since.
    allowed = replace(given, message=max(given.message, len(answer)))
    try:
        records = tuple(_records(answer, allowed))
    except DecodeError as error:
        raise SourceBroken("not-z3950", f"what was kept is no answer: {error}", where) from None
    found = taken(records, number, profile(spec.options).names, allowed)
    lost = f"{where}: {found.lost} records were withheld or could not be read" if found.lost else ""
    return Page(found.records, bytes=len(answer), fault=lost)


def _records(answer: bytes, limits: Limits) -> Iterator[NamedRecord]:
    framer = Framer(limits)
    framer.feed(answer)
    while (frame := framer.take()) is not None:
        message = codec.decode(frame, limits)
        if isinstance(message, PresentResponse | Segment):
            yield from message.records
