"""Running our Z39.50 harvester against a server of a test: quick to give up, allowed on loopback."""

from federation import clock
from federation.pipeline.workplace import Workplace
from federation.store import sources
from federation.store.sources import NewSource
from harvesters.base import SourceSpec, Window
from harvesters.z3950 import Z3950Harvester
from tests.support.house import add_member
from tests.support.oai_run import QUICK, Result

#: what an operator says after a look, so that vanished records may be concluded
ALL = '@attr 1=1016 @attr 2=103 ""'


def spec(url: str, **options: str) -> SourceSpec:
    """A source that gives up quickly."""
    return SourceSpec("x", "z3950", url, options={**QUICK, "query": ALL, **options})


def harvest(source: SourceSpec, window: Window | None = None, resume: str = "") -> Result:
    """Harvest to the end."""
    return Result(list(Z3950Harvester(source, "test@lienthong.example").pages(window or Window(), resume)))


def add_z3950(place: Workplace, url: str, code: str = "z3950", **options: str) -> str:
    """Add a member and, under the same code, its source on this server."""
    member = add_member(place, code)
    with place.database.write() as session:
        new = NewSource(code, "z3950", url, options={**QUICK, "query": ALL, **options})
        sources.add(session, member, new, clock.now())
    return code
