"""How each demonstration library writes what all of them know: the small differences that real catalogues have.

In: a name, number, publisher or number of pages from `titles.tsv`. Out: the same as this library writes it.
The provincial library keeps to ISBD; the former district library inverts names, abbreviates volumes and leaves the
punctuation out; the school spells hoá, kí and writes publishers in full.
"""

import re
from dataclasses import dataclass
from typing import Final

_SURNAMES: Final = frozenset(
    (
        *("Bùi", "Cao", "Chu", "Dương", "Đào", "Đặng", "Đinh", "Đoàn", "Đỗ", "Hà", "Hoàng", "Hồ", "Huỳnh", "Lê", "Lưu"),
        *("Ma", "Mai", "Ngô", "Nguyễn", "Phạm", "Phan", "Phùng", "Tạ", "Trần", "Trịnh", "Trương", "Võ", "Vũ"),
    )
)
_COUNTED: Final = {"một": "1", "hai": "2"}
_SHORT: Final = {"Tập": "T.", "Quyển": "Q.", "Phần": "P."}
#: Tone marks of open syllables as school books place them: hóa -> hoá, thúy -> thuý (qu is a consonant).
_OPEN: Final = re.compile(r"(?P<glide>[òóỏõọ])(?P<vowel>[ae])(?!\w)|(?<![qQ])(?P<u>[ùúủũụ])y(?!\w)")
_TONES: Final = ("òóỏõọ", "ùúủũụ", "àáảãạ", "èéẻẽẹ", "ỳýỷỹỵ")
_LONG_Y: Final = re.compile(r"\b([Kk])([ýỳỷỹỵ])\b")
_SHORT_I: Final = dict(zip("ýỳỷỹỵ", "íìỉĩị", strict=True))


@dataclass(frozen=True, slots=True)
class Habits:
    """The habits of one library. `places` are its short forms, `publisher` and `pages` patterns with one gap."""

    agency: str
    letter: str
    places: tuple[tuple[str, str], ...]
    publisher: str
    pages: str
    imprint: str
    subject: str
    isbd: bool = False
    inverted: bool = False
    abbreviated: bool = False
    school_spelling: bool = False
    isbn: str = "{}"

    def name(self, name: str) -> str:
        """Write the name of a person; only Vietnamese names of three words and more are inverted."""
        family, _, given = name.partition(" ")
        if self.inverted and family in _SURNAMES and " " in given:
            return f"{family}, {given}"
        return self.spelled(name)

    def volume(self, number: str) -> str:
        """Write the number of a part: Tập một -> T.1."""
        word, _, which = number.partition(" ")
        if self.abbreviated and word in _SHORT:
            return _SHORT[word] + _COUNTED.get(which, which)
        return number

    def place(self, place: str) -> str:
        """Write a place of publication."""
        return dict(self.places).get(place, place)

    def spelled(self, text: str) -> str:
        """Spell Vietnamese text as this library does."""
        if not self.school_spelling:
            return text
        moved = _OPEN.sub(_moved, text)
        return _LONG_Y.sub(lambda found: found[1] + _SHORT_I[found[2]], moved)


def _moved(found: re.Match[str]) -> str:
    """Move the tone mark of one open syllable from the glide to the vowel."""
    glides, vowels = (_TONES[1], _TONES[4]) if found["u"] else (_TONES[0], _TONES[2 if found["vowel"] == "a" else 3])
    tone = glides.index(found["u"] or found["glide"])
    return ("u" if found["u"] else "o") + vowels[tone]


TINH: Final = Habits(
    agency="DEMO-TINH",
    letter="t",
    places=(("Hà Nội", "H."), ("Thành phố Hồ Chí Minh", "Tp. Hồ Chí Minh")),
    publisher="{}",
    pages="{} tr.",
    imprint="260",
    subject="650",
    isbd=True,
)
DUCPHO: Final = Habits(
    agency="DEMO-DUCPHO",
    letter="d",
    places=(("Thành phố Hồ Chí Minh", "T.P. Hồ Chí Minh"),),
    publisher="Nxb. {}",
    pages="{}tr",
    imprint="260",
    subject="650",
    inverted=True,
    abbreviated=True,
    isbn="{} (bìa mềm)",
)
THCS: Final = Habits(
    agency="DEMO-THCS",
    letter="s",
    places=(("Thành phố Hồ Chí Minh", "TP.HCM"),),
    publisher="Nhà xuất bản {}",
    pages="{} trang",
    imprint="264",
    subject="653",
    isbd=True,
    school_spelling=True,
)
