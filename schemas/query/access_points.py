"""Access points: what can be asked of the catalogue, by every name it has at the doors.

In: `access_points.tsv`: our name | CQL indexes | Bib-1 use attributes | label vi/en | index field | kind | prefixes in
the search box. Out: frozen `AccessPoint`s, found by name, CQL index (case does not count, the context set may be left
out), Bib-1 number or prefix. The first CQL index and the first number of a row are the ones Explain shows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, TypeVar, cast

from schemas.maps import language, material
from schemas.maps.tables import Row, rows
from schemas.vietnamese.fold import folded

TABLE: Final = "access_points"
#: words with tones; one exact value; a year that can be compared
Kind = Literal["text", "code", "year"]
K = TypeVar("K")
#: signs inside a prefix that do not count: tac-gia, tác_giả
_JOINING: Final = str.maketrans("", "", "-_")


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """One row of the table; `prefixes` are folded."""

    name: str
    cql: tuple[str, ...]
    bib1: tuple[int, ...]
    label_vi: str
    label_en: str
    field: str
    kind: Kind
    prefixes: tuple[str, ...]

    def label(self, lang: str) -> str:
        """Give the label in `vi` or `en`."""
        return self.label_en if lang == "en" else self.label_vi


@cache
def access_points() -> tuple[AccessPoint, ...]:
    """Give all access points, in the order of the table."""
    return tuple(_read(row) for row in rows(TABLE, "schemas.query"))


def _read(row: Row) -> AccessPoint:
    return AccessPoint(
        name=row["name"],
        cql=tuple(row["cql"].split()),
        bib1=tuple(int(number) for number in row["bib1"].split()),
        label_vi=row["label_vi"],
        label_en=row["label_en"],
        field=row["field"],
        kind=cast(Kind, row["kind"]),
        prefixes=tuple(dict.fromkeys(_prefix(prefix) for prefix in (row["name"], *row["prefixes"].split()))),
    )


def by_name(name: str) -> AccessPoint | None:
    """Find an access point by its own name."""
    return _names().get(name)


def by_cql(index: str) -> AccessPoint | None:
    """Find an access point by CQL index: `dc.title`, `DC.Title`, `title`."""
    return _cql().get(index.lower())


def by_bib1(use: int) -> AccessPoint | None:
    """Find an access point by Bib-1 use attribute."""
    return _bib1().get(use)


def by_prefix(prefix: str) -> AccessPoint | None:
    """Find an access point by what stands before the colon in the search box: `title`, `nhan-de`, `Tác giả`."""
    return _prefixes().get(_prefix(prefix))


def code(point: AccessPoint, text: str) -> str:
    """Give what the index holds for what was typed: language "Anh" is eng, material "sách" book; else the text."""
    known = {"language": language, "material": material}.get(point.name)
    return (known(text) if known else "") or text.strip()


def _prefix(text: str) -> str:
    return folded(text).translate(_JOINING)


@cache
def _names() -> Mapping[str, AccessPoint]:
    return _index(lambda point: (point.name,))


@cache
def _bib1() -> Mapping[int, AccessPoint]:
    return _index(lambda point: point.bib1)


@cache
def _prefixes() -> Mapping[str, AccessPoint]:
    return _index(lambda point: point.prefixes)


@cache
def _cql() -> Mapping[str, AccessPoint]:
    # What is written in full wins over the short forms, and our own names over those of others.
    full = _index(lambda point: (index.lower() for index in point.cql))
    short = _index(lambda point: (index.lower().partition(".")[2] for index in point.cql))
    return MappingProxyType({**short, **_names(), **full})


def _index(keys: Callable[[AccessPoint], Iterable[K]]) -> Mapping[K, AccessPoint]:
    found: dict[K, AccessPoint] = {}
    for point in access_points():
        for key in keys(point):
            found.setdefault(key, point)
    return MappingProxyType(found)
