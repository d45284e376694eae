"""The basket: the list, its files, and the forms that put a record in or take it out.

In: HTTP requests. Out: pages, files, and after a form 303 back to the page it stands on. `?ids=` is somebody's list and
is shown without touching the reader's own.
"""

from typing import Final

from flask import Blueprint, Response, redirect, request
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from federation.catalogue.formats import named, together
from federation.catalogue.records import UnionRecord
from federation.web import problems
from federation.web.basket import answer
from federation.web.basket.request import COOKIE, MOST, read, way_back, written
from federation.web.ground import Ground, page

_MONTH: Final = 30 * 24 * 3600


def blueprint(ground: Ground) -> Blueprint:
    """Make the pages of this room."""
    room, pages = Blueprint("basket", __name__), _Pages(ground)
    room.add_url_rule("/basket", "basket", pages.basket)
    room.add_url_rule("/basket.<extension>", "file", pages.file)
    room.add_url_rule("/basket", "change", _change, methods=["POST"])
    room.app_context_processor(lambda: {"basket": read(request.cookies.get(COOKIE, ""))})
    return room


class _Pages:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def basket(self) -> AnyResponse:
        """Show the list."""
        asked, shared = _asked(), "ids" in request.args
        found = self._found(asked)
        records = {record.id: record for record in found.values()}
        mine = read(request.cookies.get(COOKIE, "")) if shared else tuple(records)
        response = page(
            "basket.html",
            rows=[answer.row(record) for record in records.values()],
            downloads=answer.downloads(tuple(records)),
            shared=shared,
            ids=written(records),
            gone=len(asked) - len(found),
            full=len(mine) >= MOST and not shared,
            most=MOST,
            basket=mine,
        )
        # Else the count above every page, and the buttons, would go on telling of records that were merged or deleted.
        return response if shared or tuple(records) == asked else _kept(response, tuple(records))

    def file(self, extension: str) -> AnyResponse:
        """Give the list as one file."""
        form = named(extension)
        if form is None:
            links = tuple((each.label, each.address) for each in answer.downloads(_asked()))
            detail = _("There is no format %(name)s. There are:", name=extension[:40])
            return problems.page(404, detail, "format-unknown", links)
        # What a format cannot hold is left out: ISO 2709 of the longest records; MARCXML has them.
        records = {record.id: record for record in self._found(_asked()).values()}
        content = b"".join(together(form, records.values(), lambda _record, _error: None))
        response = Response(content, mimetype=form.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="lienthong.{form.extension}"'
        response.headers["Cache-Control"] = "no-cache"
        return response

    def _found(self, numbers: tuple[int, ...]) -> dict[int, UnionRecord]:
        """Give the living record of each number; of a merged one its successor."""
        catalogue = self._ground.catalogue
        readable = ((record.id, record) for record in catalogue.readable(numbers))
        living = ((asked, catalogue.live(asked) if record.deleted else record) for asked, record in readable)
        return {asked: record for asked, record in living if record}


def _asked() -> tuple[int, ...]:
    return read(request.args["ids"] if "ids" in request.args else request.cookies.get(COOKIE, ""))


def _change() -> AnyResponse:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden
    numbers = read(request.cookies.get(COOKIE, ""))
    taken = read(request.form.get("remove", ""))
    put = read(request.form.get("add", ""))
    kept = () if "empty" in request.form else tuple(number for number in numbers if number not in taken)
    wanted = tuple(dict.fromkeys((*kept, *put)))
    # What does not go in any more is told where the basket says that it is full.
    back = request.form.get("back", "") if len(wanted) <= MOST else ""
    return _kept(redirect(way_back(back, "/basket"), 303), wanted[:MOST])


def _kept(response: AnyResponse, numbers: tuple[int, ...]) -> AnyResponse:
    content, age = written(numbers), _MONTH if numbers else 0
    response.set_cookie(COOKIE, content, max_age=age, samesite="Lax", httponly=True, secure=request.is_secure)
    return response
