"""What a program asked of the API: its parameters held to the table, and read into values.

In: the pairs of the address, decoded. Out: frozen values, or `Refused` naming the parameter that cannot be. Nothing is
passed over: a parameter that is not in the table is a mistake that would otherwise be found out by its wrong answer.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Final, cast

import msgspec

from federation.api.parameters import (
    CHANGES,
    COUNTED,
    FACETS,
    HOLDINGS,
    LIBRARIES,
    NONE,
    RECORDS,
    SORTS,
    Operation,
    Parameter,
)
from federation.api.problems import Refused
from federation.index.engine import Sort

#: the values of each parameter that was given
Given = Mapping[str, tuple[str, ...]]
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,6}", re.ASCII)


class Search(msgspec.Struct, frozen=True, array_like=True):
    """A search without its place and its length: what a cursor goes on with."""

    q: str = ""
    cql: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sort: str = ""


class Searched(msgspec.Struct, frozen=True):
    """A request for records."""

    search: Search
    limit: int
    lang: str
    facets: tuple[str, ...] = COUNTED
    cursor: str = ""
    #: the search was said beside the cursor, and must be the cursor's own
    said: bool = False


class Looked(msgspec.Struct, frozen=True):
    """A request for holdings."""

    isbns: tuple[str, ...]
    ids: tuple[str, ...]


class Followed(msgspec.Struct, frozen=True):
    """A request for changes."""

    since: datetime | None
    set_spec: str
    limit: int
    cursor: str


def search(pairs: Iterable[tuple[str, str]], operation: Operation = RECORDS) -> Searched:
    """Read a request for records; `operation` is the one of the house, with its languages."""
    given = _held(operation, pairs)
    filters = tuple((facet, given[f"f.{facet}"]) for facet in FACETS if f"f.{facet}" in given)
    asked = Search(_one(given, "q"), _one(given, "cql"), filters, _one(given, "sort"))
    facets = tuple(facet for facet in given.get("facet", COUNTED) if facet != NONE)
    said = asked != Search()
    return Searched(asked, _limit(RECORDS, given), _one(given, "lang"), facets, _one(given, "cursor"), said)


def lang(pairs: Iterable[tuple[str, str]], operation: Operation = LIBRARIES) -> str:
    """Read a request that knows no parameter but the language; empty: none was said."""
    return _one(_held(operation, pairs), "lang")


def nothing(operation: Operation, pairs: Iterable[tuple[str, str]]) -> None:
    """Hold a request without parameters to that."""
    _held(operation, pairs)


def holdings(pairs: Iterable[tuple[str, str]]) -> Looked:
    """Read a request for holdings."""
    given = _held(HOLDINGS, pairs)
    return Looked(given.get("isbn", ()), given.get("id", ()))


def changes(pairs: Iterable[tuple[str, str]]) -> Followed:
    """Read a request for changes."""
    given = _held(CHANGES, pairs)
    return Followed(
        moment(_one(given, "since")) if "since" in given else None,
        _one(given, "set"),
        _limit(CHANGES, given),
        _one(given, "cursor"),
    )


def sorting(text: str) -> Sort:
    """Give the order of this name."""
    return cast("Sort", text if text in SORTS else "relevance")


def moment(text: str) -> datetime:
    """Read a day (its beginning in UTC) or a time with its zone (RFC 3339); raises `Refused`."""
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time(tzinfo=UTC))
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    zone = "; the + of a zone is written %2B in an address" if " " in text else ""
    raise Refused("parameter-invalid", f"write a day, 2026-11-01, or a time, 2026-11-01T08:00:00Z{zone}", "since")


def _held(operation: Operation, pairs: Iterable[tuple[str, str]]) -> Given:
    known = {parameter.name: parameter for parameter in operation.parameters if parameter.inside == "query"}
    given: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if name not in known:
            there = ", ".join(known) or "none"
            raise Refused("parameter-unknown", f"there is no parameter {name[:60]!r}; there are: {there}", name[:60])
        given[name] = (*given.get(name, ()), value)
        _hold(known[name], given[name], value)
    return {name: tuple(dict.fromkeys(values)) for name, values in given.items()}


def _hold(parameter: Parameter, values: tuple[str, ...], value: str) -> None:
    if len(values) > parameter.most:
        often = "only once" if parameter.most == 1 else f"at most {parameter.most} times"
        raise Refused("parameter-invalid", f"may be given {often}", parameter.name)
    if wrong := _fault(parameter.schema, value):
        raise Refused("parameter-invalid", wrong, parameter.name)


def _fault(schema: Mapping[str, object], value: str) -> str:
    if schema.get("type") == "integer":
        low, high = cast("int", schema["minimum"]), cast("int", schema["maximum"])
        legal = _NUMBER.fullmatch(value) and low <= int(value) <= high
        return "" if legal else f"must be a whole number from {low} to {high}"
    if choices := cast("list[str]", schema.get("enum", [])):
        return "" if value in choices else f"must be one of {', '.join(choices)}"
    most, least = cast("int", schema.get("maxLength", len(value))), cast("int", schema.get("minLength", 0))
    return "" if least <= len(value) <= most else f"must have from {least} to {most} characters, not {len(value)}"


def _one(given: Given, name: str) -> str:
    return next(iter(given.get(name, ())), "")


def _limit(operation: Operation, given: Given) -> int:
    usual = next(parameter.schema["default"] for parameter in operation.parameters if parameter.name == "limit")
    return int(_one(given, "limit") or usual)
