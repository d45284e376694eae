"""Holdings in bibliographic records: which library has how many copies where (852, Koha 952, or what a source uses).

In: a record and a `HoldingsMapping` (a source's option text, or the default). Out: `Holding`s, items of one place and
call number counted together, 876 with the 852 it is linked to. Only the subfields a mapping names are read: what a
system keeps beside them (borrowers, loans, prices) never comes in. `union_852` writes a holding into the union record,
in subfields that MARC 21 gives to it: $a member, $b location, $h call number, $z note, and in the local $9 `copies=`,
`local-id=`, `as-of=`.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas.bib import Holding
from schemas.crosswalks.marc21_copies import LINKED, Shelves, pieces, public, shared
from schemas.errors import CrosswalkError
from schemas.marc.record import Field, MarcRecord, data_field

_COPIES: Final = "copies="
_BETWEEN: Final = " / "
_MOST_COPIES: Final = 99_999
#: where Koha keeps renewals, holds, due dates, loans and notes of the staff
_OF_LOANS: Final = {"952": "lmnqrsx", "852": "x", "876": "x"}
_NAMES: Final = ("location", "call_number", "barcode", "copies", "note", "restricted")
#: what stands instead of the shelf of a piece whose use is restricted (Circular 02/2020/TT-BVHTTDL)
RESTRICTED: Final = "Tài liệu hạn chế sử dụng: xin hỏi thư viện"
_EXAMPLE: Final = "999,location=l,call_number=a,barcode=i,note=n"


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Where one field keeps what a holding needs: subfield codes, empty where it keeps nothing of the kind.

    `location` names its parts in order, each as the codes of which the first filled one counts. `barcode` marks one
    piece each, `copies` holds a number of copies. `item` says that every such field is one piece at least, and `gone`
    holds a number other than 0 when the piece is withdrawn or lost; `restricted` holds anything but 0 when its use is
    restricted, and then a note stands instead of its shelf.
    """

    tag: str
    location: tuple[str, ...] = ()
    call_number: str = ""
    barcode: str = ""
    copies: str = ""
    note: str = ""
    item: bool = False
    gone: str = ""
    restricted: str = ""


@dataclass(frozen=True, slots=True)
class HoldingsMapping:
    """The fields that carry holdings in the records of one source."""

    fields: tuple[FieldMapping, ...]


DEFAULT: Final = HoldingsMapping(
    (
        FieldMapping("852", location=("b", "c"), call_number="khijm", barcode="pt", note="z"),
        FieldMapping("952", ("ab", "c"), "o", "pi", note="z", item=True, gone="01", restricted="5"),
    )
)


def mapping(text: str) -> HoldingsMapping:
    """Read a source's option, fields divided by semicolons; an empty text is the default.

    `999,location=m|l c,call_number=a,barcode=i,copies=n,note=z`: parts of the location stand beside each other or with
    blanks, `|` divides codes of which the first filled one counts. Raises `CrosswalkError`.
    """
    text = text.strip().removeprefix("holdings=")
    if text in ("", "default"):
        return DEFAULT
    rules = tuple(_field_mapping(one.strip()) for one in text.split(";") if one.strip())
    if len({rule.tag for rule in rules}) < len(rules):
        raise _wrong(text, "it names a tag twice")
    return HoldingsMapping(rules)


def holdings(record: MarcRecord, rules: HoldingsMapping = DEFAULT) -> tuple[Holding, ...]:
    """Give the holdings that the record itself states, in the order of their first piece.

    A place and call number that two tags tell is one holding: the greater number of copies counts.
    """
    by_tag = {one.tag: one for one in rules.fields}
    telling = [field for field in record.fields if field.tag in by_tag]
    if not telling:
        return ()
    shelves = Shelves()
    for field in telling:
        if (found := _holding(field, by_tag[field.tag])) != Holding():
            shelves.put(field, found)
    if LINKED not in by_tag:
        shelves.count_linked(record)
    return shelves.holdings(_MOST_COPIES)


