"""Names as citations need them, from headings as real libraries wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.bib import Agent, Bib, Title
from schemas.crosswalks.cited import cited
from schemas.crosswalks.cited_names import Name


def authors(heading: str, kind: str = "person") -> list[str]:
    found = cited(Bib(title=Title("x"), agents=(Agent(heading, kind, main=True),)))  # type: ignore[arg-type]
    return [f"{name.family}|{name.given}" if name.family else name.whole for name in found.authors]


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Nguyễn Nhật Ánh", ["Nguyễn Nhật Ánh"]),
        ("Nguyễn, Nhật Ánh", ["Nguyễn Nhật Ánh"]),
        ("Tôn Thất, Tùng", ["Tôn Thất Tùng"]),
        ("Cao, Xuân Hạo", ["Cao Xuân Hạo"]),
        ("Chu, Steven", ["Chu|Steven"]),
        ("Mai, Klaus", ["Mai|Klaus"]),
        ("Smith, John P.", ["Smith|John P."]),
        ("Lloyd Webber, Julian", ["Lloyd Webber|Julian"]),
        ("Montessus de Bellore, Robert de", ["Montessus de Bellore|Robert de"]),
        ("La Place, Guislain François Marie Joseph de", ["La Place|Guislain François Marie Joseph de"]),
        ("Tolkien, J. R. R. (John Ronald Reuel)", ["Tolkien|J. R. R."]),
        ("Kural, V. (Václav", ["Kural|V."]),
        ("Warner, George F. (George Frederic), Sir", ["Warner|George F."]),
        ("Louis XVIII, roi de France", ["Louis XVIII"]),
        ("Ellington, Duke", ["Ellington|Duke"]),
        ("Nguyễn, Hoàng Linh", ["Nguyễn Hoàng Linh"]),
        ("Elizabeth II, Queen of Great Britain", ["Elizabeth II"]),
        ("Augustine, Saint, Bishop of Hippo", ["Augustine"]),
        ("Trần, Hưng Đạo, Vua", ["Trần Hưng Đạo"]),
        ("Lê Văn Tư, Lê Tùng Vân, Lê Nam Hải", ["Lê Văn Tư", "Lê Tùng Vân", "Lê Nam Hải"]),
        ("Bùi Nguyên Hùng, Trần Thị Kim Loan", ["Bùi Nguyên Hùng", "Trần Thị Kim Loan"]),
        ("Robert T. Kiyosaki, Sharon L. Lechter", ["Robert T. Kiyosaki", "Sharon L. Lechter"]),
        ("Robert T. Kiyosaki và Sharon L. Lechter", ["Robert T. Kiyosaki", "Sharon L. Lechter"]),
        (
            "Arthur A. Thompson, Jr., A. J. Strickland III, John E. Gamble",
            ["Arthur A. Thompson Jr.", "A. J. Strickland III", "John E. Gamble"],
        ),
        ("Efraim Turban, Ephraim Mclean, James Wetherbe", ["Efraim Turban", "Ephraim Mclean", "James Wetherbe"]),
        ("Phùng Văn Phách,…", ["Phùng Văn Phách"]),
        ("Phan Thị Bích Nguyệt, Lê Đạt Chí,..", ["Phan Thị Bích Nguyệt", "Lê Đạt Chí"]),
        ("Tham gia: Lê Quý Đức, Nguyễn Đăng Minh", ["Lê Quý Đức", "Nguyễn Đăng Minh"]),
        ("(ST SEV 4886-84)", ["(ST SEV 4886-84)"]),
        ("Gogh, Vincent van", ["Gogh|Vincent van"]),
    ],
)
def test_a_heading_gives_the_names_in_it(heading: str, names: list[str]) -> None:
    assert authors(heading) == names


def test_a_role_behind_names_is_that_of_all_of_them() -> None:
    for heading, names in (
        ("Thiên Kim biên dịch", ("Thiên Kim",)),
        ("Phạm Văn Thiều, Ngô Vũ dịch", ("Phạm Văn Thiều", "Ngô Vũ")),
        ("Hồng Lê, Phương Lan, dịch", ("Hồng Lê", "Phương Lan")),
        ("dịch, Võ Thị Hoàng Ái, Nguyễn Thu Hương", ("Võ Thị Hoàng Ái", "Nguyễn Thu Hương")),
        ("Văn Hòa, Kim Thùy người dịch", ("Văn Hòa", "Kim Thùy")),
    ):
        found = cited(Bib(title=Title("x"), agents=(Agent("Smith, John", main=True), Agent(heading))))
        assert tuple(name.whole for name in found.translators) == names, heading
        assert found.authors == (Name(family="Smith", given="John"),)


def test_a_role_behind_the_first_of_several_is_only_its_own() -> None:
    found = cited(Bib(title=Title("x"), agents=(Agent("Trần Thế Lục chủ biên, Trần Sĩ Tuý, Bành Tiến Long"),)))
    assert [name.whole for name in found.editors] == ["Trần Thế Lục"]
    assert [name.whole for name in found.authors] == ["Trần Sĩ Tuý", "Bành Tiến Long"]


def test_in_a_catalogue_of_vietnamese_books_two_foreign_names_are_two() -> None:
    heading = Agent("Rupert Woodfin, Judy Groves", main=True)
    for title, languages, names in (
        ("Nhập môn Aristotle", ("vie",), ["Rupert Woodfin", "Judy Groves"]),
        ("Nhập môn Aristotle", (), ["Rupert Woodfin", "Judy Groves"]),
        ("Fêtes célébrées à Ottawa", (), ["Judy Groves Rupert Woodfin"]),
        ("Aristotle", ("eng",), ["Judy Groves Rupert Woodfin"]),
    ):
        found = cited(Bib(title=Title(title), languages=languages, agents=(heading,)))
        assert [name.spoken for name in found.authors] == names


def test_who_is_told_in_two_scripts_is_one() -> None:
    people = (Agent("Zhou, Baozhu", main=True), Agent("Chen, Zhen"), Agent("周宝珠"), Agent("陈振"))
    song = Bib(title=Title("Jian ming Song shi"), other_titles=(Title("简明宋史"),), agents=people)
    assert [name.spoken for name in cited(song).authors] == ["Baozhu Zhou", "Zhen Chen"]
    other_way = Bib(
        title=Title("简明宋史"), other_titles=(Title("Jian ming Song shi"),), agents=people[2:] + people[:2]
    )
    assert [name.spoken for name in cited(other_way).authors] == ["周宝珠", "陈振"]
    assert len(cited(Bib(title=Title("x"), agents=people)).authors) == 4


def test_who_only_introduced_it_did_not_write_it() -> None:
    found = cited(Bib(title=Title("x"), agents=(Agent("Sagan, Carl", main=True), Agent("Phan Việt giới thiệu"))))
    assert [name.spoken for name in found.authors] == ["Carl Sagan"]


def test_what_follows_a_name_is_kept_behind_it() -> None:
    (king,) = cited(Bib(title=Title("x"), agents=(Agent("King, Martin Luther, Jr.", main=True),))).authors
    assert (king.inverted, king.spoken) == ("King, Martin Luther, Jr.", "Martin Luther King Jr.")


def test_the_name_of_a_body_is_never_taken_apart() -> None:
    heading = "Sở Khoa học và Công nghệ, Trung tâm Sinh học (Tp. HCM)"
    assert cited(Bib(title=Title("x"), agents=(Agent(heading, "corporate"),))).authors == (
        Name(whole=heading, body=True),
    )


@given(st.text(alphabet="aA ,.(;…Nguyễn&và:", min_size=1, max_size=40))
def test_every_heading_gives_names_that_say_something(heading: str) -> None:
    found = cited(Bib(title=Title("x"), agents=(Agent(heading, main=True),)))
    everybody = (*found.authors, *found.editors, *found.translators, *found.illustrators)
    assert all(name.inverted for name in everybody)
