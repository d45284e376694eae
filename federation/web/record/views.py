"""The page of one record, and the record as a file.

In: HTTP requests. Out: the page in the reader's language, the record in the formats of the catalogue, 301 to the
successor of a merged record, 410 for a deleted one.
"""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from federation.catalogue.records import UnionRecord
from federation.web import problems
from federation.web.ground import Ground, checked, page
from federation.web.record import description, exports
from federation.web.search.request import MAX_TEXT, Asked, address
from schemas.marc.marcxml import decode_xml

#: the largest number a database gives out
MOST: Final = 2**63 - 1


def blueprint(ground: Ground) -> Blueprint:
    """Make the pages of this room."""
    room, pages = Blueprint("record", __name__), _Pages(ground)
    room.add_url_rule("/record/<int:number>", "record", pages.record)
    room.add_url_rule("/record/<int:number>.<extension>", "export", pages.record)
    return room


class _Pages:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def record(self, number: int, extension: str = "") -> AnyResponse:
        """Show a record, or give it in a format; a merged one leads to its successor, a deleted one is gone."""
        record = self._ground.catalogue.fetch(number) if number <= MOST else None
        if record is None:
            raise NotFound
        wanted = extension or request.args.get("format", "")
        if record.deleted:
            return self._gone(record, extension, wanted)
        if wanted:
            return checked(exports.export(record, wanted))
        return checked(self._shown(record))

    def _shown(self, record: UnionRecord) -> Response:
        labels = self._ground.labels()
        return page(
            "record.html",
            id=record.id,
            title=str(record.bib.title) or _("[no title]"),
            responsibility=record.bib.title.responsibility,
            lines=description.lines(record.bib, labels),
            libraries=description.libraries(record.holdings),
            printings=[description.printing(hit, labels) for hit in self._ground.catalogue.editions(record)],
            marc=decode_xml(record.marcxml.encode()).record,
            formats=exports.offered(record.id),
        )

    def _gone(self, record: UnionRecord, extension: str, wanted: str) -> AnyResponse:
        successor = self._ground.catalogue.live(record.id)
        if successor:
            way = f".{extension}" if extension else "?" + urlencode({"format": wanted}) if wanted else ""
            return redirect(f"/record/{successor.id}{way}", 301)
        again = address(Asked(text=record.bib.title.main[:MAX_TEXT]))
        return problems.page(410, links=((_("Search for this title"), again),))
