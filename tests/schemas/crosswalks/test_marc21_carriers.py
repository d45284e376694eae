"""What a publication is on, by 007, 338 and 008: enough to tell a CD from an LP, silent where a kit says several."""

import pytest

from schemas.bib import Host
from schemas.crosswalks.marc21_bib import bib
from schemas.marc.record import Field, MarcRecord, data_field


def carriers(leader: str, *fields: Field) -> tuple[str, ...]:
    return bib(MarcRecord(leader, (*fields, data_field("245", "10", ("a", "Ru con")))))[0].carriers


SOUND = "00000njm a2200000 i 4500"
FILM = "00000ngm a2200000 i 4500"
BOOK = "00000nam a2200000 i 4500"


@pytest.mark.parametrize(
    ("leader", "fields", "found"),
    [
        (SOUND, [Field("007", "sd fsngnnmmned")], ("disc cd",)),
        (SOUND, [Field("007", "sd bsmennmplu")], ("disc lp",)),
        (SOUND, [Field("007", "sd |||")], ("disc",)),
        (SOUND, [Field("007", "ss lsnjlbmnnnu")], ("tape",)),
        (FILM, [Field("007", "vd cvaizk")], ("video dvd",)),
        (FILM, [Field("007", "vd csaizk")], ("video bluray",)),
        (SOUND, [data_field("338", "  ", ("b", "ss"))], ("tape",)),
        (BOOK, [Field("007", "ta"), Field("008", "200101s2020    vm            000 0 vie d")], ()),
        (BOOK, [Field("007", "ta"), Field("007", "sd f")], ("disc cd",)),
        (FILM, [Field("007", "sd f"), Field("007", "vd cv")], ()),
        (BOOK, [Field("008", "200101s2020    vm      o     000 0 vie d")], ("access online",)),
        (BOOK, [Field("008", "200101s2020    vm      q     000 0 vie d")], ("access direct",)),
        (BOOK, [Field("007", ""), Field("007", "x")], ()),
    ],
)
def test_carriers(leader: str, fields: list[Field], found: tuple[str, ...]) -> None:
    assert carriers(leader, *fields) == found


@pytest.mark.parametrize(
    "field",
    [
        data_field("028", "52", ("a", "123"), ("b", "Celia")),
        data_field("347", "  ", ("a", "äänitiedosto"), ("b", "Daisy")),
        data_field("516", "  ", ("a", "DAISY-äänitiedosto")),
        data_field("538", "  ", ("a", "Cần máy đọc sách DAISY")),
    ],
)
def test_a_talking_book_is_known_wherever_it_is_told(field: Field) -> None:
    assert carriers(SOUND, Field("007", "sd fsngnnmmned"), field) == ("disc cd", "file daisy")
    assert carriers(SOUND, data_field("028", "02", ("a", "123"), ("b", "Decca"))) == ()


@pytest.mark.parametrize(
    ("leader", "fields", "found"),
    [
        (BOOK, [("b", "txt")], ()),
        (BOOK, [("a", "text")], ()),
        (BOOK, [("b", "sti")], ("sti",)),
        (BOOK, [("a", "hình ảnh tĩnh")], ("sti",)),
        (BOOK, [("b", "sti"), ("b", "txt")], ()),
        (SOUND, [("b", "prm")], ()),
        (FILM, [("b", "tdi")], ()),
        (BOOK, [("a", "chưa rõ")], ()),
    ],
)
def test_contents_are_told_where_they_are_not_what_the_leader_says(
    leader: str, fields: list[tuple[str, str]], found: tuple[str, ...]
) -> None:
    said = [data_field("336", "  ", one) for one in fields]
    assert bib(MarcRecord(leader, (data_field("245", "10", ("a", "Ru con")), *said)))[0].content_types == found


@pytest.mark.parametrize(
    ("subfields", "found"),
    [
        ((("t", "Sông Trà"), ("g", "Số 3 (2009)")), Host("Sông Trà", "Số 3 (2009)")),
        ((("t", "Sông Trà."), ("d", "Quảng Ngãi, 2009")), Host("Sông Trà", "(2009)")),
        (
            (("a", "Levy"), ("w", "(VN)12"), ("w", "7"), ("x", "0794-7348")),
            Host("Levy", "", ("(VN)12", "7", "(ISSN) 0794-7348")),
        ),
    ],
)
def test_the_host_is_title_place_and_numbers_of_the_first_773(
    subfields: tuple[tuple[str, str], ...], found: Host
) -> None:
    fields = (data_field("773", "0 ", *subfields), data_field("773", "0 ", ("t", "Xưa và nay")))
    assert bib(MarcRecord(BOOK, (data_field("245", "10", ("a", "Ru con")), *fields)))[0].host == found
