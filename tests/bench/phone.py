"""A phone that opens a page for the first time: Debian's Chromium, a screen of 360 points, a slow processor.

In: an address. Out: when the first and the largest thing of it were painted, and how long the page kept the processor.
The browser stands open, as it does on a phone, and has nothing of the page: neither its files nor a connection.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

NEEDED: Final = "chromium (Debian) and playwright (PyPI)"
#: how many times slower than this machine: what Lighthouse takes for a phone of the middle class
SLOWER: Final = 4
_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
_PAINTS: Final = """() => {
  const seen = (type, name) => new Promise(tell => new PerformanceObserver(list => {
    const found = name ? list.getEntriesByName(name) : list.getEntries()
    if (found.length) tell(found.at(-1).startTime)
  }).observe({type, buffered: true}))
  return Promise.all([seen("paint", "first-contentful-paint"), seen("largest-contentful-paint")])
}"""


@dataclass(frozen=True)
class Painted:
    """Milliseconds from asking for a page to its first and its largest paint; `busy`: CPU that the page took for it."""

    first: float
    largest: float
    busy: float


def there() -> bool:
    """Tell whether the browser and what drives it are installed."""
    return shutil.which("chromium") is not None and find_spec("playwright") is not None


@contextmanager
def browser() -> Iterator[Any]:
    """Open the browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_ARGUMENTS))
        try:
            yield opened
        finally:
            opened.close()


def painted(browser: Any, address: str, open_on: str) -> Painted:
    """Open a page in a browser that shows another one (`open_on`) of the same host, so that no program starts first."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True)
    try:
        tab = context.new_page()
        tab.goto(open_on)
        tools = context.new_cdp_session(tab)
        tools.send("Performance.enable", {"timeDomain": "threadTicks"})
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        before = _busy(tools)
        tab.goto(address)
        first, largest = tab.evaluate(_PAINTS)
        return Painted(first, largest, (_busy(tools) - before) * 1000)
    finally:
        context.close()


def _busy(tools: Any) -> float:
    figures = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
    return float(figures["TaskDuration"])
