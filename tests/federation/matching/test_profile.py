"""What the rules read of a bib: titles, numbers, names, imprint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.matching.imprint import extent, publishers, standards
from federation.matching.names import makers, shared
from federation.matching.profile import number, profile
from federation.matching.titles import divided
from federation.matching.wording import Phrases, words
from schemas.bib import Agent, Bib, Identifier, Publication, Title, replace
from tests.federation.matching.records import BOOK, ISBN, but


@pytest.mark.parametrize(
    ("title", "parts", "numbers"),
    [
        (Title("Toán 6", number="Tập 1"), ("1",), ("6",)),
        (Title("Toán 06 T.01"), ("1",), ("6",)),
        (Title("Toán", "lớp 6", "Quyển ba"), ("3",), ("6",)),
        (Title("Toán 6 tập II"), ("2",), ("6",)),
        (Title("Giải tích I"), (), ("1",)),
        (Title("Lịch sử", number="Tập 3, quyển 1"), ("3", "1"), ()),
        (Title("Hóa học", number="T.05Q.02"), ("5", "2"), ()),
        (Title("Encyclopedia", number="V.A"), ("a",), ()),
        (Title("Kho tàng truyện cổ", number="Tập thượng"), ("thượng",), ()),
        (Title("Từ điển (trọn bộ 2 tập)"), (), ()),
        (Title("Niên giám thống kê năm 2012"), (), ("2012",)),
        (Title("Nhà giả kim"), (), ()),
        (Title("Tuyển tập Nam Cao"), (), ()),
        (Title("Vi sinh vật"), (), ()),
    ],
)
def test_numbers_are_read_however_they_are_written(
    title: Title, parts: tuple[str, ...], numbers: tuple[str, ...]
) -> None:
    found = profile(Bib(title, agents=(Agent("Nguyễn Ánh"),))).title
    assert (found.parts, found.numbers) == (parts, numbers)


@pytest.mark.parametrize(
    ("text", "main", "rest"),
    [
        ("Hạ đỏ: Truyện dài", "Hạ đỏ", "Truyện dài"),
        ("Giấy vệ sinh = Toilet tissue paper", "Giấy vệ sinh", "Toilet tissue paper"),
        ("Cơ học (Tập 1)", "Cơ học", "Tập 1)"),
        ("TCVN 7064:2002", "TCVN 7064:2002", ""),
        ("St. Louis", "St. Louis", ""),
    ],
)
def test_the_title_proper_ends_at_the_first_mark(text: str, main: str, rest: str) -> None:
    found = divided(text)
    assert (found[0].strip(" :"), found[1].strip()) == (main, rest)


@given(st.text(alphabet="abcyYTRkế 01.,-'+#", max_size=30))
def test_a_text_has_the_words_of_its_pieces_whatever_stands_beside_them(text: str) -> None:
    assert words(text) == [word for piece in text.split() for word in words(f"{piece} ế")[:-1]]


def test_phrases_are_found_as_whole_words_only() -> None:
    phrases = Phrases([("Bài tập", "exercises"), ("Sách", "book"), ("Sách bài tập", "workbook")])
    assert phrases.named_in([["sach", "bai", "tap"], ["bai", "tap"]]) == ["workbook", "exercises"]
    assert phrases.named_in([["sachs", "bai", "tapp"]]) == []


def test_vietnamese_words_keep_their_tones_and_foreign_ones_lose_their_marks() -> None:
    assert profile(Bib(Title("Bàn về thơ"))).title.proper == "bàn về thơ"
    assert profile(Bib(Title("Phổ Mössbauer"))).title.proper == "phổ mossbauer"


def test_several_persons_in_one_heading_are_read_one_by_one() -> None:
    found = makers((Agent("David A. Patterson, John L. Hennessy"), Agent("Nguyễn, Nhật Ánh")), "")
    assert found.persons == (("a", "david", "patterson"), ("hennessy", "john", "l"), ("nguyễn", "nhật", "ánh"))


def test_roles_and_nobodies_are_no_names() -> None:
    agents = (Agent("Vũ Khánh chủ biên"), Agent("Nhiều tác giả"), Agent("GS. TS. Lê Văn Lân"))
    assert {frozenset(name) for name in makers(agents, "").persons} == {
        frozenset(("vũ", "khánh")),
        frozenset(("lê", "văn", "lân")),
    }


def test_rare_names_say_more_than_common_ones() -> None:
    common = (("anh", "nguyễn", "văn"),)
    rare = (("knod", "edward", "m"),)
    assert shared(common, common) > 3
    assert shared((tuple(sorted(rare[0])),), (("edward", "knod"),)) > shared(common, (("nguyễn", "văn", "ánh"),))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nxb. Kim Đồng", "Kim Đồng"),
        ("GD", "Nhà xuất bản Giáo dục Việt Nam"),
        ("Hội Nhà văn ; Nhã Nam", "Hội Nhà văn"),
        ("John Wiley & Sons, Inc.", "Wiley"),
    ],
)
def test_publishers_are_known_by_their_other_names(one: str, other: str) -> None:
    assert publishers(one) == publishers(other) != ()


def test_a_system_that_writes_its_own_name_names_no_publisher() -> None:
    assert publishers("BK Library system") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("171 tr. ; 20 cm", (171, 0)),
        ("xviii, 714 p. : ill.", (714, 0)),
        ("2 tập", (0, 2)),
        ("0p", (0, 0)),
    ],
)
def test_pages_and_volumes_are_read(text: str, found: tuple[int, int]) -> None:
    assert extent(text) == found


@pytest.mark.parametrize(
    ("heading", "numbers", "year"),
    [
        ("TCVN 7064 : 2002", ("TCVN 7064",), 2002),
        ("TCVN 4872 - 89", ("TCVN 4872",), 1989),
        ("TCVN 6610-5 : 2000 IEC 60227-5 : 1997", ("IEC 60227-5", "TCVN 6610-5"), 2000),
        ("TCVN 5466-1991 ISO 105-A02-1987", ("ISO 105-A02", "TCVN 5466"), 1991),
    ],
)
def test_standards_are_read_from_the_heading(heading: str, numbers: tuple[str, ...], year: int) -> None:
    assert standards("Giấy", (Agent(heading),)) == (numbers, year)


def test_bibs_that_say_the_same_of_what_is_compared_have_one_number() -> None:
    other = replace(
        BOOK,
        summary="Chú dế đi khắp nơi.",
        notes=("Bìa cứng",),
        title=Title("DẾ MÈN PHIÊU LƯU KÍ", responsibility="Tô Hoài."),
    )
    assert number(profile(other)) == number(profile(BOOK))
    assert number(profile(but(BOOK, edition="In lần thứ 2"))) != number(profile(BOOK))
    assert 0 <= number(profile(BOOK)) < 2**63


def test_a_decade_is_no_year() -> None:
    found = profile(replace(BOOK, publication=Publication(date="199")))
    assert (found.year, found.decade) == (0, 199)


def test_the_volume_behind_an_isbn_counts_where_the_title_has_none() -> None:
    assert profile(replace(BOOK, identifiers=(Identifier("isbn", ISBN.value, "q.3"),))).title.parts == ("3",)


def test_a_letter_behind_the_number_of_a_volume_and_the_half_of_it_are_both_read() -> None:
    assert profile(replace(BOOK, title=Title("Treatise on materials", number="V.03A-P.01"))).title.parts == ("3a", "1")


def test_a_name_of_words_that_are_roles_elsewhere_is_a_name() -> None:
    assert profile(replace(BOOK, agents=(Agent("Chu Thế Tuyên"),))).names == (("chu", "thế", "tuyên"),)
    assert profile(replace(BOOK, title=Title("Thơ", responsibility="chủ biên"), agents=())).names == ()
