"""The labelled sets there are, each read when it is wanted.

In: the folder of real records. Out: `LabelledSet`s, or `Missing` with the reason. The project's own set of Vietnamese
pairs needs no folder.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tests.accuracy import sets_fields, sets_marc
from tests.accuracy.pairs import LABELS, LabelledSet, Missing, Pair

OWN: Final = "own-vietnamese"
_OWN_MODULE: Final = "tests.tables.pairs"
_SHARED: Final[Mapping[str, Callable[[Path], Iterator[Pair]]]] = MappingProxyType(
    {
        **{name: partial(sets_marc.table, name=name) for name in sets_marc.NAMES},
        sets_fields.PRINCETON: sets_fields.princeton,
        sets_marc.MELINDA: sets_marc.melinda,
        **{name: partial(sets_fields.articles, name=name) for name in sets_fields.ARTICLES},
    }
)
NAMES: Final = (OWN, *_SHARED)


def read(data: Path, wanted: Iterable[str] = NAMES) -> Iterator[LabelledSet | Missing]:
    """Read the wanted sets, in the order of `NAMES`; raises `ValueError` on a label that has no meaning."""
    wanted = set(wanted)
    for name in NAMES:
        if name in wanted:
            yield _own() if name == OWN else _shared(data / "dedup", name)


def _shared(folder: Path, name: str) -> LabelledSet | Missing:
    if not folder.is_dir():
        return Missing(name, f"the folder of real records is not at {folder.parent} (set LIENTHONG_TEST_DATA)")
    return _checked(name, _SHARED[name](folder), held=name not in sets_fields.ARTICLES)


def _own() -> LabelledSet | Missing:
    try:
        there = find_spec(_OWN_MODULE) is not None
    except ModuleNotFoundError:
        there = False
    if not there:
        return Missing(OWN, f"{_OWN_MODULE} is not there")
    made = import_module(_OWN_MODULE).pairs()
    return _checked(OWN, (Pair(str(p.id), p.label, p.left, p.right, p.kind, p.why) for p in made))


def _checked(name: str, found: Iterable[Pair], held: bool = True) -> LabelledSet:
    pairs = tuple(found)
    unknown = {pair.label for pair in pairs} - LABELS
    if unknown:
        raise ValueError(f"{name}: no such label: {', '.join(sorted(unknown))}; there are {', '.join(sorted(LABELS))}")
    if len({pair.number for pair in pairs}) < len(pairs):
        raise ValueError(f"{name}: two pairs have one number")
    return LabelledSet(name, pairs, held)
