"""From the record of the house to what managers of references read: RIS, EndNote, BibTeX, CSL JSON, CSV."""

import csv
import json
import re
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from schemas.bib import Agent, Bib, Host, Publication, Series, Subject, Title, replace
from schemas.crosswalks.bib_bibtex import bibtex
from schemas.crosswalks.bib_csl import csl
from schemas.crosswalks.bib_csv import COLUMNS, head, line
from schemas.crosswalks.bib_endnote import endnote
from schemas.crosswalks.bib_ris import ris
from schemas.crosswalks.cited import cited
from schemas.crosswalks.cited_names import Name
from schemas.maps import material_codes
from tests.schemas.crosswalks.full import FULL

ADDRESS = "https://l.example/record/7"
FOREIGN = Bib(title=Title("Digital libraries"), agents=(Agent("Smith, John P.", main=True), Agent("Lê, Văn C")))
anything = st.builds(
    lambda title, name, place, heading: Bib(
        title=Title(title),
        agents=(Agent(name, main=True),),
        publication=Publication(place, place, place),
        subjects=(Subject(heading),),
        summary=heading,
    ),
    st.text(),
    st.text(),
    st.text(),
    st.text(),
)


def tags(text: str) -> list[tuple[str, str]]:
    lines = text.split("\r\n")
    return [(each[:2], each[6:]) for each in lines if each]


def test_ris_says_what_is_cited_and_ends() -> None:
    found = tags(ris(FULL, "7", ADDRESS))
    assert found[0] == ("TY", "BOOK")
    assert found[-1] == ("ER", "")
    for each in (
        ("TI", "Lịch sử <Quảng Ngãi> & miền Trung. Tập 2. Thời cận đại: khảo cứu"),
        ("ED", "Nguyễn Văn A"),
        ("A4", "Trần B"),
        ("PY", "2009"),
        ("SN", "9786041234567"),
        ("LA", "vi"),
        ("UR", ADDRESS),
    ):
        assert each in found


@given(anything)
def test_a_value_is_never_taken_for_a_tag(bib: Bib) -> None:
    text = ris(bib, "7", ADDRESS)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", each) for each in text.split("\r\n") if each)
    assert text.count("\nER  - ") == 1
    assert all(each.startswith("%") for each in endnote(bib, "7", ADDRESS).split("\r\n") if each)


def test_endnote_keeps_a_vietnamese_name_whole() -> None:
    found = endnote(FOREIGN).split("\r\n")
    assert "%A Smith, John P." in found
    assert "%A Lê Văn C," in found


def test_bibtex_keeps_a_vietnamese_name_whole_and_its_key_apart() -> None:
    assert "author = {Smith, John P. and {Lê Văn C}}" in bibtex(FOREIGN)
    assert bibtex(FOREIGN, "7").startswith("@book{smith-7,")
    assert bibtex(FULL, "8").startswith("@book{vietnambovanhoa2009-8,") or "{nguyenvana2009-8," in bibtex(FULL, "8")


@given(anything)
def test_braces_of_bibtex_always_balance(bib: Bib) -> None:
    text = bibtex(bib, "7", ADDRESS)
    depth, escaped = 0, False
    for letter in text:
        depth += 0 if escaped else {"{": 1, "}": -1}.get(letter, 0)
        escaped = letter == "\\" and not escaped
        assert depth >= 0
    assert depth == 0


def test_what_follows_a_name_stands_where_each_format_wants_it() -> None:
    king = Bib(title=Title("Why we can't wait"), agents=(Agent("King, Martin Luther, Jr.", main=True),))
    assert "author = {King, Jr., Martin Luther}" in bibtex(king)
    assert ("AU", "King, Martin Luther, Jr.") in tags(ris(king))
    assert json.loads(csl(king))["author"] == [{"family": "King", "given": "Martin Luther", "suffix": "Jr."}]


def test_commands_of_tex_are_letters() -> None:
    text = bibtex(Bib(title=Title(r"50% of A_1 & \write18{rm}")))
    assert r"50\% of A\_1 \& \textbackslash{}write18\{rm\}" in text


def test_csl_gives_parts_of_names_and_dates() -> None:
    item = json.loads(csl(FOREIGN, "7", ADDRESS))
    assert item["author"] == [{"family": "Smith", "given": "John P."}, {"literal": "Lê Văn C"}]
    assert json.loads(csl(FULL, "7"))["issued"] == {"date-parts": [[2009]]}
    assert (item["id"], item["type"], item["URL"]) == ("7", "book", ADDRESS)
    assert "publisher" not in item


