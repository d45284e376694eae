"""A reader finds a book: the whole road from a library's file to a page in a real browser, on a desk and on a phone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from schemas.marc.record import BLANK_LEADER, Field, MarcRecord, data_field
from schemas.marc.write import marc
from tests.support.peers import free_port, missing, wait_for_port

pytestmark = pytest.mark.slow

LIENTHONG = [sys.executable, "-c", "from federation.cli import main; main()"]
BOOKS = (
    ("1", "Mắt biếc", "truyện dài", "Nguyễn Nhật Ánh", "Nxb. Trẻ", "2019", "9786041140530", "vie"),
    ("2", "Địa chí Quảng Ngãi", "", "Phạm Trung Việt", "Từ điển Bách khoa", "2008", "", "vie"),
    ("3", "Dat va nguoi xu Quang", "", "Nhiều tác giả", "Đà Nẵng", "1999", "", "vie"),
    ("4", 'The <i>Sa Huỳnh</i> culture & its "jar burials"', "", "Smith, John", "Harvard", "2001", "", "eng"),
    *((str(n), f"Toán {n}. Bài tập", "", "Hà Huy Khoái", "Giáo dục", "2022", "", "vie") for n in range(10, 40)),
)


def written(number: str, title: str, rest: str, *others: str) -> bytes:
    creator, publisher, year, isbn, language = others
    fields = (
        Field("001", number),
        Field("008", f"260101s{year}    vm            000 0 {language} d"),
        data_field("020", "  ", ("a", isbn)),
        data_field("100", "0 ", ("a", creator)),
        data_field("245", "10", ("a", title), ("b", rest)),
        data_field("260", "  ", ("a", "Hà Nội"), ("b", publisher), ("c", year)),
        data_field("650", " 7", ("a", "Văn học thiếu nhi")),
        data_field("852", "  ", ("b", "Kho mượn"), ("h", f"V{number}")),
    )
    return marc(
        MarcRecord(BLANK_LEADER[:9] + "a" + BLANK_LEADER[10:], tuple(f for f in fields if f.value or f.subfields))
    )


def lienthong(home: Path, *arguments: str) -> None:
    ended = subprocess.run([*LIENTHONG, *arguments], env=environment(home), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIENTHONG_")}
    return {**kept, "LIENTHONG_HOME": str(home), **more}


@contextmanager
def serving(home: Path) -> Iterator[str]:
    port = free_port()
    bind = {"LIENTHONG_WEB_BIND": f"127.0.0.1:{port}", "LIENTHONG_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    process = subprocess.Popen([*LIENTHONG, "serve", "web"], env=environment(home, **bind))
    try:
        wait_for_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A catalogue of two libraries that hold one book in common, served."""
    home = tmp_path_factory.mktemp("home")
    lienthong(home, "init")
    for code, name, books in (("tvt", "Thư viện tỉnh", BOOKS), ("lqd", "Trường Lê Khiết", BOOKS[:1])):
        file = home / f"{code}.mrc"
        file.write_bytes(b"".join(written(*book) for book in books))
        lienthong(home, "members", "add", code, "--name", name)
        lienthong(home, "import", code, str(file))
    with serving(home) as address:
        yield address


@pytest.fixture(params=[(1280, True), (360, True), (1280, False)], ids=["desk", "phone", "without-script"])
def page(request: pytest.FixtureRequest, chromium: Any, site: str) -> Iterator[Any]:
    """A tab that fails the test when the page reports an error, asks anybody else for anything, or is wider than it."""
    width, script = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 740}, java_script_enabled=script, base_url=site, locale="en-US"
    )
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda asked: None if asked.url.startswith(site) else complaints.append(asked.url))
    yield tab
    tab.wait_for_load_state()
    across = tab.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert not complaints
    assert across <= width


def search(page: Any, words: str) -> None:
    page.goto("/")
    page.locator("#q").fill(words)
    page.locator("#q").press("Enter")
    page.wait_for_url("**/search?**")


def shows(page: Any, where: str, text: Any) -> None:
    """Wait until a place of the page says this: a click does not wait for the page it leads to."""
    from playwright.sync_api import expect

    expect(page.locator(where)).to_have_text(text)


def counts(page: Any, where: str, number: int) -> None:
    """Wait until there are so many of it."""
    from playwright.sync_api import expect

    expect(page.locator(where)).to_have_count(number)


