"""008 of a union record: the base's, gaps filled only where that cannot contradict anything."""

import pytest

from federation.matching.merge import Origin, merge
from schemas.marc.marcxml import decode_xml
from tests.federation.matching.union import member

#: points enough to be the base whatever 008 says
RICH = [f"650 _4 $aĐề mục {n}" for n in range(9)]


def form(date: str = "s2019    ", country: str = "vm ", language: str = "vie") -> str:
    return f"008 200101{date}{country}           000 0 {language} d"


def settled(base: list[str], *others: str) -> tuple[str, list[tuple[str, str]]]:
    members = [member("a", *base, *RICH), *(member(f"b{n}", line) for n, line in enumerate(others))]
    union = merge(1, "r", members)
    filled = [(origin.code, origin.field) for origin in union.origins if origin.field.startswith("008")]
    return decode_xml(union.marcxml.encode()).record.control("008"), filled


@pytest.mark.parametrize(
    ("base", "place"),
    [
        (form(language="und"), "008/35-37"),
        (form(language="   "), "008/35-37"),
        (form(language="|||"), "008/35-37"),
        (form(country="xx "), "008/15-17"),
        (form(country="   "), "008/15-17"),
        (form(date="s9999    "), "008/06-14"),
        (form(date="nuuuuuuuu"), "008/06-14"),
        (form(date="|||||||||"), "008/06-14"),
    ],
)
def test_a_gap_is_filled_and_its_origin_kept(base: str, place: str) -> None:
    assert settled([base], form()) == (form()[4:], [("b0", place)])


def test_what_the_base_states_stays() -> None:
    base = form(date="s1999    ", country="fr ", language="fre")
    assert settled([base], form()) == (base[4:], [])


def test_others_that_contradict_each_other_fill_nothing() -> None:
    base = form(language="und")
    assert settled([base], form(), form(language="eng")) == (base[4:], [])
    assert settled([base], form(), form(), form(language="und")) == (form()[4:], [("b0", "008/35-37")])


def test_a_language_is_not_filled_where_the_base_lists_languages() -> None:
    base = form(language="und")
    assert settled([base, "041 0_ $avie$aeng"], form())[0] == base[4:]


def test_a_year_is_not_filled_against_what_the_base_prints() -> None:
    base = form(date="s9999    ")
    assert settled([base, "260 __ $c2018"], form())[0] == base[4:]
    assert settled([base, "260 __ $c[2019]"], form())[0] == form()[4:]


def test_a_base_without_008_takes_that_of_the_next_record_of_its_kind() -> None:
    assert settled([], form()) == (form()[4:], [("b0", "008")])
    assert settled(["008 short"], form()) == (form()[4:], [("b0", "008")])
    assert settled([]) == ("", [])


def test_a_form_of_a_wrong_length_states_nothing() -> None:
    assert settled([form(language="und")], "008 200101s2019")[1] == []


def test_the_origin_names_the_record() -> None:
    members = [member("a", form(language="und"), *RICH), member("b", form(), local_id="x")]
    assert Origin("b", "x", "008/35-37") in merge(1, "r", members).origins
