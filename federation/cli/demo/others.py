"""Other catalogues in the demonstration: our own two doors, registered as targets and asked at once.

In: the settings, with the doors open. Out: two targets in the catalogue, and what they answered.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from federation import clock
from federation.cli import context
from federation.config import Settings
from federation.errors import NotFound, Unavailable
from federation.pipeline.workplace import Workplace
from federation.store import targets
from federation.store.targets import NewTarget
from federation.targets.asked import Asked
from federation.targets.asking import search
from schemas.query import box

CODES: Final = ("cua-z3950", "cua-sru")
_OWN: Final = {"allow_private": "true"}


def told(settings: Settings, query: str) -> Iterator[str]:
    """Ask both doors as catalogues of others, and give a line for each."""
    with context.workplace() as place:
        _enter(place, settings)
        for answer in search(place.database, place.settings, Asked(box.parse(query), CODES)):
            if answer.status != "answered" or not answer.hits:
                raise Unavailable("demo-target", answer.message or "nothing was found", answer.target.code)
            first = answer.hits[0]
            held = f", already in the union as {first.held.id}" if first.held else ""
            title = first.bib.title if first.bib else first.fault
            yield f"{answer.target.code:10} {answer.total} found in {answer.seconds:.1f} s, first: {title}{held}"


def _enter(place: Workplace, settings: Settings) -> None:
    """Register the doors where they are now."""
    addresses = (f"z3950://{settings.z3950_bind}/union", f"http://{settings.web_bind}/sru")
    with place.database.write() as session:
        for code, kind, url in zip(CODES, ("z3950", "sru"), addresses, strict=True):
            with suppress(NotFound):  # the first time
                targets.remove(session, code)
            targets.add(session, NewTarget(code, kind, url, "", _OWN), clock.now())
