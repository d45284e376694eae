"""The seed rows: the counts of the law and of the Resolution, and references that can be inserted in order."""

from collections import Counter
from datetime import date
from itertools import chain

import pytest

from federation.store import districts
from federation.store.models import AdminUnit, LibraryKind
from federation.store.seeds import admin_units, former_districts, library_kinds


def test_today_the_province_has_96_commune_level_units() -> None:
    today = [unit for unit in admin_units() if unit["valid_until"] is None and unit["parent_code"] == "51"]
    assert Counter(unit["kind"] for unit in today) == {"xa": 86, "phuong": 9, "dac-khu": 1}
    assert {unit["valid_from"] for unit in today} == {date(2025, 7, 1)}


def test_every_unit_has_its_own_code_and_name() -> None:
    units = admin_units()
    assert len({unit["code"] for unit in units}) == len(units)
    assert len({unit["name"] for unit in units}) == len(units)


def test_parents_and_successors_come_first_so_that_rows_can_be_inserted_in_order() -> None:
    seen: set[str] = set()
    for unit in admin_units():
        assert unit["parent_code"] is None or unit["parent_code"] in seen, unit
        assert unit["successor_code"] is None or unit["successor_code"] in seen, unit
        seen.add(unit["code"])


def test_the_district_level_ended_with_june_2025() -> None:
    districts = [unit for unit in admin_units() if unit["kind"] == "huyen-cu"]
    assert Counter(unit["parent_code"] for unit in districts) == {"51": 13, "62": 10}
    assert {unit["valid_until"] for unit in districts} == {date(2025, 6, 30)}
    assert all(unit["successor_code"] for unit in districts)


def test_kon_tum_went_into_quang_ngai() -> None:
    kon_tum = next(unit for unit in admin_units() if unit["code"] == "62")
    assert (kon_tum["valid_until"], kon_tum["successor_code"]) == (date(2025, 6, 30), "51")


def test_every_unit_of_today_names_its_former_districts_and_every_district_has_units() -> None:
    former = former_districts()
    units = {unit["code"]: unit for unit in admin_units()}
    assert len(former) == 96
    assert set(chain.from_iterable(former.values())) == {
        code for code, unit in units.items() if unit["kind"] == districts.KIND
    }
    assert [units[code]["name"] for code in former["21439"]] == ["Thị xã Đức Phổ"]


def test_only_dong_son_was_made_of_two_districts_and_binh_son_is_the_greater_part() -> None:
    names = {unit["code"]: unit["name"] for unit in admin_units()}
    several = {names[unit]: [names[code] for code in codes] for unit, codes in former_districts().items() if codes[1:]}
    assert several == {"Xã Đông Sơn": ["Huyện Bình Sơn", "Thành phố Quảng Ngãi"]}


@pytest.mark.parametrize(
    ("unit", "district"),
    [
        ("Xã Sơn Tịnh", "Huyện Sơn Tịnh"),
        ("Xã Tịnh Khê", "Thành phố Quảng Ngãi"),  # of the district Sơn Tịnh until 2014 only
        ("Xã Đặng Thùy Trâm", "Huyện Ba Tơ"),
        ("Xã Tây Trà", "Huyện Trà Bồng"),  # the district Tây Trà ended in 2020
        ("Xã Ngọk Réo", "Huyện Đăk Hà"),
        ("Xã Tu Mơ Rông", "Huyện Tu Mơ Rông"),  # it has a commune called Đăk Hà
        ("Xã Đăk Long", "Huyện Đăk Glei"),  # the other commune of this name, of Đăk Hà, went into Đăk Pxi
        ("Xã Ia Tơi", "Huyện Ia H'Drai"),
        ("Đặc khu Lý Sơn", "Huyện Lý Sơn"),
    ],
)
def test_units_whose_names_mislead_are_of_the_right_district(unit: str, district: str) -> None:
    codes = {row["name"]: row["code"] for row in admin_units()}
    assert former_districts()[codes[unit]] == (codes[district],)


def test_the_law_knows_eight_types_of_library() -> None:
    kinds = library_kinds()
    codes = "national public special military university school community foreign"
    assert [kind["code"] for kind in kinds] == codes.split()
    assert all(kind["name_vi"] and kind["name_en"] for kind in kinds)


def test_rows_have_exactly_the_columns_of_the_models() -> None:
    assert set(admin_units()[0]) == {column.name for column in AdminUnit.__table__.columns}
    assert set(library_kinds()[0]) == {column.name for column in LibraryKind.__table__.columns}
