"""MARC-8 bytes to Unicode text, with nothing lost: what has no place in the tables becomes U+FFFD and is counted.

In: bytes of one field. Out: NFC text and how many bytes or triples were unknown. The code tables are those of pymarc;
its converter drops control characters and marks at the end and knows each table in one half only, this one does not.
Standard: MARC 21 Specifications, Character Sets: MARC-8 Encoding Environment. Sets are reset at each subfield.
"""

import re
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Final
from unicodedata import normalize

UNKNOWN: Final = "\ufffd"
_ASCII: Final = 0x42
_ANSEL: Final = 0x45
_EACC: Final = 0x31
_ESCAPE: Final = re.compile(
    rb"\x1b(?:(?P<quick>[gbps])"
    rb"|\$[(,]?(?P<wide>1)"
    rb"|[(,][!\"]?(?P<g0>[BE234NQSbgp])|[)\-][!\"]?(?P<g1>[BE234NQSbgp]))"
)
# How MARC-8 writes what its tables lack: "Lossless technique for conversion of Unicode to MARC-8".
_REFERENCE: Final = re.compile(r"&#x([0-9A-Fa-f]{2,6});")
_HIGH: Final = re.compile(rb"[\xe0-\xfe]+[^\xe0-\xfe]?|[\x80-\xdf\xff]")
# Three bytes each; the tables also know a few odd ones that begin with DEL. Then what is cut short, then all others.
_EAST_ASIAN_UNITS: Final = re.compile(r"[!-~][ -~]{2}|\x7f[ !][\x00-\x7f]|[!-~]{1,2}|[\x80-\xff]|[\x00- \x7f]")
# In Latin-1 these are e with acute and c with cedilla, the commonest high bytes of French.
_CARON: Final = b"\xe9"
_CEDILLA: Final = b"\xe7"
_HALVES: Final = frozenset(b"\xeb\xec\xfa\xfb")


@cache
def _pymarc() -> Any:
    # 5 MB that most processes never need: only old records are in MARC-8.
    return import_module("pymarc.marc8_mapping")


def decode(content: bytes) -> tuple[str, int]:
    """Decode the bytes of one field; with the text the number of places where U+FFFD stands for unknown bytes."""
    if b"\x1b" in content:
        mapped = "\x1f".join(["".join(_runs(part)) for part in content.split(b"\x1f")])
    else:
        mapped = content.decode("latin-1").translate(_table(_ASCII, _ANSEL))
    # Marks stand before their letter in MARC-8 and behind it in Unicode.
    ordered = _marks().sub(r"\2\1", mapped)
    if "&#x" in ordered:
        ordered = _REFERENCE.sub(_referred, ordered)
    return normalize("NFC", ordered), mapped.count(UNKNOWN)


def _referred(reference: re.Match[str]) -> str:
    code = int(reference[1], 16)
    return chr(code) if 0xA0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else reference[0]


def likeness(content: bytes) -> float:
    """Tell from 0 to 1 how far the high bytes make sense as MARC-8; 1.0 with escape sequences."""
    if _ESCAPE.search(content):
        return 1.0
    groups = _HIGH.findall(content)
    return sum(map(_sense, groups)) / len(groups) if groups else 0.0


@lru_cache(maxsize=4096)
def _sense(group: bytes) -> float:
    """How far one letter with its marks makes sense; less when Latin-1 text would look the same."""
    text, unknown = decode(group)
    if unknown or (group[:1] in _CEDILLA and group[1:] in {b"a", b"o"}):
        return 0.0
    if group[0] < 0xE0:
        return 0.7
    if not text[0].isalpha():
        return 0.0
    if group[:1] in _CARON:
        return 0.4
    marks = group[:-1] if group[-1] < 0xE0 else group
    if not _HALVES.isdisjoint(marks):
        return 1.0
    return max(len(decode(marks[place : place + 1] + group[-1:])[0]) == 1 for place in range(len(marks)))


def _runs(part: bytes) -> list[str]:
    """Decode one subfield, run by run between its escape sequences."""
    g0, g1, at, out = _ASCII, _ANSEL, 0, []
    for escape in _ESCAPE.finditer(part):
        out.append(_run(part[at : escape.start()], g0, g1))
        at = escape.end()
        name, final = str(escape.lastgroup), ord(escape[str(escape.lastgroup)])
        if name == "g1":
            g1 = final
        else:
            g0 = _ASCII if name == "quick" and final == ord("s") else final
    out.append(_run(part[at:], g0, g1))
    return out


def _run(run: bytes, g0: int, g1: int) -> str:
    text = run.decode("latin-1")
    if g0 != _EACC:
        return text.translate(_table(g0, g1))
    high = _table(_ASCII, g1)
    units = (unit[0] for unit in _EAST_ASIAN_UNITS.finditer(text))
    return "".join([high[ord(unit)] if unit >= "\x80" else _east_asian(unit) for unit in units])


def _east_asian(triple: str) -> str:
    if triple <= " ":
        return triple
    code = int.from_bytes(triple.encode("latin-1"), "big")
    found = _pymarc().CODESETS[_EACC].get(code)
    return chr(found[0]) if found else chr(_pymarc().ODD_MAP.get(code, 0xFFFD))


@cache
def _table(g0: int, g1: int) -> dict[int, str]:
    """What each byte means with these two sets; control characters and blank stand for themselves."""
    low = {code: _letter(g0, code, code | 0x80) for code in range(0x21, 0x7F)}
    high = {code: _letter(g1, code, code & 0x7F) for code in range(0x80, 0x100)}
    return low | high


def _letter(code_set: int, code: int, other_half: int) -> str:
    found = _pymarc().CODESETS[code_set].get(code) or _pymarc().CODESETS[code_set].get(other_half)
    return chr(found[0]) if found else UNKNOWN


@cache
def _marks() -> re.Pattern[str]:
    marks = "".join(
        sorted({chr(code) for table in _pymarc().CODESETS.values() for code, mark in table.values() if mark})
    )
    return re.compile(f"([{marks}]+)([^{marks}\x1f])")
