"""WCAG 2.2 AA beyond what a checker sees in one state of a page: targets, focus, reflow, spacing, colours of one's own.

The numbers in comments are success criteria.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from federation.app import assemble
from federation.errors import Unavailable
from tests.federation.web.fakes import FakeCatalogue, record, settings
from tests.journeys import test_rooms_in_a_browser as rooms
from tests.support.peers import free_port, missing

pytestmark = pytest.mark.slow
site = rooms.site

PAGES = (
    *rooms.PAGES,
    *("/search?q=&f.member=tvt&f.kind=public&toned=1", "/search/advanced", "/search/facet?q=&facet=creator"),
    *("/search?q=toan&page=2", "/search?page=x", "/api/", "/open-data"),
)
#: 2.5.8, target size: at least 24 by 24, or a circle of 24 around its middle that touches no other target's
SMALL = """() => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
    .filter(each => each.checkVisibility({ visibilityProperty: true }))
    .map(each => ({ each, box: (each.type === "checkbox" ? each.labels[0] : each).getBoundingClientRect() }))
    .filter(({ box }) => box.width && box.bottom + scrollY > 0);
  const small = ({ box }) => box.width < 24 || box.height < 24;
  const gap = (x, y, box) => Math.hypot(
    Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
  const middle = box => [box.x + box.width / 2, box.y + box.height / 2];
  return all.filter(small).filter(one => all.some(other => {
    if (one === other || other.each.contains(one.each)) return false;
    const [x, y] = middle(one.box), [itsX, itsY] = middle(other.box);
    return gap(x, y, other.box) < 12 || (small(other) && Math.hypot(x - itsX, y - itsY) < 24);
  })).map(({ each, box }) => `${each.outerHTML.slice(0, 90)} ${box.width}x${box.height}`);
}"""
#: 2.4.7 and 2.4.11: what has the focus is outlined, and some of it can be seen
FOCUS = """() => {
  const each = document.activeElement, box = each.getBoundingClientRect();
  if (each === document.body) return "";
  const places = [[.5, .5], [.1, .2], [.9, .8], [.5, .05], [.5, .95]];
  const seen = places.some(([across, down]) =>
    each.contains(document.elementFromPoint(box.x + box.width * across, box.y + box.height * down)));
  const outlined = getComputedStyle(each).outlineStyle !== "none";
  return seen && outlined ? "seen" : each.outerHTML.slice(0, 90);
}"""
#: 1.4.12: what a reader may set for every text
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
LARGE = "html { font-size: 200% !important }"
CUT = """() => [...document.querySelectorAll("body *")]
  .filter(each => /hidden|clip/.test(getComputedStyle(each).overflow) && !each.closest(".unseen, .name, svg, input"))
  .filter(each => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
  .map(each => each.outerHTML.slice(0, 90))"""
STYLED = """text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.fixture
def opened(chromium: Any, site: str) -> Iterator[Any]:
    """Opens tabs of any kind."""
    contexts = []

    def opening(width: int = 1280, **kind: Any) -> Any:
        contexts.append(chromium.new_context(viewport={"width": width, "height": 500}, **{"base_url": site, **kind}))
        return contexts[-1].new_page()

    yield opening
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_whatever_is_pressed_is_large_enough_or_stands_alone(opened: Any, width: int) -> None:
    tab, found = opened(width), {}
    for path in PAGES:
        tab.goto(path)
        found[path] = tab.evaluate(SMALL)
    assert not {path: small for path, small in found.items() if small}


@pytest.mark.parametrize(
    ("width", "sheet"),
    [(320, ""), (640, ""), (360, SPACED), (1280, SPACED), (640, LARGE), (1280, LARGE)],
    ids=["320-pixels", "zoom-200%", "phone-spaced", "desk-spaced", "tablet-large", "desk-large"],
)
def test_pages_fit_whatever_readers_make_of_letters(opened: Any, width: int, sheet: str) -> None:
    tab, found = opened(width), {}
    for path in PAGES:
        for lang in ("vi", "en"):
            tab.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
            tab.evaluate(STYLED, sheet)
            too_wide = tab.evaluate("document.documentElement.scrollWidth > innerWidth")
            found[path, lang] = ["wider than the window"] * too_wide + tab.evaluate(CUT)
    assert not {path: faults for path, faults in found.items() if faults}


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/record/1", "/search?q=toan", "/search/advanced", "/basket?ids=1.2.3"])
def test_what_has_the_focus_is_seen(opened: Any, path: str, width: int, key: str) -> None:
    tab, hidden = opened(width, reduced_motion="reduce"), []
    tab.goto(path)
    for _ in range(80):
        tab.keyboard.press(key)
        told = tab.evaluate(FOCUS)
        if not told:
            break
        hidden.append(told)
    assert len(hidden) > 10
    assert set(hidden) == {"seen"}


def test_with_colours_of_ones_own_what_is_chosen_is_still_told(opened: Any) -> None:
    tab = opened(forced_colors="active")
    ground = "element => getComputedStyle(element).backgroundColor"
    tab.goto("/search?q=&f.material=book")
    chosen, other = (tab.locator(f".facet a{which} .tick").first for which in (".chosen", ":not(.chosen)"))
    assert chosen.evaluate(ground) != other.evaluate(ground)
    tab.goto("/")
    tab.locator("#q").press_sequentially("toan")
    tab.locator("#suggestions li").first.wait_for()
    tab.keyboard.press("ArrowDown")
    active, waiting = (tab.locator("#suggestions li").nth(place) for place in (0, 1))
    assert active.evaluate(ground) != waiting.evaluate(ground)


def test_nothing_moves_for_who_does_not_want_it(opened: Any) -> None:
    for wish, way in (("reduce", "auto"), ("no-preference", "smooth")):
        tab = opened(reduced_motion=wish)
        tab.goto("/record/1")
        assert tab.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == way
        assert not tab.evaluate("document.getAnimations().length")


# --- pages of what went wrong --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A catalogue in which everything goes wrong: records that cannot be read, an index that is down, a low limit."""

    class Broken(FakeCatalogue):
        def fetch(self, union_id: int) -> Any:
            if union_id == 1:
                raise RuntimeError("broken")
            return super().fetch(union_id)

        def scan(self, *_: Any, **__: Any) -> Any:
            raise Unavailable("index-missing", "there is no index", "here")

    home: Path = tmp_path_factory.mktemp("troubled")
    catalogue = Broken({9: record(9, deleted=True)})
    chosen = replace(settings(home), web_requests_per_minute="1", proxies="1")
    app = assemble(catalogue, catalogue, chosen)  # type: ignore[arg-type]
    server = make_server("127.0.0.1", free_port(), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


WRONG = {400: "/search?page=x", 404: "/nowhere", 410: "/record/9", 500: "/record/1", 503: "/browse/title", 429: "/"}


@pytest.mark.parametrize(("width", "scheme", "lang"), [(360, "dark", "vi"), (1280, "light", "en")])
def test_axe_finds_nothing_on_pages_of_what_went_wrong(
    opened: Any, troubled: str, width: int, scheme: str, lang: str
) -> None:
    try:
        from axe_playwright_python.sync_playwright import Axe
    except ImportError:
        missing("axe-core is not installed (pip install axe-playwright-python)")
    tab, found, console = opened(width, color_scheme=scheme, base_url=troubled, bypass_csp=True), {}, []
    tab.on("console", lambda message: console.append(message.text) if "Security" in message.text else None)
    for status, path in WRONG.items():
        # only who comes from elsewhere is counted
        tab.set_extra_http_headers({"X-Forwarded-For": "203.0.113.7" if status == 429 else "127.0.0.1"})
        for _ in range(2 if status == 429 else 1):
            answer = tab.goto(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        assert answer.status == status
        assert tab.locator("h1").is_visible()
        found[status] = [each["id"] for each in Axe().run(tab).response["violations"]] + tab.evaluate(SMALL)
    assert not {status: faults for status, faults in found.items() if faults}
    assert not console
