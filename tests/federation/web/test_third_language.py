"""A language that is nothing but a folder in a home: every page is shown in it, the captions of tables too.

The catalogue of these tests says all it says in Cyrillic letters, the language is written in Greek ones. So a Latin
letter on a page is of a word of the software that no translator was given, or of a name that all languages share.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient
from lxml import html

import federation.web
from federation.catalogue import dumps
from federation.catalogue.advice import Correction, Dropped, Suggestion
from federation.catalogue.records import Answer, Heading, Hit, UnionRecord
from federation.errors import Unavailable
from federation.index.engine import Found, Question
from federation.store.members import Contact, MemberRow
from schemas.bib import Agent, Bib, Classification, Edition, Identifier, Link, Publication, Series, Subject, Title
from tests.federation.web.fakes import HOLDINGS, STAMP, FakeCatalogue, application, record
from tests.support import web as house
from tests.support.languages import PSEUDO, greek, plant

TEMPLATES = Path(federation.web.__file__).parent / "templates"
#: names that are the same in every language: ours, those of formats, protocols, styles and registries, units
NAMES = re.compile(
    r"Liên [Tt]hông|OAI-PMH|SRU|OpenAPI|unAPI|API|Atom|Sitemap|DCAT|RDF/XML|CSV|Excel|MARCXML|MARC-in-JSON|MARC 21|MARC"
    r"|ISO 2709|MODS|Dublin Core|RIS|Zotero|Mendeley|BibTeX|EndNote|CSL JSON|JSON-LD|JSON Lines|JSON|ISBN|ISSN|DOI|DDC"
    r"|LDR|HTML|SHA-256|SHA256SUMS|KB|lienthong"
)
LATIN = re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")
ADDRESS = re.compile(r"(https?://|/)\S+|\S+@\S+|urn:\S+|union\.\S+")
#: what is read aloud or shown when a pointer rests on it
SPOKEN = ("title", "aria-label", "alt", "placeholder", "data-suggestions", "label")
#: code and addresses are for machines; how a publication is cited follows its style, not the page
OF_RECORDS = {"cite", "letters", "Z3988", "unapi-id", "permanent"}
SILENT = ("script", "style", "code", "pre")

RICH = Bib(
    title=Title("Книга", remainder="роман", responsibility="Автор"),
    material="book",
    languages=("vie", "eng"),
    original_languages=("fre",),
    other_titles=(Title("Другая"),),
    agents=(Agent("Автор", main=True), Agent("Рисовал", role="худ.")),
    identifiers=(Identifier("isbn", "9786041140530", qualifier="мягкая"),),
    subjects=(Subject("Дети"), Subject("Роман", "genre")),
    classes=(Classification("ddc", "895.92234"),),
    edition=Edition("2-е изд."),
    publication=Publication("Москва", "Наука", "2019", 2019, "vm"),
    extent="298 с.",
    dimensions="20",
    series=(Series("Серия", "4"),),
    summary="Кратко.",
    contents="Главы.",
    notes=("Заметка",),
    links=(Link("https://xn--e1afmkfd.example", "Сайт"),),
)
PLAIN = Bib(title=Title(""), publication=Publication("Москва", "Наука"))
MEMBERS = (
    MemberRow(
        *(1, "tvt", "Областная", "public", "51", "province", "Область"),
        Contact("Улица 12", "0255", "a@example.vn", "https://a.example", "8:00-11:00", 15.1205, 108.7923),
    ),
    MemberRow(2, "lqd", "Школа", "school", "52", "commune", "Город"),
    MemberRow(3, "pvd", "Институт", "university"),
)
FACETS = {
    "place": (("area:51", 3), ("level:51/province", 3), ("member:tvt", 3)),
    "member": (("tvt", 3), ("lqd", 1)),
    "kind": (("public", 3), ("school", 1)),
    "material": (("book", 3), ("map", 1)),
    "language": (("vie", 2), ("eng", 1)),
    "decade": (("2010", 2), ("2000", 1)),
    "year": (("2019", 2), ("2001", 1)),
    "creator": (("Автор", 2),),
    "subject": (("Дети", 2),),
    "ddc": (("8", 2), ("89", 1)),
    "grade": (("5", 1),),
    "collection": (("diachi", 1),),
}
PAGES = (
    *("/", "/search?q=", "/search?q=а&page=2", "/search?q=\u0430\u0301", "/search/advanced", "/record/1", "/record/2"),
    "/search?q=а&f.member=tvt&f.kind=public&f.material=book&f.language=vie&f.year=2001-2009&f.year=-1990&toned=1&sort=title",
    *("/search/facet?q=&facet=subject", "/search/facet?q=&facet=language&order=az", "/search/facet?q=&facet=ddc&of=9"),
    *("/browse", "/browse/creator?from=А", "/browse/subject", "/browse/class?from=800"),
    *("/libraries", "/libraries?by=kind", "/libraries?by=level", "/library/tvt", "/library/pvd"),
    *("/basket", "/basket?ids=1.2", "/basket.яя?ids=1", "/open-data", "/api/"),
    *(
        "/record/9",
        "/nowhere",
        "/search?page=x",
        "/search?page=99999",
        "/search?sort=x",
        "/search?from=x",
        "/browse?from=",
    ),
    *("/search?q=" + "а" * 501, "/search?q=" + "а+" * 99, "/search?f.kind=" + "a" * 301, "/search?q=" + "а" * 80 + "*"),
    *("/browse?from=" + "а" * 999, "/record/1?format=яя", "/record/1.яя", "/browse/title"),
)


class Cyrillic(FakeCatalogue):
    """The fake catalogue with nothing Latin in it."""

    def members(self) -> tuple[MemberRow, ...]:
        """Give three members."""
        self._up()
        return MEMBERS

    def kinds(self) -> dict[str, tuple[str, str]]:
        """Give the kinds that every catalogue begins with, and one that its operator made."""
        return {
            "public": ("Thư viện công cộng", "Public library"),
            "school": (
                "Thư viện cơ sở giáo dục mầm non, phổ thông, nghề nghiệp và cơ sở giáo dục khác",
                "Library of a preschool, general, vocational or other educational institution",
            ),
            "university": ("Ведомственная", "Ведомственная"),
        }

    def search(self, question: Question) -> Answer:
        """Give every live record; six members hold each."""
        found = super().search(question)
        held = {"members": ("tvt", "lqd", "pvd") * 2, "as_of": date(2026, 11, 22)}
        return replace(found, hits=tuple(replace(hit, **held) for hit in found.hits))

    def newest(self, limit: int) -> tuple[UnionRecord, ...]:
        """Give the first record."""
        return (self.records[1],)

    def horizon(self) -> datetime:
        """Give the time of the records."""
        return STAMP

    def find(self, question: Question) -> Found:
        """Count as a search does."""
        found = self.search(question)
        return Found(found.total, tuple(hit.id for hit in found.hits), found.facets)

    def corrected(self, text: str, answer: Answer) -> Correction | None:
        """Know another spelling of everything."""
        return Correction("ан", 3)

    def dropped(self, text: str) -> tuple[Dropped, ...]:
        """Know half of the words."""
        return (Dropped("а", 0, "б", 1), Dropped("б", 1, "а", 1))

    def suggested(self, text: str, most: int) -> tuple[Suggestion, ...]:
        """Give one of each kind."""
        kinds = (("title", "Книга", 1), ("creator", "Автор", 16), ("subject", "Дети", 4))
        return tuple(Suggestion(*each) for each in kinds)


def cyrillic(number: int, bib: Bib = RICH, deleted: bool = False) -> UnionRecord:
    """Make a union record with nothing Latin in it."""
    names = {"tvt": "Областная", "lqd": "Школа"}
    shelves = {"Kho mượn": "Полка", "Kho đọc": "", "Tủ văn học": "Шкаф"}
    held = tuple(
        replace(
            each,
            member_name=names[each.member_code],
            location=shelves[each.location],
            note="Здесь" if each.note else "",
            call_number="895 / 12",
        )
        for each in HOLDINGS
    )
    return replace(record(number, bib, deleted), holdings=() if deleted else held)


@pytest.fixture
def catalogue() -> FakeCatalogue:
    """Two records, and one that was deleted; headings, printings and similar titles."""
    records = (cyrillic(1), cyrillic(2, PLAIN), cyrillic(9, deleted=True))
    hit = Hit(5, msgspec.structs.replace(RICH, publication=Publication()), ("tvt",), STAMP)
    return Cyrillic(
        {one.id: one for one in records},
        FACETS,
        printings=(hit,),
        alike=(replace(hit, id=6),),
        headings=tuple(Heading(f"Слово {number:03}", number) for number in range(1, 90)),
    )


@pytest.fixture
def client(catalogue: FakeCatalogue, tmp_path: Path) -> FlaskClient:
    """Ask in the third language."""
    plant(tmp_path)
    client = application(catalogue, tmp_path).test_client()
    client.set_cookie("lang", PSEUDO)
    return client


def said(page: str) -> Iterator[str]:
    """Give all that a page says in its own language, with what is said only to those who do not see it."""
    root = html.document_fromstring(page)
    assert root.get("lang") == PSEUDO
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in SILENT or _foreign(element):
            continue
        yield from (element.get(name, "") for name in SPOKEN)
        if element.tag == "button" or element.get("type") == "submit":
            yield element.get("value", "") if element.tag == "input" else ""
        yield element.text or ""
        yield from (child.tail or "" for child in element)


def _foreign(element: html.HtmlElement) -> bool:
    """Tell whether it says to be in another language, or what it says is a record's: MARC, a citation, a letter."""
    around = [element, *element.iterancestors()]
    return any(
        one.get("lang", PSEUDO) != PSEUDO or OF_RECORDS & set((one.get("class") or "").split()) for one in around
    ) or (element.tag in ("td", "b") and any("marc" in (one.get("class") or "").split() for one in around))


