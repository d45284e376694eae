"""The API as HTTP: `/api/v1/…`, its document `/api/openapi.json` and the page that shows it, `/api/`.

In: HTTP requests. Out: JSON with an ETag, 304 for who has it already, problem details for everything that goes wrong,
and leave for the scripts of any page to read it (Fetch, section 3.2: CORS). Nothing here writes, so that leave gives
nothing away.
"""

import logging
import time
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlencode, urlsplit

import msgspec
from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from federation.api import answer, document, following, shapes
from federation.api import request as requests
from federation.api.answer import Room
from federation.api.parameters import (
    BEGINNING,
    LIBRARIES,
    MOST_BYTES,
    OPERATIONS,
    RECORD,
    RECORDS,
    ROOT,
    VERSION,
    spoken,
)
from federation.api.problems import MEDIA_TYPE, PROBLEMS, Refused
from federation.catalogue.catalogue import Catalogue
from federation.config import Settings
from federation.errors import Unavailable
from federation.journal import Journal
from federation.languages.known import Languages
from federation.seal import key

log = logging.getLogger(__name__)

DOCUMENT: Final = "/api/openapi.json"
PAGE: Final = "/api/"
COME_BACK_SECONDS: Final = 30
#: seconds that an answer may be kept by who asked: libraries seldom change, the document only with the software
_SELDOM: Final = 300
_JSON: Final = msgspec.json.Encoder()
_OF_STATUS: Final = {404: "address-unknown", 405: "method-unknown", 414: "address-too-long", 429: "too-many-requests"}
_FREE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag, Link, Location, Retry-After",
    "Access-Control-Max-Age": "86400",
}


