"""Clusters are a function of bibs, verdicts and pins; ids move as little as possible and tell where they went."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from federation.matching.plan import Bounds, Group, Link, Node, Plan, plan

Pairs = frozenset[tuple[int, int]]


def nodes(*clusters: int | None, first: int = 1) -> list[Node]:
    """Bibs 1, 2, 3 … with profiles of the same numbers, in these clusters."""
    return [Node(bib, bib, ("source", f"r{bib}"), cluster) for bib, cluster in enumerate(clusters, first)]


def same(*pairs: tuple[int, int], score: float = 1.0) -> list[Link]:
    return [Link(left, right, score, same=True) for left, right in pairs]


def related(*pairs: tuple[int, int], score: float = 0.5) -> list[Link]:
    return [Link(left, right, score, same=False) for left, right in pairs]


def vetoing(*pairs: tuple[int, int]) -> Callable[[int, int], bool]:
    forbidden = {frozenset(pair) for pair in pairs}
    return lambda one, other: frozenset((one, other)) in forbidden


def groups(decided: Plan) -> list[tuple[int, ...]]:
    return [group.bibs for group in decided.groups]


def test_bibs_judged_the_same_stand_together() -> None:
    assert plan(nodes(None, None, None), same((1, 2))).groups == (Group((1, 2), None), Group((3,), None))


def test_what_is_only_related_stands_in_one_title_group() -> None:
    decided = plan(nodes(None, None, None), [*same((1, 2)), *related((2, 3))])
    assert (groups(decided), decided.titles) == ([(1, 2), (3,)], ((0, 1),))


def test_a_veto_inside_a_chain_cuts_it_where_it_is_weakest() -> None:
    links = [*same((1, 2), score=0.9), *same((2, 3), score=0.8)]
    assert groups(plan(nodes(None, None, None), links, Bounds(vetoed=vetoing((1, 3))))) == [(1, 2), (3,)]
    links = [*same((1, 2), score=0.8), *same((2, 3), score=0.9)]
    assert groups(plan(nodes(None, None, None), links, Bounds(vetoed=vetoing((1, 3))))) == [(1,), (2, 3)]


def test_strangers_never_stand_in_one_title_group_whoever_is_between() -> None:
    links = [*related((1, 2), score=0.9), *related((2, 3), score=0.8)]
    assert plan(nodes(None, None, None), links, Bounds(strange=vetoing((1, 3)))).titles == ((0, 1),)


def test_equal_records_stand_together_only_when_the_rules_call_them_the_same() -> None:
    equal = [replace(node, profile=7) for node in nodes(None, None, None)]
    assert groups(plan(equal, same((7, 7)))) == [(1, 2, 3)]
    assert groups(plan(equal, [])) == [(1,), (2,), (3,)]
    assert plan(equal, related((7, 7))).titles == ((0, 1, 2),)


def test_a_person_parts_what_the_rules_join_and_both_keep_their_friends() -> None:
    bounds = Bounds(different=frozenset({(1, 3)}))
    assert groups(plan(nodes(None, None, None), [*same((1, 2), score=0.9), *same((2, 3))], bounds)) == [(1,), (2, 3)]
    equal = [replace(node, profile=7) for node in nodes(None, None, None)]
    assert groups(plan(equal, same((7, 7)), bounds)) == [(1, 2), (3,)]


def test_what_a_person_parted_is_not_one_title_either() -> None:
    decided = plan(nodes(None, None), same((1, 2)), Bounds(different=frozenset({(1, 2)})))
    assert (groups(decided), decided.titles) == ([(1,), (2,)], ())


def test_a_person_joins_what_the_rules_forbid_with_all_that_the_rules_take_for_either() -> None:
    # 1 and 2 are one book to the rules, 3 and 4 another with another year; a person says that 1 is 3.
    links = same((1, 2), (3, 4))
    forbidden = vetoing((1, 3), (1, 4), (2, 3), (2, 4))
    bounds = Bounds(same=frozenset({(1, 3)}), vetoed=forbidden)
    assert groups(plan(nodes(None, None, None, None), links, bounds)) == [(1, 2, 3, 4)]
    kept_out = replace(bounds, different=frozenset({(2, 4)}))
    assert groups(plan(nodes(None, None, None, None), links, kept_out)) == [(1, 2, 3), (4,)]


def test_a_group_that_owns_two_ids_keeps_the_oldest() -> None:
    decided = plan(nodes(10, 20), same((1, 2)))
    assert decided.groups == (Group((1, 2), 10),)
    assert decided.merged == {20: 0}


def test_a_cluster_that_falls_apart_leaves_its_id_with_most_bibs() -> None:
    decided = plan(nodes(10, 10, 10), same((2, 3)))
    assert decided.groups == (Group((1,), None, origin=10), Group((2, 3), 10))


def test_pairs_outside_the_scope_are_no_concern() -> None:
    bounds = Bounds(same=frozenset({(1, 98)}), different=frozenset({(1, 97)}))
    assert plan(nodes(10), same((1, 99)), bounds).groups == (Group((1,), 10),)


def test_three_hundred_schools_with_one_record_and_another_are_few_steps() -> None:
    asked: list[tuple[int, int]] = []

    def vetoed(one: int, other: int) -> bool:
        asked.append((one, other))
        return False

    schools = [replace(node, profile=1 + node.bib % 3) for node in nodes(*[None] * 300)]
    decided = plan(schools, same((1, 1), (2, 2), (3, 3), (1, 2), (2, 3)), Bounds(vetoed=vetoed))
    assert groups(decided) == [tuple(range(1, 301))]
    assert len(asked) < 400


profiles = st.integers(1, 8)
profile_pairs = st.tuples(profiles, profiles).map(lambda pair: (min(pair), max(pair)))
bib_pairs = st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] < pair[1])


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Node], list[Link], Bounds]:
    placed = draw(st.dictionaries(st.integers(0, 12), st.tuples(profiles, st.none() | st.integers(100, 105))))
    scores = draw(st.dictionaries(profile_pairs, st.tuples(st.sampled_from([0.5, 0.9, 1.0]), st.booleans())))
    forbidden = draw(st.frozensets(profile_pairs, max_size=6))
    strange = frozenset(pair for pair in forbidden if pair not in scores and draw(st.booleans()))
    pinned = draw(st.dictionaries(bib_pairs, st.booleans(), max_size=4))
    bounds = Bounds(
        frozenset(pair for pair, joined in pinned.items() if joined),
        frozenset(pair for pair, joined in pinned.items() if not joined),
        vetoing(*forbidden),
        vetoing(*strange),
    )
    found = [Node(bib, profile, ("s", f"r{bib}"), cluster) for bib, (profile, cluster) in placed.items()]
    return found, [Link(*pair, score, joined) for pair, (score, joined) in scores.items()], bounds


def held_together(pairs: Iterable[tuple[int, int]], start: int) -> set[int]:
    reached = {start}
    while more := {end for pair in pairs if not reached.isdisjoint(pair) for end in pair} - reached:
        reached |= more
    return reached


@given(histories(), st.integers())
def test_the_outcome_does_not_depend_on_the_order(history: tuple[list[Node], list[Link], Bounds], seed: int) -> None:
    placed, links, bounds = history
    random = Random(seed)
    others, turned = random.sample(placed, len(placed)), random.sample(links, len(links))
    assert plan(placed, links, bounds) == plan(others, turned, bounds)


@given(histories(), st.permutations(range(13)))
def test_groups_depend_on_names_and_not_on_numbers(
    history: tuple[list[Node], list[Link], Bounds], order: list[int]
) -> None:
    placed, links, bounds = history

    def renumbered(pairs: Pairs) -> Pairs:
        return frozenset((order[left], order[right]) for left, right in pairs)

    turned = replace(bounds, same=renumbered(bounds.same), different=renumbered(bounds.different))
    decided = plan([replace(node, bib=order[node.bib]) for node in placed], links, turned)
    expected = plan(placed, links, bounds)
    assert {frozenset(order[bib] for bib in group) for group in groups(expected)} == set(
        map(frozenset, groups(decided))
    )

    def titled(one: Plan) -> set[frozenset[int]]:
        return {frozenset(bib for position in title for bib in one.groups[position].bibs) for title in one.titles}

    assert {frozenset(order[bib] for bib in title) for title in titled(expected)} == titled(decided)


@given(histories())
def test_every_bib_is_in_one_group_and_every_id_has_one_fate(history: tuple[list[Node], list[Link], Bounds]) -> None:
    placed, links, bounds = history
    decided = plan(placed, links, bounds)
    assert sorted(bib for group in decided.groups for bib in group.bibs) == sorted(node.bib for node in placed)
    kept = [group.cluster for group in decided.groups if group.cluster is not None]
    ids = {node.cluster for node in placed if node.cluster is not None}
    assert len(kept) == len(set(kept))
    assert set(kept) | decided.merged.keys() == ids
    assert not set(kept) & decided.merged.keys()


@given(histories())
@settings(max_examples=300)
def test_no_group_holds_a_pair_that_is_forbidden_and_people_are_obeyed(
    history: tuple[list[Node], list[Link], Bounds],
) -> None:
    placed, links, bounds = history
    decided = plan(placed, links, bounds)
    profile = {node.bib: node.profile for node in placed}
    awake = [pair for pair in bounds.same if profile.keys() >= set(pair)]
    home = {bib: group for group in groups(decided) for bib in group}
    for left, right in bounds.different:
        assert left not in home or right not in home or home[left] != home[right]
    contradicted = any(right in held_together(awake, left) for left, right in bounds.different)
    for left, right in awake:
        assert contradicted or home[left] == home[right]
    if not awake:
        pairs = [(one, other) for group in groups(decided) for one in group for other in group if one < other]
        assert not any(bounds.vetoed(profile[one], profile[other]) for one, other in pairs)


@given(histories())
def test_title_groups_hold_no_strangers(history: tuple[list[Node], list[Link], Bounds]) -> None:
    placed, links, bounds = history
    decided = plan(placed, links, bounds)
    profile = {node.bib: node.profile for node in placed}
    for title in decided.titles:
        parts = [decided.groups[position].bibs for position in title]
        for i, mine in enumerate(parts):
            for theirs in parts[i + 1 :]:
                assert not any(bounds.strange(profile[one], profile[other]) for one in mine for other in theirs)
                assert not any((min(a, b), max(a, b)) in bounds.different for a in mine for b in theirs)


@given(histories())
def test_a_plan_that_was_carried_out_changes_nothing_more(history: tuple[list[Node], list[Link], Bounds]) -> None:
    placed, links, bounds = history
    first = plan(placed, links, bounds)
    fresh = iter(range(1000, 2000))
    now = {
        bib: group.cluster if group.cluster is not None else number
        for group, number in zip(first.groups, fresh, strict=False)
        for bib in group.bibs
    }
    second = plan([replace(node, cluster=now[node.bib]) for node in placed], links, bounds)
    assert not second.merged
    assert second.titles == first.titles
    assert {bib: group.cluster for group in second.groups for bib in group.bibs} == now


@given(histories())
def test_no_fewer_bibs_could_have_moved_for_an_id_that_stays(history: tuple[list[Node], list[Link], Bounds]) -> None:
    placed, links, bounds = history
    decided = plan(placed, links, bounds)
    before = {node.bib: node.cluster for node in placed}
    owner = {group.cluster: position for position, group in enumerate(decided.groups)} | dict(decided.merged)
    for cluster in {node.cluster for node in placed if node.cluster is not None}:
        shares = [sum(before[bib] == cluster for bib in group.bibs) for group in decided.groups]
        assert shares[owner[cluster]] == max(shares)


def test_an_id_stays_with_the_record_that_was_there_when_another_came_back_elsewhere() -> None:
    stayed, back, other = Node(6, 60, ("a", "6"), 2), Node(7, 70, ("a", "7"), 2), Node(1, 10, ("a", "1"), 1)
    decided = plan([stayed, back, other], [Link(10, 70, 0.9, same=True)])
    assert decided.groups == (Group((1, 7), 1), Group((6,), 2))
    assert not decided.merged
