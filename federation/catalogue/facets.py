"""The facets: what a result can be narrowed by, one table for every door.

In: nothing, or a value of a facet and the names of today. Out: `Facet`s, and what a value is called. `name` stands in
addresses (`f.<name>=`), `field` is what a `Question` filters by and counts. Shapes: `flat`; `tree`, whose values name
their parent (`place`: area > level > library, written `area:51`, `level:51/province`, `member:CODE`; `ddc`: main class
> division, `8` and `89`); `histogram`, whose values are years and whose filter takes spans too (`1990-1999`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from federation.catalogue.sets import COLLECTIONS
from federation.languages.language import Language
from federation.store.members import MemberRow
from schemas.maps import ddc
from schemas.maps.tables import by_code, parts

Shape = Literal["flat", "tree", "histogram"]
Names = tuple[str, str]

#: contexts of captions that stand in no table of `schemas.maps`
CAPTIONS: Final = "facets"
KINDS: Final = "library_kinds"
SETS: Final = "collections"
GRADES: Final = "grades"
#: how a grade is called, the number in place of %(num)s
GRADE: Final[Names] = ("Lớp %(num)s", "Grade %(num)s")


@dataclass(frozen=True, slots=True)
class Facet:
    """One row of the table. `shown`: it stands on the search page without being asked for."""

    name: str
    field: str
    shape: Shape
    label_vi: str
    label_en: str
    shown: bool = True

    def label(self, language: Language) -> str:
        """Give the label in a language."""
        return language.caption(CAPTIONS, self.label_vi, self.label_en)


#: in the order in which pages show them
FACETS: Final = (
    Facet("place", "place", "tree", "Nơi có", "Where held"),
    Facet("district", "district", "flat", "Huyện cũ (trước 1/7/2025)", "Old district (until 30 June 2025)"),
    Facet("kind", "kind", "flat", "Loại thư viện", "Kind of library"),
    Facet("material", "material", "flat", "Loại tài liệu", "Material"),
    Facet("language", "language", "flat", "Ngôn ngữ", "Language"),
    Facet("year", "year", "histogram", "Năm xuất bản", "Year of publication"),
    Facet("creator", "creator", "flat", "Tác giả", "Creator"),
    Facet("subject", "subject", "flat", "Chủ đề", "Subject"),
    Facet("ddc", "ddc", "tree", "Phân loại Dewey", "Dewey class"),
    Facet("collection", "collection", "flat", "Bộ sưu tập", "Collection"),
    Facet("grade", "grade", "flat", "Lớp", "School grade"),
    Facet("programme", "programme", "flat", "Bộ sách giáo khoa", "Textbook series"),
    Facet("member", "member", "flat", "Thư viện", "Library", shown=False),
    Facet("area", "area", "flat", "Địa bàn", "Area", shown=False),
    Facet("decade", "decade", "flat", "Năm xuất bản", "Year of publication", shown=False),
)


@dataclass(frozen=True, slots=True)
class Called:
    """What the store calls things: members by code, areas of today and districts of old by theirs; kinds in Vietnamese
    and English.
    """

    members: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, Names] = field(default_factory=dict)


def area_names(members: Iterable[MemberRow]) -> dict[str, str]:
    """Name the areas that members stand in today and the old districts that they are known by."""
    found: dict[str, str] = {}
    for member in members:
        found |= {district.code: district.name for district in member.districts}
        found[member.area] = member.area_name or member.area
    return found


def by_name(name: str) -> Facet | None:
    """Find a facet by the name it has in addresses."""
    return next((facet for facet in FACETS if facet.name == name), None)


def value_label(facet: str, value: str, language: Language, called: Called) -> str:
    """Give the words for a value of a facet in a language; a value without words is shown as it is."""
    words = _WORDS.get(facet)
    return words(value, language, called) if words else value


def _node(value: str, language: Language, called: Called) -> str:
    of, colon, code = value.partition(":")
    if colon and of == "area":
        return called.areas.get(code, code)
    if colon and of == "level":
        return language.called("levels", code.rpartition("/")[2])
    return called.members.get(code or of, code or of)


def _programme(code: str, _language: Language, _called: Called) -> str:
    row = by_code("programmes").get(code)
    return parts(row["names"])[0] if row else code


def _grade(value: str, language: Language, _called: Called) -> str:
    return language.caption(GRADES, *GRADE) % {"num": value}


def _class(value: str, language: Language, _called: Called) -> str:
    number = ddc.number(value)
    return f"{number} {language.called(ddc.TABLE, value)}" if number else value


def _decade(value: str, _language: Language, _called: Called) -> str:
    first = value.removesuffix("s")
    return f"{first}–{int(first) + 9}" if first.isdecimal() else value


def _among(table: str, names: Mapping[str, Names], value: str, language: Language) -> str:
    return language.caption(table, *names[value]) if value in names else value


_WORDS: Final[Mapping[str, Callable[[str, Language, Called], str]]] = {
    "place": _node,
    "member": lambda value, _, called: called.members.get(value, value),
    "area": lambda value, _, called: called.areas.get(value, value),
    "district": lambda value, _, called: called.areas.get(value, value),
    "kind": lambda value, language, called: _among(KINDS, called.kinds, value, language),
    "collection": lambda value, language, _: _among(SETS, COLLECTIONS, value, language),
    "material": lambda value, language, _: language.called("material_types", value),
    "language": lambda value, language, _: language.called("languages", value),
    "ddc": _class,
    "grade": _grade,
    "programme": _programme,
    "decade": _decade,
}
