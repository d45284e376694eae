"""Single failures, to be looked at by eye: what both records say, their match keys, and the reasons of the verdict.

In: judged pairs. Out: tables for the terminal.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from federation.matching.keys import keys
from federation.matching.profile import Profile
from schemas.bib import Bib
from tests.accuracy.doubts import Doubt
from tests.accuracy.judge import Failure, Judged
from tests.accuracy.pairs import Pair

WIDTH = 170
_SAID = ("title", "agents", "edition", "published", "extent", "series", "numbers", "classes", "notes")


def doubted(doubts: Iterable[Doubt]) -> None:
    """Print labels that are doubted, each with its reason."""
    table = Table("pair", "label", "right", "reason", width=WIDTH)
    for doubt in doubts:
        table.add_row(doubt.pair, doubt.label, doubt.right, doubt.reason)
    Console(width=WIDTH).print(table)


def failures(judged: Iterable[Judged], failure: Failure, most: int, containing: str = "") -> None:
    """Print failures of one sort whose class or kind of pair contains a text."""
    found = [one for one in judged if one.failure == failure and containing in f"{one.failure_class} {one.pair.kind}"]
    console = Console(width=WIDTH)
    for one in found[:most]:
        console.print(_table(one))
    console.print(f"{len(found)} of them, {min(most, len(found))} shown (--most N)")


def _table(one: Judged) -> Table:
    verdict, pair = one.verdict, one.pair
    said = f"{verdict.decision}, score {verdict.score:.2f}{', related' * verdict.related}{', vetoed' * verdict.vetoed}"
    title = f"pair {pair.number}: {pair.label} {pair.kind} | {one.failure_class} | {said}"
    table = Table("", "", "left", "right", title=title, caption=pair.why or None, title_justify="left", width=WIDTH)
    for row in (*_records(pair), *_values(one.left, one.right), *_keys(one), *_reasons(one)):
        table.add_row(*(cell.replace("[", "\\[") for cell in row))
    return table


def _records(pair: Pair) -> Iterator[tuple[str, str, str, str]]:
    """Give what the bibs say for people, also what the rules do not read."""
    for name, mine, theirs in zip(_SAID, _statements(pair.left), _statements(pair.right), strict=True):
        if mine or theirs:
            yield "record", name, mine, theirs


def _statements(bib: Bib) -> tuple[str, ...]:
    return (
        f"{bib.title} / {bib.title.responsibility}",
        "; ".join(agent.name for agent in bib.agents),
        bib.edition.statement,
        f"{bib.publication.place} : {bib.publication.publisher}, {bib.publication.date} [{bib.publication.year}]",
        f"{bib.extent} ; {bib.dimensions}",
        "; ".join(f"{series.title} {series.volume}" for series in bib.series),
        "; ".join(f"{one.scheme} {one.value} {one.qualifier}" for one in bib.identifiers),
        "; ".join(f"{one.scheme} {one.number}" for one in bib.classes),
        "; ".join(bib.notes)[:300],
    )


def _values(left: Profile, right: Profile) -> Iterator[tuple[str, str, str, str]]:
    mine, theirs = dict(_parts(left)), dict(_parts(right))
    for name in mine | theirs:
        if mine.get(name) or theirs.get(name):
            yield "value", name, _said(mine.get(name)), _said(theirs.get(name))


def _parts(struct: msgspec.Struct, of: str = "") -> Iterator[tuple[str, Any]]:
    """Give the values of a structure, those of structures inside it under both names."""
    for name, value in msgspec.structs.asdict(struct).items():
        if isinstance(value, msgspec.Struct):
            yield from _parts(value, f"{of}{name}.")
        else:
            yield f"{of}{name}", value


def _said(value: Any) -> str:
    if isinstance(value, tuple | list | frozenset | set):
        return "; ".join(map(str, value))
    return str(value or "")


def _keys(one: Judged) -> Iterator[tuple[str, str, str, str]]:
    mine, theirs = (set(keys(side)) - one.shared for side in (one.left, one.right))
    yield "keys", "of one only", "\n".join(sorted(mine)), "\n".join(sorted(theirs))
    yield "keys", "shared", "\n".join(sorted(one.shared)), ""


def _reasons(one: Judged) -> Iterator[tuple[str, str, str, str]]:
    for reason in one.verdict.reasons:
        yield f"{reason.weight:+.2f}", reason.name, reason.left, reason.right
