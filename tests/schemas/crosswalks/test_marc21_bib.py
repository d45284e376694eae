"""From MARC 21 to the record of the house: titles, agents, dates, languages, subjects and what else a field says."""

import pytest

from schemas.bib import Agent, Edition, Link, Publication, Series, Subject, Title
from schemas.crosswalks.marc21_bib import bib
from schemas.crosswalks.marc21_description import year_of
from schemas.marc.record import Field, MarcRecord
from tests.schemas.crosswalks.build import form008, read, record

TITLES = {
    "245 10 $aDế mèn phiêu lưu ký :$btruyện /$cTô Hoài.": Title(
        "Dế mèn phiêu lưu ký", "truyện", responsibility="Tô Hoài"
    ),
    "245 10 $aNgữ văn 6.$nT.1 /$cNguyễn Khắc Phi (ch.b.).": Title(
        "Ngữ văn 6", number="T.1", responsibility="Nguyễn Khắc Phi (ch.b.)"
    ),
    "245 00 $aTuyển tập.$nTập 2,$pThơ :$bin lần thứ 3": Title("Tuyển tập", "in lần thứ 3", "Tập 2", "Thơ"),
    "245 00 $aVõ Nguyên Giáp.$nQuyển 1.$nPhần 2": Title("Võ Nguyên Giáp", number="Quyển 1. Phần 2"),
    "245 00 $aVật lý đại cương A.$nT.1": Title("Vật lý đại cương A", number="T.1"),
    "245 00 $a[Không nhan đề]": Title("Không nhan đề"),
    "245 00 $kThư từ,$f1975-1980": Title("Thư từ"),
    "245 00 $nTập 2,$pThơ": Title("Thơ", number="Tập 2"),
    "245 _0 $aThư mục Nguyễn Trãi: Đến năm 2005": Title("Thư mục Nguyễn Trãi: Đến năm 2005"),
    "245 _0 $aHái sao : Tiểu thuyết / Nguyễn Văn A": Title("Hái sao", "Tiểu thuyết", responsibility="Nguyễn Văn A"),
    "245 _0 $aThiết kế đường đô thị / ": Title("Thiết kế đường đô thị"),
}


@pytest.mark.parametrize(("line", "expected"), TITLES.items())
def test_a_title_loses_its_punctuation_and_keeps_its_words(line, expected):
    assert read(line).title == expected


@pytest.mark.parametrize(
    ("line", "parallel"),
    [
        ("245 00 $aNgôi chùa =$bThiền lâm /$cNguyên Hiệp", Title("Thiền lâm")),
        ("245 00 $aNgôi chùa :$bthơ = The temple : poems", Title("The temple", "poems")),
        ("245 _0 $aĐọc sách như một nghệ thuật = How to read a book", Title("How to read a book")),
        ("246 31 $aThe temple :$bpoems", Title("The temple", "poems")),
        ("130 0_ $aKinh Thánh.$pCựu ước.$lTiếng Việt", Title("Kinh Thánh", part="Cựu ước")),
        ("240 10 $aGenji monogatari.$lTiếng Việt", Title("Genji monogatari")),
        ("730 02 $aTạp chí Sông Trà", Title("Tạp chí Sông Trà")),
        ("740 02 $aCủa chùa.", Title("Của chùa")),
        ("700 12 $aNam Cao.$tChí Phèo.", Title("Chí Phèo")),
        ("880 10 $6245-01/$1$a金雲翹傳 /$c阮攸.", Title("金雲翹傳", responsibility="阮攸")),
        ("880 1_ $6246-02/$1$a斷腸新聲", Title("斷腸新聲")),
    ],
)
def test_other_titles_are_gathered_from_wherever_they_stand(line, parallel):
    assert read(line).other_titles == (parallel,)


def test_a_record_without_title_is_read_and_earns_an_issue():
    found, issues = bib(MarcRecord("00000nam a2200000   4500", (Field("001", "1"),)))
    assert (str(found.title), [issue.code for issue in issues]) == ("", ["title-missing"])


def test_another_title_stands_in_for_a_missing_one():
    found, issues = bib(record("246 3_ $aTruyện Kiều", "245 00 $c[Nguyễn Du]"))
    assert (found.title, found.other_titles) == (Title("Truyện Kiều"), ())
    assert [issue.code for issue in issues] == ["title-missing"]


