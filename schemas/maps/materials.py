"""Material types: what a reader would call the thing, decided by leader/06, leader/07 and the form of item.

In: these three characters (MARC 21 leader; 008/23, or 008/29 for maps and visual material), or a name. Out: a code of
`material_types.tsv` and its label. The first row that fits decides; "*" fits anything, "-" nothing: such types (thesis,
standard) are found by a crosswalk in other fields.
"""

from functools import lru_cache
from typing import Final

from schemas.maps.tables import label, plain, rows

_TABLE: Final = "material_types"


@lru_cache(maxsize=4096)
def material_type(leader06: str, leader07: str = "m", form008: str = " ") -> str:
    """Give the material code; a leader that says nothing is taken for a book, the commonest thing in a library."""
    for row in rows(_TABLE):
        if _fits(row["leader06"], leader06) and _fits(row["leader07"], leader07) and _fits(row["form"], form008):
            return row["code"]
    return "serial" if leader07 == "s" else "book"


def _fits(pattern: str, value: str) -> bool:
    return pattern == "*" or (len(value) == 1 and value in pattern.strip("-"))


def material_codes() -> tuple[str, ...]:
    """Give all material codes, in the order of the table."""
    return tuple(dict.fromkeys(row["code"] for row in rows(_TABLE)))


def material_label(code: str, lang: str = "vi") -> str:
    """Give the label of a material code in `vi` or `en`; an unknown code is its own label."""
    return label(_TABLE, code, lang)


def material(text: str) -> str:
    """Give the material code of a code or label ("book", "Sách", "E-book"), or an empty string."""
    asked = plain(text)
    for row in rows(_TABLE):
        if asked and asked in (row["code"], plain(row["vi"]), plain(row["en"])):
            return row["code"]
    return ""
