"""Members of a union record to test with: MARC lines as the crosswalk tests write them, under a code."""

from datetime import date

from federation.matching.merge import Member
from schemas.bib import Holding
from schemas.marc import write
from schemas.marc.record import Field
from tests.schemas.crosswalks.build import record

F008 = "008 200101s2019    vm            000 0 vie d"


def member(code: str, *lines: str, local_id: str = "", holdings: tuple[Holding, ...] = ()) -> Member:
    """Make a member of MARC lines."""
    return Member(code, local_id or f"{code}-1", write.marcxml(record(*lines)), holdings, date(2026, 11, 22))


def shown(fields: tuple[Field, ...] | list[Field], *tags: str) -> list[str]:
    """Write the fields of these tags as lines."""
    return [_line(field) for field in fields if field.tag in tags]


def _line(field: Field) -> str:
    content = "".join(f"${code}{text}" for code, text in field.subfields)
    return f"{field.tag} {field.indicators.replace(' ', '_')} {content}"
