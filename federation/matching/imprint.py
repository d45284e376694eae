"""Edition, publisher, extent and identifiers as matching reads them.

In: texts of a bib as stated. Out: what can be compared: the number of an edition and of a printing, names of
publishers by table, pages, numbers of standards, ISBNs without those of whole sets. ISBD areas 2, 4, 5; ISO 2108.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final, NamedTuple

from federation.matching.numbers import Words, counted
from federation.matching.wording import bare_text
from schemas.bib import Agent, Identifier
from schemas.maps import place, publisher
from schemas.maps.tables import plain, rows

#: Tái bản lần thứ 7, In lần thứ 3, 2nd printing: a printing, counted in its own way
_PRINTING: Final = re.compile(r"\b(?:tai ban|in lan|in lai|reprint|reprinted|printing|impression)\b")
_DIGITAL: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|e|a)?")
_ORDINAL_WORDS: Final = "first second third fourth fifth sixth seventh eighth ninth tenth"
_ORDINALS: Final = {word: str(number) for number, word in enumerate(_ORDINAL_WORDS.split(), 1)}
#: counts in a row before the word for pages: "234, [6] s.", "345, xii p."
_PAGES: Final = re.compile(
    r"(\d+(?:[\])]?,\s?[\[(]?(?:\d+|[ivxlc]+))*)[\])]?\s?(?:unnumbered )?"
    r"(?:p\b|tr|s\b|sivua|pages?|lea(?:f|ves)|стр|с\b)",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d+")
_VOLUMES: Final = re.compile(r"(\d+)\s?(?:v\b|vol|tập|t\.|q\.|quyển|cuốn|bd)", re.IGNORECASE)
_FIRM_WORDS: Final = """
publishing publishers publisher publications press inc company books book verlag sons son and pub house ltd corp
corporation group editions edition editore editrice tnhh cie und
"""
_FIRM: Final = frozenset(_FIRM_WORDS.split())
_COMPANY: Final = re.compile(r"^(?:the|cong t[iy] (?:co phan|tnhh)?|nha xuat ban)\s+")
#: what some systems write where no publisher is stated: their own name
_SYSTEM: Final = re.compile(r"\blibrary system\b")
_AGENCY: Final = re.compile(r"(?:sở|bộ|cục|ban|ủy ban|uỷ ban)\s", re.IGNORECASE)
_TOGETHER: Final = re.compile(r"\s*[;:/]\s*")
_BEHIND: Final = re.compile(r"\b(?:t|q|v|tap|quyen|vol|p)\s?(\d{1,2})\b")
_SET: Final = re.compile(r"\b(?:bo|tron bo|set|bo sach|ca bo|complete)\b")
STANDARD: Final = re.compile(
    r"(?<![^\W\d_])(TCVN|QCVN|TCXDVN|TCXD|TCN|TCCS|ISO|IEC|ASTM|DIN|GOST)\s*[-:/]?\s*"
    r"((?:[A-Z]\s?)?\d+[A-Z]?(?:\s?[.-]\s?[A-Z]?\d{1,2}[A-Z]?(?!\d))*)(?:\s*[-:]\s*((?:19|20)\d\d|\d\d))?(?!\d)"
)
#: a title that begins so is the number of a standard; one with ISO 9000 in it may be a book about it
_NATIONAL: Final = re.compile(r"(?:TCVN|QCVN|TCXDVN|TCXD|TCN|TCCS)\s?\d")
#: a book to listen to, for people who cannot read print; whether it is one is told in many places
DAISY: Final = "file daisy"
#: what a recording, file or score is, and of which make: two makes of one kind are two publications
_CARRIERS: Final = {
    **{"cd": "disc cd", "lp": "disc lp", "sound disc": "disc", "audio disc": "disc", "đĩa than": "disc lp"},
    **{
        "cassette": "tape",
        "sound cassette": "tape",
        "audiocassette": "tape",
        "băng từ": "tape",
        "băng cát xét": "tape",
    },
    **{
        "dvd": "video dvd",
        "vcd": "video vcd",
        "blu-ray": "video bluray",
        "videodisc": "video",
        "videocassette": "video",
    },
    **{
        "äänilevy": "disc lp",
        "äänilevyä": "disc lp",
        "ljudskiva": "disc lp",
        "ljudskivor": "disc lp",
        "grammofonskiva": "disc lp",
        "đĩa hát": "disc lp",
        "kasetti": "tape",
        "kassett": "tape",
        "kelanauha": "tape reel",
        "videokasetti": "video vhs",
        "videokassett": "video vhs",
    },
    **{
        "daisy": DAISY,
        "pdf": "file pdf",
        "epub": "file epub",
        "mp3": "file mp3",
        "score": "score",
        "of music": "score",
    },
}
_CARRIER: Final = re.compile(
    rf"(?<![\w-])(?=[{''.join(sorted({word[0] for word in _CARRIERS}))}])"
    rf"({'|'.join(sorted(_CARRIERS, key=len, reverse=True))})s?(?=\b|-)"
)
_SHORT_YEAR: Final = re.compile(r"-([6-9]\d)$")
_DECADE: Final = re.compile(r"(?<![0-9])(1[4-9][0-9]|20[0-9])(?![0-9])")
_CENTURY: Final = 1900


class Printing(NamedTuple):
    """The number of the edition, and of the printing."""

    edition: str = ""
    printing: str = ""


def printing(statement: Words, marked: bool) -> Printing:
    """Read an edition statement, given in words."""
    if not statement:
        return Printing()
    number = _ordinal(statement, marked)
    if _PRINTING.search(bare_text(statement)):
        return Printing("", number)
    return Printing(number, "")


def _ordinal(statement: Words, marked: bool) -> str:
    """Give the first number: in digits anywhere, in words behind "thứ" or "lần", or an English ordinal."""
    before = ""
    for toned, bare in statement:
        if found := _DIGITAL.fullmatch(bare):
            return found[1]
        if before in ("thu", "lan") or bare in _ORDINALS:
            number = counted(toned, bare, marked) or _ORDINALS.get(bare, "")
            if number:
                return number
        before = bare
    return ""


@lru_cache(maxsize=8_192)
def publishers(text: str) -> tuple[str, ...]:
    """Give the publishers named in a text, by the table, in plain words; firms that only sell only where alone."""
    pieces = [text] if _whole(text) else _TOGETHER.split(text)
    named = {_firm(publisher(one)) for piece in pieces for one in _apart(piece)} - _FIRM - {""}
    official = named - _partners()
    return tuple(sorted(official or named))


def _apart(text: str) -> list[str]:
    # A comma parts two houses, or is in the name of one: Sở Văn hóa, Thể thao và Du lịch.
    pieces = text.split(", ")
    if len(pieces) < 2 or not any(map(_whole, pieces)):
        return [text]
    one = " và " in pieces[-1] and (_AGENCY.match(text) or not _whole(pieces[-1]))
    return [text] if one else pieces


def _whole(text: str) -> bool:
    """Tell whether the table knows the text as one name, whatever marks stand in it."""
    return publisher(text) in _names()


@cache
def _names() -> frozenset[str]:
    return frozenset(row["name"] for row in rows("publishers"))


@cache
def _partners() -> frozenset[str]:
    return frozenset(_firm(row["name"]) for row in rows("publishers") if row["kind"] == "partner")


def is_partner(name: str) -> bool:
    """Tell whether a name is of a firm that brings out books under another publisher's licence."""
    return name in _partners()


