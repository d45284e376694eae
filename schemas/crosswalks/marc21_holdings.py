"""Holdings in bibliographic records: which library has how many copies where (852, Koha 952, or what a source uses).

In: a record and a `HoldingsMapping` (a source's option text, or the default). Out: `Holding`s, items of one place and
call number counted together. Only the subfields a mapping names are read: what a system keeps beside them (borrowers,
loans, prices) never comes in. `union_852` writes a holding into the union record, in subfields that MARC 21 gives to
it: $a member, $b location, $h call number, $z note, and in the local $9 `copies=`, `local-id=`, `as-of=`.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from schemas.bib import Holding
from schemas.errors import CrosswalkError
from schemas.marc.record import Field, MarcRecord, data_field

_COPIES: Final = "copies="
_BETWEEN: Final = " / "
#: A register entry that stands for several copies: a prefix with a letter, first and last number ("VN.1234-1240").
_RANGE: Final = re.compile(
    r"(?<!\S)(?P<prefix>\S*[^\W\d_]\S*?)(?P<first>[0-9]{3,})\s*[-–]\s*(?:(?P=prefix))?(?P<last>[0-9]+)\Z"
)
_MOST_COPIES_OF_A_RANGE: Final = 200
_LONGEST_RANGE: Final = 64
_MOST_COPIES: Final = 99_999
_NAMES: Final = ("location", "call_number", "barcode", "copies", "note")
_EXAMPLE: Final = "999,location=l,call_number=a,barcode=i,note=n"


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Where one field keeps what a holding needs: subfield codes, empty where it keeps nothing of the kind.

    `location` names its parts in order, each as the codes of which the first filled one counts. `barcode` marks one
    piece each, `copies` holds a number of copies. `item` says that every such field is one piece at least.
    """

    tag: str
    location: tuple[str, ...] = ()
    call_number: str = ""
    barcode: str = ""
    copies: str = ""
    note: str = ""
    item: bool = False


@dataclass(frozen=True, slots=True)
class HoldingsMapping:
    """The fields that carry holdings in the records of one source."""

    fields: tuple[FieldMapping, ...]


DEFAULT: Final = HoldingsMapping(
    (
        FieldMapping("852", location=("b", "c"), call_number="khijm", barcode="pt", note="z"),
        FieldMapping("952", location=("ab", "c"), call_number="o", barcode="p", note="z", item=True),
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
    counted: dict[tuple[str, str], dict[str, int]] = {}
    notes: dict[tuple[str, str], dict[str, None]] = {}
    by_tag = {one.tag: one for one in rules.fields}
    for field in record.fields:
        if field.tag not in by_tag or (found := _holding(field, by_tag[field.tag])) == Holding():
            continue
        place = (found.location, found.call_number)
        copies = counted.setdefault(place, {})
        copies[field.tag] = min(copies.get(field.tag, 0) + found.copies, _MOST_COPIES)
        if found.note:
            notes.setdefault(place, {})[found.note] = None
    return tuple(
        Holding(*place, max(copies.values()), " ; ".join(notes.get(place, ()))) for place, copies in counted.items()
    )


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
    parts = (next((text for code in codes for text in _values(field, code)), "") for codes in rule.location)
    # A branch and its shelf may have one name; two equal parts say nothing more than one.
    location = _BETWEEN.join(dict.fromkeys(part for part in parts if part))
    call_number = " ".join(_values(field, rule.call_number))
    return Holding(location, call_number, _copies(field, rule), " ; ".join(_values(field, rule.note)))


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
    pieces = max((sum(map(_pieces, _values(field, code))) for code in rule.barcode), default=0)
    return pieces or int(rule.item)


def _pieces(text: str) -> int:
    """Count the pieces that a barcode or register entry names: 1, or a range or list of them."""
    return sum(_range(one.strip()) for one in re.split("[,;]", text) if one.strip())


def _range(text: str) -> int:
    match = _RANGE.search(text) if len(text) <= _LONGEST_RANGE else None
    if match is None:
        return 1
    first, last = match["first"], match["last"]
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    copies = int(last) - int(first) + 1
    return copies if 1 < copies <= _MOST_COPIES_OF_A_RANGE else 1


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
    if not codes:
        raise _wrong(text, "it names no subfield")
    parts = re.findall(r"[0-9a-z](?:\s*\|\s*[0-9a-z])*", codes.pop("location", ""))
    location = tuple(re.sub(r"[|\s]", "", part) for part in parts)
    rest = {name: value.replace(" ", "").replace("|", "") for name, value in codes.items()}
    return FieldMapping(tag, location, item="copies" not in rest, **rest)


def _wrong(text: str, reason: str) -> CrosswalkError:
    message = f"the holdings mapping '{text}' cannot be used: {reason}; write it like '{_EXAMPLE}'"
    return CrosswalkError("holdings-mapping", message, "option holdings")
