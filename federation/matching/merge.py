"""The union record: one MARC record from those of the members, with the holdings of each and the origin of each added field.

In: the records of a cluster. Out: a `MergedRecord`. The base is the best record by `quality`; fields of the others are added where the base does
not say the same, marked $9 with the member's code. Local fields (9XX), holdings fields and dates of the members' own systems are not
carried over; every member's own record stays as received in its own table. 001 is the union id, 003 the repository.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas.bib import Holding
from schemas.crosswalks.marc21_holdings import union_852
from schemas.marc.record import Field, MarcRecord, Subfield
from schemas.vietnamese.fold import toned

#: fields of which a union record unites what the members say
_UNITED: Final = frozenset(
    ("020", "022", "024", "028", "041", "080", "082", "084", "246", "505", "520", "521", "586", "600", "610", "611", "630",
     "648", "650", "651", "653", "655", "700", "710", "711", "730", "856")
)  # fmt: skip
#: control data of the members' own systems, and holdings, which are written anew
_LEFT_OUT: Final = frozenset(("001", "003", "005", "852", "853", "854", "855", "863", "864", "865", "866", "867", "868", "876", "877", "878"))


@dataclass(frozen=True, slots=True)
class Member:
    """What one library gives: its record, its holdings, its own record id, and the day its record was received as it is."""

    bib_id: int
    code: str
    local_id: str
    record: MarcRecord
    holdings: tuple[Holding, ...]
    as_of: date


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something in the union record came from: the member, its record, and which field (empty: the base)."""

    code: str
    local_id: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """The union record and the origin of its parts, the base first."""

    record: MarcRecord
    origins: tuple[Origin, ...]


def quality(record: MarcRecord) -> int:
    """Score how much a record tells: a point per field that readers use, more for coded data, subjects, class and tone marks."""
    tags = [field.tag for field in record.fields]
    score = sum(1 for tag in tags if tag[0] in "1234567")
    score += 3 * min(3, sum(1 for tag in tags if tag[0] == "6"))
    score += 3 * ("082" in tags) + 2 * ("020" in tags) + 2 * (len(record.control("008")) == 40)
    title = record.first("245")
    return score + (4 if title and any(not part.value.isascii() for part in title.subfields) else 0)


def merge(union_id: int, repository: str, members: Sequence[Member]) -> MergedRecord:
    """Make the union record of these members; the result does not depend on their order."""
    ranked = sorted(members, key=lambda member: (-quality(member.record), member.code, member.local_id))
    base = ranked[0]
    fields = [field for field in base.record.fields if field.tag not in _LEFT_OUT and field.tag[0] != "9"]
    origins = [Origin(member.code, member.local_id) for member in ranked]
    if len(ranked) > 1:
        for member, field in _additions(fields, ranked[1:]):
            fields.append(field._replace(subfields=(*field.subfields, Subfield("9", member.code))))
            origins.append(Origin(member.code, member.local_id, field.tag))
    held = [
        union_852(member.code, holding, member.local_id, member.as_of)
        for member in sorted(members, key=lambda member: (member.code, member.local_id))
        for holding in member.holdings or (Holding(),)
    ]
    head = (Field("001", str(union_id)), Field("003", repository))
    body = sorted(fields, key=lambda field: field.tag) if len(ranked) > 1 else fields
    return MergedRecord(MarcRecord(base.record.leader, (*head, *body, *held)), tuple(origins))


def _additions(base: Sequence[Field], others: Sequence[Member]) -> Iterator[tuple[Member, Field]]:
    said = {_sense(field) for field in base}
    for member in others:
        for field in member.record.fields:
            if field.tag in _UNITED and (sense := _sense(field)) not in said:
                said.add(sense)
                yield member, field


def _sense(field: Field) -> tuple[str, str]:
    """Give what a field says, so that punctuation and case do not make two of it; tones do."""
    text = "".join(part.value for part in field.subfields if part.code not in "9025")
    return field.tag, "".join(letter for letter in toned(text) if letter.isalnum())
