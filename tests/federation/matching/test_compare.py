"""The rule that joins records: it may miss, it must not be wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.matching import weights
from federation.matching.compare import compare as compare_profiles
from federation.matching.profile import profile
from schemas.bib import Agent, Bib, Classification, Identifier, Publication, Title, replace
from tests.federation.matching.records import BOOK, ISBN, TEXTBOOK, but, compare


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("case and punctuation", {"title": Title("DẾ MÈN PHIÊU LƯU KÝ.", responsibility="Tô Hoài")}),
        ("i for y", {"title": "Dế mèn phiêu lưu kí"}),
        ("the publisher's other names", {"publisher": "Nxb. Kim Đồng"}),
        ("the place abbreviated", {"publication": Publication("H.", "Kim Đồng", "2019", 2019)}),
        ("a subtitle in one record", {"title": Title("Dế mèn phiêu lưu ký", "truyện thiếu nhi")}),
        ("the author in the statement of responsibility only", {"agents": ()}),
        ("the name inverted", {"agents": "Tô, Hoài"}),
        ("a printing told by one record", {"edition": "Tái bản lần thứ 30"}),
        ("no language", {"languages": ()}),
        ("the language of a template", {"languages": ("eng",)}),
        ("no tones at all", {"title": Title("De men phieu luu ky"), "agents": "To Hoai"}),
        ("no publisher", {"publisher": ""}),
        ("pages counted otherwise", {"extent": "150 trang"}),
    ],
)
def test_one_publication_described_in_two_ways_is_the_same(why: str, changes: dict[str, Any]) -> None:
    verdict = compare(BOOK, but(BOOK, **changes))
    assert verdict.decision == "same", why
    assert verdict.related


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("another title under a reused ISBN", {"title": "Đất rừng phương Nam"}),
        ("a title with other tones", {"title": "Dê mẹn phiêu lưu ký"}),
        ("another year", {"year": 2020}),
        ("another part", {"title": Title("Dế mèn phiêu lưu ký", number="T.2")}),
        ("a part told by its letter", {"title": Title("Dế mèn phiêu lưu ký", number="Quyển B")}),
        ("the comic made of it", {"title": Title("Dế mèn phiêu lưu ký", "truyện tranh"), "extent": "96 tr."}),
        ("another medium", {"material": "spoken"}),
        ("another level", {"level": "s"}),
        ("a bilingual edition", {"languages": ("eng", "vie")}),
        ("another house", {"publisher": "Văn học"}),
        ("another author", {"agents": "Nguyễn Nhật Ánh", "title": Title("Dế mèn phiêu lưu ký")}),
        ("far more pages", {"extent": "480 tr."}),
        ("an edition of its own kind", {"edition": "Ấn bản đặc biệt"}),
    ],
)
def test_one_difference_is_enough_to_keep_two_records_apart(why: str, changes: dict[str, Any]) -> None:
    assert compare(BOOK, but(BOOK, **changes)).decision != "same", why


@pytest.mark.parametrize(
    ("why", "title"),
    [
        ("volume", Title("Ngữ văn 6", number="Tập hai")),
        ("volume in $a", Title("Ngữ văn 6 T.2")),
        ("grade", Title("Ngữ văn 7", number="Tập một")),
        ("grade in the subtitle", Title("Ngữ văn", "lớp 7", "Tập một")),
        ("teacher's book", Title("Ngữ văn 6", "sách giáo viên", "Tập một")),
        ("another programme", Title("Ngữ văn 6", "Cánh diều", "Tập một")),
    ],
)
def test_textbooks_that_differ_in_grade_volume_or_kind_are_never_of_one_group(why: str, title: Title) -> None:
    book = replace(TEXTBOOK, title=Title("Ngữ văn 6", "Kết nối tri thức", "Tập một"))
    for year in (2011, 2012):
        verdict = compare(book, but(TEXTBOOK, title=title, year=year))
        assert verdict.decision != "same", why
        assert not verdict.related, why


@pytest.mark.parametrize(
    "title",
    [Title("Ngữ văn 6 T.1"), Title("Ngữ văn", "lớp 6", "T. I"), Title("Ngữ văn 6 : tập 1"), Title("Ngữ văn 06 T1")],
)
def test_one_volume_is_one_however_its_number_is_written(title: Title) -> None:
    assert compare(TEXTBOOK, replace(TEXTBOOK, title=title)).decision == "same"


@pytest.mark.parametrize("changes", [{"year": 2012}, {"edition": "Tái bản lần thứ 9"}, {"publisher": "Trẻ"}])
def test_editions_and_printings_of_one_work_are_related_and_never_the_same(changes: dict[str, Any]) -> None:
    book = but(BOOK, edition="Tái bản lần thứ 7")
    verdict = compare(book, but(book, **changes))
    assert verdict.decision != "same"
    assert verdict.related


def test_what_differs_in_year_or_volume_is_vetoed_so_that_no_chain_joins_it() -> None:
    assert compare(BOOK, but(BOOK, year=2020)).vetoed
    assert compare(TEXTBOOK, but(TEXTBOOK, title=Title("Ngữ văn 6", number="Tập hai"))).vetoed


def test_a_part_told_by_one_record_only_goes_to_a_person() -> None:
    verdict = compare(TEXTBOOK, but(TEXTBOOK, title="Ngữ văn 6"))
    assert verdict.decision != "same"
    assert not verdict.vetoed
    assert not verdict.related


def test_a_shared_isbn_makes_up_for_what_a_poor_record_does_not_say() -> None:
    poor = Bib(Title("Dế mèn phiêu lưu ký"), identifiers=(ISBN,))
    assert compare(replace(BOOK, identifiers=(ISBN,)), poor).decision == "same"
    assert compare(BOOK, replace(poor, identifiers=())).decision != "same"


def test_an_isbn_that_disagrees_goes_to_a_person() -> None:
    other = replace(BOOK, identifiers=(Identifier("isbn", "9786041180123"),))
    assert compare(replace(BOOK, identifiers=(ISBN,)), other).decision == "unsure"


def test_the_isbn_of_a_set_is_no_evidence() -> None:
    of_set = Identifier("isbn", ISBN.value, "bộ")
    one, other = (replace(TEXTBOOK, title=Title(name), identifiers=(of_set,)) for name in ("Ngữ văn 6", "Ngữ văn 7"))
    assert compare(one, other).decision == "different"
    assert not profile(one).isbns


def test_another_translation_is_another_publication() -> None:
    one, other = (
        Bib(
            Title("Bắt trẻ đồng xanh", responsibility=f"J. D. Salinger ; {translator} dịch"),
            agents=(Agent("Salinger, J. D.", main=True),),
            publication=Publication("H.", "Hội Nhà văn", "2008", 2008),
        )
        for translator in ("Phùng Khánh", "Nguyễn Thành Nhân")
    )
    verdict = compare(one, other)
    assert verdict.vetoed
    assert verdict.related


def test_standards_are_one_by_their_number() -> None:
    one, other = (
        Bib(Title("Giấy vệ sinh"), "standard", agents=(Agent(f"TCVN {number} : 2002", main=True),))
        for number in ("7064", "7065")
    )
    assert compare(one, one).decision == "same"
    assert compare(one, other).vetoed


def test_names_that_everybody_has_are_no_evidence() -> None:
    one = Bib(Title("Hóa học"), agents=(Agent("Nguyễn", main=True),), publication=Publication(year=2001))
    assert compare(one, one).decision != "same"


def test_a_title_alone_is_too_little_even_for_the_record_itself() -> None:
    poor = Bib(Title("Từ điển"))
    assert compare(poor, poor).decision != "same"
    assert compare(BOOK, BOOK).decision == "same"


def test_empty_titles_are_never_equal() -> None:
    nameless = replace(BOOK, title=Title(""), identifiers=(ISBN,))
    assert compare(nameless, nameless).decision == "different"


def test_a_letter_that_tells_one_course_from_another_is_no_slip() -> None:
    one, other = (but(BOOK, title=f"Hướng dẫn thực tập điện kỹ thuật {letter}") for letter in "AB")
    assert compare(one, other).decision == "different"


def test_reasons_add_up_to_the_score() -> None:
    verdict = compare_profiles(profile(BOOK), profile(but(BOOK, year=0, agents=(), extent="")))
    assert 0 < verdict.score < 1
    assert verdict.score == pytest.approx(sum(reason.weight for reason in verdict.reasons) / weights.FULL)
    assert {"title", "year", "publisher"} <= {reason.name for reason in verdict.reasons}


def test_another_volume_of_a_series_is_another_book() -> None:
    one, other, whole = (but(BOOK, series=("Tủ sách vàng", volume)) for volume in ("881-49", "881-35", "881"))
    assert compare(one, other).vetoed
    assert compare(one, whole).decision == "same"


@pytest.mark.parametrize(
    ("one", "other", "decision"),
    [("1 CD", "1 sound disc", "same"), ("1 CD", "1 LP", "different"), ("1 score + 1 CD", "1 sound disc", "different")],
)
def test_recordings_on_other_carriers_are_other_publications(one: str, other: str, decision: str) -> None:
    left, right = (but(BOOK, extent=extent, material="music") for extent in (one, other))
    assert compare(left, right).decision == decision


@pytest.mark.parametrize(
    ("one", "other", "decision"),
    [
        (("disc cd",), ("disc",), "same"),
        (("disc cd",), ("tape",), "different"),
        (("access online",), ("access direct",), "different"),
        (("disc cd", "access direct"), ("access direct",), "same"),
        (("video dvd",), (), "same"),
    ],
)
def test_coded_carriers_count_as_stated_ones_do(one: tuple[str, ...], other: tuple[str, ...], decision: str) -> None:
    left, right = (but(BOOK, carriers=carriers, material="music") for carriers in (one, other))
    assert compare(left, right).decision == decision


def test_an_exercise_book_under_the_number_of_its_textbook_is_not_the_textbook() -> None:
    of_both = Identifier("isbn", "9786040018700")
    one, other = (
        replace(TEXTBOOK, title=Title(name), identifiers=(of_both,)) for name in ("Hình học 11", "Bài tập Hình học 11")
    )
    assert compare(one, other).decision != "same"


def test_subtitles_that_tell_of_different_things_are_of_different_books() -> None:
    one, other = (
        but(BOOK, title=Title("Hội nghị khoa học lần thứ 10", f"phân ban {name}")) for name in ("Cơ khí", "Điện tử")
    )
    assert compare(one, other).vetoed
    assert compare(one, but(BOOK, title="Hội nghị khoa học lần thứ 11")).vetoed


@pytest.mark.parametrize(
    ("one", "other", "decision"),
    [
        ("statics", "statics and dynamics", "unsure"),
        ("combustion engines", "internal combustion engines", "unsure"),
        ("phân ban Điều khiển", "phân ban Hội nghị quốc tế Cơ điện tử và Điều khiển", "unsure"),
        ("theory and practice", "theory and practice, 3rd ed.", "same"),
        ("khoảng thuật ngữ", "khoảng thuật ngữ Anh - Việt có giải thích", "same"),
        ("phép tính vi phân, tích phân của hàm số", "phép tính vi phân, phép tích phân của hàm số", "same"),
    ],
)
def test_a_longer_subtitle_must_go_on_where_the_shorter_ends(one: str, other: str, decision: str) -> None:
    left, right = (but(BOOK, title=Title("Handbook of engineering", told)) for told in (one, other))
    assert compare(left, right).decision == decision


@pytest.mark.parametrize("told", ["companion volume", "bản tiếng Anh", "a brief course"])
def test_a_version_of_its_own_told_by_one_record_goes_to_a_person(told: str) -> None:
    plain = but(BOOK, title=Title("Organic chemistry", "proceedings"))
    assert compare(plain, but(plain, title=Title("Organic chemistry", f"proceedings, {told}"))).decision == "unsure"


def test_a_volume_of_several_standards_is_not_the_volume_of_one_of_them() -> None:
    several, one = (
        Bib(Title("Giấy in"), "standard", agents=(Agent(numbers, main=True),), publication=Publication(year=1989))
        for numbers in ("TCVN 4734-89 TCVN 4736-89", "TCVN 4736-89")
    )
    assert compare(several, one).decision != "same"
    assert not compare(several, one).related


def test_a_number_behind_what_stands_for_the_author_is_another_volume() -> None:
    one, other = (
        but(BOOK, title=Title("SPE reprint series", responsibility=f"Field case studies - {at}")) for at in (1, 2)
    )
    assert compare(one, other).vetoed


def test_a_poor_record_that_tells_year_and_volume_is_the_same_as_its_equal() -> None:
    poor = Bib(Title("Chuyện người đương thời 4"), publication=Publication(year=2010))
    assert compare(replace(poor, title=Title("Chuyện người đương thời")), poor).decision != "same"
    told = replace(poor, classes=(Classification("ddc", "920"),))
    assert compare(told, told).decision == "same"


def test_a_title_typed_with_a_word_that_is_none_is_a_slip() -> None:
    assert compare(BOOK, but(BOOK, title="Dế mèn phiêu lưuu ký")).decision == "same"


SAID = "Toán Ngữ văn 6 7 tập T. 1 hai II lớp sách giáo viên thơ tho Nguyễn : / ( = 2019"
WORDS = st.lists(st.sampled_from(SAID.split()), max_size=7)


@given(WORDS, WORDS, WORDS, st.integers(2018, 2020))
def test_any_two_records_are_compared_without_failing_and_both_ways_alike(
    one: list[str], other: list[str], name: list[str], year: int
) -> None:
    left, right = (but(BOOK, title=" ".join(words), agents=" ".join(name), year=year) for words in (one, other))
    verdict = compare(left, right)
    assert 0 <= verdict.score <= 1
    assert not (verdict.decision == "same" and (verdict.vetoed or not verdict.related))
