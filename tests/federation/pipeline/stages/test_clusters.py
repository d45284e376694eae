"""Clusters, title groups, keys and verdicts are a function of bibs, pins and rules, whatever happened before."""

from collections.abc import Collection

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federation.pipeline import check as checking
from tests.support.histories import SLOTS, Action, End, House, histories, made_up_rules

#: a history costs some tens of transactions
THOROUGH = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


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


@THOROUGH
@given(histories)
def test_ids_tell_where_they_went_and_datestamps_move_only_with_what_the_doors_say(
    lived_in: House, history: list[list[Action]]
) -> None:
    with made_up_rules(3):
        lived_in.empty()
        end = End()
        for step in history:
            homes, exports, known = lived_in.homes(), lived_in.exports(), lived_in.lineage().keys()
            lived_in.live(step, end)
            expect_lineage(homes, lived_in.homes(), lived_in.lineage(), known)
            for union, (stamp, said) in lived_in.exports().items():
                before = exports.get(union)
                assert before is None or (stamp == before[0]) == (said == before[1])


def expect_lineage(
    before: dict[int, int],
    after: dict[int, int],
    lineage: dict[int, tuple[int | None, int | None]],
    known: Collection[int],
) -> None:
    """What lost its bibs to another names it; what is new names where its bibs were; what lives has no successor.

    An id that is `known` is not new, though it had no bibs: one of them came back, and others may join it. And where
    several came back, they may take the id with them.
    """
    for cluster in set(after.values()):
        origin, successor = lineage[cluster]
        assert successor is None
        if cluster not in known and origin is not None:
            assert origin in before.values()
    for cluster in set(before.values()) - set(after.values()):
        stayed = {after[bib] for bib, home in before.items() if home == cluster and bib in after}
        came = {home for bib, home in after.items() if bib not in before}
        _, successor = lineage[cluster]
        assert successor in stayed | came if stayed else successor in {None, *came}
    for bib, cluster in after.items():
        if bib in before and cluster not in known:
            assert lineage[cluster][0] is not None
