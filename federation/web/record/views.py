"""The page of one record, the record as a file, its pictures, and unAPI.

In: HTTP requests. Out: the page in the reader's language, the record in the formats of the catalogue, 301 to the
successor of a merged record, 410 for a deleted one.
"""

from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.exceptions import Gone, NotAcceptable, NotFound
from werkzeug.wrappers import Response as AnyResponse

from federation.catalogue.formats import named
from federation.catalogue.records import UnionRecord
from federation.web import problems
from federation.web.delivery import checked
from federation.web.ground import Ground, page
from federation.web.record import answer, exports, signs, unapi
from federation.web.record.cover import cover
from federation.web.record.qr import qr
from federation.web.search.request import MAX_TEXT, Asked, address
from schemas.vietnamese.names import natural

#: the largest number a database gives out
MOST: Final = 2**63 - 1
SVG: Final = "image/svg+xml"


def blueprint(ground: Ground) -> Blueprint:
    """Make the pages of this room."""
    room, pages, files = Blueprint("record", __name__), _Pages(ground), _Files(ground)
    room.add_url_rule("/record/<int:number>", "record", pages.record)
    room.add_url_rule("/record/<int:number>.<extension>", "export", pages.record)
    room.add_url_rule("/record/<int:number>/cover.svg", "cover", files.cover)
    room.add_url_rule("/record/<int:number>/qr.svg", "qr", files.qr)
    room.add_url_rule("/unapi", "unapi", files.unapi)
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
            return _signed(exports.export(record, wanted), signs.back(record))
        return _signed(self._shown(record), signs.signs(record))

    def _shown(self, record: UnionRecord) -> Response:
        return page("record.html", record=answer.shown(self._ground, record))

    def _gone(self, record: UnionRecord, extension: str, wanted: str) -> AnyResponse:
        successor = self._ground.catalogue.live(record.id)
        if successor:
            way = f".{extension}" if extension else "?" + urlencode({"format": wanted}) if wanted else ""
            return redirect(f"/record/{successor.id}{way}", 301)
        again = address(Asked(text=record.bib.title.main[:MAX_TEXT]))
        return problems.page(410, links=((_("Search for this title"), again),))


class _Files:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def cover(self, number: int) -> AnyResponse:
        """Draw a cover."""
        bib = self._live(number).bib
        return _picture(cover(str(bib.title), natural(bib.creator)).encode())

    def qr(self, number: int) -> AnyResponse:
        """Draw the permalink as a QR code."""
        return _picture(qr(self._live(number).address))

    def unapi(self) -> AnyResponse:
        """Answer a program that asks by identifier."""
        identifier, wanted = request.args.get("id", ""), request.args.get("format", "")
        if not identifier:
            return Response(unapi.formats(), mimetype="application/xml")
        known = identifier.removeprefix(f"{self._ground.settings.public_url}/record/")
        record = self._live(self._ground.catalogue.resolve(known) or 0)
        if not wanted:
            return Response(unapi.formats(identifier), 300, mimetype="application/xml")
        if named(wanted) is None:
            raise NotAcceptable
        return checked(exports.export(record, wanted))

    def _live(self, number: int) -> UnionRecord:
        record = self._ground.catalogue.live(number) if 0 < number <= MOST else None
        if record is None:
            raise NotFound if number > MOST or not self._ground.catalogue.fetch(number) else Gone
        return record


def _signed(response: Response, links: str) -> AnyResponse:
    if response.status_code == 200:
        response.headers["Link"] = links
    return checked(response)


def _picture(drawn: bytes) -> AnyResponse:
    response = Response(drawn, mimetype=SVG)
    # Opened by itself it is a document of this site, and a title may hold anything.
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return checked(response)