def test_a_book_is_found_without_tone_marks_and_its_page_shows_who_holds_it(page: Any) -> None:
    search(page, "mat biec")
    shows(page, "h1", "1 nhan đề cho “mat biec”")
    page.get_by_role("link", name="Mắt biếc : truyện dài").click()
    shows(page, "h1", "Mắt biếc : truyện dài")
    libraries = page.locator(".held-by h3").all_inner_texts()
    assert sorted(libraries) == ["Thư viện tỉnh", "Trường Lê Khiết"]
    assert "V1" in page.locator("#holdings").inner_text()
    page.locator("summary", has_text="MARC 21").click()
    assert "$a Mắt biếc" in page.locator("#marc table").inner_text()


def test_tone_marks_as_typed_leave_out_what_has_none(page: Any) -> None:
    search(page, "đất")
    shows(page, "h1", "1 nhan đề cho “đất”")
    page.locator(".notice a[rel=nofollow]").click()
    shows(page, "h1", "0 nhan đề cho “đất”")
    page.locator(".chips a").first.click()
    shows(page, "h1", "1 nhan đề cho “đất”")


def test_narrowing_by_two_libraries_and_taking_them_off_again(page: Any) -> None:
    search(page, "")
    page.locator("#facets a", has_text="Trường Lê Khiết").click()
    shows(page, "h1", "1 nhan đề")
    page.locator("#facets a", has_text="Thư viện tỉnh").click()
    shows(page, "h1", f"{len(BOOKS)} nhan đề")
    counts(page, ".chips li", 3)
    page.locator(".chips .all").click()
    counts(page, ".chips", 0)
    shows(page, "h1", f"{len(BOOKS)} nhan đề")


def test_pages_and_order_lead_on_by_links(page: Any) -> None:
    search(page, "toan")
    page.locator(".sorts a", has_text="Nhan đề").click()
    shows(page, ".sorts strong", "Nhan đề A–Z")
    assert page.locator(".row h2").first.inner_text() == "Toán 10. Bài tập"
    page.locator(".pages a[rel=next]").click()
    shows(page, ".pages strong", "2")
    counts(page, ".row", 10)


def test_english_is_one_click_away_and_stays(page: Any) -> None:
    search(page, "quảng ngãi")
    page.get_by_role("link", name="English").click()
    shows(page, "h1", "1 title for “quảng ngãi”")
    page.locator(".row a").first.click()
    shows(page, "#h-holdings", "Where it is held")


def test_letters_that_look_like_markup_are_shown_as_letters(page: Any) -> None:
    search(page, "jar burials")
    shows(page, ".row h2", 'The <i>Sa Huỳnh</i> culture & its "jar burials"')


def test_a_search_without_result_offers_a_way_on(page: Any) -> None:
    search(page, "khongcotunaynhuvay")
    shows(page, "h1", "0 nhan đề cho “khongcotunaynhuvay”")
    assert page.locator(".nothing li").count() >= 3


def test_the_keyboard_alone_reaches_content_and_results(page: Any) -> None:
    page.goto("/search?q=toan")
    page.keyboard.press("Tab")
    assert page.locator(".skip").is_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    page.keyboard.press("Tab")
    page.keyboard.type("x")
    assert page.locator("#q").input_value() == "x"  # arriving there by Tab marks all of it


@pytest.fixture(params=[(1280, "light"), (360, "dark")], ids=["desk", "phone"])
def typist(request: pytest.FixtureRequest, chromium: Any, site: str) -> Iterator[Any]:
    """A tab with the front page, where somebody begins to type."""
    width, scheme = request.param
    # The checker of accessibility is a script, which our pages do not let in.
    context = chromium.new_context(
        viewport={"width": width, "height": 740}, base_url=site, color_scheme=scheme, has_touch=True, bypass_csp=True
    )
    tab = context.new_page()
    tab.goto("/")
    yield tab
    context.close()


def begun(tab: Any, typed: str, first: str) -> Any:
    """Type and wait until this is the first suggestion; gives the list."""
    tab.locator("#q").press_sequentially(typed)
    shows(tab, "#suggestions [role=option]:first-child span", first)
    assert tab.locator("#q").get_attribute("aria-expanded") == "true"
    return tab.locator("#suggestions")


def test_letters_without_marks_are_offered_a_title_that_arrows_and_enter_choose(typist: Any) -> None:
    begun(typist, "mat b", "Mắt biếc")
    typist.keyboard.press("ArrowDown")
    active = typist.locator("#q").get_attribute("aria-activedescendant")
    assert typist.locator(f"#{active}").get_attribute("aria-selected") == "true"
    assert typist.locator("#q").input_value() == "mat b"
    typist.keyboard.press("Enter")
    typist.wait_for_url("**/search?q=M%E1%BA%AFt+bi%E1%BA%BFc")
    shows(typist, "h1", "1 nhan đề cho “Mắt biếc”")


