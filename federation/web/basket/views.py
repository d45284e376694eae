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
        records = self._records()
        numbers = [record.id for record in records]
        return page(
            "basket.html",
            rows=[answer.row(record) for record in records],
            downloads=answer.downloads(numbers),
            shared="ids" in request.args,
            ids=written(numbers),
        )

    def file(self, extension: str) -> AnyResponse:
        """Give the list as one file."""
        form = named(extension)
        if form is None:
            links = tuple((each.label, each.address) for each in answer.downloads(_asked()))
            detail = _("There is no format %(name)s. There are:", name=extension[:40])
            return problems.page(404, detail, "format-unknown", links)
        # What a format cannot hold is left out: ISO 2709 of the longest records; MARCXML has them.
        content = b"".join(together(form, self._records(), lambda _record, _error: None))
        response = Response(content, mimetype=form.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="lienthong.{form.extension}"'
        response.headers["Cache-Control"] = "no-cache"
        return response

    def _records(self) -> tuple[UnionRecord, ...]:
        catalogue = self._ground.catalogue
        found: dict[int, UnionRecord] = {}
        for record in catalogue.readable(_asked()):
            living = catalogue.live(record.id) if record.deleted else record
            if living:
                found.setdefault(living.id, living)
        return tuple(found.values())


def _asked() -> tuple[int, ...]:
    return read(request.args["ids"] if "ids" in request.args else request.cookies.get(COOKIE, ""))


def _change() -> AnyResponse:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden
    numbers = read(request.cookies.get(COOKIE, ""))
    taken = read(request.form.get("remove", ""))
    put = read(request.form.get("add", ""))
    kept = () if "empty" in request.form else tuple(number for number in numbers if number not in taken)
    response = redirect(way_back(request.form.get("back", ""), "/basket"), 303)
    content = written(dict.fromkeys((*kept, *put[: MOST - len(kept)])))
    response.set_cookie(COOKIE, content, max_age=_MONTH if content else 0, samesite="Lax", httponly=True)
    return response
