"""What tests of a whole road share: which titles the catalogue has, a process that is killed between two pages.

In: a `Workplace`. Out: titles, after everything was checked; what is called for each page of a harvest.
"""

from collections.abc import Callable

from federation.pipeline import check as checking
from federation.pipeline.workplace import Workplace
from tests.support.house import catalogue


class Killed(BaseException):
    """What a process does not survive."""


def titles(place: Workplace) -> list[str]:
    """Give the titles of the live records of a catalogue in which all is well."""
    assert checking.check(place) == []
    return sorted(str(one.bib.title) for one in catalogue(place).every() if not one.deleted)


def named(*numbers: int) -> list[str]:
    """Give the titles of the books with these numbers."""
    return [f"Sách số {number:04}" for number in numbers]


def killed_at(page: int) -> Callable[[int, int | None], None]:
    """Give what kills a harvest when it has kept so many pages."""
    pages: list[int] = []

    def killed(_seen: int, _expected: int | None) -> None:
        pages.append(1)
        if len(pages) == page:
            raise Killed

    return killed
