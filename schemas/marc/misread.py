"""Records whose Vietnamese came in an old encoding, or was decoded wrongly on its way: read as it was meant.

In: a record as it was decoded, and what its source says it writes. Out: the same with its subfields made readable
(`schemas.vietnamese.legacy`) and an issue for each kind of repair, which names the encoding and how sure that is.
Control fields, control numbers and addresses stay as they came.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import structs

from schemas.issues import Issue, issue
from schemas.marc import delimited
from schemas.marc.piece import Decoded
from schemas.marc.record import Field, MarcRecord, Subfield
from schemas.vietnamese import legacy

#: subfields that hold no words: addresses and control numbers
_NO_TEXT: Final = frozenset("u0w")
_GUESSED: Final = "encoding-guessed"


def mended(decoded: Decoded, said: str = "") -> Decoded:
    """Make a record readable; nearly all are given back as they are, and fast."""
    text = decoded.text or delimited.joined(decoded.record)
    if text and not legacy.is_suspect(text, said):
        return structs.replace(decoded, text=text) if not decoded.text else decoded
    places = [(at, among) for at, field in enumerate(decoded.record.fields) for among in _texts_of(field)]
    values = texts(decoded.record)
    as_bytes = [number for number, (at, _) in enumerate(places) if at in decoded.guessed]
    result = legacy.mend(values, said, as_bytes)
    if not result.findings:
        return decoded
    tags = [decoded.record.fields[at].tag for at, _ in places]
    changed = {place: text for place, text, before in zip(places, result.texts, values, strict=True) if text != before}
    record = MarcRecord(decoded.record.leader, tuple(_with(decoded.record.fields, changed)))
    return Decoded(record, _issues(decoded, result, tags), "" if changed else text)


def texts(record: MarcRecord) -> list[str]:
    """Give the values of all subfields that hold words."""
    return [field.subfields[among].value for field in record.fields for among in _texts_of(field)]


def _texts_of(field: Field) -> list[int]:
    if field.tag[:2] == "00":
        return []
    return [among for among, (code, _) in enumerate(field.subfields) if code not in _NO_TEXT]


def _with(fields: Sequence[Field], changed: dict[tuple[int, int], str]) -> Iterator[Field]:
    touched = {at for at, _ in changed}
    for at, field in enumerate(fields):
        if at not in touched:
            yield field
            continue
        subfields = (
            Subfield(code, changed.get((at, among), value)) for among, (code, value) in enumerate(field.subfields)
        )
        yield field._replace(subfields=tuple(subfields))


def _issues(decoded: Decoded, result: legacy.Mended, tags: list[str]) -> tuple[Issue, ...]:
    known = any(found.code in legacy.REPAIRS for found in result.findings)
    before = [found for found in decoded.issues if not (known and found.code == _GUESSED)]
    made = [
        issue(found.code, ",".join(dict.fromkeys(tags[place] for place in found.places)), found.found)
        for found in result.findings
    ]
    return (*before, *made)