def latin(texts: Iterator[str]) -> list[str]:
    """Give the texts that have Latin letters where no name that is the same everywhere stands."""
    return [text.strip() for text in texts if re.search(LATIN, ADDRESS.sub("", NAMES.sub("", text)))]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_a_word_that_was_not_translated(client: FlaskClient, path: str) -> None:
    assert latin(said(client.get(path).text)) == []


@pytest.mark.parametrize("path", ["/search?q=а+б", "/search?q=а+б&page=2&f.kind=public&toned=1"])
def test_not_even_where_nothing_is_found(client: FlaskClient, catalogue: FakeCatalogue, path: str) -> None:
    catalogue.total = 0
    assert latin(said(client.get(path).text)) == []


@pytest.mark.parametrize("down", [RuntimeError("x"), Unavailable("index-missing", "the index is missing", "x")])
def test_not_even_when_something_fails(client: FlaskClient, catalogue: FakeCatalogue, down: Exception) -> None:
    catalogue.down = down
    client.application.testing = False
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    response = client.get("/search?q=а")
    assert response.status_code >= 500
    assert latin(said(response.text)) == []


@pytest.mark.parametrize("method", ["post", "put"])
def test_not_even_for_another_method(client: FlaskClient, method: str) -> None:
    assert latin(said(getattr(client, method)("/search").text)) == []


