"""The same pairs by other rules: what a catalogue would get without ours.

In: a `Pair`. Out: whether that rule calls it one. Gold Rush is the match key of Reservoir and of the Colorado Alliance,
in its Python edition (PyPI goldrush), which reads pymarc records; RecordManager takes any shared ISBN.
"""

import io
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import pymarc
from goldrush import goldrush

from schemas.bib import Bib
from schemas.marc import write
from schemas.marc.record import MarcRecord
from schemas.vietnamese.fold import folded
from tests.accuracy.pairs import Pair


def gold_rush(pair: Pair) -> bool:
    """Tell whether both records have one Gold Rush key."""
    left, right = map(_gold_rush_key, pair.marc())
    return left == right


def shared_isbn(pair: Pair) -> bool:
    """Tell whether both bibs name one valid ISBN."""
    return bool(set(pair.left.numbers("isbn")) & set(pair.right.numbers("isbn")))


def title_year_author(pair: Pair) -> bool:
    """Tell whether title, year and first author are equal, without regard to case, marks and punctuation."""
    return _said(pair.left) == _said(pair.right)


PEERS: Final[Mapping[str, Callable[[Pair], bool]]] = MappingProxyType(
    {"Gold Rush": gold_rush, "any shared ISBN": shared_isbn, "title, year, author": title_year_author}
)


@cache
def _gold_rush_key(record: MarcRecord) -> str:
    read = next(pymarc.MARCReader(io.BytesIO(write.marc(record)), to_unicode=True, force_utf8=True))
    if read is None:
        raise ValueError(f"pymarc cannot read what we wrote: {record.control('001')}")
    return str(goldrush(read))


def _said(bib: Bib) -> tuple[str, int, str]:
    return _letters(str(bib.title)), bib.publication.year, _letters(bib.creator)


def _letters(text: str) -> str:
    return "".join(letter for letter in folded(text) if letter.isalnum())
