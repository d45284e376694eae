"""The coded data of a union record: 008 of the base, its gaps filled where the others agree.

In: the base record and the others, the best first. Out: the 008 to use, and which positions came from whom. `GAPS` is
the whole of the rule. Everything else in 008, in the leader and in 006 and 007 is the base's: coded values of two
cataloguers that stand side by side in one field would be a record that nobody made. MARC 21, 008 (all materials).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

import msgspec

from schemas.marc.record import Field, MarcRecord

M = TypeVar("M")
_LENGTH: Final = 40
_YEAR: Final = re.compile("1[4-9][0-9]{2}|20[0-9]{2}")


class Gap(msgspec.Struct, frozen=True):
    """Positions of 008 from `first` to `last`; `tells` says whether a value states anything."""

    first: int
    last: int
    what: str
    why: str
    tells: Callable[[str], bool]

    @property
    def place(self) -> str:
        """How the positions are written."""
        return f"008/{self.first:02}-{self.last:02}"


def _states(*nothing: str) -> Callable[[str], bool]:
    return lambda value: value.strip(" |#") != "" and value.strip() not in nothing


GAPS: Final = (
    Gap(
        6,
        14,
        "type of date and dates",
        "not where 260 or 264 says another year",
        lambda v: bool(_YEAR.fullmatch(v[1:5])),
    ),
    Gap(15, 17, "country", "xx and blanks are no statement", _states("xx")),
    Gap(35, 37, "language", "und and blanks are no statement; not where the base has 041", _states("und")),
)


def settled(base: MarcRecord, others: Sequence[tuple[M, MarcRecord]]) -> tuple[str, list[tuple[M, str]]]:
    """Give the 008 of a union record and the members that filled it, each with the positions.

    A base without a 008 of 40 characters takes over that of the best record of its kind. A gap is filled when all the
    others that state something state the same.
    """
    form = base.control("008")
    if len(form) != _LENGTH:
        return next(_whole(base, others), (form, []))
    filled: list[tuple[M, str]] = []
    for gap in GAPS:
        value = form[gap.first : gap.last + 1]
        if gap.tells(value) or _forbidden(gap, base):
            continue
        stated = [(member, text) for member, record in others if gap.tells(text := _value(record, gap))]
        if stated and len({text for _, text in stated}) == 1 and _agrees(gap, stated[0][1], base):
            form = form[: gap.first] + stated[0][1] + form[gap.last + 1 :]
            filled.append((stated[0][0], gap.place))
    return form, filled


def with_form(fields: Sequence[Field], form: str) -> list[Field]:
    """Give the fields with this 008 in the place of theirs."""
    rest = [field for field in fields if field.tag != "008"]
    return [*rest, Field("008", form)] if form else rest


def _whole(base: MarcRecord, others: Sequence[tuple[M, MarcRecord]]) -> Iterator[tuple[str, list[tuple[M, str]]]]:
    for member, record in others:
        form = record.control("008")
        if len(form) == _LENGTH and record.leader[6:8] == base.leader[6:8]:
            yield form, [(member, "008")]


def _value(record: MarcRecord, gap: Gap) -> str:
    form = record.control("008")
    return form[gap.first : gap.last + 1] if len(form) == _LENGTH else ""


def _forbidden(gap: Gap, base: MarcRecord) -> bool:
    return gap.first == 35 and base.first("041") is not None


def _agrees(gap: Gap, value: str, base: MarcRecord) -> bool:
    """Tell whether a date does not contradict what the base has in words."""
    if gap.first != 6:
        return True
    said = [year for field in base.of("260", "264") for text in field.all("c") for year in _YEAR.findall(text)]
    return not said or value[1:5] in said