def union_852(member_code: str, holding: Holding, local_id: str, as_of: date) -> Field:
    """Write one member's holding as 852 of the union record; reading it gives the same `Holding` back.

    `as_of` is the day of the member's word for it.
    """
    return data_field(
        "852",
        "  ",
        ("a", member_code),
        ("b", holding.location),
        ("h", holding.call_number),
        ("z", holding.note),
        ("9", f"{_COPIES}{holding.copies}" if holding.copies else ""),
        ("9", f"local-id={local_id}" if local_id else ""),
        ("9", f"as-of={as_of:%Y-%m-%d}"),
    )


def _holding(field: Field, rule: FieldMapping) -> Holding:
    if any(value.strip("0 ") for value in field.all(rule.gone)):
        return Holding()
    if any(value.strip("0 ") for value in field.all(rule.restricted)):
        return Holding(copies=_copies(field, rule), note=RESTRICTED)
    parts = (next((text for code in codes for text in _values(field, code)), "") for codes in rule.location)
    # A branch and its shelf may have one name; two equal parts say nothing more than one.
    location = _BETWEEN.join(dict.fromkeys(part for part in parts if part))
    call_number = shared(" ".join(_values(field, rule.call_number)))
    notes = filter(None, map(public, _values(field, rule.note)))
    return Holding(location, call_number, _copies(field, rule), " ; ".join(notes))


def _values(field: Field, codes: str) -> list[str]:
    return [text for value in field.all(codes) if (text := value.strip())] if codes else []


def _copies(field: Field, rule: FieldMapping) -> int:
    for value in field.all("9") if rule.tag == "852" else ():
        if value.startswith(_COPIES) and value[len(_COPIES) :].isdecimal():
            return min(int(value[len(_COPIES) :]), _MOST_COPIES)
    for value in _values(field, rule.copies):
        if number := re.match(r"[0-9]{1,5}(?![0-9])", value):
            return int(number.group())
    # $p and $t of one field may name the same piece twice: a barcode and its copy number.
    named = max((sum(map(pieces, _values(field, code))) for code in rule.barcode), default=0)
    return named or int(rule.item)


def _field_mapping(text: str) -> FieldMapping:
    tag, *settings = (part.strip() for part in text.split(","))
    if not re.fullmatch("[0-9A-Za-z]{3}", tag) or tag.startswith("00"):
        raise _wrong(text, f"'{tag}' is no tag of a data field (three characters, not 00X)")
    codes: dict[str, str] = {}
    for setting in settings:
        name, _, value = (part.strip() for part in setting.partition("="))
        if name not in _NAMES:
            raise _wrong(text, f"'{name}' is none of {', '.join(_NAMES)}")
        if name in codes:
            raise _wrong(text, f"'{name}' is given twice")
        if not re.fullmatch(r"[0-9a-z]+([| ]+[0-9a-z]+)*", value):
            raise _wrong(text, f"'{name}={value}' names no subfield codes (small letters or digits)")
        codes[name] = value
        if told := _OF_LOANS.get(tag, "") and set(value) & set(_OF_LOANS[tag]):
            loans = f"{tag} ${min(told)} is about loans or for staff only, which the Library Law keeps from others"
            raise _wrong(text, loans)
    if not codes:
        raise _wrong(text, "it names no subfield")
    parts = re.findall(r"[0-9a-z](?:\s*\|\s*[0-9a-z])*", codes.pop("location", ""))
    location = tuple(re.sub(r"[|\s]", "", part) for part in parts)
    rest = {name: value.replace(" ", "").replace("|", "") for name, value in codes.items()}
    return FieldMapping(tag, location, item="copies" not in rest, **rest)


def _wrong(text: str, reason: str) -> CrosswalkError:
    message = f"the holdings mapping '{text}' cannot be used: {reason}; write it like '{_EXAMPLE}'"
    return CrosswalkError("holdings-mapping", message, "option holdings")
