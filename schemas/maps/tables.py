"""Tables that ship with the code: read once, never changed.

In: a TSV file beside the module that needs it, its first line the column names; "|" parts several values of a cell.
Out: rows as frozen mappings, and an index from every name a row goes by to its first name. Names are compared without
case, marks and signs.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

#: what stands in most names when they have lost their marks
_WORD: Final = re.compile(r"[0-9a-z]+")
#: combining marks of the Latin script
_LATIN_MARKS: Final = re.compile(r"[\u0300-\u034e\u0350-\u036f]+")
Row = Mapping[str, str]


@cache
def rows(name: str, package: str = "schemas.maps") -> tuple[Row, ...]:
    """Give the rows of `name`.tsv of a package, each as a mapping from column to cell."""
    lines = files(package).joinpath(f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    columns = lines[0].split("\t")
    return tuple(MappingProxyType(dict(zip(columns, line.split("\t"), strict=True))) for line in lines[1:])


def parts(cell: str) -> tuple[str, ...]:
    """Give the values of a cell that holds several."""
    return tuple(part for part in cell.split("|") if part)


def plain(text: str) -> str:
    """Give a name without case, marks and signs, words parted by one blank: for looking up in a table only."""
    letters = text.lower() if text.isascii() else _unmarked(text)
    if letters.isascii():
        return " ".join(_WORD.findall(letters))
    kept = (letter if letter.isalnum() else " " for letter in letters if not unicodedata.combining(letter))
    return " ".join("".join(kept).split())


def _unmarked(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d").replace("ð", "d")
    return _LATIN_MARKS.sub("", letters)


def name_key(text: str) -> str:
    """Give a plain name with i for y, for kỹ and kĩ are one word."""
    return plain(text).replace("y", "i")


@cache
def by_code(name: str) -> Mapping[str, Row]:
    """Give the rows of a table by their column `code`; of several with one code the first."""
    return MappingProxyType({row["code"]: row for row in reversed(rows(name))})


@cache
def by_name(name: str) -> Mapping[str, str]:
    """Map each plain name and alias of a table (columns `name`, `aliases`) to the name."""
    found: dict[str, str] = {}
    for row in rows(name):
        for alias in (row["name"], *parts(row["aliases"])):
            found.setdefault(name_key(alias), row["name"])
    return MappingProxyType(found)


def label(name: str, code: str, lang: str) -> str:
    """Give what a code is called in `vi` or `en`; English where there is no Vietnamese name, the code where none."""
    row = by_code(name).get(code)
    return (row[lang] or row["en"]) if row else code
