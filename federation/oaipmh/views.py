"""The OAI-PMH door as HTTP: `/oai` by GET and POST, and the sheet that shows its answers to a person.

In: HTTP requests. Out: text/xml, gzip for those who accept it (OAI-PMH 2.0, section 3.1.3), and always status 200 when
the protocol has an answer; 503 with Retry-After when too many lists are being read at once or the database is away
(section 3.1.2.2).
"""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from isal import igzip

from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.errors import Unavailable
from federation.oaipmh import answer, render
from federation.oaipmh import request as requests
from federation.oaipmh.answer import Room
from federation.oaipmh.render import House
from federation.oaipmh.request import MOST_BYTES, Fault, Refused
from federation.seal import key
from federation.turn import Crowded, turn

#: lists read at once by one process; another one waits so long and is then asked to come back
LISTS_AT_ONCE: Final = 4
PATIENCE_SECONDS: Final = 1.0
COME_BACK_SECONDS: Final = 20
_LISTING: Final = ("ListRecords", "ListIdentifiers")
_FORM: Final = "application/x-www-form-urlencoded"
_GZIP_FROM: Final = 1024
_GZIP_LEVEL: Final = 1
_STYLE: Final = Path(__file__).with_name("style.xsl")


class Door:
    """The door of one catalogue."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._lists = BoundedSemaphore(LISTS_AT_ONCE)
        self._house = _house(settings)

    @cached_property
    def _room(self) -> Room:
        settings = self._settings
        return Room(self._catalogue, settings.repository_id, key(settings.home), int(settings.oai_page_size))

    def oai(self) -> Response:
        """Answer one request of the protocol."""
        try:
            return _sent(self._said())
        except Unavailable as error:
            return _later(f"{error.code}: {error.message}")
        except Crowded:
            return _later("too many lists are being read at this moment")

    def style(self) -> Response:
        """Give the sheet that makes answers readable in a browser."""
        response = Response(_STYLE.read_bytes(), content_type="text/xsl; charset=UTF-8")
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    def _said(self) -> bytes:
        try:
            asked = requests.read(*_texts())
            with turn(self._lists, PATIENCE_SECONDS) if asked.verb in _LISTING else nullcontext():
                try:
                    return render.answer(self._house, asked, answer.give(self._room, asked))
                except Refused as refused:
                    return self._refused(refused, asked.echo)
        except Refused as refused:
            return self._refused(refused, {})

    def _refused(self, refused: Refused, echo: Mapping[str, str]) -> bytes:
        horizon = refused.horizon or self._catalogue.horizon()
        return render.refusal(self._house, horizon, echo, refused.faults)


def blueprint(catalogue: Catalogue, settings: Settings) -> Blueprint:
    """Make the door's addresses: `/oai` and `/oai/style.xsl`."""
    door = Door(catalogue, settings)
    rooms = Blueprint("oaipmh", __name__)
    rooms.add_url_rule("/oai", "oai", door.oai, methods=["GET", "POST"], strict_slashes=False)
    rooms.add_url_rule("/oai/style.xsl", "style", door.style)
    return rooms


def _house(settings: Settings) -> House:
    return House(
        name=settings.repository_name,
        base_url=f"{settings.public_url}/oai",
        repository_id=settings.repository_id,
        admin_email=settings.admin_email,
        style=f"{urlsplit(settings.public_url).path}/oai/style.xsl",
        friends=tuple(settings.oai_friends.split()),
        rights=settings.oai_rights,
        logo=settings.oai_logo,
    )


def _texts() -> Iterator[bytes]:
    yield request.query_string
    if request.method != "POST":
        return
    if request.mimetype != _FORM:
        raise Refused([Fault("badVerb", f"arguments by POST must be sent as {_FORM}")])
    if (request.content_length or 0) > MOST_BYTES:
        raise Refused([Fault("badArgument", f"the arguments are longer than {MOST_BYTES} bytes")])
    yield request.stream.read(MOST_BYTES + 1)


def _sent(document: bytes) -> Response:
    headers = {"X-Robots-Tag": "noindex", "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if len(document) >= _GZIP_FROM and request.accept_encodings.quality("gzip") > 0:
        document = igzip.compress(document, _GZIP_LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(document, headers=headers, content_type="text/xml; charset=UTF-8")


def _later(why: str) -> Response:
    response = Response(
        f"{why}; come back in {COME_BACK_SECONDS} seconds\n", 503, content_type="text/plain; charset=UTF-8"
    )
    response.headers["Retry-After"] = str(COME_BACK_SECONDS)
    return response
