"""The ground every room of the web stands on: the catalogue, the settings, names in the reader's language, pages.

In: a catalogue and settings. Out: what a room's views need to make a page, and what every template may use.
"""

import time
from typing import Final

from flask import Response, g, make_response, render_template

from federation.catalogue.catalogue import Catalogue
from federation.catalogue.facets import KINDS, area_names
from federation.config import Settings
from federation.journal import Journal
from federation.languages.language import Language
from federation.store.members import MemberRow
from federation.web import files
from federation.web.labels import Labels
from federation.web.language import language, other_languages
from federation.web.wording import dialled

#: seconds that names of libraries are kept: they seldom change, and every page needs them
_KEPT: Final = 1.0


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
        kept = self._labels.get(spoken.code)
        if kept is None or time.monotonic() - kept[0] > _KEPT:
            kept = self._labels[spoken.code] = (time.monotonic(), self._read(spoken))
        return kept[1]

    def _read(self, spoken: Language) -> Labels:
        members, kinds = self.members(), self.catalogue.kinds()
        return Labels(
            language=spoken,
            members={member.code: member.name for member in members},
            kinds={code: spoken.caption(KINDS, *names) for code, names in kinds.items()},
            areas=area_names(members),
            parents={member.code: _parent(member) for member in members},
        )

    def everywhere(self) -> dict[str, object]:
        """Give what every template may use; `file(name)` and `dialled(phone)` are addresses."""
        return {
            "lang": language().code,
            "direction": language().direction,
            "region": language().region,
            "other_languages": other_languages(),
            "public_url": self.settings.public_url,
            "file": files.address,
            "dialled": dialled,
        }


def _parent(member: MemberRow) -> str:
    if member.level:
        return f"level:{member.area}/{member.level}"
    return f"area:{member.area}" if member.area else ""


def page(template: str, **values: object) -> Response:
    """Make a page; `q` and `asked` fill the search box on top of it."""
    return make_response(render_template(template, **{"q": "", "asked": None, **values}))
