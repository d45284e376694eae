"""Whatever happens in whatever order, a harvester that goes on from its last responseDate ends with a true copy.

Random histories of writers (create, change, leave a set, delete; some commit long after taking their stamp) are crossed
with two harvesters, one of everything and one of a set, that read a page now and a page then.
"""

from typing import Any

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.support.catalogues import Shelf, marcxml
from tests.support.oai_follower import Harvester

SETS = ("member:lqd", "member:tvt", "type:book")
numbers = st.integers(1, 7)
writes = st.one_of(
    st.tuples(
        st.just("put"),
        st.lists(numbers, min_size=1, max_size=4, unique=True),
        st.sets(st.sampled_from(SETS), min_size=1),
    ),
    st.tuples(st.just("bury"), st.lists(numbers, min_size=1, max_size=2, unique=True), st.just(frozenset())),
)
steps = st.one_of(
    writes,
    st.tuples(st.just("promise")),
    st.tuples(st.just("tick"), st.sampled_from([0.2, 0.5, 1.0, 2.5])),
    st.tuples(st.just("read"), st.sampled_from([0, 1])),
)


def run(shelf: Shelf, door: FlaskClient, history: list[tuple[Any, ...]]) -> tuple[Harvester, Harvester]:
    """Play a history; what the catalogue then is, is in the database."""
    harvesters = (Harvester(door), Harvester(door, set_spec="member:tvt"))
    promised, version = None, 0
    there: set[int] = set()
    for step in history:
        version += 1
        match step:
            case ("put", records, sets):
                shelf.put(dict.fromkeys(records, sets), version, promised)
                there.update(records)
                promised = None
            case ("bury", records, _):
                if graves := there & set(records):
                    shelf.bury(dict.fromkeys(graves), promised)
                    there -= graves
                    promised = None
            case ("promise",) if not promised:
                promised = shelf.promise()
            case ("tick", seconds):
                shelf.clock.step(seconds)
            case ("read", which):
                harvesters[which].read()
    if promised:
        shelf.put({1: ("member:tvt",)}, version, promised)
    return harvesters


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(history=st.lists(steps, max_size=40))
def test_every_copy_ends_true_and_nothing_comes_twice(
    shelf: Shelf, door: FlaskClient, history: list[tuple[Any, ...]]
) -> None:
    shelf.empty()
    harvesters = run(shelf, door, history)
    shelf.clock.step(3)
    for harvester in harvesters:
        harvester.finish()
        harvester.read()
        harvester.finish()
        fresh = Harvester(door, harvester.set_spec)
        fresh.read()
        fresh.finish()
        assert {number: kept for number, kept in harvester.copy.items() if kept} == {
            number: kept for number, kept in fresh.copy.items() if kept
        }
        assert {number for number, kept in harvester.copy.items() if kept is None} <= set(fresh.copy)


def test_a_fresh_copy_is_the_catalogue(shelf: Shelf, door: FlaskClient) -> None:
    shelf.put({1: SETS, 2: SETS, 3: SETS})
    shelf.clock.step(1)
    shelf.put({2: ("member:lqd",)}, version=1)
    shelf.bury({3: None})
    shelf.clock.step(1)
    whole, one_set = Harvester(door), Harvester(door, "member:tvt")
    for harvester in (whole, one_set):
        harvester.read()
        harvester.finish()
    titles = [etree.fromstring(marcxml(n, v)).xpath("string(//*[@tag='245']/*[1])") for n, v in ((1, 0), (2, 1))]
    assert whole.copy == {1: ("2026-03-01T08:00:00Z", titles[0]), 2: ("2026-03-01T08:00:01Z", titles[1]), 3: None}
    assert one_set.copy == {1: ("2026-03-01T08:00:00Z", titles[0]), 2: None, 3: None}
