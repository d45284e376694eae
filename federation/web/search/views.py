"""The front page and the search pages, as plain HTML.

In: HTTP requests. Out: pages in the reader's language: a list with facets, all values of one facet, the advanced form;
and what a beginning may become, as JSON for browsers that ask while a reader types (OpenSearch Suggestions 1.1).
"""

import time
from dataclasses import replace
from typing import Final

from flask import Blueprint, jsonify, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from federation.catalogue.records import Answer
from federation.index.engine import Question
from federation.web.ground import Ground, page
from federation.web.language import language
from federation.web.search import advanced, answer, drawers, narrowing
from federation.web.search.request import COUNTED, MAX_TEXT, PAGE_SIZE, Asked, address, question, read
from schemas.query.tree import Everything

#: the facets that the front page offers to begin with
FRONT_FACETS: Final = ("place", "material", "language", "decade", "ddc")
_SUGGESTED: Final = 5


def blueprint(ground: Ground) -> Blueprint:
    """Make the pages of this room."""
    room, pages = Blueprint("search", __name__), _Pages(ground)
    room.add_url_rule("/", "front", pages.front)
    room.add_url_rule("/search", "search", pages.search)
    room.add_url_rule("/search/facet", "facet", pages.facet)
    room.add_url_rule("/search/advanced", "advanced", pages.advanced)
    room.add_url_rule("/search/suggest", "suggest", pages.suggest)
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
        facets = narrowing.facets(asked, found.facets, labels)
        return page("front.html", total=found.total, libraries=len(labels.members), facets=facets)

    def search(self) -> AnyResponse:
        """Show what a search found."""
        asked = read(request.args.to_dict(flat=False))
        begun = time.perf_counter()
        put = question(asked)
        found = self._ground.catalogue.search(put)
        if asked.page == 1:
            self._ground.journal.note("web", asked.text, found.total, begun)
        labels = self._ground.labels()
        has_tones = not asked.toned and answer.has_tones(asked.text)
        return page(
            "search.html",
            q=asked.text,
            asked=asked,
            total=found.total,
            rows=[answer.row(hit, labels) for hit in found.hits],
            facets=narrowing.facets(asked, found.facets, labels),
            chips=narrowing.chips(asked, labels),
            pages=answer.pages(asked, found.total),
            first=(asked.page - 1) * PAGE_SIZE + 1,
            orders=answer.orders(asked),
            ways=answer.ways(asked),
            tone_hint=has_tones,
            wordless=bool(asked.text) and put.query == Everything(),
            meant=self._meant(asked, found, has_tones),
            dropped=self._dropped(asked, found),
            freed=() if found.total else narrowing.freed(asked, labels, self._total),
        )

    def facet(self) -> AnyResponse:
        """Show all values of one facet of a search, the commonest or A to Z."""
        parameters = request.args.to_dict(flat=False)
        asked, drawer = read(parameters), drawers.read(parameters)
        if drawer.facet not in COUNTED:
            raise NotFound
        labels = self._ground.labels()
        shown = drawers.shown(self._ground.catalogue, asked, drawer, labels)
        chips = narrowing.chips(asked, labels)
        return page("facet.html", q=asked.text, asked=asked, drawer=shown, chips=chips)

    def advanced(self) -> AnyResponse:
        """Show the form, or lead to what it asks."""
        asked = advanced.asked(request.args.to_dict(flat=False))
        if asked:
            return redirect(address(asked), 303)
        question = Question(Everything(), limit=0, facets=advanced.CHOICES, facet_size=100)
        facets = narrowing.facets(Asked(), self._ground.catalogue.search(question).facets, self._ground.labels())
        return page("advanced.html", lines=advanced.lines(language()), facets=facets)

    def suggest(self) -> AnyResponse:
        """Give what was typed and what it may become."""
        typed = request.args.get("q", "")[:MAX_TEXT]
        found = self._ground.catalogue.suggested(typed, _SUGGESTED)
        response = jsonify([typed, [one.text for one in found], [answer.told(one) for one in found]])
        response.mimetype = "application/x-suggestions+json"
        return response

    def _meant(self, asked: Asked, found: Answer, has_tones: bool) -> answer.Meant | None:
        if asked.page > 1 or not asked.text or asked.filters or (found.total and not has_tones):
            return None
        correction = self._ground.catalogue.corrected(asked.text, found)
        return answer.meant(asked, correction) if correction else None

    def _total(self, asked: Asked) -> int:
        return self._ground.catalogue.find(replace(question(asked), start=0, limit=0, facets=())).total

    def _dropped(self, asked: Asked, found: Answer) -> list[answer.Without]:
        if found.total or not asked.text or asked.page > 1:
            return []
        return [answer.without(asked, each) for each in self._ground.catalogue.dropped(asked.text)]