def test_captions_of_tables_are_translated_too(client: FlaskClient) -> None:
    page = client.get("/search?q=").text
    for caption in ("Where held", "Book", "Map", "Vietnamese", "Public library", "Province", "Literature", "Grade"):
        assert greek(caption) in page, caption
    assert greek("Local history") in page
    assert "2026.11.22" in page
    assert greek("Publisher") in client.get("/search/advanced").text


def test_what_a_feed_and_a_browser_are_told_is_translated(client: FlaskClient) -> None:
    assert greek("New titles") in client.get("/feed.atom").text
    assert greek("Search the union catalogue: titles, authors, subjects, ISBN.") in client.get("/opensearch.xml").text
    assert f"<Language>{PSEUDO}</Language>" in client.get("/opensearch.xml").text
    assert latin(iter(client.get("/search/suggest?q=а").json[2])) == []


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FlaskClient]:
    """A real catalogue, whose home speaks the third language."""
    with house.open_house(tmp_path) as shelf:
        plant(shelf.settings.home)
        assert dumps.make(shelf.catalogue, shelf.settings)
        yield house.application(shelf).test_client()


def test_the_open_data_are_described_in_it(door: FlaskClient) -> None:
    page = door.get(f"/open-data?lang={PSEUDO}").text
    assert latin(said(page)) == []
    assert re.search(greek("as of ") + r"\d{4}\.\d\d\.\d\d", page)


def test_the_api_knows_it(door: FlaskClient) -> None:
    document = door.get("/api/openapi.json").json
    for path in ("libraries", "records"):
        parameters = {one["name"]: one for one in document["paths"][f"/api/v1/{path}"]["get"]["parameters"]}
        assert parameters["lang"]["schema"] == {"type": "string", "enum": ["vi", "en", PSEUDO], "default": "vi"}
    assert door.get(f"/api/v1/libraries?lang={PSEUDO}").json["libraries"][0]["kind_name"] == greek("Public library")
    assert door.get(f"/api/v1/records?lang={PSEUDO}").json["facets"]["material"][0]["label"] == greek("Book")
    assert door.get("/api/v1/records").json["facets"]["material"][0]["label"] == "Sách"
    assert door.get("/api/v1/records?lang=qqq").status_code == 400


# --- what no test can see on a page -----------------------------------------------------------------------------------

CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TEXT = re.compile(r">([^<]*)<")
ATTRIBUTE = re.compile(rf'(?:{"|".join(SPOKEN)})="([^"]*)"')


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_words_of_its_own(template: Path) -> None:
    text = CODE.sub("", template.read_text("utf-8"))
    assert latin(each for pattern in (TEXT, ATTRIBUTE) for each in pattern.findall(f">{text}<")) == []
