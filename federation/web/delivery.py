"""How pages travel: headers that keep a browser from guessing and telling, ETags and gzip for weak links.

In: every answer of the application, pages with their `policy` on them. Out: the same answer with these headers. A page
goes only to those who do not have it yet (304), and text over a kilobyte is compressed for those who accept it, unless
a door did so itself.
"""

import gzip
from functools import partial
from typing import Final

from flask import Flask, Response, request

_COMPRESSIBLE: Final = frozenset(
    {
        *("text/html", "text/css", "text/javascript", "text/plain", "text/xml"),
        *("application/xml", "application/json", "application/sru+xml", "image/svg+xml"),
        *("application/problem+json", "application/ld+json", "application/rdf+xml", "application/atom+xml"),
    }
)
_WORTHWHILE: Final = 1024
_LEVEL: Final = 5
_DAY: Final = 24 * 3600


def start(app: Flask, https_days: int = 0) -> None:
    """Put them on every answer of the application; with `https_days` browsers are told to use https so long."""
    if https_days:
        app.after_request(partial(_by_https, f"max-age={https_days * _DAY}"))
    app.after_request(_safe)
    app.after_request(_compressed)
    app.after_request(_checked)


def checked(response: Response) -> Response:
    """Send a page or file only to those who do not have it yet."""
    # Weak, because gzip comes after; made of the bytes themselves, so nothing shown can change without it.
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _by_https(rule: str, response: Response) -> Response:
    # RFC 6797, section 7.2: never by plain HTTP.
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", rule)
    return response


def _safe(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _checked(response: Response) -> Response:
    is_page = response.mimetype == "text/html" and response.status_code == 200 and not response.is_streamed
    return checked(response) if is_page else response


def _compressed(response: Response) -> Response:
    if response.is_streamed or response.mimetype not in _COMPRESSIBLE or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    content = response.get_data() if response.status_code not in (204, 304) else b""
    if len(content) < _WORTHWHILE or request.accept_encodings.quality("gzip") <= 0:
        return response
    response.set_data(gzip.compress(content, _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
