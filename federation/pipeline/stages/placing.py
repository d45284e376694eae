"""Which OAI sets a union record is in: by member, by kind of library, by material, by collection.

In: the union's internal record, the codes of its members and their kinds. Out: set names that never contain a
district, a level or a person's words (OAI-PMH 2.0, section 2.6). The collection of local history ("địa chí") is what
the record itself says is about the province.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from schemas.bib import Bib
from schemas.vietnamese.fold import folded

#: collection -> folded names of places, one of which its records say in title or subjects
COLLECTIONS: Final[dict[str, tuple[str, ...]]] = {"diachi": ("quang ngai", "kon tum", "ly son", "sa huynh", "ba to")}
#: stands between texts, and in no name
_BETWEEN: Final = " | "
_APART: Final = r"[^|\w]+"
_NAMED: Final = {
    name: re.compile(rf"\b(?:{'|'.join(place.replace(' ', _APART) for place in places)})\b")
    for name, places in COLLECTIONS.items()
}


def sets_of(bib: Bib, members: Iterable[str], kinds: dict[str, tuple[str, str]]) -> tuple[str, ...]:
    """Give the names of the sets, sorted, each once."""
    codes = set(members)
    found = {f"member:{code}" for code in codes}
    found.update(f"kind:{kinds[code][0]}" for code in codes if kinds.get(code, ("", ""))[0])
    found.add(f"type:{bib.material}")
    found.update(f"collection:{name}" for name in _collections(bib))
    return tuple(sorted(found))


def _collections(bib: Bib) -> Iterator[str]:
    said = _BETWEEN.join([str(bib.title), *[subject.heading for subject in bib.subjects]])
    # Most records say it without any mark; lower case is then all there is to fold.
    plain = said.lower() if said.isascii() else folded(said)
    return (name for name, named in _NAMED.items() if named.search(plain))
