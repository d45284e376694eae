"""Clusters, title groups, keys and verdicts are a function of bibs, pins and rules, whatever happened before."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.pipeline import check as checking
from tests.support.histories import SLOTS, Action, End, House, histories, made_up_rules, moved_in
from tests.support.house import add_files, add_member, house

#: a history costs some tens of transactions
THOROUGH = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def lived_in(tmp_path: Path, database_url: str) -> Iterator[House]:
    with house(tmp_path / "home", database_url) as place:
        codes = [add_files(place, add_member(place, code), f"{code}-files", tmp_path) for code in "ab"]
        yield moved_in(place, codes)


@THOROUGH
@given(histories, st.permutations(range(SLOTS)), st.integers(1, 4))
def test_the_state_is_that_of_a_house_that_got_only_the_end(
    lived_in: House, history: list[list[Action]], order: list[int], batch: int
) -> None:
    with made_up_rules(batch):
        lived_in.empty()
        end = End()
        for step in history:
            lived_in.live(step, end)
            assert checking.cluster_faults(lived_in.place) == []
        lived = lived_in.state()
        lived_in.rebuild(end, order)
        assert lived_in.state() == lived
