"""A language made of its files: what it says of itself, what CLDR knows of it, and what it falls back to.

In: the `Messages` of each of its files and its base. Out: a `Language`. Most languages of small peoples have a code
(ISO 639-3) that CLDR does not know; numbers and days are then written as the base writes them.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date
from babel.numbers import get_group_symbol
from babel.support import NullTranslations, Translations

from federation.languages.language import COLUMNS, Language
from federation.languages.messages import Key, Messages
from schemas.maps.tables import Row, rows

#: the table of what a language says of itself, and the context of that in its files
ITSELF: Final = "itself"
#: the language of a house that was told nothing else
HOUSE: Final = "vi"
#: how CLDR itself writes a day
_LONG: Final = "long"
_DIRECTIONS: Final = ("ltr", "rtl")
_SOME_DAY: Final = date(2026, 11, 27)
_THREES: Final = (3, 3)


def itself() -> tuple[Row, ...]:
    """Give the table of what a language says of itself."""
    return rows(ITSELF, "federation.languages")


def base_of(code: str, said: Sequence[Messages]) -> str:
    """Give the code of the language that this one falls back to; empty when it stands alone."""
    base = _itself(code, said)["base"] or HOUSE
    return "" if code in (base, HOUSE) else base


def made(code: str, said: Sequence[Messages], base: Language | None) -> Language:
    """Make a language of its files, of which the later say it better."""
    own = _itself(code, said)
    tag = said[0].header.get("language", "").replace("-", "_")
    known = cldr(tag) or cldr(code)
    locale = known or (base.locale if base else Locale.parse(HOUSE))
    return Language(
        code=code,
        name=own["name"] or (known.get_display_name() if known else "") or code,
        short=own["short"] or code.upper(),
        direction=own["direction"] if own["direction"] in _DIRECTIONS else known.text_direction if known else "ltr",
        locale=locale,
        region=_region(tag) or _region(code.replace("-", "_")),
        day_pattern=_pattern(own["day"], locale) or (_LONG if known or not base else base.day_pattern),
        group=_group(locale),
        translations=_chain(said, base),
        base=base,
        done=frozenset(key for messages in said for key in messages.done),
        captions=_captions(said),
        column=COLUMNS.index(code) if code in COLUMNS else None,
    )


def _captions(said: Sequence[Messages]) -> dict[Key, str]:
    return {key: text for messages in said for key, text in messages.captions.items()}


def _itself(code: str, said: Sequence[Messages]) -> dict[str, str]:
    """Give what a language says of itself; what it does not say is empty, for no other can say it."""
    captions = _captions(said)
    return {row["code"]: captions.get((ITSELF, row["en"]), row.get(code, "")) for row in itself()}


def _region(tag: str) -> str:
    """Give language and country; CLDR knows where a language is at home of more languages than it has words in."""
    language = tag.partition("_")[0]
    stated = next((part for part in tag.split("_")[1:] if len(part) == 2), "")
    country = stated or get_global("likely_subtags").get(language, "").rpartition("_")[2]
    return f"{language}_{country}" if country else ""


def cldr(tag: str) -> Locale | None:
    """Give what CLDR knows of a language; None when it does not know it."""
    try:
        return Locale.parse(tag.replace("-", "_")) if tag else None
    except (UnknownLocaleError, ValueError):
        return None


def _pattern(pattern: str, locale: Locale) -> str:
    """Give a pattern of days when it is one; a word in its place is no reason to show no page."""
    try:
        format_date(_SOME_DAY, pattern, locale=locale)
    except (ValueError, AttributeError, KeyError):
        return ""
    return pattern


def _group(locale: Locale) -> str:
    plain = locale.decimal_formats[None].grouping == _THREES
    return get_group_symbol(locale) if plain else ""


def _chain(said: Sequence[Messages], base: Language | None) -> NullTranslations:
    """Let the later files speak before the earlier, and these before the base."""
    last = base.translations if base else NullTranslations()
    for messages in said:
        # A chain is kept for each language, and one file may be part of several.
        link = Translations()
        link.merge(messages.translations)
        link.plural = messages.translations.plural
        link.add_fallback(last)
        last = link
    return last
