"""From the record of the house to MODS."""

from lxml import etree

from schemas.bib import Agent, Bib, Host, Title, replace
from schemas.crosswalks.bib_mods import mods
from schemas.maps import material_codes
from tests.schemas.crosswalks.full import FULL, HELD
from tests.support.xsd import faults, schema

NAMESPACES = {"m": "http://www.loc.gov/mods/v3"}
ARTICLE = Bib(
    Title("Văn hoá Sa Huỳnh"),
    material="article",
    level="b",
    host=Host("Khảo cổ học", "Tập 12, số 3 (2009), tr. 20-25", ("(ISSN) 0866-742X",)),
)


def said(bib, path, holdings=()):
    tree = etree.fromstring(mods(bib, "12", holdings))
    return [one if isinstance(one, str) else one.text for one in tree.xpath(path, namespaces=NAMESPACES)]


def test_it_is_valid(shared_data):
    for bib, holdings in (
        (FULL, HELD),
        (ARTICLE, HELD),
        (Bib(Title("")), ()),
        (Bib(Title("\x00\ud800<>&\"'\r\n")), HELD),
    ):
        assert (
            faults(schema(shared_data, "mods/mods-3-7.xsd"), mods(bib, "12", holdings, "https://l.example/record/12"))
            == []
        )


def test_titles_and_names():
    assert said(FULL, "m:titleInfo[not(@type)]/*") == [
        "Lịch sử <Quảng Ngãi> & miền Trung",
        "khảo cứu",
        "Tập 2",
        "Thời cận đại",
    ]
    assert said(FULL, "m:titleInfo[@type='alternative']/m:title") == ["History of Quảng Ngãi", "Histoire"]
    assert said(FULL, "m:name/@type") == ["personal", "personal", "corporate", "conference"]
    assert said(FULL, "m:name[@usage='primary']/*") == ["Nguyễn, Văn A", "1950-", None]
    assert said(FULL, "//m:roleTerm/@type") == ["text", "code", "code", "text"]
    assert said(FULL, "m:name[@usage='primary']/m:role/m:roleTerm") == ["chủ biên", "edt"]


def test_where_when_and_what():
    assert said(FULL, "m:originInfo//m:placeTerm") == ["vm", "Quảng Ngãi"]
    assert said(FULL, "m:originInfo/m:dateIssued") == ["2009", "2009"]
    assert said(FULL, "m:originInfo/m:issuance") == ["monographic"]
    assert said(FULL, "m:typeOfResource") == ["text"]
    assert said(FULL, "m:language/m:languageTerm") == ["vie", "eng", "fre"]
    assert said(FULL, "m:physicalDescription/m:extent") == ["312 tr. : ảnh ; 21 cm"]
    assert said(FULL, "m:relatedItem[@type='series']//m:partNumber") == ["T.5"]


def test_subjects_keep_their_kind_and_their_list():
    assert said(FULL, "m:subject/m:name/m:namePart") == ["Nguyễn, Huệ, 1753-1792", "Quân đội nhân dân"]
    assert said(FULL, "m:subject[@authority='lcsh']/m:topic") == ["Lịch sử", "Việt Nam", "Thế kỷ 20"]
    assert said(FULL, "m:subject/m:geographic") == ["Quảng Ngãi"]
    assert said(FULL, "m:genre[not(@authority='marcgt')]") == ["Book", "Khảo cứu"]


def test_wrong_numbers_are_marked_wrong():
    assert said(FULL, "m:identifier[@type='isbn' and not(@invalid)]") == ["9786041234567"]
    assert said(FULL, "m:identifier[@invalid='yes']") == ["123"]


def test_who_holds_it():
    assert said(FULL, "m:location/m:physicalLocation", HELD) == ["Thư viện tỉnh", "Trường <A>"]
    assert said(FULL, "m:location//m:copyInformation/*", HELD) == ["Kho đọc", "959 L", "3", "Tại chỗ"]
    assert said(FULL, "m:location/m:url/@displayLabel", HELD) == ["Toàn văn"]


def test_the_record_names_itself():
    assert said(FULL, "m:recordInfo/m:recordIdentifier") == ["12"]


def test_an_article_stands_in_its_journal():
    host = "m:relatedItem[@type='host']"
    assert said(ARTICLE, f"{host}/m:titleInfo/m:title") == ["Khảo cổ học"]
    assert said(ARTICLE, f"{host}/m:part/m:detail/@type | {host}//m:number") == ["volume", "12", "issue", "3"]
    assert said(ARTICLE, f"{host}//m:extent/* | {host}//m:date") == ["20", "25", "2009"]
    assert said(ARTICLE, f"{host}/m:identifier") == ["0866-742X"]
    assert said(ARTICLE, "m:genre[@authority]") == ["article"]


def test_a_chapter_is_no_article_of_a_journal():
    chapter = replace(ARTICLE, level="a", host=Host("Địa chí", "tr. 7"))
    assert said(chapter, "m:genre[@authority]") == []
    assert said(chapter, "m:relatedItem[@type='host']//m:start") == ["7"]


def test_the_permalink_comes_behind_the_text_itself():
    tree = etree.fromstring(mods(FULL, "12", HELD, "https://l.example/record/12"))
    urls = tree.xpath("m:location/m:url", namespaces=NAMESPACES)
    assert [url.text for url in urls][-1] == "https://l.example/record/12"
    assert urls[-1].get("access") == "object in context"


def test_a_serial_is_issued_as_one():
    assert said(Bib(Title("Tạp chí"), level="s"), "//m:issuance") == ["serial"]
    assert said(Bib(Title("Tạp chí"), agents=(Agent("A", role="abc"),)), "//m:roleTerm/@authority") == ["marcrelator"]


def test_the_genre_of_marc_tells_managers_of_references_what_it_is():
    # Zotero takes what has neither this genre nor a telling typeOfResource for a document of no kind.
    told = {code: said(Bib(Title("x"), material=code), "m:genre[@authority='marcgt']") for code in material_codes()}
    assert (told["book"], told["ebook"], told["thesis"], told["serial"]) == (
        ["book"],
        ["book"],
        ["thesis"],
        ["periodical"],
    )
    assert [code for code, genres in told.items() if not genres] == ["manuscript", "score", "computer", "archive"]
