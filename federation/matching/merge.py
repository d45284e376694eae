"""The union record: one MARC record from those of the members, with the holdings of each and the origin of each added
field.

In: the records of a cluster. Out: a `MergedRecord`. The base is the best record by `quality`; fields of the others
are added where the base does not say the same, marked $9 with the member's code. Local fields (9XX), holdings fields
and dates of the members' own systems are not carried over; every member's own record stays as received in its own
table. 001 is the union id, 003 the repository.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from schemas.bib import Holding
from schemas.crosswalks.marc21_holdings import union_852
from schemas.marc import write
from schemas.marc.marcxml import decode_xml
from schemas.marc.record import Field, MarcRecord, Subfield
from schemas.vietnamese.fold import toned

#: fields of which a union record unites what the members say
_UNITED: Final = frozenset(
    re.findall(
        r"\d{3}",
        "020 022 024 028 041 080 082 084 246 505 520 521 586 600 610 611 630 648 650 651 653 655 700 710 711 730 856",
    )
)
#: control data of the members' own systems (001, 003, 005), holdings, which are written anew, and local fields (9XX)
_LEFT_OUT: Final = re.compile("00[135]|85[2-5]|86[3-8]|87[678]|9..")
_LEFT_OUT_ELEMENTS: Final = re.compile(
    r'<controlfield tag="00[135]">[^<]*</controlfield>'
    r'|<datafield tag="(?:85[2-5]|86[3-8]|87[678]|9..)".*?</datafield>',
    re.DOTALL,
)
_LEADER_END: Final = "</leader>"
_RECORD_END: Final = "</record>"


class Member(msgspec.Struct, frozen=True):
    """What one library gives: its record as MARCXML (`schemas.marc.write`), its holdings, its own record id, and the
    day its record was received as it is.
    """

    code: str
    local_id: str
    marcxml: str
    holdings: tuple[Holding, ...]
    as_of: date


class Origin(msgspec.Struct, frozen=True):
    """Where something in the union record came from: the member, its record, and which field (empty: the base)."""

    code: str
    local_id: str
    field: str = ""


class MergedRecord(msgspec.Struct, frozen=True):
    """The union record, and the origin of its parts, the base first; `record` is None where one library says it all."""

    marcxml: str
    origins: tuple[Origin, ...]
    record: MarcRecord | None = None


def quality(record: MarcRecord) -> int:
    """Score how much a record tells: a point per field readers use, more for coded data, subjects, class, tones."""
    tags = [field.tag for field in record.fields]
    score = sum(1 for tag in tags if tag[0] in "1234567")
    score += 3 * min(3, sum(1 for tag in tags if tag[0] == "6"))
    score += 3 * ("082" in tags) + 2 * ("020" in tags) + 2 * (len(record.control("008")) == 40)
    title = record.first("245")
    return score + (4 if title and any(not part.value.isascii() for part in title.subfields) else 0)


def merge(union_id: int, repository: str, members: Sequence[Member]) -> MergedRecord:
    """Make the union record of these members; the result does not depend on their order."""
    head = (Field("001", str(union_id)), Field("003", repository))
    ordered = sorted(members, key=lambda member: (member.code, member.local_id))
    held = [
        union_852(member.code, holding, member.local_id, member.as_of)
        for member in ordered
        for holding in member.holdings or (Holding(),)
    ]
    if len(ordered) == 1:
        only = ordered[0]
        return MergedRecord(_renumbered(only.marcxml, head, held), (Origin(only.code, only.local_id),))
    return _united(head, ordered, held)


def _renumbered(marcxml: str, head: Iterable[Field], held: Iterable[Field]) -> str:
    """Give one library's record under our number, with its holdings as we write them.

    Most of a catalogue is held by one library; cutting its text is several times faster than taking it apart.
    """
    kept = _LEFT_OUT_ELEMENTS.sub("", marcxml)
    start = kept.index(_LEADER_END) + len(_LEADER_END)
    ours, theirs = "".join(map(write.element, head)), "".join(map(write.element, held))
    return f"{kept[:start]}{ours}{kept[start : -len(_RECORD_END)]}{theirs}{_RECORD_END}"


def _united(head: Iterable[Field], members: Sequence[Member], held: Iterable[Field]) -> MergedRecord:
    records = [(member, decode_xml(member.marcxml.encode()).record) for member in members]
    records.sort(key=lambda pair: -quality(pair[1]))
    base = records[0][1]
    fields = [field for field in base.fields if not _LEFT_OUT.fullmatch(field.tag)]
    origins = [Origin(member.code, member.local_id) for member, _ in records]
    for member, field in _additions(fields, records[1:]):
        fields.append(field._replace(subfields=(*field.subfields, Subfield("9", member.code))))
        origins.append(Origin(member.code, member.local_id, field.tag))
    fields.sort(key=lambda field: field.tag)
    union = MarcRecord(base.leader, (*head, *fields, *held))
    return MergedRecord(write.marcxml(union), tuple(origins), union)


def _additions(base: Sequence[Field], others: Sequence[tuple[Member, MarcRecord]]) -> Iterator[tuple[Member, Field]]:
    said = {_sense(field) for field in base}
    for member, record in others:
        for field in record.fields:
            if field.tag in _UNITED and (sense := _sense(field)) not in said:
                said.add(sense)
                yield member, field


def _sense(field: Field) -> tuple[str, str]:
    """Give what a field says, so that punctuation and case do not make two of it; tones do."""
    text = "".join(part.value for part in field.subfields if part.code not in "9025")
    return field.tag, "".join(letter for letter in toned(text) if letter.isalnum())
