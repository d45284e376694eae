"""Vietnamese that arrived in an old encoding, or that somebody decoded wrongly before it came here, made readable.

In: the texts of one record (fields or subfields) as they were decoded so far, bytes of no known encoding shown as
Windows-1252; and what the source says that it writes. Out: `Mended`: the texts, and what was found. TCVN3, VNI-Windows,
VISCII, Windows-1258, VIQR, UTF-8 that was encoded twice, and character references of HTML. What reads well stays.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Final

from schemas.vietnamese import codes, verdict, viqr
from schemas.vietnamese.evidence import TWICE
from schemas.vietnamese.verdict import Expected

VIQR: Final = "viqr"
#: what a source can say that it writes: old encodings, and those whose text is left as it is
OLD: Final = (*codes.NAMES, VIQR)
PLAIN: Final = ("utf-8", "marc-8", "windows-1252")
SHOWN: Final = {
    codes.TCVN3: "TCVN3", codes.VNI: "VNI-Windows", codes.VISCII: "VISCII", codes.CP1258: "Windows-1258",
    VIQR: "VIQR", TWICE: "UTF-8 encoded twice",
}  # fmt: skip
#: layers that one program after another may have put on
_MOST_LAYERS: Final = 3
_SIGN: Final = "\x80-\x9f\xa1-\xac\xae-\xbf\xd7\xf7†‡ˆ‰‹›ƒ˜™€•"
_SUSPECT: Final = re.compile(
    f"(?<=[A-Za-z\xc0-\xff])[{_SIGN}\xad]|[\xa7\xa8\xac-\xae\xb6\xb8\xb9](?=[A-Za-z\xb5-\xff])|\xfd(?=\xf5)"
    "|(?<=[a-z\xdf-\xff])[\xc0-\xd6\xd8-\xde]|(?<=[A-Z])[\xc0-\xd6\xd8-\xde](?=[a-z])"
    "|[\xd8\xd9\xdb\xd5\xcf\xf8\xf9\xfb\xf5\xef](?<=[AEOUYaeouy\xd4\xd6\xf4\xf6].)"
    "|[\xc2\xc5\xc4\xe2\xe5\xe4](?<=[AEOaeo].)|[\xc0\xc1\xc3\xe0\xe1\xe3](?<=[AEae].)"
    "|[\xca\xc8\xc9\xda\xdc\xcb\xea\xe8\xe9\xfa\xfc\xeb](?<=[Aa].)|[\xec\xf2](?<=[aeiouy\xe2\xea\xf4\xe3\xf5\xfd].)"
    "|(?<=[\xc2-\xc6\u0102\xe1\xe2])[‘’“”–—…‚„\xa0]"
)
_REFERENCE: Final = re.compile(r"&(?:amp;)?(#[0-9]{2,7};|#[xX][0-9A-Fa-f]{2,6};|[A-Za-z][A-Za-z]{1,30};)")
#: a with grave, of which the second byte was a blank that does not break, and became one that does
_LOST_BLANK: Final = re.compile("\xc3 (?= |\\Z)|\xc3 ")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: an issue code, the texts it concerns, and the encoding with its score."""

    code: str
    places: tuple[int, ...]
    found: str


@dataclass(frozen=True, slots=True)
class Mended:
    """The texts as they should be read; without findings they are those that came."""

    texts: Sequence[str]
    findings: tuple[Finding, ...] = field(default=())


def is_suspect(text: str, said: str = "") -> bool:
    """Tell, fast, whether a whole record is worth a closer look; most are not."""
    if said in PLAIN:
        return False
    if any(sign in text for sign in viqr.SIGNS) or said == VIQR or ("&" in text and _REFERENCE.search(text)):
        return True
    return not text.isascii() and (bool(said) or _SUSPECT.search(text) is not None)


def mend(texts: Sequence[str], said: str = "", as_bytes: bool = False) -> Mended:
    """Read the texts of a record as they were meant; `as_bytes`: no encoding was known, and they show their bytes."""
    if said in PLAIN:
        return Mended(texts)
    found: list[Finding] = []
    texts = _without_references(texts, found)
    for _ in range(_MOST_LAYERS):
        before = texts
        texts = _decoded(texts, Expected(said if said in codes.NAMES else "", as_bytes), found)
        if texts is before:
            break
        as_bytes = False
    if not any(each.code == "encoding-vietnamese" for each in found):
        texts = _from_viqr(texts, said == VIQR, found)
    return Mended(texts, tuple(found))


def _without_references(texts: Sequence[str], found: list[Finding]) -> Sequence[str]:
    if not any("&" in text for text in texts):
        return texts
    read = [_REFERENCE.sub(_referred, text) if "&" in text else text for text in texts]
    return _noted(texts, read, "encoding-references", "", found)


def _referred(reference: re.Match[str]) -> str:
    """Give the letter a reference means; those to ASCII are left: they may be meant."""
    said = "&" + reference[1]
    meant = unescape(said)
    return meant if meant != said and meant > "\x9f" and meant.isprintable() else reference[0]


def _decoded(texts: Sequence[str], expected: Expected, found: list[Finding]) -> Sequence[str]:
    said = expected.said
    shown = [text if text.isascii() else codes.bytewise(unicodedata.normalize("NFC", text)) for text in texts]
    judged = verdict.judge(shown, replace(expected, said=""))
    if said and not judged.places:
        judged = verdict.judge(shown, expected)
    name = SHOWN.get(judged.encoding, "")
    score = f"{name}, {judged.margin:.1f} before {SHOWN.get(judged.second, judged.second)}"
    if judged.doubtful:
        found.append(Finding("encoding-doubtful", tuple(judged.places), score))
    if not judged.places:
        return texts
    read = [
        _read(shown[place], judged.encoding) if place in judged.places else text for place, text in enumerate(texts)
    ]
    twice = judged.encoding == TWICE
    code = "encoding-twice" if twice else "encoding-vietnamese"
    noted = _noted(texts, read, code, score, found)
    if said and not twice and judged.encoding != said and noted is not texts:
        found.append(Finding("encoding-dissents", found[-1].places, f"{SHOWN[said]} is said, {name} found"))
    return noted


def _read(text: str, encoding: str) -> str:
    if encoding == TWICE:
        text = _LOST_BLANK.sub(lambda lost: "\xc3\xa0" if lost.end() == len(text) else "\xc3\xa0 ", text)
    return unicodedata.normalize("NFC", verdict.read(text, encoding))


def _from_viqr(texts: Sequence[str], said: bool, found: list[Finding]) -> Sequence[str]:
    if not said and not any(sign in text for text in texts for sign in viqr.SIGNS):
        return texts
    score = sum(map(viqr.weight, texts))
    if score < (0.0 if said else verdict.MARGIN):
        return texts
    return _noted(texts, list(map(viqr.read, texts)), "encoding-vietnamese", f"VIQR, {score:.1f}", found)


def _noted(
    before: Sequence[str], after: Sequence[str], code: str, score: str, found: list[Finding]
) -> Sequence[str]:
    places = tuple(place for place, text in enumerate(after) if text != before[place])
    if not places:
        return before
    found.append(Finding(code, places, score or f"{len(places)} texts"))
    return after
