"""Candidate keys: true pairs meet, and hardly anything else."""

import pytest

from federation.matching.keys import keys
from federation.matching.profile import profile
from schemas.bib import Identifier, Publication, Title, replace
from tests.federation.matching.records import BOOK, ISBN, TEXTBOOK, but, meet


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("a poor record", {"agents": (), "publication": Publication()}),
        ("a subtitle", {"title": Title("Dế mèn phiêu lưu ký", "truyện")}),
        ("no tones", {"title": "De men phieu luu ky"}),
        ("another year", {"year": 1990}),
        ("a slip in the title, author and year told", {"title": "Dế mèn phiêu liêu ký"}),
        ("the author's name in the title", {"title": "Dế mèn phiêu lưu ký của Tô Hoài"}),
    ],
)
def test_records_of_one_work_meet(why: str, changes: dict[str, object]) -> None:
    assert meet(BOOK, but(BOOK, **changes)), why


def test_a_title_typed_without_marks_between_its_parts_meets_the_one_with_them() -> None:
    apart = replace(BOOK, title=Title("Doraemon", "chú mèo máy đến từ tương lai"), agents=())
    assert meet(apart, replace(apart, title=Title("Doraemon chú mèo máy đến từ tương lai")))


def test_volumes_and_grades_do_not_meet_by_their_title() -> None:
    second = replace(TEXTBOOK, title=Title("Ngữ văn 6", number="Tập hai"))
    seventh = replace(TEXTBOOK, title=Title("Ngữ văn 7", number="Tập một"))
    assert not meet(TEXTBOOK, second)
    assert not meet(TEXTBOOK, seventh)


def test_only_valid_numbers_are_keys() -> None:
    wrong = Identifier("isbn", "17", valid=False)
    found = keys(profile(replace(BOOK, identifiers=(ISBN, ISBN, wrong, Identifier("issn", "0866-7373")))))
    assert found[:2] == ("isbn:9786042089012", "issn:0866-7373")
    assert not [key for key in found if "17" in key.split(":")]


def test_a_record_has_few_keys_and_the_same_each_time() -> None:
    assert keys(profile(BOOK)) == keys(profile(BOOK))
    assert len(keys(profile(BOOK))) <= 5


def test_a_record_without_title_and_number_has_none() -> None:
    assert keys(profile(replace(BOOK, title=Title("")))) == ()
