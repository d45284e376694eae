"""Records in the wild: files of MARC read as if each were a member's, and what the rules make of them.

In: paths of ISO 2709 or MARCXML files, packed by gzip or not. Out: a `Catalogue`: every profile once, with the places
of the records that have it. What is kept per record is its place, per profile a line, so that 150,000 fit into memory.
"""

import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from federation.matching.profile import Profile, profile
from schemas.bib import Bib
from schemas.crosswalks import marc21_bib
from schemas.errors import SchemaError
from schemas.marc import clean, marcxml, read, splitxml
from schemas.marc.piece import Decoded

#: holdings, authorities, classification, community information
_OTHER_KINDS: Final = frozenset("uvxyzwq")
_GZIP: Final = b"\x1f\x8b"
_LONGEST: Final = 250


@dataclass
class Catalogue:
    """Profiles, what the first record of each says, the places (file:number) of its records, and how many were
    unreadable or no bibs.
    """

    profiles: list[Profile] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    places: list[list[str]] = field(default_factory=list)
    unread: int = 0

    @property
    def records(self) -> int:
        """Give how many records were read."""
        return sum(map(len, self.places))


def gather(paths: Iterable[Path]) -> Catalogue:
    """Read the files."""
    made, known = Catalogue(), dict[Profile, int]()
    for path in paths:
        for number, each in enumerate(decoded(path), 1):
            if each is None or each.record.leader[6:7] in _OTHER_KINDS:
                made.unread += 1
                continue
            record, _ = clean.clean(each.record, each.text)
            bib = marc21_bib.bib(record)[0]
            found = profile(bib)
            index = known.setdefault(found, len(known))
            if index == len(made.profiles):
                made.profiles.append(found)
                made.said.append(described(bib))
                made.places.append([])
            made.places[index].append(f"{path.name.partition('.')[0]}:{number}")
    return made


def described(bib: Bib) -> str:
    """Describe a bib in one line, as a person reads it, numbers that tell copies apart left out."""
    parts = (
        str(bib.title),
        bib.title.responsibility or "; ".join(agent.name for agent in bib.agents),
        bib.edition.statement,
        ", ".join(filter(None, (bib.publication.publisher, bib.publication.date or str(bib.publication.year or "")))),
        bib.extent,
        "; ".join(f"{series.title} {series.volume}" for series in bib.series),
        bib.material,
        " ".join(bib.numbers("isbn")),
    )
    return " | ".join(filter(None, parts))[:_LONGEST]


def decoded(path: Path) -> Iterator[Decoded | None]:
    """Read the records of a file one after the other; None for one that cannot be read."""
    with _opened(path) as stream:
        is_xml = stream.peek(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
        for piece in (splitxml.split_xml if is_xml else read.split)(stream):
            try:
                yield (marcxml.decode_xml if is_xml else read.decode)(piece.content)
            except SchemaError:
                yield None


def _opened(path: Path) -> io.BufferedReader:
    with path.open("rb") as stream:
        is_packed = stream.read(2) == _GZIP
    return io.BufferedReader(gzip.open(path)) if is_packed else path.open("rb")
