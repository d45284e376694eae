"""The content security policy in a real browser: our script runs on every page, what was slipped into one does not."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.journeys import test_rooms_in_a_browser as rooms

pytestmark = pytest.mark.slow

site = rooms.site

MORE = (
    *(
        "/search/advanced",
        "/search/facet?q=&facet=creator",
        "/search?q=toan&page=2",
        "/search?page=x",
        "/record/1?lang=en",
    ),
    *("/api/", "/open-data", "/record/99999", "/search?q=" + "a" * 600, "/oai", "/sru", "/record/1/cover.svg"),
)


class Tab:
    """A tab that remembers what its console said."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.said: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))

    def refused(self) -> list[str]:
        """What the policy kept from happening."""
        return [text for text in self.said if "Content Security Policy" in text or "Trusted" in text]

    def slip_in(self, what: Callable[[str], str]) -> None:
        """Change pages on their way, as a hostile record would; headers stay as they are."""

        def changed(route: Any) -> None:
            response = route.fetch()
            route.fulfill(response=response, body=what(response.text()))

        self.page.route(re.compile(r"/record/1$"), changed)


@pytest.fixture
def tab(chromium: Any, site: str) -> Iterator[Tab]:
    """A tab that keeps to what pages say."""
    context = chromium.new_context(base_url=site)
    yield Tab(context.new_page())
    context.close()


def before_ours(text: str) -> Callable[[str], str]:
    return lambda page: page.replace("</title>", f"</title>{text}", 1)


def ran(tab: Tab) -> bool:
    """Whether something slipped in ran; our own script always has to."""
    tab.page.goto("/record/1")
    tab.page.wait_for_timeout(100)
    assert tab.page.locator("#q").get_attribute("role") == "combobox"
    return bool(tab.page.evaluate("'caught' in window"))


@pytest.mark.parametrize("path", (*rooms.PAGES, *MORE))
def test_no_page_breaks_its_own_policy(tab: Tab, path: str) -> None:
    tab.page.goto(path)
    assert not tab.refused()
    if tab.page.locator("#q").count():
        assert tab.page.locator("#q").get_attribute("role") == "combobox"
        assert tab.page.evaluate("document.querySelector('script[src]').nonce.length") == 22


@pytest.mark.parametrize(
    "slipped",
    [
        "<script>caught = 1</script>",
        '<script src="/record/1.json?caught=1"></script>',
        '<script src="/static/suggest.js"></script>',
        '<script nonce="">caught = 1</script>',
        '<script src="data:text/javascript,caught=1"></script>',
        '<script type="module">window.caught = 1</script>',
        '<img src="/nowhere.png" onerror="caught = 1">',
        '<svg onload="caught = 1"></svg>',
        '<iframe srcdoc="<script>parent.caught = 1</script>"></iframe>',
        '<object data="/static/icon.svg"></object>',
        "<style>body { display: none }</style>",
    ],
)
def test_what_a_record_slipped_into_a_page_is_refused_and_our_script_runs(tab: Tab, slipped: str) -> None:
    tab.slip_in(before_ours(slipped))
    assert not ran(tab)
    assert tab.refused()
    assert tab.page.locator("h1").is_visible()


def test_the_nonce_of_another_page_opens_nothing(tab: Tab) -> None:
    tab.page.goto("/record/5")
    nonce = tab.page.evaluate("document.querySelector('script[src]').nonce")
    tab.slip_in(before_ours(f'<script nonce="{nonce}">caught = 1</script>'))
    assert not ran(tab)
    assert tab.refused()


def test_a_base_slipped_in_does_not_lead_our_script_astray(tab: Tab) -> None:
    tab.slip_in(before_ours('<base href="https://evil.example/">'))
    assert not ran(tab)
    assert tab.refused()


def test_a_script_cannot_make_markup_of_text(tab: Tab) -> None:
    tab.page.goto("/")
    made = (
        "() => { try { document.querySelector('h1').innerHTML = '<b>x</b>'; return 'made'; } catch { return 'no'; } }"
    )
    assert tab.page.evaluate(made) == "no"
    assert tab.refused()


def test_a_page_that_was_kept_runs_its_script_when_it_is_asked_for_again(tab: Tab) -> None:
    told = "performance.getEntriesByType('navigation')[0].toJSON()"
    for again in (False, True, True):
        tab.page.goto("/record/2")
        assert tab.page.locator("#q").get_attribute("role") == "combobox"
        times = tab.page.evaluate(told)
        assert (times["transferSize"] < times["encodedBodySize"]) == again
        tab.page.goto("/libraries")
    assert not tab.refused()
