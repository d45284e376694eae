"""The figures that were reached once, kept beside the code: a change that loses them fails.

In: `Result`s and the committed file. Out: what fell. Precision may not fall at all, false relations may not rise,
recall may fall by one point: a false merge costs more than a miss. A set that could not be read keeps its figures.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from federation.matching import RULES
from tests.accuracy.figures import Result

FILE: Final = Path(__file__).with_name("baseline.json")
RECALL_MAY_FALL: Final = 0.01
#: figures are kept with four decimals
_ROUNDING: Final = 0.00005


def plain(results: Iterable[Result]) -> dict[str, Any]:
    """Give results for JSON."""
    return {"rules": RULES, "sets": {result.name: _set(result) for result in results}}


def _set(result: Result) -> dict[str, Any]:
    return {
        "held": result.held,
        "figures": result.figures.plain(),
        "as_given": result.as_given.plain(),
        "doubts": [asdict(doubt) for doubt in result.doubts],
        "failures": dict(result.failures),
        "kinds": {kind: list(right) for kind, right in result.kinds.items()},
        "peers": {name: figures.plain() for name, figures in result.peers.items()},
    }


def read(path: Path = FILE) -> dict[str, Any]:
    """Read the kept figures; none where there is no file yet."""
    return json.loads(path.read_text("utf-8")) if path.is_file() else {"rules": 0, "sets": {}}


def renewed(kept: Mapping[str, Any], results: Iterable[Result], names: Iterable[str]) -> dict[str, Any]:
    """Give the figures to keep from now on, in the order of `names`; sets that were not measured stay."""
    now = plain(results)
    sets = {**kept["sets"], **now["sets"]}
    return {**now, "sets": {name: sets[name] for name in names if name in sets}}


def keep(path: Path, figures: Mapping[str, Any]) -> None:
    """Write figures to a file."""
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")


def falls(results: Iterable[Result], kept: Mapping[str, Any]) -> list[str]:
    """Say what is worse than it was; empty when nothing is."""
    return [fall for result in results if result.held for fall in _falls(result, kept["sets"].get(result.name))]


def _falls(result: Result, kept: Mapping[str, Any] | None) -> Iterator[str]:
    if kept is None:
        yield f"{result.name}: nothing is kept yet; look at its failures and run with --renew"
        return
    now, before = result.figures, kept["figures"]
    if now.precision < before["precision"] - _ROUNDING:
        yield (
            f"{result.name}: precision fell from {before['precision']:.4f} to {now.precision:.4f}; "
            f"look with --show false-merges {result.name}"
        )
    if now.false_relations > before["false_relations"]:
        yield (
            f"{result.name}: false relations rose from {before['false_relations']} to {now.false_relations}; "
            f"look with --show false-relations {result.name}"
        )
    if now.recall < before["recall"] - RECALL_MAY_FALL - _ROUNDING:
        yield (
            f"{result.name}: recall fell from {before['recall']:.4f} to {now.recall:.4f}; "
            f"look with --show misses {result.name}"
        )
