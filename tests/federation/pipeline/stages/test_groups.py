"""Groups of editions: they are for display, so a new group reaches the index and no one who harvests."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from federation import clock
from federation.catalogue.formats import FORMATS
from federation.index.engine import Question
from federation.pipeline import check as checking
from federation.pipeline.workplace import Workplace
from federation.store.models import Cluster
from schemas.query.tree import Everything
from tests.support.house import add_files, add_member, bring, catalogue, house, step_through
from tests.support.records import iso2709, record


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Iterator[Workplace]:
    """Four printings at two libraries, each in a group of its own."""
    with house(tmp_path / "home", database_url) as place:
        for code, years in (("a", (2003, 2001)), ("b", (2002, 2003))):
            records = [record(year, title="Toán 6", year=str(year)) for year in years]
            path = iso2709(tmp_path / f"{code}.mrc", records)
            bring(place, add_files(place, add_member(place, code), code, path))
        yield place


def regroup(place: Workplace, groups: dict[int, int | None]) -> dict[str, int]:
    """Put clusters into groups as the cluster stage does, and run what follows."""
    with place.database.write() as session:
        for cluster, group in groups.items():
            session.execute(update(Cluster).where(Cluster.id == cluster).values(group_id=group, pending=True))
    return step_through(place)


def exported(place: Workplace) -> list[tuple[object, ...]]:
    """Everything that a harvester can see of the records."""
    spreads = [form.spread for form in FORMATS if form.spread]
    return [(one.id, one.datestamp, one.sets, *(spread(one) for spread in spreads)) for one in catalogue(place).every()]


def in_group(place: Workplace, group: int) -> set[int]:
    """The records of a group as the index has them; the store agrees."""
    found = set(place.index.search(Question(Everything(), filters={"group": (str(group),)})).ids)
    assert found == {one.id for one in catalogue(place).every() if one.group_id == group}
    return found


def test_a_new_group_is_published_without_a_new_datestamp(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    before, later = exported(place), clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert regroup(place, {1: 1, 2: 1, 3: 1}) == {"normalise": 0, "cluster": 0, "merge": 3, "publish": 2}
    assert exported(place) == before
    assert in_group(place, 1) == {1, 2, 3}
    # That no rule would form this group is what `check` says, and all.
    assert {fault.code for fault in checking.check(place)} == {"cluster-astray"}
    assert regroup(place, {1: 1, 2: 1, 3: 1})["publish"] == 0


def test_a_record_that_leaves_its_group_stands_alone_again(place: Workplace) -> None:
    regroup(place, {1: 1, 2: 1, 3: 1})
    regroup(place, {2: None})
    assert in_group(place, 1) == {1, 3}
    assert in_group(place, 2) == {2}


def test_the_other_printings_are_given_by_year_with_their_libraries(place: Workplace) -> None:
    regroup(place, {1: 3, 2: 3, 3: 3})
    kept = catalogue(place)
    found = {one.bib.publication.year: one for one in kept.every()}
    others = kept.editions(found[2003])
    assert [(hit.bib.publication.year, hit.members) for hit in others] == [(2001, ("a",)), (2002, ("b",))]
    assert [hit.bib.publication.year for hit in kept.editions(found[2001])] == [2002, 2003]
    assert kept.editions(found[2001])[1].members == ("a", "b")


def test_a_record_alone_has_no_other_printings(place: Workplace) -> None:
    assert [catalogue(place).editions(one) for one in catalogue(place).every()] == [()] * 3