def test_a_line_of_csv_has_a_cell_for_each_column() -> None:
    table = list(csv.DictReader(StringIO(head() + line(FULL, "7", ADDRESS, (("Thư viện tỉnh", "959 L"),)))))
    assert len(table) == 1
    assert tuple(table[0]) == COLUMNS
    assert table[0]["libraries"] == "Thư viện tỉnh"
    assert table[0]["contributors"] == "Nguyễn Văn A; Trần B"


@given(anything)
def test_no_cell_is_a_formula(bib: Bib) -> None:
    cells = next(csv.reader(StringIO(line(bib, "7", ADDRESS))))
    assert len(cells) == len(COLUMNS)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_every_material_has_a_kind_in_every_format() -> None:
    for code in material_codes():
        found = cited(Bib(title=Title("x"), material=code))
        assert all(found.kind(target) for target in ("csl", "ris", "bibtex", "endnote", "schema_org"))
    assert cited(Bib(title=Title("x"), material="unheard-of")).kind("ris") == "BOOK"


def test_roles_in_vietnamese_and_in_codes_tell_who_did_what() -> None:
    bib = Bib(
        title=Title("x"),
        agents=(
            Agent("Hà Huy Khoái", role="Tổng chủ biên"),
            Agent("Đoàn Quỳnh", role="dịch, chú giải"),
            Agent("Hoàng Tường", role="Minh họa"),
            Agent("Lê A", role="ctb"),
            Agent("Lê B"),
        ),
    )
    found = cited(bib)
    assert found.editors == (Name("Hà Huy Khoái"),)
    assert found.translators == (Name("Đoàn Quỳnh"),)
    assert found.illustrators == (Name("Hoàng Tường"),)
    assert found.authors == (Name("Lê B"),)


def test_a_body_beside_nobody_is_responsible() -> None:
    body = Agent("Sở Giáo dục", "corporate")
    assert cited(Bib(title=Title("x"), agents=(body,))).authors == (Name("Sở Giáo dục", body=True),)
    assert cited(Bib(title=Title("x"), agents=(body, Agent("Lê B")))).authors == (Name("Lê B"),)


ARTICLE = Bib(
    title=Title("Văn hoá Sa Huỳnh"),
    material="article",
    level="b",
    host=Host("Khảo cổ học", "Số 3 (2009), tr. 20-25", ("(VN)12", "(ISSN) 0866-742X")),
)


def test_an_article_names_its_journal_issue_and_pages() -> None:
    found = tags(ris(ARTICLE))
    for each in (("TY", "JOUR"), ("T2", "Khảo cổ học"), ("IS", "3"), ("SP", "20"), ("EP", "25"), ("SN", "0866-742X")):
        assert each in found
    for field in ("journal = {Khảo cổ học}", "number = {3}", "pages = {20--25}", "year = {2009}"):
        assert field in bibtex(ARTICLE)
    assert "%J Khảo cổ học\r\n%N 3" in endnote(ARTICLE)
    item = json.loads(csl(ARTICLE))
    assert (item["type"], item["container-title"], item["issue"]) == ("article-journal", "Khảo cổ học", "3")
    assert (item["page"], "number-of-pages" in item) == ("20-25", False)


def test_a_chapter_stands_in_a_book() -> None:
    chapter = replace(ARTICLE, level="a", host=Host("Địa chí", "tr. 7"), series=(Series("Tủ sách"),))
    assert bibtex(chapter).startswith("@incollection{")
    assert "booktitle = {Địa chí}" in bibtex(chapter)
    assert [each for each in tags(ris(chapter)) if each[0] in ("TY", "T2")] == [("TY", "CHAP"), ("T2", "Địa chí")]
    assert json.loads(csl(chapter))["type"] == "chapter"
    assert "%B Địa chí" in endnote(chapter)


def test_a_book_bought_in_a_collection_is_a_book() -> None:
    found = cited(Bib(title=Title("x"), extent="298 tr.", host=Host("Ebook Central")))
    assert (found.host, found.pages, found.kind("ris")) == ("", "298", "BOOK")


def test_a_thesis_names_its_school() -> None:
    thesis = Bib(title=Title("x"), material="thesis", publication=Publication("", "Đại học Cần Thơ"))
    assert "school = {Đại học Cần Thơ}" in bibtex(thesis)