def test_a_series_field_with_a_volume_only_numbers_the_title():
    found = read("245 _0 $aToán cao cấp", "490 __ $vT.01")
    assert (found.title, found.series) == (Title("Toán cao cấp", number="T.01"), ())


@pytest.mark.parametrize(
    ("title", "volume", "number"),
    [
        ("Hòn tuyết lăn. T.02.", "T.2", ""),
        ("Visual Basic 2005. Tập 3, quyển 1", "T.03Q.1", ""),
        ("Visual Basic 2005", "T.03", "T.03"),
        ("Toán 5", "T.5", "T.5"),
        ("Toán T.1", "T.2", "T.2"),
        ("Petroleum engineering handbook. Vol. 5", "V.5B", "V.5B"),
    ],
)
def test_a_volume_that_the_title_tells_already_is_not_told_twice(title, volume, number):
    assert read(f"245 _0 $a{title}", f"490 __ $v{volume}").title.number == number


def test_a_stated_number_of_the_title_wins_over_a_volume():
    assert read("245 _0 $aToán cao cấp.$nTập 2", "490 __ $vT.01").title.number == "Tập 2"


AGENTS = {
    "100 1_ $aNguyễn, Nhật Ánh,$d1955-": Agent("Nguyễn, Nhật Ánh", "person", "", "1955-", True),
    "100 0_ $aViên Lý,$cThích.": Agent("Viên Lý, Thích", main=True),
    "100 1_ $aFedorov, A. V.$q(Andreĭ Venediktovich)": Agent("Fedorov, A. V. (Andreĭ Venediktovich)", main=True),
    "700 1_ $aMai Hương,$d1949-,$ebiên soạn,$edịch.": Agent("Mai Hương", "person", "biên soạn, dịch", "1949-"),
    "700 1_ $aMai Hương,$eeditor.$4edt": Agent("Mai Hương", "person", "editor"),
    "700 1_ $aMai Hương$4http://id.loc.gov/vocabulary/relators/trl": Agent("Mai Hương", "person", "trl"),
    "700 1_ $aDavis, Sammy,$cJr.,$d1925-1990.": Agent("Davis, Sammy, Jr.", "person", "", "1925-1990"),
    "110 2_ $aViệt Nam.$bBộ Giáo dục và Đào tạo.": Agent("Việt Nam. Bộ Giáo dục và Đào tạo", "corporate", main=True),
    "711 2_ $aHội nghị Biển Đông$n(2 :$d2010 :$cTP. Hồ Chí Minh)": Agent(
        "Hội nghị Biển Đông (2 : 2010 : TP. Hồ Chí Minh)", "meeting"
    ),
    "700 12 $aNam Cao,$d1917-1951.$tChí Phèo.$d1941": Agent("Nam Cao", "person", "", "1917-1951"),
    "700 1_ $aHeino, Laura.$4prf.": Agent("Heino, Laura", "person", "prf"),
    "720 __ $aTrần Văn A$etranslator": Agent("Trần Văn A", "person", "translator"),
    "880 1_ $6100-01/$1$a阮攸,$d1765-1820": Agent("阮攸", "person", "", "1765-1820"),
}


@pytest.mark.parametrize(("line", "expected"), AGENTS.items())
def test_an_agent_is_the_heading_without_role_and_dates(line, expected):
    assert read(line).agents == (expected,)


def test_authors_written_into_one_heading_become_several_of_whom_one_is_the_main_entry():
    found = read("100 __ $aLương Quỳnh Mai; Võ Minh Trung")
    assert found.agents == (Agent("Lương Quỳnh Mai", main=True), Agent("Võ Minh Trung"))


def test_only_the_first_of_two_main_entries_is_one():
    found = read("100 1_ $aTô Hoài", "110 2_ $aHội Nhà văn")
    assert [(agent.name, agent.main) for agent in found.agents] == [("Tô Hoài", True), ("Hội Nhà văn", False)]


YEARS = [
    # date as stated, 008/06-10, year
    ("2009", "s2009", 2009),
    ("2009.", "", 2009),
    ("c2001", "s2001", 2001),
    ("[2000]", "s2000", 2000),
    ("2001, c2000", "t2001", 2001),
    ("1999 [i.e. 2000]", "s2000", 2000),
    ("2009", "s9999", 2009),
    ("2009", "s2008", 2009),
    ("1420 [1999 hoặc 2000]", "s1999", 1999),
    ("2544 [2001]", "", 2001),
    ("1998-2000", "m1998", 1998),
    ("20/10/2009", "", 2009),
    ("[199-?]", "q1990", 0),
    ("[199-?]", "s1990", 0),
    ("199.", "s1990", 0),
    ("1950s", "s1950", 0),
    ("", "s1985", 1985),
    ("", "q19851989", 0),
    ("", "q1985    ", 1985),
    ("", "q19851985", 1985),
    ("", "suuuu", 0),
    ("", "", 0),
    ("[k.n.]", "s1985", 1985),
    ("Quý 3 năm 2010", "s    ", 2010),
    ("1234", "s1234", 0),
    ("2101", "s2101", 0),
    ("9786041", "", 0),
]


