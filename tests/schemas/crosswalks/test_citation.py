"""Citations in words: APA, Chicago, ISO 690, Vietnamese theses."""

import pytest

from schemas.bib import Agent, Bib, Edition, Identifier, Publication, Title
from schemas.crosswalks.citation import citations
from schemas.crosswalks.cited import cited

NOVEL = Bib(
    title=Title("Mắt biếc", remainder="truyện dài"),
    languages=("vie",),
    agents=(Agent("Nguyễn, Nhật Ánh", main=True),),
    identifiers=(Identifier("isbn", "9786041140530"),),
    edition=Edition("In lần thứ 40"),
    publication=Publication("Tp. Hồ Chí Minh", "Nxb. Trẻ", "2019", 2019),
    extent="298 tr.",
)
FOREIGN = Bib(
    title=Title("Digital libraries", remainder="a guide"),
    languages=("eng",),
    agents=(Agent("Smith, John P.", main=True), Agent("Jones, Mary"), Agent("Lê, Văn C")),
    edition=Edition("2nd ed."),
    publication=Publication("New York", "Wiley", "c2001", 2001),
)
TWO = Bib(title=Title("Parks"), languages=("eng",), agents=(Agent("Machlis, Gary E."), Agent("Field, Donald R.")))
EDITED = Bib(title=Title("Who reads?"), languages=("eng",), agents=(Agent("Smith, John", role="edt"),))
BARE = Bib(title=Title("Địa chí"))


@pytest.mark.parametrize(
    ("bib", "style", "text"),
    [
        (NOVEL, "APA", "Nguyễn Nhật Ánh. (2019). Mắt biếc: truyện dài (In lần thứ 40). Nxb. Trẻ."),
        (NOVEL, "Chicago", "Nguyễn Nhật Ánh. 2019. Mắt biếc: truyện dài. In lần thứ 40. Tp. Hồ Chí Minh: Nxb. Trẻ."),
        (
            NOVEL,
            "ISO 690",
            "NGUYỄN NHẬT ÁNH. Mắt biếc: truyện dài. In lần thứ 40. Tp. Hồ Chí Minh: Nxb. Trẻ, 2019. 298 tr. "
            "ISBN 9786041140530.",
        ),
        (NOVEL, "Việt Nam", "Nguyễn Nhật Ánh (2019), Mắt biếc: truyện dài, In lần thứ 40, Nxb. Trẻ, Tp. Hồ Chí Minh."),
        (FOREIGN, "APA", "Smith, J. P., Jones, M., & Lê Văn C. (2001). Digital libraries: a guide (2nd ed). Wiley."),
        (
            FOREIGN,
            "Chicago",
            "Smith, John P., Mary Jones, and Lê Văn C. 2001. Digital libraries: a guide. 2nd ed. New York: Wiley.",
        ),
        (TWO, "Chicago", "Machlis, Gary E., and Donald R. Field. n.d. Parks."),
        (TWO, "ISO 690", "MACHLIS, Gary E. and FIELD, Donald R. Parks."),
        (TWO, "APA", "Machlis, G. E., & Field, D. R. (n.d.). Parks."),
        (EDITED, "APA", "Smith, J. (Ed.). (n.d.). Who reads?"),
        (EDITED, "Chicago", "Smith, John, ed. n.d. Who reads?"),
        (BARE, "APA", "Địa chí. (n.d.)."),
        (BARE, "ISO 690", "Địa chí."),
        (BARE, "Việt Nam", "Địa chí, n.d."),
    ],
)
def test_a_publication_is_cited(bib: Bib, style: str, text: str) -> None:
    assert {each.style: str(each) for each in citations(cited(bib))}[style] == text


def test_the_title_stands_apart_for_italics() -> None:
    assert all(each.title == "Mắt biếc: truyện dài" for each in citations(cited(NOVEL)))
    assert all(each.before for each in citations(cited(NOVEL)))


def test_of_very_many_authors_the_last_is_named_behind_dots() -> None:
    crowd = Bib(title=Title("x"), agents=tuple(Agent(f"Lê Thị {letter}") for letter in "ABCDEGHIKLMNOPQRSTUVXY"))
    apa = {each.style: str(each) for each in citations(cited(crowd))}["APA"]
    assert "Lê Thị U, … Lê Thị Y. (n.d.)" in apa
