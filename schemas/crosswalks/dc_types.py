"""Kinds of things: from the words of Dublin Core repositories, and to the types of DCMI and MODS.

In: values of dc:type (DCMI types, COAR and eprint names, Vietnamese words), or a material of `schemas.maps`. Out: a
material and a bibliographic level, or the DCMI type (DCMI Type Vocabulary), the typeOfResource of MODS and the term of
the MARC Genre Term List.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from schemas import maps
from schemas.maps.tables import rows

_HERE: Final = "schemas.crosswalks"
_PREFIXES: Final = ("info:eu-repo/semantics/", "http://purl.org/dc/dcmitype/", "dcmitype:")
_ON_THE_NET: Final = {"book": "ebook", "serial": "eserial"}
_LEVELS: Final = {"serial": "s", "eserial": "s", "article": "a", "archive": "c"}


def material_and_level(types: Iterable[str], is_file: bool = False) -> tuple[str, str]:
    """Give the material and level of the first type that is recognised; `is_file` says that it is a file on the net."""
    material, level = next((found for one in types if (found := _recognised(one))), ("book", "m"))
    return (_ON_THE_NET.get(material, material) if is_file else material), level


def dcmi_type(material: str) -> str:
    """Give the DCMI type of a material; an unknown one is text."""
    row = _exported().get(material)
    return row["dcmi"] if row else "Text"


def mods_type(material: str) -> str:
    """Give the typeOfResource of a material; an unknown one is text."""
    row = _exported().get(material)
    return row["mods"] if row else "text"


def marc_genre(material: str) -> str:
    """Give the MARC genre term of a material, empty where the list has none; managers of references go by it."""
    row = _exported().get(material)
    return row["marcgt"] if row else ""


def _recognised(text: str) -> tuple[str, str] | None:
    word = text.strip().casefold()
    for prefix in _PREFIXES:
        word = word.removeprefix(prefix)
    found = _words().get(word)
    if found is None and (material := maps.material(word)):
        return material, _LEVELS.get(material, "m")
    return found


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    return MappingProxyType({row["word"]: (row["material"], row["level"]) for row in rows("dc_types", _HERE)})


@cache
def _exported() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType({row["code"]: row for row in rows("material_types", _HERE)})
