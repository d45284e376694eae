"""The SRU door as HTTP: `/sru` by GET and POST, and the sheet that shows its answers to a person.

In: HTTP requests. Out: XML, and status 200 whenever the protocol has an answer; 503 with
Retry-After, and diagnostic 2, when too many requests are being answered or the database or the index is away.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.errors import Unavailable
from federation.sru import answer, render
from federation.sru import request as requests
from federation.sru.explain import House
from federation.sru.request import MOST_BYTES, STYLE, Refused
from federation.turn import Crowded, turn
from schemas.query.diagnostics import Diagnostic

log = logging.getLogger(__name__)

#: requests answered at once by one process; another one waits so long and is then asked to come back
AT_ONCE: Final = 8
PATIENCE_SECONDS: Final = 1.0
COME_BACK_SECONDS: Final = 10
MODERN: Final = "application/sru+xml"
_SHEET: Final = Path(__file__).with_name(STYLE)
_FORM: Final = "application/x-www-form-urlencoded"


class Door:
    """The door of one catalogue."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self._catalogue = catalogue
        self._house = House(
            settings.repository_name,
            f"{settings.public_url}/sru",
            settings.admin_email,
            f"{urlsplit(settings.public_url).path}/sru/{STYLE}",
        )
        self._places = BoundedSemaphore(AT_ONCE)

    def sru(self) -> Response:
        """Answer one request of the protocol."""
        try:
            with turn(self._places, PATIENCE_SECONDS):
                return _sent(self._said())
        except Unavailable as error:
            return self._later(error.message)
        except Crowded:
            return self._later("too many requests are being answered at this moment")
        except Exception:  # our own fault: the client gets an answer it can read, the operator the reason
            log.exception("sru: %s", request.query_string[:500])
            return _sent(render.unavailable(self._house, Diagnostic(1)))

    def style(self) -> Response:
        """Give the sheet that makes answers readable in a browser."""
        response = Response(_SHEET.read_bytes(), content_type="text/xsl; charset=UTF-8")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    def _later(self, why: str) -> Response:
        log.warning("sru: %s", why)
        more = f"{why}; come back in {COME_BACK_SECONDS} seconds"
        response = _sent(render.unavailable(self._house, Diagnostic(2, "", more)), 503)
        response.headers["Retry-After"] = str(COME_BACK_SECONDS)
        return response

    def _said(self) -> bytes:
        try:
            asked = requests.read(*_texts())
            return render.answer(self._house, asked, answer.give(self._catalogue, asked))
        except Refused as refused:
            return render.refusal(self._house, refused, lambda: answer.explanation(self._catalogue))


def blueprint(catalogue: Catalogue, settings: Settings) -> Blueprint:
    """Make the door's address."""
    door = Door(catalogue, settings)
    rooms = Blueprint("sru", __name__)
    rooms.add_url_rule("/sru", "sru", door.sru, methods=["GET", "POST"], strict_slashes=False)
    rooms.add_url_rule(f"/sru/{STYLE}", "style", door.style)
    return rooms


def _texts() -> Iterator[bytes]:
    yield request.query_string
    if request.method != "POST":
        return
    if request.mimetype != _FORM:
        raise Refused(Diagnostic(4, request.mimetype[:100], f"parameters by POST must be sent as {_FORM}"))
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused(Diagnostic(12, str(MOST_BYTES)))
    yield request.stream.read(MOST_BYTES + 1)


def _sent(document: bytes, status: int = 200) -> Response:
    headers = {"X-Robots-Tag": "noindex", "Cache-Control": "no-cache", "Vary": "Accept"}
    # A browser shows text/xml and would save the other one.
    kind = MODERN if MODERN in request.headers.get("Accept", "") else "text/xml"
    return Response(document, status, headers=headers, content_type=f"{kind}; charset=UTF-8")
