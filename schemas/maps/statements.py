"""Publishers and places as one name each, however a cataloguer abbreviated them.

In: the text of 260/264 $a or $b. Out: the name of the table ("H. :" -> Hà Nội, "NXB. GD," -> Giáo dục Việt Nam), else
the text without ISBD punctuation, brackets and "Nhà xuất bản" or "Thành phố"; empty for "S.l.", "s.n." and the like.
Names of their time stay apart: Sài Gòn is not Thành phố Hồ Chí Minh, Sự thật is not Chính trị Quốc gia Sự thật.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from schemas.maps.tables import by_name, name_key, plain

_SIGNS: Final = " \t\r\n,:;/=?!<>[]()"
#: plain words before a name that say only what it is
_PUBLISHER: Final = ("nha xuat ban", "nha xb", "nxb", "n x b")
_PLACE: Final = ("thanh pho", "tp", "t p", "tinh", "thi xa", "tx")
#: "no name", "no place": s.n., s.l., không có nhà xuất bản, không rõ
_NOBODY: Final = ("s n", "sn", "sine nomine", "k nxb", "knxb", "k n x b", "khong co nha xuat ban", "khong ro")
_NOWHERE: Final = ("s l", "sl", "sine loco", "k d", "kd", "k dd", "kdd", "khong co noi xuat ban", "khong ro")
#: an abbreviation that touches the next word: NXB.Trẻ, Tp.Huế
_TOUCHING: Final = re.compile(r"^((?:nxb|tp|tx)\.?|(?:n\.x\.b|t\.p)\.)(?=[^\W\d_]{2})", re.IGNORECASE)


@lru_cache(maxsize=8192)
def publisher(text: str) -> str:
    """Give the one name of a publisher, the cleaned text when the table does not know it, or "" when none is named."""
    return _named("publishers", text, _PUBLISHER, (*_PUBLISHER, *_NOBODY))


@lru_cache(maxsize=8192)
def place(text: str) -> str:
    """Give the one name of a place of publication, the cleaned text when it is unknown, or "" when none is named."""
    return _named("places", text, _PLACE, _NOWHERE)


def _named(table: str, text: str, kinds: tuple[str, ...], unnamed: tuple[str, ...]) -> str:
    whole = _cleaned(text)
    bare = plain(whole)
    if bare in unnamed:
        return ""
    known = by_name(table)
    if not bare.startswith(kinds):
        return known.get(name_key(whole)) or whole
    short = _without(whole, kinds)
    return known.get(name_key(whole)) or known.get(name_key(short)) or short or whole


def _cleaned(text: str) -> str:
    words = " ".join(unicodedata.normalize("NFC", text).split()).strip(_SIGNS)
    last = words.rsplit(" ", 1)[-1]
    # A dot after a short foreign word is its own (Mass., D.C.); after any other it ends the statement.
    ends = words.endswith(".") and (len(last) > 6 or not last.isascii())
    return words[:-1].rstrip(_SIGNS) if ends else words


def _without(text: str, kinds: tuple[str, ...]) -> str:
    """Cut off the words that only say "publisher" or "city"; a name that is nothing else stays."""
    words = _TOUCHING.sub(r"\1 ", text).split()
    for count in range(1, min(4, len(words))):
        if plain(" ".join(words[:count])) in kinds:
            return " ".join(words[count:]).strip(_SIGNS)
    return text
