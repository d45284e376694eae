"""Series as matching reads them: numbered series, and the programme a textbook belongs to.

In: the series of a bib, or words of its title, edition and series. Out: series titles with their volume in digits, and
the code of the textbook programme (table `programmes`): series of school books share titles, grades and volumes.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from federation.matching.numbers import counted
from federation.matching.wording import bare_text, words
from schemas.bib import Series
from schemas.maps.tables import parts, plain, rows


def numbered_series(series: Iterable[Series], marked: bool) -> tuple[str, ...]:
    """Give each series that states a volume, as "title|volume"."""
    found = set()
    for one in series:
        if one.volume and (title := plain(one.title)):
            # 881-49 is volume 49 of 881, and not 881-35.
            numbers = [number for word in words(one.volume) if (number := counted(*word, marked))]
            if numbers:
                found.add(f"{title}|{'-'.join(numbers)}")
    return tuple(sorted(found))


def programme(text: str) -> str:
    """Give the code of the textbook programme that bare words name, or an empty string."""
    pattern, codes = _programmes()
    found = pattern.search(text)
    return codes[found.group()] if found else ""


@cache
def _programmes() -> tuple[re.Pattern[str], Mapping[str, str]]:
    names = {bare_text(words(name)): row["code"] for row in rows("programmes") for name in parts(row["names"])}
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(names, key=len, reverse=True))})\b")
    return pattern, MappingProxyType(names)
