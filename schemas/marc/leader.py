"""The leader: 24 characters that say what kind of record it is; lengths and character set belong to the transport.

In: a leader as received. Out: a leader of 24 characters with lengths zeroed and 09 = a (our text is Unicode), and on
request one whose every position has a legal value (MARC 21 Leader; MARC21slim.xsd), with the positions changed.
"""

from typing import Final

from schemas.marc.record import BLANK_LEADER

_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")
_BIBLIOGRAPHIC: Final = frozenset("acdefgijkmoprtbhn")
_TYPES: Final = _BIBLIOGRAPHIC | frozenset("uvxyzwq")
_LEVELS: Final = frozenset("abcdims")
_STATES: Final = frozenset("acdnposx")


def settled(received: str) -> str:
    """Cut or fill to 24 characters, with both lengths zeroed and 09 = a."""
    text = received[:24].ljust(24)
    return f"00000{text[5:9]}a{text[10:12]}00000{text[17:]}"


def legal(leader: str) -> tuple[str, str]:
    """Give every position a legal value; with it the places changed, such as `LDR/05,06`, or an empty string."""
    wanted, changed = list(settled(leader)), []
    for place in (5, 6, 7, 8, 10, 11, 17, 18, 19, 20, 21, 22, 23):
        if not _allowed(wanted, place):
            wanted[place] = _default(wanted, place)
            changed.append(f"{place:02}")
    return "".join(wanted), "LDR/" + ",".join(changed) if changed else ""


def _allowed(leader: list[str], place: int) -> bool:
    character = leader[place]
    if place == 5:
        return character in _STATES
    if place == 6:
        return character in _TYPES
    if place == 7 and leader[6] in _BIBLIOGRAPHIC:
        return character in _LEVELS
    if place in {10, 11} or place >= 20:
        return character == BLANK_LEADER[place]
    return character in _LETTERS


def _default(leader: list[str], place: int) -> str:
    if place == 7 and leader[6] not in _BIBLIOGRAPHIC:
        return " "
    return BLANK_LEADER[place]
