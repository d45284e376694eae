"""The shelf that judged searches are asked of: real records of a Vietnamese university and of the Library of Congress.

In: the folder of real records. Out: a search index, and for each of its numbers what a judgement recognises a record
by. The stacks of the university stand for 22 libraries; what agrees in title, creator and year is one title that
several of them hold. (How matching unites records is measured elsewhere; here a plain key will do.)
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from federation.index import open_engine
from federation.index.document import Placement, document, heading_key, name
from federation.index.engine import Document, Engine
from schemas.bib import Bib
from schemas.crosswalks import marc21_bib
from schemas.marc import clean
from tests.accuracy.wild_catalogue import decoded

FILES: Final = ("marc/bk-vietnam/*.mrc.gz", "marc/lc-vietnamese.mrc", "marc/lc-books-10000.mrc.gz")
_Key = tuple[bytes, bytes, int]


@dataclass
class Shelf:
    """The records by number, from 1: one description of each title, and who holds it."""

    bibs: list[Bib] = field(default_factory=list)
    members: list[dict[str, None]] = field(default_factory=list)

    def documents(self) -> Iterator[Document]:
        """Give what the index keeps of each."""
        for number, (bib, members) in enumerate(zip(self.bibs, self.members, strict=True), start=1):
            yield document(number, sha256(str(number).encode()).digest(), bib, Placement(tuple(members)))

    def engine(self, folder: Path) -> Engine:
        """Make a search index of it."""
        engine = open_engine(f"tantivy:{folder}", create=True)
        engine.rebuild(self.documents())
        return engine


def gather(data: Path) -> Shelf:
    """Read the real records; those without a title are left out."""
    shelf, known = Shelf(), dict[_Key, int]()
    for path in (path for pattern in FILES for path in sorted(data.glob(pattern))):
        for each in decoded(path):
            if each is None:
                continue
            bib = marc21_bib.bib(clean.clean(each.record, each.text)[0])[0]
            if not bib.title.main:
                continue
            place = known.setdefault(_key(bib), len(known))
            if place == len(shelf.bibs):
                shelf.bibs.append(bib)
                shelf.members.append({})
            shelf.members[place][path.name.partition(".")[0]] = None
    return shelf


def _key(bib: Bib) -> _Key:
    return heading_key(str(bib.title)), heading_key(name(bib.creator)), bib.publication.year
