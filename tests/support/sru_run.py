"""Running our SRU harvester against a server of a test: quick to give up, allowed on loopback."""

from federation import clock
from federation.pipeline.workplace import Workplace
from federation.store import sources
from federation.store.sources import NewSource
from harvesters.base import SourceSpec, Window
from harvesters.sru import SruHarvester
from tests.support.house import add_member
from tests.support.oai_run import QUICK, Result


def spec(url: str, **options: str) -> SourceSpec:
    """A source that gives up quickly."""
    return SourceSpec("x", "sru", url, options={**QUICK, **options})


def harvest(source: SourceSpec, window: Window | None = None, resume: str = "") -> Result:
    """Harvest to the end."""
    return Result(list(SruHarvester(source, "test@lienthong.example").pages(window or Window(), resume)))


def add_sru(place: Workplace, url: str, code: str = "sru", **options: str) -> str:
    """Add a member and, under the same code, its source on this server."""
    member = add_member(place, code)
    with place.database.write() as session:
        sources.add(session, member, NewSource(code, "sru", url, options={**QUICK, **options}), clock.now())
    return code
