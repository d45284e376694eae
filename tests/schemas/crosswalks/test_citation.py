"""Citations in words: APA, MLA, Chicago, ISO 690, Vietnamese theses."""

import pytest

from schemas.bib import Agent, Bib, Edition, Host, Identifier, Publication, Title, replace
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

ARTICLE = Bib(
    title=Title("Văn hoá Sa Huỳnh"),
    material="article",
    level="b",
    languages=("vie",),
    agents=(Agent("Lê Văn A"), Agent("Trần Thị B")),
    identifiers=(Identifier("doi", "10.1000/abc"),),
    publication=Publication(date="2009", year=2009),
    host=Host("Khảo cổ học", "Tập 12, số 3 (2009), tr. 20-25", ("(ISSN) 0866-742X",)),
)
CHAPTER = Bib(
    title=Title("Whose books?"),
    material="article",
    level="a",
    languages=("eng",),
    agents=(Agent("King, Martin Luther, Jr.", main=True), Agent("Sartre, Jean-Paul"), Agent("Gogh, Vincent van")),
    publication=Publication("New York", "Wiley", "2001", 2001),
    host=Host("Digital libraries", "p. 7"),
)


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
        (FOREIGN, "APA", "Smith, J. P., Jones, M., & Lê Văn C. (2001). Digital libraries: a guide (2nd ed.). Wiley."),
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
        (NOVEL, "MLA", "Nguyễn Nhật Ánh. Mắt biếc: truyện dài. In lần thứ 40, Nxb. Trẻ, 2019."),
        (FOREIGN, "MLA", "Smith, John P., et al. Digital libraries: a guide. 2nd ed., Wiley, 2001."),
        (TWO, "MLA", "Machlis, Gary E., and Donald R. Field. Parks."),
        (EDITED, "MLA", "Smith, John, editor. Who reads?"),
        (BARE, "MLA", "Địa chí."),
        (
            ARTICLE,
            "APA",
            "Lê Văn A & Trần Thị B. (2009). Văn hoá Sa Huỳnh. Khảo cổ học, 12(3), 20–25. https://doi.org/10.1000/abc",
        ),
        (
            ARTICLE,
            "MLA",
            "Lê Văn A và Trần Thị B. “Văn hoá Sa Huỳnh.” Khảo cổ học, vol. 12, no. 3, 2009, pp. 20–25. "
            "https://doi.org/10.1000/abc",
        ),
        (
            ARTICLE,
            "Chicago",
            "Lê Văn A và Trần Thị B. 2009. “Văn hoá Sa Huỳnh.” Khảo cổ học 12 (3): 20–25. https://doi.org/10.1000/abc",
        ),
        (
            ARTICLE,
            "ISO 690",
            "LÊ VĂN A và TRẦN THỊ B. Văn hoá Sa Huỳnh. Khảo cổ học. 2009, vol. 12, no. 3, pp. 20–25. ISSN 0866-742X. "
            "https://doi.org/10.1000/abc",
        ),
        (
            ARTICLE,
            "Việt Nam",
            "Lê Văn A và Trần Thị B (2009), “Văn hoá Sa Huỳnh”, Khảo cổ học, tập 12, số 3, tr. 20–25.",
        ),
        (
            CHAPTER,
            "APA",
            "King, M. L., Jr., Sartre, J.-P., & Gogh, V. van. (2001). Whose books? In Digital libraries (p. 7). Wiley.",
        ),
        (
            CHAPTER,
            "Chicago",
            "King, Martin Luther, Jr., Jean-Paul Sartre, and Vincent van Gogh. 2001. “Whose books?” "
            "In Digital libraries, 7. New York: Wiley.",
        ),
        (CHAPTER, "MLA", "King, Martin Luther, Jr., et al. “Whose books?” Digital libraries, Wiley, 2001, p. 7."),
        (
            CHAPTER,
            "Việt Nam",
            "Martin Luther King Jr., Jean-Paul Sartre, and Vincent van Gogh (2001), “Whose books?”, "
            "trong Digital libraries, Wiley, New York, tr. 7.",
        ),
        (BARE, "APA", "Địa chí. (n.d.)."),
        (BARE, "ISO 690", "Địa chí."),
        (BARE, "Việt Nam", "Địa chí, k.n."),
    ],
)
def test_a_publication_is_cited(bib: Bib, style: str, text: str) -> None:
    assert {each.style: str(each) for each in citations(cited(bib))}[style] == text


def test_the_title_stands_apart_for_italics() -> None:
    assert all(each.title == "Mắt biếc: truyện dài" for each in citations(cited(NOVEL)))
    assert all(each.before for each in citations(cited(NOVEL)))


def test_a_name_is_shortened_to_a_letter() -> None:
    for given, initials in (("ʻAlī", "A."), ("Tong-gil", "T.-g."), ("J. R. R.", "J. R. R."), ("\u200fموسى", "م.")):
        (apa,) = (
            str(each)
            for each in citations(cited(Bib(title=Title("x"), agents=(Agent(f"Abu, {given}"),))))
            if each.style == "APA"
        )
        assert apa.startswith(f"Abu, {initials} (n.d.)"), apa


def test_of_very_many_authors_the_last_is_named_behind_dots() -> None:
    crowd = Bib(title=Title("x"), agents=tuple(Agent(f"Lê Thị {letter}") for letter in "ABCDEGHIKLMNOPQRSTUVXY"))
    apa = {each.style: str(each) for each in citations(cited(crowd))}["APA"]
    assert "Lê Thị U, … Lê Thị Y. (n.d.)" in apa
    chicago = {each.style: str(each) for each in citations(cited(crowd))}["Chicago"]
    assert chicago == "Lê Thị A, Lê Thị B, Lê Thị C, Lê Thị D, Lê Thị E, Lê Thị G, Lê Thị H, et al. n.d. x."


def test_of_a_part_the_whole_is_in_italics() -> None:
    assert {each.title for each in citations(cited(ARTICLE))} == {"Khảo cổ học"}
    assert {each.title for each in citations(cited(replace(ARTICLE, level="m")))} == {"Văn hoá Sa Huỳnh"}
