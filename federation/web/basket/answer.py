"""What the basket shows: each title with the shelves it stands on, and the list in every format.

In: records, the numbers asked for. Out: frozen values for the template.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from federation.catalogue.formats import FORMATS
from federation.catalogue.records import UnionRecord
from federation.web.basket.request import written
from federation.web.wording import imprint
from schemas.vietnamese.names import natural


@dataclass(frozen=True, slots=True)
class Row:
    """One title put aside; `statement` says by whom and where it was published, `shelves` are pairs of a library and a
    call number, each once.
    """

    id: int
    title: str
    statement: str
    address: str
    shelves: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Download:
    """The whole list in one format."""

    label: str
    address: str


def row(record: UnionRecord) -> Row:
    """Put one record in words."""
    bib = record.bib
    shelves = dict.fromkeys((held.member_name, held.call_number) for held in record.holdings)
    title = str(bib.title) or _("[no title]")
    made = f"{natural(bib.creator).removesuffix('.')}." if bib.creator else ""
    statement = " ".join(text for text in (made, imprint(bib.publication)) if text)
    return Row(record.id, title, statement, record.address, tuple(shelves))


def downloads(numbers: Sequence[int]) -> tuple[Download, ...]:
    """Give the links to a list in every format."""
    return tuple(
        Download(form.label, f"/basket.{form.extension}?ids={written(numbers)}") for form in FORMATS if form.extension
    )
