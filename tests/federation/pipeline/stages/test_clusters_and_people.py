"""What people say of clusters, and what they are shown: pins, doubts, samples, a dry run."""

from collections.abc import Iterator

import pytest

from federation.pipeline import check as checking
from federation.pipeline.stages.cluster import CLUSTER
from federation.pipeline.stages.judge import hear, judge
from federation.pipeline.stages.rederive import changes, rederive
from federation.pipeline.stages.stage import run
from federation.pipeline.stages.thinkers import Thinkers
from federation.store import bibs, clusters, doubts, pins, stages
from federation.store.compress import expand
from tests.support import histories
from tests.support.histories import DOUBTFUL, Action, Drop, End, House, Put, Say, made_up_rules

EARLY, NEXT, LATE, FAR = 2000, 2001, 2002, 2005


@pytest.fixture(autouse=True)
def _made_up() -> Iterator[None]:
    with made_up_rules(batch=3):
        yield


def put(slot: int, year: int, *words: str, shelf: str = "x") -> Put:
    return Put(slot, words or ("lan",), year, shelf)


def lived(lived_in: House, *steps: list[Action]) -> None:
    end = End()
    for step in steps:
        lived_in.live(step, end)
    assert checking.cluster_faults(lived_in.place) == []


def stand(lived_in: House, kind: str = "clusters") -> set[frozenset[str]]:
    found: set[frozenset[str]] = lived_in.state()[kind]
    return {frozenset(name.partition(":r")[2] for name in group) for group in found}


def groups(*names: str) -> set[frozenset[str]]:
    return {frozenset(name.split()) for name in names}


def test_a_chain_is_cut_where_its_ends_cannot_be_one_and_stays_one_title(lived_in: House) -> None:
    lived(lived_in, [put(0, EARLY), put(1, NEXT), put(2, LATE)])
    assert stand(lived_in) in (groups("0 1", "2"), groups("0", "1 2"))
    assert stand(lived_in, "titles") == groups("0 1 2")


def test_a_bib_that_changed_after_it_was_read_waits_for_the_next_pass(lived_in: House) -> None:
    lived(lived_in, [put(0, EARLY), put(1, EARLY)])
    with lived_in.place.database.write() as session:
        stages.renew_rules(session, "cluster", "others")
        taken = bibs.take(session, 0, 2)
        bib, other = (marked.id for marked in taken)
        heard = {row.id: hear(row.content_hash, expand(row.content)) for row in taken}
        heard[bib] = heard[bib]._replace(content_hash=b"what it said before")
        judge(session, bibs.unjudged(session, (bib, other)), heard)
        assert bibs.judged(session, 0, 2) == [other]
        assert [row.id for row in bibs.unjudged(session, (bib, other))] == [bib]


def test_the_middle_of_a_chain_takes_its_links_with_it(lived_in: House) -> None:
    lived(lived_in, [put(0, EARLY, "lan"), put(1, NEXT, "lan", "mai"), put(2, NEXT, "mai")], [Drop(1)])
    assert stand(lived_in) == groups("0", "2")


def test_when_everything_goes_nothing_of_it_remains(lived_in: House) -> None:
    lived(lived_in, [put(slot, EARLY + slot % 3) for slot in range(8)], [Drop(slot) for slot in range(8)])
    state = lived_in.state()
    assert not any(state[name] for name in ("profiles", "keys", "verdicts", "clusters"))


def test_a_key_that_too_many_carry_is_not_used_until_one_of_them_goes(lived_in: House) -> None:
    crowd: list[Action] = [put(slot, EARLY, "lan", *("mai",) * slot) for slot in range(histories.SHARING)]
    lived(lived_in, [*crowd, put(7, EARLY, "lan", "cúc")])
    assert len(stand(lived_in)) > 1
    lived(lived_in, [Drop(7)])
    assert stand(lived_in) == groups("0 1 2 3")


def test_one_record_too_many_takes_a_key_from_those_that_it_joined(lived_in: House) -> None:
    crowd: list[Action] = [put(slot, EARLY, "lan", *("mai",) * slot) for slot in range(histories.SHARING)]
    lived(lived_in, crowd)
    assert stand(lived_in) == groups("0 1 2 3")
    lived(lived_in, [put(7, EARLY, "lan", "cúc")])
    assert stand(lived_in) == groups("0", "1 2 3", "7")


