"""What a phone must wait for before it shows a page that it never saw: one answer and one sheet, a round trip each.

No time is measured here, which would only tell how busy the machine is; row 18 of the bench measures it.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.test_reader_in_a_browser import BOOKS, lienthong, serving, written

pytestmark = pytest.mark.slow

#: bytes that a server may send before it hears from the browser: ten packets (RFC 6928); headers need some of them
WINDOW = 14_600 - 1_000
PAGES = ("/", "/search?q=toan", "/search?q=", "/record/1")
LOADED = """() => performance.getEntriesByType("resource").map(
  each => [new URL(each.name).pathname, each.renderBlockingStatus, each.transferSize, each.encodedBodySize])"""
PAINTED = """() => new Promise(tell => new PerformanceObserver(
  list => list.getEntriesByName("first-contentful-paint").length && tell(true)
).observe({type: "paint", buffered: true}))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A catalogue of one library, served."""
    home = tmp_path_factory.mktemp("home")
    lienthong(home, "init")
    lienthong(home, "members", "add", "tvt", "--name", "Thư viện tỉnh")
    file = home / "tvt.mrc"
    file.write_bytes(b"".join(written(*book) for book in BOOKS))
    lienthong(home, "import", "tvt", str(file))
    with serving(home) as address:
        yield address


@pytest.fixture
def phone(chromium: Any, site: str) -> Iterator[Any]:
    """A browser on a phone that has nothing of the site."""
    screen = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True}
    context = chromium.new_context(base_url=site, **screen)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_before_the_first_paint_come_a_page_and_one_sheet_that_fit_in_a_round_trip_each(phone: Any, path: str) -> None:
    answer = phone.goto(path)
    assert answer.request.redirected_from is None
    page = phone.evaluate("performance.getEntriesByType('navigation')[0].encodedBodySize")
    loaded = phone.evaluate(LOADED)
    blocking = [(name, size) for name, status, _, size in loaded if status == "blocking"]
    assert [name for name, _ in blocking] == ["/static/lienthong.css"]
    assert 0 < page < WINDOW
    assert 0 < blocking[0][1] < WINDOW
    assert sum(size for *_, size in loaded) + page < 60_000


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_shown_while_all_that_it_does_not_need_is_still_missing(phone: Any, path: str) -> None:
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    phone.route("**/*.{js,svg,png}*", hold)
    phone.goto(path, wait_until="commit")
    assert phone.evaluate(PAINTED)
    assert phone.locator("h1").is_visible()
    assert phone.evaluate("document.readyState") != "complete"
    assert held
    phone.unroute_all(behavior="ignoreErrors")


def test_the_second_page_of_a_visit_waits_for_itself_alone(phone: Any) -> None:
    phone.goto("/")
    phone.goto("/search?q=toan")
    sent = {name: sent for name, _, sent, _ in phone.evaluate(LOADED) if name.startswith("/static/")}
    assert {"/static/lienthong.css", "/static/suggest.js"} <= set(sent)
    assert not any(sent.values())
