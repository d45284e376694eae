"""The old encodings of Vietnamese: what their codes mean.

In: words of *byte text*, in which each character up to U+00FF is the byte of that number, and an encoding of `NAMES`.
Out: Vietnamese in NFC. Tables: TCVN 5712:1993 VN1 (its small letters are the TCVN3 or ABC fonts) and RFC 1456
(VISCII); for VNI-Windows, which no standard describes, what most programs agree on. Microsoft's 1258 comes with Python.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

#: what they are called in options and reports; what Windows-1252 shows for 0x80-0x9F, and what each reads it as
TCVN3: Final = "tcvn3"
VNI: Final = "vni"
VISCII: Final = "viscii"
CP1258: Final = "cp1258"
NAMES: Final = (TCVN3, VNI, VISCII, CP1258)
_1252: Final = {
    ord(letter): byte for byte in range(0x80, 0xA0) if (letter := bytes([byte]).decode("cp1252", "ignore")) != ""
}
_1252_BACK: Final = {byte: chr(letter) for letter, byte in _1252.items()}
#: TCVN3 has combining tones besides its letters
_TONES: Final = {0xB0: "\u0300", 0xB1: "\u0309", 0xB2: "\u0303", 0xB3: "\u0301", 0xB4: "\u0323"}
_VNI_TONES: Final = {"\xf8": "\u0300", "\xf9": "\u0301", "\xfb": "\u0309", "\xf5": "\u0303", "\xef": "\u0323"}
_PAIR: Final = re.compile(
    "[AEIOUYaeiouy\xd4\xd6\xf4\xf6][\xc0-\xc5\xc8-\xcb\xcf\xd5\xd8-\xdc\xe0-\xe5\xe8-\xeb\xef\xf5\xf8-\xfc]|[\xc0-\xff]"
)
#: a capital that was typed before the small letter with its tone, for want of a code of its own
_TWICE: Final = re.compile("[AEIOUYĂÂÊÔƠƯ][à-ỹ]")


def bytewise(text: str) -> str:
    """Give byte text: what Windows-1252 shows for a byte is that byte again; other characters stay."""
    return text.translate(_1252)


def shown(word: str) -> str:
    """Give byte text as Windows-1252 shows it."""
    return word.translate(_1252_BACK)


def decode(word: str, encoding: str) -> str:
    """Read a word of byte text in an encoding of `NAMES`."""
    return _READERS[encoding](word)


def _tcvn3(word: str) -> str:
    read = unicodedata.normalize("NFC", word.translate(_single(TCVN3)))
    if not read.isupper():
        read = _TWICE.sub(_once, read)
        if _ascii_capitals(word):
            # Capital fonts show the codes of small letters as capitals.
            read = read.upper()
    return read


def _ascii_capitals(word: str) -> bool:
    letters = [letter for letter in word if letter.isascii() and letter.isalpha()]
    return len(letters) > 1 and "".join(letters).isupper()


def _once(found: re.Match[str]) -> str:
    capital, small = found[0][0], found[0][1]
    raised = small.upper()
    marks = set(unicodedata.normalize("NFD", raised))
    return raised if marks > set(unicodedata.normalize("NFD", capital)) else found[0]


def _viscii(word: str) -> str:
    return word.translate(_single(VISCII))


def _vni(word: str) -> str:
    return _PAIR.sub(_one_or_two, word)


def _one_or_two(found: re.Match[str]) -> str:
    together = found[0]
    return _vni_codes().get(together) or "".join([_vni_codes().get(one, one) for one in together])


def _cp1258(word: str) -> str:
    return unicodedata.normalize("NFC", word.translate(_microsoft()))


_READERS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {TCVN3: _tcvn3, VNI: _vni, VISCII: _viscii, CP1258: _cp1258}
)


@cache
def _rows() -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Give each letter with its codes, as byte text, by encoding."""
    head, *lines = files("schemas.vietnamese").joinpath("encodings.tsv").read_text("utf-8").splitlines()
    names = head.split("\t")[1:]
    cut = (line.split("\t") for line in lines)
    return tuple(
        (letter, {name: bytes.fromhex(code).decode("latin-1") for name, code in zip(names, codes, strict=True)})
        for letter, *codes in cut
    )


@cache
def _single(encoding: str) -> Mapping[int, str]:
    tones = _TONES if encoding == TCVN3 else {}
    return MappingProxyType(tones | {ord(codes[encoding]): letter for letter, codes in _rows() if codes[encoding]})


@cache
def _vni_codes() -> Mapping[str, str]:
    """Give what one code or two mean; a mark may be of the other case than its letter, and i and y may have marks."""
    found = {codes[VNI]: letter for letter, codes in _rows()}
    swapped = {code[0] + code[1:].swapcase(): letter for code, letter in found.items()}
    spelt = {
        letter + mark: unicodedata.normalize("NFC", letter + tone)
        for letter in "IiYy"
        for small, tone in _VNI_TONES.items()
        for mark in (small, small.upper())
    }
    return MappingProxyType(spelt | swapped | found)


@cache
def _microsoft() -> Mapping[int, str]:
    read = {byte: bytes([byte]).decode("cp1258", "ignore") for byte in range(0x80, 0x100)}
    return MappingProxyType({byte: letter for byte, letter in read.items() if letter})
