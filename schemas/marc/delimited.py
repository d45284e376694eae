"""Fields to and from text with the delimiters of ISO 2709: what the readers and the writer share.

In: tags and the texts between two field terminators. Out: `Field`s. Nothing is judged here: indicators of a wrong
length or a subfield without code pass as they are, and `clean` repairs them by name.
"""

import re
from collections.abc import Iterable, Sequence
from operator import add
from typing import Final

from schemas.marc.record import Field, MarcRecord, Subfield

RECORD_END: Final = "\x1d"
FIELD_END: Final = "\x1e"
SUBFIELD: Final = "\x1f"
#: a control field that someone wrote with subfields: `fields` keeps it as one value
_DIVIDED_CONTROL: Final = re.compile("\x1e00[^\x1e]*\x1f")


def is_control(tag: str) -> bool:
    """Tell whether `tag` is one of a control field (00X): a value without indicators and subfields."""
    return tag[:2] == "00"


def fields(tags: Iterable[str], texts: Iterable[str]) -> tuple[Field, ...]:
    """Make fields of tags and the text between the terminators."""
    # tuple.__new__ makes a named tuple in half the time of calling its class; a record has a hundred of them.
    new = tuple.__new__
    made = []
    for tag, text in zip(tags, texts, strict=False):
        if tag[:2] == "00":
            made.append(new(Field, (tag, text, "  ", ())))
        else:
            parts = text.split(SUBFIELD)
            subfields = tuple([new(Subfield, (part[:1], part[1:])) for part in parts[1:]])
            made.append(new(Field, (tag, "", parts[0], subfields)))
    return tuple(made)


def text(field: Field) -> str:
    """Write one field as ISO 2709 has it between two field terminators."""
    if is_control(field.tag):
        return field.value
    return field.indicators + "".join([SUBFIELD + code + value for code, value in field.subfields])


def joined(record: MarcRecord) -> str:
    """Write leader and fields, tag first, delimiters between; an empty text where `parted` would not undo it."""
    subfields, parts = 0, [record.leader]
    for field in record.fields:
        tag, value, indicators, pairs = field
        odd = indicators != "  " if tag[:2] == "00" else value
        if odd or len(tag) != 3 or not all(len(code) == 1 for code, _ in pairs):
            return ""
        parts.append(tag + text(field))
        subfields += len(pairs)
    whole = FIELD_END.join(parts)
    ambiguous = whole.count(FIELD_END) != len(record.fields) or whole.count(SUBFIELD) != subfields
    return "" if ambiguous else whole


def whole(leader: str, tags: Sequence[str], texts: Sequence[str]) -> str:
    """Write the same of the parts that `fields` makes fields of."""
    written = FIELD_END.join([leader, *map(add, tags, texts)])
    return "" if _DIVIDED_CONTROL.search(written) else written


def parted(text: str) -> Field:
    """Make the field that stands as this, its tag first, in what `joined` wrote."""
    return fields((text[:3],), (text[3:],))[0]
