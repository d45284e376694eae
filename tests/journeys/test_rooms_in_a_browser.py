"""From a record on: taken away as RIS, put aside, found by its library and in the drawers; every page is accessible."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.test_reader_in_a_browser import BOOKS, counts, lienthong, serving, shows, written
from tests.support.peers import missing

pytestmark = pytest.mark.slow

MEMBERS = """
[tvt]
name = "Thư viện tỉnh"
area = "51"
level = "province"
address = "12 Lê Trung Đình"
phone = "0255 3822 000"
hours = "Thứ 2 - Thứ 6: 7:30-17:00"
latitude = 15.12
longitude = 108.79
[lqd]
name = "Trường Lê Khiết"
kind = "school"
"""
PAGES = (
    *("/", "/search?q=toan", "/search?q=khongcotunaynhuvay", "/record/1", "/record/5", "/nowhere"),
    *("/library/tvt", "/library/lqd", "/libraries", "/libraries?by=kind"),
    *("/browse/title", "/browse/class", "/browse/creator?from=Z", "/basket", "/basket?ids=1.2.3"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A catalogue of two libraries that tell of themselves, served."""
    home: Path = tmp_path_factory.mktemp("home")
    lienthong(home, "init")
    members = home / "members.toml"
    members.write_text(MEMBERS, "utf-8")
    lienthong(home, "members", "apply", str(members))
    for code, books in (("tvt", BOOKS), ("lqd", BOOKS[:1])):
        file = home / f"{code}.mrc"
        file.write_bytes(b"".join(written(*book) for book in books))
        lienthong(home, "import", code, str(file))
    with serving(home) as address:
        yield address


@pytest.fixture(params=[(1280, True, "light"), (360, True, "dark"), (1280, False, "light")])
def page(request: pytest.FixtureRequest, chromium: Any, site: str) -> Iterator[Any]:
    """A tab that fails the test when the page reports an error, asks anybody else for anything, or is wider than it."""
    width, script, scheme = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 740}, java_script_enabled=script, base_url=site, color_scheme=scheme
    )
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("request", lambda asked: None if asked.url.startswith(site) else complaints.append(asked.url))
    yield tab
    across = tab.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert not complaints
    assert across <= width


def test_a_record_is_taken_away_as_ris(page: Any) -> None:
    page.goto("/record/1")
    page.locator(".tabs a", has_text="Tải về").click()
    with page.expect_download() as waiting:
        page.locator("#formats a", has_text="RIS").click()
    assert "TI  - Mắt biếc: truyện dài" in Path(waiting.value.path()).read_text("utf-8")


def test_records_are_put_aside_and_taken_away_together(page: Any) -> None:
    for number in (1, 2):
        page.goto(f"/record/{number}")
        page.get_by_role("button", name="Cho vào giỏ").click()
        page.wait_for_url(f"**/record/{number}")
    shows(page, ".rooms .count", "2")
    page.locator(".rooms a", has_text="Giỏ").click()
    counts(page, ".put-aside > li", 2)
    with page.expect_download() as waiting:
        page.locator(".take a", has_text="CSV").click()
    assert len(Path(waiting.value.path()).read_text("utf-8-sig").splitlines()) == 3
    page.get_by_role("button", name="bỏ ra").first.click()
    counts(page, ".put-aside > li", 1)


def test_from_a_record_to_its_library_and_a_search_in_it(page: Any) -> None:
    page.goto("/record/1")
    page.locator(".held-by h3 a", has_text="Thư viện tỉnh").click()
    shows(page, "h1", "Thư viện tỉnh")
    assert (
        page.locator("a", has_text="OpenStreetMap").get_attribute("href").startswith("https://www.openstreetmap.org/")
    )
    page.locator("#q").fill("toan")
    page.locator("#q").press("Enter")
    page.wait_for_url("**f.member=tvt**")
    shows(page, "h1", "30 nhan đề cho “toan”")


def test_a_drawer_leads_to_the_record(page: Any) -> None:
    page.goto("/browse")
    page.locator(".letters a", has_text="M").click()
    page.locator(".drawer a", has_text="Mắt biếc").click()
    page.locator(".row a", has_text="Mắt biếc").first.click()
    shows(page, "h1", "Mắt biếc : truyện dài")


@pytest.mark.parametrize(("width", "scheme", "lang"), [(1280, "light", "vi"), (360, "dark", "en")])
def test_axe_finds_nothing_on_any_page(chromium: Any, site: str, width: int, scheme: str, lang: str) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        missing("axe-core is not installed (pip install axe-playwright-python)")
    # The checker is a script, which our pages do not let in.
    context = chromium.new_context(
        viewport={"width": width, "height": 740}, color_scheme=scheme, base_url=site, bypass_csp=True
    )
    tab, found = context.new_page(), {}
    for path in PAGES:
        tab.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        violations = Axe().run(tab).response["violations"]
        found[path] = [(each["id"], [node["html"] for node in each["nodes"]]) for each in violations]
    context.close()
    assert not {path: violations for path, violations in found.items() if violations}
