"""The web door: the search page and the record page, as plain HTML.

In: HTTP requests. Out: pages in the reader's language, records in the formats of the catalogue, 301 to the successor
of a merged record, 410 for a deleted one. Errors are left to `problems`; how pages travel is `delivery`'s.
"""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from federation.catalogue.catalogue import Catalogue
from federation.catalogue.records import UnionRecord
from federation.config import Settings
from federation.index.engine import Question
from federation.web import answer, description, exports, problems
from federation.web.labels import Labels
from federation.web.language import LANGUAGES, language, other_language
from federation.web.request import MAX_TEXT, PAGE_SIZE, Asked, address, question, read
from schemas.marc.marcxml import decode_xml
from schemas.query.tree import Everything

#: the facets that the front page offers to begin with
FRONT_FACETS: Final = ("member", "material", "language", "decade")
STATIC: Final = "/static"
#: addresses crawlers leave alone: the endless combinations of searches, and other forms of the same page
CLOSED: Final = (
    "/search?*f.",
    "/search?*sort=",
    "/search?*toned=",
    "/*?lang=",
    "/*&lang=",
    "/record/*?format=",
    "/oai",
)
#: the largest number a database gives out
MOST: Final = 2**63 - 1


class Door:
    """The pages of one catalogue; `rooms` are their addresses."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self._catalogue = catalogue
        self._settings = settings

    def rooms(self) -> Blueprint:
        """Give the addresses of this door."""
        rooms = Blueprint("web", __name__, template_folder="templates", static_folder="static", static_url_path=STATIC)
        rooms.add_url_rule("/", "front", self.front)
        rooms.add_url_rule("/search", "search", self.search)
        rooms.add_url_rule("/record/<int:number>", "record", self.record)
        rooms.add_url_rule("/record/<int:number>.<extension>", "export", self.record)
        rooms.add_url_rule("/robots.txt", "robots", self.robots)
        rooms.app_context_processor(self._everywhere)
        return rooms

    def front(self) -> AnyResponse:
        """Show the front page, or what was asked of it."""
        asked = read(request.args.to_dict(flat=False))
        if asked != Asked():
            return self.search()
        found = self._catalogue.search(Question(Everything(), limit=0, facets=FRONT_FACETS, facet_size=8))
        labels = self._labels()
        facets = answer.facets(asked, found.facets, labels)
        return _page("front.html", total=found.total, libraries=len(labels.members), facets=facets)

    def search(self) -> AnyResponse:
        """Show what a search found."""
        asked = read(request.args.to_dict(flat=False))
        found = self._catalogue.search(question(asked))
        labels = self._labels()
        return _page(
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

    def record(self, number: int, extension: str = "") -> AnyResponse:
        """Show a record, or give it in a format; a merged one leads to its successor, a deleted one is gone."""
        record = self._catalogue.fetch(number) if number <= MOST else None
        if record is None:
            raise NotFound
        wanted = extension or request.args.get("format", "")
        if record.deleted:
            return self._gone(record, extension, wanted)
        if wanted:
            return _checked(exports.export(record, wanted))
        return _checked(self._shown(record))

    def robots(self) -> AnyResponse:
        """Tell crawlers what to leave alone."""
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "Allow: /"]
        return Response("\n".join(lines) + "\n", mimetype="text/plain")

    def _shown(self, record: UnionRecord) -> Response:
        labels = self._labels()
        return _page(
            "record.html",
            id=record.id,
            title=str(record.bib.title) or _("[no title]"),
            responsibility=record.bib.title.responsibility,
            lines=description.lines(record.bib, labels),
            libraries=description.libraries(record.holdings),
            printings=[description.printing(hit, labels) for hit in self._catalogue.editions(record)],
            marc=decode_xml(record.marcxml.encode()).record,
            formats=exports.offered(record.id),
        )

    def _gone(self, record: UnionRecord, extension: str, wanted: str) -> AnyResponse:
        successor = self._catalogue.live(record.id)
        if successor:
            way = f".{extension}" if extension else "?" + urlencode({"format": wanted}) if wanted else ""
            return redirect(f"/record/{successor.id}{way}", 301)
        again = address(Asked(text=record.bib.title.main[:MAX_TEXT]))
        return problems.page(410, links=((_("Search for this title"), again),))

    def _labels(self) -> Labels:
        spoken = language()
        kinds = self._catalogue.kinds()
        return Labels(
            lang=spoken,
            members={member.code: member.name for member in self._catalogue.members()},
            kinds={code: names[LANGUAGES.index(spoken)] for code, names in kinds.items()},
        )

    def _everywhere(self) -> dict[str, object]:
        return {
            "lang": language(),
            "other_language": other_language(),
            "public_url": self._settings.public_url,
            "style": f"{STATIC}/lienthong.css?v={self._style}",
        }

    @cached_property
    def _style(self) -> str:
        # The address changes with the sheet, so that browsers may keep it for good.
        sheet = Path(__file__).parent / "static" / "lienthong.css"
        return hashlib.sha256(sheet.read_bytes()).hexdigest()[:12]


def _page(template: str, **values: object) -> Response:
    return make_response(render_template(template, **{"q": "", "asked": None, **values}))


def _checked(response: Response) -> AnyResponse:
    # Weak, because gzip comes after; made of the bytes themselves, so nothing shown can change without it.
    response.add_etag(weak=True)
    return response.make_conditional(request)
