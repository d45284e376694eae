"""How one target is to be asked: its options, read as values.

In: the options an operator typed. Out: `Habits`, or a `SourceRefused` that names the option that is wrong. Options of
the protocol (addresses that are allowed, user and password, record schema …) are the harvesters' own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, get_args

from federation.errors import UsageError
from federation.pipeline.stages import encoding
from harvesters import limits as http
from harvesters.base import SourceSpec
from harvesters.errors import HarvestError, SourceRefused
from harvesters.login import PASSWORD, TOKEN, USER
from harvesters.options import Option, number, text
from harvesters.pace import is_address
from harvesters.pins import CERTIFICATE
from harvesters.searching import PAGE
from harvesters.sru import profile as sru
from harvesters.sru.query import index
from harvesters.z3950 import address
from harvesters.z3950 import profile as z3950
from harvesters.z3950 import settings as wire
from schemas.query import foreign
from schemas.query.access_points import by_name
from schemas.query.foreign import Manner

WAIT: Final = Option("wait", "20", "seconds within which it must have answered a search", 0.1, 600)
WORDS: Final = Option(
    "words", "auto", "several words: list (in one term), each (a term for each, joined by and); auto: list, else each"
)
LETTERS: Final = Option("letters", "typed", "letters of the question: typed, or plain (without tone marks)")
INDEXES: Final = Option("indexes", "", "SRU: other names of indexes, such as title=pica.tit any=pica.all")
USES: Final = Option("uses", "", "Z39.50: other use attributes, such as any=1035 creator=1")
ATTRIBUTES: Final = Option(
    "attributes",
    "auto",
    "Z39.50: usual (those that say something), use (and relation, truncation), all; auto: usual, "
    "where they are refused use",
)
_COMMON: Final = (WAIT, WORDS, LETTERS, encoding.ENCODING)
_HTTP: Final = (
    *(http.ALLOW_PRIVATE, http.PER_MINUTE, http.BYTES, http.REDIRECTS, http.CONTACT),
    *(USER, PASSWORD, TOKEN, CERTIFICATE),
)
_WIRE: Final = (
    *(http.ALLOW_PRIVATE, http.PER_MINUTE, wire.MESSAGE, wire.NEGOTIATE, wire.LETTERS),
    *(USER, PASSWORD, wire.GROUP, wire.LOGIN),
)
#: the options of each kind: its own, and those of its harvester that are of use to somebody who waits
OPTIONS: Final[Mapping[str, tuple[Option, ...]]] = MappingProxyType(
    {
        "sru": (*_COMMON, INDEXES, sru.VERSION, sru.SCHEMA, sru.PACKING, PAGE, *_HTTP),
        "z3950": (*_COMMON, USES, ATTRIBUTES, z3950.SYNTAX, z3950.ELEMENTS, PAGE, *_WIRE),
    }
)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a target is used to: how long it takes, how it is asked (in another way where the first is refused), what
    it calls its indexes.
    """

    wait: float
    manners: tuple[Manner, ...]
    indexes: Mapping[str, str]


def habits(given: Mapping[str, str]) -> Habits:
    """Read the options; raises `SourceRefused`."""
    words = _either(WORDS, given, get_args(foreign.Words), ("list", "each", "each"))
    attributes = _either(ATTRIBUTES, given, get_args(foreign.Attributes), ("usual", "usual", "use"))
    letters = _one_of(LETTERS, given, get_args(foreign.Letters))
    uses = dict(_use(name, value) for name, value in _pairs(USES, given))
    manners = [Manner(word, letters, attribute, uses) for word, attribute in zip(words, attributes, strict=True)]
    indexes = {name: index(value, INDEXES.name) for name, value in _pairs(INDEXES, given)}
    return Habits(number(WAIT, given), tuple(manners), indexes)


def check(spec: SourceSpec) -> None:
    """Raise `UsageError` unless a target can be asked: its kind, its address and every option."""
    names = {option.name for option in OPTIONS[spec.kind]}
    if unknown := [name for name in spec.options if name not in names]:
        message = f"no option of {spec.kind} is called {unknown[0]!r}; known are {', '.join(sorted(names))}"
        raise UsageError("option-unknown", message, spec.code)
    try:
        habits(spec.options)
        encoding.check(spec.options)
        if spec.kind == "z3950":
            z3950.profile(spec.options)
            wire.settings(spec.options)
            address.read(spec.url)
        else:
            sru.profile(spec.options)
            http.limits(spec.options)
            _check_address(spec.url)
    except HarvestError as error:
        raise UsageError("option-invalid", error.message, spec.code) from error


def _check_address(url: str) -> None:
    if not is_address(url) or len(url.split()) > 1:
        raise SourceRefused("address-scheme", "the address of an SRU server begins with http:// or https://", url)


def _one_of(option: Option, given: Mapping[str, str], allowed: tuple[str, ...]) -> Any:
    found = text(option, given).lower() or option.default
    if found not in allowed:
        raise SourceRefused("option-invalid", f"option {option.name} is {found!r}; write one of {', '.join(allowed)}")
    return found


def _either(
    option: Option, given: Mapping[str, str], allowed: tuple[str, ...], tried: tuple[Any, ...]
) -> Sequence[Any]:
    """Give what is tried in turn: all of `tried` where it is left to us."""
    found = _one_of(option, given, (option.default, *allowed))
    return tried if found == option.default else (found,) * len(tried)


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
