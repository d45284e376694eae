"""Numbers that titles say: of parts and volumes, of grades, and all others.

In: the words of a title. Out: `Numbered`: what is left of the words, the numbers of parts (Tập 2, T. II, Quyển ba, Vol.
3), and the other numbers (Toán 6, lớp 8, Windows 98), all in digits. Vietnamese and English words and roman numerals
count; "năm" is five only where it counts something, and a bare "V" is five only at the end.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

#: folded words that announce a part, whatever number word follows
_PART_WORDS: Final = """
tap quyen phan cuon chuong vol volume volumes vols part parts chapter tome tomo band bd teil pt volumen partie
"""
_PARTS: Final = frozenset(_PART_WORDS.split())
#: letters that announce a part when a number in digits or roman letters follows
_SHORT: Final = frozenset(["t", "q", "p", "v"])
_GRADE: Final = "lop"
#: lần thứ tư: an ordinal number that is no part
_ORDINAL: Final = "thứ"
#: written out, as "&", or left out
_AND: Final = frozenset(("và", "and"))
#: words that may stand between the announcement and the number: Tập thứ hai, Phần số 2
_BETWEEN: Final = frozenset(["thu", "so", "no", "number", "the"])
_TONED_WORDS: Final = {
    word: str(number)
    for words in (
        "một hai ba bốn năm sáu bảy tám chín mười",
        "nhất nhì ba tư lăm sáu bẩy tám chín mười",
        "one two three four five six seven eight nine ten",
        "first second third fourth fifth sixth seventh eighth ninth tenth",
    )
    for number, word in enumerate(words.split(), 1)
}
#: what stands for a number where a text was typed without tones
_BARE: Final = "mot hai ba bon nam sau bay tam chin muoi"
_BARE_WORDS: Final = {word: str(number) for number, word in enumerate(_BARE.split(), 1)}
#: halves and thirds of a work that are named, not numbered
_PLACES: Final = frozenset(["thượng", "trung", "hạ"])
_UNITS: Final = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
ROMAN: Final = {
    tens + unit: str(10 * place + digit)
    for place, tens in enumerate(("", "x", "xx", "xxx"))
    for digit, unit in enumerate(_UNITS)
    if tens + unit
}
#: roman numerals that are no Vietnamese or English words, so that they count wherever they stand
_CLEAR_ROMAN: Final = {
    numeral: value for numeral, value in ROMAN.items() if len(numeral) > 1 and numeral not in ("vi", "xi", "xx", "xxx")
}
_LAST_ROMAN: Final = {"i": "1", "v": "5", "x": "10"}
_ROMAN_ALONE: Final = _CLEAR_ROMAN.keys() | _LAST_ROMAN.keys()
_ANNOUNCING: Final = _PARTS | _SHORT | {_GRADE}
#: folded words that make a text worth reading word by word
_TELLING: Final = _ANNOUNCING | _ROMAN_ALONE | {"thu"}
#: a part without the dot: T1, Q2
_GLUED: Final = re.compile(r"[tqpv](\d{1,2})")
#: a word as it is compared (with tones where it is Vietnamese), and folded
Word = tuple[str, str]
Words = Sequence[Word]
_DIGITS: Final = re.compile(r"\d+")
#: Tập 1 - 2: a run of numbers behind an announcement ends at the first that no volume has
_HIGHEST_VOLUME: Final = 99


class Numbered(NamedTuple):
    """Words without numbers (each toned and folded), then the numbers of parts, of grades, and the others."""

    words: tuple[Word, ...]
    parts: tuple[str, ...]
    grades: tuple[str, ...]
    others: tuple[str, ...]


def plain(word: str) -> str:
    """Give a number in digits without the zeros before it: T.01 is T.1."""
    return word.lstrip("0") or "0"


def spelt_number(folded: str) -> str:
    """Give the number that a folded word spells out, or an empty string."""
    return _BARE_WORDS.get(folded, "") or _TONED_WORDS.get(folded, "")


def read(words: Words, marked: bool) -> Numbered:
    """Sort the words of a title; `marked`: the record writes tones."""
    folded_words = [folded for _, folded in words]
    if _TELLING.isdisjoint(folded_words) and "".join(folded_words).isalpha():
        return Numbered(tuple([word for word in words if _is_kept(word, marked)]), (), (), ())
    left: list[Word] = []
    parts: list[str] = []
    grades: list[str] = []
    others: list[str] = []
    at, end = 0, len(words)
    while at < end:
        word = words[at]
        folded = word[1]
        if folded in _ANNOUNCING:
            stop, numbers = _announced(words, at, marked)
            if numbers:
                (grades if folded == _GRADE else parts).extend(numbers)
                at = stop
                continue
        at += 1
        if word[0] == _ORDINAL and at < end and (number := counted(*words[at], marked)):
            others.append(number)
            at += 1
        elif folded.isalpha() and folded not in _ROMAN_ALONE:
            if _is_kept(word, marked):
                left.append(word)
        elif glued := _GLUED.fullmatch(folded):
            parts.append(plain(glued[1]))
        elif number := _alone(folded, at == end and at > 1):
            if _is_size(words, at):
                at += 1
                continue
            if left and left[-1][0] == "năm":
                left.pop()
            others.append(number)
        else:
            left.append(word)
    return Numbered(tuple(left), tuple(parts), tuple(grades), tuple(others))


def _is_kept(word: Word, marked: bool) -> bool:
    return word[0] not in _AND and (marked or word[1] != "va")


def _is_size(words: Words, at: int) -> bool:
    """Tell whether the number before `at` counts volumes: "2 tập", "3 vols.", which is no number of a part."""
    if at == len(words) or words[at][1] not in _PARTS:
        return False
    return at + 1 == len(words) or not counted(*words[at + 1], marked=True)


def _announced(words: Words, at: int, marked: bool) -> tuple[int, list[str]]:
    """Give the numbers that the word at `at` announces, and where the text goes on behind them."""
    short = words[at][1] in _SHORT
    at += 1
    while at < len(words) - 1 and words[at][1] in _BETWEEN and not short:
        at += 1
    if at == len(words):
        return at, []
    is_plain = not short or words[at][1][0].isdecimal()  # V.3A is a number, V.A is none
    first = counted(*words[at], marked) if is_plain else _alone(words[at][1], last=True)
    if not first and not short and len(words[at][1]) == 1:
        first = words[at][1]  # Part A, Quyển B
    if not first:
        return at, []
    numbers = [first]
    at += 1
    while at < len(words) and words[at][1].isdecimal() and int(words[at][1]) <= _HIGHEST_VOLUME:
        numbers.append(plain(words[at][1]))
        at += 1
    return at, numbers


def counted(toned: str, folded: str, marked: bool) -> str:
    """Give the number a word says where a number is expected, or an empty string."""
    if folded[:1].isdecimal():
        digits = _DIGITS.match(folded)
        return plain(folded) if digits and len(folded) - digits.end() < 2 else ""
    if folded in ROMAN:
        return ROMAN[folded]
    if toned in _PLACES:
        return toned
    return _TONED_WORDS.get(toned, "") or ("" if marked else _BARE_WORDS.get(folded, ""))


def _alone(folded: str, last: bool) -> str:
    """Give the number a word says without being announced."""
    if folded[0].isdecimal():
        return plain(folded) if folded.isdecimal() else ""
    return _CLEAR_ROMAN.get(folded, "") or (_LAST_ROMAN.get(folded, "") if last else "")