@pytest.mark.parametrize(("date", "coded", "year"), YEARS)
def test_the_year_is_what_date_and_008_agree_on(date, coded, year):
    assert year_of(date, f"100101{coded}") == year


PUBLICATIONS = {
    ("260 __ $aHà Nội :$bKim Đồng,$c2009.",): Publication("Hà Nội", "Kim Đồng", "2009", 2009, "vm"),
    ("260 __ $aH. :$bGiáo dục ;$aTP. HCM :$bTrẻ,$cc2009",): Publication(
        "H. ; TP. HCM", "Giáo dục ; Trẻ", "c2009", 2009, "vm"
    ),
    ("260 __ $a[S.l. :$bs.n.],$c2009",): Publication("", "", "2009", 2009, "vm"),
    ("264 _4 $c©2009", "264 _1 $aHà Nội :$bTrẻ"): Publication("Hà Nội", "Trẻ", "©2009", 2009, "vm"),
    ("264 _1 $aHà Nội :$bTrẻ", "264 _4 $c©2009"): Publication("Hà Nội", "Trẻ", "©2009", 2009, "vm"),
    ("264 _3 $aHuế :$bIn Huế,$c2009", "264 _1 $aHà Nội :$bTrẻ,$c2009"): Publication(
        "Hà Nội", "Trẻ", "2009", 2009, "vm"
    ),
    ("264 _1 $aHà Nội,$c2009", "260 __ $aHuế,$c2008"): Publication("Hà Nội", "", "2009", 2009, "vm"),
    ("260 __ $aHà Nội : Kim Đồng, 2009",): Publication("Hà Nội", "Kim Đồng", "2009", 2009, "vm"),
    ("260 __ $aHà Nội :$bKim Đồng, c2009.",): Publication("Hà Nội", "Kim Đồng", "c2009", 2009, "vm"),
    ("260 __ $aHà Nội,$c2009", "880 __ $6260-01$a河內"): Publication("Hà Nội", "", "2009", 2009, "vm"),
    ("264 _1 $a[Place of publication not identified] :$bTrẻ",): Publication("", "Trẻ", "", 2009, "vm"),
}


@pytest.mark.parametrize(("lines", "expected"), PUBLICATIONS.items())
def test_publication_is_taken_from_the_best_field(lines, expected):
    assert read(f"008 {form008()}", *lines).publication == expected


@pytest.mark.parametrize(
    ("coded", "country"), [("vm ", "vm"), ("xx ", ""), ("|||", ""), ("   ", ""), ("XXU", "xxu"), ("v1 ", "")]
)
def test_a_country_that_is_not_stated_is_left_out(coded, country):
    assert read(f"008 {form008(country=coded)}").publication.country == country


@pytest.mark.parametrize(
    ("coded", "lines", "languages", "originals"),
    [
        ("vie", [], ("vie",), ()),
        ("und", [], (), ()),
        ("|||", [], (), ()),
        ("   ", [], (), ()),
        ("zxx", [], (), ()),
        ("VIE", [], ("vie",), ()),
        ("vie", ["041 1_ $avie$heng"], ("vie",), ("eng",)),
        ("vie", ["041 0_ $avieengfre"], ("vie", "eng", "fre"), ()),
        ("und", ["041 1_ $avie$asan$hund"], ("vie", "san"), ()),
        ("und", ["041 07 $avi$2iso639-1"], ("vie",), ()),
        ("vie", ["041 0_ $dvie$dhre"], ("vie", "hre"), ()),
    ],
)
def test_languages_come_from_008_and_041(coded, lines, languages, originals):
    found = read(f"008 {form008(language=coded)}", *lines)
    assert (found.languages, found.original_languages) == (languages, originals)


def test_a_short_008_is_no_obstacle():
    found = read("008 100101s2009", "260 __ $c2009")
    assert (found.publication.year, found.languages, found.material) == (2009, (), "book")