def test_a_pin_parts_and_sleeps_while_its_record_is_away_and_wakes_with_it(lived_in: House) -> None:
    lived(lived_in, [put(0, EARLY), put(1, EARLY)], [Say(0, 1, "different")])
    assert stand(lived_in) == stand(lived_in, "titles") == groups("0", "1")
    lived(lived_in, [Drop(1)], [put(1, EARLY, shelf="y")])
    assert stand(lived_in) == groups("0", "1")
    lived(lived_in, [Say(0, 1, "")])
    assert stand(lived_in) == groups("0 1")


def test_a_pin_joins_what_the_rules_forbid_with_all_that_is_like_either(lived_in: House) -> None:
    lived(lived_in, [put(0, EARLY), put(1, EARLY), put(2, FAR), put(3, FAR)])
    assert stand(lived_in) == stand(lived_in, "titles") == groups("0 1", "2 3")
    lived(lived_in, [Say(1, 2, "same")])
    assert stand(lived_in) == groups("0 1 2 3")


def test_doubts_are_listed_until_a_person_decides(lived_in: House) -> None:
    lived(lived_in, [put(0, EARLY), put(1, DOUBTFUL)])
    with lived_in.place.database.read() as session:
        (doubt,) = doubts.unsure(session, 10)
        again = doubts.verdict(session, doubt.left.bib, doubt.right.bib)
    assert {doubt.left.local_id, doubt.right.local_id} == {"r0", "r1"}
    assert (doubt.decision, doubt.score) == ("unsure", 0.4)
    assert again == doubt
    lived(lived_in, [Say(0, 1, "different")])
    with lived_in.place.database.read() as session:
        assert doubts.unsure(session, 10) == []


def test_equal_records_that_say_too_little_are_a_doubt_too(lived_in: House) -> None:
    lived(lived_in, [put(0, DOUBTFUL), put(1, DOUBTFUL)])
    with lived_in.place.database.read() as session:
        assert [{one.left.local_id, one.right.local_id} for one in doubts.unsure(session, 10)] == [{"r0", "r1"}]


def test_a_sample_of_joined_pairs_is_the_same_for_the_same_seed(lived_in: House) -> None:
    lived(lived_in, [put(0, EARLY), put(1, NEXT), put(2, EARLY, "mai"), put(3, EARLY, "mai"), put(4, FAR, "cúc")])
    with lived_in.place.database.read() as session:
        found = doubts.sample(session, 10, seed=1)
        assert doubts.sample(session, 10, seed=1) == found
        members = clusters.members(session, {found[0].left.cluster_id or 0})
    assert {frozenset((one.left.local_id, one.right.local_id)) for one in found} == {
        frozenset(("r0", "r1")),
        frozenset(("r2", "r3")),
    }
    assert {one.local_id for one in members} == {found[0].left.local_id, found[0].right.local_id}


def test_a_dry_run_shows_what_new_rules_would_do_and_writes_nothing(
    lived_in: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(lived_in, [put(0, EARLY), put(1, NEXT), put(2, FAR), put(3, FAR, "mai")])
    before, homes = lived_in.state(), lived_in.homes()
    monkeypatch.setattr("federation.pipeline.stages.rederive.judge.keys", lambda said: ("all",))
    with lived_in.place.database.read() as session:
        shown = changes(rederive(session))
    first, second = sorted(homes)[2:]
    assert shown.merged == ((homes[second], homes[first]),)
    assert (shown.stay, shown.split, shown.moved) == (1, (), ())
    assert lived_in.state() == before


def test_new_rules_do_everything_again_and_ids_stay(lived_in: House) -> None:
    lived(lived_in, [put(slot, EARLY + slot % 3, "abc"[slot % 2]) for slot in range(8)], [Say(0, 2, "same")])
    homes, lineage, state = lived_in.homes(), lived_in.lineage(), lived_in.state()
    with lived_in.place.database.write() as session:
        stages.renew_rules(session, "cluster", "older")
    with Thinkers(workers=1) as thinkers:
        assert run(lived_in.place, CLUSTER, thinkers) >= len(homes)
    assert (lived_in.homes(), lived_in.lineage(), lived_in.state()) == (homes, lineage, state)


def test_pins_are_listed_with_who_said_them(lived_in: House) -> None:
    lived(lived_in, [put(0, EARLY), put(1, EARLY)], [Say(1, 0, "same")])
    with lived_in.place.database.read() as session:
        (pin,) = pins.every(session)
        assert pins.every(session, [pin.raw_b]) == [pin]
        assert pins.every(session, [0]) == []
    assert (pin.decision, pin.by) == ("same", "tester")
