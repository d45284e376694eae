"""Facets whose values are many: exact counts out of what each piece of the index tells, and their words."""

import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.index import counts, open_engine
from federation.index.document import facet_number, number_of_key
from federation.index.engine import Engine, Question
from schemas.query.tree import Everything
from tests.federation.index.shelf import book
from tests.federation.index.test_semantics import fresh_engine


def _subjects(engine: Engine, size: int) -> tuple[tuple[str, int], ...]:
    return tuple(engine.search(Question(Everything(), facets=("subject",), facet_size=size)).facets["subject"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    dice=st.randoms(use_true_random=False),
    pieces=st.integers(2, 5),
    skew=st.sampled_from([0.3, 1.0, 2.0]),
    told=st.sampled_from([1, 5, 20]),
    size=st.integers(1, 6),
)
def test_counts_are_exact_however_little_each_piece_of_the_index_tells(
    dice: random.Random, pieces: int, skew: float, told: int, size: int
) -> None:
    counted: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patched, fresh_engine() as engine:
        patched.setattr(counts, "_TOLD", told)
        patched.setattr(counts, "_SPARE", 1)
        for piece in range(pieces):
            chosen = [_drawn(dice, skew) for _ in range(30)]
            engine.publish([book(1 + 30 * piece + n, code_subject=values) for n, values in enumerate(chosen)], [])
            counted.update(value for values in chosen for value in values)
        found = _subjects(engine, size)
    assert [count for _, count in found] == sorted(counted.values(), reverse=True)[:size]
    assert all(counted[value] == count for value, count in found)


def _drawn(dice: random.Random, skew: float) -> tuple[str, ...]:
    weights = [1 / (n + 1) ** skew for n in range(40)]
    return tuple({f"s{n}" for n in dice.choices(range(40), weights, k=3)})


def test_a_heading_is_shown_as_most_records_that_are_live_write_it(engine: Engine) -> None:
    spellings = {1: "Lịch sử.", 2: "Lịch sử", 3: "lịch sử", 4: "lịch sử", 5: "lịch sử"}
    engine.publish([book(number, code_subject=written) for number, written in spellings.items()], [])
    assert _subjects(engine, 5) == (("lịch sử", 5),)
    engine.publish([book(6, code_subject="Lịch sử")], [3, 4, 5])
    assert _subjects(engine, 5) == (("Lịch sử", 3),)
    engine.publish([], [2, 6])
    assert _subjects(engine, 5) == (("Lịch sử.", 1),)


def test_equally_common_spellings_are_told_apart_the_same_way_always(folder: Path) -> None:
    shown = set()
    for name, order in (("a", ("Toán.", "Toán", "toán")), ("b", ("toán", "Toán.", "Toán"))):
        engine = open_engine(f"tantivy:{folder / name}", create=True)
        for number, written in enumerate(order, start=1):
            engine.publish([book(number, code_subject=written)], [])
        shown.add(_subjects(engine, 5))
    assert shown == {(("Toán", 3),)}


def test_the_number_of_a_heading_is_that_of_its_key(engine: Engine) -> None:
    written = book(1, code_subject="Toán học")
    assert facet_number("toán học.") == number_of_key(written.headings["subject"][0])


def test_words_are_counted_alike_one_by_one_and_by_their_beginning(engine: Engine) -> None:
    words = [f"kie{letter}{other}" for letter in "abcdefgh" for other in "mnopqrst"]
    engine.publish([book(number, word, creator="kiêu") for number, word in enumerate(words, start=1)], [])
    engine.publish([book(100, "kieam kieam", subject="kieam")], [])
    together = engine.frequencies([*words, "kiezz", "ki", "kieu"])
    assert together == {**dict.fromkeys(words, 1), "kieam": 2, "kieu": len(words)}
    assert together == {word: count for each in together for word, count in engine.frequencies([each]).items()}
