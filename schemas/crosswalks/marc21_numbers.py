"""Numbers of a MARC 21 record: LCCN, ISBN, ISSN, DOI, OCLC, and class numbers.

In: one field (010, 020, 022, 024, 035, 050, 060, 080-084) and the draft, or the text of a number. Out: `Identifier`s
and `Classification`s, normalised when valid; an ISBN or ISSN that is none is kept as stated and earns an issue. ISO
2108, ISO 3297, LCCN namespace rules.
"""

import re
from collections.abc import Callable
from operator import mul
from typing import Final

from stdnum import issn as stdnum_issn
from stdnum.exceptions import ValidationError

from schemas.bib import Classification, Identifier
from schemas.crosswalks.isbd import trimmed
from schemas.crosswalks.marc21_draft import Draft
from schemas.issues import issue
from schemas.marc.record import Field

_DASHES: Final = "\\-\u2010-\u2015"
#: An ISBN with what people write before it ("ISBN-13:") and what Excel adds behind it (".0"); then the rest.
_ISBN: Final = re.compile(
    r"\s*(?:e?-?ISBN(?:-?1[03](?=[:\s]))?)?[:.\s]*"
    rf"([0-9][0-9 {_DASHES}]*[0-9][ {_DASHES}]?[Xx]?)(?:\.0+)?(?![0-9.])(.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_DIGITS: Final = re.compile("[^0-9X]")
_BRACKETED: Final = re.compile(r"[(\[]([^)\]]*)[)\]]?")
_ISSN: Final = re.compile(rf"(?<![0-9])([0-9]{{4}})[ {_DASHES}]?([0-9]{{3}}[0-9Xx])(?![0-9])")
_OCLC: Final = re.compile(r"\((?:OCoLC|OCLC)\)\s*(?:ocm|ocn|on)?0*([0-9]+)", re.IGNORECASE)
_OCLC_001: Final = re.compile(r"(?:ocm|ocn|on)0*([0-9]{5,})\s*$")
_LCCN: Final = re.compile(r"([a-z]{0,3})([0-9]{2,10})(?:-([0-9]{1,6}))?")
_DOI: Final = re.compile(r"10\.[0-9]{4,9}/[^\s\"<>]+")
_DDC: Final = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")


def isbn(text: str, qualifier: str = "") -> Identifier | None:
    """Read one ISBN; None when the text holds no digit at all ("(pbk.)")."""
    match = _ISBN.match(text)
    rest = match.group(2) if match else text
    if not qualifier and rest:
        bracketed = _BRACKETED.findall(rest)
        qualifier = _qualifier(bracketed or [rest])
    if match:
        digits = _NOT_DIGITS.sub("", match.group(1).upper())
        if number := _isbn13(digits):
            return Identifier("isbn", number, qualifier)
    stated = text.partition("(")[0].strip()
    return Identifier("isbn", stated, qualifier if match else "", False) if re.search("[0-9]", stated) else None


def _isbn13(digits: str) -> str:
    """Give the 13 digits of a valid ISBN of 10 or 13; python-stdnum does the same in ten times the time."""
    if len(digits) == 13 and digits.isdigit():
        sound = digits[:3] in ("978", "979") and _check_digit(digits[:12]) == digits[12]
        return digits if sound else ""
    if len(digits) == 10 and digits[:9].isdigit():
        weighed = sum(map(mul, map(int, digits[:9]), range(10, 1, -1)))
        if (weighed + (10 if digits[9] == "X" else int(digits[9]))) % 11 == 0:
            return f"978{digits[:9]}{_check_digit('978' + digits[:9])}"
    return ""


def _check_digit(twelve: str) -> str:
    return str(-(sum(map(int, twelve[::2])) + 3 * sum(map(int, twelve[1::2]))) % 10)


def _qualifier(texts: list[str]) -> str:
    return "; ".join(kept for text in texts if (kept := text.strip(" ()[]:;,/")))


def issn(text: str) -> Identifier | None:
    """Read one ISSN; None when the text is empty."""
    match = _ISSN.search(text)
    if match:
        try:
            return Identifier("issn", stdnum_issn.format(stdnum_issn.validate(match.group(1) + match.group(2))))
        except ValidationError:
            pass
    return Identifier("issn", trimmed(text), "", False) if text.strip() else None


def doi(text: str) -> str:
    """Give the DOI in a text, in lower case, or an empty string."""
    match = _DOI.search(text)
    return match.group().rstrip(".,;").lower() if match else ""


def lccn(text: str) -> str:
    """Normalise a Library of Congress control number: no blanks, no suffix, a hyphenated serial padded to six."""
    match = _LCCN.match(text.replace(" ", "").lower())
    if not match:
        return ""
    prefix, year, serial = match.groups()
    return prefix + year + (serial.zfill(6) if serial else "")


def isbn_field(draft: Draft, field: Field) -> None:
    """Read 020: $a is checked, $z is what the library itself calls wrong."""
    qualifier = _qualifier(field.all("q"))
    for code, value in field.subfields:
        if code not in "az":
            continue
        found = isbn(value, qualifier)
        if found is None:
            continue
        if code == "z":
            found = Identifier("isbn", found.value, found.qualifier, False)
        elif not found.valid:
            draft.issues.append(issue("isbn-invalid", "020$a", value))
        draft.identifiers.append(found)


def issn_field(draft: Draft, field: Field) -> None:
    """Read 022: $a and the linking ISSN $l are checked, $y and $z are what the library itself calls wrong."""
    for code, value in field.subfields:
        found = issn(value) if code in "alyz" else None
        if found is None:
            continue
        if code in "yz":
            found = Identifier("issn", found.value, "", False)
        elif not found.valid:
            draft.issues.append(issue("issn-invalid", f"022${code}", value))
        draft.identifiers.append(found)


def lccn_field(draft: Draft, field: Field) -> None:
    """Read 010 $a."""
    number = lccn(field.get("a"))
    if number:
        draft.identifiers.append(Identifier("lccn", number))


def standard_number(draft: Draft, field: Field) -> None:
    """Read 024: a DOI, or another number as stated."""
    value = field.get("a").strip()
    if not value:
        return
    found = doi(value) if field.indicators[:1] == "7" else ""
    draft.identifiers.append(Identifier("doi", found) if found else Identifier("local", value, field.get("2")))


def system_number(draft: Draft, field: Field) -> None:
    """Read 035 $a: an OCLC number, or another system's number with its prefix in brackets."""
    value = field.get("a").strip()
    match = _OCLC.match(value)
    if match:
        draft.identifiers.append(Identifier("oclc", match.group(1)))
    elif value.startswith("("):
        draft.identifiers.append(Identifier("local", value))


def oclc_of_control_number(number: str, agency: str) -> Identifier | None:
    """Give the OCLC number that 001 is when 003 or its prefix says so."""
    match = _OCLC_001.match(number)
    if match:
        return Identifier("oclc", match.group(1))
    return Identifier("oclc", number.lstrip("0")) if agency == "OCoLC" and number.isdigit() else None


def ddc(text: str) -> str:
    """Give a Dewey number without marks of segmentation and what follows it; other texts ("[Fic]") as stated."""
    text = text.strip()
    match = _DDC.match(text.replace("/", "").replace("'", ""))
    return match.group() if match else text


def classes(scheme: str) -> Callable[[Draft, Field], None]:
    """Give the handler that reads class numbers ($a) of one scheme; an empty scheme is read from $2."""

    def read(draft: Draft, field: Field) -> None:
        named = scheme or field.get("2").strip().casefold() or "other"
        for value in field.all("a"):
            number = ddc(value) if named == "ddc" else trimmed(value)
            if number:
                draft.classes.append(Classification(named, number))

    return read
