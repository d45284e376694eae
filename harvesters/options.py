"""The options of a source: texts an operator typed, read as numbers and flags with their limits.

In: `SourceSpec.options` and the `Option` rows that each harvester declares. Out: values, or a `SourceRefused` that
names the option, what was found and what is allowed. Options that nobody here declares are left to other rooms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from harvesters.errors import SourceRefused

_FLAGS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


@dataclass(frozen=True, slots=True)
class Option:
    """One option: name, default, what it does, and for numbers the least and the greatest value."""

    name: str
    default: str
    meaning: str
    low: float = 0.0
    high: float = float("inf")


def text(option: Option, given: Mapping[str, str]) -> str:
    """Give the option as text."""
    return str(given.get(option.name, option.default)).strip()


def flag(option: Option, given: Mapping[str, str]) -> bool:
    """Give the option as true or false."""
    found = text(option, given)
    if found.lower() not in _FLAGS:
        raise SourceRefused("option-invalid", f"option {option.name} is {found!r}; write true or false")
    return _FLAGS[found.lower()]


def number(option: Option, given: Mapping[str, str]) -> float:
    """Give the option as a number between its limits."""
    found = text(option, given)
    try:
        value = float(found)
    except ValueError:
        value = float("nan")
    if not option.low <= value <= option.high:
        allowed = f"from {option.low:g} to {option.high:g}"
        raise SourceRefused("option-invalid", f"option {option.name} is {found!r}; write a number {allowed}")
    return value


def whole(option: Option, given: Mapping[str, str]) -> int:
    """Give the option as a whole number between its limits."""
    return int(number(option, given))
