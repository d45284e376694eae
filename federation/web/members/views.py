"""The page of one library, and the list of libraries.

In: HTTP requests. Out: pages in the reader's language; a code that is no member's is a 404.
"""

from typing import Final

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from federation.index.engine import Question
from federation.web.ground import Ground
from federation.web.ground import page as made
from federation.web.members import answer
from federation.web.members.request import GROUPINGS, grouping
from federation.web.search.request import Asked
from schemas.query.tree import Everything

_NEW: Final = 8
_VALUES: Final = 8
#: the province has some 900 schools
_MOST_MEMBERS: Final = 5000


def blueprint(ground: Ground) -> Blueprint:
    """Make the pages of this room."""
    room, pages = Blueprint("members", __name__), _Pages(ground)
    room.add_url_rule("/library/<code>", "library", pages.library)
    room.add_url_rule("/libraries", "libraries", pages.libraries)
    return room


class _Pages:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def library(self, code: str) -> AnyResponse:
        """Show one library."""
        catalogue = self._ground.catalogue
        member = next((one for one in self._ground.members() if one.code == code), None)
        if member is None:
            raise NotFound
        filters = {"member": (code,)}
        counting = Question(Everything(), limit=0, filters=filters, facets=answer.FACETS, facet_size=_VALUES)
        found, latest = catalogue.search(counting), catalogue.latest(member, _NEW)
        shown = answer.page(member, found, catalogue.stock(member), latest, self._ground.labels())
        snippet = answer.snippet(member, self._ground.settings.public_url, _("Search"))
        return made("library.html", library=shown, snippet=snippet, asked=Asked(filters=filters))

    def libraries(self) -> AnyResponse:
        """List the libraries."""
        by = grouping(request.args.get("by", ""))
        catalogue = self._ground.catalogue
        counting = Question(Everything(), limit=0, facets=("member",), facet_size=_MOST_MEMBERS)
        titles = dict(catalogue.search(counting).facets.get("member", ()))
        members = self._ground.members()
        groups = answer.groups(members, titles, by, self._ground.labels())
        return made("libraries.html", groups=groups, by=by, ways=GROUPINGS, total=len(members))
