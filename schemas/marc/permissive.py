"""The second reader: fields of a broken ISO 2709 record by their terminators, their tags by the directory.

In: the bytes of one record whose leader, lengths or directory are not right. Out: the same record cut into pieces that
pair with tags, and what was wrong. Numbers are used only where they agree with the terminators. Where tags and fields
cannot be paired, `DecodeError`: nothing is guessed about what a field is.
"""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from schemas.errors import DecodeError
from schemas.issues import CODES

_ENTRIES: Final = re.compile(rb"(?:[0-9A-Za-z ]{3}[0-9]{9})+")
_LEADER: Final = re.compile(rb"[0-9 ]{5}[ -~]{7}[0-9 ]{5}")
_TAG: Final = re.compile(rb"[0-9A-Za-z]{3}")


class _Entry(NamedTuple):
    """One directory entry; length and offset are -1 where they are not numbers."""

    tag: str
    length: int
    offset: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Leader, field texts, an end; a tag for each field; what was wrong, empty when only the order was unusual."""

    pieces: list[bytes]
    tags: list[str]
    fault: str


def layout(content: bytes) -> Layout:
    """Pair the fields of `content` with the tags of its directory; raises `DecodeError` when they do not pair."""
    content = _trimmed(content)
    pieces = content.split(b"\x1e")
    ended = content.endswith(b"\x1d")
    fields, open_end = _fields(pieces)
    leader, entries, rest = _head(pieces[0], fields)
    if fields and rest and len(entries) == len(fields) + 1:
        # The terminator between directory and first field is missing.
        fields.insert(0, rest)
    if not entries:
        raise _failure("structure-unreadable" if ended or not _LEADER.match(content) else "truncated", content)
    paired = _pair(entries, fields)
    if paired is None:
        cut = not ended and len(fields) <= len(entries)
        raise _failure("truncated" if cut else "structure-unreadable", content)
    if open_end and not ended and len(paired[-1][1]) + 1 < paired[-1][0].length:
        raise _failure("truncated", content)
    sound = not open_end and len(paired) == len(fields) and _sound(content, pieces[0], paired)
    fault = "" if sound else _fault(content, pieces[0], ended)
    return Layout([leader, *(text for _, text in paired), b""], [entry.tag for entry, _ in paired], fault)


def _trimmed(content: bytes) -> bytes:
    """Leave out separators around the record; blanks in front stay, a length may have been written with them."""
    inner = content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x00\t\n\r\x1a")
    shorter = inner.rstrip(b"\x00\t\n\r \x1a")
    return shorter if shorter.endswith(b"\x1d") else inner


def _failure(code: str, content: bytes) -> DecodeError:
    return DecodeError(code, f"{CODES[code][1]}: {len(content)} bytes, {content[:60]!r}", "record")


def _head(head: bytes, fields: list[bytes]) -> tuple[bytes, list[_Entry], bytes]:
    """Cut what stands before the first terminator into leader, directory entries and what is neither."""
    overlong = _overlong(head, fields)
    if overlong:
        return head[:24], overlong, b""
    starts = (24, 23, 25, 22, 26, 21, 27, 20, 28, 19)
    found = {start: directory for start in starts if (directory := _ENTRIES.match(head, start))}
    if found:
        whole = 24 in found and found[24].end() == len(head)
        start = 24 if whole else max(found, key=lambda start: _agreeing(found[start][0], fields))
        leader = head[:start] if head[10:12] == b"22" else head[:start].rjust(24)
        return leader, _numbered(found[start][0]), head[found[start].end() :]
    tags = [head[place : place + 3] for place in range(24, len(head) - 11, 12)]
    if not _LEADER.match(head) or not all(map(_TAG.fullmatch, tags)):
        return head[:24], [], b""
    return head[:24], [_Entry(tag.decode("ascii"), -1, -1) for tag in tags], b""


def _overlong(head: bytes, fields: list[bytes]) -> list[_Entry]:
    """Read a directory whose numbers outgrew their places, as careless writers leave it; else an empty list."""
    place, offset, entries = 24, 0, []
    for field in fields:
        numbers = b"%04d%05d" % (len(field) + 1, offset)
        tag = head[place : place + 3]
        place += 3 + len(numbers)
        if head[place - len(numbers) : place] != numbers or not _TAG.fullmatch(tag):
            return []
        entries.append(_Entry(tag.decode("ascii"), len(field) + 1, offset))
        offset += len(field) + 1
    return entries if place == len(head) else []


def _agreeing(directory: bytes, fields: list[bytes]) -> int:
    """How many lengths fit: tells where the directory begins when the leader is not 24 bytes long."""
    return sum(entry.length == len(field) + 1 for entry, field in zip(_numbered(directory), fields, strict=False))


def _numbered(directory: bytes) -> list[_Entry]:
    text = directory.decode("ascii")
    cuts = [text[place : place + 12] for place in range(0, len(text), 12)]
    return [_Entry(cut[:3], int(cut[3:7]), int(cut[7:])) for cut in cuts]


def _fields(pieces: list[bytes]) -> tuple[list[bytes], bool]:
    """Give the field texts, and whether the last one lacks its terminator."""
    tail = pieces[-1].rstrip(b"\x1d") if len(pieces) > 1 else b""
    open_end = bool(tail.strip())
    return pieces[1:-1] + ([tail] if open_end else []), open_end


def _pair(entries: list[_Entry], fields: list[bytes]) -> list[tuple[_Entry, bytes]] | None:
    if not fields:
        return None
    if len(entries) == len(fields):
        return _in_order(entries, fields)
    kept = [entry for entry in entries if entry.length != 0]
    if len(kept) == len(fields):
        return _in_order(kept, fields)
    return _by_length(kept, fields)


def _in_order(entries: list[_Entry], fields: list[bytes]) -> list[tuple[_Entry, bytes]]:
    """Pair in the order of the directory, or of its offsets where these are true for every field."""
    order = sorted(range(len(entries)), key=lambda place: entries[place].offset)
    offset = 0
    for place, field in zip(order, fields, strict=True):
        if entries[place].offset != offset or entries[place].length != len(field) + 1:
            return list(zip(entries, fields, strict=True))
        offset += len(field) + 1
    texts = dict(zip(order, fields, strict=True))
    return [(entry, texts[place]) for place, entry in enumerate(entries)]


def _by_length(entries: list[_Entry], fields: list[bytes]) -> list[tuple[_Entry, bytes]] | None:
    """Pair by the lengths of the directory where a terminator is missing between two fields or stands inside one."""
    waiting, paired = list(reversed(fields)), []
    for place, entry in enumerate(entries):
        if not waiting:
            return None
        text = waiting.pop()
        while len(text) + 1 < entry.length and waiting and len(text) + 2 + len(waiting[-1]) <= entry.length:
            text += b" " + waiting.pop()
        if len(text) >= entry.length > 0 and len(entries) - place - 1 > len(waiting):
            waiting.append(text[entry.length - 1 :].lstrip(b"\x1d"))
            text = text[: entry.length - 1]
        if len(text) + 1 != entry.length:
            return None
        paired.append((entry, text))
    return None if waiting else paired


def _sound(content: bytes, head: bytes, paired: list[tuple[_Entry, bytes]]) -> bool:
    """Tell whether all numbers are right, and only the order of the fields differs from the directory's."""
    numbers = content[:5] == b"%05d" % len(content) and content[12:17] == b"%05d" % (len(head) + 1)
    sizes = all(entry.length == len(text) + 1 for entry, text in paired)
    ends = sorted(entry.offset + entry.length for entry, _ in paired)
    starts = sorted(entry.offset for entry, _ in paired)
    return numbers and sizes and starts[0] == 0 and starts[1:] == ends[:-1]


def _fault(content: bytes, head: bytes, ended: bool) -> str:
    """Say what is wrong, for a librarian who wants to show it to the vendor."""
    faults = []
    if content[:5] != b"%05d" % len(content):
        faults.append(f"record length {content[:5].decode('latin-1')}, {len(content)} bytes found")
    if content[12:17] != b"%05d" % (len(head) + 1):
        faults.append(f"base address {content[12:17].decode('latin-1')}, fields begin at {len(head) + 1}")
    if not ended:
        faults.append("no record terminator")
    return "; ".join(faults) or "directory does not fit the fields"
