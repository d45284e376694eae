"""The drawers of the catalogue, a page at a time.

In: HTTP requests. Out: pages in the reader's language; a drawer there is none of is a 404.
"""

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from federation.web.browse import answer
from federation.web.browse.request import DRAWERS, PAGE_SIZE, drawer, place
from federation.web.ground import Ground, page


def blueprint(ground: Ground) -> Blueprint:
    """Make the pages of this room."""
    room, pages = Blueprint("browse", __name__), _Pages(ground)
    room.add_url_rule("/browse", "browse", pages.browse)
    room.add_url_rule("/browse/<name>", "drawer", pages.browse)
    return room


class _Pages:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def browse(self, name: str = DRAWERS[0].name) -> AnyResponse:
        """Show a page of a drawer."""
        opened = drawer(name)
        if opened is None:
            raise NotFound
        start = place(request.args.get("from", ""))
        scan = self._ground.catalogue.scan(opened.name, start, before=PAGE_SIZE if start else 0, after=PAGE_SIZE + 1)
        shown = answer.page(opened, start, scan, self._ground.labels())
        return page("browse.html", name=opened.name, browse=shown)