def test_arrows_go_round_through_the_box_itself(typist: Any) -> None:
    offered = begun(typist, "toan", "Toán 10. Bài tập").locator("[role=option]").count()
    typist.keyboard.press("ArrowUp")
    assert typist.locator("#q").get_attribute("aria-activedescendant") == f"suggestion-{offered - 1}"
    typist.keyboard.press("ArrowDown")
    assert typist.locator("#q").get_attribute("aria-activedescendant") is None
    typist.keyboard.press("Enter")
    typist.wait_for_url("**/search?q=toan")


def test_a_tap_chooses_and_what_narrowed_the_search_stays(typist: Any) -> None:
    typist.goto("/search?q=&f.member=lqd")
    begun(typist, "nguyen nhat", "Nguyễn Nhật Ánh").locator("[role=option]").first.tap()
    typist.wait_for_url("**/search?q=Nguy%E1%BB%85n+Nh%E1%BA%ADt+%C3%81nh&f.member=lqd")


def test_escape_and_leaving_close_the_list_and_keep_what_was_typed(typist: Any) -> None:
    offered = begun(typist, "mat b", "Mắt biếc")
    typist.keyboard.press("Escape")
    assert not offered.is_visible()
    typist.keyboard.press("ArrowDown")
    offered.wait_for()
    typist.keyboard.press("Tab")
    assert not offered.is_visible()
    assert typist.locator("#q").get_attribute("aria-expanded") == "false"
    assert typist.locator("#q").input_value() == "mat b"


def test_the_last_answer_wins_and_one_letter_asks_nothing(typist: Any) -> None:
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    typist.route("**/search/suggest?q=ma*", hold)
    with typist.expect_request("**/search/suggest?q=ma&*") as first:
        typist.locator("#q").press_sequentially("ma")
    typist.locator("#q").fill("toan")
    shows(typist, "#suggestions [role=option]:first-child span", "Toán 10. Bài tập")
    held[0].fulfill(json=["ma", ["Quá muộn"], ["Nhan đề"]])
    first.value.response()
    shows(typist, "#suggestions [role=option]:first-child span", "Toán 10. Bài tập")
    asked: list[str] = []
    typist.on("request", lambda each: asked.append(each.url))
    typist.locator("#q").fill("m")
    typist.wait_for_timeout(400)
    assert not asked
    assert not typist.locator("#suggestions").is_visible()


def test_a_refused_suggestion_leaves_the_box_as_it_is(typist: Any) -> None:
    typist.route("**/search/suggest?*", lambda route: route.fulfill(status=429, body="later"))
    with typist.expect_response("**/search/suggest?*"):
        typist.locator("#q").press_sequentially("toan")
    assert not typist.locator("#suggestions").is_visible()
    typist.keyboard.press("Enter")
    shows(typist, "h1", "30 nhan đề cho “toan”")


def test_axe_finds_nothing_with_the_list_open_and_paper_does_not_show_it(typist: Any) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        missing("axe-core is not installed (pip install axe-playwright-python)")
    offered = begun(typist, "toan", "Toán 10. Bài tập")
    typist.keyboard.press("ArrowDown")
    assert not Axe().run(typist).response["violations"]
    typist.emulate_media(media="print")
    assert not offered.is_visible()


def test_a_row_is_put_aside_and_the_reader_stays_in_his_place(page: Any) -> None:
    page.goto("/search?q=toan&page=2")
    row = page.locator(".row").nth(8)
    number = row.get_attribute("id")
    row.get_by_role("button").click()
    shows(page, ".rooms .count", "1")
    assert page.url.endswith(f"/search?q=toan&page=2#{number}")
    assert page.locator(f"#{number} button").get_attribute("name") == "remove"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_rooms_stand_in_one_line_on_a_phone(chromium: Any, site: str, lang: str) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=site)
    context.add_cookies([{"name": "basket", "value": ".".join(map(str, range(1, 35))), "url": site}])
    tab = context.new_page()
    tab.goto(f"/?lang={lang}")
    boxes = [link.bounding_box() for link in tab.locator(".top a").all()]
    context.close()
    assert len({round(box["y"] + box["height"] / 2) for box in boxes}) == 1
    assert all(box["height"] >= 24 and box["width"] >= 24 for box in boxes)