SUBJECTS = {
    "650 _0 $aPoets$zVietnam$xHistory$y20th century.": Subject(
        "Poets -- Vietnam -- History -- 20th century", "topic", "lcsh"
    ),
    "650 _7 $aVăn học$zViệt Nam$2bkvn": Subject("Văn học -- Việt Nam", "topic", "bkvn"),
    "650 _4 $aVăn học.": Subject("Văn học"),
    "650 _2 $aHeart": Subject("Heart", "topic", "mesh"),
    "651 _4 $aQuảng Ngãi": Subject("Quảng Ngãi", "place"),
    "600 10 $aPhạm, Văn Đồng,$d1906-2000$vTiểu sử": Subject("Phạm, Văn Đồng, 1906-2000 -- Tiểu sử", "person", "lcsh"),
    "600 10 $aNguyễn, Du.$tTruyện Kiều.": Subject("Nguyễn, Du. Truyện Kiều", "person", "lcsh"),
    "610 14 $aVietnam.$bQuân đội nhân dân$vTiểu sử.": Subject("Vietnam. Quân đội nhân dân -- Tiểu sử", "corporate"),
    "630 00 $aKinh Thánh": Subject("Kinh Thánh", "title", "lcsh"),
    "655 _7 $aTruyện ngắn.$2lcgft": Subject("Truyện ngắn", "genre", "lcgft"),
    "650 _4 $aVăn học--Việt Nam -- Thế kỷ 20": Subject("Văn học -- Việt Nam -- Thế kỷ 20"),
    "690 __ $aĐịa chí": Subject("Địa chí", "topic", "local"),
    "653 __ $aSa Huỳnh": Subject("Sa Huỳnh", "keyword"),
}


@pytest.mark.parametrize(("line", "expected"), SUBJECTS.items())
def test_a_heading_is_written_with_its_subdivisions_and_its_list(line, expected):
    assert read(line).subjects == (expected,)


def test_keywords_in_one_subfield_are_told_apart():
    found = read("653 __ $aVăn học ; Thơ;$aHuế.")
    assert [subject.heading for subject in found.subjects] == ["Văn học", "Thơ", "Huế"]


SERIES = {
    "490 0_ $aTủ sách Vàng ;$vT.2": Series("Tủ sách Vàng", "T.2"),
    "490 0_ $aTủ sách Vàng ; T.2": Series("Tủ sách Vàng", "T.2"),
    "490 1_ $aTạp chí Huế,$x0317-8471 ;$vsố 3": Series("Tạp chí Huế", "số 3", "0317-8471"),
    "440 _0 $aVăn học.$nQuyển 2,$pThơ ;$v5": Series("Văn học. Quyển 2. Thơ", "5"),
    "830 _0 $aVăn học Việt Nam.": Series("Văn học Việt Nam"),
    "800 1_ $aTô Hoài.$tTuyển tập ;$v3": Series("Tuyển tập", "3"),
}


@pytest.mark.parametrize(("line", "expected"), SERIES.items())
def test_a_series_has_a_title_and_a_volume(line, expected):
    assert read(line).series == (expected,)


def test_one_series_told_twice_is_kept_once():
    assert len(read("490 1_ $aTủ sách Vàng ;$v2", "830 _0 $aTủ sách Vàng ;$v2.").series) == 1


def test_edition_and_physical_description():
    found = read(
        "250 __ $aTái bản lần thứ 2, có sửa chữa /$bTô Hoài.", "300 __ $a139 tr. :$bảnh màu ;$c21 cm +$e1 CD-ROM"
    )
    assert found.edition == Edition("Tái bản lần thứ 2, có sửa chữa / Tô Hoài")
    assert (found.extent, found.dimensions) == ("139 tr. : ảnh màu + 1 CD-ROM", "21 cm")


def test_web_addresses_are_links_and_anything_else_in_856_is_a_note():
    found = read(
        "856 41 $uhttps://example.vn/a?b=1&c=2 $yToàn văn",
        "856 4_ $3Mục lục$uftp://example.vn/toc.txt",
        "856 4_ $uurn:isbn:123",
        "856 4_ $uhttp://two words.vn/",
        "856 4_ $ujavascript:alert(1)$zBản số",
    )
    assert found.links == (
        Link("https://example.vn/a?b=1&c=2", "Toàn văn"),
        Link("ftp://example.vn/toc.txt", "Mục lục"),
    )
    assert found.notes == ("urn:isbn:123", "http://two words.vn/", "Bản số: javascript:alert(1)")


