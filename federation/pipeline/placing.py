"""Which OAI sets a union record is in: by member, by kind of library, by material, by collection.

In: the union's internal record, the codes of its members and their kinds. Out: set names that never contain a district, a level or a
person's words (OAI-PMH 2.0, section 2.6). The collection of local history ("địa chí") is what the record itself says is about the province.
"""

from collections.abc import Iterable
from typing import Final

from schemas.bib import Bib
from schemas.vietnamese.fold import folded

#: collection -> folded words one of which its records name in title or subjects
COLLECTIONS: Final = {"diachi": ("quang ngai", "kon tum", "ly son", "sa huynh", "ba to")}


def sets_of(bib: Bib, members: Iterable[str], kinds: dict[str, tuple[str, str]]) -> tuple[str, ...]:
    """Give the names of the sets, sorted, each once."""
    codes = set(members)
    found = {f"member:{code}" for code in codes}
    found.update(f"kind:{kinds[code][0]}" for code in codes if kinds.get(code, ("", ""))[0])
    found.add(f"type:{bib.material}")
    said = folded(" | ".join((str(bib.title), *(subject.heading for subject in bib.subjects))))
    words = f" {' '.join(said.replace('|', ' | ').replace('-', ' ').split())} "
    found.update(
        f"collection:{name}" for name, places in COLLECTIONS.items() if any(f" {place} " in words for place in places)
    )
    return tuple(sorted(found))
