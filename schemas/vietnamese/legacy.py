"""Vietnamese that arrived in an old encoding, or that somebody decoded wrongly before it came here, made readable.

In: the texts of one record (fields or subfields) as they were decoded so far, bytes of no known encoding shown as
Windows-1252; and what the source says that it writes. Out: `Mended`: the texts, and what was found. TCVN3, VNI-Windows,
VISCII, Windows-1258, VIQR, UTF-8 that was encoded twice, and character references of HTML. What reads well stays.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Final

from schemas.vietnamese import codes, verdict, viqr
from schemas.vietnamese.evidence import AS_IT_STANDS, TWICE
from schemas.vietnamese.verdict import Expected

VIQR: Final = "viqr"
#: what a source can say that it writes: old encodings, and those whose text is left as it is
OLD: Final = (*codes.NAMES, VIQR)
PLAIN: Final = ("utf-8", "marc-8", "windows-1252")
SHOWN: Final = {
    codes.TCVN3: "TCVN3",
    codes.VNI: "VNI-Windows",
    codes.VISCII: "VISCII",
    codes.CP1258: "Windows-1258",
    VIQR: "VIQR",
    TWICE: "UTF-8 encoded twice",
    AS_IT_STANDS: "the text as it stands",
}
VIETNAMESE: Final = "encoding-vietnamese"
TWOFOLD: Final = "encoding-twice"
DOUBTFUL: Final = "encoding-doubtful"
DISSENTS: Final = "encoding-dissents"
REFERENCES: Final = "encoding-references"
#: issues that name the encoding of text that came as bytes
REPAIRS: Final = (VIETNAMESE, TWOFOLD)
_SHOWN_MOST: Final = 99.9
#: layers that one program after another may have put on
_MOST_LAYERS: Final = 3
#: what every text to be looked at has: one letter of Latin-1 of which the next or the one before make no sense.
#: It begins with one class of letters, because only then is the search fast: nearly all records are passed over here.
_SUSPECT: Final = re.compile(
    "[\x80-\xff](?:"
    # a sign behind a letter, or before a word; a capital behind a small letter
    "(?<=[A-Za-z\xc0-\xff][\x80-\x9f\xa1-\xbf\xd7\xf7])|(?<=[\xa7\xa8\xac-\xae\xb6\xb8\xb9])(?=[A-Za-z\xb5-\xff])"
    "|(?<=[a-z\xdf-\xff][\xc0-\xd6\xd8-\xde])|(?<=[A-Z][\xc0-\xd6\xd8-\xde])(?=[a-z])"
    "|(?<=[IY][\xc7-\xc9\xcb-\xd1\xd6\xd8\xdb\xdc])"
    # a vowel and a mark of VNI; of Windows-1258
    "|(?<=[AEOUYaeouy\xd4\xd6\xf4\xf6][\xd8\xd9\xdb\xd5\xcf\xf8\xf9\xfb\xf5\xef])|(?<=[AEOaeo][\xc2\xc5\xc4\xe2\xe5\xe4])"
    "|(?<=[AEae][\xc0\xc1\xc3\xe0\xe1\xe3])|(?<=[Aa][\xca\xc8\xc9\xda\xdc\xcb\xea\xe8\xe9\xfa\xfc\xeb])"
    "|(?<=[aeiouy\xe2\xea\xf4\xe3\xf5\xfd][\xec\xf2])|(?<=\xfd)(?=\xf5)"
    # the first byte of UTF-8 and one of those that Windows-1252 shows as something else
    "|(?<=[\xc2-\xc6\xe1\xe2])(?=[‘’“”–—…‚„†‡ˆ‰‹›ƒ˜™€•ŠŽšžœŒŸ\xa0]))"
)
_REFERENCE: Final = re.compile(r"&(?:amp;)?(#[0-9]{2,7};|#[xX][0-9A-Fa-f]{2,6};|[A-Za-z][A-Za-z]{1,30};)")
#: a with grave, of which the second byte was a blank that does not break, and became one that does
_LOST_BLANK: Final = re.compile("\xc3 (?= |\\Z)")


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
    if viqr.may_be(text) or said == VIQR or ("&" in text and _REFERENCE.search(text)):
        return True
    if text.isascii():
        return False
    # Letters of Latin-1 begin with one of two bytes in UTF-8, and looking for a byte is the fastest there is.
    content = text.encode("utf-8", "surrogatepass")
    return bool(said) or ((b"\xc3" in content or b"\xc2" in content) and _SUSPECT.search(text) is not None)


@dataclass(frozen=True, slots=True)
class Vote:
    """What the records of a sample say together: an encoding of `OLD`, its score, and how many records are in it."""

    encoding: str
    score: float
    records: int


def vote(records: Sequence[Iterable[str]], as_bytes: Collection[int] = ()) -> Vote | None:
    """Find the old encoding of a sample of records; None where they speak for none. `as_bytes` are the numbers of those
    whose bytes are of no known encoding.
    """
    texts = [(number, text) for number, texts in enumerate(records) for text in texts]
    shown = [codes.bytewise(unicodedata.normalize("NFC", text)) for _, text in texts]
    raw = frozenset(place for place, (number, _) in enumerate(texts) if number in as_bytes)
    judged = verdict.judge(shown, Expected(as_bytes=raw))
    if judged.sure and judged.encoding in codes.NAMES:
        return Vote(judged.encoding, judged.margin, len({texts[place][0] for place in judged.places}))
    weights = [(number, viqr.weight(text)) for number, text in texts if viqr.may_be(text)]
    score = sum(weight for _, weight in weights)
    return Vote(VIQR, score, len({number for number, _ in weights})) if score >= verdict.MARGIN else None


def may_be_old(texts: Sequence[str]) -> bool:
    """Tell whether texts that show their bytes are in an old encoding, or perhaps in one."""
    shown = list(map(codes.bytewise, texts))
    return bool(verdict.judge(shown, Expected(as_bytes=frozenset(range(len(shown))))).places)


def mend(texts: Sequence[str], said: str = "", as_bytes: Collection[int] = ()) -> Mended:
    """Read the texts of a record as they were meant; of those at the places `as_bytes` no encoding was known, and they
    show their bytes.
    """
    if said in PLAIN:
        return Mended(texts)
    found: list[Finding] = []
    texts = _without_references(texts, found)
    expected = Expected(said if said in codes.NAMES else "", frozenset(as_bytes))
    for _ in range(_MOST_LAYERS):
        before = texts
        texts = _decoded(texts, expected, found)
        if texts is before:
            break
        expected = Expected()
    texts = _from_viqr(texts, said == VIQR, found)
    return Mended(texts, tuple(found))


def _without_references(texts: Sequence[str], found: list[Finding]) -> Sequence[str]:
    if not any("&" in text for text in texts):
        return texts
    read = [_REFERENCE.sub(_referred, text) if "&" in text else text for text in texts]
    first = next((text for text in texts if _REFERENCE.search(text)), "")
    sample = _REFERENCE.search(first)
    return _noted(texts, read, REFERENCES, sample[0] if sample else "", found)


def _referred(reference: re.Match[str]) -> str:
    """Give the letter a reference means; those to ASCII are left: they may be meant."""
    said = "&" + reference[1]
    meant = unescape(said)
    return meant if meant != said and "\x9f" < meant != "\ufffd" and meant.isprintable() else reference[0]


def _decoded(texts: Sequence[str], expected: Expected, found: list[Finding]) -> Sequence[str]:
    said = expected.said
    shown = [text if text.isascii() else codes.bytewise(unicodedata.normalize("NFC", text)) for text in texts]
    judged = verdict.judge(shown, replace(expected, said=""))
    if said and not judged.sure:
        judged = verdict.judge(shown, expected)
    name = SHOWN.get(judged.encoding, "")
    score = f"{name}, {min(judged.margin, _SHOWN_MOST):.1f} before {SHOWN.get(judged.second, judged.second)}"
    if judged.doubtful and not found:
        found.append(Finding(DOUBTFUL, judged.places, score))
    if not judged.sure:
        return texts
    read = [
        _read(shown[place], judged.encoding) if place in judged.places else text for place, text in enumerate(texts)
    ]
    twice = judged.encoding == TWICE
    code = TWOFOLD if twice else VIETNAMESE
    noted = _noted(texts, read, code, score, found)
    if said and not twice and judged.encoding != said and noted is not texts:
        found.append(Finding(DISSENTS, found[-1].places, f"{SHOWN[said]} is said, {name} found"))
    return noted


def _read(text: str, encoding: str) -> str:
    if encoding == TWICE:
        text = _LOST_BLANK.sub("\xc3\xa0", text).replace("\xc3 ", "\xc3\xa0 ")
    return unicodedata.normalize("NFC", verdict.read(text, encoding))


def _from_viqr(texts: Sequence[str], said: bool, found: list[Finding]) -> Sequence[str]:
    if not said and not any(map(viqr.may_be, texts)):
        return texts
    score = sum(map(viqr.weight, texts))
    if score < (0.0 if said else verdict.MARGIN):
        return texts
    read = [viqr.read(text) if text.isascii() else text for text in texts]
    return _noted(texts, read, VIETNAMESE, f"VIQR, {score:.1f}", found)


def _noted(before: Sequence[str], after: Sequence[str], code: str, score: str, found: list[Finding]) -> Sequence[str]:
    places = tuple(place for place, text in enumerate(after) if text != before[place])
    if not places:
        return before
    found.append(Finding(code, places, score))
    return after