def test_notes_summary_and_contents_keep_their_sentences():
    found = read(
        "500 __ $aĐTTS ghi: Bộ Giáo dục.",
        "502 __ $aLuận văn thạc sĩ$cĐại học Huế$d2009",
        "505 0_ $aT.1: Thơ -- T.2: Văn.",
        "520 __ $aGiới thiệu.",
        "520 __ $aTóm tắt.",
        "541 __ $aNgười tặng: Nguyễn Văn A",
        "583 __ $aĐã kiểm kê",
        "590 __ $aGhi chú nội bộ",
        "773 0_ $tTạp chí Sông Trà$gSố 3 (2009)",
    )
    assert found.notes == (
        "ĐTTS ghi: Bộ Giáo dục.",
        "Luận văn thạc sĩ Đại học Huế 2009",
        "In: Tạp chí Sông Trà Số 3 (2009)",
    )
    assert (found.summary, found.contents) == ("Giới thiệu. Tóm tắt.", "T.1: Thơ -- T.2: Văn.")


@pytest.mark.parametrize(
    ("leader", "level"),
    [
        ("00000nam a2200000   4500", "m"),
        ("00000nas a2200000   4500", "s"),
        ("00000na", "m"),
        ("", "m"),
        ("00000na9", "m"),
    ],
)
def test_the_level_is_the_leaders_or_a_monograph(leader, level):
    assert read(leader=leader).level == level


def test_an_880_without_a_link_or_linked_to_a_number_is_left_alone():
    assert read("880 __ $a無", "880 __ $6020-01$a123", "880 __ $6999-00$ax") == read()


def test_the_same_thing_said_twice_is_kept_once():
    found = read("650 _4 $aThơ.", "650 _4 $aThơ", "700 1_ $aTô Hoài", "700 1_ $aTô Hoài.", "246 3_ $aNhan đề")
    assert (len(found.subjects), len(found.agents), found.other_titles) == (1, 1, ())


MATERIALS = [
    # leader/06-07, lines, material
    ("am", [], "book"),
    ("as", [], "serial"),
    ("ab", [], "article"),
    ("em", [], "map"),
    ("gm", [], "video"),
    ("im", [], "spoken"),
    ("jm", [], "music"),
    ("cm", [], "score"),
    ("tm", [], "manuscript"),
    ("zz", [], "book"),
    ("am", ["007 cr |||||||||||"], "ebook"),
    ("as", ["007 cr |||||||||||"], "eserial"),
    ("am", ["007 ha"], "microform"),
    ("am", ["338 __ $aonline resource$bcr$2rdacarrier"], "ebook"),
    ("am", ["338 __ $atrực tuyến"], "ebook"),
    ("am", ["245 00 $aNhan đề$h[tài nguyên điện tử]"], "ebook"),
    ("am", ["245 00 $aNhan đề$h[microform] /$cTô Hoài"], "microform"),
    ("am", ["502 __ $aLuận văn thạc sĩ"], "thesis"),
    ("tm", ["502 __ $aLuận án"], "thesis"),
    ("jm", ["502 __ $aLuận án"], "music"),
    ("am", ["245 00 $aTCVN 5687:2010 Thông gió"], "standard"),
    ("am", ["245 00 $aYêu cầu kỹ thuật: TCN 68-203: 2001"], "standard"),
    ("am", ["245 00 $aHướng dẫn áp dụng TCVN 9001"], "book"),
    ("am", ["100 __ $aTiêu chuẩn Việt Nam"], "standard"),
]


@pytest.mark.parametrize(("kind", "lines", "material"), MATERIALS)
def test_the_material_is_what_leader_and_fields_say_together(kind, lines, material):
    assert read(*lines, leader=f"00000n{kind} a2200000   4500").material == material


@pytest.mark.parametrize(
    ("form", "nature", "material"),
    [
        ("o", "    ", "ebook"),
        ("f", "    ", "braille"),
        (" ", "m   ", "thesis"),
        (" ", " u  ", "standard"),
        ("|", "||||", "book"),
    ],
)
def test_008_tells_form_and_nature(form, nature, material):
    coded = form008(form=form)
    assert read(f"008 {coded[:24]}{nature}{coded[28:]}").material == material


def test_008_wins_over_what_other_fields_say_of_the_form():
    assert read(f"008 {form008(form='d')}", "007 cr |||||||||||").material == "book"
