"""The OAI sets a reader can ask for, and what they are called.

In: the names of sets the store knows, its members and kinds of library. Out: `SetLine`s in order. A set's spec is
`<family>:<code>`, the code permanent and without any name in it; names are shown in Vietnamese and English.
Families: `member` a library, `kind` a kind of library, `type` a type of material, `collection` one across libraries,
`query` the operator's own, what a query finds.
A family by itself is no set: nothing can be harvested from `member` alone that the whole list does not give.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from federation.store.members import MemberRow
from federation.store.query_sets import FAMILY, QuerySetRow
from schemas.maps.materials import material_label

#: family -> how its sets are called, with the name of the one in place of {}
FAMILIES: Final[Mapping[str, str]] = {
    "member": "{}",
    "kind": "Loại thư viện / Kind of library: {}",
    "type": "Loại tài liệu / Type of material: {}",
    "collection": "Bộ sưu tập / Collection: {}",
    "query": "{}",
}
#: what collections are called, in Vietnamese and English
COLLECTIONS: Final[Mapping[str, tuple[str, str]]] = {"diachi": ("Địa chí", "Local history")}


@dataclass(frozen=True, slots=True)
class SetLine:
    """One set: its permanent spec and its name for people."""

    spec: str
    name: str


def lines(
    known: Iterable[str],
    members: Iterable[MemberRow],
    kinds: Mapping[str, tuple[str, str]],
    own: Iterable[QuerySetRow] = (),
) -> tuple[SetLine, ...]:
    """Give every set: those known, one per member and each of the operator's own (even empty ones), with its name.

    `kinds`: code of a kind of library -> its Vietnamese and English name. A set without a name is called by its code.
    A set that the operator withdrew is none any more; who still asks for it is told that its members have left.
    """
    called = {f"member:{member.code}": member.name for member in members}
    called |= {each.spec: _both(each.name_vi, each.name_en) for each in own}
    specs = {*called, *(spec for spec in known if not spec.startswith(FAMILY))}
    return tuple(SetLine(spec, called.get(spec) or _name(spec, kinds)) for spec in sorted(specs))


def _name(spec: str, kinds: Mapping[str, tuple[str, str]]) -> str:
    family, _, code = spec.partition(":")
    match family:
        case "kind":
            names = kinds.get(code, (code, code))
        case "type":
            names = (material_label(code, "vi"), material_label(code, "en"))
        case _:
            names = COLLECTIONS.get(code, (code, code))
    return FAMILIES.get(family, "{}").format(_both(*names))


def _both(*names: str) -> str:
    return " / ".join(dict.fromkeys(filter(None, names)))
