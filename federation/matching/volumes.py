"""Series as matching reads them: numbered series, and the programme a textbook belongs to.

In: the series of a bib, or words of its title, edition and series. Out: series titles with their volume in digits, and
the code of the textbook programme (table `programmes`): series of school books share titles, grades and volumes.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from federation.matching.numbers import counted
from federation.matching.wording import Phrases, words
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


def programme(texts: Sequence[Sequence[str]]) -> str:
    """Give the code of the textbook programme that texts name, each given as its bare words, or an empty string."""
    return next(iter(_programmes().named_in(texts)), "")


@cache
def _programmes() -> Phrases:
    return Phrases((name, row["code"]) for row in rows("programmes") for name in parts(row["names"]))
