"""In which language a page is written: that of the house (Vietnamese), unless the reader chose another.

In: the request's `lang` parameter, else the cookie of the same name; the languages of the package and of the home. Out:
a `Language`, translations for Flask-Babel, numbers and dates as that language writes them, and links to the others.
`Accept-Language` is not asked: most browsers in the province are installed in English by people who read Vietnamese.
"""

import logging
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from babel.support import NullTranslations
from flask import Flask, Response, current_app, g, request
from flask_babel import Babel, Domain
from markupsafe import Markup, escape

from federation.languages.known import Languages
from federation.languages.language import Language
from federation.languages.making import HOUSE

log = logging.getLogger(__name__)
COOKIE: Final = "lang"
_EXTENSION: Final = "lienthong-languages"
_YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Other:
    """A link to this page in another language."""

    code: str
    name: str
    short: str
    direction: str
    address: str


class _Spoken(Domain):  # type: ignore[misc]  # the library has no types
    """The translations of the language that is spoken; Flask-Babel itself knows only languages of CLDR."""

    def get_translations(self) -> NullTranslations:
        return language().translations


class _Babel(Babel):  # type: ignore[misc]  # the library has no types
    domain_instance = _Spoken()


def start(app: Flask, known: Languages) -> None:
    """Set up translations, the filters `number` and `day`, and the cookie that remembers the choice."""
    for fault in known.faults:
        log.error("translations: %s", fault)
    app.extensions[_EXTENSION] = known
    _Babel(app, default_locale=HOUSE, locale_selector=lambda: str(language().locale))
    _speak(app)
    app.jinja_env.filters["number"] = number
    app.jinja_env.filters["day"] = day
    app.after_request(_remember)


def language() -> Language:
    """Give the language of this page."""
    # A page asks dozens of times.
    spoken: Language | None = g.get("spoken")
    if spoken is None:
        known = languages()
        spoken = known.find(request.args.get("lang")) or known.speaking(request.cookies.get(COOKIE))
        g.spoken = spoken
    return spoken


def other_languages() -> list[Other]:
    """Give links to this page in the other languages; relative, so that no host can be slipped in."""
    spoken = language()
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return [
        Other(one.code, one.name, one.short, one.direction, "?" + urlencode([*kept, ("lang", one.code)]))
        for one in languages()
        if one is not spoken
    ]


def number(value: int) -> str:
    """Write a count: 1.234 in Vietnamese, 1,234 in English."""
    return language().number(value)


def day(value: date) -> str:
    """Write a day: 22/11/2026 in Vietnamese, 22 November 2026 in English."""
    return language().day(value)


def languages() -> Languages:
    """Give the languages that pages can be written in."""
    found: Languages = current_app.extensions[_EXTENSION]
    return found


def _speak(app: Flask) -> None:
    """Give templates what gettext says, with its values put in; no translation writes HTML, as anyone may type one.

    Jinja's own way there looks everything up anew for each text, which took half the time of a page of a search.
    """
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext, pgettext=_pgettext)


def _gettext(text: str, /, **values: object) -> Markup:
    return escape(language().translations.ugettext(text)) % values


def _ngettext(one: str, many: str, num: int, /, **values: object) -> Markup:
    return escape(language().translations.ungettext(one, many, num)) % {"num": num, **values}


def _pgettext(context: str, text: str, /, **values: object) -> Markup:
    return escape(language().translations.upgettext(context, text)) % values


def _remember(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
        if languages().find(request.args.get("lang")):
            response.set_cookie(COOKIE, language().code, max_age=_YEAR, samesite="Lax", httponly=True)
    return response
