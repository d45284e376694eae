"""Whether a record says of itself that it comes from this very catalogue.

In: a MARC record, or the bytes of a Dublin Core one, and the repository id that our own records carry. Out: the field
that says so, or nothing. Our union records have the id in 003, with their number in 001; who copies them keeps it in
035 or names it in 040 (MARC 21 Bibliographic). In Dublin Core our OAI identifier stands among the identifiers.
"""

import re
from functools import lru_cache
from typing import Final

from schemas.marc.record import MarcRecord

_AGENCIES: Final = "acd"


def field_of(record: MarcRecord, repository: str) -> str:
    """Name the field by which a record is one of ours: 003, 035 or 040; empty when it is not."""
    if record.control("003").strip() == repository:
        return "003"
    for field in record.of("035", "040"):
        values = [value.strip() for value in field.all("a" if field.tag == "035" else _AGENCIES)]
        ours = f"({repository})" if field.tag == "035" else repository
        if any(value.startswith(ours) if field.tag == "035" else value == ours for value in values):
            return field.tag
    return ""


def is_named_in_dc(content: bytes, repository: str) -> bool:
    """Whether an identifier of a Dublin Core record is an OAI identifier of ours."""
    return _identifier(repository).search(content) is not None


@lru_cache(maxsize=8)
def _identifier(repository: str) -> re.Pattern[bytes]:
    return re.compile(rb">\s*oai:" + re.escape(repository.encode()) + rb":[1-9][0-9]*\s*</(?:[\w.-]+:)?identifier\s*>")
