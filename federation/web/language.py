"""In which language a page is written: Vietnamese, unless the reader chose English.

In: the request's `lang` parameter, else the cookie of the same name. Out: `vi` or `en`, the translations set up for
Flask-Babel, numbers and dates as that language writes them, and the link to the other language. `Accept-Language` is
not asked: most browsers in the province are installed in English by people who read Vietnamese.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from babel.dates import format_date
from flask import Flask, Response, g, request
from flask_babel import Babel

LANGUAGES: Final = ("vi", "en")
COOKIE: Final = "lang"
_YEAR: Final = 365 * 24 * 3600


def start(app: Flask) -> None:
    """Set up translations, the filters `number` and `day`, and the cookie that remembers the choice."""
    folder = str(Path(__file__).parent / "translations")
    Babel(app, default_locale=LANGUAGES[0], locale_selector=language, default_translation_directories=folder)
    app.jinja_env.filters["number"] = number
    app.jinja_env.filters["day"] = day
    app.after_request(_remember)


def language() -> str:
    """Give the language of this page."""
    # A page asks dozens of times.
    spoken: str | None = g.get("spoken")
    if spoken is None:
        choices = (request.args.get("lang"), request.cookies.get(COOKIE))
        spoken = g.spoken = next((choice for choice in choices if choice in LANGUAGES), LANGUAGES[0])
    return spoken


def other_language() -> str:
    """Give a link to this page in the other language; relative, so that no host can be slipped in."""
    other = LANGUAGES[1] if language() == LANGUAGES[0] else LANGUAGES[0]
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return "?" + urlencode([*kept, ("lang", other)])


def number(value: int) -> str:
    """Write a count: 1.234 in Vietnamese, 1,234 in English."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if language() == "vi" else grouped


def day(value: date) -> str:
    """Write a day: 22/11/2026 in Vietnamese, 22 November 2026 in English."""
    return _day(value, language())


@lru_cache(maxsize=1_024)
def _day(value: date, chosen: str) -> str:
    return str(format_date(value, "dd/MM/yyyy" if chosen == "vi" else "d MMMM yyyy", locale=chosen))


def _remember(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie(COOKIE, language(), max_age=_YEAR, samesite="Lax", httponly=True)
    return response
