"""What a thing is: contents, carriers, counts of pages; parts, serials and titles that say little."""

import pytest

from federation.matching.imprint import carriers, extent
from schemas.bib import Agent, Bib, Identifier, Publication, Series, Title, replace
from tests.federation.matching.records import BOOK, ISBN, but, compare, meet


def test_pictures_are_not_the_text_and_what_is_text_and_pictures_is_both() -> None:
    pictures = replace(BOOK, content_types=("sti",))
    assert compare(BOOK, pictures).decision == "unsure"
    assert compare(pictures, pictures).decision == "same"
    assert compare(pictures, replace(BOOK, content_types=("spw", "sti"))).decision == "same"


def test_a_book_in_daisy_is_not_a_disc_that_anybody_can_buy() -> None:
    disc = but(BOOK, material="spoken", extent="1 CD")
    daisy = but(disc, carriers=("file daisy",))
    assert compare(disc, daisy).decision == "unsure"
    assert compare(daisy, but(disc, title=Title("Dế mèn phiêu lưu ký", "Daisy"))).decision == "same"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2 CD-äänilevyä", ("disc cd",)),
        ("1 äänilevy", ("disc lp",)),
        ("2 ljudskivor", ("disc lp",)),
        ("1 đĩa hát", ("disc lp",)),
        ("1 CD-levy (Daisy)", ("disc cd", "file daisy")),
        ("1 đĩa CD", ("disc cd",)),
        ("148 tr.", ()),
    ],
)
def test_carriers_are_known_in_the_words_of_several_languages(text: str, found: tuple[str, ...]) -> None:
    assert carriers(text) == found


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("234, [6] s.", 234),
        ("iv p., [5]-215 p.", 215),
        ("xii, 639, 59, 16 p.", 639),
        ("345, xii p.", 345),
        ("21tr", 21),
    ],
)
def test_pages_are_the_longest_count_in_a_row(text: str, pages: int) -> None:
    assert extent(text)[0] == pages


def test_a_count_that_lost_a_digit_is_a_slip_under_one_number() -> None:
    whole, cut, other = (but(BOOK, extent=f"{count} tr.", identifiers=(ISBN,)) for count in (215, 21, 25))
    assert compare(whole, cut).decision == "same"
    assert compare(cut, other).decision != "same"
    assert compare(replace(whole, identifiers=()), replace(cut, identifiers=())).decision != "same"


def test_a_shortened_title_is_believed_where_a_long_count_of_pages_agrees() -> None:
    short, long = (but(BOOK, title=f"Từ điển tục ngữ {name}", extent="1043 tr.") for name in ("Việt", "Việt Nam"))
    assert compare(short, long).decision == "same"
    assert compare(but(short, extent="143 tr."), but(long, extent="143 tr.")).decision == "unsure"


def test_a_subtitle_may_spell_the_number_that_another_writes_in_digits() -> None:
    one, other = (but(BOOK, title=Title("Dragon Ball", f"{count} viên ngọc rồng")) for count in ("7", "bảy"))
    assert compare(one, other).decision == "same"
    assert compare(one, but(BOOK, title=Title("Dragon Ball", "sáu viên ngọc rồng"))).decision != "same"


def test_a_volume_is_told_by_series_or_by_title_and_part() -> None:
    series = Series("Lịch sử Việt Nam bằng tranh", "T.19")
    apart = but(BOOK, title="Hưng Đạo Vương Trần Quốc Tuấn", series=(series,))
    within = but(BOOK, title=Title(series.title, "", "Tập 19", "Hưng Đạo Vương Trần Quốc Tuấn"))
    assert meet(apart, within)
    assert compare(apart, within).decision == "same"
    other = replace(within, title=replace(within.title, number="Tập 20"))
    assert compare(apart, other).decision != "same"


