"""ISBD punctuation of MARC texts: taking away the marks that only divide one element from the next.

In: the text of a subfield, or a whole description typed into one. Out: the text without the marks of ISBD at its end,
or its parts. A final period stays where it belongs to the word: initials ("A. V."), abbreviations ("Jr.", "Nxb."),
words with a period inside ("U.S.") and dots of omission. ISBD consolidated edition, A.3 (punctuation).
"""

import re
from typing import Final, NamedTuple

#: U+200B: a blank of no width, left behind by copying from web pages.
_MARKS: Final = " ,:;/=\u200b"
_CLOSING: Final = ")]}"
_LAST_WORD: Final = re.compile(r"[^\s(\[,;:/\-–]*$")
#: Shortest element that may stand beside an inner " = " or " / ", so that "E = mc2" and "A / B" stay whole.
_SHORTEST: Final = 4

_SHORTENED: Final = """
jr sr dr mr mrs ms st prof rev hon capt col gen lt sgt messrs bp abp pub qué inc co corp ltd cie bros dept div assoc
assn univ soc inst govt gmbh pty plc etc al ed eds enl vol vols no nos ser pt pts bk fasc suppl approx ca cf vs fl esp
incl p pp v ill illus port ports diagr diagrs facsim facsims fold min sec hr hrs mus print jan feb mar apr jun jul aug
sept oct nov dec ala ariz ark calif colo conn del fla ga ind kan ky la md mass mich minn miss mo mont neb nev okla pa
tenn tex va vt wash wis wyo ont que nxb nxbgd tp ths ts pgs gs bs ks tr tb tt chb cb
"""
_ABBREVIATIONS: Final = frozenset(_SHORTENED.split())


class Statement(NamedTuple):
    """A description typed as one text, taken apart: title, remainder, responsibility and the parallel titles."""

    main: str
    remainder: str
    responsibility: str
    parallels: tuple[str, ...]


def _period_ends_element(text: str, initials: bool) -> bool:
    before = text[-2:-1]
    if before == ".":
        return False
    if before in _CLOSING or before.isdigit():
        return True
    word = text[text.rfind(" ") + 1 : -1]
    if not word.isalpha():
        found = _LAST_WORD.search(text, 0, len(text) - 1)
        word = found.group() if found else ""
    if "." in word or (initials and len(word) == 1):
        return False
    return word.casefold() not in _ABBREVIATIONS


def trimmed(text: str, initials: bool = True) -> str:
    """Take blanks and dividing marks (and a period that ends the element) from the end of a text.

    A single letter at the end is an initial, whose period stays; in titles it is not ("Vật lý A.").
    """
    text = text.strip()
    if not text or text[-1].isalnum():
        return text
    shorter = text.rstrip(_MARKS)
    if shorter[-1:] == "." and _period_ends_element(shorter, initials):
        shorter = shorter[:-1]
    if not shorter or shorter[-1].isalnum() or shorter == text:
        return shorter
    return trimmed(shorter, initials)


def unbracketed(text: str) -> str:
    """Take away brackets and parentheses that enclose the whole text."""
    text = text.strip()
    while len(text) > 1 and text[0] + text[-1] in ("()", "[]"):
        text = text[1:-1].strip()
    return text


def joined(texts: list[str], mark: str = " ; ", initials: bool = True) -> str:
    """Join what is left of several texts after trimming each."""
    if len(texts) == 1:
        return trimmed(texts[0], initials)
    return mark.join(kept for text in texts if (kept := trimmed(text, initials)))


def _cut(text: str, mark: str) -> tuple[str, str]:
    before, found, after = text.partition(mark)
    if found and len(before.strip()) >= _SHORTEST and len(after.strip()) >= _SHORTEST:
        return before, after
    return text, ""


def statement(text: str) -> Statement:
    """Take apart `Title = parallel : remainder / responsibility`; marks count only with a blank on both sides."""
    text, responsibility = _cut(text, " / ")
    first, others = _cut(text, " = ")
    parallels = tuple(kept for other in others.split(" = ") if (kept := trimmed(other, False)))
    main, _, remainder = first.partition(" : ")
    return Statement(trimmed(main, False), trimmed(remainder, False), trimmed(responsibility), parallels)
