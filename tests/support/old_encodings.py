"""Vietnamese as old systems wrote it: text to bytes in TCVN3, VNI, VISCII, Windows-1258 and VIQR, and records of it.

In: NFC text. Out: bytes. Written apart from the code under test: from the columns of a table that other programs agree
on where there is one, else from what the standards say.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from importlib.resources import files

from tests.schemas.marc.samples import iso

#: circumflex, breve, horn, then acute, grave, hook above, tilde, dot below
_VIQR = dict(zip("\u0302\u0306\u031b\u0301\u0300\u0309\u0303\u0323", "^(+'`?~.", strict=True))
ENCODINGS = ("tcvn3", "vni", "viscii", "cp1258", "viqr", "utf-8 twice")


def encode(text: str, encoding: str) -> bytes:
    """Write a text as an old system did; capitals that TCVN3 has no code for become small letters."""
    if encoding == "viqr":
        return "".join(map(_viqr, text)).encode("ascii")
    if encoding == "cp1258":
        return "".join(map(_microsoft, text)).encode("cp1258")
    if encoding == "utf-8 twice":
        return "".join(_windows(byte) for byte in text.encode()).encode()
    table = _table(encoding)
    return b"".join([table[letter] if letter in table else letter.encode("ascii") for letter in text])


def shown(text: str, encoding: str) -> str:
    """What a program makes of it that takes the bytes for Windows-1252."""
    content = encode(text, encoding)
    return content.decode() if encoding == "utf-8 twice" else "".join(map(_windows, content))


def _windows(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


def _table(encoding: str) -> Mapping[str, bytes]:
    head, *lines = files("schemas.vietnamese").joinpath("encodings.tsv").read_text("utf-8").splitlines()
    at = head.split("\t").index(encoding)
    table = {line.split("\t")[0]: bytes.fromhex(line.split("\t")[at]) for line in lines}
    if encoding == "tcvn3":
        own = {"Ă", "Â", "Đ", "Ê", "Ô", "Ơ", "Ư"}
        table |= {letter: table[letter.lower()] for letter in table if letter.isupper() and letter not in own}
    return {letter: code for letter, code in table.items() if code}


def _microsoft(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in decomposed if mark in "\u0300\u0301\u0303\u0309\u0323"]
    base = unicodedata.normalize("NFC", "".join(mark for mark in decomposed if mark not in tones))
    return base + "".join(tones)


def _viqr(letter: str) -> str:
    if letter in "đĐ":
        return "dd" if letter == "đ" else "DD"
    base, *marks = unicodedata.normalize("NFD", letter)
    forms = [mark for mark in marks if mark in "\u0302\u0306\u031b"]
    return base + "".join(_VIQR[mark] for mark in (*forms, *(mark for mark in marks if mark not in forms)))


def old_record(encoding: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """Write an ISO 2709 record: (tag, text with $ before each subfield code) in an old encoding, leader/09 blank."""
    return iso(*((tag, _field(tag, text, encoding)) for tag, text in fields), status="nam  ")


def _field(tag: str, text: str, encoding: str) -> bytes:
    if tag < "010":
        return text.encode()
    return b"10" + b"".join(b"\x1f" + part[:1].encode() + encode(part[1:], encoding) for part in text.split("$")[1:])
