"""The pages for what went wrong, in the reader's language: what happened and what to do next.

In: an error raised while answering. Out: a page with the HTTP status that fits. Queries and parameters that cannot be
read are the reader's to mend (400); a part that is down or not yet made is ours (503, with Retry-After); the details
of our own faults go to the log, never to the page.
"""

import logging
from typing import Final

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from federation.errors import Unavailable, UsageError
from federation.web.search.request import MAX_PAGE, MAX_TEXT
from schemas.errors import QuerySyntaxError

log = logging.getLogger(__name__)
RETRY_SECONDS: Final = "30"


def start(app: Flask) -> None:
    """Let the application answer errors with these pages."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(UsageError, _asked_wrongly)
    app.register_error_handler(QuerySyntaxError, _asked_wrongly)
    app.register_error_handler(Unavailable, _unavailable)


def page(status: int, detail: str = "", code: str = "", links: tuple[tuple[str, str], ...] = ()) -> Response:
    """Make the page for a status; `detail` is what exactly is wrong, `links` are where to go from here."""
    heading, explanation = _words(status)
    body = render_template(
        "problem.html",
        status=status,
        heading=heading,
        explanation=explanation,
        detail=detail,
        command="lienthong init" if status == 503 else "",
        code=code,
        links=links,
        q=request.args.get("q", "")[:MAX_TEXT],
        asked=None,
    )
    return make_response(body, status)


def _http(error: HTTPException) -> Response:
    answer = error.get_response()
    wait = answer.headers.get("Retry-After", "")
    made = page(error.code or 500, _("Come back in %(seconds)s seconds.", seconds=wait) if wait.isdigit() else "")
    for name in ("Allow", "Retry-After"):
        if name in answer.headers:
            made.headers[name] = answer.headers[name]
    return made


def _asked_wrongly(error: UsageError | QuerySyntaxError) -> Response:
    return page(400, _advice(error), error.code)


def _unavailable(error: Unavailable) -> Response:
    log.error("%s", error)
    response = page(503, code=error.code)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _advice(error: UsageError | QuerySyntaxError) -> str:
    advice: dict[str, str] = {
        "query-too-long": _("The search has too many characters; %(most)s are read.", most=MAX_TEXT),
        "query-too-many-terms": _("The search has too many words. Please leave out those that matter least."),
        "query-too-broad": _("The search fits too much. Please add words, or more letters to a beginning."),
        "query-mask": _("A word with * or ? in it is too long."),
        "query-number": _("A year is written with digits: 1999."),
        "page-too-far": _("Only the first %(most)s pages are shown. Please narrow the search instead.", most=MAX_PAGE),
        "page-invalid": _("The page number is not a number."),
        "sort-unknown": _("There is no such order."),
        "year-invalid": _("A year is written with digits: 1999."),
        "filter-too-long": _("Too many filters, or one that is too long."),
    }
    # What the error itself says is English, for logs; the page says in any case what to do.
    return advice.get(error.code, "")


def _words(status: int) -> tuple[str, str]:
    words: dict[int, tuple[str, str]] = {
        400: (_("This search cannot be read"), _("Please change it and try again.")),
        404: (_("There is no such page"), _("The address may be mistyped. Search for what you need.")),
        405: (_("This page cannot be used this way"), _("The address exists, but not for this method.")),
        410: (
            _("This record was deleted"),
            _("No library has it any longer. Search for another edition."),
        ),
        414: (_("The address is too long"), _("Please use fewer words or fewer filters.")),
        429: (_("Too many requests"), _("Please wait a moment and try again.")),
        500: (_("Something went wrong on our side"), _("The fault has been logged. Please try again later.")),
        503: (
            _("The catalogue is not ready"),
            _("The database or the index does not answer. Whoever runs this catalogue: was this command run?"),
        ),
    }
    return words.get(status) or (_("This cannot be done"), _("The request was not understood."))
