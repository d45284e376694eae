"""The advanced form: fields to fill in, and the search they make.

In: the parameters of the form. Out: an `Asked` in the language of the search box, so that the address of the result is
one that people can read, change and send; None when nothing was filled in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from federation.languages.language import Language
from federation.web.search.request import MAX_TEXT, Asked, Parameters, read
from schemas.query.access_points import TABLE, by_name

#: access points that have a line of their own, in the order of the form; "any" needs no prefix
FIELDS: Final = ("any", "title", "creator", "subject", "publisher", "series", "isbn", "class")
#: facets to choose from
CHOICES: Final = ("material", "language", "member")
_QUOTES: Final = str.maketrans(dict.fromkeys('"“”„‟«»', " "))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form."""

    name: str
    label: str


def lines(language: Language) -> tuple[Line, ...]:
    """Give the lines of the form."""
    points = ((name, by_name(name)) for name in FIELDS)
    return tuple(Line(name, language.caption(TABLE, point.label_vi, point.label_en)) for name, point in points if point)


def asked(parameters: Parameters) -> Asked | None:
    """Read the form; raises `UsageError` naming what is wrong."""
    text = " ".join(part for name in FIELDS for part in _parts(name, " ".join(parameters.get(name, ()))))
    without = " ".join(f"-{word}" for word in _plain(" ".join(parameters.get("not", ()))).split())
    words = " ".join(filter(None, (text, without)))[: MAX_TEXT + 1]
    kept = {name: parameters.get(name, ()) for name in ("from", "to", "sort", "toned", *_filters(parameters))}
    found = read({**kept, "q": [words]})
    return found if found != Asked() else None


def _filters(parameters: Mapping[str, Sequence[str]]) -> list[str]:
    return [name for name in parameters if name.startswith("f.")]


def _parts(name: str, typed: str) -> list[str]:
    if name == "any":
        return [typed.strip()] if typed.strip() else []
    if typed.strip().startswith('"'):
        phrase = _plain(typed)
        return [f'{name}:"{phrase}"'] if phrase else []
    return [f"{name}:{word}" for word in _plain(typed).split()]


def _plain(typed: str) -> str:
    return " ".join(typed.translate(_QUOTES).split())
