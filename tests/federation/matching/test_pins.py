"""What people said of pairs cannot contradict itself."""

from hypothesis import given
from hypothesis import strategies as st

from federation.matching.pins import Pinned, contradiction

A, B, C, D = 1, 2, 3, 4


def test_what_agrees_may_be_set() -> None:
    assert contradiction([Pinned(A, B, "same")], Pinned(B, C, "same")) == ()
    assert contradiction([Pinned(A, B, "same"), Pinned(C, D, "same")], Pinned(A, C, "different")) == ()


def test_parting_what_a_chain_holds_together_names_the_chain() -> None:
    chain = (Pinned(A, B, "same"), Pinned(B, C, "same"))
    assert contradiction([*chain, Pinned(C, D, "same")], Pinned(A, C, "different")) == chain


def test_joining_what_was_parted_names_how() -> None:
    pins = [Pinned(A, B, "same"), Pinned(B, C, "different"), Pinned(C, D, "same")]
    assert contradiction(pins, Pinned(D, A, "same")) == (pins[2], pins[1], pins[0])


def test_a_new_opinion_of_the_same_two_records_takes_the_place_of_the_old_one() -> None:
    assert contradiction([Pinned(A, B, "same")], Pinned(B, A, "different")) == ()


def test_a_record_is_the_same_as_itself() -> None:
    assert contradiction([], Pinned(A, A, "different")) == (Pinned(A, A, "different"),)


records = st.integers(1, 6)
opinions = st.builds(Pinned, records, records, st.sampled_from(["same", "different"]))


@given(st.lists(opinions, max_size=12))
def test_what_is_let_in_one_by_one_is_true_all_together(said: list[Pinned]) -> None:
    kept: list[Pinned] = []
    for new in said:
        if new.left != new.right and not contradiction(kept, new):
            kept = [pin for pin in kept if {pin.left, pin.right} != {new.left, new.right}] + [new]
    for pin in kept:
        assert contradiction([other for other in kept if other != pin], pin) == ()
