"""`python -m tests.accuracy.relevance`: ask the judged queries, print MRR and nDCG@10, compare with what was reached.

In: LIENTHONG_TEST_DATA. Out: exit 1 when a figure fell by more than half a point. MRR: one over the place of the first
record of the best grade among the first ten, 0 without one. nDCG@10: gain 2^grade - 1, discount log2(1 + place),
against the best order there is (Järvelin and Kekäläinen 2002). `--renew` keeps the figures of this run.
"""

import json
import math
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from federation.index.engine import Engine, Question
from schemas.query.box import parse
from tests.accuracy.relevance_judge import GRADES, Judgement, grades, judgements
from tests.accuracy.relevance_shelf import Shelf, gather

ROOT: Final = Path(__file__).parent.parent.parent
BASELINE: Final = Path(__file__).with_name("relevance.json")
MAY_FALL: Final = 0.005
_TEN: Final = 10


@dataclass(frozen=True)
class Score:
    """What one query reached: the reciprocal place of its first best record, and nDCG@10."""

    judgement: Judgement
    reciprocal: float
    gain: float
    first: int


def scored(engine: Engine, shelf: Shelf) -> Iterator[Score]:
    """Ask every judged query; raises `ValueError` for one that nothing on the shelf fits."""
    for judgement in judgements():
        known = grades(judgement, shelf)
        best = max(known.values(), default=0)
        if best < GRADES[0]:
            raise ValueError(f"nothing on the shelf is best for {judgement.query!r}")
        ids = engine.search(Question(parse(judgement.query), limit=_TEN)).ids
        yield Score(judgement, reciprocal(ids, known), gain(ids, known), next(iter(ids), 0))


def reciprocal(ids: Sequence[int], known: Mapping[int, int]) -> float:
    """Give one over the place of the first record of the best grade; 0 when there is none."""
    places = (place for place, number in enumerate(ids, start=1) if known.get(number) == GRADES[0])
    return 1 / next(places, math.inf)


def gain(ids: Sequence[int], known: Mapping[int, int]) -> float:
    """Give nDCG of the first ten."""
    ideal = sorted(known.values(), reverse=True)[:_TEN]
    return _gain([known.get(number, 0) for number in ids[:_TEN]]) / _gain(ideal) if ideal else 0.0


def _gain(found: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(1 + place) for place, grade in enumerate(found, start=1))


def figures(scores: Iterable[Score]) -> dict[str, dict[str, float]]:
    """Give the means over all queries and over those of each kind."""
    by_kind: dict[str, list[Score]] = {"all": []}
    for score in scores:
        by_kind["all"].append(score)
        by_kind.setdefault(score.judgement.kind, []).append(score)
    return {
        kind: {
            "queries": len(found),
            "mrr": round(sum(score.reciprocal for score in found) / len(found), 4),
            "ndcg10": round(sum(score.gain for score in found) / len(found), 4),
        }
        for kind, found in by_kind.items()
    }


def fallen(now: Mapping[str, Mapping[str, float]], kept: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Name the figures that fell."""
    return [
        f"{kind}: {name} fell from {was[name]:.4f} to {now[kind][name]:.4f}"
        for kind, was in kept.items()
        for name in ("mrr", "ndcg10")
        if kind in now and now[kind][name] < was[name] - MAY_FALL
    ]


def main(arguments: Sequence[str]) -> int:
    """Measure, print, compare; give the exit code."""
    data = Path(os.environ.get("LIENTHONG_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not (data / "marc").is_dir():
        print("relevance: not measured, LIENTHONG_TEST_DATA and ../shared/data are no folder of real records")
        return 0
    shelf = gather(data)
    with tempfile.TemporaryDirectory() as folder:
        scores = list(scored(shelf.engine(Path(folder) / "index"), shelf))
    now = figures(scores)
    if "--misses" in arguments:
        for score in sorted(scores, key=lambda score: score.gain):
            first = str(shelf.bibs[score.first - 1].title) if score.first else "nothing"
            print(f"{score.reciprocal:.2f} {score.gain:.2f} {score.judgement.query} -> {first[:80]}")
    for kind, line in now.items():
        print(f"relevance, {kind}: {line['queries']} queries, MRR {line['mrr']:.4f}, nDCG@10 {line['ndcg10']:.4f}")
    if "--renew" in arguments:
        BASELINE.write_text(json.dumps(now, indent=2) + "\n", "utf-8")
    falls = fallen(now, json.loads(BASELINE.read_text("utf-8"))) if BASELINE.is_file() else []
    for fall in falls:
        print(f"worse: {fall}")
    return 1 if falls else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
