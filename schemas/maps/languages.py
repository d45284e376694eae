"""Languages: MARC codes and their names.

In: a code, or what a record says of its language (MARC, ISO 639-1, 639-2/T, a name in Vietnamese or English). Out: the
MARC code (MARC Code List for Languages), or its name. The languages of Vietnam's peoples that MARC gives no code of
their own (Hrê, Ba Na, Xơ Đăng, Ê Đê, Tày, ...) lead to the code of their group.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from schemas.maps.tables import by_code, label, parts, plain, rows

_TABLE: Final = "languages"
_TONGUE: Final = "tieng "
#: a language tag with its region: en-US, pt_BR
_TAG: Final = re.compile(r"([A-Za-z]{2,3})[-_]")


def language_name(code: str, lang: str = "vi") -> str:
    """Give the name of a language code in `vi` or `en`; an unknown code is its own name."""
    return label(_TABLE, code, lang)


def language_tag(code: str) -> str:
    """Give the language tag (BCP 47) of a MARC code: two letters where there are two, else the code itself."""
    row = by_code(_TABLE).get(code)
    return (row["iso639_1"] if row else "") or code


def language(text: str) -> str:
    """Give the MARC code of a code or name ("vi", "vie", "Tiếng Việt", "en-US"), or an empty string."""
    if text in by_code(_TABLE):
        return text
    name = plain(text)
    tag = _TAG.match(text)
    tries = (name, name.removeprefix(_TONGUE), tag[1].lower() if tag else "")
    return next((_codes()[tried] for tried in tries if tried in _codes()), "")


@cache
def _codes() -> Mapping[str, str]:
    found: dict[str, str] = {}
    # Codes first: "ga" is Irish, although Ga is a language of its own.
    for names in (_coded, _named):
        for row in rows(_TABLE):
            for name in names(row):
                found.setdefault(name, row["code"])
    return MappingProxyType(found)


def _coded(row: Mapping[str, str]) -> Iterator[str]:
    yield from (code for code in (row["code"], row["iso639_1"]) if code)


def _named(row: Mapping[str, str]) -> Iterator[str]:
    for name in filter(None, (row["vi"], row["en"], *parts(row["aliases"]))):
        yield plain(name)
        yield plain(name).removeprefix(_TONGUE)
