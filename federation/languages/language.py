"""One language that the house speaks.

In: what `making` found in its files. Out: translations for gettext, captions of the house's tables, numbers and days. A
caption stands in a table in Vietnamese and English; any other language has it among its translations, with the table's
name as context and the English as original. What is missing is said as the base language says it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.support import NullTranslations

from federation.languages.messages import Key
from schemas.maps.tables import by_code

#: the languages for which the tables of the house have columns, in their order
COLUMNS: Final = ("vi", "en")


class Caption(NamedTuple):
    """A caption of a table, which is its context in a file of translations; in Vietnamese (empty: none) and English.

    `note` is for the translator.
    """

    table: str
    vi: str
    en: str
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A language by its code (BCP 47); `short` stands on narrow screens, `region` is language and country (vi_VN).

    `done` are the originals that its own files translate, `captions` those of them that stand in tables, `column` is
    its column in these tables. `group` parts thousands; empty where CLDR groups digits in another way.
    """

    code: str
    name: str
    short: str
    direction: str
    locale: Locale
    region: str
    day_pattern: str
    group: str
    translations: NullTranslations
    base: "Language | None" = None
    done: frozenset[Key] = frozenset()
    captions: Mapping[Key, str] = field(default_factory=dict)
    column: int | None = None

    def caption(self, table: str, vi: str, en: str) -> str:
        """Give a caption of a table: translated, or from its own column, or as the base has it; else in English."""
        if said := self.captions.get((table, en)):
            return said
        if self.column is not None and (said := (vi, en)[self.column]):
            return said
        return self.base.caption(table, vi, en) if self.base else en or vi

    def called(self, table: str, code: str) -> str:
        """Give what a code of a table of `schemas.maps` is called; a code that is none is its own name."""
        row = by_code(table).get(code)
        return self.caption(table, row["vi"], row["en"]) if row else code

    def number(self, value: int) -> str:
        """Write a count."""
        # A page writes a hundred of them, so CLDR is asked only where digits are not grouped by threes.
        if self.group:
            return f"{value:,}".replace(",", self.group)
        return str(format_decimal(value, locale=self.locale))

    def day(self, value: date) -> str:
        """Write a day."""
        return _day(value, self.day_pattern, self.locale)


@lru_cache(maxsize=1_024)
def _day(value: date, pattern: str, locale: Locale) -> str:
    return str(format_date(value, pattern, locale=locale))
