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
from tests.support.peers import free_port, wait_for_port

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
    page.get_by_role("searchbox").fill(words)
    page.get_by_role("searchbox").press("Enter")
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
    assert page.get_by_role("searchbox").input_value() == "x"  # arriving there by Tab marks all of it