@cache
def _known() -> frozenset[str]:
    return frozenset(map(_firm, _names()))


def is_known(name: str) -> bool:
    """Tell whether the table of publishers has this name."""
    return name in _known()


def _firm(name: str) -> str:
    words = _COMPANY.sub("", plain(name)).split()
    if _SYSTEM.search(" ".join(words)):
        return ""
    return " ".join([word for word in words if word not in _FIRM]) or " ".join(words)


@lru_cache(maxsize=4_096)
def places(text: str) -> tuple[str, ...]:
    """Give the places named in a text, by the table."""
    return tuple(sorted({found for one in re.split(r"\s*;\s*", text) if (found := plain(place(one)))})) if text else ()


@lru_cache(maxsize=8_192)
def extent(text: str) -> tuple[int, int]:
    """Give the pages and the volumes an extent says; 0 where it does not."""
    pages = [int(number) for run in _PAGES.findall(text) for number in _NUMBER.findall(run) if len(number) < 6]
    if not pages and text:
        pages = [int(number) for number in _NUMBER.findall(text.partition(":")[0]) if len(number) in (2, 3)]
    volumes = [int(number) for number in _VOLUMES.findall(text) if len(number) < 4]
    return max(pages, default=0), max(volumes, default=0)


@lru_cache(maxsize=1_024)
def _qualifier(text: str) -> str:
    return plain(text)


def isbns(identifiers: Iterable[Identifier]) -> tuple[str, ...]:
    """Give the valid ISBNs that are not of a whole set."""
    found = [
        one.value
        for one in identifiers
        if one.scheme == "isbn" and one.valid and not (one.qualifier and _SET.search(_qualifier(one.qualifier)))
    ]
    return tuple(sorted(set(found))) if len(found) > 1 else tuple(found)


@lru_cache(maxsize=4_096)
def carriers(text: str) -> tuple[str, ...]:
    """Give what an extent or a qualifier says a recording or file is: "disc cd", "disc", "file pdf", "score"."""
    return tuple(sorted({_CARRIERS[word] for word in _CARRIER.findall(text.lower())}))


def standards(title: str, agents: Iterable[Agent]) -> tuple[tuple[str, ...], int]:
    """Give the numbers of standards in the title or among the authors, and the year of the first; 0 where none."""
    texts = [agent.name for agent in agents if STANDARD.match(agent.name)]
    if _NATIONAL.match(title):
        texts.append(title)
    if not texts:
        return (), 0
    found = [match for text in texts for match in STANDARD.findall(text)]
    if not found:
        return (), 0
    read = [_standard(*one) for one in found]
    return tuple(sorted({number for number, _ in read})), next((year for _, year in read if year), 0)


def _standard(body: str, number: str, year: str) -> tuple[str, int]:
    """Give the number of a standard without blanks, and its year, which old ones write with two digits (4872-89)."""
    number = number.replace(" ", "").upper()
    if not year and (found := _SHORT_YEAR.search(number)):
        number, year = number[: found.start()], found[1]
    return f"{body} {number}", 0 if not year else int(year) if len(year) > 2 else _CENTURY + int(year)


def volumes_of(identifiers: Iterable[Identifier]) -> tuple[str, ...]:
    """Give the numbers of volumes that stand behind ISBNs only: "q.1", "(T. 2)"."""
    return tuple(
        sorted(
            {number for one in identifiers if one.qualifier for number in _BEHIND.findall(_qualifier(one.qualifier))}
        )
    )


def decade_of(date: str) -> int:
    """Give the decade of a date that names no year ("199", "[199-?]"), or 0."""
    found = _DECADE.search(date)
    return int(found[1]) if found else 0
