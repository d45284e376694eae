"""Measures one labelled set: our rules and those of others, with and without the labels that are doubted.

In: a `LabelledSet` and the table of doubts. Out: a `Result`, and the judged pairs behind it.
"""

from collections.abc import Iterable

from tests.accuracy import doubts, figures, judge
from tests.accuracy.doubts import Doubt
from tests.accuracy.figures import Result
from tests.accuracy.judge import Judged
from tests.accuracy.pairs import LabelledSet
from tests.accuracy.peers import PEERS


def measured(labelled: LabelledSet, known: Iterable[Doubt]) -> tuple[Result, list[Judged]]:
    """Measure a set; the judged pairs are those whose label is not doubted."""
    doubted = doubts.of(labelled, known)
    numbers = {doubt.pair for doubt in doubted}
    everything = judge.judge(labelled.pairs)
    judged = [one for one in everything if one.pair.number not in numbers]
    pairs = [one.pair for one in judged]
    result = Result(
        name=labelled.name,
        held=labelled.held,
        figures=figures.figures(judged),
        as_given=figures.figures(everything),
        doubts=doubted,
        failures=figures.failure_classes(judged),
        kinds=figures.right_per_kind(judged),
        peers={name: figures.of_peer(pairs, same) for name, same in PEERS.items()},
    )
    return result, judged
