"""Names of peoples and places: several spellings, one name."""

import pytest

from federation.matching.spellings import spelt_alike
from federation.matching.wording import toned_text, words
from schemas.bib import Title
from schemas.maps.tables import parts, rows
from tests.federation.matching.records import BOOK, but, compare, meet


def spelt(text: str) -> str:
    return toned_text(spelt_alike(words(text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sử thi Bahnar", "sử thi ba na"),
        ("Người Xê Đăng ở Kontum", "người xơ đăng ở kon tum"),
        ("Dân ca K'Ho", "dân ca cơ ho"),
        ("Xe đang chạy", "xe đang chạy"),
        ("So dang ki", "so dang ki"),
        ("Su thi Bahnar o Daklak", "su thi ba na o dak lak"),
    ],
)
def test_a_name_is_written_in_its_official_form_and_nothing_else_is_touched(text: str, found: str) -> None:
    assert spelt(text) == found


def test_no_spelling_is_the_official_form_of_another_name() -> None:
    official = {spelt(row["name"]) for row in rows("spellings")}
    assert official == {toned_text(words(row["name"])) for row in rows("spellings")}
    assert len(official) == len(rows("spellings"))


def test_every_spelling_leads_to_its_own_name() -> None:
    for row in rows("spellings"):
        meant = spelt(f"Người {row['name']}")
        assert [alias for alias in parts(row["aliases"]) if spelt(f"Người {alias}") != meant] == []


def test_records_that_spell_a_people_in_two_ways_meet_and_are_the_same() -> None:
    one, other = (but(BOOK, title=Title(f"Lễ hội của người {name}")) for name in ("Xơ Đăng", "Sê Đăng"))
    assert meet(one, other)
    assert compare(one, other).decision == "same"
    assert compare(one, but(BOOK, title="Lễ hội của người Ba Na")).decision != "same"