class Door:
    """The door of one catalogue."""

    def __init__(self, catalogue: Catalogue, settings: Settings, languages: Languages) -> None:
        self._settings = settings
        read_key = partial(key, settings.home)
        self._room = Room(catalogue, settings.repository_id, settings.public_url, read_key, languages)
        self._operations = spoken([each.code for each in languages])
        self._journal = Journal(settings.home, int(settings.search_log_days))
        self._base = urlsplit(settings.public_url).path

    def rooms(self) -> Blueprint:
        """Give the addresses of this door."""
        rooms = Blueprint("api", __name__, template_folder="templates")
        addresses: dict[str, Callable[..., Response]] = {
            ROOT: self.beginning,
            f"{ROOT}/records": self.records,
            f"{ROOT}/records/<path:text>": self.record,
            f"{ROOT}/libraries": self.libraries,
            f"{ROOT}/libraries/<code>": self.library,
            f"{ROOT}/holdings": self.holdings,
            f"{ROOT}/changes": self.changes,
            DOCUMENT: self.document,
            PAGE: self.page,
        }
        for address, view in addresses.items():
            rooms.add_url_rule(address, view.__name__, view, strict_slashes=False)
        rooms.before_app_request(self._outside)
        rooms.after_app_request(_open)
        rooms.register_error_handler(Refused, self._refused)
        rooms.register_error_handler(Unavailable, self._unavailable)
        rooms.register_error_handler(HTTPException, self._http)
        rooms.register_error_handler(Exception, self._fault)
        return rooms

    def beginning(self) -> Response:
        """Tell where the parts are."""
        requests.nothing(BEGINNING, _pairs())
        url = self._settings.public_url
        parts = {each.name: f"{url}{ROOT}{each.path}" for each in OPERATIONS if each.path}
        return _said(shapes.Beginning(self._settings.repository_name, VERSION, f"{url}{DOCUMENT}", parts), _SELDOM)

    def records(self) -> Response:
        """Search."""
        _check_length()
        asked, begun = requests.search(_pairs(), self._operations[RECORDS.name]), time.perf_counter()
        said = answer.records(self._room, asked)
        if not asked.cursor:
            self._journal.note("api", " ".join((asked.search.q, asked.search.cql)), said.total, begun)
        return self._leading(_said(said), "records", said.next)

    def record(self, text: str) -> Response:
        """Give a record."""
        requests.nothing(RECORD, _pairs())
        return _said(answer.record(self._room, text))

    def libraries(self) -> Response:
        """List the libraries."""
        return _said(answer.libraries(self._room, self._lang()), _SELDOM)

    def library(self, code: str) -> Response:
        """Give a library."""
        return _said(answer.library(self._room, code, self._lang()), _SELDOM)

    def holdings(self) -> Response:
        """Tell who holds what."""
        _check_length()
        return _said(answer.holdings(self._room, requests.holdings(_pairs())))

    def changes(self) -> Response:
        """List what changed."""
        said = following.changes(self._room, requests.changes(_pairs()))
        return self._leading(_said(said), "changes", said.next if said.more else None)

    def document(self) -> Response:
        """Give the OpenAPI document."""
        return _sent(_JSON.encode(self._document), "application/json", _SELDOM)

    def page(self) -> Response:
        """Show the document to a person."""
        return make_response(
            render_template("api.html", document=self._document, address=DOCUMENT, problems=PROBLEMS, q="", asked=None)
        )

    @cached_property
    def _document(self) -> dict[str, Any]:
        settings = self._settings
        names = settings.repository_name, settings.public_url, settings.admin_email
        return document.document(*names, self._operations.values())

    def _lang(self) -> str:
        return requests.lang(_pairs(), self._operations[LIBRARIES.name])

    def _leading(self, response: Response, part: str, cursor: str | None) -> Response:
        if cursor:
            address = f"{self._base}{ROOT}/{part}?{urlencode({'cursor': cursor})}"
            response.headers["Link"] = f'<{address}>; rel="next"'
        return response

    # --- what goes wrong --------------------------------------------------------------------------------------------

    def _outside(self) -> Response | None:
        """Answer for addresses under `/api/` that lead nowhere, and methods that they do not know."""
        error = request.routing_exception
        if error is None or not request.path.startswith("/api/"):
            return None
        return self._http(error)

    def _refused(self, refused: Refused, status: int = 0) -> Response:
        problem = refused.problem(f"{self._settings.public_url}{PAGE}", status)
        response = Response(_JSON.encode(problem), problem.status, content_type=MEDIA_TYPE)
        response.headers["Cache-Control"] = "no-store" if problem.status >= 429 else "no-cache"
        if refused.code == "record-moved" and refused.successor:
            response.headers["Location"] = f"{self._base}{ROOT}/records/{refused.successor[0]}"
        return response

    def _http(self, error: HTTPException) -> Response:
        status = error.code or 500
        code = _OF_STATUS.get(status, "request-refused" if status < 500 else "fault")
        response = self._refused(Refused(code, _words(status) or error.description or ""), status)
        answered = error.get_response()
        for name in ("Allow", "Retry-After", "Location"):
            if name in answered.headers:
                response.headers[name] = answered.headers[name]
        return response

    def _unavailable(self, error: Unavailable) -> Response:
        log.error("api: %s", error)
        response = self._refused(Refused("not-ready", f"{error.code}: come back in {COME_BACK_SECONDS} seconds"))
        response.headers["Retry-After"] = str(COME_BACK_SECONDS)
        return response

    def _fault(self, error: Exception) -> Response:
        log.exception("api: %s %s", request.path, request.query_string[:500], exc_info=error)
        return self._refused(Refused("fault", "the fault has been logged; please try again later"))


def blueprint(catalogue: Catalogue, settings: Settings, languages: Languages) -> Blueprint:
    """Make the door's addresses."""
    return Door(catalogue, settings, languages).rooms()


def _words(status: int) -> str:
    """Say what exactly is wrong where the words of the framework are about somebody who types addresses."""
    if status == 404:
        return f"there is nothing at {request.path[:80]!r}; `{ROOT}` names the addresses there are"
    return f"{request.method} is not understood here" if status == 405 else ""


def _pairs() -> Iterable[tuple[str, str]]:
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError:
        # Werkzeug puts another letter in the place of what it cannot read, and the search would find nothing.
        raise Refused("parameter-invalid", "the parameters are not in UTF-8") from None
    return request.args.items(multi=True)


def _check_length() -> None:
    if "cursor" not in request.args and len(request.query_string) > MOST_BYTES:
        raise Refused("address-too-long", f"the parameters have more than {MOST_BYTES:,} bytes: ask for less at once")


def _said(said: shapes.Said, seconds: int = 0) -> Response:
    return _sent(_JSON.encode(said), "application/json", seconds)


def _sent(content: bytes, media_type: str, seconds: int) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Cache-Control"] = f"public, max-age={seconds}" if seconds else "no-cache"
    # Weak, because gzip comes after.
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _open(response: Response) -> Response:
    """Let the scripts of any page read what the API says, refusals too."""
    if request.path.startswith("/api/"):
        for name, value in _FREE.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("X-Robots-Tag", "noindex")
        if request.method == "OPTIONS" and response.status_code == 200:
            response.status_code = 204
            del response.headers["Content-Type"]
    return response
