"""The ground every room of the web stands on: the catalogue, the settings, names in the reader's language, pages.

In: a catalogue and settings. Out: what a room's views need to make a page, and what every template may use.
"""

import hashlib
import time
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Response, g, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.journal import Journal
from federation.store.members import MemberRow
from federation.web.labels import Labels
from federation.web.language import LANGUAGES, language, other_language
from federation.web.wording import dialled

STATIC: Final = "/static"
#: seconds that names of libraries are kept: they seldom change, and every page needs them
_KEPT: Final = 1.0
_FOLDER: Final = Path(__file__).parent / "static"


class Ground:
    """What the rooms of one catalogue share."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self.catalogue = catalogue
        self.settings = settings
        self.journal = Journal(settings.home, int(settings.search_log_days))
        self._labels: dict[str, tuple[float, Labels]] = {}

    def members(self) -> tuple[MemberRow, ...]:
        """Give the members, read once for each page."""
        if "members" not in g:
            g.members = self.catalogue.members()
        return tuple(g.members)

    def labels(self) -> Labels:
        """Give the words for codes in the language of this page."""
        spoken = language()
        kept = self._labels.get(spoken)
        if kept is None or time.monotonic() - kept[0] > _KEPT:
            kept = self._labels[spoken] = (time.monotonic(), self._read(spoken))
        return kept[1]

    def _read(self, spoken: str) -> Labels:
        members, kinds = self.members(), self.catalogue.kinds()
        return Labels(
            lang=spoken,
            members={member.code: member.name for member in members},
            kinds={code: names[LANGUAGES.index(spoken)] for code, names in kinds.items()},
            areas={member.area: member.area_name or member.area for member in members},
            parents={member.code: _parent(member) for member in members},
        )

    def everywhere(self) -> dict[str, object]:
        """Give what every template may use; `sheet(name)` and `script(name)` are addresses."""
        return {
            "lang": language(),
            "other_language": other_language(),
            "public_url": self.settings.public_url,
            "sheet": sheet,
            "script": script,
            "dialled": dialled,
        }


def _parent(member: MemberRow) -> str:
    if member.level:
        return f"level:{member.area}/{member.level}"
    return f"area:{member.area}" if member.area else ""


def page(template: str, **values: object) -> Response:
    """Make a page; `q` and `asked` fill the search box on top of it."""
    return make_response(render_template(template, **{"q": "", "asked": None, **values}))


def checked(response: Response) -> AnyResponse:
    """Send a page or file only to those who do not have it yet."""
    # Weak, because gzip comes after; made of the bytes themselves, so nothing shown can change without it.
    response.add_etag(weak=True)
    return response.make_conditional(request)


@lru_cache
def sheet(name: str) -> str:
    """Give the address of a style sheet; it changes with the sheet, so that browsers may keep it for good."""
    return _address(f"{name}.css")


@lru_cache
def script(name: str) -> str:
    """Give the address of a script, made the same way."""
    return _address(f"{name}.js")


def _address(file: str) -> str:
    digest = hashlib.sha256((_FOLDER / file).read_bytes()).hexdigest()
    return f"{STATIC}/{file}?v={digest[:12]}"
