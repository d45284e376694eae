"""Clusters are a function of bibs and verdicts; ids move as little as possible and tell where they went."""

from hypothesis import given
from hypothesis import strategies as st

from federation.matching.plan import Group, plan


def test_bibs_judged_the_same_stand_together() -> None:
    decided = plan({1: None, 2: None, 3: None}, [(1, 2)])
    assert decided.groups == (Group((1, 2), None), Group((3,), None))


def test_a_group_that_owns_two_ids_keeps_the_oldest() -> None:
    decided = plan({1: 10, 2: 20}, [(1, 2)])
    assert decided.groups == (Group((1, 2), 10),)
    assert decided.merged == {20: 0}


def test_a_cluster_that_falls_apart_leaves_its_id_with_most_bibs() -> None:
    decided = plan({1: 10, 2: 10, 3: 10}, [(2, 3)])
    assert decided.groups == (Group((1,), None, origin=10), Group((2, 3), 10))


def test_pairs_outside_the_scope_are_no_concern() -> None:
    assert plan({1: 10}, [(1, 99)]).groups == (Group((1,), 10),)


bibs = st.integers(0, 12)
histories = st.tuples(st.dictionaries(bibs, st.none() | st.integers(100, 105)), st.lists(st.tuples(bibs, bibs)))


@given(histories, st.randoms())
def test_the_outcome_does_not_depend_on_the_order(
    history: tuple[dict[int, int | None], list[tuple[int, int]]], random: object
) -> None:
    placed, same = history
    shuffled = [pair[::-1] for pair in reversed(same)]
    assert plan(placed, same) == plan(dict(reversed(placed.items())), shuffled)


@given(histories)
def test_every_bib_is_in_one_group_and_every_id_has_one_fate(
    history: tuple[dict[int, int | None], list[tuple[int, int]]],
) -> None:
    placed, same = history
    decided = plan(placed, same)
    assert sorted(bib for group in decided.groups for bib in group.bibs) == sorted(placed)
    kept = [group.cluster for group in decided.groups if group.cluster is not None]
    ids = {cluster for cluster in placed.values() if cluster is not None}
    assert len(kept) == len(set(kept))
    assert set(kept) | decided.merged.keys() == ids
    assert not set(kept) & decided.merged.keys()


@given(histories)
def test_a_plan_that_was_carried_out_changes_nothing_more(
    history: tuple[dict[int, int | None], list[tuple[int, int]]],
) -> None:
    placed, same = history
    first = plan(placed, same)
    fresh = iter(range(1000, 2000))
    now = {
        bib: group.cluster if group.cluster is not None else number
        for group, number in zip(first.groups, fresh, strict=False)
        for bib in group.bibs
    }
    second = plan(now, same)
    assert not second.merged
    assert {bib: group.cluster for group in second.groups for bib in group.bibs} == now
