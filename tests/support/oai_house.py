"""A house with a source on an OAI-PMH server of a test: a member and the source, added in one call."""

from federation import clock
from federation.pipeline.workplace import Workplace
from federation.store import sources
from federation.store.sources import NewSource
from tests.support.hostile_oai import Hostile
from tests.support.house import add_member
from tests.support.oai_run import QUICK


def add_oai(place: Workplace, server: Hostile, code: str = "oai", **options: str) -> str:
    """Add a member and, under the same code, its source on this server."""
    member = add_member(place, code)
    with place.database.write() as session:
        source = NewSource(code, "oaipmh", server.url, options={**QUICK, "overlap": "0", **options})
        sources.add(session, member, source, clock.now())
    return code