def test_the_letter_of_a_section_says_no_more_than_its_name() -> None:
    lettered = but(BOOK, title=Title("Acta universitatis", "", "Series A", "Morphology"))
    named = but(BOOK, title=Title("Acta universitatis", part="Morphology"))
    assert meet(lettered, named)
    assert compare(lettered, named).decision == "same"
    assert compare(lettered, but(BOOK, title=Title("Acta universitatis", "", "Series B", "Morphology"))).vetoed
    numbered = but(BOOK, title=Title("Acta universitatis", "", "Vol. 2", "Morphology"))
    assert compare(numbered, named).decision == "unsure"


def test_proceedings_stand_before_or_behind_what_they_are_about() -> None:
    one = but(BOOK, title=Title("Văn hóa Sa Huỳnh", "kỷ yếu hội thảo khoa học"), agents=())
    other = but(BOOK, title=Title("Kỷ yếu hội thảo khoa học", "Văn hóa Sa Huỳnh"), agents=())
    assert meet(one, other)
    assert compare(one, other).decision == "same"
    assert compare(one, but(other, title=Title("Kỷ yếu hội thảo khoa học", "Văn hóa Đông Sơn"))).decision != "same"


@pytest.mark.parametrize(("slip", "decision"), [("Nguyễn Quang Nập", "same"), ("Nguyễn Quang Lợp", "unsure")])
def test_letters_that_are_one_sound_are_a_slip_in_a_name(slip: str, decision: str) -> None:
    novel = Bib(
        Title("Những mảnh đời đen trắng"),
        agents=(Agent("Nguyễn Quang Lập", main=True),),
        publication=Publication("Huế", "Thuận Hóa", "1989", 1989),
    )
    assert compare(novel, but(novel, agents=slip)).decision == decision


MAGAZINE = Bib(
    Title("Sông Trà", "diễn đàn của Hội Văn học Nghệ thuật tỉnh Quảng Ngãi"),
    "serial",
    "s",
    publication=Publication("Quảng Ngãi", "Hội Văn học Nghệ thuật", "1990-", 1990),
)


def test_serials_of_one_title_are_told_apart_by_place_and_body() -> None:
    body = Agent("Hội Văn học Nghệ thuật Quảng Ngãi", "corporate")
    short = replace(
        MAGAZINE,
        title=Title("Tạp chí Sông Trà"),
        agents=(body,),
        publication=Publication("Quảng Ngãi", "", "1990-", 1990),
    )
    assert compare(MAGAZINE, short).decision == "same"
    elsewhere = replace(short, publication=Publication("Hà Nội", "", "1990-", 1990))
    assert compare(MAGAZINE, elsewhere).decision != "same"


def test_sections_of_one_bulletin_are_not_taken_for_one_that_changed_its_subtitle() -> None:
    one, other = (
        replace(MAGAZINE, title=Title("Bulletin de l'Académie", f"Sciences {of}")) for of in ("naturelles", "sociales")
    )
    assert compare(one, other).decision == "unsure"
    numbered = [replace(each, identifiers=(Identifier("issn", "0866-7373"),)) for each in (one, other)]
    assert compare(*numbered).decision == "same"


def test_whose_paper_it_is_is_not_its_author() -> None:
    paper = replace(MAGAZINE, title=Title("Báo Quảng Ngãi", responsibility="cơ quan của Đảng bộ tỉnh Quảng Ngãi"))
    assert "names" not in {reason.name for reason in compare(paper, paper).reasons}


@pytest.mark.parametrize("title", ["Japan", "People's Republic of China", "Republic of Korea", "Việt Nam", "Tuyển tập"])
def test_a_title_that_says_nothing_makes_no_group(title: str) -> None:
    one = but(BOOK, title=title, languages=())
    assert compare(one, but(one, year=2001)).related is False
    assert compare(one, one).decision == "same"
    assert compare(but(one, title=f"{title} 2000"), but(one, title=f"{title} 2000", year=2001)).related


def test_an_agency_whose_name_has_a_comma_is_one_house() -> None:
    one, other = (but(BOOK, publisher=name) for name in ("Sở Văn hoá, Thể thao và Du lịch", "Sở VHTTDL"))
    assert compare(one, other).decision == "same"
