"""The first rule of matching: it may miss, it may never be wrong."""

import pytest

from federation.matching.compare import Verdict, numbers
from federation.matching.compare import compare as compare_profiles
from federation.matching.keys import keys
from federation.matching.profile import number, profile
from schemas.bib import Bib, Edition, Identifier, Publication, Series, Title, replace

ISBN = Identifier("isbn", "9786042089012")
BOOK = Bib(
    Title("Dế mèn phiêu lưu ký", responsibility="Tô Hoài"),
    languages=("vie",),
    identifiers=(ISBN,),
    publication=Publication("Hà Nội", "Kim Đồng", "2019", 2019),
)


def compare(left: Bib, right: Bib) -> Verdict:
    return compare_profiles(profile(left), profile(right))


def test_a_shared_number_and_an_equal_title_are_the_same_book() -> None:
    other = replace(
        BOOK, title=Title("DẾ MÈN PHIÊU LƯU KÝ"), publication=Publication("H.", "Nxb. Kim Đồng", "2019", 2019)
    )
    verdict = compare(BOOK, other)
    assert verdict.decision == "same"
    assert {reason.name for reason in verdict.reasons} >= {"number", "title", "year"}


@pytest.mark.parametrize(
    ("why", "other"),
    [
        ("no shared number", replace(BOOK, identifiers=())),
        ("another title under a reused ISBN", replace(BOOK, title=Title("Đất rừng phương Nam"))),
        ("a title with other tones", replace(BOOK, title=Title("Dê mẹn phiêu lưu ký"))),
        ("another year", replace(BOOK, publication=Publication(year=2020))),
        ("another part", replace(BOOK, title=Title("Dế mèn phiêu lưu ký", number="T.2"))),
        ("another edition", replace(BOOK, edition=Edition("Tái bản lần thứ 7"))),
        ("a volume of a series", replace(BOOK, series=(Series("Tủ sách vàng", "T. 3"),))),
        ("another medium", replace(BOOK, material="sound")),
        ("another level", replace(BOOK, level="s")),
        ("another language", replace(BOOK, languages=("eng",))),
        ("an invalid number", replace(BOOK, identifiers=(Identifier("isbn", "9786042089012", valid=False),))),
    ],
)
def test_one_difference_is_enough_to_keep_two_records_apart(why: str, other: Bib) -> None:
    assert compare(BOOK, other).decision == "different", why
    assert compare(other, BOOK).decision == "different", why


def test_grades_and_volumes_that_stand_in_the_title_keep_textbooks_apart() -> None:
    sixth = replace(BOOK, title=Title("Ngữ văn 6", number="Tập một"))
    assert compare(sixth, replace(BOOK, title=Title("Ngữ văn 6", number="Tập hai"))).decision == "different"
    assert compare(sixth, replace(BOOK, title=Title("Ngữ văn 7", number="Tập một"))).decision == "different"


def test_a_record_without_tones_meets_its_toned_twin() -> None:
    assert compare(BOOK, replace(BOOK, title=Title("De men phieu luu ky"))).decision == "same"


def test_tone_placement_makes_no_difference() -> None:
    left, right = replace(BOOK, title=Title("Hoà bình")), replace(BOOK, title=Title("Hòa bình"))
    assert compare(left, right).decision == "same"


def test_empty_titles_are_never_equal() -> None:
    nameless = replace(BOOK, title=Title(""))
    assert compare(nameless, nameless).decision == "different"


@pytest.mark.parametrize(
    ("text", "found"),
    [("Tập 12", ("12",)), ("T. II", ("2",)), ("Quyển ba", ("3",)), ("Toán 06", ("6",)), ("Truyện Kiều", ())],
)
def test_numbers_are_read_however_they_are_written(text: str, found: tuple[str, ...]) -> None:
    assert numbers(text) == found


def test_only_valid_standard_numbers_are_keys() -> None:
    bib = replace(
        BOOK, identifiers=(ISBN, ISBN, Identifier("isbn", "17", valid=False), Identifier("issn", "0866-7373"))
    )
    assert keys(profile(bib)) == ("isbn:9786042089012", "issn:0866-7373")


def test_bibs_that_say_the_same_of_what_is_compared_have_one_number() -> None:
    other = replace(BOOK, summary="Chú dế đi khắp nơi.", notes=("Bìa cứng",))
    assert number(profile(other)) == number(profile(BOOK))
    assert number(profile(replace(BOOK, edition=Edition("In lần thứ 2")))) != number(profile(BOOK))
