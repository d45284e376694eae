"""The union record: one MARC record from those of the members, with the holdings of each and the origin of each added
field.

In: the records of a cluster. Out: a `MergedRecord`. The base is the best record (`quality`); what the others say
besides is added (`uniting`) and marked $9 with the member's code, gaps of 008 are filled (`fixed`). Local fields,
copies and numbers of the members' own systems are not carried over (`marc21_local`), and no $9 of theirs is; every
member's own record stays as received in its own table. 001 is the union id, 003 the repository.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

import msgspec

from federation.matching import fixed
from federation.matching.quality import Score, score
from federation.matching.uniting import additions
from schemas.bib import Holding
from schemas.crosswalks.marc21_holdings import union_852
from schemas.crosswalks.marc21_local import ITEMS, OWN, is_local
from schemas.marc import write
from schemas.marc.marcxml import decode_xml
from schemas.marc.record import Field, MarcRecord, Subfield

_LEFT_OUT_ELEMENTS: Final = re.compile(
    r'<controlfield tag="00[135]">[^<]*</controlfield>' rf'|<datafield tag="(?:{OWN}|{ITEMS})".*?</datafield>',
    re.DOTALL,
)
#: where a union record says whose a field is; other systems keep their own numbers there
_ORIGIN: Final = "9"
#: short, for it is looked for in every record
_ORIGIN_MARK: Final = f'code="{_ORIGIN}"'
_ORIGIN_ELEMENTS: Final = re.compile(f"<subfield {_ORIGIN_MARK}>[^<]*</subfield>")
#: a field of which that was all
_EMPTY_ELEMENTS: Final = re.compile('<datafield tag="..." ind1="." ind2="."></datafield>')
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
    """Where something in the union record came from: the member, its record, and which field (empty: the base).

    A field is a tag, or positions of one ("008/35-37").
    """

    code: str
    local_id: str
    field: str = ""


class MergedRecord(msgspec.Struct, frozen=True):
    """The union record, and the origin of its parts, the base first; `record` is None where one library says it all."""

    marcxml: str
    origins: tuple[Origin, ...]
    record: MarcRecord | None = None


def ordered(members: Iterable[Member]) -> list[Member]:
    """Give the members in an order that does not depend on who came first."""
    return sorted(members, key=lambda each: (each.code, each.local_id, each.as_of, each.marcxml, repr(each.holdings)))


def ranked(members: Iterable[Member]) -> list[tuple[Member, MarcRecord, Score]]:
    """Give the members with their records and scores, the best first; of equal ones the first by code and local id."""
    records = ((member, decode_xml(member.marcxml.encode()).record) for member in ordered(members))
    scored = [(member, record, score(record)) for member, record in records]
    return sorted(scored, key=lambda each: -each[2].total)


def merge(union_id: int, repository: str, members: Sequence[Member]) -> MergedRecord:
    """Make the union record of these members; the result does not depend on their order."""
    if len(members) == 1:
        only = members[0]
        return MergedRecord(_renumbered(union_id, repository, only), (Origin(only.code, only.local_id),))
    return _united((Field("001", str(union_id)), Field("003", repository)), members)


def _held(member: Member) -> list[Field]:
    holdings = member.holdings or (Holding(),)
    return [union_852(member.code, holding, member.local_id, member.as_of) for holding in holdings]


def _renumbered(union_id: int, repository: str, only: Member) -> str:
    """Give one library's record under our number, with its holdings as we write them.

    Most of a catalogue is held by one library; cutting its text is several times faster than taking it apart.
    """
    kept = _LEFT_OUT_ELEMENTS.sub("", only.marcxml)
    if _ORIGIN_MARK in kept:
        kept = _EMPTY_ELEMENTS.sub("", _ORIGIN_ELEMENTS.sub("", kept))
    start = kept.index(_LEADER_END) + len(_LEADER_END)
    ours = f'<controlfield tag="001">{union_id}</controlfield>{_agency(repository)}'
    theirs = "".join(map(write.element, _held(only)))
    return f"{kept[:start]}{ours}{kept[start : -len(_RECORD_END)]}{theirs}{_RECORD_END}"


@lru_cache(maxsize=4)
def _agency(repository: str) -> str:
    return write.element(Field("003", repository))


def _united(head: Iterable[Field], members: Sequence[Member]) -> MergedRecord:
    (first, base, _), *rest = ranked(members)
    others = [(member, record) for member, record, _ in rest]
    form, filled = fixed.settled(base, others)
    fields = fixed.with_form(_carried(base), form)
    origins = [Origin(member.code, member.local_id) for member in (first, *(member for member, _ in others))]
    origins += [Origin(member.code, member.local_id, place) for member, place in filled]
    for member, field in list(additions(fields, [(member, _carried(record)) for member, record in others])):
        fields.append(field._replace(subfields=(*field.subfields, Subfield(_ORIGIN, member.code))))
        origins.append(Origin(member.code, member.local_id, field.tag))
    fields.sort(key=_place)
    held = (field for member in ordered(members) for field in _held(member))
    union = MarcRecord(base.leader, (*head, *fields, *held))
    return MergedRecord(write.marcxml(union), tuple(origins), union)


def _carried(record: MarcRecord) -> list[Field]:
    """Give the fields that are of use outside their library, without its own numbers in $9."""
    return [kept for field in record.fields if not is_local(field.tag) and (kept := _without_origin(field))]


def _without_origin(field: Field) -> Field | None:
    if not any(part.code == _ORIGIN for part in field.subfields):
        return field
    rest = tuple(part for part in field.subfields if part.code != _ORIGIN)
    return field._replace(subfields=rest) if rest else None


def _place(field: Field) -> str:
    # Notes, subjects and added entries keep the order of their cataloguer: the first is the weightiest.
    return field.tag[0] if field.tag[0] in "567" else field.tag
