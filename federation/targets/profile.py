"""How one target is to be asked: its options, read as values.

In: the options an operator typed. Out: `Habits`, or a `SourceRefused` that names the option that is wrong. Options of
the protocol (addresses that are allowed, user and password, record schema …) are the harvesters' own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from federation.errors import UsageError
from federation.pipeline import encoding
from federation.store.targets import KINDS
from harvesters import known_options, open_source
from harvesters.base import SourceSpec
from harvesters.errors import HarvestError, SourceRefused
from harvesters.options import Option, number, text
from harvesters.sru.query import index
from schemas.query import foreign
from schemas.query.access_points import by_name
from schemas.query.foreign import Manner

WAIT: Final = Option("wait", "20", "seconds within which it must have answered a search", 0.1, 600)
WORDS: Final = Option("words", "list", "several words: list (in one term) or each (a term for each, joined by and)")
LETTERS: Final = Option("letters", "typed", "letters of the question: typed, or plain (without tone marks)")
INDEXES: Final = Option("indexes", "", "SRU: other names of indexes, such as title=pica.tit any=pica.all")
USES: Final = Option("uses", "", "Z39.50: other use attributes, such as any=1035 creator=1")
ATTRIBUTES: Final = Option(
    "attributes", "usual", "Z39.50: usual (those that say something), use (with relation and truncation), all (all six)"
)
OPTIONS: Final = (WAIT, WORDS, LETTERS, INDEXES, USES, ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a target is used to: how long it takes, how it is asked, what it calls its indexes."""

    wait: float
    manner: Manner
    indexes: Mapping[str, str]


def habits(given: Mapping[str, str]) -> Habits:
    """Read the options; raises `SourceRefused`."""
    manner = Manner(
        _one_of(WORDS, given, get_args(foreign.Words)),
        _one_of(LETTERS, given, get_args(foreign.Letters)),
        _one_of(ATTRIBUTES, given, get_args(foreign.Attributes)),
        dict(_use(name, value) for name, value in _pairs(USES, given)),
    )
    indexes = {name: index(value, INDEXES.name) for name, value in _pairs(INDEXES, given)}
    return Habits(number(WAIT, given), manner, indexes)


def known(kind: str) -> dict[str, Option]:
    """Give every option a target of this kind may have, by name."""
    return {option.name: option for option in (*OPTIONS, encoding.ENCODING, *known_options(kind))}


def check(spec: SourceSpec) -> None:
    """Raise `UsageError` unless a target can be asked: its kind, its address and every option."""
    if spec.kind not in KINDS:
        raise UsageError("kind-unknown", f"kind must be one of {', '.join(KINDS)}", spec.code)
    names = known(spec.kind)
    if unknown := [name for name in spec.options if name not in names]:
        message = f"no option of {spec.kind} is called {unknown[0]!r}; known are {', '.join(sorted(names))}"
        raise UsageError("option-unknown", message, spec.code)
    try:
        habits(spec.options)
        encoding.check(spec.options)
        open_source(spec)
    except HarvestError as error:
        raise UsageError("option-invalid", error.message, spec.code) from error


def _one_of(option: Option, given: Mapping[str, str], allowed: tuple[str, ...]) -> Any:
    found = text(option, given).lower() or option.default
    if found not in allowed:
        raise SourceRefused("option-invalid", f"option {option.name} is {found!r}; write one of {', '.join(allowed)}")
    return found


def _pairs(option: Option, given: Mapping[str, str]) -> list[tuple[str, str]]:
    found = [(name, value) for name, _, value in (word.partition("=") for word in text(option, given).split())]
    for name, value in found:
        if not value or by_name(name) is None:
            message = f"option {option.name} has {f'{name}={value}'!r}; write ACCESS-POINT=NAME, such as title=dc.title"
            raise SourceRefused("option-invalid", message)
    return found


def _use(name: str, value: str) -> tuple[int, int]:
    point = by_name(name)
    usual = point.bib1[0] if point and point.bib1 else 0
    if not usual or not (value.isascii() and value.isdecimal() and len(value) < 6):
        message = f"option {USES.name} has {f'{name}={value}'!r}; write ACCESS-POINT=NUMBER, such as any=1016"
        raise SourceRefused("option-invalid", message)
    return usual, int(value)
