"""The front page and the search page, as plain HTML.

In: HTTP requests. Out: pages in the reader's language.
"""

import time
from typing import Final

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from federation.index.engine import Question
from federation.web.ground import Ground, page
from federation.web.search import answer
from federation.web.search.request import PAGE_SIZE, Asked, question, read
from schemas.query.tree import Everything

#: the facets that the front page offers to begin with
FRONT_FACETS: Final = ("member", "material", "language", "decade")


def blueprint(ground: Ground) -> Blueprint:
    """Make the pages of this room."""
    room, pages = Blueprint("search", __name__), _Pages(ground)
    room.add_url_rule("/", "front", pages.front)
    room.add_url_rule("/search", "search", pages.search)
    return room


class _Pages:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def front(self) -> AnyResponse:
        """Show the front page, or what was asked of it."""
        asked = read(request.args.to_dict(flat=False))
        if asked != Asked():
            return self.search()
        found = self._ground.catalogue.search(Question(Everything(), limit=0, facets=FRONT_FACETS, facet_size=8))
        labels = self._ground.labels()
        facets = answer.facets(asked, found.facets, labels)
        return page("front.html", total=found.total, libraries=len(labels.members), facets=facets)

    def search(self) -> AnyResponse:
        """Show what a search found."""
        asked = read(request.args.to_dict(flat=False))
        begun = time.perf_counter()
        found = self._ground.catalogue.search(question(asked))
        if asked.page == 1:
            self._ground.journal.note("web", asked.text, found.total, begun)
        labels = self._ground.labels()
        return page(
            "search.html",
            q=asked.text,
            asked=asked,
            total=found.total,
            rows=[answer.row(hit, labels) for hit in found.hits],
            facets=answer.facets(asked, found.facets, labels),
            chips=answer.chips(asked, labels),
            pages=answer.pages(asked, found.total),
            first=(asked.page - 1) * PAGE_SIZE + 1,
            orders=answer.orders(asked),
            ways=answer.ways(asked),
            tone_hint=not asked.toned and answer.has_tones(asked.text),
        )
