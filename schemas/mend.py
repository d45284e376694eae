"""Named repairs of XML that is not well-formed, on its bytes and before any parser sees them.

In: bytes in an encoding whose markup is ASCII. Out: the same bytes with what XML 1.0 forbids left out and stray & and <
written as they were meant, and how often each repair was made, by its code of `schemas.issues.CODES`. Comments and
CDATA keep their & and <. Standard: XML 1.0, 2.2 (characters), 4.1 (references).
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html.entities import html5
from typing import Final

CONTROLS: Final = "xml-control-characters"
SURROGATES: Final = "xml-surrogates"
ENTITIES: Final = "xml-entities"
UNESCAPED: Final = "xml-unescaped"
UNDECODABLE: Final = "encoding-undecodable"
#: repairs that take nothing away: two texts that differ differ after them too
LOSSLESS: Final = frozenset({ENTITIES, UNESCAPED})

_ASIDE: Final = rb"(?P<aside><!\[CDATA\[.*?\]\]>|<!--.*?-->)|"
_FAULT: Final = (
    rb"(?P<decimal>&#\d{1,9};)|(?P<hex>&#[xX][0-9A-Fa-f]{1,8};)|(?P<named>&[A-Za-z][A-Za-z0-9]{1,31};)"
    rb"|(?P<stray>&)|(?P<less><(?![A-Za-z_/!?:\x80-\xff]))"
)
_FAULTS: Final = re.compile(_ASIDE + _FAULT, re.DOTALL)
_FAULTS_ANYWHERE: Final = re.compile(_FAULT)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: halves of UTF-16 pairs that somebody wrote as if they were characters, and the two code points that are none
_HALF: Final = re.compile(rb"(?P<pair>\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf])|\xed[\xa0-\xbf][\x80-\xbf]")
_NONE: Final = re.compile(rb"\xef\xbf[\xbe\xbf]")
_PAIR: Final = re.compile(
    rb"&#(?:[xX]([dD][89aAbB][0-9A-Fa-f]{2})|(\d{5}));&#(?:[xX]([dD][c-fC-F][0-9A-Fa-f]{2})|(\d{5}));"
)
_OF_XML: Final = frozenset((b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&apos;"))
_ASIDE_ENDS: Final = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"))


@dataclass(frozen=True, slots=True)
class Mended:
    """The bytes after all repairs, and how often each was made."""

    content: bytes
    counts: Mapping[str, int]


def mend(content: bytes, utf8: bool = True) -> Mended:
    """Make every repair; `utf8`: the bytes should be UTF-8, and those that are not become U+FFFD."""
    counts: Counter[str] = Counter()
    content, controls = _CONTROL.subn(b"", content)
    counts[CONTROLS] += controls
    if utf8:
        content = _decodable(content, counts)
    content = _PAIR.sub(lambda found: _joined(found, counts), content)
    if b"&" in content or b"<" in content:
        content = _faults(content).sub(lambda found: _written(found, counts), content)
    return Mended(content, {code: count for code, count in counts.items() if count})


def _faults(content: bytes) -> re.Pattern[bytes]:
    """Give the pattern to look for. Where a comment never ends, its end is not looked for again and again."""
    endless = any(content.rfind(begin) > content.rfind(end) for begin, end in _ASIDE_ENDS)
    return _FAULTS_ANYWHERE if endless else _FAULTS


def _decodable(content: bytes, counts: Counter[str]) -> bytes:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        content = _HALF.sub(lambda found: _whole(found, counts), content)
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("utf-8", "replace")
            counts[UNDECODABLE] += text.count("\ufffd") - content.count(b"\xef\xbf\xbd")
            content = text.encode()
    content, nones = _NONE.subn(b"", content)
    counts[CONTROLS] += nones
    return content


def _whole(found: re.Match[bytes], counts: Counter[str]) -> bytes:
    counts[SURROGATES] += 1
    if not found["pair"]:
        return b""
    return found[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _joined(found: re.Match[bytes], counts: Counter[str]) -> bytes:
    """Make one character of two references that are the halves of one."""
    high, low = (int(found[i], 16) if found[i] else int(found[i + 1]) for i in (1, 3))
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return found[0]
    counts[SURROGATES] += 1
    return b"&#%d;" % (0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)


def _written(found: re.Match[bytes], counts: Counter[str]) -> bytes:
    kind, said = found.lastgroup, found[0]
    if kind == "aside":
        return said
    if kind in ("decimal", "hex"):
        return _numbered(said, int(said[2:-1]) if kind == "decimal" else int(said[3:-1], 16), counts)
    if kind == "named":
        return _named(said, counts)
    counts[UNESCAPED] += 1
    return b"&amp;" if kind == "stray" else b"&lt;"


def _numbered(said: bytes, code: int, counts: Counter[str]) -> bytes:
    if code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000:
        return said
    counts[SURROGATES if 0xD800 <= code < 0xE000 else CONTROLS] += 1
    return b""


def _named(said: bytes, counts: Counter[str]) -> bytes:
    if said in _OF_XML:
        return said
    known = html5.get(said[1:].decode("ascii"))
    counts[ENTITIES if known else UNESCAPED] += 1
    # As numbers, which mean the same in every encoding.
    return b"".join(b"&#%d;" % ord(letter) for letter in known) if known else b"&amp;" + said[1:]
