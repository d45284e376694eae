"""What a publication is on, by 007, 338 and 008: enough to tell a CD from an LP, silent where a kit says several."""

import pytest

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
