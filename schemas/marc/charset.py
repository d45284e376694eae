"""Which character set a record is in, decided by its bytes; leader/09 is only compared, because it lies too often.

In: the bytes of one record, and the same cut at its field terminators. Out: text for each cut and the issues earned.
UTF-8 when the bytes are valid UTF-8, field by field; what is not: UTF-8 with damage, MARC-8, or else Windows-1252,
whichever the bytes support. Text in an old Vietnamese encoding is read as Windows-1252, which keeps every byte, and is
made readable by `misread`. MARC 21 Specifications, Character Sets.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from schemas.issues import Issue, issue
from schemas.marc import marc8
from schemas.vietnamese import legacy

# Measured on real records: MARC-8 stays above, Latin-1 French and the Vietnamese legacy codes stay below.
_ENOUGH: Final = 0.6
# Among short records there are some in the old Vietnamese encodings up to here; nearly all MARC-8 is above.
_BEYOND_DOUBT: Final = 0.85
_SEQUENCE: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|(?P<stray>[\x80-\xff])"
)
_WINDOWS_1252: Final = {
    byte: text for byte in range(0x80, 0xA0) if (text := bytes([byte]).decode("cp1252", "ignore")) != ""
}


class Texts(NamedTuple):
    """The text of each piece, the issues earned, and the places of those read as Windows-1252 for want of better."""

    texts: list[str]
    issues: list[Issue]
    guessed: tuple[int, ...] = ()


def texts(content: bytes, pieces: Sequence[bytes], said: str = "") -> Texts:
    """Decode `pieces` (`content` cut at its field terminators); the first piece holds the leader.

    `said` is the encoding that the source says it writes, or empty; text that is UTF-8 is UTF-8 all the same.
    """
    labelled = content[9:10] == b"a"
    if content.isascii():
        if not _only_marc8(content, labelled):
            return Texts(content.decode("ascii").split("\x1e"), [])
    else:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            return _mixed(pieces, labelled, said)
        return Texts(text.split("\x1e"), [] if labelled else [_mislabelled("", "UTF-8")])
    return _mixed(pieces, labelled, said)


def _only_marc8(ascii_content: bytes, labelled: bool) -> bool:
    return b"\x1b" in ascii_content or (not labelled and b"&#x" in ascii_content)


def _mislabelled(label: str, found: str) -> Issue:
    return issue("encoding-mislabelled", "LDR/09", f"{label or 'blank'}, but {found}")


def _mixed(pieces: Sequence[bytes], labelled: bool, said: str) -> Texts:
    """Decode field by field: UTF-8 where a field is, one other character set for all the rest."""
    # What leader and directory hold besides ASCII is damage and says nothing about the text.
    out = [pieces[0].decode("latin-1")] if len(pieces) > 1 else []
    foreign: list[int] = []
    unicode_seen = False
    for place, piece in enumerate(pieces[len(out) :], len(out)):
        decoded = None if piece.isascii() and _only_marc8(piece, labelled) else _utf8(piece)
        if decoded is None:
            foreign.append(place)
        else:
            unicode_seen = unicode_seen or not piece.isascii()
        out.append(decoded or "")
    contents = [pieces[place] for place in foreign]
    name = _named(contents, said)
    lost = 0
    for place, content in zip(foreign, contents, strict=True):
        out[place], unknown = _READERS[name](content)
        lost += unknown
    return Texts(out, _findings(name, lost, labelled, unicode_seen), tuple(foreign) if name == _WINDOWS else ())


def _utf8(piece: bytes) -> str | None:
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _named(contents: list[bytes], said: str) -> str:
    """Say in which character set the fields are that are no UTF-8."""
    if not contents:
        return _UTF8
    if said in _SAID:
        return _SAID[said]
    together = b"\x1e".join(contents)
    strays = [found["stray"] is not None for found in _SEQUENCE.finditer(together)]
    if not strays:
        return _MARC8
    if strays.count(True) * 2 <= len(strays):
        return _DAMAGED
    likeness = marc8.likeness(together)
    if likeness >= _BEYOND_DOUBT or (likeness >= _ENOUGH and not legacy.may_be_old(_subfields(contents))):
        return _MARC8
    return _WINDOWS


def _subfields(contents: list[bytes]) -> list[str]:
    """Give the values of data fields, without indicators and codes."""
    return [part[1:] for content in contents for part in _windows(content).split("\x1f")[1:]]


def _windows(content: bytes) -> str:
    return content.decode("latin-1").translate(_WINDOWS_1252)


def _damaged(content: bytes) -> tuple[str, int]:
    return content.decode("utf-8", "replace"), sum(found["stray"] is not None for found in _SEQUENCE.finditer(content))


_UTF8, _DAMAGED, _MARC8, _WINDOWS = "UTF-8", "damaged UTF-8", "MARC-8", "Windows-1252"
_READERS: Final[dict[str, Callable[[bytes], tuple[str, int]]]] = {
    _DAMAGED: _damaged,
    _MARC8: marc8.decode,
    _WINDOWS: lambda content: (_windows(content), 0),
}
_SAID: Final = {
    **dict.fromkeys(legacy.OLD, _WINDOWS),
    "utf-8": _DAMAGED,
    "marc-8": _MARC8,
    "windows-1252": _WINDOWS,
}


def _findings(name: str, lost: int, labelled: bool, unicode_seen: bool) -> list[Issue]:
    found: list[Issue] = []
    if name == "Windows-1252":
        found.append(issue("encoding-guessed", "record", name))
    elif name == "MARC-8" and (labelled or unicode_seen):
        found.append(_mislabelled("a" if labelled else "", "MARC-8 and UTF-8" if unicode_seen else name))
    elif name == "damaged UTF-8" and not labelled:
        found.append(_mislabelled("", name))
    if lost:
        found.append(issue("encoding-undecodable", "record", f"{lost} in {name}"))
    return found
