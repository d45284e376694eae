"""Named repairs: a record as libraries send it becomes one that every writer and crosswalk can rely on.

In: a `MarcRecord` as decoded. Out: the record with legal leader, tags, indicators and subfield codes and NFC text
without control characters, and one issue per kind of repair, whose `where` lists the tags. Cleaning twice changes
nothing more. Whatever passed here is valid against MARC21slim.xsd once written. Text is dropped only with its field.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import lru_cache
from typing import Final, TypeAlias
from unicodedata import is_normalized, normalize

from schemas.issues import Issue, issue
from schemas.marc import delimited
from schemas.marc.delimited import FIELD_END, SUBFIELD
from schemas.marc.leader import legal
from schemas.marc.record import Field, MarcRecord, Subfield

_BREAKS: Final = "\t\n\x0b\x0c\r\x85\u2028\u2029"
# Not text: C0 and C1 controls, surrogates, non-characters that XML forbids.
_CONTROLS: Final = "\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
_CODES: Final = r"0-9A-Za-z!\"#$%&'()*+,\-./:;<=>?{}_^`~\[\]\\"
_BROKEN: Final = re.compile(f"[ {_BREAKS}]*[{_BREAKS}][ {_BREAKS}]*")
_CONTROL: Final = re.compile(f"[{_CONTROLS}]")
_BLANKS: Final = re.compile("  +")
_CODE: Final = re.compile(f"[{_CODES}]")
_INDICATORS: Final = re.compile("[0-9a-z ]{2}")
_CONTROL_TAG: Final = re.compile("00[1-9A-Za-z]")
_DATA_TAG: Final = re.compile("(?!00)(?:[0-9A-Z]{3}|[0-9a-z]{3})")
# Fields with nothing to repair except perhaps runs of blanks and letters that are not NFC.
# Quantifiers are possessive: where a long record fails, there is nothing to try again.
_VALUE: Final = f"[^{_CONTROLS}\u2028\u2029]++"
_DATA: Final = "(?!00)(?:[0-9A-Z]{3}|[0-9a-z]{3})[0-9a-z ]{2}(?=\x1f. *[^ \x1e\x1f])" + f"(?:\x1f[{_CODES}]{_VALUE})++"
_CODED_OR_NUMBER: Final = "00[1-9A-Za-z](?! *(?:\x1e|\\Z))" + _VALUE
_SOUND: Final = re.compile(f"{_DATA}|{_CODED_OR_NUMBER}")
_SOUND_RECORD: Final = re.compile(f"[^\x1e]{{24}}(?:\x1e{_CODED_OR_NUMBER})*+(?:\x1e{_DATA})*+")
# Legal codes that are markup in XML: rare enough to look at such a record field by field.
_MARKUP_CODE: Final = re.compile('\x1f[&<>"]')
# Blanks where their places mean nothing (see `_keeps_blanks`): behind the indicators of all other data fields.
_BLANKS_IN_TEXT: Final = re.compile("\x1e(?!0[0-4]|841)[^\x1e]{5}[^\x1e]*?  ")
_LEADER_SIZE: Final = 24
Fields: TypeAlias = tuple[Field, ...]
# By record type, where it is not 40: holdings, classification, community information.
_CODED_LENGTHS: Final = {"u": 32, "v": 32, "x": 32, "y": 32, "w": 14, "q": 15}
_CODED: Final = frozenset({"006", "007", "008"})


@dataclass(slots=True)
class _Findings:
    """What was repaired so far: for each code the tags, and what was found first."""

    tags: dict[str, dict[str, None]] = attribute(default_factory=dict)
    samples: dict[str, str] = attribute(default_factory=dict)

    def add(self, code: str, tag: str, sample: str = "") -> None:
        self.tags.setdefault(code, {})[tag] = None
        self.samples.setdefault(code, sample)

    def issues(self) -> Iterator[Issue]:
        for code, tags in self.tags.items():
            yield issue(code, ",".join(tags), self.samples[code])


def clean(record: MarcRecord, text: str = "") -> tuple[MarcRecord, tuple[Issue, ...]]:
    """Repair what has a name; gives an equal record when there is nothing to repair.

    `text` is the record as one text (`delimited.joined`), where it is known already.
    """
    findings = _Findings()
    leader, places = _legal(record.leader)
    if places:
        findings.add("leader-invalid", places, record.leader)
    text = text or delimited.joined(record)
    composed = _composed(text)
    if composed:
        whole, fields = _spaced(text, composed, record.fields, findings)
        result = MarcRecord(leader, fields, leader + whole[_LEADER_SIZE:])
    else:
        result = _mended(leader, record, text, findings)
    return result, (*findings.issues(), *_warnings(result))


_legal = lru_cache(maxsize=4096)(legal)


def _composed(text: str) -> str:
    """Give a whole record in NFC when nothing else in it needs repair but runs of blanks, else an empty text."""
    whole = normalize("NFC", text)
    # A mark that begins a value would be composed with the subfield code before it: then the code is none any more.
    return whole if _SOUND_RECORD.fullmatch(whole) and not _MARKUP_CODE.search(whole) else ""


def _spaced(text: str, composed: str, fields: Fields, findings: _Findings) -> tuple[str, Fields]:
    """Give the composed record, as text and as fields, with single blanks where runs of them mean nothing; `text` and
    `fields` say how it was before.
    """
    runs = _BLANKS_IN_TEXT.search(composed)
    if text == composed and not runs:
        return text, fields
    texts, made = composed.split(FIELD_END), list(fields)
    for place, before in enumerate(text.split(FIELD_END)[1:], 1):
        if before != texts[place]:
            findings.add("text-not-nfc", before[:3])
        if runs:
            texts[place] = _single_blanks(texts[place], findings)
        if before != texts[place]:
            made[place - 1] = delimited.parted(texts[place])
    return FIELD_END.join(texts), tuple(made)


def _single_blanks(text: str, findings: _Findings) -> str:
    tag = text[:3]
    if "  " not in text[5:] or tag[:2] == "00" or _keeps_blanks(tag, ""):
        return text
    head, *subfields = text.split(SUBFIELD)
    spaced = SUBFIELD.join([head, *[one if one[0] in "w0" else _BLANKS.sub(" ", one) for one in subfields]])
    if spaced != text:
        findings.add("text-line-breaks", tag)
    return spaced


def _mended(leader: str, record: MarcRecord, text: str, findings: _Findings) -> MarcRecord:
    """Go through the fields one by one; `text` is the whole record as text, or empty where that is ambiguous."""
    texts = text.split(FIELD_END)[1:] if text else [field.tag + delimited.text(field) for field in record.fields]
    fields = []
    for field, said in zip(record.fields, texts, strict=True):
        kept = field if _is_sound(field, said) else _repaired(field, findings)
        if kept:
            fields.append(kept)
    mended = MarcRecord(leader, _in_order(fields, findings))
    whole = delimited.joined(mended)
    return MarcRecord(leader, mended.fields, whole if _composed(whole) == whole else "")


def _is_sound(field: Field, text: str) -> bool:
    if field.tag[:2] == "00":
        plain = field.indicators == "  " and not field.subfields
    else:
        plain = _is_unambiguous(field, text) and ("  " not in text[5:] or _keeps_blanks(field.tag, ""))
    return plain and _SOUND.fullmatch(text) is not None and _is_nfc(text)


def _is_unambiguous(field: Field, text: str) -> bool:
    """Tell whether each subfield delimiter of `text` is one of a subfield, and behind it stands its code."""
    for code, _ in field.subfields:
        if len(code) != 1:
            return False
    return text.count(SUBFIELD) == len(field.subfields) and not field.value


def _is_nfc(text: str) -> bool:
    return text.isascii() or is_normalized("NFC", text)


def _keeps_blanks(tag: str, code: str) -> bool:
    """Tell whether the places of blanks mean something: numbers and codes (010-04X, 841), control numbers ($w, $0)."""
    return tag < "050" or tag == "841" or code in {"w", "0"}


def _in_order(fields: list[Field], findings: _Findings) -> tuple[Field, ...]:
    """Put control fields first, as MARC 21 has them."""
    controls = [field for field in fields if field.tag[:2] == "00"]
    data = [field for field in fields if field.tag[:2] != "00"]
    ordered = controls + data
    if ordered != fields:
        findings.add("fields-out-of-order", ",".join(dict.fromkeys(field.tag for field in controls)))
    return tuple(ordered)


def _warnings(record: MarcRecord) -> Iterator[Issue]:
    kind = record.leader[6]
    coded = record.control("008")
    if coded and len(coded) != _CODED_LENGTHS.get(kind, 40):
        yield issue("field-008-length", "008", f"{len(coded)}")
    if kind not in "uvxyzwq" and not any(field.get("a").strip() for field in record.of("245")):
        yield issue("title-missing", "245")


def _repaired(field: Field, findings: _Findings) -> Field | None:
    tag = _tag(field, findings)
    if not tag:
        return None
    made = _control(tag, field, findings) if delimited.is_control(tag) else _data(tag, field, findings)
    if not made.value.strip() and not any(value.strip() for _, value in made.subfields):
        findings.add("field-empty", tag)
        return None
    return made


def _tag(field: Field, findings: _Findings) -> str:
    """Give a legal tag, or an empty string for a field that has to go."""
    tag = field.tag
    if _CONTROL_TAG.fullmatch(tag) or _DATA_TAG.fullmatch(tag):
        return tag
    mended = tag.strip().upper().rjust(3, "0")
    if tag.strip() and (_CONTROL_TAG.fullmatch(mended) or _DATA_TAG.fullmatch(mended)):
        findings.add("tag-mended", mended, repr(tag))
        return mended
    findings.add("tag-invalid", repr(tag), f"{tag!r} {field.value}{delimited.text(field)}")
    return ""


def _control(tag: str, field: Field, findings: _Findings) -> Field:
    value = field.value or ("" if delimited.is_control(field.tag) else field.indicators)
    if field.subfields or "\x1f" in value:
        findings.add("subfield-invalid", tag, value)
        # Some systems write control fields like data fields: two indicators, $a.
        parts = value.split("\x1f")
        value = " ".join([part[1:] for part in parts[1:]] or [value])
        value = " ".join([value, *(subfield.value for subfield in field.subfields)]).strip()
    keep = " " if tag in _CODED else ""
    removed = _CONTROL.sub(keep, value)
    if removed != value:
        findings.add("text-control-characters", tag)
    text = normalize("NFC", re.sub("[\u2028\u2029]", keep, removed))
    if text != removed:
        findings.add("text-not-nfc", tag)
    return Field(tag, text)


def _data(tag: str, field: Field, findings: _Findings) -> Field:
    indicators, stray = _indicators(tag, field.indicators, findings)
    pairs = [("a", f"{field.value} {stray}".strip())] if field.value or stray else []
    if pairs:
        findings.add("subfield-invalid", tag, pairs[0][1])
    for code, value in _subfields(field):
        legal_code = code if _CODE.fullmatch(code) else _similar(code)
        if legal_code:
            pairs.append((legal_code, value))
        else:
            _append(pairs, (code if code.isalnum() else "") + value)
        if not legal_code or legal_code != code:
            findings.add("subfield-invalid", tag, code + value)
    made = [Subfield(code, _text(value, _keeps_blanks(tag, code), tag, findings)) for code, value in pairs]
    return Field(tag, "", indicators, tuple(made))


def _subfields(field: Field) -> Iterator[tuple[str, str]]:
    """Give the subfields, cutting at delimiters that stand inside a value."""
    for code, value in field.subfields:
        if "\x1f" not in value:
            yield code, value
            continue
        first, *rest = value.split("\x1f")
        yield code, first
        yield from ((part[:1], part[1:]) for part in rest)


def _append(pairs: list[tuple[str, str]], text: str) -> None:
    """Keep text without a legal code: with the subfield before it, or as $a."""
    if pairs and text.strip():
        pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {text}")
    elif text.strip():
        pairs.append(("a", text))


def _similar(code: str) -> str:
    """The code that an accented letter stands for, or an empty string."""
    base = normalize("NFD", code)[:1]
    return base if base != code and base.isalnum() and _CODE.fullmatch(base) else ""


def _indicators(tag: str, found: str, findings: _Findings) -> tuple[str, str]:
    """Give two legal indicators, and text that stood where only indicators belong."""
    if _INDICATORS.fullmatch(found):
        return found, ""
    findings.add("indicator-invalid", tag, repr(found))
    if len(found) <= 2:
        return re.sub("[^0-9a-z ]", " ", found.ljust(2)), ""
    if re.match("[0-9 ]{2}", found):
        return found[:2], found[2:].strip()
    return "  ", found.strip()


def _text(value: str, keeps_blanks: bool, tag: str, findings: _Findings) -> str:
    unbroken = _BROKEN.sub(" ", value)
    text = _CONTROL.sub("", unbroken)
    if text != unbroken:
        findings.add("text-control-characters", tag)
    if not _is_nfc(text):
        text = normalize("NFC", text)
        findings.add("text-not-nfc", tag)
    folded = text if keeps_blanks else _BLANKS.sub(" ", text)
    if folded != text or unbroken != value:
        findings.add("text-line-breaks", tag)
    return folded
