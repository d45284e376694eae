"""The old district of a member: what its own rows say, else what its unit of today was made of."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from federation.errors import NotFound, UsageError
from federation.store import Database, Session, areas, districts, members
from federation.store.districts import former
from federation.store.members import Placement
from federation.store.models import Affiliation
from tests.support import planted

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
SON_TINH, DONG_SON, BA_TO = "21220", "21109", "21484"
codes = st.sampled_from(["522", "524", "527", "535"])


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """A catalogue that was just made."""
    planted.plant(database_url)
    database = Database(database_url)
    with database.write() as session:
        yield session
    database.close()


def stands(session: Session, area: str) -> int:
    return members.add(session, f"m{area or 0}", "Thư viện", Placement("public", area), NOW)


def of_members(session: Session) -> dict[int, tuple[districts.District, ...]]:
    return districts.of_members(session, districts.standing(session))


def known_as(session: Session, member: int) -> list[str]:
    return [district.name for district in of_members(session).get(member, ())]


@given(st.lists(codes, min_size=1), st.sampled_from(["", DONG_SON]))
def test_the_district_that_its_own_rows_name_last_is_a_members_district(own: list[str], today: str) -> None:
    assert former(own, today, {DONG_SON: ("524", "522")}) == (own[-1],)


def test_without_rows_of_its_own_the_unit_of_today_tells() -> None:
    made_of = {DONG_SON: ("524", "522")}
    assert former([], DONG_SON, made_of) == ("524", "522")
    assert former([], "51", made_of) == ()


def test_a_unit_made_of_two_districts_names_both_that_of_its_greater_part_first(session: Session) -> None:
    assert known_as(session, stands(session, DONG_SON)) == ["Huyện Bình Sơn", "Thành phố Quảng Ngãi"]
    assert known_as(session, stands(session, SON_TINH)) == ["Huyện Sơn Tịnh"]
    assert known_as(session, stands(session, "51")) == []
    assert known_as(session, stands(session, "")) == []


def test_the_last_day_of_a_district_is_told(session: Session) -> None:
    member = stands(session, BA_TO)
    assert [each.until for each in of_members(session)[member]] == [date(2025, 6, 30)]


def test_a_member_that_stood_in_a_district_keeps_it_when_its_area_changes(session: Session) -> None:
    member = stands(session, "535")
    assert known_as(session, member) == ["Huyện Ba Tơ"]
    members.place(session, member, Placement("public", DONG_SON), date(2026, 12, 1))
    assert known_as(session, member) == ["Huyện Ba Tơ"]


def test_a_slip_that_is_mended_the_same_day_leaves_nothing(session: Session) -> None:
    member = stands(session, "535")
    members.place(session, member, Placement("public", SON_TINH), NOW.date())
    assert known_as(session, member) == ["Huyện Sơn Tịnh"]


def test_a_stated_district_is_a_row_of_the_day_the_level_ended(session: Session) -> None:
    member = stands(session, DONG_SON)
    districts.state(session, member, "522")
    assert (known_as(session, member), districts.stated(session, member)) == (["Thành phố Quảng Ngãi"], "522")
    row = session.scalars(select(Affiliation).where(Affiliation.valid_until.is_not(None))).one()
    assert (row.area_code, row.valid_from, row.valid_until) == ("522", date(2025, 6, 30), date(2025, 7, 1))


def test_a_stated_district_is_changed_and_taken_back(session: Session) -> None:
    member = stands(session, DONG_SON)
    for code in ("522", "524"):
        districts.state(session, member, code)
        assert districts.stated(session, member) == code
    districts.state(session, member, "")
    assert districts.stated(session, member) == ""
    assert known_as(session, member) == ["Huyện Bình Sơn", "Thành phố Quảng Ngãi"]


def test_what_else_is_known_of_the_past_stays_when_a_district_is_put_right(session: Session) -> None:
    member = members.add(session, "c", "C", Placement("school", "535", "school"), NOW)
    members.place(session, member, Placement("public", BA_TO), date(2026, 12, 1))
    districts.state(session, member, "534")
    past = session.scalars(select(Affiliation).where(Affiliation.valid_until.is_not(None))).one()
    assert (past.kind, past.level, past.area_code) == ("school", "school", "534")


@pytest.mark.parametrize("code", ["999", SON_TINH, "51"])
def test_what_is_no_district_of_old_is_refused(session: Session, code: str) -> None:
    with pytest.raises(UsageError, match="is no district of old"):
        districts.state(session, stands(session, DONG_SON), code)


# --- units ------------------------------------------------------------------------------------------------------------


def test_a_unit_and_its_origins_can_be_changed_and_unknown_ones_are_named(session: Session) -> None:
    unit = areas.one(session, SON_TINH)
    assert (unit.name, unit.districts) == ("Xã Sơn Tịnh", ("527",))
    areas.keep(session, [replace(unit, districts=("527", "522"))])
    assert areas.one(session, SON_TINH).districts == ("527", "522")
    assert known_as(session, stands(session, SON_TINH)) == ["Huyện Sơn Tịnh", "Thành phố Quảng Ngãi"]
    for wrong in (replace(unit, parent="x"), replace(unit, districts=("x",)), replace(unit, districts=("51",))):
        with pytest.raises(UsageError):
            areas.keep(session, [wrong])
    with pytest.raises(NotFound):
        areas.one(session, "x")


def test_the_next_reform_is_rows(session: Session) -> None:
    old = replace(areas.one(session, BA_TO), valid_until=date(2030, 12, 31), successor="99999")
    new = areas.Area("99999", "Phường Ba Tơ", "phuong", "51", date(2031, 1, 1), districts=("535",))
    areas.keep(session, [old, new])
    assert [unit.code for unit in areas.every(session) if unit.valid_until is None][-1] == "99999"
    assert known_as(session, stands(session, "99999")) == ["Huyện Ba Tơ"]
